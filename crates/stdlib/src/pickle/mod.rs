//! `_pickle`: objects to bytes and back. CPython: `Modules/_pickle.c`.
//!
//! Invariant: a pickle is read by a loop with a stack of its own, so its nesting costs no native stack; hostile input
//! ends in an exception.

mod build;
mod containers;
mod global;
mod input;
mod load;
mod memo;
mod opcode;
mod output;
mod pickle_buffer;
mod pickler;
mod reduce;
mod save;
mod state;
mod text;
mod unpickler;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::module_exception::ModuleException;
use input::Input;
use load::Loader;
use memo::Memo;
use output::Output;
use pickle_buffer::PickleBuffer;
use pickler::{Pickler, PicklerMemoProxy};
use save::Saver;
use state::State;
use unpickler::{Objects, Unpickler, UnpicklerMemoProxy};

const HIGHEST_PROTOCOL: u8 = 5;
const DEFAULT_PROTOCOL: u8 = 5;

/// `_pickle.PickleError`.
static PICKLE_ERROR: ModuleException = ModuleException::new("_pickle", "PickleError", exception::exception);
/// `_pickle.PicklingError`.
static PICKLING_ERROR: ModuleException =
    ModuleException::new("_pickle", "PicklingError", exception::exception).derived_from(&PICKLE_ERROR);
/// `_pickle.UnpicklingError`.
static UNPICKLING_ERROR: ModuleException =
    ModuleException::new("_pickle", "UnpicklingError", exception::exception).derived_from(&PICKLE_ERROR);

/// Adds a note to the pending exception; what fails in making it takes the exception's place.
#[cold]
#[inline(never)]
fn note(cx: &mut Context, raised: Raised, make: impl FnOnce(&mut Context) -> Result<String>) -> Raised {
    let error = cx.take_exception(raised);
    match make(cx) {
        Ok(text) => {
            let raised = cx.reraise(error);
            cx.add_note(raised, &text)
        }
        Err(raised) => {
            if let Some(new) = cx.pending_exception() {
                exception::chain(new, error);
            }
            raised
        }
    }
}

/// The names of a dotted path, new strings each time.
fn split_path(cx: &Context, path: Gc<Str>) -> GVec<Gc<Str>> {
    let dots = path.chars().enumerate().filter(|(_, code)| *code == u32::from(b'.')).map(|(at, _)| at);
    let mut start = 0;
    let mut names = GVec::new();
    for end in dots.chain([path.len()]) {
        names.push(path.substring(cx, start..end));
        start = end + 1;
    }
    names
}

/// `object.a.b` for the path "a.b".
fn attribute_path(cx: &mut Context, object: Value, path: &[Gc<Str>]) -> Result {
    path.iter().try_fold(object, |object, name| {
        let name = name.intern(cx);
        cx.get_attr(object, name)
    })
}

/// The protocol argument.
fn protocol_number(cx: &mut Context, protocol: Value) -> Result<u8> {
    let Some(protocol) = protocol.not_none() else { return Ok(DEFAULT_PROTOCOL) };
    match i64::from_arg(cx, protocol, "protocol")? {
        ..0 => Ok(HIGHEST_PROTOCOL),
        number @ 0..=5 => Ok(number as u8),
        _ => Err(cx.value_error(format!("pickle protocol must be <= {HIGHEST_PROTOCOL}"))),
    }
}

fn write_method(cx: &mut Context, file: Value) -> Result {
    match cx.lookup_attr_str(file, "write")? {
        Some(write) => Ok(write),
        None => Err(cx.type_error("file must have a 'write' attribute")),
    }
}

fn buffer_callback(cx: &mut Context, callback: Value, protocol: u8) -> Result<Option<Value>> {
    match callback.not_none() {
        Some(_) if protocol < 5 => Err(cx.value_error("buffer_callback needs protocol >= 5")),
        callback => Ok(callback),
    }
}

/// Pickles an object without a `Pickler`, to a file or into memory.
fn pickle(
    cx: &mut Context,
    object: Value,
    file: Option<Value>,
    protocol: Value,
    fix_imports: bool,
    callback: Value,
) -> Result<Vec<u8>> {
    let protocol = protocol_number(cx, protocol)?;
    let write = match file {
        Some(file) => Some(write_method(cx, file)?),
        None => None,
    };
    let memo = Guarded::new(Memo::new());
    let mut saver = Saver {
        out: Output::new(write),
        protocol,
        bin: protocol > 0,
        fix_imports: fix_imports && protocol < 3,
        memo: &memo,
        pickler: None,
        persistent_id: None,
        reducer_override: None,
        dispatch_table: None,
        buffer_callback: buffer_callback(cx, callback, protocol)?,
        state: State::get(cx)?,
        open: Vec::new(),
    };
    saver.dump(cx, object)?;
    saver.out.finish(cx)
}

