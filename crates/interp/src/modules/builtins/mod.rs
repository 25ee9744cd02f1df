//! `builtins`. CPython: `Python/bltinmodule.c`.
//! Invariant: functions that speak of the calling frame find it on top of the VM stack, as natives have none.

pub(crate) mod anext;
mod build_class;
mod extreme;
mod output;
mod quick;
mod scope;
mod source;
mod sum;

use taipan_macros::module;
use taipan_runtime::exception::hierarchy;
use taipan_runtime::layout::Object;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::attr::attribute_name;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::type_::ClassCell;
use taipan_runtime::types::{self, iterators};

use crate::generator::{self, Input};
use crate::types::generator::Generator;

pub use source::compile_source;
pub(crate) use source::source_bytes;

/// The module.
pub struct Builtins;

/// Native types under their own names.
static CLASSES: &[fn() -> &'static ClassCell] = &[
    ByteArray::class_cell,
    Bytes::class_cell,
    Class::class_cell,
    Dict::class_cell,
    List::class_cell,
    Str::class_cell,
    Tuple::class_cell,
    iterators::enumerate::Enumerate::class_cell,
    iterators::filter::Filter::class_cell,
    iterators::map::Map::class_cell,
    iterators::reversed::Reversed::class_cell,
    iterators::zip::Zip::class_cell,
    taipan_runtime::instance::Instance::class_cell,
    types::bool_::Bool::class_cell,
    types::classmethod::ClassMethodObject::class_cell,
    types::complex::Complex::class_cell,
    types::float::Float::class_cell,
    types::int::Int::class_cell,
    types::memoryview::MemoryView::class_cell,
    types::property::Property::class_cell,
    types::range::Range::class_cell,
    types::set::FrozenSet::class_cell,
    types::set::Set::class_cell,
    types::slice::Slice::class_cell,
    types::staticmethod::StaticMethod::class_cell,
    types::super_::Super::class_cell,
];

/// `iterator.__next__()` with its own StopIteration, whose value the slot does not carry.
pub(crate) fn next_item(cx: &mut Context, iterator: Value) -> Result {
    if let Some(generator) = cx.exact::<Generator>(iterator) {
        let outcome = generator::resume(cx, generator, Input::Send(Value::NONE))?;
        return crate::types::generator::yielded_or_stop(cx, outcome);
    }
    let class = cx.class_of(iterator);
    if !class.slots.next.is_set() {
        let name = cx.type_name(iterator);
        return Err(cx.type_error(format!("'{name}' object is not an iterator")));
    }
    if class.is_heap()
        && let Some(value) = cx.call_special(iterator, id::__next__, &[])?
    {
        return Ok(value);
    }
    match cx.next(iterator)? {
        Some(value) => Ok(value),
        None => Err(cx.stop_iteration(None)),
    }
}

/// An int in another base, with its prefix.
fn in_base(cx: &mut Context, number: Value, bits_per_digit: u32, prefix: &str) -> Result {
    let number = cx.index(number)?;
    // The int's own digits, whatever a subclass makes of formats.
    let text =
        taipan_runtime::types::int::with_ref(number, |number| number.to_prefixed(bits_per_digit, prefix));
    Ok(cx.new_str(&text).value())
}

fn too_few(cx: &Context, name: &str, least: usize, got: usize) -> Raised {
    let plural = if least == 1 { "" } else { "s" };
    cx.type_error(format!("{name} expected at least {least} argument{plural}, got {got}"))
}

/// Built-in functions, types, exceptions, and other objects.
///
/// This module provides direct access to all 'built-in'
/// identifiers of Python; for example, builtins.len is
/// the full name for the built-in function len().
#[module("builtins")]
impl Builtins {
    #[exec]
    fn exec_module(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for cell in CLASSES.iter().chain(taipan_runtime::exception::BUILTIN) {
            let class = cell().ensure(cx);
            dict.set_str(cx, class.name(), class.value());
        }
        let os_error = hierarchy::os_error().ensure(cx).value();
        let constants = [
            ("None", Value::NONE),
            ("Ellipsis", Value::ELLIPSIS),
            ("NotImplemented", Value::NOT_IMPLEMENTED),
            ("False", Value::FALSE),
            ("True", Value::TRUE),
            ("__debug__", Value::bool(crate::options().optimize == 0)),
            ("EnvironmentError", os_error),
            ("ExceptionGroup", taipan_runtime::exception::group::exception_group().value()),
            ("IOError", os_error),
        ];
        for (name, value) in constants {
            let name = cx.intern(name);
            dict.set_str(cx, name, value);
        }
        Ok(())
    }

    /// Builds the class that a class statement defines.
    #[function("(*args, **kwargs)", text = "")]
    fn __build_class__(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        build_class::build_class(cx, args.items(), kwargs)
    }

