//! Users and groups of the process. CPython: the `set*id` family in `Modules/posixmodule.c`.
//!
//! Invariant: -1 means "leave it", every other negative number is refused.

use taipan_runtime::prelude::*;

use crate::posix::call;
use crate::posix::spawn::argument;
use crate::sys::{numbers, users};

pub(super) struct Ids;

/// A user or group id, `what` being its name. CPython: `_Py_Uid_Converter`.
pub(crate) fn id_arg(cx: &mut Context, value: Value, what: &str) -> Result<u32> {
    if !cx.has_index(value) {
        let got = cx.type_name(value);
        return Err(cx.type_error(format!("{what} should be integer, not {got}")));
    }
    match cx.index_i128(value)? {
        -1 => Ok(u32::MAX),
        id if id < 0 => Err(cx.overflow_error(format!("{what} is less than minimum"))),
        id => match u32::try_from(id) {
            Ok(id) if id != u32::MAX => Ok(id),
            _ => Err(cx.overflow_error(format!("{what} is greater than maximum"))),
        },
    }
}

fn uid(cx: &mut Context, value: Value) -> Result<u32> {
    id_arg(cx, value, "uid")
}

fn gid(cx: &mut Context, value: Value) -> Result<u32> {
    id_arg(cx, value, "gid")
}

/// An id as Python shows it: "none" is -1.
pub(crate) fn id_value(id: u32) -> i64 {
    if id == u32::MAX { -1 } else { i64::from(id) }
}

fn ids(cx: &Context, list: &[u32]) -> Value {
    let values: GVec<Value> = list.iter().map(|id| Value::int(id_value(*id))).collect();
    cx.new_list(&values).value()
}

#[module("posix")]
impl Ids {
    /// Set the current process's user id.
    #[function("(uid, /)")]
    fn setuid(cx: &mut Context, uid: Value) -> Result<()> {
        let uid = self::uid(cx, uid)?;
        call(cx, None, || numbers::setuid(uid)).map(drop)
    }

    /// Set the current process's effective user id.
    #[function("(euid, /)")]
    fn seteuid(cx: &mut Context, euid: Value) -> Result<()> {
        let uid = uid(cx, euid)?;
        call(cx, None, || numbers::seteuid(uid)).map(drop)
    }

    /// Set the current process's group id.
    #[function("(gid, /)")]
    fn setgid(cx: &mut Context, gid: Value) -> Result<()> {
        let gid = self::gid(cx, gid)?;
        call(cx, None, || numbers::setgid(gid)).map(drop)
    }

    /// Set the current process's effective group id.
    #[function("(egid, /)")]
    fn setegid(cx: &mut Context, egid: Value) -> Result<()> {
        let gid = gid(cx, egid)?;
        call(cx, None, || numbers::setegid(gid)).map(drop)
    }

    /// Set the current process's real and effective user ids.
    #[function("(ruid, euid, /)")]
    fn setreuid(cx: &mut Context, ruid: Value, euid: Value) -> Result<()> {
        let (real, effective) = (uid(cx, ruid)?, uid(cx, euid)?);
        call(cx, None, || numbers::setreuid(real, effective)).map(drop)
    }

    /// Set the current process's real and effective group ids.
    #[function("(rgid, egid, /)")]
    fn setregid(cx: &mut Context, rgid: Value, egid: Value) -> Result<()> {
        let (real, effective) = (gid(cx, rgid)?, gid(cx, egid)?);
        call(cx, None, || numbers::setregid(real, effective)).map(drop)
    }

    /// Set the current process's real, effective, and saved user ids.
    #[function("(ruid, euid, suid, /)")]
    fn setresuid(cx: &mut Context, ruid: Value, euid: Value, suid: Value) -> Result<()> {
        let (real, effective, saved) = (uid(cx, ruid)?, uid(cx, euid)?, uid(cx, suid)?);
        call(cx, None, || numbers::setresuid(real, effective, saved)).map(drop)
    }

