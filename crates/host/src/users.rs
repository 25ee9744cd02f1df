//! `pwd` and `grp`: entries of users and groups. CPython: `Modules/pwdmodule.c`, `Modules/grpmodule.c`.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::path::decode;
use crate::posix::ids::{id_arg, id_value};
use crate::posix::spawn::argument;
use crate::sys::users::{self, Group, Key, User};

pub struct Pwd;
pub struct Grp;

static PASSWD: StructSequence = StructSequence {
    name: "struct_passwd",
    module: "pwd",
    doc: "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.",
    fields: &[
        (Some("pw_name"), "user name"),
        (Some("pw_passwd"), "password"),
        (Some("pw_uid"), "user id"),
        (Some("pw_gid"), "group id"),
        (Some("pw_gecos"), "real name"),
        (Some("pw_dir"), "home directory"),
        (Some("pw_shell"), "shell program"),
    ],
    visible: 7,
    instantiable: true,
    class: AtomicU64::new(0),
};

static GROUP: StructSequence = StructSequence {
    name: "struct_group",
    module: "grp",
    doc: "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n",
    fields: &[
        (Some("gr_name"), "group name"),
        (Some("gr_passwd"), "password"),
        (Some("gr_gid"), "group id"),
        (Some("gr_mem"), "group members"),
    ],
    visible: 4,
    instantiable: true,
    class: AtomicU64::new(0),
};

fn user_value(cx: &mut Context, user: &User) -> Result {
    let values = [
        decode(cx, &user.name).value(),
        decode(cx, &user.password).value(),
        Value::int(id_value(user.uid)),
        Value::int(id_value(user.gid)),
        decode(cx, &user.gecos).value(),
        decode(cx, &user.directory).value(),
        decode(cx, &user.shell).value(),
    ];
    PASSWD.instance(cx, &values).map(Gc::value)
}

fn group_value(cx: &mut Context, group: &Group) -> Result {
    let members: GVec<Value> = group.members.iter().map(|name| decode(cx, name).value()).collect();
    let values = [
        decode(cx, &group.name).value(),
        decode(cx, &group.password).value(),
        Value::int(id_value(group.gid)),
        cx.new_list(&members).value(),
    ];
    GROUP.instance(cx, &values).map(Gc::value)
}

fn not_found(cx: &mut Context, message: &str) -> Raised {
    let message = cx.new_str(message).value();
    cx.key_error(message)
}

/// The text of a name, for messages.
fn quoted(cx: &mut Context, name: Value) -> Result<String> {
    cx.repr(name).map(|text| text.to_str().into_owned())
}

/// An id to look for; `None` when no entry can have it.
fn wanted_id(cx: &mut Context, id: Value, what: &str) -> Result<Option<u32>> {
    match id_arg(cx, id, what) {
        Ok(id) => Ok(Some(id)),
        Err(raised) if cx.error_matches(&raised, taipan_runtime::exception::overflow_error) => {
            cx.take_exception(raised);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn name_arg(cx: &mut Context, name: Value, function: &str) -> Result<Gc<Str>> {
    name.downcast::<Str>().ok_or_else(|| {
        let got = cx.argument_type_name(name);
        cx.type_error(format!("{function}() argument must be str, not {got}"))
    })
}

/// This module provides access to the Unix password database.
/// It is available on all Unix versions.
#[module("pwd")]
impl Pwd {
    /// Return the password database entry for the given numeric user ID.
    #[function("(uidobj, /)")]
    fn getpwuid(cx: &mut Context, uidobj: Value) -> Result {
        let found = match wanted_id(cx, uidobj, "uid")? {
            Some(id) => {
                cx.blocking(|| users::user(&Key::Id(id))).map_err(|error| cx.io_error(&error, None))?
            }
            None => None,
        };
        match found {
            Some(user) => user_value(cx, &user),
            None => {
                let shown = quoted(cx, uidobj)?;
                Err(not_found(cx, &format!("getpwuid(): uid not found: {shown}")))
            }
        }
    }

    /// Return the password database entry for the given user name.
    #[function("(name, /)")]
    fn getpwnam(cx: &mut Context, name: Value) -> Result {
        let text = name_arg(cx, name, "getpwnam")?;
        let text = argument(cx, text.value())?;
        match cx.blocking(|| users::user(&Key::Name(&text))).map_err(|error| cx.io_error(&error, None))? {
            Some(user) => user_value(cx, &user),
            None => {
                let shown = quoted(cx, name)?;
                Err(not_found(cx, &format!("getpwnam(): name not found: {shown}")))
            }
        }
    }

    /// Return a list of all available password database entries, in arbitrary order.
    #[function("()")]
    fn getpwall(cx: &mut Context) -> Result {
        let all = cx.blocking(users::all_users);
        let list = cx.new_list(&[]);
        for user in &all {
            let value = user_value(cx, user)?;
            list.push(cx, value);
        }
        Ok(list.value())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = PASSWD.class(cx)?;
        module.dict().set_str(cx, cx.intern("struct_passwd"), class.value());
        Ok(())
    }
}

/// Access to the Unix group database.
///
/// Group entries are reported as 4-tuples containing the following fields
/// from the group database, in order:
///
///   name   - name of the group
///   passwd - group password (encrypted); often empty
///   gid    - numeric ID of the group
///   mem    - list of members
///
/// The gid is an integer, name and password are strings.  (Note that most
/// users are not explicitly listed as members of the groups they are in
/// according to the password database.  Check both databases to get
/// complete membership information.)
#[module("grp")]
impl Grp {
    /// Return the group database entry for the given numeric group ID.
    #[function("(id)")]
    fn getgrgid(cx: &mut Context, id: Value) -> Result {
        let wanted = id_arg(cx, id, "gid")?;
        let found =
            cx.blocking(|| users::group(&Key::Id(wanted))).map_err(|error| cx.io_error(&error, None))?;
        match found {
            Some(group) => group_value(cx, &group),
            None => {
                let shown = quoted(cx, id)?;
                Err(not_found(cx, &format!("getgrgid(): gid not found: {shown}")))
            }
        }
    }

    /// Return the group database entry for the given group name.
    #[function("(name)")]
    fn getgrnam(cx: &mut Context, name: Value) -> Result {
        let text = name.downcast::<Str>().ok_or_else(|| {
            let got = cx.argument_type_name(name);
            cx.type_error(format!("getgrnam() argument 'name' must be str, not {got}"))
        })?;
        let text = argument(cx, text.value())?;
        match cx.blocking(|| users::group(&Key::Name(&text))).map_err(|error| cx.io_error(&error, None))? {
            Some(group) => group_value(cx, &group),
            None => {
                let shown = quoted(cx, name)?;
                Err(not_found(cx, &format!("getgrnam(): name not found: {shown}")))
            }
        }
    }

    /// Return a list of all available group entries, in arbitrary order.
    #[function("()")]
    fn getgrall(cx: &mut Context) -> Result {
        let all = cx.blocking(users::all_groups);
        let list = cx.new_list(&[]);
        for group in &all {
            let value = group_value(cx, group)?;
            list.push(cx, value);
        }
        Ok(list.value())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = GROUP.class(cx)?;
        module.dict().set_str(cx, cx.intern("struct_group"), class.value());
        Ok(())
    }
}

/// Do the effective ids equal the real ones? If not, files of the user's who began the process are not to be trusted.
pub fn acts_as_itself() -> bool {
    use crate::sys::{getegid, geteuid, getgid, getuid};
    getuid() == geteuid() && getgid() == getegid()
}
