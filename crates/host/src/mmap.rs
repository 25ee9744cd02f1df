//! `mmap`. CPython: `Modules/mmapmodule.c`.
//!
//! Invariant: the map neither moves nor goes while buffers of it are exported; `position` is at most its length.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::{Buffer, Exports};
use taipan_runtime::types::slice::Slice;

use crate::sys;
use crate::sys::mmap::{Map, Request};

pub struct MmapModule;

const ACCESS_DEFAULT: i32 = 0;
const ACCESS_READ: i32 = 1;
const ACCESS_WRITE: i32 = 2;
const ACCESS_COPY: i32 = 3;

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}
numbers! {
    MADV_DODUMP MADV_DOFORK MADV_DONTDUMP MADV_DONTFORK MADV_DONTNEED MADV_FREE MADV_HUGEPAGE MADV_HWPOISON
    MADV_MERGEABLE MADV_NOHUGEPAGE MADV_NORMAL MADV_RANDOM MADV_REMOVE MADV_SEQUENTIAL MADV_UNMERGEABLE MADV_WILLNEED
    MAP_32BIT MAP_ANON MAP_ANONYMOUS MAP_DENYWRITE MAP_EXECUTABLE MAP_NORESERVE MAP_POPULATE MAP_PRIVATE MAP_SHARED
    MAP_STACK PROT_EXEC PROT_READ PROT_WRITE
}

/// The body of `mmap.mmap`.
#[derive(Trace)]
pub struct Mmap {
    state: Guarded<State>,
    exports: Exports,
    access: i32,
    offset: i64,
    flags: i32,
    trackfd: bool,
}

#[derive(Trace)]
struct State {
    /// `None` once closed.
    map: Option<Opaque<Map>>,
    position: usize,
    /// The descriptor that the file was duplicated to; -1: none.
    fd: i32,
}

impl Drop for State {
    fn drop(&mut self) {
        if self.fd >= 0 {
            let _ = sys::close(self.fd);
        }
    }
}

impl Mmap {
    /// Runs `f` on the open map, under the object's lock.
    fn with<R>(&self, cx: &mut Context, f: impl FnOnce(&mut Map, &mut usize) -> R) -> Result<R> {
        let mut state = self.state.lock(cx);
        let State { map, position, .. } = &mut *state;
        match map {
            Some(map) => Ok(f(&mut map.0, position)),
            None => {
                drop(state);
                Err(cx.value_error("mmap closed or invalid"))
            }
        }
    }

    fn length(&self, cx: &mut Context) -> Result<usize> {
        self.with(cx, |map, _| map.bytes().len())
    }

    fn check_writable(&self, cx: &mut Context) -> Result<()> {
        if self.access == ACCESS_READ {
            return Err(cx.type_error("mmap can't modify a readonly memory map."));
        }
        Ok(())
    }

    /// Bytes from the position on, which moves behind them.
    fn read_to(&self, cx: &mut Context, end: impl FnOnce(&[u8]) -> usize) -> Result<Vec<u8>> {
        self.with(cx, |map, position| {
            let bytes = map.bytes();
            let rest = &bytes[(*position).min(bytes.len())..];
            let count = end(rest).min(rest.len());
            *position += count;
            rest[..count].to_vec()
        })
    }

    fn search(
        &self,
        cx: &mut Context,
        sub: Value,
        start: Value,
        end: Value,
        backwards: bool,
    ) -> Result<isize> {
        let needle = cx.with_buffer(sub, |bytes| bytes.to_vec())?;
        let bound = |cx: &mut Context, value: Value| match value.not_none() {
            Some(value) => cx.slice_index(value).map(Some),
            None => Ok(None),
        };
        let (start, end) = (bound(cx, start)?, bound(cx, end)?);
        self.with(cx, |map, position| {
            let bytes = map.bytes();
            let fit = |bound: isize| match bound {
                bound if bound < 0 => bytes.len().saturating_sub(bound.unsigned_abs()),
                bound => (bound as usize).min(bytes.len()),
            };
            let (start, end) = (start.map_or(*position, fit), end.map_or(bytes.len(), fit));
            if start > end {
                return -1;
            }
            let found = match backwards {
                true => memchr::memmem::rfind(&bytes[start..end], &needle),
                false => memchr::memmem::find(&bytes[start..end], &needle),
            };
            found.map_or(-1, |at| (start + at) as isize)
        })
    }

