//! What pickling takes from other modules when `_pickle` is imported. CPython: `_Pickle_InitState`.
//!
//! Invariant: made once per process and never changed; the dicts in it belong to `copyreg` and `_compat_pickle`, which
//! change what is in them.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::prelude::*;

/// The tuple of what was found: a root once it is there.
static FOUND: AtomicU64 = AtomicU64::new(0);

/// The dicts, in the order in which they come first in the tuple: module and attribute.
const DICTS: [(&str, &str); 8] = [
    ("copyreg", "dispatch_table"),
    ("copyreg", "_extension_registry"),
    ("copyreg", "_inverted_registry"),
    ("copyreg", "_extension_cache"),
    ("_compat_pickle", "NAME_MAPPING"),
    ("_compat_pickle", "IMPORT_MAPPING"),
    ("_compat_pickle", "REVERSE_NAME_MAPPING"),
    ("_compat_pickle", "REVERSE_IMPORT_MAPPING"),
];

/// Objects that follow the dicts.
const OBJECTS: [(&str, &str); 3] = [("codecs", "encode"), ("builtins", "getattr"), ("functools", "partial")];

#[derive(Clone, Copy)]
pub(super) struct State(Gc<Tuple>);

impl State {
    /// The state, which the first use makes.
    pub(super) fn get(cx: &mut Context) -> Result<State> {
        if let Some(found) = Value::from_bits(FOUND.load(Ordering::Acquire)).and_then(Value::downcast) {
            return Ok(State(found));
        }
        let new = State::find(cx)?;
        match FOUND.compare_exchange(0, new.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => taipan_runtime::add_root(&FOUND),
            Err(bits) => return Ok(State(Value::from_bits(bits).and_then(Value::downcast).unwrap_or(new))),
        }
        Ok(State(new))
    }

    fn find(cx: &mut Context) -> Result<Gc<Tuple>> {
        let mut all = GVec::with_capacity(DICTS.len() + OBJECTS.len());
        for (module, name) in DICTS {
            let owner = cx.import(module)?;
            let dict = cx.get_attr_str(owner, name)?;
            if cx.exact::<Dict>(dict).is_none() {
                let found = cx.type_name(dict);
                return Err(cx.runtime_error(format!("{module}.{name} should be a dict, not {found}")));
            }
            all.push(dict);
        }
        for (module, name) in OBJECTS {
            let owner = cx.import(module)?;
            let object = cx.get_attr_str(owner, name)?;
            if !cx.is_callable(object) {
                let found = cx.type_name(object);
                return Err(cx.runtime_error(format!("{module}.{name} should be a callable, not {found}")));
            }
            all.push(object);
        }
        Ok(cx.new_tuple(&all))
    }

    fn dict(self, index: usize) -> Gc<Dict> {
        self.0.items()[index].downcast().expect("checked when it was found")
    }

    /// `copyreg.dispatch_table`: class to reducing function.
    pub(super) fn dispatch_table(self) -> Gc<Dict> {
        self.dict(0)
    }

    /// `copyreg._extension_registry`: (module, name) to code.
    pub(super) fn extension_registry(self) -> Gc<Dict> {
        self.dict(1)
    }

    /// `copyreg._inverted_registry`: code to (module, name).
    pub(super) fn inverted_registry(self) -> Gc<Dict> {
        self.dict(2)
    }

    /// `copyreg._extension_cache`: code to object.
    pub(super) fn extension_cache(self) -> Gc<Dict> {
        self.dict(3)
    }

    /// Python 2's (module, name) to Python 3's.
    pub(super) fn name_mapping(self) -> Gc<Dict> {
        self.dict(4)
    }

    /// Python 2's modules to Python 3's.
    pub(super) fn import_mapping(self) -> Gc<Dict> {
        self.dict(5)
    }

    /// Python 3's (module, name) to Python 2's.
    pub(super) fn reverse_name_mapping(self) -> Gc<Dict> {
        self.dict(6)
    }

    /// Python 3's modules to Python 2's.
    pub(super) fn reverse_import_mapping(self) -> Gc<Dict> {
        self.dict(7)
    }

    pub(super) fn codecs_encode(self) -> Value {
        self.0.items()[DICTS.len()]
    }

    pub(super) fn getattr(self) -> Value {
        self.0.items()[DICTS.len() + 1]
    }

    pub(super) fn partial(self) -> Value {
        self.0.items()[DICTS.len() + 2]
    }
}
