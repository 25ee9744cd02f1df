//! `_io`: files. CPython: `Modules/_io/`.
//!
//! Raw files (`fileio.rs`), buffers over any raw object (`buffered.rs`), text over any buffer
//! (`textio.rs`), and files in memory (`bytesio.rs`, `stringio.rs`); `base.rs` has the classes that
//! Python code derives from.
//! Invariant: no object lock is held while another Python object is called; buffered objects serialise
//! their users with a `LongLock` instead.

mod base;
mod buffered;
mod bytesio;
mod fileio;
pub(crate) mod long_lock;
mod newline;
mod rwpair;
mod stringio;
mod textio;

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

pub use base::{BufferedIoBase, IoBase, RawIoBase, TextIoBase};
pub use buffered::{BufferedRandom, BufferedReader, BufferedWriter};
pub use bytesio::BytesIo;
pub use fileio::FileIo;
pub use newline::IncrementalNewlineDecoder;
pub use rwpair::BufferedRwPair;
pub use stringio::StringIo;
pub use textio::TextIoWrapper;

pub struct Io;

/// Size of buffers, and of the pieces that are read.
pub(crate) const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

static UNSUPPORTED: AtomicU64 = AtomicU64::new(0);

/// The class `io.UnsupportedOperation`, made once.
fn unsupported_class(cx: &mut Context) -> Result<Value> {
    if let Some(class) = Value::from_bits(UNSUPPORTED.load(Ordering::Acquire)) {
        return Ok(class);
    }
    let name = cx.intern("UnsupportedOperation").value();
    let bases = [exception::os_error().get().value(), exception::value_error().get().value()];
    let bases = cx.new_tuple(&bases).value();
    let namespace = cx.new_dict();
    let module = cx.intern("io").value();
    namespace.set_str(cx, cx.name(id::__module__), module);
    let class = cx.call(type_class().value(), &[name, bases, namespace.value()])?;
    taipan_runtime::add_root(&UNSUPPORTED);
    match UNSUPPORTED.compare_exchange(0, class.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(class),
        Err(bits) => Ok(Value::from_bits(bits).unwrap_or(class)),
    }
}

/// Raises `io.UnsupportedOperation`.
pub(crate) fn unsupported(cx: &mut Context, message: &str) -> Raised {
    let class = match unsupported_class(cx) {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let message = cx.new_str(message).value();
    match cx.call(class, &[message]) {
        Ok(error) => cx.raise(error),
        Err(raised) => raised,
    }
}

/// Whether `object.closed` is true.
pub(crate) fn is_closed(cx: &mut Context, object: Value) -> Result<bool> {
    if let Some(closed) = buffered::file_is_closed(cx, object) {
        return Ok(closed);
    }
    let closed = cx.get_attr_str(object, "closed")?;
    cx.truth(closed)
}

/// Raises ValueError when the file is closed.
pub(crate) fn check_open(cx: &mut Context, object: Value) -> Result<()> {
    if is_closed(cx, object)? { Err(cx.value_error("I/O operation on closed file.")) } else { Ok(()) }
}

/// A size argument: None and negative numbers mean everything.
pub(crate) fn size_arg(cx: &mut Context, value: Value) -> Result<Option<usize>> {
    let Some(value) = value.not_none() else { return Ok(None) };
    if !cx.has_index(value) {
        return Err(
            cx.type_error(format!("argument should be integer or None, not '{}'", cx.type_name(value)))
        );
    }
    Ok(usize::try_from(cx.index_isize(value)?).ok())
}

/// The io module provides the Python interfaces to stream handling. The
/// builtin open function is defined in this module.
#[module(
    "_io",
    classes(
        IoBase,
        RawIoBase,
        BufferedIoBase,
        TextIoBase,
        FileIo,
        BytesIo,
        StringIo,
        BufferedReader,
        BufferedWriter,
        BufferedRandom,
        BufferedRwPair,
        TextIoWrapper,
        IncrementalNewlineDecoder
    )
)]
impl Io {
    #[constant]
    const DEFAULT_BUFFER_SIZE: usize = DEFAULT_BUFFER_SIZE;

    /// Open file and return a stream.  Raise OSError upon failure.
    #[function(
        "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
    )]
    fn open(
        cx: &mut Context,
        file: Value,
        mode: Gc<Str>,
        buffering: i64,
        encoding: Value,
        errors: Value,
        newline: Value,
        closefd: bool,
        opener: Value,
    ) -> Result {
        for (value, name) in [(encoding, "encoding"), (errors, "errors"), (newline, "newline")] {
            optional_text(cx, value, "open", name)?;
        }
        open(cx, file, mode, buffering, [encoding, errors, newline], closefd, opener)
    }

    /// Opens the provided file with the intent to import the contents.
    #[function("(path)")]
    fn open_code(cx: &mut Context, path: Gc<Str>) -> Result {
        let mode = cx.intern("rb");
        open(cx, path.value(), mode, -1, [Value::NONE; 3], true, Value::NONE)
    }

    /// A helper function to choose the text encoding.
    #[function("(encoding, stacklevel=2, /)")]
    fn text_encoding(cx: &mut Context, encoding: Value, stacklevel: i64) -> Result {
        let _ = stacklevel;
        if !encoding.is_none() {
            return Ok(encoding);
        }
        let mode = match cx.sys_attr("flags") {
            Some(flags) => cx.get_attr_str(flags, "utf8_mode")?,
            None => Value::int(0),
        };
        let name = if cx.truth(mode)? { "utf-8" } else { "locale" };
        Ok(cx.intern(name).value())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = unsupported_class(cx)?;
        module.dict().set_str(cx, cx.intern("UnsupportedOperation"), class);
        let blocking = exception::blocking_io_error().get().value();
        module.dict().set_str(cx, cx.intern("BlockingIOError"), blocking);
        Ok(())
    }
}

