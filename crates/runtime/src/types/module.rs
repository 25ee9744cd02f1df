//! `module`: a namespace with a name. CPython: `Objects/moduleobject.c`.
//!
//! Invariant: the namespace is a dict of cells, so that inline caches may hold a global's cell.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::names::id;
use crate::native::ModuleDef;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::types::dict::Dict;
use crate::types::native_function::NativeFunction;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `module`.
#[derive(Trace)]
pub struct Module {
    dict: TypedSlot<Dict>,
    /// Whether a native definition has filled it.
    native: AtomicBool,
}

impl Module {
    /// A module with the names that every module has.
    pub fn new(cx: &Context, name: Gc<Str>, doc: Option<Value>) -> Gc<Module> {
        let module = cx.new_object(Module {
            dict: TypedSlot::new(Dict::new_cells(cx, 0)),
            native: AtomicBool::new(false),
        });
        module.fill(cx, name.value(), doc.unwrap_or(Value::NONE));
        module
    }

    /// A module whose namespace exists already.
    pub fn with_dict(cx: &Context, name: Gc<Str>, dict: Gc<Dict>) -> Gc<Module> {
        let module = cx.new_object(Module { dict: TypedSlot::new(dict), native: AtomicBool::new(false) });
        module.fill(cx, name.value(), Value::NONE);
        module
    }

    /// The namespace.
    pub fn dict(&self) -> Gc<Dict> {
        self.dict.load().expect("a module is created with a dict")
    }

    /// Whether a native definition has filled it. CPython: `_PyModule_IsExtension`.
    pub fn is_native(&self) -> bool {
        self.native.load(Ordering::Relaxed)
    }

    fn fill(&self, cx: &Context, name: Value, doc: Value) {
        let dict = self.dict();
        dict.set_str(cx, cx.name(id::__name__), name);
        dict.set_str(cx, cx.name(id::__doc__), doc);
        dict.set_str(cx, cx.name(id::__package__), Value::NONE);
        dict.set_str(cx, cx.name(id::__loader__), Value::NONE);
        dict.set_str(cx, cx.name(id::__spec__), Value::NONE);
    }
}

/// Adds what a native definition names: classes, functions, constants, and what its `exec` says.
pub fn run_def(module: Gc<Module>, cx: &mut Context, def: &'static ModuleDef) -> Result<()> {
    module.native.store(true, Ordering::Relaxed);
    let dict = module.dict();
    let name = cx.intern(def.name).value();
    dict.reserve(cx, def.classes.len() + def.functions.len() + def.constants.len());
    for class in def.classes {
        let class = class().ensure(cx);
        dict.set_str(cx, class.name(), class.value());
    }
    crate::types::type_::set_constants(cx, def.classes)?;
    for function in def.functions {
        let key = cx.intern(function.name);
        let value = NativeFunction::new(cx, function, Some(module.value()), Some(name)).value();
        dict.set_str(cx, key, value);
    }
    for constant in def.constants {
        let value = (constant.value)(cx)?;
        let key = cx.intern(constant.name);
        dict.set_str(cx, key, value);
    }
    match def.exec {
        Some(exec) => exec(cx, module.value()),
        None => Ok(()),
    }
}

/// Whether the module's import has not finished (`__spec__._initializing`).
fn is_initializing(cx: &mut Context, spec: Option<Value>) -> Result<bool> {
    let Some(spec) = spec.and_then(Value::not_none) else {
        return Ok(false);
    };
    match cx.lookup_attr(spec, cx.name(id::_initializing))? {
        Some(flag) => cx.truth(flag),
        None => Ok(false),
    }
}

/// `__spec__.origin` where the spec says that it is a location.
fn origin(cx: &mut Context, spec: Option<Value>) -> Result<Option<Gc<Str>>> {
    let Some(spec) = spec.and_then(Value::not_none) else {
        return Ok(None);
    };
    let has_location = match cx.lookup_attr_str(spec, "has_location")? {
        Some(flag) => cx.truth(flag)?,
        None => false,
    };
    if !has_location {
        return Ok(None);
    }
    Ok(cx.lookup_attr_str(spec, "origin")?.and_then(|origin| origin.downcast::<Str>()))
}