    fn shut(&self, cx: &mut Context) -> Result<()> {
        let exported =
            |cx: &Context| cx.raise_message(exception::buffer_error, "cannot close exported pointers exist");
        if !self.exports.released(cx) {
            return Err(exported(cx));
        }
        let mut state = self.state.lock(cx);
        if self.exports.count() > 0 {
            drop(state);
            return Err(exported(cx));
        }
        let map = state.map.take();
        let fd = std::mem::replace(&mut state.fd, -1);
        drop(state);
        cx.blocking(|| {
            drop(map);
            if fd >= 0 {
                let _ = sys::close(fd);
            }
        });
        Ok(())
    }

    /// The place of an index.
    fn place(&self, cx: &mut Context, index: Value) -> Result<usize> {
        let index = cx.index_isize(index)?;
        let length = self.length(cx)?;
        let at = if index < 0 { index + length as isize } else { index };
        match usize::try_from(at) {
            Ok(at) if at < length => Ok(at),
            _ => Err(cx.index_error("mmap index out of range")),
        }
    }

    fn page_part(
        &self,
        cx: &mut Context,
        start: isize,
        length: Option<isize>,
        wrong: &str,
    ) -> Result<(usize, usize)> {
        let whole = self.length(cx)?;
        let Some(start) = usize::try_from(start).ok().filter(|start| *start <= whole) else {
            return Err(cx.value_error(wrong));
        };
        let length = match length {
            None => whole - start,
            Some(length) => usize::try_from(length).map_err(|_| cx.value_error(wrong))?,
        };
        Ok((start, length))
    }
}

/// `mmap(fileno, length, flags, prot, access, offset)`, checked.
fn create(
    cx: &mut Context,
    class: Gc<Class>,
    fileno: i32,
    length: isize,
    flags: i32,
    prot: i32,
    access: i32,
    offset: i64,
    trackfd: bool,
) -> Result<Gc<Mmap>> {
    let Ok(mut size) = u64::try_from(length) else {
        return Err(cx.overflow_error("memory mapped length must be positive"));
    };
    if offset < 0 {
        return Err(cx.overflow_error("memory mapped offset must be positive"));
    }
    let (mut flags, mut protection) = (flags, prot);
    if access != ACCESS_DEFAULT && (flags != libc::MAP_SHARED || prot != libc::PROT_WRITE | libc::PROT_READ) {
        return Err(cx.value_error("mmap can't specify both access and flags, prot."));
    }
    let mut kind = access;
    match access {
        ACCESS_READ => (flags, protection) = (libc::MAP_SHARED, libc::PROT_READ),
        ACCESS_WRITE => (flags, protection) = (libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE),
        ACCESS_COPY => (flags, protection) = (libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE),
        ACCESS_DEFAULT => match (prot & libc::PROT_READ != 0, prot & libc::PROT_WRITE != 0) {
            (true, true) => {}
            (_, true) => kind = ACCESS_WRITE,
            _ => kind = ACCESS_READ,
        },
        _ => return Err(cx.value_error("mmap invalid access parameter.")),
    }
    if fileno != -1 {
        let known = sys::fstat(fileno);
        if let Err(error) = &known
            && error.raw_os_error() == Some(libc::EBADF)
        {
            return Err(cx.io_error(error, None));
        }
        if let Ok(known) = known
            && known.st_mode & libc::S_IFMT == libc::S_IFREG
        {
            let file = known.st_size.max(0) as u64;
            if size == 0 {
                if file == 0 {
                    return Err(cx.value_error("cannot mmap an empty file"));
                }
                if offset as u64 >= file {
                    return Err(cx.value_error("mmap offset is greater than file size"));
                }
                size = file - offset as u64;
            } else if offset as u64 > file || file - (offset as u64) < size {
                return Err(cx.value_error("mmap length is greater than file size"));
            }
        }
    } else {
        flags |= libc::MAP_ANONYMOUS;
    }
    let kept = match fileno {
        -1 => -1,
        _ if !trackfd => -1,
        fileno => sys::dup(fileno).map_err(|error| cx.io_error(&error, None))?,
    };
    let request = Request { length: size as usize, protection, flags, fd: fileno, offset };
    let made = cx.blocking(|| Map::new(request));
    let mut state = State { map: None, position: 0, fd: kept };
    let map = made.map_err(|error| cx.io_error(&error, None))?;
    state.map = Some(Opaque(map));
    let state = Guarded::new(state);
    Ok(cx.new_instance(
        class,
        Mmap { state, exports: Exports::default(), access: kind, offset, flags, trackfd },
    ))
}

