//! Quickened calls of classes, natives and functions with defaults. CPython: `CALL_*` of `Python/bytecodes.c`.
//! Invariant: the arguments stay in the call window until nothing can go wrong any more, so that every handler can
//! still leave the call to its generic form.

use taipan_bytecode::Op;
use taipan_runtime::instance::Instance;
use taipan_runtime::native::FunctionDef;
use taipan_runtime::native::bind::run as native_run;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::native_function::{MethodDescriptor, NativeFunction};
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::types::type_::{Class, flag as type_flag};
use taipan_runtime::{Context, Gc, Value};

use super::call::{
    ARGS, CALLABLE, METHOD, SELF, is_plain_constructor, push_fitting, python_init, slow_call,
    slow_call_method,
};
use crate::cache::{self, Known};
use crate::dispatch::{Decode, Flow, State, outline, tail};
use crate::frame::{self, Frame, flag};
use crate::types::function::{Function, NOT_EXACT};
use crate::unwind::unwind;

super::outlined! {
    call_bound => bound;
    call_defaults => defaults;
    call_class => class;
    call_method_defaults => method_defaults;
    call_method_class => method_class;
}

// ---- the short ways of natives -----------------------------------------------------------------------------

#[inline(always)]
pub(crate) fn call_native<D: Decode>(s: &mut State) -> Flow {
    let (window, count) = (D::b(s.w), D::c(s.w));
    match quick_function(s, window, count) {
        Some(value) => answer::<D>(s, value),
        None => tail(native),
    }
}

#[inline(always)]
pub(crate) fn call_method_native_plain<D: Decode>(s: &mut State) -> Flow {
    let (window, count) = (D::b(s.w), D::c(s.w));
    if s.bits(window + SELF) == 0
        && let Some(value) = quick_function(s, window, count)
    {
        return answer::<D>(s, value);
    }
    tail(method_native_plain)
}

#[inline(always)]
pub(crate) fn call_method_native<D: Decode>(s: &mut State) -> Flow {
    let (window, count) = (D::b(s.w), D::c(s.w));
    if s.bits(window + SELF) != 0
        && let Some(descriptor) = s.get(window + METHOD).and_then(Value::downcast::<MethodDescriptor>)
        && let Some(quick) = descriptor.def().quick
        && let Some(value) = quick(s.locking_cx(), s.frame().slice(window + SELF, count + 1))
    {
        return answer::<D>(s, value);
    }
    tail(method_native)
}

#[inline(always)]
pub(crate) fn call_native_class<D: Decode>(s: &mut State) -> Flow {
    let (window, count) = (D::b(s.w), D::c(s.w));
    if let Some(class) = s.get(window + CALLABLE).and_then(Value::downcast::<Class>)
        && !class.is_heap()
        && let Some(quick) = class.native_def().and_then(|def| def.quick)
        && let Some(value) = quick(s.locking_cx(), s.frame().slice(window + ARGS, count))
    {
        return answer::<D>(s, value);
    }
    tail(native_class)
}

/// What the short way of the native function in the window gives.
#[inline(always)]
fn quick_function(s: &mut State, window: usize, count: usize) -> Option<Value> {
    let function = s.get(window + CALLABLE)?.downcast::<NativeFunction>()?;
    let quick = function.def().quick?;
    let Some(this) = function.bound_self() else {
        return quick(s.locking_cx(), s.frame().slice(window + ARGS, count));
    };
    s.set(window + SELF, this);
    let value = quick(s.locking_cx(), s.frame().slice(window + SELF, count + 1));
    if value.is_none() {
        // The long way takes a word there for the receiver of a method.
        s.set_bits(window + SELF, 0);
    }
    value
}

#[inline(always)]
fn answer<D: Decode>(s: &mut State, value: Value) -> Flow {
    s.set(D::a(s.w), value);
    Flow::Next(2)
}