/// The message for a name that a module does not have. CPython: `_Py_module_getattro_impl`.
fn missing(cx: &mut Context, module: Gc<Module>, name: Gc<Str>) -> Result<Raised> {
    let dict = module.dict();
    let module_name = dict.get_str(cx, cx.name(id::__name__)).and_then(|name| name.downcast::<Str>());
    let attribute = name.to_str();
    let Some(module_name) = module_name else {
        return Ok(cx.attribute_error(
            format!("module has no attribute '{attribute}'"),
            module.value(),
            name,
        ));
    };
    let module_name = module_name.to_str();
    let spec = dict.get_str(cx, cx.name(id::__spec__));
    let origin = origin(cx, spec)?;
    let message = if let Some(origin) = origin.as_ref()
        && shadows(cx, &module_name, &origin.to_str())?
    {
        let origin = origin.to_str();
        if is_stdlib_name(cx, &module_name)? {
            format!(
                "module '{module_name}' has no attribute '{attribute}' (consider renaming '{origin}' since it has \
                 the same name as the standard library module named '{module_name}' and prevents importing that \
                 standard library module)"
            )
        } else if is_initializing(cx, spec)? {
            format!(
                "module '{module_name}' has no attribute '{attribute}' (consider renaming '{origin}' if it has the \
                 same name as a library you intended to import)"
            )
        } else {
            format!("module '{module_name}' has no attribute '{attribute}'")
        }
    } else if is_initializing(cx, spec)? {
        let from = origin.map_or(String::new(), |origin| format!(" from '{}'", origin.to_str()));
        format!(
            "partially initialized module '{module_name}'{from} has no attribute '{attribute}' (most likely due to \
             a circular import)"
        )
    } else if is_uninitialized_submodule(cx, spec, name)? {
        format!(
            "cannot access submodule '{attribute}' of module '{module_name}' (most likely due to a circular import)"
        )
    } else {
        format!("module '{module_name}' has no attribute '{attribute}'")
    };
    Ok(cx.attribute_error(message, module.value(), name))
}

fn is_uninitialized_submodule(cx: &mut Context, spec: Option<Value>, name: Gc<Str>) -> Result<bool> {
    let Some(spec) = spec.and_then(Value::not_none) else {
        return Ok(false);
    };
    match cx.lookup_attr(spec, cx.name(id::_uninitialized_submodules))? {
        Some(names) => cx.contains(names, name.value()),
        None => Ok(false),
    }
}

/// Whether `name` is in `sys.stdlib_module_names`.
fn is_stdlib_name(cx: &mut Context, name: &str) -> Result<bool> {
    match cx.sys_attr("stdlib_module_names") {
        Some(names) => {
            let name = cx.new_str(name).value();
            cx.contains(names, name)
        }
        None => Ok(false),
    }
}

/// Whether the file lies directly in `sys.path[0]`, where it may hide a module of the library.
/// CPython: `_PyModule_IsPossiblyShadowing`.
fn shadows(cx: &mut Context, _name: &str, origin: &str) -> Result<bool> {
    if let Some(flags) = cx.sys_attr("flags")
        && let Some(safe_path) = cx.lookup_attr_str(flags, "safe_path")?
        && cx.truth(safe_path)?
    {
        return Ok(false);
    }
    let Some(path) = cx.sys_attr("path").and_then(|path| path.downcast::<crate::types::list::List>()) else {
        return Ok(false);
    };
    let Some(first) = path.get(0).and_then(|first| first.downcast::<Str>()) else {
        return Ok(false);
    };
    let first = first.to_str();
    let Some((mut directory, file)) = origin.rsplit_once('/') else {
        return Ok(false);
    };
    if file == "__init__.py" {
        let Some((parent, _)) = directory.rsplit_once('/') else { return Ok(false) };
        directory = parent;
    }
    if first.is_empty() {
        let here = std::env::current_dir().ok();
        return Ok(here.is_some_and(|here| here.to_str() == Some(directory)));
    }
    Ok(directory == first)
}

/// Create a module object.
///
/// The name must be a string; the optional docstring can have any type.
#[class(name = "module", kind = MODULE, by_kind, flags = BASETYPE | HAS_WEAKREF)]
impl Module {
    #[new("(*args, **kwargs)")]
    fn new_python(
        cx: &mut Context,
        class: Gc<Class>,
        _args: Gc<Tuple>,
        _kwargs: Gc<Dict>,
    ) -> Result<Gc<Self>> {
        let dict = TypedSlot::new(Dict::new_cells(cx, 0));
        Ok(cx.new_instance(class, Module { dict, native: AtomicBool::new(false) }))
    }

    #[init("(name, doc=None)")]
    fn init(&self, cx: &mut Context, name: Value, doc: Value) -> Result<()> {
        if name.downcast::<Str>().is_none() {
            let got = cx.argument_type_name(name);
            return Err(cx.type_error(format!("module() argument 'name' must be str, not {got}")));
        }
        self.fill(cx, name, doc);
        Ok(())
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
        let class = cx.class_of(this.value());
        let from_class = class.lookup(cx, name);
        if let Some(attribute) = from_class {
            let descriptor = cx.class_of(attribute);
            if descriptor.slots.descr_set.is_set()
                && let Some(get) = descriptor.slots.descr_get.get()
            {
                return get(cx, attribute, Some(this.value()), Some(class.value()));
            }
        }
        if let Some(value) = this.dict().get_str(cx, name) {
            return Ok(value);
        }
        if let Some(attribute) = from_class {
            return match cx.class_of(attribute).slots.descr_get.get() {
                Some(get) => get(cx, attribute, Some(this.value()), Some(class.value())),
                None => Ok(attribute),
            };
        }
        if let Some(getattr) = this.dict().get_str(cx, cx.name(id::__getattr__)) {
            return cx.call(getattr, &[name.value()]);
        }
        Err(missing(cx, this, name)?)
    }

