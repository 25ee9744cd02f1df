//! The eight bytes that open every cell the collector traces or finalizes. CPython: `PyObject_HEAD` in `Include/object.h`.
//!
//! Invariant: a cell whose header word is still all zero has not been initialised; it is kept but never traced.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

/// Opens each cell of the spaces `Scan`, `Leaf` and `Final`.
///
/// `shape`, `kind` and `lock` belong to the virtual machine; the collector reads and writes `flags` (the bits named in
/// [`flag`]) and owns `gc`.
#[repr(C, align(8))]
#[derive(Debug, Default)]
pub struct Header {
    /// Index of the cell's shape in the machine's shape table.
    pub shape: AtomicU32,
    /// Selects the function that traces the cell.
    pub kind: u8,
    /// The byte lock: 0 free, 1 held, 2 held with waiters.
    pub lock: AtomicU8,
    /// See [`flag`].
    pub flags: AtomicU8,
    /// Reserved for the write barrier of a generational collector; zero until then.
    pub gc: AtomicU8,
}

/// Bits of [`Header::flags`].
pub mod flag {
    /// A weak reference to the cell exists; set by [`crate::set_weakref`], cleared when the references are.
    pub const WEAKREF: u8 = 1;
    /// The cell waits for its finalizer; set by [`crate::set_finalizer`], cleared when the finalizer is taken.
    pub const FINALIZER: u8 = 2;
    /// The cell lives as long as the process.
    pub const IMMORTAL: u8 = 4;
    /// The instance keeps its attributes in a dict; the machine's own bit.
    pub const DICT_MODE: u8 = 8;
}

impl Header {
    /// A header for a fresh cell of shape `shape` and kind `kind`.
    pub const fn new(shape: u32, kind: u8) -> Header {
        Header {
            shape: AtomicU32::new(shape),
            kind,
            lock: AtomicU8::new(0),
            flags: AtomicU8::new(0),
            gc: AtomicU8::new(0),
        }
    }

    /// A header for a static cell outside the heap.
    pub const fn immortal(shape: u32, kind: u8) -> Header {
        let mut header = Header::new(shape, kind);
        header.flags = AtomicU8::new(flag::IMMORTAL);
        header
    }

    /// Whether any of the `bits` of [`flag`] is set.
    #[inline]
    pub fn has(&self, bits: u8) -> bool {
        self.flags.load(Ordering::Relaxed) & bits != 0
    }

    /// Sets `bits`; returns whether they were all set before.
    #[inline]
    pub fn set(&self, bits: u8) -> bool {
        self.flags.fetch_or(bits, Ordering::AcqRel) & bits == bits
    }

    /// Sets `bits` of a cell that no other thread knows.
    #[inline]
    pub(crate) fn set_alone(&self, bits: u8) {
        self.flags.store(self.flags.load(Ordering::Relaxed) | bits, Ordering::Relaxed);
    }

    /// Clears `bits`; returns whether any was set before.
    #[inline]
    pub fn clear(&self, bits: u8) -> bool {
        self.flags.fetch_and(!bits, Ordering::AcqRel) & bits != 0
    }

    /// Whether nothing has been stored in the header yet.
    pub(crate) fn is_blank(&self) -> bool {
        // SAFETY: a header is eight aligned bytes that all allow atomic access; reading them as one word is only a snapshot.
        let word = unsafe { &*(self as *const Header).cast::<AtomicU64>() };
        word.load(Ordering::Relaxed) == 0
    }
}

const _: () = assert!(size_of::<Header>() == 8 && align_of::<Header>() == 8);
