//! Attacks by configuration: `GC_STRESS=safepoint:N`, `alloc:N` or `bytes:N`, several separated by commas.
//!
//! Invariant: with stress on, a freed cell is poisoned and rests for one cycle before it is reused.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// What fills a dead cell.
pub(crate) const POISON: u8 = 0xDB;

static ON: AtomicBool = AtomicBool::new(false);
static HAS_BEEN_ON: AtomicBool = AtomicBool::new(false);
static SAFEPOINT: AtomicUsize = AtomicUsize::new(0);
static ALLOC: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static POLLS: AtomicUsize = AtomicUsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

/// How the collector is to be pressed; 0 means not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// Collect at each n-th safepoint poll.
    pub safepoint: usize,
    /// Ask for a collection at each n-th allocation.
    pub alloc: usize,
    /// Ask for a collection after each n bytes.
    pub bytes: usize,
}

impl Stress {
    /// Reads the form of the environment variable.
    pub fn parse(text: &str) -> Result<Stress, String> {
        let mut stress = Stress::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (name, number) = part.split_once(':').unwrap_or((part, "1"));
            let number = number.parse().map_err(|_| format!("GC_STRESS: not a number: {number:?}"))?;
            match name {
                "safepoint" => stress.safepoint = number,
                "alloc" => stress.alloc = number,
                "bytes" => stress.bytes = number,
                _ => return Err(format!("GC_STRESS: safepoint:N, alloc:N or bytes:N, not {part:?}")),
            }
        }
        Ok(stress)
    }
}

/// Turns stress on or off for the process.
pub fn set_stress(stress: Stress) {
    SAFEPOINT.store(stress.safepoint, Relaxed);
    ALLOC.store(stress.alloc, Relaxed);
    BYTES.store(stress.bytes, Relaxed);
    ON.store(stress != Stress::default(), Relaxed);
    HAS_BEEN_ON.fetch_or(is_on(), Relaxed);
    if polls() {
        crate::safepoint::request_all(crate::interrupt::STRESS);
    }
}

/// Follows the environment variable, if it is set.
pub(crate) fn from_environment() {
    if let Ok(text) = std::env::var("GC_STRESS") {
        match Stress::parse(&text) {
            Ok(stress) => set_stress(stress),
            Err(message) => panic!("{message}"),
        }
    }
}

/// Whether any stress is on, so that a failed check of the collector should end the process.
pub fn is_stressed() -> bool {
    is_on()
}

/// Whether any stress is on.
#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Relaxed)
}

/// Whether any stress has ever been on, so that cells may rest in quarantine.
pub(crate) fn has_been_on() -> bool {
    HAS_BEEN_ON.load(Relaxed)
}

/// Whether every poll is to enter [`crate::safepoint`].
pub(crate) fn polls() -> bool {
    SAFEPOINT.load(Relaxed) != 0
}

/// Counts a poll; whether it is one that collects.
pub(crate) fn poll() -> bool {
    nth(&POLLS, SAFEPOINT.load(Relaxed))
}

/// Counts an allocation; whether it is one that asks for a collection.
pub(crate) fn allocation(bytes: usize) -> bool {
    let by_count = nth(&ALLOCATIONS, ALLOC.load(Relaxed));
    let limit = BYTES.load(Relaxed);
    let by_bytes = limit != 0 && ALLOCATED.fetch_add(bytes, Relaxed) + bytes >= limit;
    if by_bytes {
        ALLOCATED.store(0, Relaxed);
    }
    if by_count || by_bytes {
        crate::cycle::want();
    }
    by_count || by_bytes
}

fn nth(counter: &AtomicUsize, n: usize) -> bool {
    n != 0 && (counter.fetch_add(1, Relaxed) + 1).is_multiple_of(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_forms() {
        assert_eq!(Stress::parse("safepoint:7"), Ok(Stress { safepoint: 7, ..Stress::default() }));
        assert_eq!(
            Stress::parse("alloc:3,bytes:100"),
            Ok(Stress { alloc: 3, bytes: 100, ..Stress::default() })
        );
        assert_eq!(Stress::parse(""), Ok(Stress::default()));
        assert!(Stress::parse("often").is_err());
        assert!(Stress::parse("alloc:x").is_err());
    }
}
