//! Waiting for descriptors: `select`, `poll`, `epoll`; and the calls of `fcntl`, `termios` and `syslog`.
//!
//! Invariant: memory that the system reads or writes belongs to the caller for the whole call.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

use super::check;

/// The most descriptors that `select` can name.
pub(crate) const SET_SIZE: usize = libc::FD_SETSIZE;

/// Three lists of descriptors below `SET_SIZE`; gives which of each are ready.
pub(crate) fn select(lists: [&[i32]; 3], timeout: Option<i128>) -> io::Result<[Vec<bool>; 3]> {
    // SAFETY: all-zero bytes are an empty set.
    let mut sets: [libc::fd_set; 3] = unsafe { std::mem::zeroed() };
    let mut most = -1;
    for (set, list) in sets.iter_mut().zip(lists) {
        for fd in list.iter().filter(|fd| (0..SET_SIZE as i32).contains(*fd)) {
            // SAFETY: a number within the set.
            unsafe { libc::FD_SET(*fd, set) };
            most = most.max(*fd);
        }
    }
    let mut time = timeout.map(|nanos| {
        let micros = (nanos + 999) / 1000;
        libc::timeval { tv_sec: (micros / 1_000_000) as i64, tv_usec: (micros % 1_000_000) as i64 }
    });
    let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let [read, write, except] = &mut sets;
    // SAFETY: three sets, null or a time.
    check(unsafe { libc::select(most + 1, read, write, except, time) }.into())?;
    let ready = |index: usize| -> Vec<bool> {
        let set = &sets[index];
        let known = |fd: &i32| (0..SET_SIZE as i32).contains(fd);
        // SAFETY: a number within the set.
        lists[index].iter().map(|fd| known(fd) && unsafe { libc::FD_ISSET(*fd, set) }).collect()
    };
    Ok([ready(0), ready(1), ready(2)])
}

/// Nanoseconds as the milliseconds of `poll`, rounded up; -1 is forever.
fn milliseconds(timeout: Option<i128>) -> i32 {
    match timeout {
        None => -1,
        Some(nanos) => ((nanos.max(0) + 999_999) / 1_000_000).min(i32::MAX.into()) as i32,
    }
}

/// Waits for (descriptor, events); sets what has happened as the third number.
pub(crate) fn poll(fds: &mut [(i32, i16, i16)], timeout: Option<i128>) -> io::Result<usize> {
    let row = |(fd, events, _): &(i32, i16, i16)| libc::pollfd { fd: *fd, events: *events, revents: 0 };
    let mut rows: Vec<libc::pollfd> = fds.iter().map(row).collect();
    // SAFETY: an array of that length.
    let count =
        check(unsafe { libc::poll(rows.as_mut_ptr(), rows.len() as u64, milliseconds(timeout)) }.into())?;
    for (fd, row) in fds.iter_mut().zip(rows) {
        fd.2 = row.revents;
    }
    Ok(count as usize)
}

/// Waits for one descriptor. False when time ran out.
pub(crate) fn poll_one(fd: i32, events: i16, timeout: Option<i128>) -> io::Result<bool> {
    let mut fds = [(fd, events, 0)];
    poll(&mut fds, timeout).map(|count| count > 0)
}

pub(crate) fn epoll_change(epoll: i32, operation: i32, fd: i32, events: u32) -> io::Result<()> {
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: a valid record.
    check(unsafe { libc::epoll_ctl(epoll, operation, fd, &raw mut event) }.into()).map(drop)
}

/// (descriptor, events) of at most `most` ready descriptors.
pub(crate) fn epoll_wait(epoll: i32, most: i32, timeout: Option<i128>) -> io::Result<Vec<(i32, u32)>> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most.clamp(1, 1 << 16) as usize];
    let room = events.len() as i32;
    // SAFETY: room for that many events.
    let count =
        check(unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), room, milliseconds(timeout)) }.into())?;
    events.truncate(count as usize);
    Ok(events.iter().map(|event| (event.u64 as i32, event.events)).collect())
}

/// `fcntl` with a number.
pub(crate) fn fcntl(fd: i32, command: i32, argument: i32) -> io::Result<i32> {
    // SAFETY: commands that take a number get one; those that take an address get one that is not mapped, at worst
    // an error, as CPython's caller does.
    check(unsafe { libc::fcntl(fd, command, argument) }.into()).map(|result| result as i32)
}

