//! Calls and returns. CPython: the `CALL` family of `Python/bytecodes.c`, `Python/specialize.c`.
//! A Python function that is called from bytecode gets a frame in the same run of the loop.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_bytecode::{Op, code_flag, function_flag};
use taipan_runtime::buffer::GVec;
use taipan_runtime::instance::Instance;
use taipan_runtime::layout::Object;
use taipan_runtime::native::Args;
use taipan_runtime::native::bind::guarded;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::types::type_::{Class, flag as type_flag};
use taipan_runtime::{Context, Gc, Result, Value};

use crate::bind::bind;
use crate::call::{header, reserve};
use crate::dispatch::{Decode, Flow, State, tail};
use crate::frame::{self, Frame, flag};
use crate::types::code::Code;
use crate::types::function::Function;
use crate::unwind::unwind;

pub(super) const ARGS: usize = WINDOW_ARGS as usize;
pub(super) const CALLABLE: usize = WINDOW_CALLABLE as usize;
pub(super) const METHOD: usize = WINDOW_METHOD as usize;
pub(super) const SELF: usize = WINDOW_SELF as usize;

/// Pushes the frame of a function whose arguments are in its registers already. False if it does not fit.
#[inline(always)]
pub(super) fn push_short(
    s: &mut State,
    callee: Frame,
    function: Gc<Function>,
    arguments: usize,
    length: usize,
) -> bool {
    let fits = frame::fits(s.cx(), callee.regs(), function.short_call().2);
    if fits {
        push_fitting(s, callee, function, arguments, length, 0);
    }
    fits
}

/// The same where `frame::fits` has said so: another thread's request may make it say otherwise the next time.
#[inline(always)]
pub(super) fn push_fitting(
    s: &mut State,
    callee: Frame,
    function: Gc<Function>,
    arguments: usize,
    length: usize,
    flags: u64,
) {
    let (pc, private_bits, _) = function.short_call();
    let caller = s.frame();
    caller.save_pc(s.pc.add(length));
    callee.store(-6, caller.regs() as u64);
    callee.store(-4, private_bits);
    callee.store(-3, function.value().bits());
    callee.set_meta(s.w | flags);
    callee.store(-1, 0);
    let locals = crate::cache::Private::from_address(private_bits).locals();
    for index in arguments..locals {
        callee.store(index as isize, 0);
    }
    s.pc = pc;
    s.set_frame(callee);
}

#[inline(always)]
pub(crate) fn call_function<D: Decode>(s: &mut State) -> Flow {
    let window = D::b(s.w);
    if let Some(function) = s.get(window + CALLABLE).and_then(Value::downcast::<Function>)
        && function.exact() as usize == D::c(s.w)
    {
        let callee = frame::window(s.frame(), window + ARGS);
        // The one word of the window that neither the header nor an argument overwrites.
        s.set_bits(window, 0);
        if push_short(s, callee, function, D::c(s.w), 2) {
            return Flow::Go;
        }
    }
    tail(slow_call)
}

#[inline(always)]
pub(crate) fn call_method_function<D: Decode>(s: &mut State) -> Flow {
    let window = D::b(s.w);
    if s.bits(window + SELF) != 0
        && let Some(function) = s.get(window + METHOD).and_then(Value::downcast::<Function>)
        && function.exact() as usize == D::c(s.w) + 1
    {
        let callee = frame::window(s.frame(), window + SELF);
        if push_short(s, callee, function, D::c(s.w) + 1, 2) {
            return Flow::Go;
        }
    }
    tail(slow_call_method)
}

/// A method call without a receiver: of a module's function, say.
#[inline(always)]
pub(crate) fn call_method_plain<D: Decode>(s: &mut State) -> Flow {
    let window = D::b(s.w);
    if s.bits(window + SELF) == 0
        && let Some(function) = s.get(window + CALLABLE).and_then(Value::downcast::<Function>)
        && function.exact() as usize == D::c(s.w)
    {
        let callee = frame::window(s.frame(), window + ARGS);
        s.set_bits(window, 0);
        if push_short(s, callee, function, D::c(s.w), 2) {
            return Flow::Go;
        }
    }
    tail(slow_call_method)
}

#[inline(always)]
pub(crate) fn return_<D: Decode>(s: &mut State) -> Flow {
    let bits = s.bits(D::a(s.w));
    return_bits(s, bits)
}

