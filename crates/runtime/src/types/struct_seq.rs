//! Struct sequences: tuples whose items also have names. CPython: `Objects/structseq.c`.
//!
//! The class is a subclass of tuple made at run time from a static definition. Fields behind the visible
//! ones are no items; they live in the instance's attributes.
//! Invariant: an instance has as many items as its class has visible fields.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::layout::Object;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::dict::Dict;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// The static description of a struct sequence class.
pub struct StructSeqDef {
    /// `sys.flags`: module and name.
    pub name: &'static str,
    pub doc: &'static str,
    /// Names (None for a visible field without one) and documentation.
    pub fields: &'static [(Option<&'static str>, &'static str)],
    /// How many of the fields are items.
    pub visible: usize,
    /// Where the class is kept.
    pub class: AtomicU64,
}

impl StructSeqDef {
    /// A definition, for a static.
    pub const fn new(
        name: &'static str,
        doc: &'static str,
        fields: &'static [(Option<&'static str>, &'static str)],
        visible: usize,
    ) -> StructSeqDef {
        StructSeqDef { name, doc, fields, visible, class: AtomicU64::new(0) }
    }

    /// The class, made at the first call.
    pub fn class(&'static self, cx: &mut Context) -> Result<Gc<Class>> {
        if let Some(class) = Value::from_bits(self.class.load(Ordering::Acquire)).and_then(Value::downcast) {
            return Ok(class);
        }
        let class = make_class(cx, self)?;
        if self.class.compare_exchange(0, class.value().bits(), Ordering::AcqRel, Ordering::Acquire).is_ok() {
            taipan_gc::add_root(&self.class);
            return Ok(class);
        }
        self.class(cx)
    }

    /// An instance with these field values, hidden ones included (missing hidden ones are None).
    pub fn instance(&'static self, cx: &mut Context, values: &[Value]) -> Result<Gc<Tuple>> {
        let class = self.class(cx)?;
        debug_assert!(values.len() >= self.visible);
        let this = cx.new_tuple_of(class, &values[..self.visible]);
        for (index, (name, _)) in self.fields.iter().enumerate().skip(self.visible) {
            if let Some(name) = name {
                let name = cx.intern(name);
                instance::set(cx, this.value(), name, values.get(index).copied().unwrap_or(Value::NONE));
            }
        }
        Ok(this)
    }
}

fn make_class(cx: &mut Context, def: &'static StructSeqDef) -> Result<Gc<Class>> {
    let (module, name) = def.name.rsplit_once('.').unwrap_or(("builtins", def.name));
    let namespace = cx.new_dict();
    let set = |cx: &mut Context, key: &str, value: Value| {
        let key = cx.intern(key);
        namespace.set_str(cx, key, value);
    };
    let text = cx.intern(module).value();
    set(cx, "__module__", text);
    let doc = cx.new_str(def.doc).value();
    set(cx, "__doc__", doc);
    let unnamed = def.fields[..def.visible].iter().filter(|(name, _)| name.is_none()).count();
    let counts = [
        ("n_sequence_fields", def.visible),
        ("n_fields", def.fields.len()),
        ("n_unnamed_fields", unnamed),
    ];
    for (key, count) in counts {
        set(cx, key, Value::int(count as i64));
    }
    let mut match_args: GVec<Value> = GVec::new();
    for (index, (field, doc)) in def.fields.iter().enumerate() {
        let Some(field) = field else { continue };
        let name = cx.intern(field);
        if index < def.visible {
            match_args.push(name.value());
        }
        let doc = cx.new_str(doc);
        let position = if index < def.visible { Some(index) } else { None };
        let descriptor = cx.new_object(StructField {
            name: TypedSlot::new(name),
            doc: TypedSlot::new(doc),
            position: position.unwrap_or(usize::MAX),
        });
        set(cx, field, descriptor.value());
    }
    let match_args = cx.new_tuple(&match_args).value();
    set(cx, "__match_args__", match_args);
    for method in StructSequence::class_cell().ensure(cx).dict().snapshot(cx).iter() {
        let Some(key) = method.0.downcast::<Str>() else { continue };
        if matches!(&*key.to_str(), "__new__" | "__repr__" | "__reduce__" | "__replace__") {
            namespace.set_str(cx, key, method.1);
        }
    }
    let bases = cx.new_tuple(&[Tuple::class_cell().get().value()]).value();
    let (name, type_) = (cx.intern(name).value(), Class::class_cell().get().value());
    let class = cx.call(type_, &[name, bases, namespace.value()])?;
    Ok(class.downcast().expect("type() gives a class"))
}

