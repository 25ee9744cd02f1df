//! `generator`: the object of a suspended function. CPython: `Objects/genobject.c`.
//! Coroutines and async generators begin with the same body.
//! Invariant: see `crate::generator`.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use taipan_bytecode::code_flag;
use taipan_macros::{Trace, class};
use taipan_runtime::exception::BaseException;
use taipan_runtime::slots::{Slot, TypedSlot};
use taipan_runtime::types::str::Str;
use taipan_runtime::types::traceback::Traceback;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::cache::{Pc, Private};
use crate::frame::{Frame, Registers};
use crate::generator::{self, Input, Outcome};
use crate::types::async_generator::AsyncGenerator;
use crate::types::code::Code;
use crate::types::coroutine::Coroutine;
use crate::types::frame::Frame as FrameObject;
use crate::types::function::Function;

/// What a generator is doing.
pub(crate) mod state {
    pub(crate) const CREATED: u8 = 0;
    pub(crate) const SUSPENDED: u8 = 1;
    pub(crate) const RUNNING: u8 = 2;
    pub(crate) const FINISHED: u8 = 3;
}

/// Which of the three it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Generator,
    Coroutine,
    AsyncGenerator,
}

impl Kind {
    /// How messages name it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Generator => "generator",
            Kind::Coroutine => "coroutine",
            Kind::AsyncGenerator => "async generator",
        }
    }
}

/// The body of a generator, with which coroutines and async generators begin.
#[derive(Trace)]
#[repr(C)]
pub struct Generator {
    state: AtomicU8,
    kind: u8,
    /// Registers of variables, which are always kept.
    locals: u32,
    /// Handlers of its own that it is inside of.
    own: AtomicU32,
    /// Where it goes on: the instruction at which it is suspended, or its first one.
    pc: AtomicU64,
    private: Private,
    live: AtomicU32,
    registers: Registers,
    function: TypedSlot<Function>,
    /// Its name, if it is not the code's; so the qualified one.
    name: TypedSlot<Str>,
    qualname: TypedSlot<Str>,
    /// Its frame object, while it has one.
    pub(crate) frame: TypedSlot<FrameObject>,
    /// The exception it handles, while it is suspended.
    pub(crate) handled: Slot,
    /// The exception that its resumer handles, while it runs.
    pub(crate) outer: Slot,
    /// What was sent while it delegates.
    pub(crate) input: Slot,
    /// `cr_origin`.
    pub(crate) origin: Slot,
    /// The namespace of a module's code that awaits.
    namespace: Slot,
}

impl Generator {
    /// The object of a frame that starts as a generator; it goes on at `pc`.
    pub(crate) fn of_frame(cx: &Context, frame: Frame, pc: Pc) -> Value {
        let private = frame.private();
        let function = frame.function();
        let flags = private.code().data().flags;
        let is = |flag: u32| (flags & flag != 0) as u8;
        let body = Generator {
            state: AtomicU8::new(state::CREATED),
            locals: private.locals() as u32,
            kind: is(code_flag::COROUTINE) + 2 * is(code_flag::ASYNC_GENERATOR),
            own: AtomicU32::new(0),
            pc: AtomicU64::new(pc.bits()),
            private,
            live: AtomicU32::new(0),
            registers: Registers::NONE,
            name: TypedSlot::new_option(function.own_name()),
            qualname: TypedSlot::new_option(function.own_qualname()),
            function: TypedSlot::new(function),
            frame: TypedSlot::EMPTY,
            handled: Slot::EMPTY,
            outer: Slot::EMPTY,
            input: Slot::EMPTY,
            origin: Slot::EMPTY,
            namespace: Slot::new_option(frame.namespace()),
        };
        body.registers.allocate(cx, private.nregs());
        let locals = private.locals();
        frame.copy_registers(locals, &body.registers);
        body.live.store(locals as u32, Ordering::Relaxed);
        let has_handlers = !private.code().data().exceptions.is_empty();
        let object = if flags & code_flag::COROUTINE != 0 {
            crate::types::coroutine::note_origin(cx, &body);
            cx.new_object_unfinalized(Coroutine::new(body)).value()
        } else if flags & code_flag::ASYNC_GENERATOR != 0 {
            cx.new_object_unfinalized(AsyncGenerator::new(body)).value()
        } else {
            cx.new_object_unfinalized(body).value()
        };
        // A suspended `finally` runs when the object is collected; a coroutine says that nobody awaited it.
        if (has_handlers || flags & (code_flag::COROUTINE | code_flag::ASYNC_GENERATOR) != 0)
            && let Some(cell) = object.as_cell()
        {
            cx.heap().set_finalizer(cell);
        }
        object
    }

