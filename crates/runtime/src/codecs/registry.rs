//! The codec registry: search functions, found codecs, registered error handlers.
//!
//! CPython: `Python/codecs.c`. Invariant: a name is looked up in its normalized form, and each search result
//! is asked for once; the `encodings` package is imported when the first search needs it.

use std::sync::Once;

use super::errors::{self, BUILT_IN, ErrorMode};
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::native_function::NativeFunction;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;

/// What Python code has registered; visited by every collection.
struct Registry {
    search: TypedSlot<List>,
    found: TypedSlot<Dict>,
    handlers: TypedSlot<Dict>,
}

static REGISTRY: Registry =
    Registry { search: TypedSlot::EMPTY, found: TypedSlot::EMPTY, handlers: TypedSlot::EMPTY };

/// The registry, set up at its first use.
fn registry(cx: &Context) -> (Gc<List>, Gc<Dict>, Gc<Dict>) {
    static ROOTS: Once = Once::new();
    ROOTS.call_once(|| {
        for slot in [REGISTRY.search.slot(), REGISTRY.found.slot(), REGISTRY.handlers.slot()] {
            taipan_gc::add_root(slot.raw());
        }
    });
    // Of two threads that fill a slot, the later one looks at what the first one stored.
    let _ = REGISTRY.search.slot().compare_exchange(None, Some(cx.new_list(&[]).value()));
    let _ = REGISTRY.found.slot().compare_exchange(None, Some(cx.new_dict().value()));
    let _ = REGISTRY.handlers.slot().compare_exchange(None, Some(cx.new_dict().value()));
    match (REGISTRY.search.load(), REGISTRY.found.load(), REGISTRY.handlers.load()) {
        (Some(search), Some(found), Some(handlers)) => (search, found, handlers),
        _ => unreachable!("filled above"),
    }
}

/// `codecs.register`.
pub fn register(cx: &mut Context, search: Value) -> Result<()> {
    if !cx.is_callable(search) {
        return Err(cx.type_error("argument must be callable"));
    }
    let (functions, ..) = registry(cx);
    functions.push(cx, search);
    Ok(())
}

/// `codecs.unregister`.
pub fn unregister(cx: &mut Context, search: Value) -> Result<()> {
    let (functions, found, _) = registry(cx);
    let kept: crate::buffer::GVec<Value> =
        functions.snapshot(cx).iter().copied().filter(|function| *function != search).collect();
    if kept.len() < functions.len() {
        found.clear(cx);
        REGISTRY.search.store(cx.new_list(&kept));
    }
    Ok(())
}

/// `codecs.lookup`: the (encode, decode, reader, writer) tuple of an encoding.
pub fn lookup(cx: &mut Context, encoding: Gc<Str>) -> Result<Gc<Tuple>> {
    let name = encoding.to_str().into_owned();
    let normal = cx.intern(&super::normalize(&name));
    let (_, found, _) = registry(cx);
    if let Some(codec) = found.get_str(cx, normal).and_then(|codec| codec.downcast()) {
        return Ok(codec);
    }
    // Importing the package registers its search function.
    cx.import("encodings")?;
    let (functions, found, _) = registry(cx);
    if functions.len() == 0 {
        return Err(cx.raise_message(
            exception::lookup_error,
            "no codec search functions registered: can't find encoding",
        ));
    }
    for function in functions.snapshot(cx).iter() {
        let codec = cx.call(*function, &[normal.value()])?;
        if codec.is_none() {
            continue;
        }
        let Some(codec) = codec.downcast::<Tuple>().filter(|codec| codec.items().len() == 4) else {
            return Err(cx.type_error("codec search functions must return 4-tuples"));
        };
        found.set_str(cx, normal, codec.value());
        return Ok(codec);
    }
    Err(cx.raise_message(exception::lookup_error, &format!("unknown encoding: {name}")))
}

