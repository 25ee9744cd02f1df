//! `coroutine`: what an `async def` function returns. CPython: `Objects/genobject.c`.
//! Invariant: the body begins with a generator's, so resuming is the same code.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_bytecode::code_flag;
use taipan_macros::{Trace, class};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::slots::TypedSlot;
use taipan_runtime::types::str::Str;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::frame::Frame;
use crate::generator::{self, Input};
use crate::types::code::Code;
use crate::types::frame::Frame as FrameObject;
use crate::types::generator::{Generator, Kind, exception_to_throw, state, warn_old_throw, yielded_or_stop};

/// The body of a coroutine.
#[derive(Trace)]
#[repr(C)]
pub struct Coroutine {
    generator: Generator,
}

impl Coroutine {
    pub(crate) fn new(generator: Generator) -> Coroutine {
        Coroutine { generator }
    }
}

/// Frames that `cr_origin` records; see `sys.set_coroutine_origin_tracking_depth`.
pub(crate) static ORIGIN_DEPTH: AtomicUsize = AtomicUsize::new(0);

/// Records where a coroutine is made, if that was asked for.
pub(crate) fn note_origin(cx: &Context, generator: &Generator) {
    let depth = ORIGIN_DEPTH.load(Ordering::Relaxed);
    if depth == 0 {
        return;
    }
    let mut entries = taipan_runtime::buffer::GVec::new();
    let mut frame = Frame::top(cx).and_then(Frame::previous);
    while let Some(current) = frame
        && entries.len() < depth
    {
        let code = current.private().code();
        let line = code.data().locations.at(current.word_index()).line;
        let file = cx.intern(&code.data().filename).value();
        let name = cx.intern(&code.data().name).value();
        entries.push(cx.new_tuple(&[file, Value::int(line as i64), name]).value());
        frame = current.previous();
    }
    generator.origin.store(cx.new_tuple(&entries).value());
}

fn as_generator(coroutine: Gc<Coroutine>) -> Result<Gc<Generator>> {
    Ok(coroutine.value().downcast::<Generator>().expect("a coroutine begins with a generator"))
}

/// What `await value` drives. CPython: `_PyCoro_GetAwaitableIter`.
pub(crate) fn awaitable_iterator(cx: &mut Context, value: Value) -> Result {
    if let Some(generator) = value.downcast::<Generator>() {
        let flags = generator.code().data().flags;
        if generator.kind() == Kind::Coroutine || flags & code_flag::ITERABLE_COROUTINE != 0 {
            return Ok(value);
        }
    }
    let Some(get) = cx.class_of(value).slots.await_.get() else {
        let name = cx.type_name(value);
        return Err(cx.type_error(format!("'{name}' object can't be awaited")));
    };
    let iterator = get(cx, value)?;
    if let Some(generator) = iterator.downcast::<Generator>() {
        let flags = generator.code().data().flags;
        if generator.kind() == Kind::Coroutine || flags & code_flag::ITERABLE_COROUTINE != 0 {
            return Err(cx.type_error("__await__() returned a coroutine"));
        }
    }
    if !cx.class_of(iterator).slots.next.is_set() {
        let name = cx.type_name(iterator);
        return Err(cx.type_error(format!("__await__() returned non-iterator of type '{name}'")));
    }
    Ok(iterator)
}