    /// Imports a module; the function behind the import statement.
    #[function("(name, globals=None, locals=None, fromlist=(), level=0)")]
    fn __import__(
        cx: &mut Context,
        name: Value,
        globals: Value,
        locals: Value,
        fromlist: Value,
        level: i32,
    ) -> Result {
        let _ = locals;
        crate::import::import(cx, name, globals, fromlist, level)
    }

    /// Return the absolute value of a number.
    #[function("(x, /)", quick = quick::abs)]
    fn abs(cx: &mut Context, x: Value) -> Result {
        match cx.class_of(x).slots.abs.get() {
            Some(abs) => abs(cx, x),
            None => {
                let name = cx.type_name(x);
                Err(cx.type_error(format!("bad operand type for abs(): '{name}'")))
            }
        }
    }

    /// Return an async iterator of an async iterable.
    #[function("(async_iterable, /)")]
    fn aiter(cx: &mut Context, async_iterable: Value) -> Result {
        anext::aiter(cx, async_iterable)
    }

    /// Return True if every item is true (or there is none).
    #[function("(iterable, /)")]
    fn all(cx: &mut Context, iterable: Value) -> Result<bool> {
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next(iterator)? {
            if !cx.truth(item)? {
                return Ok(false);
            }
            cx.poll()?;
        }
        Ok(true)
    }

    /// Return an awaitable of an async iterator's next item, or of the default at its end.
    #[function("(aiterator, default=<absent>, /)")]
    fn anext(cx: &mut Context, aiterator: Value, default: Option<Value>) -> Result {
        anext::anext(cx, aiterator, default)
    }

    /// Return True if some item is true.
    #[function("(iterable, /)")]
    fn any(cx: &mut Context, iterable: Value) -> Result<bool> {
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next(iterator)? {
            if cx.truth(item)? {
                return Ok(true);
            }
            cx.poll()?;
        }
        Ok(false)
    }

    /// Return repr(obj) with everything outside ASCII escaped.
    #[function("(obj, /)")]
    fn ascii(cx: &mut Context, obj: Value) -> Result<Gc<Str>> {
        cx.ascii(obj)
    }

    /// Return an int in binary: bin(10) is '0b1010'.
    ///
    /// >>> bin(-37)
    /// '-0b100101'
    #[function("(number, /)", quick = quick::bin)]
    fn bin(cx: &mut Context, number: Value) -> Result {
        in_base(cx, number, 1, "0b")
    }

    /// Call sys.breakpointhook with the same arguments.
    #[function("(*args, **kws)")]
    fn breakpoint(cx: &mut Context, args: Gc<Tuple>, kws: Gc<Dict>) -> Result {
        let sys = cx.import("sys")?;
        match cx.lookup_attr_str(sys, "breakpointhook")? {
            Some(hook) => {
                cx.audit("builtins.breakpoint", |_| [hook])?;
                cx.call_ex(hook, args.items(), Some(kws))
            }
            None => Err(cx.runtime_error("lost sys.breakpointhook")),
        }
    }

    /// Return whether the object can be called.
    #[function("(obj, /)")]
    fn callable(cx: &mut Context, obj: Value) -> bool {
        cx.is_callable(obj)
    }

    /// Return the string of one character with this code point.
    #[function("(i, /)", quick = quick::chr)]
    fn chr(cx: &mut Context, i: Value) -> Result {
        let code = cx.index_i128(i)?;
        match u32::try_from(code) {
            Ok(code) if code <= 0x10_FFFF => {
                let mut builder = types::str::StrBuilder::new();
                builder.push_char(code);
                Ok(builder.finish(cx).value())
            }
            _ => Err(cx.value_error("chr() arg not in range(0x110000)")),
        }
    }

    /// Compile source text, or an AST, to a code object for exec() or eval().
    #[function("(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)")]
    fn compile(
        cx: &mut Context,
        source: Value,
        filename: Value,
        mode: Gc<Str>,
        flags: i32,
        dont_inherit: bool,
        optimize: i32,
        _feature_version: i32,
    ) -> Result {
        let mode = mode.to_str();
        source::compile(cx, source, filename, &mode, flags, dont_inherit, optimize, _feature_version)
    }

    /// delattr(x, 'y') is del x.y.
    #[function("(obj, name, /)")]
    fn delattr(cx: &mut Context, obj: Value, name: Value) -> Result<()> {
        let name = attribute_name(cx, name)?;
        cx.del_attr(obj, name)
    }

    /// dir([object]) -> list of names: of the current scope, or of an object's attributes.
    #[function("(object=<absent>, /)", text = "")]
    fn dir(cx: &mut Context, object: Option<Value>) -> Result {
        scope::dir(cx, object)
    }

