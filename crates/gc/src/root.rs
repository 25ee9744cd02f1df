//! Roots outside stacks and cells: registered words that keep a cell alive from Rust's side.
//!
//! Invariant: a slot's address never changes and it stays registered for good; an empty slot is 0.

use std::fmt;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::sync::{Mutex, MutexGuard};

use crate::header::{Header, flag};
use crate::mark::Marker;
use crate::pages::PageVec;

/// All registered roots.
pub struct RootSet {
    slots: PageVec<&'static AtomicU64>,
    /// Slots of dropped [`Rooted`]s.
    spare: PageVec<&'static AtomicU64>,
    immortal: PageVec<usize>,
}

static ROOTS: Mutex<RootSet> =
    Mutex::new(RootSet { slots: PageVec::new(), spare: PageVec::new(), immortal: PageVec::new() });

impl RootSet {
    pub(crate) fn lock() -> MutexGuard<'static, RootSet> {
        crate::lock(&ROOTS)
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        for slot in self.slots.iter() {
            marker.word(slot.load(Acquire));
        }
        for &cell in self.immortal.iter() {
            marker.word(cell as u64);
        }
    }

    fn slot(&mut self) -> &'static AtomicU64 {
        const CHUNK: usize = 512;
        if self.spare.is_empty() {
            let pages = crate::pages::map(CHUNK * size_of::<AtomicU64>()).expect("memory for root slots");
            // SAFETY: a fresh mapping of zeroes that is never unmapped is a static array of atomics.
            let chunk = unsafe { std::slice::from_raw_parts(pages.cast::<AtomicU64>(), CHUNK) };
            for slot in chunk.iter().rev() {
                self.slots.push(slot);
                self.spare.push(slot);
            }
        }
        self.spare.pop().expect("a spare slot")
    }
}

/// Registers a static word as a root. Whatever it holds (a value, a cell's address, 0) is looked at in each cycle.
pub fn add_root(slot: &'static AtomicU64) {
    RootSet::lock().slots.push(slot);
}

/// Keeps `cell` alive as long as the process and says so in its flags.
pub fn set_immortal(cell: NonNull<Header>) {
    // SAFETY: the caller passes a live cell.
    if !unsafe { cell.as_ref() }.set(flag::IMMORTAL) && crate::arena::contains(cell.as_ptr() as usize) {
        RootSet::lock().immortal.push(cell.as_ptr() as usize);
    }
}

/// A word that is a root until it is dropped, wherever it is kept: the only form in which a reference may leave its
/// thread or be stored outside cells and stacks.
pub struct Rooted {
    slot: &'static AtomicU64,
}

impl Rooted {
    /// Roots `bits`: a value, or the address of or inside a cell.
    pub fn new(bits: u64) -> Rooted {
        let slot = RootSet::lock().slot();
        slot.store(bits, Release);
        Rooted { slot }
    }

    /// The rooted word.
    #[inline]
    pub fn get(&self) -> u64 {
        self.slot.load(Acquire)
    }

    /// Roots another word instead.
    #[inline]
    pub fn set(&self, bits: u64) {
        self.slot.store(bits, Release);
    }
}

impl Clone for Rooted {
    fn clone(&self) -> Rooted {
        Rooted::new(self.get())
    }
}

impl Drop for Rooted {
    fn drop(&mut self) {
        let mut roots = RootSet::lock();
        self.slot.store(0, Release);
        roots.spare.push(self.slot);
    }
}

impl fmt::Debug for Rooted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rooted({:#x})", self.get())
    }
}