/// Chooses the quickened form for a call of `callable`; `method`: the site is a method call.
pub(super) fn specialize(s: &State, callable: Value, with_self: bool, method: bool) {
    // A site that calls ever other things is left alone.
    if !s.quickenable_cache().is_some_and(|cache| cache.count_attempt()) {
        return;
    }
    let cx = s.locking_cx();
    let count = s.c();
    let op = if let Some(function) = callable.downcast::<Function>() {
        let given = count + with_self as usize;
        let exact = function.exact();
        match (method, with_self) {
            _ if exact == NOT_EXACT || (exact as usize) < given => None,
            (false, _) if exact as usize == given => Some(Op::CallFunction),
            (true, true) if exact as usize == given => Some(Op::CallMethodFunction),
            (true, false) if exact as usize == given => Some(Op::CallMethodPlain),
            _ if Defaults::of(function, given).is_none() => None,
            (false, _) => Some(Op::CallDefaults),
            (true, _) => Some(Op::CallMethodDefaults),
        }
    } else if let Some(class) = callable.downcast::<Class>() {
        if !with_self && learn_class(s, cx, class) {
            Some(if method { Op::CallMethodClass } else { Op::CallClass })
        } else {
            (!method && !class.is_heap()).then_some(Op::CallNativeClass)
        }
    } else if let Some(function) = cx.exact::<NativeFunction>(callable) {
        // A call of `gc.collect` goes the way on which the stack is scrubbed.
        let fits = !with_self
            && quickens(function.def(), count)
            && !crate::modules::gc::collects(callable)
            && !crate::trace::is_switch(function);
        fits.then_some(if method { Op::CallMethodNativePlain } else { Op::CallNative })
    } else if let Some(descriptor) = cx.exact::<MethodDescriptor>(callable) {
        (with_self && quickens(descriptor.def(), count)).then_some(Op::CallMethodNative)
    } else if !method && cx.is_exact::<Method>(callable) {
        Some(Op::CallBound)
    } else {
        None
    };
    if let Some(op) = op.filter(|op| *op != s.op()) {
        s.quicken(op);
    }
}

/// Remembers the `__init__` (None: that of `object`) of a class whose instances `object.__new__` makes.
fn learn_class(s: &State, cx: &Context, class: Gc<Class>) -> bool {
    let metaclass = cx.class_of(class.value());
    let versions = (class.version(), metaclass.version());
    let init = match python_init(cx, class) {
        Some(init) => init.value(),
        None if has_no_init(cx, class) => Value::NONE,
        None => return false,
    };
    let cache = s.pc.sure_cache();
    cache.learn_class(cx, class, metaclass, versions, Known::Value(init))
}

fn has_no_init(cx: &Context, class: Gc<Class>) -> bool {
    let object = taipan_runtime::types::type_::object_class();
    cx.class_of(class.value()) == taipan_runtime::types::type_::type_class()
        && is_plain_constructor(class)
        && class.slots.init.same(&object.slots.init)
}

/// Is a call of the native with `count` positional arguments worth a form of its own?
fn quickens(def: &'static FunctionDef, count: usize) -> bool {
    def.quick.is_some() || takes(def, count)
}

/// Can the native be called with `count` arguments, none of them by keyword, as they lie in the window?
#[inline(always)]
fn takes(def: &'static FunctionDef, count: usize) -> bool {
    let signature = &def.signature;
    signature.by_position && count >= signature.required as usize && count <= signature.positional as usize
}

/// The defaults that a call uses.
#[derive(Clone, Copy)]
struct Defaults {
    tuple: Option<Gc<Tuple>>,
    start: usize,
}

impl Defaults {
    /// Those of the parameters from `given` on; None if there are not enough, or too many arguments.
    #[inline]
    fn of(function: Gc<Function>, given: usize) -> Option<Defaults> {
        let exact = function.exact() as usize;
        if function.exact() == NOT_EXACT || exact < given {
            return None;
        }
        if exact == given {
            return Some(Defaults { tuple: None, start: 0 });
        }
        let tuple = function.defaults()?;
        let start = tuple.items().len().checked_sub(exact - given)?;
        Some(Defaults { tuple: Some(tuple), start })
    }

    /// Puts them into the registers from `first` on; how many they are.
    #[inline]
    fn fill(self, callee: Frame, first: usize) -> usize {
        let Some(tuple) = self.tuple else { return 0 };
        let values = &tuple.items()[self.start..];
        for (index, value) in values.iter().enumerate() {
            callee.set(first + index, Some(*value));
        }
        values.len()
    }
}

