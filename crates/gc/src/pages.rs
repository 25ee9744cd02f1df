//! Memory straight from the operating system: reservations, and the growable list the collector keeps its own books in.
//!
//! Invariant: nothing here calls malloc, so a collection neither waits for a malloc lock nor is seen by the auditor.

use std::io;
use std::ops::{Deref, DerefMut};
use std::ptr;

pub(crate) const PAGE: usize = 4096;

/// Maps `bytes` of zeroed private memory, or fails.
pub(crate) fn map(bytes: usize) -> io::Result<*mut u8> {
    map_at(0, bytes, libc::PROT_READ | libc::PROT_WRITE, 0)
}

/// Reserves `bytes` of address space without access; at exactly `address` unless that is 0.
pub(crate) fn reserve(address: usize, bytes: usize) -> io::Result<*mut u8> {
    let exact = if address == 0 { 0 } else { libc::MAP_FIXED_NOREPLACE };
    let start = map_at(address, bytes, libc::PROT_NONE, exact)?;
    if address != 0 && start as usize != address {
        unmap(start, bytes);
        return Err(io::ErrorKind::AddrInUse.into());
    }
    Ok(start)
}

fn map_at(address: usize, bytes: usize, protection: i32, flags: i32) -> io::Result<*mut u8> {
    let flags = flags | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: an anonymous mapping that replaces nothing (MAP_FIXED is never passed) touches no existing memory.
    let start = unsafe { libc::mmap(address as *mut libc::c_void, bytes, protection, flags, -1, 0) };
    if start == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(start.cast()) }
}

/// Makes a reserved range readable and writable.
pub(crate) fn commit(start: *mut u8, bytes: usize) -> io::Result<()> {
    // SAFETY: the caller owns the reservation; widening its protection invalidates nothing.
    let status = unsafe { libc::mprotect(start.cast(), bytes, libc::PROT_READ | libc::PROT_WRITE) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Asks for large pages in a committed range: one fault for 2 MB instead of 512, and fewer misses of the address cache.
pub(crate) fn prefer_large(start: *mut u8, bytes: usize) {
    // SAFETY: the caller owns the range; its contents stay. A system that does not know the advice does nothing.
    unsafe { libc::madvise(start.cast(), bytes, libc::MADV_HUGEPAGE) };
}

/// Gives the pages of a committed range back; they read as zero afterwards.
pub(crate) fn release(start: *mut u8, bytes: usize) {
    // SAFETY: the caller owns the range and has no live data in it.
    let status = unsafe { libc::madvise(start.cast(), bytes, libc::MADV_DONTNEED) };
    if status != 0 {
        // SAFETY: as above. Locked pages (mlockall) refuse MADV_DONTNEED, and callers rely on zeroes.
        unsafe { ptr::write_bytes(start, 0, bytes) };
    }
}

/// Ends a mapping.
pub(crate) fn unmap(start: *mut u8, bytes: usize) {
    // SAFETY: the caller owns the mapping and gives it up.
    unsafe { libc::munmap(start.cast(), bytes) };
}

/// A growable list of plain words or records in pages of its own.
pub(crate) struct PageVec<T: Copy> {
    start: *mut T,
    len: usize,
    capacity: usize,
}

// SAFETY: the list owns its pages as a Vec would own its buffer.
unsafe impl<T: Copy + Send> Send for PageVec<T> {}

impl<T: Copy> PageVec<T> {
    pub(crate) const fn new() -> PageVec<T> {
        PageVec { start: ptr::dangling_mut(), len: 0, capacity: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        if self.len == self.capacity {
            self.grow();
        }
        // SAFETY: len < capacity, so the slot lies inside the mapping.
        unsafe { self.start.add(self.len).write(item) };
        self.len += 1;
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        // SAFETY: the slot was written by push.
        Some(unsafe { self.start.add(self.len).read() })
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }

    pub(crate) fn swap_remove(&mut self, index: usize) -> T {
        let last = self.len - 1;
        self.swap(index, last);
        self.len = last;
        // SAFETY: the slot was written by push.
        unsafe { self.start.add(last).read() }
    }

    /// Keeps the items for which `keep` holds, in order.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut kept = 0;
        for index in 0..self.len {
            if keep(&self[index]) {
                self[kept] = self[index];
                kept += 1;
            }
        }
        self.len = kept;
    }

    /// Gives memory back after an unusually large use.
    pub(crate) fn shrink(&mut self) {
        if self.len == 0 && self.capacity * size_of::<T>() > 1 << 20 {
            *self = PageVec::new();
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let old = self.capacity * size_of::<T>();
        let new = (old * 2).max(PAGE);
        let moved = if old == 0 {
            map(new)
        } else {
            // SAFETY: [start, start + old) is this list's mapping; mremap keeps its contents and may move it.
            let moved = unsafe { libc::mremap(self.start.cast(), old, new, libc::MREMAP_MAYMOVE) };
            if moved == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(moved.cast()) }
        };
        let Ok(moved) = moved else {
            // The collector cannot finish a cycle without its mark stack, and nothing can be unwound from here.
            std::alloc::handle_alloc_error(
                std::alloc::Layout::from_size_align(new, PAGE).expect("a page size"),
            )
        };
        self.start = moved.cast();
        self.capacity = new / size_of::<T>();
    }
}

impl<T: Copy> Deref for PageVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: the first len items were written by push.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl<T: Copy> DerefMut for PageVec<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for deref, and the list is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.len) }
    }
}

impl<T: Copy> Drop for PageVec<T> {
    fn drop(&mut self) {
        if self.capacity != 0 {
            unmap(self.start.cast(), self.capacity * size_of::<T>());
        }
    }
}

impl<T: Copy> Default for PageVec<T> {
    fn default() -> Self {
        PageVec::new()
    }
}
