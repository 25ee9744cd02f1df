//! How much a family of parsers has read and made: the guard against entities that expand without bound.
//!
//! Invariant: counts only grow; all parsers of a family share one account.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// Length of the shortest declaration of an external entity, which stands for input that has not been counted.
const SHORTEST_INCLUDE: u64 = 22;

/// Limits of amplification and what has been counted.
#[derive(Debug)]
pub(crate) struct Account {
    direct: AtomicU64,
    indirect: AtomicU64,
    allocated: AtomicU64,
    /// Bits of the factors, which are floats.
    factor: AtomicU32,
    allocation_factor: AtomicU32,
    threshold: AtomicU64,
    allocation_threshold: AtomicU64,
    out_of_memory: AtomicBool,
}

impl Account {
    pub(crate) fn new() -> Account {
        Account {
            direct: AtomicU64::new(0),
            indirect: AtomicU64::new(0),
            allocated: AtomicU64::new(0),
            factor: AtomicU32::new(100f32.to_bits()),
            allocation_factor: AtomicU32::new(100f32.to_bits()),
            threshold: AtomicU64::new(8 << 20),
            allocation_threshold: AtomicU64::new(64 << 20),
            out_of_memory: AtomicBool::new(false),
        }
    }

    /// Counts text of the document or of what it expands to; false if that is too much.
    #[inline]
    pub(crate) fn count(&self, bytes: usize, is_direct: bool) -> bool {
        let place = if is_direct { &self.direct } else { &self.indirect };
        place.store(place.load(Ordering::Relaxed) + bytes as u64, Ordering::Relaxed);
        let (direct, indirect) = (self.direct.load(Ordering::Relaxed), self.indirect.load(Ordering::Relaxed));
        direct + indirect < self.threshold.load(Ordering::Relaxed)
            || factor(direct, direct + indirect, indirect) <= load(&self.factor)
    }

    /// Counts memory that the document makes a parser keep.
    pub(crate) fn allocate(&self, bytes: usize) {
        let allocated = self.allocated.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let direct = self.direct.load(Ordering::Relaxed);
        if allocated >= self.allocation_threshold.load(Ordering::Relaxed)
            && factor(direct, allocated, allocated) > load(&self.allocation_factor)
        {
            self.out_of_memory.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_out_of_memory(&self) -> bool {
        self.out_of_memory.load(Ordering::Relaxed)
    }

    pub(crate) fn set_factor(&self, factor: f32) {
        self.factor.store(factor.to_bits(), Ordering::Relaxed);
    }

    pub(crate) fn set_threshold(&self, bytes: u64) {
        self.threshold.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn set_allocation_factor(&self, factor: f32) {
        self.allocation_factor.store(factor.to_bits(), Ordering::Relaxed);
    }

    pub(crate) fn set_allocation_threshold(&self, bytes: u64) {
        self.allocation_threshold.store(bytes, Ordering::Relaxed);
    }
}

fn load(place: &AtomicU32) -> f32 {
    f32::from_bits(place.load(Ordering::Relaxed))
}

/// Output for each byte of input.
fn factor(direct: u64, output: u64, without_input: u64) -> f32 {
    if direct > 0 {
        output as f32 / direct as f32
    } else {
        (SHORTEST_INCLUDE + without_input) as f32 / SHORTEST_INCLUDE as f32
    }
}