/// Pushes the frame of a function whose first `given` arguments lie in its registers; defaults take the places of the
/// others. False if there are too many or too few, or no room.
#[inline(always)]
fn push_with_defaults(s: &mut State, first: usize, function: Gc<Function>, given: usize) -> bool {
    let Some(defaults) = Defaults::of(function, given) else { return false };
    let callee = frame::window(s.frame(), first);
    if !frame::fits(s.cx(), callee.regs(), function.short_call().2) {
        return false;
    }
    let filled = defaults.fill(callee, given);
    push_fitting(s, callee, function, given + filled, 2, 0);
    true
}

fn defaults(s: &mut State) -> Flow {
    let window = s.b();
    // The word below the callee's header.
    s.set_bits(window, 0);
    if let Some(function) = s.get(window + CALLABLE).and_then(Value::downcast::<Function>)
        && push_with_defaults(s, window + ARGS, function, s.c())
    {
        return Flow::Go;
    }
    outline(s, slow_call)
}

fn method_defaults(s: &mut State) -> Flow {
    let window = s.b();
    let receiver = s.bits(window + SELF) != 0;
    let (place, first) = if receiver { (METHOD, SELF) } else { (CALLABLE, ARGS) };
    if !receiver {
        s.set_bits(window, 0);
    }
    if let Some(function) = s.get(window + place).and_then(Value::downcast::<Function>)
        && push_with_defaults(s, window + first, function, s.c() + receiver as usize)
    {
        return Flow::Go;
    }
    outline(s, slow_call_method)
}

/// Calls the Python function that the site's cache has for the class of `object`, with it and perhaps another argument.
/// The frame goes on top of this one; its result goes to register A. False if the cache does not hold.
#[inline(always)]
pub(super) fn call_found(s: &mut State, object: Value, argument: Option<Value>) -> bool {
    let Some(function) = cache::cached_found_any(s.pc.sure_cache(), object.bits()) else { return false };
    let Some(function) = Value::from_bits(function).and_then(Value::downcast::<Function>) else {
        return false;
    };
    let count = 1 + argument.is_some() as usize;
    let caller = s.frame();
    let callee = frame::above(caller);
    if function.exact() as usize != count || !frame::fits(s.cx(), callee.regs(), function.short_call().2) {
        return false;
    }
    callee.store(-7, 0);
    callee.set(0, Some(object));
    if argument.is_some() {
        callee.set(1, argument);
    }
    push_fitting(s, callee, function, count, 2, 0);
    true
}

/// A bound method.
fn bound(s: &mut State) -> Flow {
    let window = s.b();
    if let Some(method) = s.get(window + CALLABLE).and_then(Value::downcast::<Method>)
        && let Some(function) = method.function().downcast::<Function>()
    {
        s.set(window + SELF, method.receiver());
        if push_with_defaults(s, window + SELF, function, s.c() + 1) {
            return Flow::Go;
        }
    }
    outline(s, slow_call)
}

fn class(s: &mut State) -> Flow {
    if construct(s) { Flow::Go } else { outline(s, slow_call) }
}

fn method_class(s: &mut State) -> Flow {
    if s.bits(s.b() + SELF) == 0 && construct(s) { Flow::Go } else { outline(s, slow_call_method) }
}

/// Makes the instance and pushes the frame of `__init__`, if the site's class is called again.
#[inline(always)]
fn construct(s: &mut State) -> bool {
    let (window, count) = (s.b(), s.c());
    let callable = s.bits(window + CALLABLE);
    let Some((init, _)) = cache::of_class(s.pc.sure_cache(), callable) else { return false };
    let Some(class) = Value::from_bits(callable).and_then(Value::downcast::<Class>) else { return false };
    if class.has_flag(type_flag::ABSTRACT) {
        return false;
    }
    let Some(init) = Value::from_bits(init).and_then(Value::downcast::<Function>) else {
        if count > 0 {
            return false;
        }
        let instance = s.cx().new_instance(class, Instance);
        s.set(s.a(), instance.value());
        s.pc = s.pc.add(2);
        return true;
    };
    let Some(defaults) = Defaults::of(init, count + 1) else { return false };
    // The instance also goes below the header, hence one register further up than the window has it.
    let first = window + ARGS + 1;
    let callee = frame::window(s.frame(), first);
    // Before the instance is made: it would be a second one that the slow path makes, and have its finalizer run.
    if !frame::fits(s.cx(), callee.regs(), init.short_call().2) {
        return false;
    }
    let instance = s.cx().new_instance(class, Instance).value();
    for index in (0..count).rev() {
        s.set_bits(first + 1 + index, s.bits(window + ARGS + index));
    }
    let filled = defaults.fill(callee, count + 1);
    s.set(first, instance);
    s.set_bits(window, 0);
    s.set(window + 1, instance);
    push_fitting(s, callee, init, count + 1 + filled, 2, flag::INIT);
    true
}

