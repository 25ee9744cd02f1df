//! The Python side of `set` and `frozenset`: slots and methods. CPython: `Objects/setobject.c`.
//!
//! Invariant: only `set` has methods that change it; both types share all others.

use std::sync::atomic::Ordering;

use taipan_macros::class;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::generic_alias::GenericAlias;
use crate::types::set::{AnySet, FrozenSet, Set, SetIterator, new_of};
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

fn repr(cx: &mut Context, this: AnySet) -> Result<Value> {
    let class = cx.class_of(this.value());
    let name = class.name();
    if this.is_empty() {
        return Ok(cx.new_str(&format!("{}()", name.to_str())).value());
    }
    let plain = class == Set::class_cell().get();
    let text = cx.guard_repr(this.value(), |cx| {
        let mut text = StrBuilder::new();
        if !plain {
            text.push(name);
            text.push_str("(");
        }
        text.push_str("{");
        for (index, member) in this.snapshot(cx).into_iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            text.push(cx.repr(member)?);
        }
        text.push_str(if plain { "}" } else { "})" });
        Ok(text.finish(cx))
    })?;
    match text {
        Some(text) => Ok(text.value()),
        None => Ok(cx.new_str(&format!("{}(...)", name.to_str())).value()),
    }
}

fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
    match (AnySet::from_value(a), AnySet::from_value(b)) {
        (Some(a), Some(b)) => a.compare(cx, b, op).map(Value::bool),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// An operator that wants sets on both sides.
fn operator(
    cx: &mut Context,
    a: Value,
    b: Value,
    act: impl FnOnce(&mut Context, AnySet, Value) -> Result<AnySet>,
) -> Result<Value> {
    match (AnySet::from_value(a), AnySet::from_value(b)) {
        (Some(a), Some(_)) => act(cx, a, b).map(AnySet::value),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// An in-place operator that wants a set on the right.
fn inplace(
    cx: &mut Context,
    this: Gc<Set>,
    other: Value,
    act: impl FnOnce(&mut Context, AnySet, Value) -> Result<()>,
) -> Result<Value> {
    if AnySet::from_value(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    act(cx, AnySet::Set(this), other)?;
    Ok(this.value())
}

/// `(type(self), ([members],), state)`.
fn reduce(cx: &mut Context, this: AnySet) -> Result<Value> {
    let members = this.snapshot(cx);
    let list = cx.new_list(&members);
    let args = cx.new_tuple(&[list.value()]);
    let state = cx.call_method(this.value(), "__getstate__", &[])?;
    let class = cx.class_of(this.value());
    Ok(cx.new_tuple(&[class.value(), args.value(), state]).value())
}

#[cold]
fn key_error_text(cx: &mut Context, text: &str) -> Raised {
    let text = cx.new_str(text);
    cx.key_error(text.value())
}

macro_rules! shared_methods {
    ($(#[$attr:meta])* impl $type:ident { $($own:tt)* }) => {
        $(#[$attr])*
        impl $type {
            #[slot(len)]
            fn len(&self) -> usize {
                self.members.table.used()
            }

            #[slot(iter)]
            fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
                SetIterator::of(cx, this.into()).value()
            }

            #[slot(repr)]
            fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
                repr(cx, this.into())
            }

            #[slot(compare)]
            fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
                compare(cx, a, b, op)
            }

            #[slot(contains)]
            fn contains(this: Gc<Self>, cx: &mut Context, member: Value) -> Result<bool> {
                AnySet::from(this).contains(cx, member)
            }

            #[slot(or)]
            fn or(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                operator(cx, a, b, |cx, a, b| a.union(cx, &[b]))
            }

            #[slot(and)]
            fn and(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                operator(cx, a, b, |cx, a, b| a.intersection(cx, b))
            }

            #[slot(sub)]
            fn sub(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                operator(cx, a, b, |cx, a, b| a.difference(cx, b))
            }

            #[slot(xor)]
            fn xor(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
                operator(cx, a, b, |cx, a, b| a.symmetric_difference(cx, b))
            }

            /// Return a new set with the members of the set and of all others.
            #[function("(*others)")]
            fn union(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<Value> {
                AnySet::from(this).union(cx, others.items()).map(AnySet::value)
            }

            /// Return a new set with the members that all others have, too.
            #[function("(*others)")]
            fn intersection(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<Value> {
                AnySet::from(this).intersection_of(cx, others.items()).map(AnySet::value)
            }

            /// Return a new set with the members that no other has.
            #[function("(*others)")]
            fn difference(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<Value> {
                AnySet::from(this).difference_of(cx, others.items()).map(AnySet::value)
            }

            /// Return a new set with the members that exactly one of both has.
            #[function("(other, /)")]
            fn symmetric_difference(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
                AnySet::from(this).symmetric_difference(cx, other).map(AnySet::value)
            }

            /// Tell whether the two have no member in common.
            #[function("(other, /)")]
            fn isdisjoint(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<bool> {
                AnySet::from(this).is_disjoint(cx, other)
            }

            /// Tell whether other has all members of this set.
            #[function("(other, /)")]
            fn issubset(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<bool> {
                AnySet::from(this).is_subset(cx, other)
            }

            /// Tell whether this set has all members of other.
            #[function("(other, /)")]
            fn issuperset(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<bool> {
                AnySet::from(this).is_superset(cx, other)
            }

            /// x.__contains__(y) <==> y in x.
            #[function("(object, /)")]
            fn __contains__(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<bool> {
                AnySet::from(this).contains(cx, object)
            }

            /// What pickle needs.
            #[function("()")]
            fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
                reduce(cx, this.into())
            }

            /// Return the memory the set takes, in bytes.
            #[function("()")]
            fn __sizeof__(&self) -> usize {
                200 + self.members.table.extra_bytes()
            }

            /// See PEP 585
            #[classmethod("(object, /)")]
            fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
                GenericAlias::new(cx, class, object).value()
            }

            $($own)*
        }
    };
}

shared_methods! {
    /// Build an unordered collection of unique elements.
    #[class(name = "set", text = "(iterable=(), /)", kind = SET, by_kind, flags = BASETYPE | MATCH_SELF | HAS_WEAKREF)]
    impl Set {
        #[slot(new)]
        fn new(cx: &mut Context, class: Gc<Class>, _args: Args<'_>) -> Value {
            new_of(cx, class, false).value()
        }

        #[slot(init)]
        fn init(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result<()> {
            // Unlike other constructors this one refuses keywords for subclasses too.
            if args.keyword_count() > 0 {
                return Err(cx.type_error("set() takes no keyword arguments"));
            }
            let given = args.positional();
            if given.len() > 1 {
                return Err(cx.type_error(format!("set expected at most 1 argument, got {}", given.len())));
            }
            let this = AnySet::Set(this);
            this.clear(cx);
            given.first().map_or(Ok(()), |iterable| this.update(cx, *iterable))
        }

        #[slot(inplace_or)]
        fn inplace_or(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
            inplace(cx, this, other, |cx, this, other| this.update(cx, other))
        }

        #[slot(inplace_and)]
        fn inplace_and(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
            inplace(cx, this, other, |cx, this, other| this.intersection_update(cx, &[other]))
        }

        #[slot(inplace_sub)]
        fn inplace_sub(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
            inplace(cx, this, other, |cx, this, other| this.difference_update(cx, other))
        }

        #[slot(inplace_xor)]
        fn inplace_xor(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<Value> {
            inplace(cx, this, other, |cx, this, other| this.symmetric_difference_update(cx, other))
        }

        /// Add a member; nothing happens if it is one already.
        #[function("(object, /)")]
        fn add(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<()> {
            AnySet::Set(this).add(cx, object)
        }

        /// Remove all members.
        #[function("()")]
        fn clear(this: Gc<Self>, cx: &Context) {
            AnySet::Set(this).clear(cx);
        }

        /// Return a shallow copy.
        #[function("()")]
        fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
            AnySet::Set(this).copy(cx).map(AnySet::value)
        }

        /// Remove a member; nothing happens if it is none.
        #[function("(object, /)")]
        fn discard(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<()> {
            AnySet::Set(this).discard(cx, object).map(|_| ())
        }

        /// Remove a member.
        ///
        /// Raises KeyError if it is none.
        #[function("(object, /)")]
        fn remove(this: Gc<Self>, cx: &mut Context, object: Value) -> Result<()> {
            if AnySet::Set(this).discard(cx, object)? { Ok(()) } else { Err(cx.key_error(object)) }
        }

        /// Remove any member and return it.
        ///
        /// Raises KeyError if the set is empty.
        #[function("()")]
        fn pop(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
            match AnySet::Set(this).pop(cx) {
                Some(member) => Ok(member),
                None => Err(key_error_text(cx, "pop from an empty set")),
            }
        }

        /// Add the members of all others.
        #[function("(*others)")]
        fn update(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<()> {
            for other in others.items() {
                AnySet::Set(this).update(cx, *other)?;
            }
            Ok(())
        }

        /// Keep only the members that all others have, too.
        #[function("(*others)")]
        fn intersection_update(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<()> {
            AnySet::Set(this).intersection_update(cx, others.items())
        }

        /// Remove the members that any other has.
        #[function("(*others)")]
        fn difference_update(this: Gc<Self>, cx: &mut Context, others: Gc<Tuple>) -> Result<()> {
            for other in others.items() {
                AnySet::Set(this).difference_update(cx, *other)?;
            }
            Ok(())
        }

        /// Keep the members that exactly one of both has.
        #[function("(other, /)")]
        fn symmetric_difference_update(this: Gc<Self>, cx: &mut Context, other: Value) -> Result<()> {
            AnySet::Set(this).symmetric_difference_update(cx, other)
        }
    }
}

shared_methods! {
    /// Build an immutable unordered collection of unique elements.
    #[class(name = "frozenset", text = "(iterable=(), /)", kind = FROZENSET, by_kind, flags = BASETYPE | MATCH_SELF | HAS_WEAKREF)]
    impl FrozenSet {
        #[slot(new)]
        fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Value> {
            let frozenset = FrozenSet::class_cell().get();
            if args.keyword_count() > 0 && class.slots.init.same(&frozenset.slots.init) {
                return Err(cx.type_error("frozenset() takes no keyword arguments"));
            }
            let iterable = match args.positional() {
                [] => None,
                [iterable] => Some(*iterable),
                more => {
                    return Err(cx.type_error(format!("frozenset expected at most 1 argument, got {}", more.len())));
                }
            };
            if class == frozenset && let Some(iterable) = iterable && cx.is_exact::<FrozenSet>(iterable) {
                return Ok(iterable);
            }
            let set = new_of(cx, class, true);
            if let Some(iterable) = iterable {
                set.update(cx, iterable)?;
            }
            Ok(set.value())
        }

        #[slot(hash)]
        fn hash(this: Gc<Self>, cx: &mut Context) -> i64 {
            let known = this.members.hash.load(Ordering::Relaxed);
            if known != 0 {
                return known;
            }
            let hash = AnySet::Frozen(this).hash_of_members(cx);
            this.members.hash.store(hash, Ordering::Relaxed);
            hash
        }

        /// Return a shallow copy.
        #[function("()")]
        fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
            if cx.is_exact::<FrozenSet>(this.value()) {
                return Ok(this.value());
            }
            AnySet::Frozen(this).copy(cx).map(AnySet::value)
        }
    }
}
