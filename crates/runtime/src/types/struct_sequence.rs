//! Struct sequences: tuples with named fields, as `os.stat_result` and `sys.version_info` are.
//! CPython: `Objects/structseq.c`.
//!
//! Invariant: the tuple holds the visible fields; hidden ones are attributes of the instance only.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::layout::Object;
use crate::native::{Args, FunctionDef, FunctionKind, NativeFn, Param, ParamKind, Signature};
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::dict::Dict;
use crate::types::native_function::{NativeFunction, method_descriptor};
use crate::types::staticmethod::StaticMethod;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, flag, new_class, type_class};
use crate::value::Value;

/// A struct sequence type: its names and documentation, and the class once it is made.
pub struct StructSequence {
    pub name: &'static str,
    pub module: &'static str,
    pub doc: &'static str,
    /// Field names with their documentation; `None` as a name: reachable by index only.
    pub fields: &'static [(Option<&'static str>, &'static str)],
    /// How many of the fields are items of the tuple.
    pub visible: usize,
    /// Whether Python code may make instances.
    pub instantiable: bool,
    pub class: AtomicU64,
}

impl StructSequence {
    /// The class, made at first use.
    pub fn class(&'static self, cx: &mut Context) -> Result<Gc<Class>> {
        if let Some(class) = Value::from_bits(self.class.load(Ordering::Acquire)) {
            return class
                .downcast::<Class>()
                .ok_or_else(|| cx.system_error("a struct sequence's class is none"));
        }
        let class = make_class(cx, self)?;
        taipan_gc::add_root(&self.class);
        match self.class.compare_exchange(0, class.value().bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(class),
            Err(_) => self.class(cx),
        }
    }

    /// An instance from all fields, visible ones first.
    pub fn instance(&'static self, cx: &mut Context, values: &[Value]) -> Result<Gc<Tuple>> {
        let class = self.class(cx)?;
        Ok(fill(cx, class, self, values))
    }
}

fn fill(cx: &Context, class: Gc<Class>, def: &StructSequence, values: &[Value]) -> Gc<Tuple> {
    let tuple = cx.new_tuple_of(class, &values[..def.visible.min(values.len())]);
    for ((name, _), value) in def.fields.iter().zip(values).skip(def.visible) {
        if let Some(name) = name {
            instance::set(cx, tuple.value(), cx.intern(name), *value);
        }
    }
    tuple
}

/// A field of a struct sequence: item `index` of the tuple.
#[derive(Trace)]
pub struct FieldDescriptor {
    name: TypedSlot<Str>,
    class: TypedSlot<Class>,
    doc: &'static str,
    index: usize,
}

#[class(name = "member_descriptor", flags = DISALLOW_NEW)]
impl FieldDescriptor {
    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.value()) };
        let item = object.downcast::<Tuple>().and_then(|tuple| tuple.get(this.index));
        item.ok_or_else(|| {
            let name = this.name.load().map(|name| name.to_str().into_owned()).unwrap_or_default();
            cx.type_error(format!("descriptor '{name}' doesn't apply to a '{}' object", cx.type_name(object)))
        })
    }

    #[slot(descr_set)]
    fn set(&self, cx: &mut Context, _object: Value, _value: Option<Value>) -> Result<()> {
        Err(cx.attribute_error_message("readonly attribute"))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        let name = self.name.load().map(|name| name.to_str().into_owned()).unwrap_or_default();
        let class = self.class.load().map(|class| class.name().to_str().into_owned()).unwrap_or_default();
        cx.new_str(&format!("<member '{name}' of '{class}' objects>")).value()
    }

    #[getter]
    fn __name__(&self) -> Value {
        self.name.slot().load_or_none()
    }

    #[getter]
    fn __objclass__(&self) -> Value {
        self.class.slot().load_or_none()
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.doc
    }
}

const fn function(
    name: &'static str,
    doc: &'static str,
    signature: Signature,
    kind: FunctionKind,
    takes_self: bool,
    call: NativeFn,
) -> FunctionDef {
    FunctionDef { name, doc, signature, kind, takes_self, call, quick: None }
}

const NO_PARAMS: Signature = Signature {
    text: "()",
    params: &[],
    positional: 0,
    positional_only: 0,
    required: 0,
    var_args: false,
    var_keywords: false,
    keyword_only: 0,
    by_position: true,
    unnamed: false,
};

static REPR: FunctionDef =
    function("__repr__", "Return repr(self).", NO_PARAMS, FunctionKind::Plain, true, repr);
