//! `async_generator` and the awaitables of its methods. CPython: `Objects/genobject.c`, PEP 525.
//! Invariant: `running` is set exactly while one of the awaitables drives the generator.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use taipan_macros::{Trace, class};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::slots::{Slot, TypedSlot};
use taipan_runtime::types::str::Str;
use taipan_runtime::vm::thread_slot;
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use crate::generator::{self, Input, Outcome};
use crate::types::code::Code;
use crate::types::frame::Frame as FrameObject;
use crate::types::generator::{Generator, exception_to_throw, state, warn_old_throw};

/// The body of an async generator.
#[derive(Trace)]
#[repr(C)]
pub struct AsyncGenerator {
    generator: Generator,
    running: AtomicBool,
    closed: AtomicBool,
    hooked: AtomicBool,
    finalizer: Slot,
}

/// A value on its way out of an async generator's `yield`; anything else that comes out is awaited.
#[derive(Trace)]
pub struct WrappedValue {
    value: Slot,
}

#[class(name = "async_generator_wrapped_value", flags = DISALLOW_NEW)]
impl WrappedValue {}

/// Wraps a yielded value.
pub(crate) fn wrap(cx: &Context, value: Value) -> Value {
    cx.new_object(WrappedValue { value: Slot::new(value) }).value()
}

impl AsyncGenerator {
    pub(crate) fn new(generator: Generator) -> AsyncGenerator {
        AsyncGenerator {
            generator,
            running: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            hooked: AtomicBool::new(false),
            finalizer: Slot::EMPTY,
        }
    }

    fn is_running(&self) -> bool {
        self.running.load(Ordering::Acquire)
    }

    fn set_running(&self, on: bool) {
        self.running.store(on, Ordering::Release);
    }

    fn as_generator(this: Gc<Self>) -> Gc<Generator> {
        this.value().downcast::<Generator>().expect("an async generator begins with a generator")
    }

    /// Tells the event loop about the generator before its first use.
    fn hook(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        if this.hooked.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        this.finalizer.store_option(cx.locals.slots[thread_slot::ASYNC_GEN_FINALIZER].load());
        if let Some(first) = cx.locals.slots[thread_slot::ASYNC_GEN_FIRSTITER].load() {
            cx.call(first, &[this.value()])?;
        }
        Ok(())
    }

    /// Resumes it: what comes out, StopAsyncIteration if it returns.
    fn drive(this: Gc<Self>, cx: &mut Context, input: Input) -> Result {
        match generator::resume(cx, AsyncGenerator::as_generator(this), input)? {
            Outcome::Yielded(value) => Ok(value),
            Outcome::Returned(_) => Err(cx.stop_async_iteration()),
        }
    }

    /// A yielded value ends the awaitable with StopIteration; what is awaited inside passes through.
    fn unwrap(this: Gc<Self>, cx: &mut Context, result: Result) -> Result {
        match result {
            Ok(value) => match value.downcast::<WrappedValue>() {
                Some(wrapped) => {
                    this.set_running(false);
                    Err(generator::raise_stop(cx, wrapped.value.load_or_none()))
                }
                None => Ok(value),
            },
            Err(raised) => {
                if cx.error_matches(&raised, hierarchy::stop_async_iteration)
                    || cx.error_matches(&raised, hierarchy::generator_exit)
                {
                    this.closed.store(true, Ordering::Release);
                }
                this.set_running(false);
                Err(raised)
            }
        }
    }

    fn send_awaitable(this: Gc<Self>, cx: &mut Context, value: Value) -> Result {
        AsyncGenerator::hook(this, cx)?;
        let awaitable = Asend {
            generator: TypedSlot::new(this),
            value: Slot::new(value),
            stage: AtomicU8::new(stage::INIT),
        };
        Ok(cx.new_object(awaitable).value())
    }

    fn throw_awaitable(this: Gc<Self>, cx: &mut Context, args: Option<Value>) -> Result {
        AsyncGenerator::hook(this, cx)?;
        let awaitable = Athrow {
            generator: TypedSlot::new(this),
            args: Slot::new_option(args),
            stage: AtomicU8::new(stage::INIT),
        };
        Ok(cx.new_object(awaitable).value())
    }
}

