//! Floats of two bytes, IEEE 754's half precision. CPython: `PyFloat_Pack2`, `PyFloat_Unpack2`.
//!
//! Invariant: rounding is half to even; a NaN keeps its sign and what fits of its payload.

/// The double with the value of a half.
pub fn to_f64(half: u16) -> f64 {
    let sign = if half & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(half >> 10 & 0x1f), f64::from(half & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => {
            let bits = 0x7ff0_0000_0000_0000 | u64::from(half & 0x3ff) << 42 | u64::from(half & 0x8000) << 48;
            f64::from_bits(bits)
        }
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// The nearest half; `None` when the double is too large.
pub fn from_f64(x: f64) -> Option<u16> {
    let sign = ((x.to_bits() >> 48) & 0x8000) as u16;
    if x.is_nan() {
        let fraction = ((x.to_bits() >> 42) & 0x3ff) as u16;
        return Some(sign | 0x7c00 | if fraction == 0 { 0x200 } else { fraction });
    }
    let magnitude = x.abs();
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    if magnitude >= 65520.0 {
        return None;
    }
    // Below 2^-14 the steps are 2^-24 wide; above, 2^-10 of the power of two.
    let exponent = if magnitude < 2f64.powi(-14) { -14 } else { (magnitude.to_bits() >> 52) as i32 - 1023 };
    let steps = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u32;
    let base = (exponent + 14) as u32 * 1024;
    Some(sign | (base + steps) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_trip() {
        for half in (0..=0xffffu16).filter(|h| h & 0x7c00 != 0x7c00 || h & 0x3ff == 0) {
            assert_eq!(from_f64(to_f64(half)), Some(half));
        }
        assert_eq!(from_f64(65520.0), None);
        assert_eq!(from_f64(65519.9), Some(0x7bff));
        assert_eq!(from_f64(1.0 + 1.0 / 2048.0), Some(0x3c00));
    }
}