/// Checks that an argument is a str or None.
pub(crate) fn optional_text(cx: &mut Context, value: Value, function: &str, name: &str) -> Result<()> {
    match value.not_none() {
        None => Ok(()),
        Some(value) => match value.downcast::<Str>() {
            Some(text) if text.chars().any(|code| code == 0) => {
                Err(cx.value_error("embedded null character"))
            }
            Some(_) => Ok(()),
            None => {
                let got = cx.type_name(value);
                Err(cx.type_error(format!("{function}() argument '{name}' must be str or None, not {got}")))
            }
        },
    }
}

/// What a mode string asks for.
#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

fn parse_mode(cx: &mut Context, mode: Gc<Str>) -> Result<Mode> {
    let text = mode.to_utf8(cx)?.into_owned();
    let mut parsed = Mode::default();
    let mut seen = Vec::new();
    for c in text.chars() {
        match c {
            'x' => parsed.creating = true,
            'r' => parsed.reading = true,
            'w' => parsed.writing = true,
            'a' => parsed.appending = true,
            '+' => parsed.updating = true,
            't' => parsed.text = true,
            'b' => parsed.binary = true,
            _ => return Err(cx.value_error(format!("invalid mode: '{text}'"))),
        }
        if seen.contains(&c) {
            return Err(cx.value_error(format!("invalid mode: '{text}'")));
        }
        seen.push(c);
    }
    Ok(parsed)
}

/// `open()`. `text` is encoding, errors, newline.
pub(crate) fn open(
    cx: &mut Context,
    file: Value,
    mode: Gc<Str>,
    buffering: i64,
    text: [Value; 3],
    closefd: bool,
    opener: Value,
) -> Result {
    let parsed = parse_mode(cx, mode)?;
    if parsed.text && parsed.binary {
        return Err(cx.value_error("can't have text and binary mode at once"));
    }
    let kinds = [parsed.creating, parsed.reading, parsed.writing, parsed.appending];
    // Too few are the raw file's to complain about.
    if kinds.iter().filter(|on| **on).count() > 1 {
        return Err(cx.value_error("must have exactly one of create/read/write/append mode"));
    }
    if parsed.binary {
        for (value, name) in text.iter().zip(["an encoding", "an errors", "a newline"]) {
            if !value.is_none() {
                return Err(cx.value_error(format!("binary mode doesn't take {name} argument")));
            }
        }
        if buffering == 1 {
            cx.warn(
                exception::runtime_warning,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
                1,
            )?;
        }
    }
    let file = if cx.is_int(file) { file } else { crate::path::fspath(cx, file)? };
    let mut raw_mode = String::new();
    for (on, letter) in kinds.iter().zip(['x', 'r', 'w', 'a']) {
        if *on {
            raw_mode.push(letter);
        }
    }
    if parsed.updating {
        raw_mode.push('+');
    }
    let raw = fileio::FileIo::open(cx, file, &raw_mode, closefd, opener)?;
    match wrap(cx, raw, &parsed, buffering, text, mode) {
        Ok(stream) => Ok(stream),
        Err(raised) => {
            // The descriptor must not wait for the collector.
            let error = cx.take_exception(raised);
            if let Err(raised) = cx.call_method(raw.value(), "close", &[]) {
                cx.take_exception(raised);
            }
            Err(cx.reraise(error))
        }
    }
}

fn wrap(
    cx: &mut Context,
    raw: Gc<FileIo>,
    parsed: &Mode,
    buffering: i64,
    text: [Value; 3],
    mode: Gc<Str>,
) -> Result {
    let tty = (buffering < 0 || buffering == 1) && raw.is_terminal();
    let (mut size, mut line) = (buffering, false);
    if buffering == 1 || (buffering < 0 && tty) {
        (size, line) = (-1, true);
    }
    if size < 0 {
        size = raw.block_size().clamp(DEFAULT_BUFFER_SIZE, 8 << 20) as i64;
    }
    if size == 0 {
        if !parsed.binary {
            return Err(cx.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw.value());
    }
    let size = size as usize;
    let buffer = if parsed.updating {
        BufferedRandom::over(cx, raw.value(), size)?.value()
    } else if parsed.reading {
        BufferedReader::over(cx, raw.value(), size)?.value()
    } else {
        BufferedWriter::over(cx, raw.value(), size)?.value()
    };
    if parsed.binary {
        return Ok(buffer);
    }
    let [encoding, errors, newline] = text;
    let wrapper = TextIoWrapper::over(cx, buffer, encoding, errors, newline, line)?;
    cx.set_attr_str(wrapper.value(), "mode", mode.value())?;
    Ok(wrapper.value())
}