    pub(crate) fn namespace(&self) -> Option<Value> {
        self.namespace.load()
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.kind {
            1 => Kind::Coroutine,
            2 => Kind::AsyncGenerator,
            _ => Kind::Generator,
        }
    }

    pub(crate) fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    pub(crate) fn set_state(&self, state: u8) {
        self.state.store(state, Ordering::Release);
    }

    /// Takes the generator for a resumption: the state before, or the state that forbids it.
    pub(crate) fn begin(&self) -> std::result::Result<u8, u8> {
        loop {
            match self.state() {
                before @ (state::CREATED | state::SUSPENDED) => {
                    if !taipan_gc::multi_threaded() {
                        self.state.store(state::RUNNING, Ordering::Relaxed);
                        return Ok(before);
                    }
                    let swapped = self.state.compare_exchange(
                        before,
                        state::RUNNING,
                        Ordering::AcqRel,
                        Ordering::Acquire,
                    );
                    if swapped.is_ok() {
                        return Ok(before);
                    }
                }
                other => return Err(other),
            }
        }
    }

    /// It will not run again, so neither a `finally` nor a warning is left for the collector to see to.
    pub(crate) fn finish(this: Gc<Self>, cx: &Context) {
        this.registers.release(cx);
        this.handled.clear();
        this.input.clear();
        this.set_state(state::FINISHED);
        cx.heap().cancel_finalizer(std::ptr::NonNull::from(this.header()));
    }

    pub(crate) fn private(&self) -> Private {
        self.private
    }

    pub(crate) fn function(&self) -> Gc<Function> {
        self.function.load().expect("a generator has a function")
    }

    pub(crate) fn pc(&self) -> Pc {
        Pc::from_bits(self.pc.load(Ordering::Acquire))
    }

    /// Keeps the registers below `live` and where to go on.
    #[inline]
    pub(crate) fn save(&self, frame: Frame, live: usize, pc: Pc) {
        let live = live.max(self.locals as usize);
        frame.copy_registers(live, &self.registers);
        self.live.store(live as u32, Ordering::Relaxed);
        self.pc.store(pc.bits(), Ordering::Release);
    }

    /// As `save` of a narrow instruction, while there is no other thread. False if there are many registers.
    #[inline(always)]
    pub(crate) fn save_alone(&self, frame: Frame, live: usize, pc: Pc) -> bool {
        let live = live.max(self.locals as usize);
        if !frame.copy_registers_alone(live, &self.registers) {
            return false;
        }
        self.live.store(live as u32, Ordering::Relaxed);
        self.pc.store(pc.bits(), Ordering::Release);
        true
    }

    /// As `restore`, under the same conditions.
    #[inline(always)]
    pub(crate) fn restore_alone(&self, frame: Frame) -> bool {
        frame.take_registers_alone(self.live.load(Ordering::Relaxed) as usize, &self.registers)
    }

