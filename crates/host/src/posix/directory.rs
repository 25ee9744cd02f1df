//! Directories: `listdir`, `scandir` and its entries, and the path functions that `posixpath` borrows.
//!
//! Invariant: an entry answers from what the directory said (`d_type`) and asks the system at most once
//! for each kind of stat.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::str::StrBuilder;

use crate::path::{Accepts, PathArg, Target, path_arg, to_value};
use crate::posix::{call, stat};
use crate::sys;

fn read(cx: &mut Context, arg: &PathArg) -> Result<Vec<(Vec<u8>, u64, u8)>> {
    let object = if arg.object.is_none() { None } else { Some(arg.object) };
    call(cx, object, || match &arg.target {
        Target::Fd(fd) => sys::entries(None, *fd),
        Target::Path(path) => sys::entries(Some(path), -1),
    })
}

pub(super) fn listdir(cx: &mut Context, path: Value) -> Result {
    let arg = path_arg(cx, path, "listdir", "path", Accepts { fd: true, none: true })?;
    cx.audit("os.listdir", |_| [arg.object])?;
    let entries = read(cx, &arg)?;
    let names: GVec<Value> = entries.iter().map(|(name, ..)| to_value(cx, name, arg.bytes)).collect();
    Ok(cx.new_list(&names).value())
}

pub(super) fn scandir(cx: &mut Context, path: Value) -> Result {
    let arg = path_arg(cx, path, "scandir", "path", Accepts { fd: true, none: true })?;
    cx.audit("os.scandir", |_| [arg.object])?;
    let entries = read(cx, &arg)?;
    let (prefix, fd) = match &arg.target {
        Target::Fd(fd) => (Vec::new(), *fd),
        Target::Path(path) => {
            let mut prefix = path.to_bytes().to_vec();
            if prefix.last().is_some_and(|last| *last != b'/') {
                prefix.push(b'/');
            }
            (prefix, libc::AT_FDCWD)
        }
    };
    let prefix = if arg.object.is_none() && prefix == b"./" { b"./".to_vec() } else { prefix };
    let rows = Guarded::new(Rows { entries, next: 0 });
    Ok(cx.new_object(ScandirIterator { rows, prefix, fd, bytes: arg.bytes }).value())
}

#[derive(Trace)]
struct Rows {
    entries: Vec<(Vec<u8>, u64, u8)>,
    next: usize,
}

/// The body of the iterator that `scandir` returns.
#[derive(Trace)]
pub struct ScandirIterator {
    rows: Guarded<Rows>,
    prefix: Vec<u8>,
    fd: i32,
    bytes: bool,
}

#[class(name = "ScandirIterator", module = "posix", flags = DISALLOW_NEW)]
impl ScandirIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        let Some(iterator) = this.downcast::<ScandirIterator>() else { return Ok(()) };
        let rows = iterator.rows.lock(cx);
        let ended = rows.next > rows.entries.len();
        drop(rows);
        if ended {
            return Ok(());
        }
        let text = cx.repr(this)?;
        let text = format!("unclosed scandir iterator {}", text.to_str());
        cx.warn_unclosed(this, &text)
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Option<Value> {
        let row = {
            let mut rows = self.rows.lock(cx);
            let next = rows.next;
            let row =
                rows.entries.get_mut(next).map(|(name, inode, kind)| (std::mem::take(name), *inode, *kind));
            rows.next = (next + 1).min(rows.entries.len() + 1);
            row
        };
        let (name, inode, kind) = row?;
        let mut path = self.prefix.clone();
        path.extend_from_slice(&name);
        let entry = DirEntry {
            name: Slot::new(to_value(cx, &name, self.bytes)),
            path: Slot::new(to_value(cx, &path, self.bytes)),
            inode,
            kind,
            fd: self.fd,
            followed: Slot::EMPTY,
            unfollowed: Slot::EMPTY,
            asked: AtomicUsize::new(0),
        };
        Some(cx.new_object(entry).value())
    }

    #[function("()")]
    fn close(&self, cx: &Context) {
        let mut rows = self.rows.lock(cx);
        rows.next = rows.entries.len() + 1;
    }

    #[function("()")]
    fn __enter__(this: Gc<Self>) -> Value {
        this.value()
    }

    #[function("(*args)")]
    fn __exit__(&self, cx: &Context, args: Value) {
        let _ = args;
        self.close(cx);
    }
}

/// The body of `os.DirEntry`.
#[derive(Trace)]
pub struct DirEntry {
    name: Slot,
    path: Slot,
    inode: u64,
    kind: u8,
    fd: i32,
    followed: Slot,
    unfollowed: Slot,
    asked: AtomicUsize,
}