/// Descriptor of one field.
#[derive(Trace)]
pub struct StructField {
    name: TypedSlot<Str>,
    doc: TypedSlot<Str>,
    /// Item number; `usize::MAX` for a hidden field.
    position: usize,
}

#[class(name = "member_descriptor", flags = DISALLOW_NEW)]
impl StructField {
    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result<Value> {
        let Some(object) = object else {
            return Ok(this.value());
        };
        let name = this.name.load().expect("a field has a name");
        let value = match object.downcast::<Tuple>() {
            Some(tuple) if this.position != usize::MAX => tuple.get(this.position),
            Some(_) => instance::get(cx, object, name),
            None => None,
        };
        value.ok_or_else(|| cx.no_attribute(object, name))
    }

    #[slot(descr_set)]
    fn set(&self, cx: &mut Context, _object: Value, _value: Option<Value>) -> Result<()> {
        Err(cx.attribute_error_message("readonly attribute"))
    }

    #[getter(name = "__name__")]
    fn name_attribute(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    #[getter(name = "__doc__")]
    fn doc_attribute(&self) -> Option<Gc<Str>> {
        self.doc.load()
    }
}

/// Number stored in the class under `name`.
fn class_count(cx: &mut Context, class: Gc<Class>, name: &str) -> Result<usize> {
    let name = cx.intern(name);
    match class.lookup(cx, name).and_then(Value::as_small_int) {
        Some(count) => Ok(count as usize),
        None => Err(cx.type_error(format!("Missed attribute '{}' of type {}", name.to_str(), class.name().to_str()))),
    }
}

/// Names of the fields in order; an unnamed one is None.
fn field_names(cx: &mut Context, class: Gc<Class>) -> GVec<(usize, Gc<Str>)> {
    let mut fields = GVec::new();
    let mut hidden = 0;
    for (_, value) in class.dict().snapshot(cx).iter() {
        let Some(field) = value.downcast::<StructField>() else { continue };
        let Some(name) = field.name.load() else { continue };
        let position = if field.position == usize::MAX {
            hidden += 1;
            usize::MAX / 2 + hidden
        } else {
            field.position
        };
        fields.push((position, name));
    }
    fields.sort_by_key(|(position, _)| *position);
    fields
}

/// The methods that every struct sequence class has; never instantiated.
#[derive(Trace)]
pub struct StructSequence;

#[class(name = "structseq")]
impl StructSequence {
    #[staticmethod("(cls, /, sequence, dict=None)", name = "__new__")]
    fn new(cx: &mut Context, cls: Value, sequence: Value, dict: Value) -> Result<Value> {
        let Some(class) = cls.downcast::<Class>() else {
            return Err(cx.type_error("a struct sequence class is required"));
        };
        let (visible, total) = (class_count(cx, class, "n_sequence_fields")?, class_count(cx, class, "n_fields")?);
        let name = class.name().to_str().into_owned();
        let dict = match dict.not_none() {
            None => None,
            Some(dict) => match dict.downcast::<Dict>() {
                Some(dict) => Some(dict),
                None => return Err(cx.type_error(format!("{name}() takes a dict as second arg, if any"))),
            },
        };
        let values = cx.collect(sequence)?;
        let given = values.len();
        let size = |bound: &str, count: usize| format!("{name}() takes {bound} {count}-sequence ({given}-sequence given)");
        if given < visible {
            return Err(cx.type_error(size(if visible == total { "a" } else { "an at least" }, visible)));
        }
        if given > total {
            return Err(cx.type_error(size(if visible == total { "a" } else { "an at most" }, total)));
        }
        let this = cx.new_tuple_of(class, &values[..visible]);
        let mut used = 0;
        for (index, (_, field)) in field_names(cx, class).iter().copied().filter(|(p, _)| *p >= visible).enumerate() {
            let from_dict = match dict {
                Some(dict) => dict.get_str(cx, field),
                None => None,
            };
            let value = match values.get(visible + index) {
                Some(_) if from_dict.is_some() => {
                    return Err(cx.type_error(format!("{name}() got duplicate or unexpected field name(s)")));
                }
                Some(value) => *value,
                None => {
                    used += usize::from(from_dict.is_some());
                    from_dict.unwrap_or(Value::NONE)
                }
            };
            instance::set(cx, this.value(), field, value);
        }
        if dict.is_some_and(|dict| dict.len() > used) {
            return Err(cx.type_error(format!("{name}() got duplicate or unexpected field name(s)")));
        }
        Ok(this.value())
    }

