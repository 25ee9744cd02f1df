//! Users, groups, scheduling: calls with lists.
//!
//! Invariant: lists are asked for with the room that they need, and again when they have grown.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

use super::{check, timespec};

pub(crate) fn getgroups() -> io::Result<Vec<u32>> {
    loop {
        // SAFETY: no room: only the count is asked for.
        let count = check(unsafe { libc::getgroups(0, std::ptr::null_mut()) }.into())?;
        let mut groups = vec![0; count as usize];
        if count == 0 {
            return Ok(groups);
        }
        // SAFETY: room for `count` numbers.
        match check(unsafe { libc::getgroups(count as i32, groups.as_mut_ptr()) }.into()) {
            Ok(count) => {
                groups.truncate(count as usize);
                return Ok(groups);
            }
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {}
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn setgroups(groups: &[u32]) -> io::Result<()> {
    // SAFETY: an array of that length.
    check(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }.into()).map(drop)
}

pub(crate) fn initgroups(user: &CStr, group: u32) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::initgroups(user.as_ptr(), group) }.into()).map(drop)
}

pub(crate) fn getgrouplist(user: &CStr, group: u32) -> Vec<u32> {
    let mut room = 32;
    loop {
        let mut groups = vec![0; room as usize];
        let mut count = room;
        // SAFETY: a C string, and room for `count` numbers.
        if unsafe { libc::getgrouplist(user.as_ptr(), group, groups.as_mut_ptr(), &raw mut count) } >= 0 {
            groups.truncate(count.max(0) as usize);
            return groups;
        }
        room = count.max(room * 2);
    }
}

/// Real, effective and saved ids.
pub(crate) fn getresuid() -> io::Result<[u32; 3]> {
    let mut ids = [0; 3];
    let [real, effective, saved] = &mut ids;
    // SAFETY: room for three numbers.
    check(unsafe { libc::getresuid(real, effective, saved) }.into())?;
    Ok(ids)
}

/// Real, effective and saved ids.
pub(crate) fn getresgid() -> io::Result<[u32; 3]> {
    let mut ids = [0; 3];
    let [real, effective, saved] = &mut ids;
    // SAFETY: room for three numbers.
    check(unsafe { libc::getresgid(real, effective, saved) }.into())?;
    Ok(ids)
}

fn parameter(priority: i32) -> libc::sched_param {
    // SAFETY: all-zero bytes are a valid record of numbers.
    let mut param: libc::sched_param = unsafe { std::mem::zeroed() };
    param.sched_priority = priority;
    param
}

pub(crate) fn sched_getparam(pid: i32) -> io::Result<i32> {
    let mut param = parameter(0);
    // SAFETY: room for the result.
    check(unsafe { libc::sched_getparam(pid, &raw mut param) }.into())?;
    Ok(param.sched_priority)
}

pub(crate) fn sched_setparam(pid: i32, priority: i32) -> io::Result<()> {
    // SAFETY: a valid record.
    check(unsafe { libc::sched_setparam(pid, &parameter(priority)) }.into()).map(drop)
}

pub(crate) fn sched_setscheduler(pid: i32, policy: i32, priority: i32) -> io::Result<()> {
    // SAFETY: a valid record.
    check(unsafe { libc::sched_setscheduler(pid, policy, &parameter(priority)) }.into()).map(drop)
}

/// In nanoseconds.
pub(crate) fn sched_rr_get_interval(pid: i32) -> io::Result<i128> {
    let mut interval = timespec(0);
    // SAFETY: room for the result.
    check(unsafe { libc::sched_rr_get_interval(pid, &raw mut interval) }.into())?;
    Ok(i128::from(interval.tv_sec) * 1_000_000_000 + i128::from(interval.tv_nsec))
}