    /// Has it neither a handler of its own that it is inside of nor a frame object?
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        self.own_handlers() == 0 && self.frame.load().is_none()
    }

    /// Puts the registers into a frame.
    pub(crate) fn restore(&self, frame: Frame) {
        frame.take_registers(self.live.load(Ordering::Relaxed) as usize, &self.registers);
    }

    /// Goes on handling what its resumer does; inside handlers of its own it has kept that.
    pub(crate) fn leave_handlers(&self, cx: &Context) {
        if self.own_handlers() > 0 {
            let outer = self.outer.swap_owned(None);
            self.handled.store_option(cx.set_handled(outer));
        }
    }

    /// Handles what it did when `leave_handlers` was called.
    pub(crate) fn enter_handlers(&self, cx: &Context) {
        if self.own_handlers() > 0 {
            self.outer.store_option(cx.set_handled(self.handled.swap_owned(None)));
        }
    }

    /// Leaves the frame as if it had not been resumed; it has left its handlers.
    pub(crate) fn put_back(&self, frame: Frame) {
        if let Some(object) = frame.object() {
            object.suspend(frame.word_index());
            self.frame.store(object);
        }
        self.set_state(state::SUSPENDED);
    }

    /// Is it suspended at a `YIELD_FROM`?
    #[inline]
    pub(crate) fn delegates(&self) -> bool {
        self.pc().untagged().0.word(0) as u8 == taipan_bytecode::Op::YieldFrom as u8
    }

    pub(crate) fn saved_register(&self, index: usize) -> Option<Value> {
        self.registers.get(index)
    }

    pub(crate) fn set_saved_register(&self, index: usize, value: Option<Value>) {
        self.registers.set(index, value);
    }

    pub(crate) fn own_handlers(&self) -> u32 {
        self.own.load(Ordering::Relaxed)
    }

    /// Counts a handler that is entered; the count before.
    pub(crate) fn enter_handler(&self) -> u32 {
        self.own.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn leave_handler(&self) {
        let _ = self.own.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |own| own.checked_sub(1));
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state() == state::RUNNING
    }

    /// The iterator that it drives while suspended.
    pub(crate) fn delegate(&self) -> Option<Value> {
        if self.state() != state::SUSPENDED { None } else { generator::delegate_of(self) }
    }

    /// The frame object; None once it has finished.
    pub(crate) fn frame_attribute(this: Gc<Self>, cx: &Context) -> Option<Gc<FrameObject>> {
        if this.state() == state::FINISHED {
            return None;
        }
        if let Some(object) = this.frame.load() {
            return Some(object);
        }
        let object = crate::types::frame::make(cx, this.function(), this.private.code());
        object.of_generator(this.value(), generator::suspended_word(&this));
        this.frame.store(object);
        Some(object)
    }

    pub(crate) fn name(&self, cx: &Context) -> Gc<Str> {
        self.name.load().unwrap_or_else(|| self.code().function_names(cx).0)
    }

    pub(crate) fn qualname(&self, cx: &Context) -> Gc<Str> {
        self.qualname.load().unwrap_or_else(|| self.code().function_names(cx).1)
    }

    pub(crate) fn set_name_checked(&self, cx: &Context, value: Option<Value>, qualified: bool) -> Result<()> {
        let attribute = if qualified { "__qualname__" } else { "__name__" };
        match value.and_then(Value::downcast::<Str>) {
            Some(name) if qualified => self.qualname.store(name),
            Some(name) => self.name.store(name),
            None => return Err(cx.type_error(format!("{attribute} must be set to a string object"))),
        }
        Ok(())
    }

    pub(crate) fn code(&self) -> Gc<Code> {
        self.private.code()
    }

    pub(crate) fn repr_text(this: Gc<Self>, cx: &Context) -> String {
        let noun = match this.kind() {
            Kind::AsyncGenerator => "async_generator",
            kind => kind.noun(),
        };
        format!("<{noun} object {} at {:#x}>", this.qualname(cx).to_str(), this.address())
    }
}

/// The exception that `throw(typ, val, tb)` means. CPython: `_gen_throw`.
pub(crate) fn exception_to_throw(
    cx: &mut Context,
    typ: Value,
    val: Option<Value>,
    tb: Option<Value>,
) -> Result {
    let tb = tb.and_then(Value::not_none);
    if tb.is_some_and(|tb| tb.downcast::<Traceback>().is_none()) {
        return Err(cx.type_error("throw() third argument must be a traceback object"));
    }
    let exception = if taipan_runtime::exception::raise::is_exception_class(typ) {
        let made = match val.and_then(Value::not_none) {
            Some(val) if val.downcast::<BaseException>().is_some() && cx.is_instance(val, typ)? => Ok(val),
            Some(val) => match val.downcast::<taipan_runtime::types::tuple::Tuple>() {
                Some(args) => made_by(cx, typ, args.items()),
                None => made_by(cx, typ, &[val]),
            },
            None => made_by(cx, typ, &[]),
        };
        // What goes wrong while the exception is made is raised in the generator, in its place.
        made.unwrap_or_else(|raised| cx.take_exception(raised))
    } else if typ.downcast::<BaseException>().is_some() {
        if val.is_some_and(|val| !val.is_none()) {
            return Err(cx.type_error("instance exception may not have a separate value"));
        }
        typ
    } else {
        let name = cx.type_name(typ);
        return Err(cx.type_error(format!(
            "exceptions must be classes or instances deriving from BaseException, not {name}"
        )));
    };
    if let (Some(tb), Some(body)) = (tb, exception.downcast::<BaseException>()) {
        body.set_traceback(Some(tb));
    }
    Ok(exception)
}