/// Whether the codec may convert between `str` and bytes; codecs of plain tuples may.
fn check_text_codec(cx: &mut Context, codec: Gc<Tuple>, encoding: Gc<Str>, instead: &str) -> Result<()> {
    if cx.is_exact::<Tuple>(codec.value()) {
        return Ok(());
    }
    let is_text = match cx.lookup_attr_str(codec.value(), "_is_text_encoding")? {
        Some(flag) => cx.truth(flag)?,
        None => true,
    };
    if is_text {
        return Ok(());
    }
    let name = encoding.to_str();
    Err(cx.raise_message(
        exception::lookup_error,
        &format!("'{name}' is not a text encoding; use {instead} to handle arbitrary codecs"),
    ))
}

/// Which way a codec is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Encode,
    Decode,
}

impl Direction {
    fn index(self) -> usize {
        match self {
            Direction::Encode => 0,
            Direction::Decode => 1,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Direction::Encode => ("encoder", "encoding"),
            Direction::Decode => ("decoder", "decoding"),
        }
    }
}

/// Calls a codec's function and takes the object out of its (object, length) answer.
fn convert(
    cx: &mut Context,
    codec: Gc<Tuple>,
    direction: Direction,
    object: Value,
    encoding: Gc<Str>,
    errors: Option<Gc<Str>>,
) -> Result {
    let function = codec.items()[direction.index()];
    let (noun, participle) = direction.words();
    let answer = match errors {
        Some(errors) => cx.call(function, &[object, errors.value()]),
        None => cx.call(function, &[object]),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(raised) => {
            let name = encoding.to_str();
            return Err(cx.add_note(raised, &format!("{participle} with '{name}' codec failed")));
        }
    };
    match answer.downcast::<Tuple>().as_ref().map(|tuple| tuple.items()) {
        Some([object, _]) => Ok(*object),
        _ => {
            // CPython words the two differently.
            let space = if direction == Direction::Encode { " " } else { "" };
            Err(cx.type_error(format!("{noun} must return a tuple (object,{space}integer)")))
        }
    }
}

/// `codecs.encode`.
pub fn encode(cx: &mut Context, object: Value, encoding: Gc<Str>, errors: Option<Gc<Str>>) -> Result {
    let codec = lookup(cx, encoding)?;
    convert(cx, codec, Direction::Encode, object, encoding, errors)
}

/// `codecs.decode`.
pub fn decode(cx: &mut Context, object: Value, encoding: Gc<Str>, errors: Option<Gc<Str>>) -> Result {
    let codec = lookup(cx, encoding)?;
    convert(cx, codec, Direction::Decode, object, encoding, errors)
}

/// `str.encode` with an encoding that is not native.
pub(super) fn encode_text(
    cx: &mut Context,
    text: Gc<Str>,
    encoding: Gc<Str>,
    errors: Option<Gc<Str>>,
) -> Result<Gc<Bytes>> {
    let codec = lookup(cx, encoding)?;
    check_text_codec(cx, codec, encoding, "codecs.encode()")?;
    let made = convert(cx, codec, Direction::Encode, text.value(), encoding, errors)?;
    if let Some(bytes) = made.downcast::<Bytes>() {
        return Ok(bytes);
    }
    let name = encoding.to_str();
    if let Some(array) = made.downcast::<crate::types::bytearray::ByteArray>() {
        let message = format!(
            "encoder {name} returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types"
        );
        cx.warn(exception::runtime_warning, &message, 1)?;
        return Ok(cx.new_bytes(&array.to_vec(cx)));
    }
    let found = cx.type_name(made);
    Err(cx.type_error(format!(
        "'{name}' encoder returned '{found}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
    )))
}

/// `bytes.decode` with an encoding that is not native.
pub(super) fn decode_text(
    cx: &mut Context,
    object: Value,
    encoding: Gc<Str>,
    errors: Option<Gc<Str>>,
) -> Result<Gc<Str>> {
    let codec = lookup(cx, encoding)?;
    check_text_codec(cx, codec, encoding, "codecs.decode()")?;
    let made = convert(cx, codec, Direction::Decode, object, encoding, errors)?;
    match made.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let (name, found) = (encoding.to_str(), cx.type_name(made));
            Err(cx.type_error(format!(
                "'{name}' decoder returned '{found}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
            )))
        }
    }
}

