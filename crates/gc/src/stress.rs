//! Attacks by configuration, `GC_STRESS=PART,PART..`:
//!
//! | part | collects |
//! | --- | --- |
//! | `safepoint:N` | at each N-th poll |
//! | `site:N` | at one in N of the polls at which a place of the program is reached for the 1st, 2nd, 4th, 8th .. time |
//! | `alloc:N` | after each N-th allocation |
//! | `bytes:N` | after N bytes |
//! | `seed:S` | with distances between polls that are drawn (N on average), and other choices of `site` |
//! | `thin:M` | ever more rarely: after each M megabytes of heap and stacks scanned the distance between polls doubles |
//! | `verify:K` | with the second trace in each K-th collection only |
//! | `main` | not before the program's own code begins ([`begin_program`]) |
//!
//! `thin` makes a long program end, `site` keeps the pressure on code that has not been attacked yet.
//! Invariant: with stress on, a freed cell is poisoned and rests for one cycle before it is reused.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering::Relaxed};

/// What fills a dead cell.
pub(crate) const POISON: u8 = 0xDB;

static ON: AtomicBool = AtomicBool::new(false);
static HAS_BEEN_ON: AtomicBool = AtomicBool::new(false);
/// Whether every poll enters the collector.
static POLLED: AtomicBool = AtomicBool::new(false);
static SAFEPOINT: AtomicUsize = AtomicUsize::new(0);
static SITE: AtomicUsize = AtomicUsize::new(0);
static ALLOC: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static SEED: AtomicUsize = AtomicUsize::new(0);
static THIN: AtomicUsize = AtomicUsize::new(0);
static VERIFY: AtomicUsize = AtomicUsize::new(1);
static POLLS: AtomicUsize = AtomicUsize::new(0);
/// The poll that collects next.
static NEXT_POLL: AtomicUsize = AtomicUsize::new(0);
/// Collections that `safepoint` has asked for.
static ATTACKS: AtomicUsize = AtomicUsize::new(0);
/// Kilobytes that collections have scanned.
static SCANNED: AtomicUsize = AtomicUsize::new(0);
static CYCLES: AtomicUsize = AtomicUsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

const PLACES: usize = 1 << 16;
/// How often the places with this hash were reached, up to 255.
static VISITS: [AtomicU8; PLACES] = [const { AtomicU8::new(0) }; PLACES];

/// What is to begin with the program's own code.
static DEFERRED: Mutex<Option<Stress>> = Mutex::new(None);

/// How the collector is to be pressed; 0 means not at all. The module says what the fields do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    pub safepoint: usize,
    pub site: usize,
    pub alloc: usize,
    pub bytes: usize,
    pub seed: usize,
    pub thin: usize,
    pub verify: usize,
    pub main: bool,
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
                "site" => stress.site = number,
                "alloc" => stress.alloc = number,
                "bytes" => stress.bytes = number,
                "seed" => stress.seed = number,
                "thin" => stress.thin = number,
                "verify" => stress.verify = number,
                "main" => stress.main = true,
                _ => {
                    let known = "safepoint:N, site:N, alloc:N, bytes:N, seed:S, thin:C, verify:K or main";
                    return Err(format!("GC_STRESS: {known}, not {part:?}"));
                }
            }
        }
        Ok(stress)
    }
}

/// Turns stress on or off for the process.
pub fn set_stress(stress: Stress) {
    SAFEPOINT.store(stress.safepoint, Relaxed);
    SITE.store(stress.site, Relaxed);
    ALLOC.store(stress.alloc, Relaxed);
    BYTES.store(stress.bytes, Relaxed);
    SEED.store(stress.seed, Relaxed);
    THIN.store(stress.thin, Relaxed);
    VERIFY.store(stress.verify.max(1), Relaxed);
    NEXT_POLL.store(POLLS.load(Relaxed) + distance(), Relaxed);
    let collects = [stress.safepoint, stress.site, stress.alloc, stress.bytes] != [0; 4];
    ON.store(collects, Relaxed);
    HAS_BEEN_ON.fetch_or(collects, Relaxed);
    POLLED.store(stress.safepoint != 0 || stress.site != 0, Relaxed);
    if polls() {
        crate::safepoint::request_all(crate::interrupt::STRESS);
    }
}

/// The program's own code begins: so does what the environment has asked for from here on.
pub fn begin_program() {
    if let Some(stress) = crate::lock(&DEFERRED).take() {
        set_stress(stress);
    }
}

/// Follows the environment variable, if it is set.
pub(crate) fn from_environment() {
    if let Ok(text) = std::env::var("GC_STRESS") {
        match Stress::parse(&text) {
            Ok(stress) if stress.main => *crate::lock(&DEFERRED) = Some(stress),
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
    POLLED.load(Relaxed)
}

/// Counts a poll at a place of the program (0: unknown); whether it is one that collects.
pub(crate) fn poll(place: u64) -> bool {
    // Both count, whatever the other says.
    let by_count = SAFEPOINT.load(Relaxed) != 0 && counted();
    let by_place = SITE.load(Relaxed) != 0 && place != 0 && reached(place);
    by_count || by_place
}

/// Counts a poll; whether it is the next one of `safepoint:N`.
fn counted() -> bool {
    let now = POLLS.fetch_add(1, Relaxed) + 1;
    let next = NEXT_POLL.load(Relaxed);
    // Of several threads that come to it, one collects.
    if now < next || NEXT_POLL.compare_exchange(next, now + distance(), Relaxed, Relaxed).is_err() {
        return false;
    }
    ATTACKS.fetch_add(1, Relaxed);
    true
}

/// Polls from one collection of `safepoint:N` to the next.
fn distance() -> usize {
    let (n, seed, thin) = (SAFEPOINT.load(Relaxed), SEED.load(Relaxed), THIN.load(Relaxed));
    let attacks = ATTACKS.load(Relaxed);
    let drawn = if seed == 0 || n == 0 { n } else { 1 + mixed(seed, attacks) as usize % (2 * n - 1) };
    let doublings = (SCANNED.load(Relaxed) >> 10).checked_div(thin).unwrap_or(0).min(32);
    drawn << doublings
}

/// Counts the visit of a place; whether it is one of those at which `site:N` collects.
fn reached(place: u64) -> bool {
    let hash = mixed(place as usize, 0) as usize;
    let visits = &VISITS[hash % PLACES];
    let count = visits.load(Relaxed).saturating_add(1);
    visits.store(count, Relaxed);
    let chosen =
        mixed(hash ^ SEED.load(Relaxed), count.into()).is_multiple_of(SITE.load(Relaxed).max(1) as u64);
    count.is_power_of_two() && chosen
}

/// Two numbers as one that looks random (the finisher of SplitMix64).
fn mixed(a: usize, b: usize) -> u64 {
    let mut x = (a as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(b as u64);
    x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}

/// A collection has gone through so many bytes.
pub(crate) fn scanned(bytes: usize) {
    SCANNED.fetch_add(bytes >> 10, Relaxed);
}

/// Counts a collection; whether the second trace is to check it.
pub(crate) fn verifies() -> bool {
    is_on() && nth(&CYCLES, VERIFY.load(Relaxed))
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
        let all = "safepoint:3,site:2,seed:9,thin:500,verify:8,main";
        let want =
            Stress { safepoint: 3, site: 2, seed: 9, thin: 500, verify: 8, main: true, ..Stress::default() };
        assert_eq!(Stress::parse(all), Ok(want));
        assert!(Stress::parse("often").is_err());
        assert!(Stress::parse("alloc:x").is_err());
    }
}