#[inline(always)]
pub(crate) fn return_none<D: Decode>(s: &mut State) -> Flow {
    return_bits(s, Value::NONE.bits())
}

#[inline(always)]
fn return_bits(s: &mut State, bits: u64) -> Flow {
    let frame = s.frame();
    let meta = frame.meta();
    if meta >> 32 != 0 {
        return tail(slow_return);
    }
    if let Some(caller) = frame.previous() {
        s.set_frame(caller);
        s.pc = caller.saved_pc();
        s.set_bits((meta >> 8 & 0xFF) as usize, bits);
    }
    Flow::Go
}

super::outlined! {
    call => slow_call;
    call_method => slow_call_method;
    call_kw => slow_call_kw;
    call_method_kw => slow_call_method_kw;
    call_ex => slow_call_ex;
    make_function => slow_make_function;
}

/// Returns from frames that something special has to happen for, and to the other table if need be: frames that were
/// there when tracing began are special.
fn slow_return(s: &mut State) -> Flow {
    let flow = return_specially(s);
    crate::trace::check(s, flow)
}

fn return_specially(s: &mut State) -> Flow {
    let value = if s.op() == Op::ReturnNone { Value::NONE } else { s.value(s.a()) };
    let frame = s.frame();
    let meta = frame.meta();
    if meta >> 32 == flag::INIT >> 32 && value.is_none() {
        return leave(s, frame, value);
    }
    if meta & flag::GENERATOR != 0 {
        return crate::generator::returned(s, value);
    }
    if meta & flag::OBSERVED != 0 {
        s.enter();
        crate::types::frame::detach(s.cx(), frame);
    }
    if meta & flag::INIT != 0 && !value.is_none() {
        let cx = s.enter();
        let name = cx.type_name(value);
        let _raised = cx.type_error(format!("__init__() should return None, not '{name}'"));
        return unwind(s);
    }
    leave(s, frame, value)
}

/// Pops `frame` and hands `value` to whoever called.
pub(crate) fn leave(s: &mut State, frame: Frame, value: Value) -> Flow {
    let meta = frame.meta();
    if meta & flag::ENTRY != 0 {
        return Flow::Exit(value.bits());
    }
    let value = if meta & flag::INIT != 0 { frame.companion().unwrap_or(Value::NONE) } else { value };
    let destination = frame.destination();
    let Some(caller) = frame.previous() else { return Flow::Exit(value.bits()) };
    if meta & (flag::OPERATOR | flag::NEXT) != 0 {
        return super::operator::complete(s, caller, meta, value);
    }
    s.set_frame(caller);
    s.pc = caller.saved_pc();
    if meta & flag::DISCARD == 0 {
        s.set(destination, value);
    }
    Flow::Go
}

/// What a call passes: a receiver, positional and keyword values, names of the latter.
#[derive(Clone, Copy)]
struct Passed<'a> {
    receiver: Option<Value>,
    values: &'a [Value],
    names: Option<Gc<Tuple>>,
}

/// Calls `callable` with the arguments in the window at `window`: `count` values from `window + ARGS` on, the
/// receiver in `window + SELF` if `with_self`.
fn call_window(
    s: &mut State,
    callable: Value,
    with_self: bool,
    count: usize,
    names: Option<Gc<Tuple>>,
) -> Flow {
    let window = s.b();
    let frame = s.frame();
    let Some(values) = frame.values(window + ARGS, count) else { return super::undefined(s) };
    let receiver = if with_self { frame.get(window + SELF) } else { None };
    if crate::modules::gc::collects(callable) {
        taipan_gc::scrub_stack();
    }
    dispatch_call(s, callable, Passed { receiver, values, names }, Some(window + ARGS + count))
}