fn native(s: &mut State) -> Flow {
    match native_function(s) {
        Some((def, this)) => call_native_in_window(s, def, this),
        None => outline(s, slow_call),
    }
}

fn method_native_plain(s: &mut State) -> Flow {
    if s.bits(s.b() + SELF) != 0 {
        return outline(s, slow_call_method);
    }
    match native_function(s) {
        Some((def, this)) => call_native_in_window(s, def, this),
        None => outline(s, slow_call_method),
    }
}

/// The native function in the window, if it takes what is there.
#[inline]
fn native_function(s: &State) -> Option<(&'static FunctionDef, Option<Value>)> {
    let function = s.get(s.b() + CALLABLE)?.downcast::<NativeFunction>()?;
    let def = function.def();
    takes(def, s.c()).then(|| (def, function.bound_self()))
}

fn method_native(s: &mut State) -> Flow {
    let window = s.b();
    // Without a receiver the method's word holds whatever the window was last used for.
    if let Some(this) = s.get(window + SELF)
        && let Some(descriptor) = s.get(window + METHOD).and_then(Value::downcast::<MethodDescriptor>)
        && takes(descriptor.def(), s.c())
    {
        let (class, expected) = (s.cx().class_of(this), descriptor.class());
        if class == expected || class.is_subclass_of(expected) {
            return call_native_in_window(s, descriptor.def(), Some(this));
        }
    }
    outline(s, slow_call_method)
}

/// Calls a native on the window's registers as they are: the receiver before the arguments, EMPTY behind them.
#[inline(always)]
fn call_native_in_window(s: &mut State, def: &'static FunctionDef, this: Option<Value>) -> Flow {
    let count = s.c();
    let total = def.signature.params.len();
    let caller = s.frame();
    let window = frame::window(caller, s.b());
    // What earlier calls left in the window's header would keep objects alive.
    for index in 0..SELF {
        window.set(index, None);
    }
    window.set(SELF, this);
    for index in count..total {
        window.set(ARGS + index, None);
    }
    let first = if this.is_some() { SELF } else { ARGS };
    let end = frame::window(window, ARGS + total);
    let cx = s.enter_below(end);
    if !frame::fits(cx, end.regs(), 0) && cx.poll().is_err() || cx.check_recursion("").is_err() {
        return unwind(s);
    }
    match native_run(cx, def.call, window.slice(first, ARGS + total - first)) {
        Ok(value) => {
            s.set(s.a(), value);
            Flow::Next(2)
        }
        Err(_) => unwind(s),
    }
}

/// An instance of a native class.
fn native_class(s: &mut State) -> Flow {
    let (window, count) = (s.b(), s.c());
    let frame = s.frame();
    if let Some(class) = s.get(window + CALLABLE).and_then(Value::downcast::<Class>)
        && let Some(values) = frame.values(window + ARGS, count)
    {
        let type_class = taipan_runtime::types::type_::type_class();
        if class != type_class && s.cx().class_of(class.value()) == type_class {
            let cx = s.enter_below(frame::window(frame, window + ARGS + count));
            if cx.check_recursion("").is_err() || cx.poll().is_err() {
                return unwind(s);
            }
            let args = taipan_runtime::native::Args::positional_only(values);
            return match taipan_runtime::types::type_::instantiate(cx, class, args) {
                Ok(value) => {
                    s.set(s.a(), value);
                    Flow::Next(2)
                }
                Err(_) => unwind(s),
            };
        }
    }
    outline(s, slow_call)
}