    /// Return (x // y, x % y).
    #[function("(x, y, /)")]
    fn divmod(cx: &mut Context, x: Value, y: Value) -> Result {
        cx.binary(BinaryOp::DivMod, x, y)
    }

    /// Evaluate an expression, or a code object, in the given namespaces.
    #[function("(source, /, globals=None, locals=None)")]
    fn eval(cx: &mut Context, source: Value, globals: Value, locals: Value) -> Result {
        source::eval(cx, source, globals, locals)
    }

    /// Execute statements, or a code object, in the given namespaces.
    #[function("(source, /, globals=None, locals=None, *, closure=None)")]
    fn exec(cx: &mut Context, source: Value, globals: Value, locals: Value, closure: Value) -> Result<()> {
        source::exec(cx, source, globals, locals, closure)
    }

    /// Return value.__format__(format_spec).
    #[function("(value, format_spec='', /)")]
    fn format(cx: &mut Context, value: Value, format_spec: Value) -> Result<Gc<Str>> {
        match format_spec.downcast::<Str>() {
            Some(spec) => cx.format(value, spec),
            None => {
                let name = cx.argument_type_name(format_spec);
                Err(cx.type_error(format!("format() argument 2 must be str, not {name}")))
            }
        }
    }

    /// getattr(object, name[, default]) -> value
    #[function("(object, name, default=<absent>, /)", text = "")]
    fn getattr(cx: &mut Context, object: Value, name: Value, default: Option<Value>) -> Result {
        let name = attribute_name(cx, name)?;
        match default {
            Some(default) => Ok(cx.lookup_attr(object, name)?.unwrap_or(default)),
            None => cx.get_attr(object, name),
        }
    }

    /// Return the dict of the calling scope's global variables.
    #[function("()")]
    fn globals(cx: &mut Context) -> Result {
        scope::globals(cx)
    }

    /// Return whether the object has an attribute of this name.
    #[function("(obj, name, /)")]
    fn hasattr(cx: &mut Context, obj: Value, name: Value) -> Result<bool> {
        let name = attribute_name(cx, name)?;
        Ok(cx.lookup_attr(obj, name)?.is_some())
    }

    /// Return the object's hash, an int; equal objects have equal hashes.
    #[function("(obj, /)", quick = quick::hash)]
    fn hash(cx: &mut Context, obj: Value) -> Result<i64> {
        cx.hash(obj)
    }

    /// Return an int in hexadecimal: hex(255) is '0xff'.
    ///
    /// >>> hex(48879)
    /// '0xbeef'
    #[function("(number, /)", quick = quick::hex)]
    fn hex(cx: &mut Context, number: Value) -> Result {
        in_base(cx, number, 4, "0x")
    }

    /// Return the identity of an object: an int that no other living object has.
    #[function("(obj, /)")]
    fn id(cx: &mut Context, obj: Value) -> Result {
        let identity = crate::identity(cx, obj);
        cx.audit("builtins.id", |_| [identity])?;
        Ok(identity)
    }

    /// Read a line from standard input, without its newline, after printing the prompt.
    #[function("(prompt='', /)")]
    fn input(cx: &mut Context, prompt: Value) -> Result {
        output::input(cx, prompt)
    }

    /// Return whether an object is an instance of a class, of one in a tuple, or of a union.
    #[function("(obj, class_or_tuple, /)", quick = quick::isinstance)]
    fn isinstance(cx: &mut Context, obj: Value, class_or_tuple: Value) -> Result<bool> {
        cx.is_instance(obj, class_or_tuple)
    }

    /// Return whether a class is derived from another, from one in a tuple, or from one of a union.
    #[function("(cls, class_or_tuple, /)")]
    fn issubclass(cx: &mut Context, cls: Value, class_or_tuple: Value) -> Result<bool> {
        cx.is_subclass(cls, class_or_tuple)
    }

    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator that ends when the callable returns the sentinel
    #[function("(object, sentinel=<absent>, /)", text = "")]
    fn iter(cx: &mut Context, object: Value, sentinel: Option<Value>) -> Result {
        match sentinel {
            None => cx.iter(object),
            Some(sentinel) if cx.is_callable(object) => {
                Ok(iterators::callable::CallableIterator::of(cx, object, sentinel).value())
            }
            Some(_) => Err(cx.type_error("iter(v, w): v must be callable")),
        }
    }

    /// Return the number of items in a container.
    #[function("(obj, /)", quick = quick::len)]
    fn len(cx: &mut Context, obj: Value) -> Result<usize> {
        cx.len(obj)
    }