#[class(name = "async_generator", kind = GENERATOR, base = Generator, parent = crate::types::object_cell, flags = DISALLOW_NEW | HAS_WEAKREF)]
impl AsyncGenerator {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = Generator::repr_text(AsyncGenerator::as_generator(this), cx);
        Ok(cx.new_str(&text).value())
    }

    #[slot(aiter)]
    fn aiter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(anext)]
    fn anext(this: Gc<Self>, cx: &mut Context) -> Result {
        AsyncGenerator::send_awaitable(this, cx, Value::NONE)
    }

    #[slot(finalize)]
    fn finalize(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        if let Some(finalizer) = this.finalizer.load()
            && !this.closed.load(Ordering::Acquire)
        {
            return cx.call(finalizer, &[this.value()]).map(|_| ());
        }
        generator::close(cx, AsyncGenerator::as_generator(this)).map(|_| ())
    }

    /// asend(v) -> send 'v' in generator.
    #[function("(value, /)")]
    fn asend(this: Gc<Self>, cx: &mut Context, value: Value) -> Result {
        AsyncGenerator::send_awaitable(this, cx, value)
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// raise exception in generator.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn athrow(this: Gc<Self>, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        warn_old_throw(cx, val, "a")?;
        let (val, tb) = (val.unwrap_or(Value::NONE), tb.unwrap_or(Value::NONE));
        let args = cx.new_tuple(&[typ, val, tb]).value();
        AsyncGenerator::throw_awaitable(this, cx, Some(args))
    }

    /// aclose() -> raise GeneratorExit inside generator.
    #[function("()")]
    fn aclose(this: Gc<Self>, cx: &mut Context) -> Result {
        AsyncGenerator::throw_awaitable(this, cx, None)
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Result {
        Ok(taipan_runtime::types::generic_alias::GenericAlias::new(cx, class, item).value())
    }

    #[getter]
    fn ag_code(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Code>> {
        crate::audit_read(cx, this.value(), "ag_code")?;
        Ok(this.generator.code())
    }

    #[getter]
    fn ag_frame(this: Gc<Self>, cx: &mut Context) -> Result<Option<Gc<FrameObject>>> {
        crate::audit_read(cx, this.value(), "ag_frame")?;
        Ok(Generator::frame_attribute(AsyncGenerator::as_generator(this), cx))
    }

    #[getter(name = "ag_running")]
    fn running_attribute(&self) -> bool {
        self.is_running()
    }

    #[getter]
    fn ag_suspended(&self) -> bool {
        self.generator.state() == state::SUSPENDED
    }

    /// object being awaited on, or None
    #[getter]
    fn ag_await(&self) -> Option<Value> {
        self.generator.delegate()
    }

    /// name of the async generator
    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        self.generator.name(cx)
    }

    #[setter]
    fn set___name__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.generator.set_name_checked(cx, value, false)
    }

    /// qualified name of the async generator
    #[getter]
    fn __qualname__(&self, cx: &Context) -> Gc<Str> {
        self.generator.qualname(cx)
    }

    #[setter]
    fn set___qualname__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.generator.set_name_checked(cx, value, true)
    }
}

/// How far an awaitable has come.
mod stage {
    pub(super) const INIT: u8 = 0;
    pub(super) const ITER: u8 = 1;
    pub(super) const CLOSED: u8 = 2;
}

/// What `close()` of an awaitable makes of the end of a thrown GeneratorExit.
fn closed_result(cx: &Context, result: Result) -> Result<()> {
    match result {
        Ok(_) => Err(cx.runtime_error("coroutine ignored GeneratorExit")),
        Err(raised) => {
            let ends =
                [hierarchy::stop_iteration, hierarchy::stop_async_iteration, hierarchy::generator_exit as _];
            if ends.into_iter().any(|class| cx.error_matches(&raised, class)) {
                cx.take_exception(raised);
                return Ok(());
            }
            Err(raised)
        }
    }
}

