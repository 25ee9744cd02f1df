//! Memory maps.
//!
//! Invariant: a `Map` is mapped from its creation until it is dropped; its memory is reached only through it.

use std::io;
use std::ptr::NonNull;

use super::check;

/// Mapped memory.
pub(crate) struct Map {
    start: NonNull<u8>,
    length: usize,
}

// SAFETY: mapped memory may be used from any thread; its owner is guarded.
unsafe impl Send for Map {}

/// What is mapped, and how.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    pub length: usize,
    pub protection: i32,
    pub flags: i32,
    /// -1: no file.
    pub fd: i32,
    pub offset: i64,
}

impl Map {
    pub(crate) fn new(request: Request) -> io::Result<Map> {
        let Request { length, protection, flags, fd, offset } = request;
        // SAFETY: the system chooses a free place, since no address is asked for and MAP_FIXED is taken out.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), length, protection, flags & !libc::MAP_FIXED, fd, offset)
        };
        match NonNull::new(start.cast::<u8>()) {
            Some(pointer) if start != libc::MAP_FAILED => Ok(Map { start: pointer, length }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Its content. The map must be readable.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: mapped as long as self lives. Other processes may change it, as they may with every shared map.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }

    /// Its content, to be changed. The map must be writable.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }

    /// Grows or shrinks it; it may move.
    pub(crate) fn resize(&mut self, length: usize) -> io::Result<()> {
        // SAFETY: the map as it is; nobody has its address, since a map with exported buffers is not resized.
        let moved =
            unsafe { libc::mremap(self.start.as_ptr().cast(), self.length, length, libc::MREMAP_MAYMOVE) };
        match NonNull::new(moved.cast::<u8>()) {
            Some(pointer) if moved != libc::MAP_FAILED => {
                (self.start, self.length) = (pointer, length);
                Ok(())
            }
            _ => Err(io::Error::last_os_error()),
        }
    }

    pub(crate) fn flush(&self, offset: usize, length: usize) -> io::Result<()> {
        let (start, length) = self.part(offset, length);
        // SAFETY: a part of the map.
        check(unsafe { libc::msync(start, length, libc::MS_SYNC) }.into()).map(drop)
    }

    pub(crate) fn advise(&self, offset: usize, length: usize, advice: i32) -> io::Result<()> {
        let (start, length) = self.part(offset, length);
        // SAFETY: a part of the map. Advice that drops pages leaves zeroes or the file's content.
        check(unsafe { libc::madvise(start, length, advice) }.into()).map(drop)
    }

    fn part(&self, offset: usize, length: usize) -> (*mut libc::c_void, usize) {
        let offset = offset.min(self.length);
        (self.start.as_ptr().wrapping_add(offset).cast(), length.min(self.length - offset))
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: mapped, and not used again.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
    }
}