#[class(name = "coroutine", kind = GENERATOR, base = Generator, parent = crate::types::object_cell, flags = DISALLOW_NEW | HAS_WEAKREF)]
impl Coroutine {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = Generator::repr_text(as_generator(this)?, cx);
        Ok(cx.new_str(&text).value())
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        taipan_runtime::types::generic_alias::GenericAlias::new(cx, class, object).value()
    }

    #[slot(await_)]
    fn await_(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(CoroutineWrapper { coroutine: TypedSlot::new(this) }).value()
    }

    #[slot(finalize)]
    fn finalize(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        let generator = as_generator(this)?;
        if generator.state() == state::CREATED {
            warn_unawaited(cx, generator)?;
        }
        generator::close(cx, generator).map(|_| ())
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[function("(arg, /)")]
    fn send(this: Gc<Self>, cx: &mut Context, arg: Value) -> Result {
        let outcome = generator::resume(cx, as_generator(this)?, Input::Send(arg))?;
        yielded_or_stop(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn throw(this: Gc<Self>, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        warn_old_throw(cx, val, "")?;
        let exception = exception_to_throw(cx, typ, val, tb)?;
        let outcome = generator::resume(cx, as_generator(this)?, Input::Throw(exception))?;
        yielded_or_stop(cx, outcome)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result {
        generator::close(cx, as_generator(this)?)
    }

    #[getter]
    fn cr_code(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Code>> {
        crate::audit_read(cx, this.value(), "cr_code")?;
        Ok(this.generator.code())
    }

    #[getter]
    fn cr_frame(this: Gc<Self>, cx: &mut Context) -> Result<Option<Gc<FrameObject>>> {
        crate::audit_read(cx, this.value(), "cr_frame")?;
        Ok(Generator::frame_attribute(as_generator(this)?, cx))
    }

    #[getter]
    fn cr_running(&self) -> bool {
        self.generator.is_running()
    }

    #[getter]
    fn cr_suspended(&self) -> bool {
        self.generator.state() == state::SUSPENDED
    }

    /// object being awaited on, or None
    #[getter]
    fn cr_await(&self) -> Option<Value> {
        self.generator.delegate()
    }

    #[getter]
    fn cr_origin(&self) -> Option<Value> {
        self.generator.origin.load()
    }

    /// name of the coroutine
    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        self.generator.name(cx)
    }

    #[setter]
    fn set___name__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.generator.set_name_checked(cx, value, false)
    }

    /// qualified name of the coroutine
    #[getter]
    fn __qualname__(&self, cx: &Context) -> Gc<Str> {
        self.generator.qualname(cx)
    }

    #[setter]
    fn set___qualname__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.generator.set_name_checked(cx, value, true)
    }
}

fn warn_unawaited(cx: &mut Context, generator: Gc<Generator>) -> Result<()> {
    let warnings = cx.vm().modules().get_str(cx, cx.intern("warnings"));
    if let Some(warnings) = warnings
        && let Some(warn) = cx.lookup_attr_str(warnings, "_warn_unawaited_coroutine")?
    {
        return cx.call(warn, &[generator.value()]).map(|_| ());
    }
    let message = format!("coroutine '{}' was never awaited", generator.qualname(cx).to_str());
    cx.warn(hierarchy::runtime_warning, &message, 1)
}

/// The iterator of a coroutine's `__await__`.
#[derive(Trace)]
pub struct CoroutineWrapper {
    coroutine: TypedSlot<Coroutine>,
}

impl CoroutineWrapper {
    fn generator(&self) -> Result<Gc<Generator>> {
        as_generator(self.coroutine.load().expect("a wrapper has a coroutine"))
    }
}

/// A wrapper object implementing __await__ for coroutines.
#[class(name = "coroutine_wrapper", flags = DISALLOW_NEW)]
impl CoroutineWrapper {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let outcome = generator::resume(cx, self.generator()?, Input::Send(Value::NONE))?;
        yielded_or_stop(cx, outcome).map(Some)
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[function("(arg, /)")]
    fn send(&self, cx: &mut Context, arg: Value) -> Result {
        let outcome = generator::resume(cx, self.generator()?, Input::Send(arg))?;
        yielded_or_stop(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn throw(&self, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        warn_old_throw(cx, val, "")?;
        let exception = exception_to_throw(cx, typ, val, tb)?;
        let outcome = generator::resume(cx, self.generator()?, Input::Throw(exception))?;
        yielded_or_stop(cx, outcome)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result {
        generator::close(cx, self.generator()?)
    }
}