/// The awaitable of `__anext__` and `asend`.
#[derive(Trace)]
pub struct Asend {
    generator: TypedSlot<AsyncGenerator>,
    value: Slot,
    stage: AtomicU8,
}

impl Asend {
    fn generator(&self) -> Gc<AsyncGenerator> {
        self.generator.load().expect("an awaitable has a generator")
    }

    fn stage(&self) -> u8 {
        self.stage.load(Ordering::Acquire)
    }

    fn set_stage(&self, stage: u8) {
        self.stage.store(stage, Ordering::Release);
    }

    fn reused(cx: &Context) -> Raised {
        cx.runtime_error("cannot reuse already awaited __anext__()/asend()")
    }

    fn already_running(cx: &Context) -> Raised {
        cx.runtime_error("anext(): asynchronous generator is already running")
    }

    fn resume(&self, cx: &mut Context, input: Input) -> Result {
        let generator = self.generator();
        let result = AsyncGenerator::drive(generator, cx, input);
        let result = AsyncGenerator::unwrap(generator, cx, result);
        if result.is_err() {
            self.set_stage(stage::CLOSED);
        }
        result
    }

    fn send_value(&self, cx: &mut Context, value: Value) -> Result {
        let mut value = value;
        match self.stage() {
            stage::CLOSED => return Err(Asend::reused(cx)),
            stage::INIT => {
                if self.generator().is_running() {
                    self.set_stage(stage::CLOSED);
                    return Err(Asend::already_running(cx));
                }
                if value.is_none() {
                    value = self.value.load_or_none();
                }
                self.set_stage(stage::ITER);
            }
            _ => {}
        }
        self.generator().set_running(true);
        self.resume(cx, Input::Send(value))
    }

    fn throw_exception(&self, cx: &mut Context, exception: Value) -> Result {
        match self.stage() {
            stage::CLOSED => return Err(Asend::reused(cx)),
            stage::INIT => {
                if self.generator().is_running() {
                    self.set_stage(stage::CLOSED);
                    return Err(Asend::already_running(cx));
                }
                self.set_stage(stage::ITER);
                self.generator().set_running(true);
            }
            _ => {}
        }
        self.resume(cx, Input::Throw(exception))
    }
}

#[class(name = "async_generator_asend", flags = DISALLOW_NEW)]
impl Asend {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(await_)]
    fn await_(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        self.send_value(cx, Value::NONE).map(Some)
    }

    #[function("(value, /)")]
    fn send(&self, cx: &mut Context, value: Value) -> Result {
        self.send_value(cx, value)
    }

    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn throw(&self, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let exception = exception_to_throw(cx, typ, val, tb)?;
        self.throw_exception(cx, exception)
    }

    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        if self.stage() == stage::CLOSED {
            return Ok(());
        }
        let exit = cx.new_exception(hierarchy::generator_exit, &[]);
        let result = self.throw_exception(cx, exit);
        closed_result(cx, result)
    }
}

/// The awaitable of `athrow` and, without arguments, of `aclose`.
#[derive(Trace)]
pub struct Athrow {
    generator: TypedSlot<AsyncGenerator>,
    args: Slot,
    stage: AtomicU8,
}

impl Athrow {
    fn generator(&self) -> Gc<AsyncGenerator> {
        self.generator.load().expect("an awaitable has a generator")
    }

    fn stage(&self) -> u8 {
        self.stage.load(Ordering::Acquire)
    }

    fn set_stage(&self, stage: u8) {
        self.stage.store(stage, Ordering::Release);
    }

    fn closes(&self) -> bool {
        self.args.load().is_none()
    }

    fn reused(cx: &Context) -> Raised {
        cx.runtime_error("cannot reuse already awaited aclose()/athrow()")
    }

    fn already_running(&self, cx: &Context) -> Raised {
        self.set_stage(stage::CLOSED);
        let method = if self.closes() { "aclose" } else { "athrow" };
        cx.runtime_error(format!("{method}(): asynchronous generator is already running"))
    }