/// Numbers of the processors that a process may run on.
pub(crate) fn sched_getaffinity(pid: i32) -> io::Result<Vec<usize>> {
    let mut words = 16;
    loop {
        let mut mask = vec![0u64; words];
        // SAFETY: room for the mask, in bytes.
        match check(unsafe { libc::sched_getaffinity(pid, words * 8, mask.as_mut_ptr().cast()) }.into()) {
            Ok(_) => {
                return Ok((0..words * 64).filter(|cpu| mask[cpu / 64] >> (cpu % 64) & 1 != 0).collect());
            }
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) && words < 1 << 14 => words *= 2,
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn sched_setaffinity(pid: i32, cpus: &[usize]) -> io::Result<()> {
    let words = cpus.iter().max().map_or(1, |most| most / 64 + 1).max(16);
    let mut mask = vec![0u64; words];
    for cpu in cpus {
        mask[cpu / 64] |= 1 << (cpu % 64);
    }
    // SAFETY: a mask of that many bytes.
    check(unsafe { libc::sched_setaffinity(pid, words * 8, mask.as_ptr().cast()) }.into()).map(drop)
}

/// A user's entry.
pub(crate) struct User {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub uid: u32,
    pub gid: u32,
    pub gecos: Vec<u8>,
    pub directory: Vec<u8>,
    pub shell: Vec<u8>,
}

/// A group's entry.
pub(crate) struct Group {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub gid: u32,
    pub members: Vec<Vec<u8>>,
}

/// Who is asked for.
pub(crate) enum Key<'a> {
    Name(&'a CStr),
    Id(u32),
}

/// # Safety
/// Null, or a C string.
unsafe fn text(pointer: *const libc::c_char) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec()
}

/// # Safety
/// An entry whose strings are alive.
unsafe fn user_of(entry: &libc::passwd) -> User {
    // SAFETY: the caller's promise.
    unsafe {
        User {
            name: text(entry.pw_name),
            password: text(entry.pw_passwd),
            uid: entry.pw_uid,
            gid: entry.pw_gid,
            gecos: text(entry.pw_gecos),
            directory: text(entry.pw_dir),
            shell: text(entry.pw_shell),
        }
    }
}

/// # Safety
/// An entry whose strings are alive, the members ended by null.
unsafe fn group_of(entry: &libc::group) -> Group {
    let mut members = Vec::new();
    let mut next = entry.gr_mem;
    // SAFETY: the caller's promise.
    unsafe {
        while !next.is_null() && !(*next).is_null() {
            members.push(text(*next));
            next = next.add(1);
        }
        Group { name: text(entry.gr_name), password: text(entry.gr_passwd), gid: entry.gr_gid, members }
    }
}

/// Calls with a buffer that grows while the system says that it is too small.
fn with_room<T>(mut call: impl FnMut(&mut [u8]) -> Result<Option<T>, i32>) -> io::Result<Option<T>> {
    let mut size = 1024;
    loop {
        match call(&mut vec![0; size]) {
            Ok(found) => return Ok(found),
            Err(libc::ERANGE) if size < 1 << 28 => size *= 4,
            Err(libc::ENOENT | libc::ESRCH) => return Ok(None),
            Err(code) => return Err(io::Error::from_raw_os_error(code)),
        }
    }
}

pub(crate) fn user(key: &Key<'_>) -> io::Result<Option<User>> {
    with_room(|buffer| {
        let mut entry = MaybeUninit::<libc::passwd>::zeroed();
        let mut found = std::ptr::null_mut();
        let (room, length) = (buffer.as_mut_ptr().cast(), buffer.len());
        // SAFETY: room for the entry and its strings, which are copied before the buffer goes.
        unsafe {
            let code = match key {
                Key::Name(name) => {
                    libc::getpwnam_r(name.as_ptr(), entry.as_mut_ptr(), room, length, &raw mut found)
                }
                Key::Id(id) => libc::getpwuid_r(*id, entry.as_mut_ptr(), room, length, &raw mut found),
            };
            if code != 0 { Err(code) } else { Ok(found.as_ref().map(|entry| user_of(entry))) }
        }
    })
}

pub(crate) fn group(key: &Key<'_>) -> io::Result<Option<Group>> {
    with_room(|buffer| {
        let mut entry = MaybeUninit::<libc::group>::zeroed();
        let mut found = std::ptr::null_mut();
        let (room, length) = (buffer.as_mut_ptr().cast(), buffer.len());
        // SAFETY: room for the entry and its strings, which are copied before the buffer goes.
        unsafe {
            let code = match key {
                Key::Name(name) => {
                    libc::getgrnam_r(name.as_ptr(), entry.as_mut_ptr(), room, length, &raw mut found)
                }
                Key::Id(id) => libc::getgrgid_r(*id, entry.as_mut_ptr(), room, length, &raw mut found),
            };
            if code != 0 { Err(code) } else { Ok(found.as_ref().map(|entry| group_of(entry))) }
        }
    })
}

/// The C library's walk through the tables has one position for the whole process.
static WALK: std::sync::Mutex<()> = std::sync::Mutex::new(());

pub(crate) fn all_users() -> Vec<User> {
    let _alone = WALK.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut users = Vec::new();
    // SAFETY: one walk at a time; an entry is copied before the next one is asked for.
    unsafe {
        libc::setpwent();
        while let Some(entry) = libc::getpwent().as_ref() {
            users.push(user_of(entry));
        }
        libc::endpwent();
    }
    users
}

pub(crate) fn all_groups() -> Vec<Group> {
    let _alone = WALK.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut groups = Vec::new();
    // SAFETY: one walk at a time; an entry is copied before the next one is asked for.
    unsafe {
        libc::setgrent();
        while let Some(entry) = libc::getgrent().as_ref() {
            groups.push(group_of(entry));
        }
        libc::endgrent();
    }
    groups
}
