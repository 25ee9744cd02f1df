//! What a layer above sockets needs of them: the descriptor, its timeout, and calls that do not wait. TLS is such a layer.
//!
//! Invariant: nothing here waits but `wait_ready`, which does so as every call of a socket does.

use std::io;

use taipan_runtime::prelude::*;

use crate::sys::poll;
use crate::sys::socket as system;
use crate::wait::retry;

use super::Socket;

impl Socket {
    /// The descriptor, -1 once it is closed.
    pub fn descriptor(&self) -> i32 {
        self.fd()
    }

    /// The timeout in nanoseconds; 0 does not wait, -1 waits for ever.
    pub fn timeout_nanoseconds(&self) -> i64 {
        self.timeout_number()
    }
}

/// What a descriptor is to be ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Reading,
    Writing,
}

/// The monotonic clock in nanoseconds, in which deadlines are given.
pub fn now() -> i128 {
    crate::wait::now()
}

/// Takes what has arrived; `WouldBlock` where nothing has.
pub fn receive(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    system::recv(fd, buffer, libc::MSG_DONTWAIT)
}

/// Sends what there is room for; `WouldBlock` where there is none.
pub fn send(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    system::send(fd, bytes, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL)
}

/// Waits until the descriptor is ready. False when the deadline has passed.
pub fn wait_ready(
    cx: &mut Context,
    fd: i32,
    direction: Direction,
    deadline: Option<i128>,
) -> Result<io::Result<bool>> {
    let events = match direction {
        Direction::Reading => libc::POLLIN,
        Direction::Writing => libc::POLLOUT,
    };
    retry(cx, || match deadline.map(|deadline| deadline - now()) {
        Some(left) if left < 0 => Ok(false),
        left => poll::poll_one(fd, events, left),
    })
}