impl DirEntry {
    /// The cached stat result.
    fn status(&self, cx: &mut Context, follow: bool) -> Result {
        let cache = if follow { &self.followed } else { &self.unfollowed };
        if let Some(found) = cache.load() {
            return Ok(found);
        }
        if follow && self.kind != libc::DT_LNK && self.kind != libc::DT_UNKNOWN {
            let found = self.status(cx, false)?;
            self.followed.store(found);
            return Ok(found);
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
        let relative = self.fd != libc::AT_FDCWD;
        let target = if relative { self.name.load_or_none() } else { self.path.load_or_none() };
        let (raw, _) = crate::path::plain_path(cx, target, "stat", "path")?;
        let fd = self.fd;
        let found = call(cx, self.path.load(), || sys::stat(&raw, fd, follow))?;
        let found = stat::to_value(cx, &found)?;
        cache.store(found);
        Ok(found)
    }

    /// Whether the entry has this file type.
    fn has_type(&self, cx: &mut Context, follow: bool, mode: u32) -> Result<bool> {
        let known = match self.kind {
            libc::DT_DIR => Some(libc::S_IFDIR),
            libc::DT_REG => Some(libc::S_IFREG),
            libc::DT_LNK => Some(libc::S_IFLNK),
            libc::DT_UNKNOWN => None,
            _ => Some(0),
        };
        match known {
            Some(libc::S_IFLNK) if follow => {}
            Some(kind) => return Ok(kind == mode),
            None => {}
        }
        match self.status(cx, follow) {
            Ok(found) => {
                let value = cx.get_attr_str(found, "st_mode")?;
                Ok(cx.index_i128(value)? as u32 & libc::S_IFMT == mode)
            }
            Err(raised) if cx.error_matches(&raised, taipan_runtime::exception::file_not_found_error) => {
                cx.take_exception(raised);
                Ok(false)
            }
            Err(raised) => Err(raised),
        }
    }
}

#[class(name = "DirEntry", module = "posix", flags = DISALLOW_NEW)]
impl DirEntry {
    /// the entry's base filename, relative to scandir() "path" argument
    #[getter]
    fn name(&self) -> Value {
        self.name.load_or_none()
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[getter]
    fn path(&self) -> Value {
        self.path.load_or_none()
    }

    /// Return True if the entry is a directory; cached per entry.
    #[function("(*, follow_symlinks=True)")]
    fn is_dir(&self, cx: &mut Context, follow_symlinks: bool) -> Result<bool> {
        self.has_type(cx, follow_symlinks, libc::S_IFDIR)
    }

    /// Return True if the entry is a file; cached per entry.
    #[function("(*, follow_symlinks=True)")]
    fn is_file(&self, cx: &mut Context, follow_symlinks: bool) -> Result<bool> {
        self.has_type(cx, follow_symlinks, libc::S_IFREG)
    }

    /// Return True if the entry is a symbolic link; cached per entry.
    #[function("()")]
    fn is_symlink(&self, cx: &mut Context) -> Result<bool> {
        self.has_type(cx, false, libc::S_IFLNK)
    }

    /// Return True if the entry is a junction; cached per entry.
    #[function("()")]
    fn is_junction(&self) -> bool {
        false
    }

    /// Return stat_result object for the entry; cached per entry.
    #[function("(*, follow_symlinks=True)")]
    fn stat(&self, cx: &mut Context, follow_symlinks: bool) -> Result {
        self.status(cx, follow_symlinks)
    }

    /// Return inode of the entry; cached per entry.
    #[function("()")]
    fn inode(&self) -> u64 {
        self.inode
    }

    /// Returns the path for the entry.
    #[function("()")]
    fn __fspath__(&self) -> Value {
        self.path.load_or_none()
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result {
        let name = cx.repr(self.name.load_or_none())?;
        cx.format_str(&["<DirEntry ", ">"], &[name])
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Value {
        GenericAlias::new(cx, class, item).value()
    }
}

/// The code points of a path, any of which a str may have, or its bytes, and whether it is bytes.
fn raw_path(cx: &mut Context, path: Value) -> Result<(Vec<u32>, bool)> {
    let path = crate::path::fspath(cx, path)?;
    match path.downcast::<Bytes>() {
        Some(bytes) => Ok((bytes.as_slice().iter().map(|byte| u32::from(*byte)).collect(), true)),
        None => {
            let text = path.downcast::<Str>().ok_or_else(|| cx.type_error("a path is str or bytes"))?;
            Ok((text.chars().collect(), false))
        }
    }
}

/// What `raw_path` took apart.
fn path_value(cx: &Context, points: &[u32], bytes: bool) -> Value {
    if bytes {
        let bytes: Vec<u8> = points.iter().map(|point| *point as u8).collect();
        return cx.new_bytes(&bytes).value();
    }
    let mut text = StrBuilder::with_capacity(points.len());
    points.iter().for_each(|point| text.push_char(*point));
    text.finish(cx).value()
}

const SLASH: u32 = '/' as u32;
const DOT: u32 = '.' as u32;

/// `posixpath.normpath`.
pub(super) fn normpath(cx: &mut Context, path: Value) -> Result {
    let (raw, bytes) = raw_path(cx, path)?;
    if raw.is_empty() {
        return Ok(path_value(cx, &[DOT], bytes));
    }
    let root: &[u32] = match root_length(&raw) {
        0 => &[],
        2 => &[SLASH, SLASH],
        _ => &[SLASH],
    };
    let mut parts: Vec<&[u32]> = Vec::new();
    for part in raw.split(|point| *point == SLASH) {
        match part {
            [] | [DOT] => {}
            [DOT, DOT] if parts.last().is_some_and(|last| *last != [DOT, DOT]) => {
                parts.pop();
            }
            [DOT, DOT] if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let mut out = root.to_vec();
    out.extend_from_slice(&parts.join(&[SLASH][..]));
    if out.is_empty() {
        out.push(DOT);
    }
    Ok(path_value(cx, &out, bytes))
}

/// Two slashes at the start mean something else than one or three.
fn root_length(raw: &[u32]) -> usize {
    match raw.iter().take_while(|point| **point == SLASH).count() {
        0 => 0,
        2 => 2,
        _ => 1,
    }
}

/// `posixpath.splitroot`.
pub(super) fn splitroot(cx: &mut Context, path: Value) -> Result {
    let (raw, bytes) = raw_path(cx, path)?;
    let (root, rest) = raw.split_at(root_length(&raw));
    let parts = [&[], root, rest].map(|part| path_value(cx, part, bytes));
    Ok(cx.new_tuple(&parts).value())
}
