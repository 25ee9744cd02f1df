//! Which standard streams the process was started without. CPython: `is_valid_fd` in `Python/pylifecycle.c`.
//! Invariant: looked at before Rust's runtime, which opens `/dev/null` in the place of each of them.

use std::sync::atomic::{AtomicU8, Ordering};

/// A bit for each descriptor that was closed.
static CLOSED: AtomicU8 = AtomicU8::new(0);

extern "C" fn look() {
    for fd in 0..3 {
        // SAFETY: no memory is involved, and a number that is no descriptor is an error that is reported.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
}

// SAFETY: the section holds addresses of functions that the loader calls before `main`; `look` needs nothing that is set
// up later.
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

/// The descriptors of standard streams that were closed when the process began; they are closed again.
pub(crate) fn close_again() -> [bool; 3] {
    let closed = CLOSED.swap(0, Ordering::Relaxed);
    [0, 1, 2].map(|fd| {
        let was_closed = closed & (1 << fd) != 0;
        if was_closed {
            let _ = super::close(fd);
        }
        was_closed
    })
}