/// `codecs.register_error`.
pub fn register_error(cx: &mut Context, name: Gc<Str>, handler: Value) -> Result<()> {
    if !cx.is_callable(handler) {
        return Err(cx.type_error("handler must be callable"));
    }
    let (.., handlers) = registry(cx);
    handlers.set_str(cx, name.intern(cx), handler);
    Ok(())
}

/// `codecs._unregister_error`: whether there was such a handler.
pub fn unregister_error(cx: &mut Context, name: Gc<Str>) -> Result<bool> {
    if BUILT_IN.iter().any(|(built_in, _)| name.is(built_in)) {
        let name = name.to_str();
        return Err(cx.value_error(format!("cannot un-register built-in error handler '{name}'")));
    }
    let (.., handlers) = registry(cx);
    Ok(handlers.remove_str(cx, name.intern(cx)).is_some())
}

/// `codecs.lookup_error`.
pub fn lookup_error(cx: &mut Context, name: Gc<Str>) -> Result {
    let (.., handlers) = registry(cx);
    let interned = name.intern(cx);
    if let Some(handler) = handlers.get_str(cx, interned) {
        return Ok(handler);
    }
    match ErrorMode::of(name) {
        ErrorMode::Named(_) => Err(unknown_handler(cx, name)),
        mode => {
            let handler = handler_function(cx, mode);
            handlers.set_str(cx, interned, handler);
            Ok(handler)
        }
    }
}

fn unknown_handler(cx: &Context, name: Gc<Str>) -> Raised {
    let name = name.to_str();
    cx.raise_message(exception::lookup_error, &format!("unknown error handler name '{name}'"))
}

/// The built-in handlers as functions.
struct Handlers;

/// Built-in error handlers.
#[taipan_macros::module("_codecs")]
impl Handlers {
    /// Raises the exception.
    #[function("(exception, /)")]
    fn strict_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::Strict, exception)
    }

    /// Leaves out what cannot be converted.
    #[function("(exception, /)")]
    fn ignore_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::Ignore, exception)
    }

    /// Puts a replacement character.
    #[function("(exception, /)")]
    fn replace_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::Replace, exception)
    }

    /// Puts backslash escapes.
    #[function("(exception, /)")]
    fn backslashreplace_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::BackslashReplace, exception)
    }

    /// Puts the characters' names.
    #[function("(exception, /)")]
    fn namereplace_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::NameReplace, exception)
    }

    /// Puts XML character references.
    #[function("(exception, /)")]
    fn xmlcharrefreplace_errors(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::XmlCharRefReplace, exception)
    }

    #[function("(exception, /)")]
    fn surrogateescape(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::SurrogateEscape, exception)
    }

    #[function("(exception, /)")]
    fn surrogatepass(cx: &mut Context, exception: Value) -> Result {
        errors::handle(cx, ErrorMode::SurrogatePass, exception)
    }
}

fn handler_function(cx: &Context, mode: ErrorMode) -> Value {
    use crate::native::NativeModule;
    let name = match mode {
        ErrorMode::Strict => "strict_errors",
        ErrorMode::Ignore => "ignore_errors",
        ErrorMode::Replace => "replace_errors",
        ErrorMode::BackslashReplace => "backslashreplace_errors",
        ErrorMode::NameReplace => "namereplace_errors",
        ErrorMode::XmlCharRefReplace => "xmlcharrefreplace_errors",
        ErrorMode::SurrogateEscape => "surrogateescape",
        ErrorMode::SurrogatePass | ErrorMode::Named(_) => "surrogatepass",
    };
    let def = Handlers::DEF.functions.iter().find(|def| def.name == name);
    NativeFunction::new(cx, def.expect("each built-in handler is defined"), None, None).value()
}
