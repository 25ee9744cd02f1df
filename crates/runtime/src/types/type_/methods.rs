//! The attributes and methods of `type` itself.

use taipan_macros::class;

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::instance::{self, Instance};
use crate::layout::{Object, kind};
use crate::names::id;
use crate::native::{Args, GetSetDef};
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::native_function::getset_descriptor;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, construct, flag, mro, mutate};
use crate::value::Value;

/// The class `type`.
#[inline(always)]
pub fn type_class() -> Gc<Class> {
    Class::class_cell().get()
}

/// The class `object`.
#[inline(always)]
pub fn object_class() -> Gc<Class> {
    Instance::class_cell().get()
}

/// `cls.__module__`.
pub fn module_of(cx: &mut Context, class: Gc<Class>) -> Result<Option<Value>> {
    if class.is_heap() {
        return Ok(class.dict(cx).get_str(cx, cx.name(id::__module__)));
    }
    let module = class.native_def().map_or("builtins", |def| def.module);
    Ok(Some(cx.intern(module).value()))
}

static DICT_ATTRIBUTE: GetSetDef = GetSetDef {
    name: "__dict__",
    doc: "dictionary for instance variables",
    get: |cx, object| match instance::dict(cx, object) {
        Some(dict) => Ok(dict.value()),
        None => Err(no_dict(cx, object)),
    },
    set: Some(|cx, object, value| {
        if !instance::has_dict(object) {
            return Err(no_dict(cx, object));
        }
        let value = value.unwrap_or_else(|| cx.new_dict().value());
        match value.downcast::<Dict>() {
            Some(dict) => {
                instance::replace_dict(cx, object, dict);
                Ok(())
            }
            None => Err(cx.type_error(format!(
                "__dict__ must be set to a dictionary, not a '{}'",
                cx.type_name(value)
            ))),
        }
    }),
};

#[cold]
fn no_dict(cx: &Context, object: Value) -> Raised {
    let message = format!("'{}' object has no attribute '__dict__'", cx.type_name(object));
    cx.attribute_error(message, object, cx.name(id::__dict__))
}

static WEAKREF_ATTRIBUTE: GetSetDef = GetSetDef {
    name: "__weakref__",
    doc: "list of weak references to the object",
    get: |_, object| {
        Ok(crate::types::weakref::table::references(object).first().copied().unwrap_or(Value::NONE))
    },
    set: None,
};

pub(super) fn instance_dict_descriptor(cx: &Context, class: Gc<Class>) -> Value {
    getset_descriptor(cx, class, &DICT_ATTRIBUTE)
}

pub(super) fn instance_weakref_descriptor(cx: &Context, class: Gc<Class>) -> Value {
    getset_descriptor(cx, class, &WEAKREF_ATTRIBUTE)
}

