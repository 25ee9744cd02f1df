//! Special methods and slots: one table that ties each `__name__` to its slot.
//!
//! A native type's filled slots appear in its dict as `wrapper_descriptor`s; a Python class's special
//! methods fill its slots with the functions of `generic`, which look the method up on the class.
//! CPython: `slotdefs` and `update_one_slot` in `Objects/typeobject.c`.
//! Invariant: rows of one slot are adjacent, and `update_slots` decides for a whole slot at once.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::names::id::{self, NameId};
use crate::native::{Args, ClassDef, FunctionDef, FunctionKind, Param, ParamKind, Signature};
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::native_function::{WrapperDescriptor, native_new_owner};
use crate::types::str::Str;
use crate::types::type_::generic::*;
use crate::types::type_::{Class, Slots, StaticSlots, is_class};
use crate::value::Value;

/// One special method.
pub struct Special {
    pub name: &'static str,
    pub id: NameId,
    pub signature: &'static str,
    pub doc: &'static str,
    /// Name of the slot; rows with the same one form a group.
    pub slot: &'static str,
    /// Calls the slot of `slots` with arguments as the special method takes them.
    pub wrap: fn(&mut Context, &Slots, Value, Args<'_>) -> Result,
    pub defined: fn(&StaticSlots) -> bool,
    apply: fn(&Slots, Source<'_>),
}

/// What a slot is set to.
enum Source<'a> {
    Nothing,
    /// The same slot of these.
    Native(&'a Slots),
    /// The function that looks the special method up.
    Generic,
    HashNotImplemented,
}

// ---- argument checks of wrappers -------------------------------------------------------------------

fn no_arguments(cx: &Context, args: Args<'_>) -> Result<()> {
    exactly::<0>(cx, args).map(|_| ())
}

fn exactly<const N: usize>(cx: &Context, args: Args<'_>) -> Result<[Value; N]> {
    if args.keyword_count() > 0 {
        return Err(cx.type_error("wrapper() takes no keyword arguments".to_owned()));
    }
    match <[Value; N]>::try_from(args.positional()) {
        Ok(values) => Ok(values),
        Err(_) => {
            let plural = if N == 1 { "" } else { "s" };
            Err(cx.type_error(format!("expected {N} argument{plural}, got {}", args.positional().len())))
        }
    }
}

fn one_or_two(cx: &Context, args: Args<'_>) -> Result<(Value, Option<Value>)> {
    match args.positional() {
        [a] => Ok((*a, None)),
        [a, b] => Ok((*a, Some(*b))),
        other => Err(cx.type_error(format!("expected 1 or 2 arguments, got {}", other.len()))),
    }
}

fn name_argument(cx: &Context, value: Value) -> Result<Gc<Str>> {
    crate::protocol::attr::attribute_name(cx, value)
}

// ---- the table -------------------------------------------------------------------------------------

macro_rules! row {
    ($name:ident, $slot:ident, $generic:expr, $signature:literal, $doc:expr, |$cx:ident, $f:ident, $this:ident, $args:ident| $body:expr) => {
        Special {
            name: stringify!($name),
            id: id::$name,
            signature: $signature,
            doc: $doc,
            slot: stringify!($slot),
            wrap: |$cx, slots, $this, $args| {
                let Some($f) = slots.$slot.get() else {
                    return Err(lost_slot($cx, stringify!($name)));
                };
                $body
            },
            defined: |slots| slots.$slot.is_some(),
            apply: |slots, source| match source {
                Source::Nothing => slots.$slot.set(None),
                Source::Native(from) => slots.$slot.set(from.$slot.get()),
                Source::Generic => slots.$slot.set($generic),
                Source::HashNotImplemented => slots.hash.set(Some(hash_not_implemented)),
            },
        }
    };
}

#[cold]
fn lost_slot(cx: &Context, name: &str) -> Raised {
    cx.type_error(format!("'{name}' is not supported any more"))
}

macro_rules! unary {
    ($name:ident, $slot:ident, $doc:literal) => {
        row!(
            $name,
            $slot,
            Some(|cx, this| cx.special_or_attribute_error(this, id::$name, &[])),
            "($self, /)",
            $doc,
            |cx, f, this, args| {
                no_arguments(cx, args)?;
                f(cx, this)
            }
        )
    };
}
macro_rules! number {
    ($name:ident, $reflected:ident, $slot:ident, $symbol:literal) => {
        row!(
            $name,
            $slot,
            Some(|cx, a, b| binary(cx, a, b, id::$name, id::$reflected, |s| address(s.$slot.get()))),
            "($self, value, /)",
            concat!("Return self", $symbol, "value."),
            |cx, f, this, args| {
                let [other] = exactly(cx, args)?;
                f(cx, this, other)
            }
        )
    };
    (reflected $name:ident, $reflected:ident, $slot:ident, $symbol:literal) => {
        row!(
            $reflected,
            $slot,
            Some(|cx, a, b| binary(cx, a, b, id::$name, id::$reflected, |s| address(s.$slot.get()))),
            "($self, value, /)",
            concat!("Return value", $symbol, "self."),
            |cx, f, this, args| {
                let [other] = exactly(cx, args)?;
                f(cx, other, this)
            }
        )
    };
}
macro_rules! inplace {
    ($name:ident, $slot:ident, $symbol:literal) => {
        row!(
            $name,
            $slot,
            Some(|cx, a, b| Ok(cx.call_special(a, id::$name, &[b])?.unwrap_or(Value::NOT_IMPLEMENTED))),
            "($self, value, /)",
            concat!("Return self", $symbol, "value."),
            |cx, f, this, args| {
                let [other] = exactly(cx, args)?;
                f(cx, this, other)
            }
        )
    };
}
macro_rules! compare {
    ($name:ident, $op:ident, $symbol:literal) => {
        row!(
            $name,
            compare,
            Some(generic_compare),
            "($self, value, /)",
            concat!("Return self", $symbol, "value."),
            |cx, f, this, args| {
                let [other] = exactly(cx, args)?;
                f(cx, this, other, CompareOp::$op)
            }
        )
    };
}

/// Every special method that is a slot. Rows of a slot are adjacent.
pub static TABLE: &[Special] = &[
    row!(__repr__, repr, Some(generic_repr), "($self, /)", "Return repr(self).", |cx, f, this, args| {
        no_arguments(cx, args)?;
        f(cx, this)
    }),
    unary!(__str__, str, "Return str(self)."),
    row!(__hash__, hash, Some(generic_hash), "($self, /)", "Return hash(self).", |cx, f, this, args| {
        no_arguments(cx, args)?;
        let hash = f(cx, this)?;
        Ok(cx.new_int(hash))
    }),
    row!(
        __call__,
        call,
        Some(generic_call),
        "($self, /, *args, **kwargs)",
        "Call self as a function.",
        |cx, f, this, args| f(cx, this, args)
    ),
    row!(__iter__, iter, Some(generic_iter), "($self, /)", "Implement iter(self).", |cx, f, this, args| {
        no_arguments(cx, args)?;
        f(cx, this)
    }),
    row!(__next__, next, Some(generic_next), "($self, /)", "Implement next(self).", |cx, f, this, args| {
        no_arguments(cx, args)?;
        match f(cx, this)? {
            Some(value) => Ok(value),
            None => Err(cx.stop_iteration(None)),
        }
    }),
    row!(
        __getattribute__,
        get_attr,
        Some(generic_get_attr),
        "($self, name, /)",
        "Return getattr(self, name).",
        |cx, f, this, args| {
            let [name] = exactly(cx, args)?;
            let name = name_argument(cx, name)?;
            f(cx, this, name)
        }
    ),
    row!(__getattr__, get_attr, Some(generic_get_attr), "($self, name, /)", "", |cx, f, this, args| {
        let [name] = exactly(cx, args)?;
        let name = name_argument(cx, name)?;
        f(cx, this, name)
    }),
    row!(
        __setattr__,
        set_attr,
        Some(generic_set_attr),
        "($self, name, value, /)",
        "Implement setattr(self, name, value).",
        |cx, f, this, args| {
            let [name, value] = exactly(cx, args)?;
            let name = name_argument(cx, name)?;
            check_setattr(cx, this, f)?;
            f(cx, this, name, Some(value))?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __delattr__,
        set_attr,
        Some(generic_set_attr),
        "($self, name, /)",
        "Implement delattr(self, name).",
        |cx, f, this, args| {
            let [name] = exactly(cx, args)?;
            let name = name_argument(cx, name)?;
            check_setattr(cx, this, f)?;
            f(cx, this, name, None)?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __get__,
        descr_get,
        Some(generic_descr_get),
        "($self, instance, owner=None, /)",
        "Return an attribute of instance, which is of type owner.",
        |cx, f, this, args| {
            let (object, class) = one_or_two(cx, args)?;
            let (object, class) = (object.not_none(), class.and_then(Value::not_none));
            if object.is_none() && class.is_none() {
                return Err(cx.type_error("__get__(None, None) is invalid".to_owned()));
            }
            f(cx, this, object, class)
        }
    ),
    row!(
        __set__,
        descr_set,
        Some(generic_descr_set),
        "($self, instance, value, /)",
        "Set an attribute of instance to value.",
        |cx, f, this, args| {
            let [object, value] = exactly(cx, args)?;
            f(cx, this, object, Some(value))?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __delete__,
        descr_set,
        Some(generic_descr_set),
        "($self, instance, /)",
        "Delete an attribute of instance.",
        |cx, f, this, args| {
            let [object] = exactly(cx, args)?;
            f(cx, this, object, None)?;
            Ok(Value::NONE)
        }
    ),
    compare!(__lt__, Lt, "<"),
    compare!(__le__, Le, "<="),
    compare!(__eq__, Eq, "=="),
    compare!(__ne__, Ne, "!="),
    compare!(__gt__, Gt, ">"),
    compare!(__ge__, Ge, ">="),
    row!(__new__, new, Some(generic_new), "", "", |cx, f, this, args| match this.downcast::<Class>() {
        Some(class) => f(cx, class, args),
        None => Err(cx.type_error("__new__ needs a class".to_owned())),
    }),
    row!(
        __init__,
        init,
        Some(generic_init),
        "($self, /, *args, **kwargs)",
        "Initialize self.  See help(type(self)) for accurate signature.",
        |cx, f, this, args| {
            f(cx, this, args)?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __del__,
        finalize,
        Some(generic_finalize),
        "($self, /)",
        "Called when the instance is about to be destroyed.",
        |cx, f, this, args| {
            no_arguments(cx, args)?;
            f(cx, this)?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __buffer__,
        buffer,
        Some(crate::protocol::buffer::from_python),
        "($self, flags, /)",
        "Return a view of the memory of self.",
        |cx, f, this, args| {
            let [flags] = exactly(cx, args)?;
            crate::protocol::buffer::to_view(cx, f, this, flags)
        }
    ),
    row!(__len__, len, Some(generic_len), "($self, /)", "Return len(self).", |cx, f, this, args| {
        no_arguments(cx, args)?;
        let len = f(cx, this)?;
        Ok(cx.new_int(len as i64))
    }),
    row!(
        __getitem__,
        get_item,
        Some(|cx, this, key| cx.special_or_attribute_error(this, id::__getitem__, &[key])),
        "($self, key, /)",
        "Return self[key].",
        |cx, f, this, args| {
            let [key] = exactly(cx, args)?;
            f(cx, this, key)
        }
    ),
    row!(
        __setitem__,
        set_item,
        Some(generic_set_item),
        "($self, key, value, /)",
        "Set self[key] to value.",
        |cx, f, this, args| {
            let [key, value] = exactly(cx, args)?;
            f(cx, this, key, Some(value))?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __delitem__,
        set_item,
        Some(generic_set_item),
        "($self, key, /)",
        "Delete self[key].",
        |cx, f, this, args| {
            let [key] = exactly(cx, args)?;
            f(cx, this, key, None)?;
            Ok(Value::NONE)
        }
    ),
    row!(
        __contains__,
        contains,
        Some(generic_contains),
        "($self, key, /)",
        "Return bool(key in self).",
        |cx, f, this, args| {
            let [item] = exactly(cx, args)?;
            f(cx, this, item).map(Value::bool)
        }
    ),
    row!(__add__, concat, None, "($self, value, /)", "Return self+value.", |cx, f, this, args| {
        let [other] = exactly(cx, args)?;
        f(cx, this, other)
    }),
    row!(__mul__, repeat, None, "($self, value, /)", "Return self*value.", |cx, f, this, args| {
        let [count] = exactly(cx, args)?;
        let count = cx.index_isize(count)?;
        f(cx, this, count)
    }),
    row!(__rmul__, repeat, None, "($self, value, /)", "Return value*self.", |cx, f, this, args| {
        let [count] = exactly(cx, args)?;
        let count = cx.index_isize(count)?;
        f(cx, this, count)
    }),
    row!(
        __iadd__,
        inplace_concat,
        None,
        "($self, value, /)",
        "Implement self+=value.",
        |cx, f, this, args| {
            let [other] = exactly(cx, args)?;
            f(cx, this, other)
        }
    ),
    row!(
        __imul__,
        inplace_repeat,
        None,
        "($self, value, /)",
        "Implement self*=value.",
        |cx, f, this, args| {
            let [count] = exactly(cx, args)?;
            let count = cx.index_isize(count)?;
            f(cx, this, count)
        }
    ),
    row!(__bool__, bool, Some(generic_bool), "($self, /)", "True if self else False", |cx, f, this, args| {
        no_arguments(cx, args)?;
        f(cx, this).map(Value::bool)
    }),
    unary!(__int__, int, "int(self)"),
    unary!(__float__, float, "float(self)"),
    unary!(
        __index__,
        index,
        "Return self converted to an integer, if self is suitable for use as an index into a list."
    ),
    unary!(__neg__, neg, "-self"),
    unary!(__pos__, pos, "+self"),
    unary!(__abs__, abs, "abs(self)"),
    unary!(__invert__, invert, "~self"),
    number!(__add__, __radd__, add, "+"),
    number!(reflected __add__, __radd__, add, "+"),
    number!(__sub__, __rsub__, sub, "-"),
    number!(reflected __sub__, __rsub__, sub, "-"),
    number!(__mul__, __rmul__, mul, "*"),
    number!(reflected __mul__, __rmul__, mul, "*"),
    number!(__matmul__, __rmatmul__, matmul, "@"),
    number!(reflected __matmul__, __rmatmul__, matmul, "@"),
    number!(__truediv__, __rtruediv__, truediv, "/"),
    number!(reflected __truediv__, __rtruediv__, truediv, "/"),
    number!(__floordiv__, __rfloordiv__, floordiv, "//"),
    number!(reflected __floordiv__, __rfloordiv__, floordiv, "//"),
    number!(__mod__, __rmod__, rem, "%"),
    number!(reflected __mod__, __rmod__, rem, "%"),
    number!(__lshift__, __rlshift__, lshift, "<<"),
    number!(reflected __lshift__, __rlshift__, lshift, "<<"),
    number!(__rshift__, __rrshift__, rshift, ">>"),
    number!(reflected __rshift__, __rrshift__, rshift, ">>"),
    number!(__and__, __rand__, and, "&"),
    number!(reflected __and__, __rand__, and, "&"),
    number!(__xor__, __rxor__, xor, "^"),
    number!(reflected __xor__, __rxor__, xor, "^"),
    number!(__or__, __ror__, or, "|"),
    number!(reflected __or__, __ror__, or, "|"),
    row!(
        __divmod__,
        divmod,
        Some(|cx, a, b| binary(cx, a, b, id::__divmod__, id::__rdivmod__, |s| address(s.divmod.get()))),
        "($self, value, /)",
        "Return divmod(self, value).",
        |cx, f, this, args| {
            let [other] = exactly(cx, args)?;
            f(cx, this, other)
        }
    ),
    row!(
        __rdivmod__,
        divmod,
        Some(|cx, a, b| binary(cx, a, b, id::__divmod__, id::__rdivmod__, |s| address(s.divmod.get()))),
        "($self, value, /)",
        "Return divmod(value, self).",
        |cx, f, this, args| {
            let [other] = exactly(cx, args)?;
            f(cx, other, this)
        }
    ),
    row!(
        __pow__,
        pow,
        Some(generic_pow),
        "($self, value, mod=None, /)",
        "Return pow(self, value, mod).",
        |cx, f, this, args| {
            let (other, modulus) = one_or_two(cx, args)?;
            f(cx, this, other, modulus.unwrap_or(Value::NONE))
        }
    ),
    row!(
        __rpow__,
        pow,
        Some(generic_pow),
        "($self, value, mod=None, /)",
        "Return pow(value, self, mod).",
        |cx, f, this, args| {
            let (other, modulus) = one_or_two(cx, args)?;
            f(cx, other, this, modulus.unwrap_or(Value::NONE))
        }
    ),
    inplace!(__iadd__, inplace_add, "+="),
    inplace!(__isub__, inplace_sub, "-="),
    inplace!(__imul__, inplace_mul, "*="),
    inplace!(__imatmul__, inplace_matmul, "@="),
    inplace!(__itruediv__, inplace_truediv, "/="),
    inplace!(__ifloordiv__, inplace_floordiv, "//="),
    inplace!(__imod__, inplace_rem, "%="),
    inplace!(__ilshift__, inplace_lshift, "<<="),
    inplace!(__irshift__, inplace_rshift, ">>="),
    inplace!(__iand__, inplace_and, "&="),
    inplace!(__ixor__, inplace_xor, "^="),
    inplace!(__ior__, inplace_or, "|="),
    row!(
        __ipow__,
        inplace_pow,
        Some(generic_inplace_pow),
        "($self, value, /)",
        "Return self**=value.",
        |cx, f, this, args| {
            let [other] = exactly(cx, args)?;
            f(cx, this, other, Value::NONE)
        }
    ),
    unary!(__await__, await_, "Return an iterator to be used in await expression."),
    unary!(__aiter__, aiter, "Return an awaitable, that resolves in asynchronous iterator."),
    unary!(__anext__, anext, "Return a value or raise StopAsyncIteration."),
];

/// Refuses `object.__setattr__(a_native_thing, ..)`, which would go around its own `__setattr__`.
fn check_setattr(cx: &Context, this: Value, function: super::SetAttrFn) -> Result<()> {
    let class = cx.class_of(this);
    let mut native = Some(class);
    while let Some(candidate) = native.filter(|c| c.is_heap()) {
        native = candidate.base();
    }
    let own = native.and_then(|class| class.slots.set_attr.get());
    match own {
        Some(own) if !std::ptr::fn_addr_eq(own, function) && is_class(this) => {
            Err(cx.type_error(format!("can't apply this __setattr__ to {} object", class.name().to_str())))
        }
        _ => Ok(()),
    }
}

/// The rows of the special methods that a native type defines by slots. `__new__` is a function of its own, and
/// `__getattr__` exists only in Python.
pub(crate) fn wrapped(def: &ClassDef) -> impl Iterator<Item = u16> {
    let rows = TABLE.iter().enumerate();
    let own =
        rows.filter(|(_, row)| row.slot != "new" && row.name != "__getattr__" && (row.defined)(&def.slots));
    own.map(|(index, _)| index as u16)
}

/// The name of a row.
pub(crate) fn name_of(cx: &Context, row: u16) -> Gc<Str> {
    cx.name(TABLE[row as usize].id)
}

/// The rows of each slot.
fn groups() -> impl Iterator<Item = &'static [Special]> {
    TABLE.chunk_by(|a, b| a.slot == b.slot)
}

/// The rows of each slot that a method of this name touches, by the address of the name: static names stay where they are.
fn groups_of(cx: &Context, name: Gc<Str>) -> &'static [&'static [Special]] {
    static BY_NAME: OnceLock<HashMap<usize, Vec<&'static [Special]>>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let mut by_name = HashMap::<usize, Vec<_>>::new();
        for group in groups() {
            for row in group {
                let known = by_name.entry(cx.name(row.id).address()).or_default();
                if known.last().is_none_or(|last: &&'static [Special]| last[0].slot != group[0].slot) {
                    known.push(group);
                }
            }
        }
        by_name
    });
    by_name.get(&name.address()).map_or(&[], |groups| groups)
}

/// Whether `name` is a special method with a slot.
pub fn is_special(name: Gc<Str>, cx: &Context) -> bool {
    !groups_of(cx, name).is_empty()
}

/// Whether a name looks like that of a special method.
fn looks_special(name: &Str) -> bool {
    name.as_ascii().is_some_and(|name| name.starts_with("__") && name.ends_with("__"))
}

/// Sets the slots of a new class.
pub(crate) fn inherit_slots(cx: &Context, class: Gc<Class>, base: Gc<Class>) {
    class.slots.inherit(&base.slots);
    // What is found behind the class itself is what the base finds, so only its own names can make a difference.
    let only_base = class.mro().items().get(1..).is_some_and(|rest| rest == base.mro().items());
    if !only_base {
        return update_slots(cx, class, None);
    }
    for name in &class.dict(cx).keys(cx) {
        // A name that was put together at run time is not interned yet; groups are found by identity.
        if let Some(name) = name.downcast::<Str>().filter(|name| name.is_interned() || looks_special(name)) {
            update_slots(cx, class, Some(name.intern(cx)));
        }
    }
}

/// Recomputes the slots of `class` from its MRO: all of them, or those that `name` touches.
pub(crate) fn update_slots(cx: &Context, class: Gc<Class>, name: Option<Gc<Str>>) {
    let update = |group: &'static [Special]| (group[0].apply)(&class.slots, decide(cx, class, group));
    match name {
        Some(name) => groups_of(cx, name).iter().copied().for_each(update),
        None => groups().for_each(update),
    }
}

/// What the slot of a group of rows is to hold. The slots that are copied are those of immortal native types.
fn decide(cx: &Context, class: Gc<Class>, group: &'static [Special]) -> Source<'static> {
    let mut native: Option<Gc<Class>> = None;
    for row in group {
        let Some(value) = class.lookup(cx, cx.name(row.id)) else { continue };
        let owner = if row.slot == "new" {
            native_new_owner(value)
        } else if let Some(wrapper) = value.downcast::<WrapperDescriptor>() {
            if wrapper.special().slot != row.slot {
                // The same name over another slot (list.__add__ is `concat`) is not ours; another special method
                // under this name (`__str__ = int.__repr__`) is called like any attribute.
                if wrapper.special().id == row.id && class.is_subclass_of(wrapper.class()) {
                    continue;
                }
                return Source::Generic;
            }
            let same = std::ptr::eq(wrapper.special(), row) && class.is_subclass_of(wrapper.class());
            if same { Some(wrapper.class()) } else { None }
        } else if row.slot == "hash" && value.is_none() {
            return Source::HashNotImplemented;
        } else {
            None
        };
        match (owner, native) {
            (Some(owner), None) => native = Some(owner),
            (Some(owner), Some(other)) if owner == other => {}
            (Some(owner), Some(other)) if same_slot(owner, other, row) => {}
            _ => return Source::Generic,
        }
    }
    match native {
        Some(owner) => Source::Native(static_slots(owner)),
        None => Source::Nothing,
    }
}

/// Native types are immortal, so their slots live as long as the program.
fn static_slots(class: Gc<Class>) -> &'static Slots {
    &crate::object::immortal_body(class).slots
}

fn same_slot(a: Gc<Class>, b: Gc<Class>, row: &Special) -> bool {
    macro_rules! compare_slots {
        ($($name:ident: $ty:ty,)*) => {
            match row.slot {
                $(stringify!($name) => a.slots.$name.same(&b.slots.$name),)*
                _ => false,
            }
        };
    }
    crate::for_each_slot!(compare_slots)
}

// ---- __new__ ---------------------------------------------------------------------------------------

/// `T.__new__(cls, ...)` of every native type; the function's bound object is T.
pub static NEW_DEF: FunctionDef = FunctionDef {
    name: "__new__",
    doc: "Create and return a new object.  See help(type) for accurate signature.",
    signature: Signature {
        text: "(*args, **kwargs)",
        params: &[
            Param { name: "args", kind: ParamKind::VarArgs, required: false },
            Param { name: "kwargs", kind: ParamKind::VarKeywords, required: false },
        ],
        positional: 0,
        positional_only: 0,
        required: 0,
        var_args: true,
        var_keywords: true,
        keyword_only: 0,
        by_position: false,
        unnamed: false,
    },
    kind: FunctionKind::StaticMethod,
    takes_self: true,
    call: |cx, _| Err(cx.runtime_error("__new__ is called through call_new_wrapper".to_owned())),
    quick: None,
};

/// What `NEW_DEF` does: checks the class, then constructs. CPython: `tp_new_wrapper`.
pub(crate) fn call_new_wrapper(cx: &mut Context, owner: Gc<Class>, args: Args<'_>) -> Result {
    let owner_name = owner.name().to_str().into_owned();
    let Some(first) = args.positional().first().copied() else {
        return Err(cx.type_error(format!("{owner_name}.__new__(): not enough arguments")));
    };
    let Some(class) = first.downcast::<Class>() else {
        return Err(cx.type_error(format!(
            "{owner_name}.__new__(X): X is not a type object ({})",
            cx.type_name(first)
        )));
    };
    let class_name = class.name().to_str().into_owned();
    if !class.is_subclass_of(owner) {
        return Err(cx.type_error(format!(
            "{owner_name}.__new__({class_name}): {class_name} is not a subtype of {owner_name}"
        )));
    }
    if class.has_flag(crate::types::type_::flag::DISALLOW_NEW) {
        return Err(super::methods::no_instances(cx, class));
    }
    let mut native = class;
    while native.is_heap() {
        native = native.base().expect("a Python class has a base");
    }
    let (expected, ours) = (native.slots.new.get(), owner.slots.new.get());
    if !native.slots.new.same(&owner.slots.new) {
        let _ = expected;
        return Err(cx.type_error(format!(
            "{owner_name}.__new__({class_name}) is not safe, use {}.__new__()",
            native.name().to_str()
        )));
    }
    match ours {
        Some(new) => new(cx, class, Args::new(&args.values()[1..], args.names())),
        None => Err(cx.type_error(format!("cannot create '{class_name}' instances"))),
    }
}