static REDUCE: FunctionDef = function("__reduce__", "", NO_PARAMS, FunctionKind::Plain, true, reduce);
static NEW: FunctionDef = function(
    "__new__",
    "Create and return a new object.  See help(type) for accurate signature.",
    Signature {
        text: "(cls, sequence, dict={})",
        params: &[
            Param { name: "cls", kind: ParamKind::PositionalOnly, required: true },
            Param { name: "sequence", kind: ParamKind::Either, required: true },
            Param { name: "dict", kind: ParamKind::Either, required: false },
        ],
        positional: 3,
        positional_only: 1,
        required: 2,
        var_args: false,
        var_keywords: false,
        keyword_only: 0,
        by_position: true,
        unnamed: false,
    },
    FunctionKind::StaticMethod,
    false,
    new,
);
static REPLACE: FunctionDef = function(
    "__replace__",
    "Return a copy of the structure with new values for the specified fields.",
    Signature {
        text: "(**changes)",
        params: &[Param { name: "changes", kind: ParamKind::VarKeywords, required: false }],
        positional: 0,
        positional_only: 0,
        required: 0,
        var_args: false,
        var_keywords: true,
        keyword_only: 0,
        by_position: false,
        unnamed: false,
    },
    FunctionKind::Plain,
    true,
    replace,
);

/// Names of all fields, visible ones first; kept in the class as `_fields_`.
fn field_names(cx: &mut Context, class: Gc<Class>) -> Result<Gc<Tuple>> {
    let names = cx.get_attr_str(class.value(), "_fields_")?;
    cx.to_tuple(names)
}

fn counts(cx: &mut Context, class: Gc<Class>) -> Result<(usize, usize)> {
    let visible = cx.get_attr_str(class.value(), "n_sequence_fields")?;
    let all = cx.get_attr_str(class.value(), "n_fields")?;
    Ok((cx.index_isize(visible)? as usize, cx.index_isize(all)? as usize))
}

fn make_class(cx: &mut Context, def: &'static StructSequence) -> Result<Gc<Class>> {
    let namespace = cx.new_dict();
    let tuple_class = Tuple::class_cell().get();
    let set = |cx: &Context, name: &str, value: Value| namespace.set_str(cx, cx.intern(name), value);
    let module = cx.intern(def.module).value();
    set(cx, "__module__", module);
    let doc = cx.new_str(def.doc).value();
    set(cx, "__doc__", doc);
    let named = def.fields.iter().take(def.visible).filter_map(|(name, _)| *name);
    let match_args: crate::buffer::GVec<Value> = named.map(|name| cx.intern(name).value()).collect();
    let match_args = cx.new_tuple(&match_args).value();
    set(cx, "__match_args__", match_args);
    let names: crate::buffer::GVec<Value> =
        def.fields.iter().map(|(name, _)| name.map_or(Value::NONE, |name| cx.intern(name).value())).collect();
    let names = cx.new_tuple(&names).value();
    set(cx, "_fields_", names);
    let unnamed = def.fields.iter().filter(|(name, _)| name.is_none()).count();
    for (name, count) in
        [("n_fields", def.fields.len()), ("n_sequence_fields", def.visible), ("n_unnamed_fields", unnamed)]
    {
        set(cx, name, Value::int(count as i64));
    }
    for function in [&REPR, &REDUCE, &REPLACE] {
        let method = method_descriptor(cx, tuple_class, function);
        set(cx, function.name, method);
    }
    if def.instantiable {
        let new = NativeFunction::new(cx, &NEW, None, None).value();
        let new = StaticMethod::wrap(cx, new).value();
        set(cx, "__new__", new);
    }
    if def.fields.len() == def.visible {
        let empty = cx.new_tuple(&[]).value();
        set(cx, "__slots__", empty);
    }
    let name = cx.intern(def.name);
    let bases = cx.new_tuple(&[tuple_class.value()]);
    let class = new_class(cx, type_class(), name, bases, namespace, Args::NONE)?;
    for (index, (name, doc)) in def.fields.iter().enumerate().take(def.visible) {
        if let Some(name) = name {
            let name = cx.intern(name);
            let (name_slot, class_slot) = (TypedSlot::new(name), TypedSlot::new(class));
            let field =
                cx.new_object(FieldDescriptor { name: name_slot, class: class_slot, doc, index }).value();
            class.dict(cx).set_str(cx, name, field);
        }
    }
    class.set_flag(flag::DISALLOW_NEW, !def.instantiable);
    class.set_flag(flag::BASETYPE, false);
    Ok(class)
}