/// Refuses to change an attribute of a native class.
fn check_settable(cx: &mut Context, class: Gc<Class>, name: &str, value: Option<Value>) -> Result<Value> {
    if !class.is_heap() {
        return Err(cx.type_error(format!(
            "cannot set '{name}' attribute of immutable type '{}'",
            class.name().to_str()
        )));
    }
    match value {
        Some(value) => {
            let name = cx.intern(name).value();
            cx.audit("object.__setattr__", |_| [class.value(), name, value])?;
            Ok(value)
        }
        None => {
            let class = class.name();
            Err(cx.type_error(format!(
                "cannot delete '{name}' attribute of immutable type '{}'",
                class.to_str()
            )))
        }
    }
}

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[class(name = "type", kind = TYPE, quick = crate::quick::type_of, by_kind, flags = BASETYPE | HAS_WEAKREF)]
impl Class {
    #[slot(new)]
    fn new(cx: &mut Context, metaclass: Gc<Class>, args: Args<'_>) -> Result {
        let [name, bases, namespace] = *args.positional() else {
            return Err(cx.type_error(format!(
                "type.__new__() takes exactly 3 arguments ({} given)",
                args.positional().len()
            )));
        };
        let Some(name_text) = name.downcast::<Str>() else { return Err(wrong(cx, 1, "str", name)) };
        let Some(bases) = bases.downcast::<Tuple>() else { return Err(wrong(cx, 2, "tuple", bases)) };
        let Some(namespace) = namespace.downcast::<Dict>() else {
            return Err(wrong(cx, 3, "dict", namespace));
        };
        for base in bases.items() {
            if base.downcast::<Class>().is_none() {
                let entries = cx.name(id::__mro_entries__);
                if cx.lookup_attr(*base, entries)?.is_some() {
                    return Err(
                        cx.type_error("type() doesn't support MRO entry resolution; use types.new_class()")
                    );
                }
            }
        }
        let winner = construct::calculate_metaclass(cx, metaclass, bases.items())?;
        if winner != metaclass
            && let Some(new) = winner.slots.new.get()
            && !winner.slots.new.same(&type_class().slots.new)
        {
            return new(cx, winner, args);
        }
        let keywords = Args::new(&args.values()[3..], args.names());
        if name_text.chars().any(|c| c == 0) {
            return Err(cx.value_error("type name must not contain null characters"));
        }
        name_text.to_utf8(cx)?;
        construct::new_class(cx, winner, name_text, bases, namespace, keywords).map(Gc::value)
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        let _ = this;
        match args.positional().len() {
            1 if args.keyword_count() > 0 => Err(cx.type_error("type.__init__() takes no keyword arguments")),
            1 | 3 => Ok(()),
            _ => Err(cx.type_error("type.__init__() takes 1 or 3 arguments")),
        }
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result {
        if this == type_class() && args.keyword_count() == 0 {
            match *args.positional() {
                [object] => return Ok(cx.class_of(object).value()),
                [_, _, _] => {}
                _ => return Err(cx.type_error("type() takes 1 or 3 arguments")),
            }
        }
        instantiate(cx, this, args)
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result {
        match class_attribute(cx, this, name)? {
            Some(value) => Ok(value),
            None => {
                let message =
                    format!("type object '{}' has no attribute '{}'", this.full_name(), name.to_str());
                Err(cx.attribute_error(message, this.value(), name))
            }
        }
    }

    #[slot(set_attr)]
    fn set_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        mutate::set_class_attr(cx, this, name, value)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let module = module_of(cx, this)?.and_then(|m| m.downcast::<Str>());
        let qualname = this.qualname();
        let text = match module {
            Some(module) if module.to_str() != "builtins" => {
                format!("<class '{}.{}'>", module.to_str(), qualname.to_str())
            }
            _ if this.is_heap() => format!("<class '{}'>", qualname.to_str()),
            _ => format!("<class '{}'>", this.name().to_str()),
        };
        Ok(cx.new_str(&text).value())
    }

    #[slot(or)]
    fn or(cx: &mut Context, a: Value, b: Value) -> Result {
        crate::types::union::union_of_classes(cx, a, b)
    }

    #[getter]
    fn __name__(&self) -> Gc<Str> {
        self.name()
    }

    #[setter]
    fn set___name__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__name__", value)?;
        match value.downcast::<Str>() {
            Some(name) if name.chars().any(|c| c == 0) => {
                Err(cx.value_error("type name must not contain null characters"))
            }
            Some(name) => {
                name.to_utf8(cx)?;
                this.name.store(name);
                Ok(())
            }
            None => Err(cx.type_error(format!(
                "can only assign string to {}.__name__, not '{}'",
                this.name().to_str(),
                cx.type_name(value)
            ))),
        }
    }

    #[getter]
    fn __qualname__(&self) -> Gc<Str> {
        self.qualname()
    }

