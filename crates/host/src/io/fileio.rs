//! `FileIO`: a file descriptor. CPython: `Modules/_io/fileio.c`.
//!
//! Invariant: `fd` is -1 once closed, and only `close` changes it after `open`.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::io::base::{self, RawIoBase};
use crate::io::{DEFAULT_BUFFER_SIZE, size_arg, unsupported};
use crate::path::Target;
use crate::posix::call;
use crate::posix::spawn::argument;
use crate::sys;
use crate::wait::{DESCRIPTOR_WEIGHT, retry};

/// The body of `FileIO`.
#[derive(Trace)]
#[repr(C)]
pub struct FileIo {
    base: RawIoBase,
    fd: AtomicI32,
    readable: AtomicBool,
    writable: AtomicBool,
    appending: AtomicBool,
    finalizing: AtomicBool,
    created: AtomicBool,
    closefd: AtomicBool,
    /// The size that `fstat` told when the file was opened, for `readall`.
    size_hint: std::sync::atomic::AtomicUsize,
    block_size: std::sync::atomic::AtomicUsize,
}

impl FileIo {
    fn blank() -> FileIo {
        FileIo {
            base: RawIoBase::default(),
            fd: AtomicI32::new(-1),
            readable: AtomicBool::new(false),
            writable: AtomicBool::new(false),
            appending: AtomicBool::new(false),
            finalizing: AtomicBool::new(false),
            created: AtomicBool::new(false),
            closefd: AtomicBool::new(true),
            size_hint: std::sync::atomic::AtomicUsize::new(0),
            block_size: std::sync::atomic::AtomicUsize::new(DEFAULT_BUFFER_SIZE),
        }
    }

    /// `FileIO(file, mode, closefd, opener)`.
    pub(crate) fn open(
        cx: &mut Context,
        file: Value,
        mode: &str,
        closefd: bool,
        opener: Value,
    ) -> Result<Gc<FileIo>> {
        let this = cx.new_object(FileIo::blank());
        init(cx, this, file, mode, closefd, opener)?;
        Ok(this)
    }

    #[inline]
    pub(crate) fn fd(&self) -> i32 {
        self.fd.load(Ordering::Acquire)
    }

    /// Whether dropping the file leaves a descriptor that it should have closed.
    pub(crate) fn owns_descriptor(&self) -> bool {
        self.fd() >= 0 && self.closefd.load(Ordering::Relaxed)
    }

    pub(crate) fn is_terminal(&self) -> bool {
        sys::isatty(self.fd())
    }

    pub(crate) fn block_size(&self) -> usize {
        self.block_size.load(Ordering::Relaxed)
    }

    fn open_fd(&self, cx: &mut Context) -> Result<i32> {
        match self.fd() {
            -1 => Err(cx.value_error("I/O operation on closed file")),
            fd => Ok(fd),
        }
    }

    fn check(&self, cx: &mut Context, able: &AtomicBool, doing: &str) -> Result<i32> {
        let fd = self.open_fd(cx)?;
        if !able.load(Ordering::Relaxed) {
            return Err(unsupported(cx, &format!("File not open for {doing}")));
        }
        Ok(fd)
    }