    /// Return a dict of the calling scope's local variables.
    #[function("()")]
    fn locals(cx: &mut Context) -> Result {
        scope::locals(cx)
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    #[function("(*args, **kwargs)", text = "", quick = quick::max)]
    fn max(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        extreme::extreme(cx, "max", CompareOp::Gt, args.items(), kwargs)
    }

    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    #[function("(*args, **kwargs)", text = "", quick = quick::min)]
    fn min(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        extreme::extreme(cx, "min", CompareOp::Lt, args.items(), kwargs)
    }

    /// next(iterator[, default]) -> the next item, or the default at the end
    #[function("(iterator, default=<absent>, /)", text = "")]
    fn next(cx: &mut Context, iterator: Value, default: Option<Value>) -> Result {
        match (next_item(cx, iterator), default) {
            (Err(raised), Some(default)) => {
                cx.swallow(raised, hierarchy::stop_iteration)?;
                Ok(default)
            }
            (result, _) => result,
        }
    }

    /// Return an int in octal: oct(8) is '0o10'.
    ///
    /// >>> oct(493)
    /// '0o755'
    #[function("(number, /)", quick = quick::oct)]
    fn oct(cx: &mut Context, number: Value) -> Result {
        in_base(cx, number, 3, "0o")
    }

    /// Return the code point of a one-character string, or the byte of one byte.
    #[function("(character, /)", quick = quick::ord)]
    fn ord(cx: &mut Context, character: Value) -> Result<u32> {
        let (length, code) = if let Some(text) = character.downcast::<Str>() {
            (text.len(), if text.len() == 1 { text.char_at(0) } else { 0 })
        } else if let Some(bytes) = character.downcast::<Bytes>() {
            let bytes = bytes.as_slice();
            (bytes.len(), bytes.first().copied().unwrap_or(0) as u32)
        } else if let Some(array) = character.downcast::<ByteArray>() {
            let bytes = array.to_vec(cx);
            (bytes.len(), bytes.first().copied().unwrap_or(0) as u32)
        } else {
            let name = cx.type_name(character);
            return Err(cx.type_error(format!("ord() expected string of length 1, but {name} found")));
        };
        if length != 1 {
            return Err(
                cx.type_error(format!("ord() expected a character, but string of length {length} found"))
            );
        }
        Ok(code)
    }

    /// base ** exp, or base ** exp % mod, which is faster for ints.
    #[function("(base, exp, mod=None)", quick = quick::pow)]
    fn pow(cx: &mut Context, base: Value, exp: Value, mod_: Value) -> Result {
        cx.pow(base, exp, mod_)
    }

    /// Print values to a stream, sys.stdout by default.
    #[function("(*args, sep=' ', end='\\n', file=None, flush=False)")]
    fn print(
        cx: &mut Context,
        args: Gc<Tuple>,
        sep: Value,
        end: Value,
        file: Value,
        flush: bool,
    ) -> Result<()> {
        output::print(cx, args.items(), sep, end, file, flush)
    }

    /// Return the text that stands for the object in source or in messages.
    #[function("(obj, /)")]
    fn repr(cx: &mut Context, obj: Value) -> Result<Gc<Str>> {
        cx.repr(obj)
    }

    /// Round a number to some decimal digits, to an int if ndigits is None.
    #[function("(number, ndigits=None)")]
    fn round(cx: &mut Context, number: Value, ndigits: Value) -> Result {
        let args: &[Value] = if ndigits.is_none() { &[] } else { &[ndigits] };
        match cx.call_special(number, id::__round__, args)? {
            Some(rounded) => Ok(rounded),
            None => {
                let name = cx.type_name(number);
                Err(cx.type_error(format!("type {name} doesn't define __round__ method")))
            }
        }
    }

    /// setattr(x, 'y', v) is x.y = v.
    #[function("(obj, name, value, /)")]
    fn setattr(cx: &mut Context, obj: Value, name: Value, value: Value) -> Result<()> {
        let name = attribute_name(cx, name)?;
        cx.set_attr(obj, name, value)
    }

    /// Return a new list of the items in ascending order.
    #[function("(iterable, /, *, key=None, reverse=False)")]
    fn sorted(cx: &mut Context, iterable: Value, key: Option<Value>, reverse: bool) -> Result {
        let mut items = cx.collect(iterable)?;
        taipan_runtime::types::list::sort_values(cx, &mut items, key, reverse)?;
        Ok(cx.new_list(&items).value())
    }

    /// Return the sum of the numbers and a start value.
    #[function("(iterable, /, start=0)")]
    fn sum(cx: &mut Context, iterable: Value, start: Value) -> Result {
        sum::sum(cx, iterable, start)
    }

    /// vars([object]) -> object.__dict__, or locals()
    #[function("(object=<absent>, /)", text = "")]
    fn vars(cx: &mut Context, object: Option<Value>) -> Result {
        let Some(object) = object else { return scope::locals(cx) };
        match cx.lookup_attr_str(object, "__dict__")? {
            Some(dict) => Ok(dict),
            None => Err(cx.type_error("vars() argument must have __dict__ attribute")),
        }
    }
}
