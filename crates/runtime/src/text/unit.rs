//! `Unit`: a code unit of one of the three widths that text is stored in.
//!
//! Invariant: a unit is an unsigned integer and compares like the code point it holds.

/// A code unit: `u8`, `u16` or `u32`.
pub trait Unit: bytemuck::Pod + Eq + Ord + std::hash::Hash + std::fmt::Debug + Into<u32> {
    /// Largest code point that fits.
    const MAX: u32;
    /// The unit for a code point that fits.
    fn from_code(code: u32) -> Self;
    /// Position of the first `unit`.
    fn position(units: &[Self], unit: Self) -> Option<usize> {
        units.iter().position(|u| *u == unit)
    }
    /// Position of the last `unit`.
    fn last_position(units: &[Self], unit: Self) -> Option<usize> {
        units.iter().rposition(|u| *u == unit)
    }
    #[inline(always)]
    fn code(self) -> u32 {
        self.into()
    }
}

impl Unit for u8 {
    const MAX: u32 = 0xff;
    #[inline(always)]
    fn from_code(code: u32) -> u8 {
        code as u8
    }
    fn position(units: &[u8], unit: u8) -> Option<usize> {
        memchr::memchr(unit, units)
    }
    fn last_position(units: &[u8], unit: u8) -> Option<usize> {
        memchr::memrchr(unit, units)
    }
}

impl Unit for u16 {
    const MAX: u32 = 0xffff;
    #[inline(always)]
    fn from_code(code: u32) -> u16 {
        code as u16
    }
}

impl Unit for u32 {
    const MAX: u32 = 0x10_ffff;
    #[inline(always)]
    fn from_code(code: u32) -> u32 {
        code
    }
}

/// `units` in a wider (or the same) width.
pub fn widen<A: Unit, B: Unit>(units: &[A]) -> Vec<B> {
    units.iter().map(|u| B::from_code(u.code())).collect()
}

/// Three-way comparison by code point.
pub fn compare_codes<A: Unit, B: Unit>(a: &[A], b: &[B]) -> std::cmp::Ordering {
    let differing = a.iter().zip(b).find(|(x, y)| x.code() != y.code());
    match differing {
        Some((x, y)) => x.code().cmp(&y.code()),
        None => a.len().cmp(&b.len()),
    }
}