/// An exception made by calling its class. CPython: `_PyErr_CreateException`.
fn made_by(cx: &mut Context, class: Value, args: &[Value]) -> Result {
    let exception = cx.call(class, args)?;
    if exception.downcast::<BaseException>().is_some() {
        return Ok(exception);
    }
    let (class, got) = (cx.repr(class)?.to_str().into_owned(), cx.type_name(exception));
    let message = format!("calling {class} should have returned an instance of BaseException, not {got}");
    Err(cx.type_error(message))
}

/// Warns about the old signature of `throw`.
pub(crate) fn warn_old_throw(cx: &mut Context, val: Option<Value>, noun: &str) -> Result<()> {
    if val.is_none() {
        return Ok(());
    }
    let message = format!(
        "the (type, exc, tb) signature of {noun}throw() is deprecated, use the single-arg signature instead."
    );
    cx.warn(taipan_runtime::exception::hierarchy::deprecation_warning, &message, 1)
}

/// The result of a resumption as `send` and `throw` give it: StopIteration where the generator returned.
pub(crate) fn yielded_or_stop(cx: &Context, outcome: Outcome) -> Result {
    match outcome {
        Outcome::Yielded(value) => Ok(value),
        Outcome::Returned(value) => Err(generator::raise_stop(cx, value)),
    }
}

#[class(name = "generator", kind = GENERATOR, by_kind, flags = DISALLOW_NEW | HAS_WEAKREF)]
impl Generator {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        Ok(cx.new_str(&Generator::repr_text(this, cx)).value())
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        taipan_runtime::types::generic_alias::GenericAlias::new(cx, class, object).value()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        if let Some(outcome) = generator::resume_from_native(cx, this) {
            return outcome;
        }
        match generator::resume(cx, this, Input::Send(Value::NONE))? {
            Outcome::Yielded(value) => Ok(Some(value)),
            // Only `__next__` and `next()` show the value.
            Outcome::Returned(_) => Ok(None),
        }
    }

    /// Implement next(self).
    #[function("()")]
    fn __next__(this: Gc<Self>, cx: &mut Context) -> Result {
        let outcome = generator::resume(cx, this, Input::Send(Value::NONE))?;
        yielded_or_stop(cx, outcome)
    }

    #[slot(finalize)]
    fn finalize(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        generator::close(cx, this).map(|_| ())
    }

    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[function("(value, /)")]
    fn send(this: Gc<Self>, cx: &mut Context, value: Value) -> Result {
        let outcome = generator::resume(cx, this, Input::Send(value))?;
        yielded_or_stop(cx, outcome)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise exception in generator, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[function("(typ, val=<absent>, tb=<absent>, /)")]
    fn throw(this: Gc<Self>, cx: &mut Context, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        warn_old_throw(cx, val, "")?;
        let exception = exception_to_throw(cx, typ, val, tb)?;
        let outcome = generator::resume(cx, this, Input::Throw(exception))?;
        yielded_or_stop(cx, outcome)
    }

    /// close() -> raise GeneratorExit inside generator.
    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result {
        generator::close(cx, this)
    }

    #[getter]
    fn gi_code(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Code>> {
        crate::audit_read(cx, this.value(), "gi_code")?;
        Ok(this.code())
    }

    #[getter]
    fn gi_frame(this: Gc<Self>, cx: &mut Context) -> Result<Option<Gc<FrameObject>>> {
        crate::audit_read(cx, this.value(), "gi_frame")?;
        Ok(Generator::frame_attribute(this, cx))
    }

    #[getter]
    fn gi_running(&self) -> bool {
        self.is_running()
    }

    #[getter]
    fn gi_suspended(&self) -> bool {
        self.state() == state::SUSPENDED
    }

    /// object being iterated by yield from, or None
    #[getter]
    fn gi_yieldfrom(&self) -> Option<Value> {
        self.delegate()
    }

    /// name of the generator
    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        self.name(cx)
    }

    #[setter]
    fn set___name__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.set_name_checked(cx, value, false)
    }

    /// qualified name of the generator
    #[getter]
    fn __qualname__(&self, cx: &Context) -> Gc<Str> {
        self.qualname(cx)
    }

    #[setter]
    fn set___qualname__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.set_name_checked(cx, value, true)
    }
}
