//! Native modules that touch the operating system.
//!
//! Invariant: `unsafe` stands in `sys/` only; modules above it see safe functions. Nothing here knows the
//! interpreter, the pure native modules or the event loop.

pub mod errno;
mod exception_class;
pub mod faulthandler;
pub mod fcntl;
pub mod io;
pub mod locale;
pub mod mmap;
pub mod multiprocessing;
pub mod path;
pub mod posix;
pub mod posixsubprocess;
pub mod queue;
pub mod resource;
pub mod select;
pub mod signal;
pub mod socket;
mod sys;
pub mod syslog;
pub mod termios;
pub mod thread;
pub mod time;
pub mod users;
pub mod uuid;
mod wait;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// Closes the standard streams that were closed when the process began, and says which they are. Only to be called before
/// anything is opened.
pub fn close_missing_streams() -> [bool; 3] {
    sys::streams::close_again()
}

/// The native modules of this crate, sorted by name.
pub static MODULES: &[&ModuleDef] = &[
    // tidy: sorted
    errno::Errno::DEF,
    faulthandler::Faulthandler::DEF,
    fcntl::Fcntl::DEF,
    io::Io::DEF,
    locale::Locale::DEF,
    mmap::MmapModule::DEF,
    multiprocessing::Multiprocessing::DEF,
    multiprocessing::PosixShmem::DEF,
    posix::Posix::DEF,
    posixsubprocess::PosixSubprocess::DEF,
    queue::Queue::DEF,
    resource::Resource::DEF,
    select::Select::DEF,
    signal::Signal::DEF,
    socket::SocketModule::DEF,
    syslog::Syslog::DEF,
    termios::Termios::DEF,
    thread::Thread::DEF,
    time::Time::DEF,
    users::Grp::DEF,
    users::Pwd::DEF,
    uuid::Uuid::DEF,
    // tidy: end
];