    /// The exception that the call asked for.
    fn exception(&self, cx: &mut Context) -> Result {
        let args = self.args.load().and_then(Value::downcast::<taipan_runtime::types::tuple::Tuple>);
        match args.as_ref().map(|args| args.items()) {
            Some([typ, val, tb]) => exception_to_throw(cx, *typ, Some(*val), Some(*tb)),
            _ => Ok(cx.new_exception(hierarchy::generator_exit, &[])),
        }
    }

    /// What came out of the generator, as this awaitable shows it.
    fn conclude(&self, cx: &mut Context, result: Result) -> Result {
        let generator = self.generator();
        if !self.closes() {
            let result = AsyncGenerator::unwrap(generator, cx, result);
            if result.is_err() {
                self.set_stage(stage::CLOSED);
            }
            return result;
        }
        match result {
            Ok(value) if value.downcast::<WrappedValue>().is_some() => {
                generator.set_running(false);
                self.set_stage(stage::CLOSED);
                Err(cx.runtime_error("async generator ignored GeneratorExit"))
            }
            Ok(value) => Ok(value),
            Err(raised) => {
                generator.set_running(false);
                self.set_stage(stage::CLOSED);
                if cx.error_matches(&raised, hierarchy::stop_async_iteration)
                    || cx.error_matches(&raised, hierarchy::generator_exit)
                {
                    cx.take_exception(raised);
                    return Err(cx.stop_iteration(None));
                }
                Err(raised)
            }
        }
    }

    fn send_value(&self, cx: &mut Context, value: Value) -> Result {
        let generator = self.generator();
        if self.stage() == stage::CLOSED {
            return Err(Athrow::reused(cx));
        }
        if generator.generator.state() == state::FINISHED {
            self.set_stage(stage::CLOSED);
            return Err(cx.stop_iteration(None));
        }
        if self.stage() == stage::ITER {
            let result = AsyncGenerator::drive(generator, cx, Input::Send(value));
            return self.conclude(cx, result);
        }
        if generator.is_running() {
            return Err(self.already_running(cx));
        }
        if generator.closed.load(Ordering::Acquire) {
            self.set_stage(stage::CLOSED);
            return Err(cx.stop_async_iteration());
        }
        if !value.is_none() {
            return Err(cx.runtime_error("can't send non-None value to a just-started coroutine"));
        }
        self.set_stage(stage::ITER);
        generator.set_running(true);
        if self.closes() {
            generator.closed.store(true, Ordering::Release);
        }
        let result = match self.exception(cx) {
            Ok(exception) => AsyncGenerator::drive(generator, cx, Input::Throw(exception)),
            Err(raised) => Err(raised),
        };
        self.conclude(cx, result)
    }

    fn throw_exception(&self, cx: &mut Context, exception: Value) -> Result {
        match self.stage() {
            stage::CLOSED => return Err(Athrow::reused(cx)),
            stage::INIT => {
                if self.generator().is_running() {
                    return Err(self.already_running(cx));
                }
                self.set_stage(stage::ITER);
                self.generator().set_running(true);
            }
            _ => {}
        }
        let result = AsyncGenerator::drive(self.generator(), cx, Input::Throw(exception));
        self.conclude(cx, result)
    }
}

#[class(name = "async_generator_athrow", flags = DISALLOW_NEW)]
impl Athrow {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(await_)]
    fn await_(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        self.send_value(cx, Value::NONE).map(Some)
    }

    #[function("(value, /)")]
    fn send(&self, cx: &mut Context, value: Value) -> Result {
        self.send_value(cx, value)
    }

    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn throw(&self, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let exception = exception_to_throw(cx, typ, val, tb)?;
        self.throw_exception(cx, exception)
    }

    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        if self.stage() == stage::CLOSED {
            return Ok(());
        }
        let exit = cx.new_exception(hierarchy::generator_exit, &[]);
        let result = self.throw_exception(cx, exit);
        closed_result(cx, result)
    }
}