/// `window_end` is the first register above the window, where the arguments lie in one. It has a frame of its own, which
/// `call_window` can scrub before.
#[inline(never)]
fn dispatch_call(s: &mut State, callable: Value, mut passed: Passed<'_>, window_end: Option<usize>) -> Flow {
    let mut callable = callable;
    if passed.receiver.is_none()
        && let Some(method) = s.cx().exact::<Method>(callable)
    {
        callable = method.function();
        passed.receiver = Some(method.receiver());
    }
    if let Some(function) = callable.downcast::<Function>() {
        return push_bound(s, function, passed, 0, None);
    }
    if passed.receiver.is_none()
        && let Some(method) = super::operator::call_method(s, callable)
    {
        return push_bound(s, method, Passed { receiver: Some(callable), ..passed }, 0, None);
    }
    if passed.receiver.is_none()
        && let Some(class) = callable.downcast::<Class>()
        && let Some(init) = python_init(s.locking_cx(), class)
    {
        return construct(s, class, init, passed);
    }
    let cx = s.enter();
    // The window's header and the registers above it hold what earlier calls left there; the callable and the
    // receiver are passed on by hand.
    if let Some(end) = window_end {
        let window = s.b();
        for index in window..window + ARGS {
            s.set_bits(index, 0);
        }
        frame::publish_top(cx, frame::window(s.frame(), end).regs());
    }
    let result = call_any(cx, callable, passed);
    let flow = s.finish(s.a(), result);
    crate::trace::check(s, flow)
}

/// A call of something that is no Python function.
fn call_any(cx: &mut Context, callable: Value, passed: Passed<'_>) -> Result {
    match passed.receiver {
        None => cx.call_kw(callable, Args::new(passed.values, passed.names)),
        Some(receiver) => cx.call_prepended(callable, receiver, Args::new(passed.values, passed.names)),
    }
}

/// Pushes the frame of a function after binding its arguments. `companion` goes below the header.
fn push_bound(
    s: &mut State,
    function: Gc<Function>,
    passed: Passed<'_>,
    flags: u64,
    companion: Option<Value>,
) -> Flow {
    let cx = s.enter();
    let private = function.private_code(cx);
    let callee = frame::fresh(cx);
    let args = Args::new(passed.values, passed.names);
    if reserve(cx, callee, private).is_err()
        || bind(cx, function, private, passed.receiver, args, callee).is_err()
    {
        return unwind(s);
    }
    crate::trace::before_push(cx);
    let caller = s.frame();
    caller.save_pc(s.next_pc());
    let namespace = private.has_namespace().then(|| private.globals().value());
    callee.store(-7, Value::option_bits(companion.or(namespace)));
    header(callee, private, function, caller.regs() as u64, s.call_word() | flags);
    s.pc = private.start();
    s.set_frame(callee);
    crate::trace::polled(s, Flow::Go)
}

/// The `__init__` of a class whose instances are made by `object.__new__` and initialised by a Python function.
pub(super) fn python_init(cx: &Context, class: Gc<Class>) -> Option<Gc<Function>> {
    if cx.class_of(class.value()) != Class::class_cell().get() || !is_plain_constructor(class) {
        return None;
    }
    let init = class.lookup(cx, cx.name(taipan_runtime::names::id::__init__))?.downcast::<Function>()?;
    // Word -7 holds the instance, so there is no room for a namespace.
    (init.code().data().flags & code_flag::OPTIMIZED != 0).then_some(init)
}

/// Does a call of the class make its instances by `object.__new__`?
pub(super) fn is_plain_constructor(class: Gc<Class>) -> bool {
    let object = Instance::class_cell().get();
    class.slots.new.same(&object.slots.new) && !class.has_flag(type_flag::ABSTRACT)
}

/// Makes an instance and pushes the frame of its `__init__`.
fn construct(s: &mut State, class: Gc<Class>, init: Gc<Function>, passed: Passed<'_>) -> Flow {
    let instance = s.enter().new_instance(class, Instance).value();
    let passed = Passed { receiver: Some(instance), ..passed };
    push_bound(s, init, passed, flag::INIT, Some(instance))
}

pub(super) fn slow_call(s: &mut State) -> Flow {
    let callable = s.value(s.b() + CALLABLE);
    super::call_fast::specialize(s, callable, false, false);
    call_window(s, callable, false, s.c(), None)
}

/// What a method call calls, and whether the receiver goes along.
fn method_callable(s: &State) -> (Value, bool) {
    let window = s.b();
    if s.bits(window + SELF) == 0 {
        (s.value(window + CALLABLE), false)
    } else {
        (s.value(window + METHOD), true)
    }
}

pub(super) fn slow_call_method(s: &mut State) -> Flow {
    let (callable, with_self) = method_callable(s);
    super::call_fast::specialize(s, callable, with_self, true);
    call_window(s, callable, with_self, s.c(), None)
}

