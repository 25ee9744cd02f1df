//! `_weakref`. CPython: `Modules/_weakref.c`.
//!
//! Invariant: the work is done by `types/weakref` of the runtime.

use taipan_runtime::prelude::*;
use taipan_runtime::types::weakref::proxy::{WeakCallableProxy, WeakProxy, new_proxy};
use taipan_runtime::types::weakref::{WeakRef, table};

/// The module.
pub struct Weakref;

/// Weak-reference support module.
#[module("_weakref", classes(WeakCallableProxy, WeakProxy, WeakRef))]
impl Weakref {
    /// Return the number of weak references to 'object'.
    #[function("(object, /)")]
    fn getweakrefcount(object: Value) -> usize {
        table::count(object)
    }

    /// Return a list of all weak reference objects pointing to 'object'.
    #[function("(object, /)")]
    fn getweakrefs(cx: &mut Context, object: Value) -> Value {
        cx.new_list(&table::references(object)).value()
    }

    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the
    /// proxy when 'object' is about to be finalized.
    #[function("(object, callback=None, /)")]
    fn proxy(cx: &mut Context, object: Value, callback: Value) -> Result<Value> {
        new_proxy(cx, object, callback.not_none())
    }

    /// Atomically remove key from dict if it points to a dead weakref.
    #[function("(dct, key, /)", name = "_remove_dead_weakref")]
    fn remove_dead_weakref(cx: &mut Context, dct: Value, key: Value) -> Result<()> {
        let Some(dict) = dct.downcast::<Dict>() else {
            let got = cx.argument_type_name(dct);
            return Err(cx.type_error(format!("_remove_dead_weakref() argument 1 must be dict, not {got}")));
        };
        let Some(value) = dict.get(cx, key)? else { return Ok(()) };
        match value.downcast::<WeakRef>() {
            None => Err(cx.type_error("not a weakref")),
            Some(reference) if reference.referent().is_some() => Ok(()),
            Some(_) => dict.remove(cx, key).map(|_| ()),
        }
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let name = cx.intern("ref");
        module.dict().set_str(cx, name, WeakRef::class_cell().get().value());
        Ok(())
    }
}
