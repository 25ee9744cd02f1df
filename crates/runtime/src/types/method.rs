//! `method`: a function bound to an instance. CPython: `Objects/classobject.c`.
//!
//! Invariant: both fields are set at creation and never change.

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::Slot;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `method`.
#[derive(Trace)]
pub struct Method {
    function: Slot,
    this: Slot,
}

impl Method {
    /// `function` bound to `this`.
    #[inline]
    pub fn new(cx: &Context, function: Value, this: Value) -> Gc<Method> {
        cx.new_object(Method { function: Slot::new(function), this: Slot::new(this) })
    }

    /// `__func__`.
    #[inline]
    pub fn function(&self) -> Value {
        self.function.load_or_none()
    }

    /// `__self__`.
    #[inline]
    pub fn receiver(&self) -> Value {
        self.this.load_or_none()
    }
}

/// Create a bound instance method object.
#[class(name = "method", kind = METHOD, by_kind, flags = HAS_WEAKREF)]
impl Method {
    #[new("(function, instance, /)")]
    fn new_python(cx: &mut Context, class: Gc<Class>, function: Value, instance: Value) -> Result<Gc<Self>> {
        if !cx.is_callable(function) {
            return Err(cx.type_error("first argument must be callable"));
        }
        if instance.is_none() {
            return Err(cx.type_error("instance must not be None"));
        }
        Ok(cx.new_instance(class, Method { function: Slot::new(function), this: Slot::new(instance) }))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let (function, this) = (self.function(), self.receiver());
        let mut stack = [Value::NONE; 8];
        let count = args.values().len() + 1;
        if count <= stack.len() {
            stack[0] = this;
            stack[1..count].copy_from_slice(args.values());
            return cx.call_kw(function, Args::new(&stack[..count], args.names()));
        }
        let mut values = GVec::with_capacity(count);
        values.push(this);
        values.extend_from_slice(args.values());
        cx.call_kw(function, Args::new(&values, args.names()))
    }

    /// Attributes of the method itself come first, then those of the function.
    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
        let class = cx.class_of(this.value());
        match class.lookup(cx, name) {
            Some(attribute) => match cx.class_of(attribute).slots.descr_get.get() {
                Some(get) => get(cx, attribute, Some(this.value()), Some(class.value())),
                None => Ok(attribute),
            },
            None => cx.get_attr(this.function(), name),
        }
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let mut name = None;
        for attribute in ["__qualname__", "__name__"] {
            let attribute = cx.intern(attribute);
            name = cx.lookup_attr(self.function(), attribute)?;
            if name.is_some() {
                break;
            }
        }
        let name = name.and_then(|name| name.downcast::<Str>());
        let name = name.map_or("?".to_owned(), |name| name.to_str().into_owned());
        let this = cx.repr(self.receiver())?;
        cx.format_str(&[&format!("<bound method {name} of "), "", ">"], &[this])
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<Method>(), b.downcast::<Method>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = cx.eq(x.function(), y.function())? && x.receiver() == y.receiver();
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let this = taipan_num::hash::hash_pointer(self.receiver().bits() as usize);
        let hash = this ^ cx.hash(self.function())?;
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, _object: Option<Value>, _class: Option<Value>) -> Value {
        // Bound already.
        this.value()
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Value> {
        let getattr = cx.builtin("getattr")?;
        let name = cx.get_attr_str(self.function(), "__name__")?;
        let pair = cx.new_tuple(&[self.receiver(), name]).value();
        Ok(cx.new_tuple(&[getattr, pair]).value())
    }

    /// the function (or other callable) implementing a method
    #[member(name = "__func__")]
    fn func(&self) -> Value {
        self.function()
    }

    /// the instance to which a method is bound
    #[member(name = "__self__")]
    fn self_(&self) -> Value {
        self.receiver()
    }

    #[getter(name = "__doc__")]
    fn doc(&self, cx: &mut Context) -> Result<Value> {
        cx.get_attr_str(self.function(), "__doc__")
    }
}