/// The names of the keywords of a call.
fn keyword_names(s: &State) -> Option<Gc<Tuple>> {
    let index = s.pc.word(2) as usize;
    s.code().pool(s.cx()).items().get(index)?.downcast::<Tuple>()
}

fn slow_call_kw(s: &mut State) -> Flow {
    let callable = s.value(s.b() + CALLABLE);
    let names = keyword_names(s);
    call_window(s, callable, false, s.c(), names)
}

fn slow_call_method_kw(s: &mut State) -> Flow {
    let (callable, with_self) = method_callable(s);
    let names = keyword_names(s);
    call_window(s, callable, with_self, s.c(), names)
}

fn slow_call_ex(s: &mut State) -> Flow {
    let window = s.b();
    let callable = s.value(window + CALLABLE);
    let (positional, keywords) = (s.value(window + ARGS), s.get(window + ARGS + 1));
    let cx = s.enter();
    let mut values = match guarded(cx, |cx| unpack_positional(cx, callable, positional)) {
        Ok(values) => values,
        Err(_) => return unwind(s),
    };
    let mut names = GVec::new();
    if let Some(dict) = keywords.and_then(Value::downcast::<Dict>) {
        for (key, value) in dict.entries(cx) {
            if key.downcast::<Str>().is_none() {
                let _raised = cx.type_error("keywords must be strings");
                return unwind(s);
            }
            names.push(key);
            values.push(value);
        }
    }
    let names = if names.is_empty() { None } else { Some(cx.new_tuple(&names)) };
    dispatch_call(s, callable, Passed { receiver: None, values: &values, names }, None)
}

fn unpack_positional(cx: &mut Context, callable: Value, positional: Value) -> Result<GVec<Value>> {
    if let Some(tuple) = cx.exact::<Tuple>(positional) {
        let mut values = GVec::with_capacity(tuple.items().len());
        values.extend_from_slice(tuple.items());
        return Ok(values);
    }
    if let Some(list) = cx.exact::<List>(positional) {
        return Ok(list.snapshot(cx));
    }
    if !cx.is_iterable(positional) {
        let name = function_text(cx, callable)?;
        let got = cx.type_name(positional);
        return Err(cx.type_error(format!("{name} argument after * must be an iterable, not {got}")));
    }
    cx.collect(positional)
}

/// How messages name a callable: its qualified name with its module, and parentheses. CPython:
/// `_PyObject_FunctionStr`.
pub(crate) fn function_text(cx: &mut Context, callable: Value) -> Result<String> {
    let qualname = cx.lookup_attr_str(callable, "__qualname__")?;
    let Some(qualname) = qualname else { return Ok(cx.str(callable)?.to_str().into_owned()) };
    let module = cx.lookup_attr_str(callable, "__module__")?;
    let qualname = cx.str(qualname)?.to_str().into_owned();
    match module {
        Some(module) if !module.is_none() => {
            let module = cx.str(module)?.to_str().into_owned();
            if module == "builtins" {
                Ok(format!("{qualname}()"))
            } else {
                Ok(format!("{module}.{qualname}()"))
            }
        }
        _ => Ok(format!("{qualname}()")),
    }
}

fn slow_make_function(s: &mut State) -> Flow {
    let (parts, flags) = (s.b(), s.c() as u32);
    let index = s.pc.word(1) as usize;
    let (globals, builtins) = (s.private().globals(), s.private().builtins());
    let code = s.code().pool(s.cx()).items().get(index).and_then(|code| code.downcast::<Code>());
    let Some(code) = code else { return super::undefined(s) };
    let function = Function::with_builtins(s.enter(), code, globals, builtins);
    if flags & function_flag::DEFAULTS != 0 {
        function.set_defaults_tuple(s.get(parts).and_then(Value::downcast));
    }
    if flags & function_flag::KWDEFAULTS != 0 {
        function.set_kwdefaults_dict(s.get(parts + 1).and_then(Value::downcast));
    }
    if flags & function_flag::ANNOTATE != 0 {
        function.set_annotate_function(s.get(parts + 2));
    }
    if flags & function_flag::CLOSURE != 0 {
        function.set_closure(s.get(parts + 3).and_then(Value::downcast));
    }
    s.set(s.a(), function.value());
    s.next()
}