/// The iterator over out-of-band buffers.
fn buffer_iterator(cx: &mut Context, buffers: Option<Value>) -> Result<Option<Value>> {
    match buffers.and_then(Value::not_none) {
        Some(buffers) => cx.iter(buffers).map(Some),
        None => Ok(None),
    }
}

/// Unpickles without an `Unpickler`.
fn unpickle(
    cx: &mut Context,
    input: Input,
    fix_imports: bool,
    encoding: Gc<Str>,
    errors: Gc<Str>,
    buffers: Option<Value>,
) -> Result {
    let memo = Guarded::new(Objects::default());
    let buffers = buffer_iterator(cx, buffers)?;
    let state = State::get(cx)?;
    let mut loader = Loader::new(input, &memo, state, [encoding, errors]);
    loader.fix_imports = fix_imports;
    loader.buffers = buffers;
    loader.load(cx)
}

pub struct Pickle;

/// Optimized C implementation for the Python pickle module.
#[module("_pickle", classes(PickleBuffer, Pickler, Unpickler))]
impl Pickle {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        PicklerMemoProxy::class_cell().ensure(cx);
        UnpicklerMemoProxy::class_cell().ensure(cx);
        PICKLE_ERROR.add_to(cx, module)?;
        PICKLING_ERROR.add_to(cx, module)?;
        UNPICKLING_ERROR.add_to(cx, module)?;
        State::get(cx)?;
        Ok(())
    }

    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    /// be more efficient.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// The *file* argument must have a write() method that accepts a single
    /// bytes argument.  It can thus be a file object opened for binary
    /// writing, an io.BytesIO instance, or any other custom object that meets
    /// this interface.
    ///
    /// If *fix_imports* is True and protocol is less than 3, pickle will try
    /// to map the new Python 3 names to the old module names used in Python
    /// 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[function("(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dump(
        cx: &mut Context,
        obj: Value,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> Result<()> {
        pickle(cx, obj, Some(file), protocol, fix_imports, buffer_callback).map(drop)
    }

    /// Return the pickled representation of the object as a bytes object.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// If *fix_imports* is True and *protocol* is less than 3, pickle will
    /// try to map the new Python 3 names to the old module names used in
    /// Python 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[function("(obj, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dumps(
        cx: &mut Context,
        obj: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> Result<Vec<u8>> {
        pickle(cx, obj, None, protocol, fix_imports, buffer_callback)
    }

    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more
    /// efficient.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// The argument *file* must have two methods, a read() method that takes
    /// an integer argument, and a readline() method that requires no
    /// arguments.  Both methods should return bytes.  Thus *file* can be a
    /// binary file object opened for reading, an io.BytesIO object, or any
    /// other custom object that meets this interface.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[function(
        "(file, *, fix_imports=True, encoding=<absent>, errors=<absent>, buffers=<absent>)",
        text = "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())"
    )]
    fn load(
        cx: &mut Context,
        file: Value,
        fix_imports: bool,
        encoding: Option<Value>,
        errors: Option<Value>,
        buffers: Option<Value>,
    ) -> Result {
        let encoding = string_argument(cx, encoding, "load", "encoding", "ASCII")?;
        let errors = string_argument(cx, errors, "load", "errors", "strict")?;
        let input = Input::of_file(cx, file)?;
        unpickle(cx, input, fix_imports, encoding, errors, buffers)
    }

    /// Read and return an object from the given pickle data.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[function(
        "(data, /, *, fix_imports=True, encoding=<absent>, errors=<absent>, buffers=<absent>)",
        text = "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())"
    )]
    fn loads(
        cx: &mut Context,
        data: Value,
        fix_imports: bool,
        encoding: Option<Value>,
        errors: Option<Value>,
        buffers: Option<Value>,
    ) -> Result {
        let encoding = string_argument(cx, encoding, "loads", "encoding", "ASCII")?;
        let errors = string_argument(cx, errors, "loads", "errors", "strict")?;
        let input = Input::of_bytes(cx, data)?;
        unpickle(cx, input, fix_imports, encoding, errors, buffers)
    }
}

/// An optional argument that must be a string.
fn string_argument(
    cx: &mut Context,
    value: Option<Value>,
    function: &str,
    name: &str,
    default: &str,
) -> Result<Gc<Str>> {
    let Some(value) = value else { return Ok(cx.intern(default)) };
    match value.downcast::<Str>() {
        Some(text) if text.chars().any(|c| c == 0) => Err(cx.value_error("embedded null character")),
        Some(text) => Ok(text),
        None => {
            let found = cx.argument_type_name(value);
            Err(cx.type_error(format!("{function}() argument '{name}' must be str, not {found}")))
        }
    }
}