    #[function("()", name = "__repr__")]
    fn repr(cx: &mut Context, this: Value) -> Result<Value> {
        let class = cx.class_of(this);
        let items = this.downcast::<Tuple>();
        let mut text = StrBuilder::new();
        let module = cx.lookup_attr_str(class.value(), "__module__")?.and_then(|module| module.downcast::<Str>());
        if let Some(module) = module {
            text.push(module);
            text.push_str(".");
        }
        text.push(class.name());
        text.push_str("(");
        for (position, name) in field_names(cx, class).iter().copied() {
            let Some(item) = items.and_then(|items| items.get(position)) else { continue };
            if position > 0 {
                text.push_str(", ");
            }
            text.push(name);
            text.push_str("=");
            text.push(cx.repr(item)?);
        }
        text.push_str(")");
        Ok(text.finish(cx).value())
    }

    #[function("()", name = "__reduce__")]
    fn reduce(cx: &mut Context, this: Value) -> Result<Value> {
        let class = cx.class_of(this);
        let visible = class_count(cx, class, "n_sequence_fields")?;
        let hidden = cx.new_dict();
        for (_, name) in field_names(cx, class).iter().copied().filter(|(position, _)| *position >= visible) {
            if let Some(value) = instance::get(cx, this, name) {
                hidden.set_str(cx, name, value);
            }
        }
        let items: GVec<Value> = match this.downcast::<Tuple>() {
            Some(tuple) => tuple.items().iter().copied().collect(),
            None => GVec::new(),
        };
        let items = cx.new_tuple(&items).value();
        let arguments = cx.new_tuple(&[items, hidden.value()]).value();
        Ok(cx.new_tuple(&[class.value(), arguments]).value())
    }

    /// Return a copy of the structure with new values for the specified fields.
    #[function("(**changes)", name = "__replace__")]
    fn replace(cx: &mut Context, this: Value, changes: Gc<Dict>) -> Result<Value> {
        let class = cx.class_of(this);
        if class_count(cx, class, "n_unnamed_fields")? > 0 {
            let name = class.name().to_str().into_owned();
            let message = format!("__replace__() is not supported for {name} because it has unnamed field(s)");
            return Err(cx.type_error(message));
        }
        let visible = class_count(cx, class, "n_sequence_fields")?;
        let changes = changes.copy(cx);
        let items = this.downcast::<Tuple>();
        let (mut values, mut hidden): (GVec<Value>, GVec<(Gc<Str>, Value)>) = (GVec::new(), GVec::new());
        for (position, name) in field_names(cx, class).iter().copied() {
            let changed = changes.remove_str(cx, name);
            if position < visible {
                let old = items.and_then(|items| items.get(position));
                values.push(changed.or(old).unwrap_or(Value::NONE));
            } else if let Some(value) = changed.or_else(|| instance::get(cx, this, name)) {
                values.push(value);
                hidden.push((name, value));
            }
        }
        if changes.len() > 0 {
            let names = cx.new_list(&changes.keys(cx)).value();
            let names = cx.repr(names)?;
            return Err(cx.type_error(format!("Got unexpected field name(s): {}", names.to_str())));
        }
        let new = cx.new_tuple_of(class, &values[..visible]);
        for (name, value) in hidden.iter().copied() {
            instance::set(cx, new.value(), name, value);
        }
        Ok(new.value())
    }
}