    /// Set the current process's real, effective, and saved group ids.
    #[function("(rgid, egid, sgid, /)")]
    fn setresgid(cx: &mut Context, rgid: Value, egid: Value, sgid: Value) -> Result<()> {
        let (real, effective, saved) = (gid(cx, rgid)?, gid(cx, egid)?, gid(cx, sgid)?);
        call(cx, None, || numbers::setresgid(real, effective, saved)).map(drop)
    }

    /// Return a tuple of the current process's real, effective, and saved user ids.
    #[function("()")]
    fn getresuid(cx: &mut Context) -> Result<(i64, i64, i64)> {
        let [real, effective, saved] = call(cx, None, users::getresuid)?.map(id_value);
        Ok((real, effective, saved))
    }

    /// Return a tuple of the current process's real, effective, and saved group ids.
    #[function("()")]
    fn getresgid(cx: &mut Context) -> Result<(i64, i64, i64)> {
        let [real, effective, saved] = call(cx, None, users::getresgid)?.map(id_value);
        Ok((real, effective, saved))
    }

    /// Return list of supplemental group IDs for the process.
    #[function("()")]
    fn getgroups(cx: &mut Context) -> Result {
        let list = call(cx, None, users::getgroups)?;
        Ok(ids(cx, &list))
    }

    /// Set the groups of the current process to list.
    #[function("(groups, /)")]
    fn setgroups(cx: &mut Context, groups: Value) -> Result<()> {
        if !cx.is_sequence(groups) {
            return Err(cx.type_error("setgroups argument must be a sequence"));
        }
        let items = cx.collect(groups)?;
        if items.len() > NGROUPS_MAX as usize {
            return Err(cx.value_error("too many groups"));
        }
        let mut list = Vec::new();
        for item in &items {
            if !cx.is_int(*item) {
                return Err(cx.type_error("groups must be integers"));
            }
            list.push(gid(cx, *item)?);
        }
        call(cx, None, || users::setgroups(&list))
    }

    /// Return a list of groups to which a user belongs.
    #[function("(user, group, /)")]
    fn getgrouplist(cx: &mut Context, user: Value, group: Value) -> Result {
        let (user, group) = (argument(cx, user)?, gid(cx, group)?);
        let list = cx.blocking(|| users::getgrouplist(&user, group));
        Ok(ids(cx, &list))
    }

    /// Initialize the group access list.
    #[function("(username, gid, /)")]
    fn initgroups(cx: &mut Context, username: Value, gid: Value) -> Result<()> {
        let (user, group) = (argument(cx, username)?, self::gid(cx, gid)?);
        call(cx, None, || users::initgroups(&user, group))
    }

    /// Return the actual login name.
    #[function("()")]
    fn getlogin(cx: &mut Context) -> Result {
        let name = call(cx, None, crate::sys::files::getlogin)?;
        Ok(crate::path::decode(cx, &name).value())
    }

    /// Call the system call getpgid(), and return the result.
    #[function("(pid)")]
    fn getpgid(cx: &mut Context, pid: i32) -> Result<i64> {
        call(cx, None, || numbers::getpgid(pid))
    }

    /// Call the system call setpgid(pid, pgrp).
    #[function("(pid, pgrp, /)")]
    fn setpgid(cx: &mut Context, pid: i32, pgrp: i32) -> Result<()> {
        call(cx, None, || numbers::setpgid(pid, pgrp)).map(drop)
    }

    /// Make the current process the leader of its process group.
    #[function("()")]
    fn setpgrp(cx: &mut Context) -> Result<()> {
        call(cx, None, || numbers::setpgid(0, 0)).map(drop)
    }

    /// Call the system call getsid(pid) and return the result.
    #[function("(pid, /)")]
    fn getsid(cx: &mut Context, pid: i32) -> Result<i64> {
        call(cx, None, || numbers::getsid(pid))
    }

    /// Call the system call setsid().
    #[function("()")]
    fn setsid(cx: &mut Context) -> Result<()> {
        call(cx, None, numbers::setsid).map(drop)
    }

    #[constant]
    const NGROUPS_MAX: i64 = NGROUPS_MAX;
}

const NGROUPS_MAX: i64 = 65536;