/// Windows: mmap(fileno, length[, tagname[, access[, offset]]])
///
/// Maps length bytes from the file specified by the file handle fileno,
/// and returns a mmap object.  If length is larger than the current size
/// of the file, the file is extended to contain length bytes.  If length
/// is 0, the maximum length of the map is the current size of the file,
/// except that if the file is empty Windows raises an exception (you cannot
/// create an empty mapping on Windows).
///
/// Unix: mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])
///
/// Maps length bytes from the file specified by the file descriptor fileno,
/// and returns a mmap object.  If length is 0, the maximum length of the map
/// will be the current size of the file when mmap is called.
/// flags specifies the nature of the mapping. MAP_PRIVATE creates a
/// private copy-on-write mapping, so changes to the contents of the mmap
/// object will be private to this process, and MAP_SHARED creates a mapping
/// that's shared with all other processes mapping the same areas of the file.
/// The default value is MAP_SHARED.
///
/// To map anonymous memory, pass -1 as the fileno (both versions).
#[class(name = "mmap", module = "mmap", flags = BASETYPE | HAS_WEAKREF)]
impl Mmap {
    #[new("(fileno=<absent>, length=<absent>, flags=1, prot=3, access=0, offset=0, *, trackfd=True)")]
    fn make(
        cx: &mut Context,
        class: Gc<Class>,
        fileno: Option<Value>,
        length: Option<Value>,
        flags: i32,
        prot: i32,
        access: i32,
        offset: i64,
        trackfd: bool,
    ) -> Result<Gc<Mmap>> {
        let missing =
            |name: &str, at: usize| format!("function missing required argument '{name}' (pos {at})");
        let Some(fileno) = fileno else { return Err(cx.type_error(missing("fileno", 1))) };
        let Some(length) = length else { return Err(cx.type_error(missing("length", 2))) };
        let (fileno, length) = (i32::from_arg(cx, fileno, "fileno")?, isize::from_arg(cx, length, "length")?);
        let numbers = [fileno, access].map(|number| Value::int(number.into()));
        cx.audit("mmap.__new__", |cx| {
            [numbers[0], cx.new_int(length as i64), numbers[1], cx.new_int(offset)]
        })?;
        create(cx, class, fileno, length, flags, prot, access, offset, trackfd)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
        let name = this.value();
        let name = cx.type_name(name);
        let state = this.state.lock(cx);
        let known = state.map.as_ref().map(|map| (map.0.bytes().len(), state.position));
        drop(state);
        let text = match known {
            None => format!("<{name} closed=True>"),
            Some((length, position)) => {
                let access = ["ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"];
                let access = access[this.access.clamp(0, 3) as usize];
                let offset = this.offset;
                format!(
                    "<{name} closed=False, access={access}, length={length}, pos={position}, offset={offset}>"
                )
            }
        };
        cx.new_str(&text).value()
    }

    /// Release the buffer object that exposes the underlying memory of the object.
    #[function("(buffer, /)")]
    fn __release_buffer__(this: Gc<Self>, cx: &mut Context, buffer: Value) -> Result<()> {
        taipan_runtime::protocol::buffer::release_view(cx, this.value(), buffer)
    }

    #[slot(buffer)]
    fn buffer(this: Gc<Self>, cx: &mut Context, _flags: u32) -> Result<Buffer> {
        let readonly = this.access == ACCESS_READ;
        let mut state = this.state.lock(cx);
        match &mut state.map {
            Some(map) => Ok(this.exports.buffer(this.value(), map.0.bytes_mut(), readonly)),
            None => {
                drop(state);
                Err(cx.value_error("mmap closed or invalid"))
            }
        }
    }

