//! What the module keeps: its classes, the templates of contexts, the context variable. CPython: `decimal_state`.
//!
//! Invariant: it is made once, at the first import, and never changes.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_num::decimal::{Rounding, Status};
use taipan_runtime::prelude::*;

use super::context::{self, ContextObject};
use super::manager::ContextManager;
use super::object::{DecimalObject, Digits};
use super::signal_dict::SignalDictMixin;
use super::signals;
use crate::contextvars::ContextVar;

/// The state; a root once it is there.
static STATE: AtomicU64 = AtomicU64::new(0);

/// Body of the state.
#[derive(Trace)]
pub struct State {
    classes: TypedSlot<Tuple>,
    /// `DefaultContext`, `BasicContext`, `ExtendedContext`.
    templates: [TypedSlot<ContextObject>; 3],
    variable: TypedSlot<ContextVar>,
    signal_dict: TypedSlot<Class>,
    decimal_tuple: Slot,
    rational: Slot,
    roundings: [TypedSlot<Str>; 8],
}

#[class(name = "State", module = "_decimal", flags = DISALLOW_NEW)]
impl State {}

impl State {
    pub(super) fn classes(&self) -> Gc<Tuple> {
        self.classes.load().expect("the state is complete")
    }

    pub(super) fn default_template(&self) -> Gc<ContextObject> {
        self.templates[0].load().expect("the state is complete")
    }

    pub(super) fn is_template(&self, context: Gc<ContextObject>) -> bool {
        self.templates.iter().any(|template| template.load() == Some(context))
    }

    pub(super) fn variable(&self) -> Gc<ContextVar> {
        self.variable.load().expect("the state is complete")
    }

    pub(super) fn signal_dict(&self) -> Gc<Class> {
        self.signal_dict.load().expect("the state is complete")
    }

    pub(super) fn decimal_tuple(&self) -> Value {
        self.decimal_tuple.load_or_none()
    }

    pub(super) fn rational(&self) -> Value {
        self.rational.load_or_none()
    }

    pub(super) fn rounding_name(&self, rounding: Rounding) -> Value {
        self.roundings[rounding as usize].slot().load_or_none()
    }
}

/// The state, if the module has been imported.
pub(super) fn try_get() -> Option<Gc<State>> {
    Value::from_bits(STATE.load(Ordering::Acquire)).and_then(Value::downcast::<State>)
}

/// The state, which is there since no object of the module is older.
pub(super) fn get(cx: &Context) -> Gc<State> {
    let _ = cx;
    try_get().expect("the module has been imported")
}

/// `DecimalTuple`, made as a program would make it.
fn decimal_tuple(cx: &mut Context) -> Result {
    let collections = cx.import("collections")?;
    let (name, fields) = (cx.new_str("DecimalTuple").value(), cx.new_str("sign digits exponent").value());
    let class = cx.call_method(collections, "namedtuple", &[name, fields])?;
    let module = cx.intern("decimal").value();
    cx.set_attr_str(class, "__module__", module)?;
    Ok(class)
}

/// `SignalDict`: the native half, made a mapping.
fn signal_dict(cx: &mut Context) -> Result {
    let mixin = SignalDictMixin::class_cell().ensure(cx).value();
    let module = cx.import("collections.abc")?;
    let abc = cx.get_attr_str(module, "MutableMapping")?;
    let metaclass = cx.class_of(abc).value();
    let name = cx.new_str("SignalDict").value();
    let (bases, namespace) = (cx.new_tuple(&[mixin, abc]).value(), cx.new_dict().value());
    cx.call(metaclass, &[name, bases, namespace])
}

fn make(cx: &mut Context) -> Result<Gc<State>> {
    State::class_cell().ensure(cx);
    Digits::class_cell().ensure(cx);
    ContextManager::class_cell().ensure(cx);
    // Its types come from its import.
    cx.import("_contextvars")?;
    let classes = signals::make(cx)?;
    let tuple = decimal_tuple(cx)?;
    let signal_dict = signal_dict(cx)?;
    let numbers = cx.import("numbers")?;
    let rational = cx.get_attr_str(numbers, "Rational")?;
    let number = cx.get_attr_str(numbers, "Number")?;
    let decimal = DecimalObject::class_cell().ensure(cx).value();
    cx.call_method(number, "register", &[decimal])?;
    let name = cx.intern("decimal_context");
    let variable = ContextVar::of_name(cx, name);
    let basic = context::DEFAULT.with_prec(9).rounded(Rounding::HalfUp);
    let basic_traps = signals::DEFAULT_TRAPS | Status::UNDERFLOW.0 | Status::CLAMPED.0;
    let templates = [
        (context::DEFAULT, signals::DEFAULT_TRAPS),
        (basic, basic_traps),
        (context::DEFAULT.with_prec(9), 0),
    ];
    let templates = templates.map(|(settings, traps)| {
        TypedSlot::new(ContextObject::new(cx, ContextObject::body(settings, true, traps)))
    });
    Ok(cx.new_object(State {
        classes: TypedSlot::new(classes),
        templates,
        variable: TypedSlot::new(variable),
        signal_dict: TypedSlot::new_option(signal_dict.downcast::<Class>()),
        decimal_tuple: Slot::new(tuple),
        rational: Slot::new(rational),
        roundings: Rounding::ALL.map(|rounding| TypedSlot::new(cx.intern(rounding.name()))),
    }))
}

/// Fills a fresh module.
pub(super) fn fill(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    let state = match try_get() {
        Some(state) => state,
        None => {
            let made = make(cx)?;
            let bits = made.value().bits();
            taipan_runtime::add_root(&STATE);
            // Threads that meet here use the first one's.
            let _ = STATE.compare_exchange(0, bits, Ordering::AcqRel, Ordering::Acquire);
            get(cx)
        }
    };
    let dict = module.dict();
    signals::add_to(cx, module, state.classes());
    dict.set_str(cx, cx.intern("DecimalTuple"), state.decimal_tuple());
    for (name, template) in
        ["DefaultContext", "BasicContext", "ExtendedContext"].into_iter().zip(&state.templates)
    {
        dict.set_str(cx, cx.intern(name), template.slot().load_or_none());
    }
    for rounding in Rounding::ALL {
        dict.set_str(cx, cx.intern(rounding.name()), state.rounding_name(rounding));
    }
    Ok(())
}