    #[slot(set_attr)]
    fn set_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        let class = cx.class_of(this.value());
        if let Some(attribute) = class.lookup(cx, name)
            && let Some(set) = cx.class_of(attribute).slots.descr_set.get()
        {
            return set(cx, attribute, this.value(), value);
        }
        match value {
            Some(value) => this.dict().set_str(cx, name, value),
            None => {
                if this.dict().remove_str(cx, name).is_none() {
                    return Err(cx.no_attribute(this.value(), name));
                }
            }
        }
        Ok(())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        // The library decides: it reads __spec__, __loader__ and __file__.
        let bootstrap = cx.intern("_frozen_importlib");
        if let Some(bootstrap) = cx.vm().modules().get_str(cx, bootstrap) {
            return cx.call_method(bootstrap, "_module_repr", &[this.value()]);
        }
        let name = this.dict().get_str(cx, cx.name(id::__name__)).and_then(|name| name.downcast::<Str>());
        let name = name.map_or("?".to_owned(), |name| name.to_str().into_owned());
        Ok(cx.new_str(&format!("<module '{name}'>")).value())
    }

    /// __dir__() -> list
    /// specialized dir() implementation
    #[function("()", name = "__dir__")]
    fn dir(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let Some(dict) = cx.get_attr(this.value(), cx.name(id::__dict__))?.downcast::<Dict>() else {
            return Err(cx.type_error("<module>.__dict__ is not a dictionary"));
        };
        if let Some(dir) = dict.get_str(cx, cx.name(id::__dir__)) {
            return cx.call(dir, &[]);
        }
        let keys: crate::buffer::GVec<Value> = dict.snapshot(cx).iter().map(|(key, _)| *key).collect();
        Ok(cx.new_list(&keys).value())
    }

    #[member(name = "__dict__")]
    fn dict_attribute(&self) -> Value {
        self.dict().value()
    }

    #[getter(name = "__annotations__")]
    fn annotations(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let dict = this.dict();
        let key = cx.name(id::__annotations__);
        if let Some(annotations) = dict.get_str(cx, key) {
            return Ok(annotations);
        }
        let spec = dict.get_str(cx, cx.name(id::__spec__));
        let initializing = is_initializing(cx, spec)?;
        let annotate =
            dict.get_str(cx, cx.name(id::__annotate__)).filter(|annotate| cx.is_callable(*annotate));
        let annotations = match annotate {
            Some(annotate) => {
                let annotations = cx.call(annotate, &[Value::int(1)])?;
                if annotations.downcast::<Dict>().is_none() {
                    let got = cx.type_name(annotations);
                    let message = format!("__annotate__ returned non-dict of type '{got}'");
                    return Err(cx.type_error(message));
                }
                annotations
            }
            None => cx.new_dict().value(),
        };
        // While the module is being executed, more annotations may come.
        if !initializing {
            dict.set_str(cx, key, annotations);
        }
        Ok(annotations)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let dict = this.dict();
        let key = cx.name(id::__annotations__);
        match value {
            Some(value) => dict.set_str(cx, key, value),
            None => {
                if dict.remove_str(cx, key).is_none() {
                    return Err(cx.attribute_error("__annotations__", this.value(), key));
                }
            }
        }
        dict.remove_str(cx, cx.name(id::__annotate__));
        Ok(())
    }

    #[getter(name = "__annotate__")]
    fn annotate(this: Gc<Self>, cx: &mut Context) -> Value {
        let key = cx.name(id::__annotate__);
        match this.dict().get_str(cx, key) {
            Some(annotate) => annotate,
            None => {
                this.dict().set_str(cx, key, Value::NONE);
                Value::NONE
            }
        }
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.type_error("cannot delete __annotate__ attribute"));
        };
        if !value.is_none() && !cx.is_callable(value) {
            return Err(cx.type_error("__annotate__ must be callable or None"));
        }
        let dict = this.dict();
        dict.set_str(cx, cx.name(id::__annotate__), value);
        if !value.is_none() {
            dict.remove_str(cx, cx.name(id::__annotations__));
        }
        Ok(())
    }
}