    #[slot(len)]
    fn len_slot(&self, cx: &mut Context) -> Result<usize> {
        self.length(cx)
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        this.length(cx)?;
        if let Some(slice) = key.downcast::<Slice>() {
            let bounds = slice.unpack(cx)?;
            let bytes = this.with(cx, |map, _| {
                let bytes = map.bytes();
                let range = bounds.adjust(bytes.len());
                (0..range.len).map(|number| bytes[range.at(number)]).collect::<Vec<u8>>()
            })?;
            return Ok(cx.new_bytes(&bytes).value());
        }
        if !cx.has_index(key) {
            return Err(cx.type_error("mmap indices must be integers"));
        }
        let at = this.place(cx, key)?;
        match this.with(cx, |map, _| map.bytes().get(at).copied())? {
            Some(byte) => Ok(Value::int(byte.into())),
            None => Err(cx.index_error("mmap index out of range")),
        }
    }

    /// Items of an iteration are bytes of length one, other than those of an index.
    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        let bytes = this.with(cx, |map, _| map.bytes().to_vec())?;
        let items: GVec<Value> = bytes.iter().map(|byte| cx.new_bytes(&[*byte]).value()).collect();
        let items = cx.new_list(&items).value();
        cx.iter(items)
    }

    #[slot(set_item)]
    fn set_item(this: Gc<Self>, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
        this.length(cx)?;
        this.check_writable(cx)?;
        if let Some(slice) = key.downcast::<Slice>() {
            let Some(value) = value else {
                return Err(cx.type_error("mmap object doesn't support slice deletion"));
            };
            let bounds = slice.unpack(cx)?;
            let new = cx.with_buffer(value, |bytes| bytes.to_vec())?;
            let fits = this.with(cx, |map, _| {
                let bytes = map.bytes_mut();
                let range = bounds.adjust(bytes.len());
                if range.len != new.len() {
                    return false;
                }
                for (number, byte) in new.iter().enumerate() {
                    bytes[range.at(number)] = *byte;
                }
                true
            })?;
            return if fits { Ok(()) } else { Err(cx.index_error("mmap slice assignment is wrong size")) };
        }
        if !cx.has_index(key) {
            return Err(cx.type_error("mmap indices must be integers"));
        }
        let at = this.place(cx, key)?;
        let Some(value) = value else {
            return Err(cx.type_error("mmap doesn't support item deletion"));
        };
        if !cx.has_index(value) {
            return Err(cx.type_error("mmap item value must be an int"));
        }
        let Ok(byte) = u8::try_from(cx.index_i128(value)?) else {
            return Err(cx.value_error("mmap item value must be in range(0, 256)"));
        };
        // The conversion may have run Python, which may have made the map smaller.
        let stored = this.with(cx, |map, _| map.bytes_mut().get_mut(at).map(|place| *place = byte))?;
        stored.ok_or_else(|| cx.index_error("mmap index out of range"))
    }

    #[getter]
    fn closed(&self, cx: &mut Context) -> bool {
        self.state.lock(cx).map.is_none()
    }

    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        self.shut(cx)
    }

    #[function("(sub=<absent>, start=None, end=None, /)")]
    fn find(&self, cx: &mut Context, sub: Option<Value>, start: Value, end: Value) -> Result<isize> {
        self.length(cx)?;
        match sub {
            Some(sub) => self.search(cx, sub, start, end, false),
            None => Err(cx.type_error("find expected at least 1 argument, got 0")),
        }
    }

    #[function("(sub=<absent>, start=None, end=None, /)")]
    fn rfind(&self, cx: &mut Context, sub: Option<Value>, start: Value, end: Value) -> Result<isize> {
        self.length(cx)?;
        match sub {
            Some(sub) => self.search(cx, sub, start, end, true),
            None => Err(cx.type_error("rfind expected at least 1 argument, got 0")),
        }
    }

    #[function("(offset=0, size=<absent>, /)")]
    fn flush(&self, cx: &mut Context, offset: isize, size: Option<Value>) -> Result<()> {
        let wrong = "flush values out of range";
        let size = size.map(|size| isize::from_arg(cx, size, "size")).transpose()?;
        let whole = self.length(cx)?;
        let size = size.unwrap_or(whole as isize);
        let (start, length) = self.page_part(cx, offset, Some(size), wrong)?;
        if length > whole - start {
            return Err(cx.value_error(wrong));
        }
        if matches!(self.access, ACCESS_READ | ACCESS_COPY) {
            return Ok(());
        }
        self.with(cx, |map, _| map.flush(start, length))?.map_err(|error| cx.io_error(&error, None))
    }

    #[function("(option, start=0, length=<absent>, /)")]
    fn madvise(&self, cx: &mut Context, option: i32, start: isize, length: Option<Value>) -> Result<()> {
        let length = length.map(|length| isize::from_arg(cx, length, "length")).transpose()?;
        let whole = self.length(cx)?;
        if start < 0 || start as usize >= whole {
            return Err(cx.value_error("madvise start out of bounds"));
        }
        if length.is_some_and(|length| length < 0) {
            return Err(cx.value_error("madvise length invalid"));
        }
        let (start, length) = self.page_part(cx, start, length, "madvise length invalid")?;
        if length > isize::MAX as usize - start {
            return Err(cx.overflow_error("madvise length too large"));
        }
        self.with(cx, |map, _| map.advise(start, length, option))?.map_err(|error| cx.io_error(&error, None))
    }

    #[function("(dest, src, count, /)")]
    fn move_(&self, cx: &mut Context, dest: isize, src: isize, count: isize) -> Result<()> {
        self.length(cx)?;
        self.check_writable(cx)?;
        let moved = self.with(cx, |map, _| {
            let bytes = map.bytes_mut();
            let (Ok(dest), Ok(src), Ok(count)) =
                (usize::try_from(dest), usize::try_from(src), usize::try_from(count))
            else {
                return false;
            };
            if dest > bytes.len()
                || src > bytes.len()
                || count > bytes.len() - dest
                || count > bytes.len() - src
            {
                return false;
            }
            bytes.copy_within(src..src + count, dest);
            true
        })?;
        if moved { Ok(()) } else { Err(cx.value_error("source, destination, or count out of range")) }
    }

    #[function("(n=None, /)")]
    fn read(&self, cx: &mut Context, n: Value) -> Result<Vec<u8>> {
        self.length(cx)?;
        let count = match n.not_none() {
            Some(n) => {
                if !cx.has_index(n) {
                    let got = cx.type_name(n);
                    return Err(cx.type_error(format!("argument should be integer or None, not '{got}'")));
                }
                usize::try_from(cx.index_isize(n)?).unwrap_or(usize::MAX)
            }
            None => usize::MAX,
        };
        self.read_to(cx, |_| count)
    }

    #[function("()")]
    fn read_byte(&self, cx: &mut Context) -> Result<u8> {
        match self.read_to(cx, |_| 1)?[..] {
            [byte] => Ok(byte),
            _ => Err(cx.value_error("read byte out of range")),
        }
    }

    #[function("()")]
    fn readline(&self, cx: &mut Context) -> Result<Vec<u8>> {
        self.read_to(cx, |rest| memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1))
    }

    #[function("(newsize, /)")]
    fn resize(&self, cx: &mut Context, newsize: isize) -> Result<()> {
        self.length(cx)?;
        let exported = |cx: &Context| {
            let text = "mmap can't resize with extant buffers exported.";
            cx.raise_message(exception::buffer_error, text)
        };
        if !self.exports.released(cx) {
            return Err(exported(cx));
        }
        if !matches!(self.access, ACCESS_DEFAULT | ACCESS_WRITE) {
            return Err(cx.type_error("mmap can't resize a readonly or copy-on-write memory map."));
        }
        let Some(size) =
            usize::try_from(newsize).ok().filter(|size| size.checked_add(self.offset as usize).is_some())
        else {
            return Err(cx.value_error("new size out of range"));
        };
        let mut state = self.state.lock(cx);
        if self.exports.count() > 0 {
            drop(state);
            return Err(exported(cx));
        }
        let fd = state.fd;
        let old = state.map.as_ref().map_or(0, |map| map.0.bytes().len());
        let refused = if !self.trackfd {
            Some("mmap can't resize with trackfd=False.")
        } else if fd == -1 && self.flags & libc::MAP_PRIVATE == 0 && size > old {
            Some("mmap: can't expand a shared anonymous mapping")
        } else {
            None
        };
        if let Some(text) = refused {
            drop(state);
            return Err(cx.value_error(text));
        }
        let done = match &mut state.map {
            Some(map) => {
                let file = if fd >= 0 { sys::ftruncate(fd, self.offset + size as i64) } else { Ok(()) };
                file.and_then(|()| map.0.resize(size))
            }
            None => Ok(()),
        };
        state.position = state.position.min(size);
        drop(state);
        done.map_err(|error| cx.io_error(&error, None))
    }

    #[function("(pos, whence=0, /)")]
    fn seek(&self, cx: &mut Context, pos: isize, whence: i32) -> Result<usize> {
        let moved = self.with(cx, |map, position| {
            let length = map.bytes().len();
            let from = match whence {
                0 => 0,
                1 => *position,
                2 => length,
                _ => return Err("unknown seek type"),
            };
            match (from as isize).checked_add(pos).and_then(|at| usize::try_from(at).ok()) {
                Some(at) if at <= length => {
                    *position = at;
                    Ok(at)
                }
                _ => Err("seek out of range"),
            }
        })?;
        moved.map_err(|text| cx.value_error(text))
    }

    #[function("()")]
    fn seekable(&self) -> bool {
        true
    }

    #[function("()")]
    fn size(&self, cx: &mut Context) -> Result<i64> {
        self.length(cx)?;
        let fd = self.state.lock(cx).fd;
        match sys::fstat(fd) {
            Ok(known) => Ok(known.st_size),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    #[function("()")]
    fn tell(&self, cx: &mut Context) -> Result<usize> {
        self.with(cx, |_, position| *position)
    }

    #[function("(bytes, /)")]
    fn write(&self, cx: &mut Context, bytes: Value) -> Result<usize> {
        let new = cx.with_buffer(bytes, |bytes| bytes.to_vec())?;
        self.length(cx)?;
        self.check_writable(cx)?;
        let written = self.with(cx, |map, position| {
            let end = *position + new.len();
            let place = map.bytes_mut().get_mut(*position..end)?;
            place.copy_from_slice(&new);
            *position = end;
            Some(new.len())
        })?;
        written.ok_or_else(|| cx.value_error("data out of range"))
    }

    #[function("(byte, /)")]
    fn write_byte(&self, cx: &mut Context, byte: Value) -> Result<()> {
        let number = cx.index_i128(byte)?;
        let Ok(byte) = u8::try_from(number) else {
            let which = if number < 0 { "less than minimum" } else { "greater than maximum" };
            return Err(cx.overflow_error(format!("unsigned byte integer is {which}")));
        };
        self.length(cx)?;
        self.check_writable(cx)?;
        let written = self.with(cx, |map, position| {
            let place = map.bytes_mut().get_mut(*position)?;
            *place = byte;
            *position += 1;
            Some(())
        })?;
        written.ok_or_else(|| cx.value_error("write byte out of range"))
    }

    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result {
        this.length(cx)?;
        Ok(this.value())
    }

    #[function("(exc_type, exc_value, traceback, /)")]
    fn __exit__(&self, cx: &mut Context, exc_type: Value, exc_value: Value, traceback: Value) -> Result<()> {
        let _ = (exc_type, exc_value, traceback);
        self.shut(cx)
    }
}

#[module("mmap", classes(Mmap))]
impl MmapModule {
    #[constant]
    const ACCESS_DEFAULT: i32 = ACCESS_DEFAULT;
    #[constant]
    const ACCESS_READ: i32 = ACCESS_READ;
    #[constant]
    const ACCESS_WRITE: i32 = ACCESS_WRITE;
    #[constant]
    const ACCESS_COPY: i32 = ACCESS_COPY;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS {
            dict.set_str(cx, cx.intern(name), Value::int(*number));
        }
        let page = sys::sysconf(libc::_SC_PAGESIZE);
        for name in ["PAGESIZE", "ALLOCATIONGRANULARITY"] {
            dict.set_str(cx, cx.intern(name), Value::int(page));
        }
        dict.set_str(cx, cx.intern("error"), exception::os_error().get().value());
        Ok(())
    }
}
