//! `weakref.proxy`: stands for its object in every operation. CPython: `Objects/weakrefobject.c`.
//!
//! Invariant: an operation first turns every proxy among its operands into the object, or raises
//! ReferenceError; then the ordinary protocol does the work.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::instance::Instance;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::protocol::number::{BinaryOp, UnaryOp};
use crate::types::str::Str;
use crate::types::type_::ClassCell;
use crate::types::weakref::{WeakRef, check_referent, table};
use crate::value::Value;

/// The Python base of the proxies, which share the layout of `ref` but are none.
fn object_class() -> &'static ClassCell {
    Instance::class_cell()
}

/// The object behind a proxy; any other value as it is.
fn unwrap(cx: &Context, value: Value) -> Result {
    let is_proxy = cx.is_exact::<WeakProxy>(value) || cx.is_exact::<WeakCallableProxy>(value);
    match value.downcast::<WeakRef>() {
        Some(reference) if is_proxy => reference.upgrade(cx),
        _ => Ok(value),
    }
}

fn binary(cx: &mut Context, op: BinaryOp, a: Value, b: Value) -> Result {
    let (a, b) = (unwrap(cx, a)?, unwrap(cx, b)?);
    cx.binary(op, a, b)
}

fn inplace(cx: &mut Context, op: BinaryOp, a: Value, b: Value) -> Result {
    let (a, b) = (unwrap(cx, a)?, unwrap(cx, b)?);
    cx.inplace(op, a, b)
}

/// `weakref.proxy(referent, callback)`.
pub fn new_proxy(cx: &Context, referent: Value, callback: Option<Value>) -> Result {
    check_referent(cx, referent)?;
    let callback = callback.and_then(Value::not_none);
    let callable = cx.is_callable(referent);
    let class = if callable { WeakCallableProxy::class_cell() } else { WeakProxy::class_cell() }.get();
    let shared = callback.is_none().then_some(class);
    if let Some(class) = shared
        && let Some(existing) = table::plain_ref(referent, class)
    {
        return Ok(existing.value());
    }
    let base = WeakRef::body(referent, callback);
    let new = if callable {
        cx.new_object(WeakCallableProxy { base }).value()
    } else {
        cx.new_object(WeakProxy { base }).value()
    };
    match new.downcast::<WeakRef>() {
        Some(new) => Ok(table::insert(referent, new, shared).value()),
        None => unreachable!("a proxy begins with a reference"),
    }
}

