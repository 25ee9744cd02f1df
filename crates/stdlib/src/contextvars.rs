//! `_contextvars`: context variables. CPython: `Python/context.c`.
//!
//! A context maps variables to values; the running one is in the thread's CONTEXT slot.
//! Invariant: the dict of a context is never changed, only replaced, so copying a context is copying one word.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::vm::thread_slot;

pub struct Contextvars;

/// The body of `Context`.
#[derive(Trace)]
pub struct ContextObject {
    vars: TypedSlot<Dict>,
    previous: Slot,
    entered: AtomicBool,
}

impl ContextObject {
    fn new(cx: &Context, vars: Gc<Dict>) -> Gc<ContextObject> {
        cx.new_object(ContextObject {
            vars: TypedSlot::new(vars),
            previous: Slot::EMPTY,
            entered: AtomicBool::new(false),
        })
    }

    fn vars(&self) -> Gc<Dict> {
        self.vars.load().expect("a context has a dict")
    }

    /// The running context of the thread, made at first use.
    pub fn current(cx: &Context) -> Gc<ContextObject> {
        let slot = &cx.locals.slots[thread_slot::CONTEXT];
        match slot.load_as::<ContextObject>() {
            Some(current) => current,
            None => {
                let fresh = ContextObject::new(cx, cx.new_dict());
                slot.store(fresh.value());
                fresh
            }
        }
    }

    fn enter(this: Gc<ContextObject>, cx: &mut Context) -> Result<()> {
        if this.entered.swap(true, Ordering::AcqRel) {
            let shown = cx.repr(this.value())?;
            return Err(
                cx.runtime_error(format!("cannot enter context: {} is already entered", shown.to_str()))
            );
        }
        let previous = ContextObject::current(cx);
        this.previous.store(previous.value());
        cx.locals.slots[thread_slot::CONTEXT].store(this.value());
        Ok(())
    }

    fn leave(&self, cx: &Context) {
        cx.locals.slots[thread_slot::CONTEXT].store_option(self.previous.swap(None));
        self.entered.store(false, Ordering::Release);
    }

    /// A variable's value in this context.
    fn look_up(&self, cx: &mut Context, var: Value) -> Result<Option<Value>> {
        if var.downcast::<ContextVar>().is_none() {
            let shown = cx.repr(var)?;
            return Err(cx.type_error(format!("a ContextVar key was expected, got {}", shown.to_str())));
        }
        self.vars().get(cx, var)
    }
}

/// Context objects map context variables to values.
#[class(name = "Context", module = "_contextvars", flags = HAS_WEAKREF | MAPPING)]
impl ContextObject {
    #[new("()")]
    fn make(cx: &mut Context, class: Gc<Class>) -> Gc<ContextObject> {
        let _ = class;
        ContextObject::new(cx, cx.new_dict())
    }

    #[function("(callable, /, *args, **kwargs)")]
    fn run(this: Gc<Self>, cx: &mut Context, callable: Value, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        ContextObject::enter(this, cx)?;
        let result = cx.call_ex(callable, args.items(), Some(kwargs));
        this.leave(cx);
        result
    }

    /// Return a shallow copy of the context object.
    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Gc<ContextObject> {
        ContextObject::new(cx, self.vars())
    }

    /// Return the value for `key` if `key` has the value in the context object.
    #[function("(key, default=None, /)")]
    fn get(&self, cx: &mut Context, key: Value, default: Value) -> Result {
        Ok(self.look_up(cx, key)?.unwrap_or(default))
    }

    /// Return all variables in the context object.
    #[function("()")]
    fn keys(&self, cx: &mut Context) -> Result {
        cx.call_method(self.vars().value(), "keys", &[])
    }

    /// Return a list of all variables' values in the context object.
    #[function("()")]
    fn values(&self, cx: &mut Context) -> Result {
        cx.call_method(self.vars().value(), "values", &[])
    }

    /// Return all variables and their values in the context object.
    #[function("()")]
    fn items(&self, cx: &mut Context) -> Result {
        cx.call_method(self.vars().value(), "items", &[])
    }