fn new(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let [class, sequence, dict] = *args else {
        return Err(cx.system_error("__new__ is bound with three arguments"));
    };
    let Some(class) = class.and_then(Value::downcast::<Class>) else {
        return Err(cx.type_error("__new__() argument 1 must be type"));
    };
    let dict = match dict.and_then(Value::not_none) {
        Some(dict) => match dict.downcast::<Dict>() {
            Some(dict) => Some(dict),
            None => {
                let name = class.qualname();
                return Err(cx.type_error(format!("{}() takes a dict as second arg, if any", name.to_str())));
            }
        },
        None => None,
    };
    let items = cx.collect(sequence.unwrap_or(Value::NONE))?;
    let (visible, all) = counts(cx, class)?;
    let name = class.qualname().to_str().into_owned();
    if items.len() < visible || items.len() > all {
        let bound = match (visible == all, items.len() < visible) {
            (true, _) => format!("a {visible}-sequence"),
            (false, true) => format!("an at least {visible}-sequence"),
            (false, false) => format!("an at most {all}-sequence"),
        };
        let module = crate::types::type_::module_of(cx, class)?.and_then(|module| module.downcast::<Str>());
        let module = module.map(|module| format!("{}.", module.to_str())).unwrap_or_default();
        let given = items.len();
        return Err(cx.type_error(format!("{module}{name}() takes {bound} ({given}-sequence given)")));
    }
    let tuple = cx.new_tuple_of(class, &items[..visible]);
    let names = field_names(cx, class)?;
    for (index, field) in names.items().iter().enumerate().skip(visible) {
        let Some(field) = field.downcast::<Str>() else { continue };
        let value = match items.get(index) {
            Some(item) => *item,
            None => dict.and_then(|dict| dict.get_str(cx, field)).unwrap_or(Value::NONE),
        };
        instance::set(cx, tuple.value(), field, value);
    }
    Ok(tuple.value())
}

fn this_tuple(cx: &Context, args: &[Option<Value>]) -> Result<Gc<Tuple>> {
    crate::native::bind::expect_self::<Tuple>(cx, args.first().copied().flatten())
}

fn repr(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let this = this_tuple(cx, args)?;
    let class = cx.class_of(this.value());
    let module = crate::types::type_::module_of(cx, class)?.and_then(|module| module.downcast::<Str>());
    let names = field_names(cx, class)?;
    let mut text = StrBuilder::new();
    if let Some(module) = module.filter(|module| module.to_str() != "builtins") {
        text.push(module);
        text.push_str(".");
    }
    text.push(class.name());
    text.push_str("(");
    for (index, item) in this.items().iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        if let Some(name) = names.get(index).and_then(Value::downcast::<Str>) {
            text.push(name);
            text.push_str("=");
        }
        let item = cx.repr(*item)?;
        text.push(item);
    }
    text.push_str(")");
    Ok(text.finish(cx).value())
}

/// The hidden fields by name.
fn hidden(cx: &mut Context, this: Gc<Tuple>) -> Result<Gc<Dict>> {
    let class = cx.class_of(this.value());
    let names = field_names(cx, class)?;
    let dict = cx.new_dict();
    for field in names.items().iter().skip(this.items().len()) {
        if let Some(field) = field.downcast::<Str>()
            && let Some(value) = instance::get(cx, this.value(), field)
        {
            dict.set_str(cx, field, value);
        }
    }
    Ok(dict)
}

fn reduce(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let this = this_tuple(cx, args)?;
    let class = cx.class_of(this.value()).value();
    let items = cx.new_tuple(this.items()).value();
    let dict = hidden(cx, this)?.value();
    let arguments = cx.new_tuple(&[items, dict]).value();
    Ok(cx.new_tuple(&[class, arguments]).value())
}

fn replace(cx: &mut Context, args: &[Option<Value>]) -> Result {
    let this = this_tuple(cx, args)?;
    let class = cx.class_of(this.value());
    let changes = args.get(1).copied().flatten().and_then(Value::downcast::<Dict>);
    let names = field_names(cx, class)?;
    let dict = hidden(cx, this)?;
    let mut values: crate::buffer::GVec<Value> = this.items().iter().copied().collect();
    for index in values.len()..names.items().len() {
        let value = names.get(index).and_then(Value::downcast::<Str>).and_then(|name| dict.get_str(cx, name));
        values.push(value.unwrap_or(Value::NONE));
    }
    let mut unknown = Vec::new();
    if let Some(changes) = changes {
        for (key, value) in changes.entries(cx) {
            match names.items().iter().position(|name| *name == key) {
                Some(index) => values[index] = value,
                None => unknown.push(cx.repr(key)?.to_str().into_owned()),
            }
        }
    }
    if !unknown.is_empty() {
        return Err(cx.type_error(format!("Got unexpected field name(s): [{}]", unknown.join(", "))));
    }
    let tuple = cx.new_tuple_of(class, &values[..this.items().len()]);
    for (index, name) in names.items().iter().enumerate().skip(this.items().len()) {
        if let Some(name) = name.downcast::<Str>() {
            instance::set(cx, tuple.value(), name, values[index]);
        }
    }
    Ok(tuple.value())
}