    /// Reads into a private buffer; `None` when the descriptor would block.
    pub(crate) fn read_some(&self, cx: &mut Context, buffer: &mut [u8]) -> Result<Option<usize>> {
        let fd = self.check(cx, &self.readable, "reading")?;
        match retry(cx, || sys::read(fd, buffer))? {
            Ok(count) => Ok(Some(count)),
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Ok(None),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// Writes once; `None` when the descriptor would block.
    pub(crate) fn write_some(&self, cx: &mut Context, bytes: &[u8]) -> Result<Option<usize>> {
        let fd = self.check(cx, &self.writable, "writing")?;
        match retry(cx, || sys::write(fd, &bytes[..bytes.len().min(0x7fff_f000)]))? {
            Ok(count) => Ok(Some(count)),
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Ok(None),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// Everything up to the end of the file.
    pub(crate) fn read_all(&self, cx: &mut Context) -> Result<Option<Vec<u8>>> {
        let fd = self.check(cx, &self.readable, "reading")?;
        let position = sys::lseek(fd, 0, libc::SEEK_CUR).unwrap_or(0).max(0) as usize;
        let size = sys::fstat(fd).map_or(0, |st| st.st_size.max(0) as usize);
        let mut all = Vec::new();
        all.try_reserve_exact(size.saturating_sub(position) + 1).map_err(|_| cx.memory_error())?;
        loop {
            let filled = all.len();
            if all.capacity() == filled {
                let more = filled.clamp(DEFAULT_BUFFER_SIZE, 64 << 20);
                all.try_reserve(more).map_err(|_| cx.memory_error())?;
            }
            all.resize(all.capacity(), 0);
            match self.read_some(cx, &mut all[filled..])? {
                Some(0) => {
                    all.truncate(filled);
                    return Ok(Some(all));
                }
                Some(count) => all.truncate(filled + count),
                None if filled == 0 => return Ok(None),
                None => {
                    all.truncate(filled);
                    return Ok(Some(all));
                }
            }
        }
    }

    /// Takes a descriptor over.
    fn take_fd(&self, cx: &Context, fd: i32) {
        self.fd.store(fd, Ordering::Release);
        if self.closefd.load(Ordering::Relaxed) {
            cx.heap().account_external(DESCRIPTOR_WEIGHT);
        }
    }

    /// Gives it up; None if there is none, or if closing is another's task.
    fn release_fd(&self, cx: &Context) -> Option<i32> {
        let fd = self.fd.swap(-1, Ordering::AcqRel);
        if fd < 0 || !self.closefd.load(Ordering::Relaxed) {
            return None;
        }
        cx.heap().account_external(-DESCRIPTOR_WEIGHT);
        Some(fd)
    }

    fn close_fd(&self, cx: &mut Context) -> Result<()> {
        let Some(fd) = self.release_fd(cx) else { return Ok(()) };
        match cx.blocking(|| sys::close(fd)) {
            Err(error) if error.raw_os_error() != Some(libc::EINTR) => Err(cx.io_error(&error, None)),
            _ => Ok(()),
        }
    }

    fn mode_text(&self) -> &'static str {
        let on = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        match (on(&self.created), on(&self.appending), on(&self.readable), on(&self.writable)) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
}

/// The flags of a mode string of FileIO, recorded in the file.
fn parse(cx: &mut Context, this: Gc<FileIo>, mode: &str) -> Result<i32> {
    let invalid = "Must have exactly one of create/read/write/append mode and at most one plus";
    let (mut kind, mut plus, mut flags) = (None, false, 0);
    for c in mode.chars() {
        match c {
            'x' | 'r' | 'w' | 'a' if kind.is_none() => kind = Some(c),
            '+' if !plus => plus = true,
            'b' => {}
            'x' | 'r' | 'w' | 'a' | '+' => return Err(cx.value_error(invalid)),
            _ => return Err(cx.value_error(format!("invalid mode: {mode}"))),
        }
    }
    let Some(kind) = kind else { return Err(cx.value_error(invalid)) };
    flags |= match kind {
        'x' => libc::O_EXCL | libc::O_CREAT,
        'w' => libc::O_CREAT | libc::O_TRUNC,
        'a' => libc::O_APPEND | libc::O_CREAT,
        _ => 0,
    };
    let (readable, writable) = (kind == 'r' || plus, kind != 'r' || plus);
    flags |= match (readable, writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    this.readable.store(readable, Ordering::Relaxed);
    this.writable.store(writable, Ordering::Relaxed);
    this.appending.store(kind == 'a', Ordering::Relaxed);
    this.created.store(kind == 'x', Ordering::Relaxed);
    Ok(flags | libc::O_CLOEXEC)
}

/// Flushes the writers of a file that is about to be opened again: who forgot to close it has closed it in CPython.
fn flush_same_file(cx: &mut Context, target: &Target) {
    let writers = taipan_runtime::finalize::pending_writers();
    if writers.is_empty() {
        return;
    }
    let identity = |st: std::io::Result<libc::stat>| st.ok().map(|st| (st.st_dev, st.st_ino));
    let wanted = identity(match target {
        Target::Fd(fd) => sys::fstat(*fd),
        Target::Path(path) => sys::stat(path, libc::AT_FDCWD, true),
    });
    if wanted.is_none() {
        return;
    }
    for writer in &writers {
        let flushed = cx.call_method(*writer, "fileno", &[]).and_then(|fd| {
            let fd = i32::try_from(cx.index_i128(fd)?).unwrap_or(-1);
            if identity(sys::fstat(fd)) == wanted {
                cx.call_method(*writer, "flush", &[])?;
            }
            Ok(())
        });
        if let Err(raised) = flushed {
            // Whoever uses that file meets the error there.
            cx.take_exception(raised);
        }
    }
}

fn init(
    cx: &mut Context,
    this: Gc<FileIo>,
    file: Value,
    mode: &str,
    closefd: bool,
    opener: Value,
) -> Result<()> {
    if this.fd() >= 0 {
        this.close_fd(cx)?;
    }
    if mode.contains('\0') {
        return Err(cx.value_error("embedded null character"));
    }
    let flags = parse(cx, this, mode)?;
    if cx.is_int(file) {
        crate::posix::warn_of_bool(cx, file)?;
    }
    let number = if cx.is_int(file) { i32::try_from(cx.index_i128(file)?).ok() } else { None };
    let arg = match number {
        Some(fd) if fd < 0 => return Err(cx.value_error("negative file descriptor")),
        Some(fd) => Target::Fd(fd),
        // A number that is none of a descriptor is no path either.
        None => Target::Path(argument(cx, file)?),
    };
    let named = number.is_none().then_some(file);
    cx.audit("open", |cx| [file, cx.new_str(mode).value(), Value::int(flags.into())])?;
    flush_same_file(cx, &arg);
    this.closefd.store(closefd, Ordering::Relaxed);
    match arg {
        Target::Fd(fd) => this.take_fd(cx, fd),
        Target::Path(_) if !closefd => {
            return Err(cx.value_error("Cannot use closefd=False with file name"));
        }
        Target::Path(_) if !opener.is_none() => {
            let flags = cx.new_int(i64::from(flags));
            let fd = cx.call(opener, &[file, flags])?;
            if !cx.is_int(fd) {
                return Err(cx.type_error("expected integer from opener"));
            }
            let fd = cx.index_i128(fd)?;
            if fd < 0 {
                return Err(cx.value_error(format!("opener returned {fd}")));
            }
            this.take_fd(cx, fd as i32);
        }
        Target::Path(path) => {
            let fd = call(cx, Some(file), || sys::open(&path, flags, 0o666, libc::AT_FDCWD))?;
            this.take_fd(cx, fd);
        }
    }
    let opened = call(cx, named, || sys::fstat(this.fd()));
    match opened {
        Ok(st) => {
            if st.st_mode & libc::S_IFMT == libc::S_IFDIR {
                if closefd && !cx.is_int(file) {
                    this.close_fd(cx)?;
                } else {
                    this.release_fd(cx);
                }
                return Err(cx.os_error_with(libc::EISDIR, Some(file), None));
            }
            if st.st_blksize > 1 {
                this.block_size.store(st.st_blksize as usize, Ordering::Relaxed);
            }
            this.size_hint.store(st.st_size.max(0) as usize, Ordering::Relaxed);
        }
        Err(raised) => {
            this.release_fd(cx);
            return Err(raised);
        }
    }
    if this.appending.load(Ordering::Relaxed) {
        // A pipe cannot seek; that is no error here.
        let _ = sys::lseek(this.fd(), 0, libc::SEEK_END);
    }
    cx.set_attr_str(this.value(), "name", file)
}

/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created if it
/// doesn't exist when opened for writing or appending; it will be truncated
/// when opened for writing.  A FileExistsError will be raised if it already
/// exists when opened for creating. Opening a file for creating implies
/// writing so this mode behaves in a similar way to 'w'.Add a '+' to the mode
/// to allow simultaneous reading and writing. A custom opener can be used by
/// passing a callable as *opener*.
#[class(name = "FileIO", module = "_io", base = RawIoBase, flags = BASETYPE | HAS_DICT)]
impl FileIo {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, FileIo::blank()).value())
    }

    #[init("(file, mode='r', closefd=True, opener=None)")]
    fn init(
        this: Gc<Self>,
        cx: &mut Context,
        file: Value,
        mode: Gc<Str>,
        closefd: bool,
        opener: Value,
    ) -> Result<()> {
        let mode = mode.to_str().into_owned();
        init(cx, this, file, &mode, closefd, opener)
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        base::finalize(cx, this)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let class = cx.class_of(this.value());
        let name = format!("_io.{}", class.name().to_str());
        if this.fd() < 0 {
            return Ok(cx.new_str(&format!("<{name} [closed]>")).value());
        }
        let closefd = if this.closefd.load(Ordering::Relaxed) { "True" } else { "False" };
        let mode = this.mode_text();
        let attribute = cx.intern("name");
        let text = match cx.lookup_attr(this.value(), attribute)? {
            Some(file) => {
                let file = cx.repr(file)?;
                format!("<{name} name={} mode='{mode}' closefd={closefd}>", file.to_str())
            }
            None => format!("<{name} fd={} mode='{mode}' closefd={closefd}>", this.fd()),
        };
        Ok(cx.new_str(&text).value())
    }

    /// Read at most size bytes, returned as bytes.
    #[function("(size=-1, /)")]
    fn read(this: Gc<Self>, cx: &mut Context, size: Value) -> Result {
        let Some(size) = size_arg(cx, size)? else { return cx.call_method(this.value(), "readall", &[]) };
        let mut buffer = cx.zeroed_bytes(size.min(0x7fff_f000))?;
        match this.read_some(cx, &mut buffer)? {
            Some(count) => Ok(cx.new_bytes(&buffer[..count]).value()),
            None => Ok(Value::NONE),
        }
    }

    /// Read all data from the file, returned as bytes.
    #[function("()")]
    fn readall(&self, cx: &mut Context) -> Result<Option<Vec<u8>>> {
        self.read_all(cx)
    }

    /// Same as RawIOBase.readinto().
    #[function("(buffer, /)")]
    fn readinto(&self, cx: &mut Context, buffer: Value) -> Result<Option<usize>> {
        let target = cx.writable_buffer(buffer, "readinto() argument 1")?;
        let mut copy = cx.zeroed_bytes(target.len().min(0x7fff_f000))?;
        let count = self.read_some(cx, &mut copy)?;
        if let Some(count) = count {
            target.fill_from(&copy[..count]);
        }
        Ok(count)
    }

    /// Write buffer b to file, return number of bytes written.
    #[function("(b, /)")]
    fn write(&self, cx: &mut Context, b: Value) -> Result<Option<usize>> {
        if let Some(bytes) = b.downcast::<Bytes>() {
            return self.write_some(cx, bytes.as_slice());
        }
        let copy = cx.with_buffer(b, |bytes| bytes.to_vec())?;
        self.write_some(cx, &copy)
    }

    /// Move to new file position and return the file position.
    #[function("(pos, whence=0, /)")]
    fn seek(&self, cx: &mut Context, pos: Value, whence: i32) -> Result<i64> {
        let fd = self.open_fd(cx)?;
        if !cx.has_index(pos) {
            return Err(
                cx.type_error(format!("'{}' object cannot be interpreted as an integer", cx.type_name(pos)))
            );
        }
        let pos = i64::try_from(cx.index_i128(pos)?)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C long"))?;
        call(cx, None, || sys::lseek(fd, pos, whence))
    }

    /// Current file position.
    #[function("()")]
    fn tell(&self, cx: &mut Context) -> Result<i64> {
        let fd = self.open_fd(cx)?;
        call(cx, None, || sys::lseek(fd, 0, libc::SEEK_CUR))
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    #[function("(size=None, /)")]
    fn truncate(this: Gc<Self>, cx: &mut Context, size: Value) -> Result {
        let fd = this.check(cx, &this.writable, "writing")?;
        let size = match size.not_none() {
            Some(size) => size,
            None => cx.call_method(this.value(), "tell", &[])?,
        };
        let length = i64::try_from(cx.index_i128(size)?)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C long"))?;
        call(cx, None, || sys::ftruncate(fd, length))?;
        Ok(size)
    }

    /// Close the file.
    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        this.base.io().set_closed();
        this.close_fd(cx)
    }

    /// True if the file is closed
    #[getter]
    fn closed(&self) -> bool {
        self.fd() < 0
    }

    #[getter]
    fn closefd(&self) -> bool {
        self.closefd.load(Ordering::Relaxed)
    }

    #[getter]
    fn mode(&self) -> &'static str {
        self.mode_text()
    }

    #[getter]
    fn _blksize(&self) -> usize {
        self.block_size()
    }

    #[getter]
    fn _finalizing(&self) -> bool {
        self.finalizing.load(Ordering::Relaxed)
    }

    #[setter]
    fn set__finalizing(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("can't delete numeric/char attribute"));
        };
        let on = cx.truth(value)?;
        self.finalizing.store(on, Ordering::Relaxed);
        Ok(())
    }

    /// True if file supports random-access.
    #[function("()")]
    fn seekable(&self, cx: &mut Context) -> Result<bool> {
        let fd = self.open_fd(cx)?;
        Ok(sys::lseek(fd, 0, libc::SEEK_CUR).is_ok())
    }

    /// True if file was opened in a read mode.
    #[function("()")]
    fn readable(&self, cx: &mut Context) -> Result<bool> {
        self.open_fd(cx)?;
        Ok(self.readable.load(Ordering::Relaxed))
    }

    /// True if file was opened in a write mode.
    #[function("()")]
    fn writable(&self, cx: &mut Context) -> Result<bool> {
        self.open_fd(cx)?;
        Ok(self.writable.load(Ordering::Relaxed))
    }

    /// Return the underlying file descriptor (an integer).
    #[function("()")]
    fn fileno(&self, cx: &mut Context) -> Result<i32> {
        self.open_fd(cx)
    }

    /// True if the file is connected to a TTY device.
    #[function("()")]
    fn isatty(&self, cx: &mut Context) -> Result<bool> {
        let fd = self.open_fd(cx)?;
        Ok(sys::isatty(fd))
    }

    #[function("()")]
    fn _isatty_open_only(&self, cx: &mut Context) -> Result<bool> {
        self.isatty(cx)
    }
}