macro_rules! proxy_class {
    ($body:ident, $name:tt, $doc:tt, { $($call:tt)* }) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        #[repr(C)]
        pub struct $body {
            base: WeakRef,
        }

        #[doc = $doc]
        #[class(name = $name, module = "weakref", kind = WEAKREF, base = WeakRef, parent = object_class, flags = DISALLOW_NEW)]
        impl $body {
            $($call)*

            #[slot(repr)]
            fn repr(this: Gc<Self>, cx: &mut Context) -> Value {
                let address = this.address();
                let text = match this.base.referent() {
                    Some(referent) => {
                        format!("<weakproxy at {address:#x}; to '{}' at {:#x}>", cx.type_name(referent), referent.bits())
                    }
                    None => format!("<weakproxy at {address:#x}; dead>"),
                };
                cx.new_str(&text).value()
            }

            #[slot(str)]
            fn str(&self, cx: &mut Context) -> Result<Gc<Str>> {
                let object = self.base.upgrade(cx)?;
                cx.str(object)
            }

            #[slot(get_attr)]
            fn get_attr(&self, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.get_attr(object, name)
            }

            #[slot(set_attr)]
            fn set_attr(&self, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
                let object = self.base.upgrade(cx)?;
                match value {
                    Some(value) => cx.set_attr(object, name, value),
                    None => cx.del_attr(object, name),
                }
            }

            #[slot(compare)]
            fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
                let (a, b) = (unwrap(cx, a)?, unwrap(cx, b)?);
                cx.compare(a, b, op)
            }

            #[slot(iter)]
            fn iter(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.iter(object)
            }

            #[slot(next)]
            fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
                let object = self.base.upgrade(cx)?;
                if !cx.class_of(object).slots.next.is_set() {
                    let name = cx.type_name(object);
                    return Err(cx.type_error(format!("Weakref proxy referenced a non-iterator '{name}' object")));
                }
                cx.next(object)
            }

            #[slot(bool)]
            fn bool(&self, cx: &mut Context) -> Result<bool> {
                let object = self.base.upgrade(cx)?;
                cx.truth(object)
            }

            #[slot(len)]
            fn len(&self, cx: &mut Context) -> Result<usize> {
                let object = self.base.upgrade(cx)?;
                cx.len(object)
            }

            #[slot(get_item)]
            fn get_item(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                let (a, b) = (unwrap(cx, a)?, unwrap(cx, b)?);
                cx.get_item(a, b)
            }

            #[slot(set_item)]
            fn set_item(&self, cx: &mut Context, key: Value, value: Option<Value>) -> Result<()> {
                let object = self.base.upgrade(cx)?;
                match value {
                    Some(value) => cx.set_item(object, key, value),
                    None => cx.del_item(object, key),
                }
            }

            #[slot(contains)]
            fn contains(&self, cx: &mut Context, item: Value) -> Result<bool> {
                let object = self.base.upgrade(cx)?;
                cx.contains(object, item)
            }

            #[slot(int)]
            fn int(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.int(object)
            }

            #[slot(float)]
            fn float(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                let float = cx.float_value(object)?;
                Ok(cx.new_float(float))
            }

            #[slot(index)]
            fn index(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.index(object)
            }

            #[slot(pow)]
            fn pow(cx: &mut Context, a: Value, b: Value, modulus: Value) -> Result<Value> {
                let (a, b, modulus) = (unwrap(cx, a)?, unwrap(cx, b)?, unwrap(cx, modulus)?);
                cx.pow(a, b, modulus)
            }

            #[slot(inplace_pow)]
            fn inplace_pow(cx: &mut Context, a: Value, b: Value, _modulus: Value) -> Result<Value> {
                let (a, b) = (unwrap(cx, a)?, unwrap(cx, b)?);
                cx.inplace(BinaryOp::Pow, a, b)
            }

            #[slot(neg)]
            fn neg(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.unary(UnaryOp::Neg, object)
            }

            #[slot(pos)]
            fn pos(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.unary(UnaryOp::Pos, object)
            }

            #[slot(abs)]
            fn abs(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.abs(object)
            }

            #[slot(invert)]
            fn invert(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.unary(UnaryOp::Invert, object)
            }

            #[slot(add)]
            fn add(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Add, a, b)
            }

            #[slot(sub)]
            fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Sub, a, b)
            }

            #[slot(mul)]
            fn mul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Mul, a, b)
            }

            #[slot(matmul)]
            fn matmul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::MatMul, a, b)
            }

            #[slot(truediv)]
            fn truediv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::TrueDiv, a, b)
            }

            #[slot(floordiv)]
            fn floordiv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::FloorDiv, a, b)
            }

            #[slot(rem)]
            fn rem(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Rem, a, b)
            }

            #[slot(divmod)]
            fn divmod(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::DivMod, a, b)
            }

            #[slot(lshift)]
            fn lshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::LShift, a, b)
            }

            #[slot(rshift)]
            fn rshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::RShift, a, b)
            }

            #[slot(and)]
            fn and_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::And, a, b)
            }

            #[slot(xor)]
            fn xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Xor, a, b)
            }

            #[slot(or)]
            fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                binary(cx, BinaryOp::Or, a, b)
            }

            #[slot(inplace_add)]
            fn inplace_add(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Add, a, b)
            }

            #[slot(inplace_sub)]
            fn inplace_sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Sub, a, b)
            }

            #[slot(inplace_mul)]
            fn inplace_mul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Mul, a, b)
            }

            #[slot(inplace_matmul)]
            fn inplace_matmul(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::MatMul, a, b)
            }

            #[slot(inplace_truediv)]
            fn inplace_truediv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::TrueDiv, a, b)
            }

            #[slot(inplace_floordiv)]
            fn inplace_floordiv(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::FloorDiv, a, b)
            }

            #[slot(inplace_rem)]
            fn inplace_rem(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Rem, a, b)
            }

            #[slot(inplace_lshift)]
            fn inplace_lshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::LShift, a, b)
            }

            #[slot(inplace_rshift)]
            fn inplace_rshift(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::RShift, a, b)
            }

            #[slot(inplace_and)]
            fn inplace_and(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::And, a, b)
            }

            #[slot(inplace_xor)]
            fn inplace_xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Xor, a, b)
            }

            #[slot(inplace_or)]
            fn inplace_or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                inplace(cx, BinaryOp::Or, a, b)
            }

            #[function("()", name = "__bytes__")]
            fn bytes(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.call_method(object, "__bytes__", &[])
            }

            #[function("()", name = "__reversed__")]
            fn reversed(&self, cx: &mut Context) -> Result<Value> {
                let object = self.base.upgrade(cx)?;
                cx.call_method(object, "__reversed__", &[])
            }
        }
    };
}

proxy_class!(WeakProxy, "ProxyType", "The class of proxies for objects that cannot be called.", {});
proxy_class!(
    WeakCallableProxy,
    "CallableProxyType",
    "The class of proxies for objects that can be called.",
    {
        #[slot(call)]
        fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
            let object = self.base.upgrade(cx)?;
            cx.call_kw(object, args)
        }
    }
);
