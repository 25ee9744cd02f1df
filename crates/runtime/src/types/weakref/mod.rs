//! `weakref.ref`: a reference that does not keep its object alive. CPython: `Objects/weakrefobject.c`.
//!
//! Invariant: the referent's word is not traced; it is cleared, with the world stopped, before the referent's
//! memory can be used again, so a word that is not 0 names a live object.

pub mod proxy;
pub mod table;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception::hierarchy;
use crate::layout::Object;
use crate::names::id;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::Slot;
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, flag};
use crate::value::Value;

/// Body of `weakref.ref` and of the proxies.
#[derive(Trace)]
#[repr(C)]
pub struct WeakRef {
    /// Bits of the referent, 0 once it died.
    referent: AtomicU64,
    callback: Slot,
    /// Hash of the referent, -1 while unknown.
    hash: AtomicI64,
}

impl WeakRef {
    fn body(referent: Value, callback: Option<Value>) -> WeakRef {
        WeakRef {
            referent: AtomicU64::new(referent.bits()),
            callback: Slot::new_option(callback),
            hash: AtomicI64::new(-1),
        }
    }

    /// The referent while it lives.
    #[inline]
    pub fn referent(&self) -> Option<Value> {
        Value::from_bits(self.referent.load(Ordering::Acquire))
    }

    /// The callback, taken when it runs.
    fn callback(&self) -> Option<Value> {
        self.callback.load()
    }

    /// The referent, or ReferenceError.
    pub fn upgrade(&self, cx: &Context) -> Result {
        self.referent().ok_or_else(|| gone(cx))
    }

    /// Whether this is the one reference without callback that is handed out again.
    fn is_plain(&self) -> bool {
        self.callback.load().is_none()
    }
}

#[cold]
fn gone(cx: &Context) -> Raised {
    cx.raise_message(hierarchy::reference_error, "weakly-referenced object no longer exists")
}

/// Refuses objects whose class has no room for weak references.
fn check_referent(cx: &Context, referent: Value) -> Result<()> {
    if cx.class_of(referent).has_flag(flag::HAS_WEAKREF) {
        return Ok(());
    }
    let name = cx.type_name(referent);
    Err(cx.type_error(format!("cannot create weak reference to '{name}' object")))
}

/// A weak reference of class `class`; one without callback is shared where the class is `ref` itself.
pub fn new_ref(
    cx: &Context,
    class: Gc<Class>,
    referent: Value,
    callback: Option<Value>,
) -> Result<Gc<WeakRef>> {
    check_referent(cx, referent)?;
    let callback = callback.and_then(Value::not_none);
    let shared = callback.is_none() && class == WeakRef::class_cell().get();
    if shared && let Some(existing) = table::plain_ref(referent, class) {
        return Ok(existing);
    }
    let new = cx.new_instance(class, WeakRef::body(referent, callback));
    Ok(table::insert(referent, new, shared.then_some(class)))
}

/// A weak reference to any heap object, for the runtime's own registries.
pub(crate) fn new_unchecked(cx: &Context, referent: Value) -> Gc<WeakRef> {
    let class = WeakRef::class_cell().get();
    if let Some(existing) = table::plain_ref(referent, class) {
        return existing;
    }
    let new = cx.new_object(WeakRef::body(referent, None));
    table::insert(referent, new, Some(class))
}

impl Context {
    /// `weakref.ref(referent)`.
    pub fn new_weakref(&self, referent: Value) -> Result<Gc<WeakRef>> {
        new_ref(self, WeakRef::class_cell().get(), referent, None)
    }
}

/// The one or two arguments of the constructors.
fn constructor_arguments(cx: &Context, function: &str, args: Gc<Tuple>) -> Result<(Value, Option<Value>)> {
    match args.items() {
        [referent] => Ok((*referent, None)),
        [referent, callback] => Ok((*referent, Some(*callback))),
        [] => Err(cx.type_error(format!("{function} expected at least 1 argument, got 0"))),
        more => Err(cx.type_error(format!("{function} expected at most 2 arguments, got {}", more.len()))),
    }
}

/// The class `weakref.ref`.
#[class(name = "ReferenceType", module = "weakref", kind = WEAKREF, by_kind, flags = BASETYPE)]
impl WeakRef {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        if kwargs.len() > 0 && class == WeakRef::class_cell().get() {
            return Err(cx.type_error("ref() takes no keyword arguments"));
        }
        let (referent, callback) = constructor_arguments(cx, "__new__", args)?;
        new_ref(cx, class, referent, callback)
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let _ = this;
        if kwargs.len() > 0 {
            return Err(cx.type_error("ref() takes no keyword arguments"));
        }
        constructor_arguments(cx, "__init__", args).map(|_| ())
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: crate::native::Args<'_>) -> Result<Value> {
        if !args.is_empty() {
            if args.keyword_count() > 0 {
                return Err(cx.type_error("weakref() takes no keyword arguments"));
            }
            return Err(cx.type_error(format!("weakref expected 0 arguments, got {}", args.values().len())));
        }
        Ok(self.referent().unwrap_or(Value::NONE))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let known = self.hash.load(Ordering::Relaxed);
        if known != -1 {
            return Ok(known);
        }
        let Some(referent) = self.referent() else {
            return Err(cx.type_error("weak object has gone away"));
        };
        let hash = cx.hash(referent)?;
        self.hash.store(hash, Ordering::Relaxed);
        Ok(hash)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let address = this.address();
        let Some(referent) = this.referent() else {
            return Ok(cx.new_str(&format!("<weakref at {address:#x}; dead>")).value());
        };
        // As for a special method: what an instance says of itself does not count.
        let class = cx.class_of(referent);
        let name = match class.lookup(cx, cx.name(id::__name__)) {
            Some(found) => match cx.class_of(found).slots.descr_get.get() {
                Some(get) => Some(get(cx, found, Some(referent), Some(class.value()))?),
                None => Some(found),
            },
            None => None,
        };
        let name = name.and_then(|name| name.downcast::<Str>());
        let to =
            format!("<weakref at {address:#x}; to '{}' at {:#x}", cx.type_name(referent), referent.bits());
        let text = match name {
            Some(name) => format!("{to} ({})>", name.to_str()),
            None => format!("{to}>"),
        };
        Ok(cx.new_str(&text).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<WeakRef>(), b.downcast::<WeakRef>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match (x.referent(), y.referent()) {
            (Some(x), Some(y)) => cx.compare(x, y, op),
            _ => Ok(Value::bool((a == b) == (op == CompareOp::Eq))),
        }
    }

    #[member(name = "__callback__")]
    fn callback_attribute(&self) -> Value {
        self.callback.load_or_none()
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
