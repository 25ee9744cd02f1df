//! Objects as values of SQLite: adapters, converters, `PrepareProtocol`. CPython: `Modules/_sqlite/microprotocols.c`.
//!
//! Invariant: both registries are the dicts that the module shows, made once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::float::{self, Float};
use taipan_runtime::types::int::Int;

use crate::exceptions;

/// A dict that lives as long as the program.
pub(crate) struct Registry(AtomicU64);

pub(crate) static ADAPTERS: Registry = Registry(AtomicU64::new(0));
pub(crate) static CONVERTERS: Registry = Registry(AtomicU64::new(0));
/// Is there an adapter for int, float, str or bytearray?
static BASE_TYPE_ADAPTED: AtomicBool = AtomicBool::new(false);
/// Is there one for None or bytes?
static PLAIN_TYPE_ADAPTED: AtomicBool = AtomicBool::new(false);

impl Registry {
    pub(crate) fn dict(&self, cx: &Context) -> Gc<Dict> {
        if let Some(dict) = Value::from_bits(self.0.load(Ordering::Acquire)).and_then(Gc::from_value) {
            return dict;
        }
        let dict = cx.new_dict();
        match self.0.compare_exchange(0, dict.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => dict,
            Err(bits) => Value::from_bits(bits).and_then(Gc::from_value).unwrap_or(dict),
        }
    }

    /// Makes it a root. Done once, before the first dict is made.
    fn root(&'static self) {
        taipan_runtime::add_root(&self.0);
    }
}

/// Makes the registries.
pub(crate) fn set_up() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        ADAPTERS.root();
        CONVERTERS.root();
    });
}

/// The body of `PrepareProtocol`.
#[derive(Trace)]
pub struct PrepareProtocol {}

/// PEP 246 style object adaption protocol type.
#[class(name = "PrepareProtocol", module = "sqlite3")]
impl PrepareProtocol {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Gc<Self> {
        cx.new_instance(class, PrepareProtocol {})
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = (cx, this, args);
        Ok(())
    }
}

pub(crate) fn prepare_protocol() -> Value {
    PrepareProtocol::class_cell().get().value()
}

fn is_class(class: Value, cell: Gc<Class>) -> bool {
    class == cell.value()
}

/// `register_adapter(type, adapter)`.
pub(crate) fn register(cx: &mut Context, class: Value, adapter: Value) -> Result<()> {
    let base = [
        Int::class_cell().get(),
        Float::class_cell().get(),
        Str::class_cell().get(),
        ByteArray::class_cell().get(),
    ];
    if base.into_iter().any(|cell| is_class(class, cell)) {
        BASE_TYPE_ADAPTED.store(true, Ordering::Release);
    }
    if [cx.class_of(Value::NONE), Bytes::class_cell().get()].into_iter().any(|cell| is_class(class, cell)) {
        PLAIN_TYPE_ADAPTED.store(true, Ordering::Release);
    }
    let key = cx.new_tuple(&[class, prepare_protocol()]).value();
    ADAPTERS.dict(cx).set(cx, key, adapter)
}

/// Is the value one of those that SQLite takes as they are?
fn is_base(cx: &Context, value: Value) -> bool {
    let base = cx.is_exact::<Str>(value)
        || cx.is_int(value) && cx.is_exact::<Int>(value)
        || float::as_float(value).is_some() && cx.is_exact::<Float>(value)
        || cx.is_exact::<ByteArray>(value);
    if base {
        return !BASE_TYPE_ADAPTED.load(Ordering::Acquire);
    }
    (value.is_none() || cx.is_exact::<Bytes>(value)) && !PLAIN_TYPE_ADAPTED.load(Ordering::Acquire)
}

/// The object that stands for a parameter.
#[inline]
pub(crate) fn parameter(cx: &mut Context, value: Value) -> Result {
    if is_base(cx, value) {
        return Ok(value);
    }
    adapt(cx, value, prepare_protocol(), Some(value))
}

/// `adapt(obj, proto, alt)`.
pub(crate) fn adapt(cx: &mut Context, object: Value, protocol: Value, otherwise: Option<Value>) -> Result {
    let class = cx.class_of(object).value();
    let key = cx.new_tuple(&[class, protocol]).value();
    if let Some(adapter) = ADAPTERS.dict(cx).get(cx, key)? {
        return cx.call(adapter, &[object]);
    }
    for (subject, method, argument) in [(protocol, "__adapt__", object), (object, "__conform__", protocol)] {
        let Some(method) = cx.lookup_attr_str(subject, method)? else { continue };
        match cx.call(method, &[argument]) {
            Ok(Value::NONE) => {}
            Ok(adapted) => return Ok(adapted),
            Err(raised) => drop(cx.swallow(raised, exception::type_error)?),
        }
    }
    match otherwise {
        Some(otherwise) => Ok(otherwise),
        None => Err(exceptions::programming_error(cx, "can't adapt")),
    }
}

/// The converter of a type of SQL, in any case.
pub(crate) fn converter(cx: &mut Context, name: &[u8]) -> Result<Option<Value>> {
    let name = taipan_runtime::codecs::decode_utf8(
        cx,
        name,
        taipan_runtime::codecs::errors::ErrorMode::of_option(None),
    )?;
    let upper = cx.call_method(name.value(), "upper", &[])?;
    CONVERTERS.dict(cx).get(cx, upper)
}