/// `fcntl` with a buffer, which is as long as the command wants it, or longer.
pub(crate) fn fcntl_buffer(fd: i32, command: i32, buffer: &mut [u8]) -> io::Result<i32> {
    // SAFETY: the buffer is valid for reads and writes; the callers add more room than any command uses.
    check(unsafe { libc::fcntl(fd, command, buffer.as_mut_ptr()) }.into()).map(|result| result as i32)
}

pub(crate) fn fcntl_lock(
    fd: i32,
    command: i32,
    kind: i16,
    start: i64,
    length: i64,
    whence: i16,
) -> io::Result<()> {
    let lock = libc::flock { l_type: kind, l_whence: whence, l_start: start, l_len: length, l_pid: 0 };
    // SAFETY: a valid record.
    check(unsafe { libc::fcntl(fd, command, &raw const lock) }.into()).map(drop)
}

/// `ioctl` with a number.
pub(crate) fn ioctl(fd: i32, request: u64, argument: i32) -> io::Result<i32> {
    // SAFETY: as in `fcntl`.
    check(unsafe { libc::ioctl(fd, request as _, argument as libc::c_long) }.into())
        .map(|result| result as i32)
}

/// `ioctl` with a buffer.
pub(crate) fn ioctl_buffer(fd: i32, request: u64, buffer: &mut [u8]) -> io::Result<i32> {
    // SAFETY: as in `fcntl_buffer`.
    check(unsafe { libc::ioctl(fd, request as _, buffer.as_mut_ptr()) }.into()).map(|result| result as i32)
}

/// A terminal's attributes.
pub(crate) struct Attributes {
    /// Input, output, control and local modes.
    pub modes: [u32; 4],
    pub speeds: [u32; 2],
    pub characters: [u8; libc::NCCS],
}

pub(crate) fn tcgetattr(fd: i32) -> io::Result<Attributes> {
    let mut out = MaybeUninit::<libc::termios>::zeroed();
    // SAFETY: room for the result.
    check(unsafe { libc::tcgetattr(fd, out.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    let out = unsafe { out.assume_init() };
    // SAFETY: a valid record.
    let speeds = unsafe { [libc::cfgetispeed(&raw const out), libc::cfgetospeed(&raw const out)] };
    Ok(Attributes {
        modes: [out.c_iflag, out.c_oflag, out.c_cflag, out.c_lflag],
        speeds,
        characters: out.c_cc,
    })
}

pub(crate) fn tcsetattr(fd: i32, when: i32, attributes: &Attributes) -> io::Result<()> {
    let mut new = MaybeUninit::<libc::termios>::zeroed();
    // SAFETY: room for the result; fields that Python does not see keep their values.
    check(unsafe { libc::tcgetattr(fd, new.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    let mut new = unsafe { new.assume_init() };
    [new.c_iflag, new.c_oflag, new.c_cflag, new.c_lflag] = attributes.modes;
    new.c_cc = attributes.characters;
    // SAFETY: valid records.
    unsafe {
        check(libc::cfsetispeed(&raw mut new, attributes.speeds[0]).into())?;
        check(libc::cfsetospeed(&raw mut new, attributes.speeds[1]).into())?;
        check(libc::tcsetattr(fd, when, &raw const new).into()).map(drop)
    }
}

/// Sets rows and columns; the pixels stay.
pub(crate) fn set_window_size(fd: i32, rows: u16, columns: u16) -> io::Result<()> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes a winsize.
    check(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) }.into())?;
    (size.ws_row, size.ws_col) = (rows, columns);
    // SAFETY: TIOCSWINSZ reads a winsize.
    check(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &raw const size) }.into()).map(drop)
}

/// Opens the log. The C library keeps the name's address, so it lives as long as the process.
pub(crate) fn openlog(ident: Option<&'static CStr>, option: i32, facility: i32) {
    // SAFETY: null or a C string that is never freed.
    unsafe { libc::openlog(ident.map_or(std::ptr::null(), CStr::as_ptr), option, facility) };
}

pub(crate) fn syslog(priority: i32, message: &CStr) {
    // SAFETY: the format takes one C string.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), message.as_ptr()) };
}

pub(crate) fn closelog() {
    // SAFETY: no argument.
    unsafe { libc::closelog() };
}

pub(crate) fn setlogmask(mask: i32) -> i32 {
    // SAFETY: a number.
    unsafe { libc::setlogmask(mask) }
}