    #[slot(len)]
    fn len(&self) -> usize {
        self.vars().len()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        cx.iter(this.vars().value())
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        match this.look_up(cx, key)? {
            Some(value) => Ok(value),
            None => Err(cx.key_error(key)),
        }
    }

    #[slot(contains)]
    fn contains(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<bool> {
        Ok(this.look_up(cx, key)?.is_some())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        match (a.downcast::<ContextObject>(), b.downcast::<ContextObject>(), op) {
            (Some(a), Some(b), CompareOp::Eq | CompareOp::Ne) => {
                cx.compare(a.vars().value(), b.vars().value(), op)
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }
}

/// The dict of variables that the thread runs with, if it has come to have one. It is never changed, only replaced.
#[inline]
pub(crate) fn variables(cx: &Context) -> Option<Value> {
    let context = cx.locals.slots[thread_slot::CONTEXT].load_as::<ContextObject>()?;
    context.vars.slot().load()
}

/// The body of `ContextVar`.
#[derive(Trace)]
pub struct ContextVar {
    name: TypedSlot<Str>,
    default: Slot,
}

impl ContextVar {
    fn name_value(&self) -> Value {
        self.name.slot().load_or_none()
    }

    /// A variable that native code has made.
    pub(crate) fn of_name(cx: &Context, name: Gc<Str>) -> Gc<ContextVar> {
        cx.new_object(ContextVar { name: TypedSlot::new(name), default: Slot::EMPTY })
    }

    /// The value in the running context, if it has one.
    pub(crate) fn value_in_context(this: Gc<ContextVar>, cx: &mut Context) -> Result<Option<Value>> {
        ContextObject::current(cx).vars().get(cx, this.value())
    }

    /// Sets the variable in the running context.
    pub(crate) fn assign(this: Gc<ContextVar>, cx: &mut Context, value: Value) -> Result<()> {
        ContextVar::replace(this, cx, Some(value)).map(drop)
    }

    /// Sets the variable in the running context; gives the old value.
    fn replace(this: Gc<ContextVar>, cx: &mut Context, value: Option<Value>) -> Result<Option<Value>> {
        let context = ContextObject::current(cx);
        let old = context.vars().get(cx, this.value())?;
        let vars = context.vars().copy(cx);
        match value {
            Some(value) => vars.set(cx, this.value(), value)?,
            None => drop(vars.remove(cx, this.value())?),
        }
        context.vars.store(vars);
        Ok(old)
    }
}

/// Context variables hold a value for each context.
#[class(name = "ContextVar", module = "_contextvars", flags = HAS_WEAKREF)]
impl ContextVar {
    #[new("(name, /, *, default=<absent>)")]
    fn make(
        cx: &mut Context,
        class: Gc<Class>,
        name: Value,
        default: Option<Value>,
    ) -> Result<Gc<ContextVar>> {
        let _ = class;
        let Some(name) = name.downcast::<Str>() else {
            return Err(cx.type_error("context variable name must be a str"));
        };
        Ok(cx.new_object(ContextVar { name: TypedSlot::new(name), default: Slot::new_option(default) }))
    }

    /// Return a value for the context variable for the current context.
    #[function("(default=<absent>, /)")]
    fn get(this: Gc<Self>, cx: &mut Context, default: Option<Value>) -> Result {
        let context = ContextObject::current(cx);
        if let Some(value) = context.vars().get(cx, this.value())? {
            return Ok(value);
        }
        match default.or_else(|| this.default.load()) {
            Some(value) => Ok(value),
            None => {
                let class = taipan_runtime::exception::lookup_error;
                let error = cx.new_exception(class, &[this.value()]);
                Err(cx.raise(error))
            }
        }
    }

    /// Call to set a new value for the context variable in the current context.
    #[function("(value, /)")]
    fn set(this: Gc<Self>, cx: &mut Context, value: Value) -> Result<Gc<Token>> {
        let context = ContextObject::current(cx);
        let old = ContextVar::replace(this, cx, Some(value))?;
        Ok(cx.new_object(Token {
            var: TypedSlot::new(this),
            context: TypedSlot::new(context),
            old: Slot::new_option(old),
            used: AtomicBool::new(false),
        }))
    }

    /// Reset the context variable.
    #[function("(token, /)")]
    fn reset(this: Gc<Self>, cx: &mut Context, token: Value) -> Result<()> {
        let Some(token) = token.downcast::<Token>() else {
            let shown = cx.type_name(token);
            return Err(cx.type_error(format!("expected an instance of Token, got {shown}")));
        };
        Token::restore(token, cx, Some(this))
    }

    #[getter]
    fn name(&self) -> Value {
        self.name_value()
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Value {
        GenericAlias::new(cx, class, item).value()
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let name = cx.repr(this.name_value())?;
        let default = match this.default.load() {
            Some(default) => format!(" default={}", cx.repr(default)?.to_str()),
            None => String::new(),
        };
        let text = format!("<ContextVar name={}{default} at {:#x}>", name.to_str(), this.address());
        Ok(cx.new_str(&text).value())
    }
}

/// The body of `Token`.
#[derive(Trace)]
pub struct Token {
    var: TypedSlot<ContextVar>,
    context: TypedSlot<ContextObject>,
    old: Slot,
    used: AtomicBool,
}

impl Token {
    fn restore(token: Gc<Token>, cx: &mut Context, var: Option<Gc<ContextVar>>) -> Result<()> {
        let shown = cx.repr(token.value())?;
        if token.used.load(Ordering::Acquire) {
            return Err(cx.runtime_error(format!("{} has already been used once", shown.to_str())));
        }
        if var.is_some_and(|var| token.var.load() != Some(var)) {
            return Err(cx.value_error(format!("{} was created by a different ContextVar", shown.to_str())));
        }
        if token.context.load() != Some(ContextObject::current(cx)) {
            return Err(cx.value_error(format!("{} was created in a different Context", shown.to_str())));
        }
        token.used.store(true, Ordering::Release);
        match token.var.load() {
            Some(var) => ContextVar::replace(var, cx, token.old.load()).map(drop),
            None => Ok(()),
        }
    }
}

/// What `ContextVar.set` returns: the way back.
#[class(name = "Token", module = "_contextvars", flags = DISALLOW_NEW)]
impl Token {
    #[getter]
    fn var(&self) -> Value {
        self.var.slot().load_or_none()
    }

    #[getter]
    fn old_value(&self, cx: &mut Context) -> Result {
        match self.old.load() {
            Some(old) => Ok(old),
            None => cx.get_attr_str(Token::class_cell().get().value(), "MISSING"),
        }
    }

    /// Enter into Token context manager.
    #[function("()")]
    fn __enter__(this: Gc<Self>) -> Value {
        this.value()
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[function("(type, value, traceback, /)")]
    fn __exit__(
        this: Gc<Self>,
        cx: &mut Context,
        type_: Value,
        value: Value,
        traceback: Value,
    ) -> Result<()> {
        let _ = (type_, value, traceback);
        Token::restore(this, cx, None)
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Value {
        GenericAlias::new(cx, class, item).value()
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let var = cx.repr(this.var.slot().load_or_none())?;
        let used = if this.used.load(Ordering::Acquire) { " used" } else { "" };
        let text = format!("<Token{used} var={} at {:#x}>", var.to_str(), this.address());
        Ok(cx.new_str(&text).value())
    }
}

/// The body of `Token.MISSING`.
#[derive(Trace)]
pub struct Missing;

#[class(name = "Token.MISSING", module = "_contextvars", flags = DISALLOW_NEW)]
impl Missing {
    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        cx.new_str("<Token.MISSING>").value()
    }
}

/// Context Variables
#[module("_contextvars", classes(ContextObject, ContextVar, Token))]
impl Contextvars {
    #[function("()")]
    fn copy_context(cx: &mut Context) -> Gc<ContextObject> {
        let current = ContextObject::current(cx);
        current.copy(cx)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = module;
        Missing::class_cell().ensure(cx);
        let class = Token::class_cell().get();
        let name = cx.intern("MISSING");
        if class.dict(cx).get_str(cx, name).is_none() {
            let missing = cx.new_object(Missing).value();
            class.dict(cx).set_str(cx, name, missing);
        }
        Ok(())
    }
}