    #[setter]
    fn set___qualname__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__qualname__", value)?;
        match value.downcast::<Str>() {
            Some(name) => {
                this.qualname.store(name);
                Ok(())
            }
            None => Err(cx.type_error(format!(
                "can only assign string to {}.__qualname__, not '{}'",
                this.name().to_str(),
                cx.type_name(value)
            ))),
        }
    }

    #[getter]
    fn __module__(this: Gc<Self>, cx: &mut Context) -> Result {
        match module_of(cx, this)? {
            Some(module) => Ok(module),
            None => Err(cx.attribute_error("__module__".to_owned(), this.value(), cx.name(id::__module__))),
        }
    }

    #[setter]
    fn set___module__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__module__", value)?;
        let name = cx.name(id::__module__);
        this.dict(cx).set_str(cx, name, value);
        let firstlineno = cx.name(id::__firstlineno__);
        this.dict(cx).remove_str(cx, firstlineno);
        Ok(())
    }

    #[getter]
    fn __bases__(&self) -> Gc<Tuple> {
        self.bases()
    }

    #[setter]
    fn set___bases__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__bases__", value)?;
        match value.downcast::<Tuple>() {
            Some(bases) if bases.items().is_empty() => Err(cx.type_error(format!(
                "can only assign non-empty tuple to {}.__bases__, not ()",
                this.name().to_str()
            ))),
            Some(bases) => mutate::update_after_bases(cx, this, bases),
            None => Err(cx.type_error(format!(
                "can only assign tuple to {}.__bases__, not {}",
                this.name().to_str(),
                cx.type_name(value)
            ))),
        }
    }

    #[getter]
    fn __base__(&self) -> Option<Gc<Class>> {
        self.base()
    }

    #[getter]
    fn __mro__(&self) -> Gc<Tuple> {
        self.mro()
    }

    #[getter]
    fn __dict__(this: Gc<Self>, cx: &Context) -> Value {
        crate::types::mappingproxy::MappingProxy::of_dict(cx, this.dict(cx)).value()
    }

    #[getter]
    fn __doc__(this: Gc<Self>, cx: &mut Context) -> Result {
        // A native type whose instances have a `__doc__` of their own keeps the type's in its definition.
        if !this.is_heap()
            && let Some(doc) = this.native_def().and_then(|def| def.doc)
        {
            return Ok(cx.new_str(doc).value());
        }
        let Some(doc) = this.dict(cx).get_str(cx, cx.name(id::__doc__)) else { return Ok(Value::NONE) };
        match cx.class_of(doc).slots.descr_get.get() {
            Some(get) => get(cx, doc, None, Some(this.value())),
            None => Ok(doc),
        }
    }

    #[setter]
    fn set___doc__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__doc__", value)?;
        let name = cx.name(id::__doc__);
        this.dict(cx).set_str(cx, name, value);
        Ok(())
    }

    #[getter]
    fn __text_signature__(this: Gc<Self>, cx: &Context) -> Value {
        match this.native_def().filter(|_| !this.is_heap()).and_then(|def| def.new_signature) {
            Some(signature) => cx.new_str(signature).value(),
            None => Value::NONE,
        }
    }

    #[getter]
    fn __flags__(&self) -> i64 {
        // CPython makes the classes of `typing` from specifications.
        let made = self.native_def().is_some_and(|def| def.module == "typing");
        cpython_flags(self.flags()) | if made { 1 << 9 } else { 0 }
    }

    #[getter]
    fn __basicsize__(&self) -> usize {
        (self.layout().words as usize + self.extra_words()) * 8
    }

    #[getter]
    fn __itemsize__(&self) -> usize {
        match self.layout().kind {
            kind::INT => 4,
            kind::BYTES => 1,
            kind::TUPLE => 8,
            kind::TYPE => 40,
            _ => 0,
        }
    }

    #[getter]
    fn __dictoffset__(&self) -> i64 {
        if self.has_flag(flag::HAS_DICT) { -1 } else { 0 }
    }

    #[getter]
    fn __weakrefoffset__(&self) -> i64 {
        if self.has_flag(flag::HAS_WEAKREF) { -1 } else { 0 }
    }

    #[getter]
    fn __abstractmethods__(this: Gc<Self>, cx: &Context) -> Result {
        let name = cx.name(id::__abstractmethods__);
        let value = if this == type_class() { None } else { this.dict(cx).get_str(cx, name) };
        value.ok_or_else(|| cx.attribute_error("__abstractmethods__".to_owned(), this.value(), name))
    }

    #[setter]
    fn set___abstractmethods__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let name = cx.name(id::__abstractmethods__);
        match value {
            Some(value) => {
                let on = cx.truth(value)?;
                this.dict(cx).set_str(cx, name, value);
                this.set_abstract(on);
            }
            None => {
                if this.dict(cx).remove_str(cx, name).is_none() {
                    return Err(cx.attribute_error("__abstractmethods__".to_owned(), this.value(), name));
                }
                this.set_abstract(false);
            }
        }
        Ok(())
    }

    #[getter]
    fn __annotations__(this: Gc<Self>, cx: &mut Context) -> Result {
        super::annotations::get(cx, this)
    }

    #[setter]
    fn set___annotations__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        super::annotations::set(cx, this, value)
    }

    #[getter]
    fn __annotate__(this: Gc<Self>, cx: &mut Context) -> Result {
        super::annotations::get_annotate(cx, this)
    }

    #[setter]
    fn set___annotate__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        super::annotations::set_annotate(cx, this, value)
    }

    #[getter]
    fn __type_params__(this: Gc<Self>, cx: &Context) -> Value {
        let own = this.dict(cx).get_str(cx, cx.name(id::__type_params__));
        own.filter(|_| this != type_class()).unwrap_or_else(|| cx.new_tuple(&[]).value())
    }

    #[setter]
    fn set___type_params__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = check_settable(cx, this, "__type_params__", value)?;
        let name = cx.name(id::__type_params__);
        this.dict(cx).set_str(cx, name, value);
        Ok(())
    }

    /// Return a type's method resolution order.
    #[function("()")]
    fn mro_(this: Gc<Self>, cx: &mut Context) -> Result {
        let mro = mro::compute(cx, this, this.bases().items())?;
        Ok(cx.new_list(&mro).value())
    }

    /// Return a list of immediate subclasses.
    #[function("()")]
    fn __subclasses__(this: Gc<Self>, cx: &mut Context) -> Value {
        let classes: crate::buffer::GVec<Value> =
            mutate::subclasses(cx, &this).into_iter().map(Gc::value).collect();
        cx.new_list(&classes).value()
    }

    /// Check if an object is an instance.
    #[function("(instance, /)")]
    fn __instancecheck__(this: Gc<Self>, cx: &mut Context, instance: Value) -> Result<bool> {
        cx.is_instance_plain(instance, this.value())
    }

    /// Check if a class is a subclass.
    #[function("(subclass, /)")]
    fn __subclasscheck__(this: Gc<Self>, cx: &mut Context, subclass: Value) -> Result<bool> {
        cx.is_subclass_plain(subclass, this.value())
    }

    /// Create the namespace for the class statement
    #[classmethod("(*args, **kwargs)")]
    fn __prepare__(cx: &mut Context, class: Value, args: Value, kwargs: Value) -> Value {
        let _ = (class, args, kwargs);
        cx.new_dict().value()
    }

    /// Specialized __dir__ implementation for types.
    #[function("()")]
    fn __dir__(this: Gc<Self>, cx: &mut Context) -> Result {
        let names = cx.new_dict();
        crate::types::object::merge_class_names(cx, names, this.value())?;
        let keys = cx.collect(names.value())?;
        Ok(cx.new_list(&keys).value())
    }

    /// Return memory consumption of the type object.
    #[function("()")]
    fn __sizeof__(&self) -> usize {
        size_of::<Class>()
    }
}

