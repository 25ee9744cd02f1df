//! `_collections`. CPython: `Modules/_collectionsmodule.c`, `Objects/odictobject.c`.
//!
//! Invariant: a container's state is behind its lock, and no user's code runs while the lock is held.

mod defaultdict;
mod deque;
mod ordered_dict;
mod ring;
mod tuple_getter;

use taipan_runtime::names::id;
use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;

use defaultdict::DefaultDict;
use deque::{Deque, DequeIterator, DequeReverseIterator};
use ordered_dict::{OdictItems, OdictIterator, OdictKeys, OdictValues, OrderedDict};
use tuple_getter::TupleGetter;

/// The module.
pub struct Collections;

/// High performance data structures.
/// - deque:        ordered collection accessible from endpoints only
/// - defaultdict:  dict subclass with a default value factory
#[module(
    "_collections",
    classes(DefaultDict, Deque, DequeIterator, DequeReverseIterator, OrderedDict, TupleGetter)
)]
impl Collections {
    /// Count elements in the iterable, updating the mapping
    #[function("(mapping, iterable, /)", name = "_count_elements")]
    fn count_elements(cx: &mut Context, mapping: Value, iterable: Value) -> Result<()> {
        let iterator = cx.iter(iterable)?;
        let class = cx.class_of(mapping);
        let (get, set) = (cx.name(id::get), cx.name(id::__setitem__));
        let dict_class = Dict::class_cell().get();
        let plain = mapping.downcast::<Dict>().filter(|_| {
            class.lookup(cx, get) == dict_class.lookup(cx, get)
                && class.lookup(cx, set) == dict_class.lookup(cx, set)
        });
        let one = Value::int(1);
        let Some(dict) = plain else {
            let bound_get = cx.get_attr(mapping, get)?;
            while let Some(key) = cx.next(iterator)? {
                let old = cx.call(bound_get, &[key, Value::int(0)])?;
                let new = cx.binary(BinaryOp::Add, old, one)?;
                cx.set_item(mapping, key, new)?;
            }
            return Ok(());
        };
        while let Some(key) = cx.next(iterator)? {
            cx.poll()?;
            let hash = cx.hash(key)?;
            let new = match dict.get_hashed(cx, key, hash)? {
                Some(old) => cx.binary(BinaryOp::Add, old, one)?,
                None => one,
            };
            dict.set_hashed(cx, key, hash, new)?;
        }
        Ok(())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = module;
        for class in [
            OdictIterator::class_cell,
            OdictItems::class_cell,
            OdictKeys::class_cell,
            OdictValues::class_cell,
        ] {
            class().ensure(cx);
        }
        Ok(())
    }
}
