//! Native modules that touch the operating system.
//!
//! Invariant: `unsafe` stands in `sys/` only; modules above it see safe functions. Nothing here knows the
//! interpreter, the pure native modules or the event loop.

pub mod errno;
pub mod io;
pub mod path;
pub mod posix;
mod sys;
pub mod thread;
pub mod time;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// The native modules of this crate, sorted by name.
pub static MODULES: &[&ModuleDef] =
    &[io::Io::DEF, errno::Errno::DEF, posix::Posix::DEF, thread::Thread::DEF, time::Time::DEF];