/// The bits of `type.__flags__` that Python code looks at.
fn cpython_flags(flags: u32) -> i64 {
    let mut out = 1 << 12;
    let table = [
        (flag::HEAP, 9),
        (flag::BASETYPE, 10),
        (flag::SEQUENCE, 5),
        (flag::MAPPING, 6),
        (flag::DISALLOW_NEW, 7),
        (flag::ABSTRACT, 20),
        (flag::METHOD_DESCRIPTOR, 17),
        (flag::MATCH_SELF, 22),
        (flag::EXCEPTION, 30),
    ];
    for (ours, theirs) in table {
        if flags & ours != 0 {
            out |= 1i64 << theirs;
        }
    }
    if flags & (flag::HEAP | flag::MUTABLE) == 0 {
        out |= 1 << 8;
    }
    out
}

fn wrong(cx: &Context, position: usize, expected: &str, got: Value) -> Raised {
    cx.type_error(format!(
        "type.__new__() argument {position} must be {expected}, not {}",
        cx.argument_type_name(got)
    ))
}

/// Instances of the class cannot be made by calling it.
pub(super) fn no_instances(cx: &mut Context, class: Gc<Class>) -> Raised {
    let name = class.name();
    let module = match module_of(cx, class) {
        Ok(module) => module.and_then(|module| module.downcast::<Str>()),
        Err(raised) => return raised,
    };
    let name = match module.filter(|module| !module.is("builtins")) {
        Some(module) => format!("{}.{}", module.to_str(), name.to_str()),
        None => name.to_str().into_owned(),
    };
    cx.type_error(format!("cannot create '{name}' instances"))
}

/// Calls a class: `__new__`, then `__init__` if the result is an instance of it.
pub fn instantiate(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
    let Some(new) = class.slots.new.get().filter(|_| !class.has_flag(flag::DISALLOW_NEW)) else {
        return Err(no_instances(cx, class));
    };
    if class.has_flag(flag::EXCEPTION)
        && args.keyword_count() == 0
        && let Some(exception) = crate::exception::raise::plain_instance(cx, class, args.positional())
    {
        return Ok(exception);
    }
    let object = new(cx, class, args)?;
    let made = cx.class_of(object);
    if made != class && !made.is_subclass_of(class) {
        return Ok(object);
    }
    if let Some(init) = made.slots.init.get() {
        init(cx, object, args)?;
    }
    Ok(object)
}

/// `cls.name`, or `None`: metaclass data descriptor, the class's MRO, other metaclass attribute.
pub fn class_attribute(cx: &mut Context, class: Gc<Class>, name: Gc<Str>) -> Result<Option<Value>> {
    let metaclass = cx.class_of(class.value());
    let meta = metaclass.lookup(cx, name);
    let mut meta_get = None;
    if let Some(meta) = meta {
        let meta_class = cx.class_of(meta);
        meta_get = meta_class.slots.descr_get.get();
        if let Some(get) = meta_get
            && meta_class.slots.descr_set.is_set()
        {
            return get(cx, meta, Some(class.value()), Some(metaclass.value())).map(Some);
        }
    }
    if let Some(own) = class.lookup(cx, name) {
        return match cx.class_of(own).slots.descr_get.get() {
            Some(get) => get(cx, own, None, Some(class.value())).map(Some),
            None => Ok(Some(own)),
        };
    }
    match (meta, meta_get) {
        (Some(meta), Some(get)) => get(cx, meta, Some(class.value()), Some(metaclass.value())).map(Some),
        (meta, _) => Ok(meta),
    }
}
