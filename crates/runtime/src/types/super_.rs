//! `super`: attribute lookup that starts behind a class. CPython: `superobject` in `Objects/typeobject.c`.
//!
//! Invariant: `object` and `object_class` are both set or both EMPTY, and `object_class` derives from `class`.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `super`.
#[derive(Trace)]
pub struct Super {
    class: TypedSlot<Class>,
    object: Slot,
    object_class: TypedSlot<Class>,
}

/// The class whose MRO is searched for `super(class, object)`. CPython: `supercheck`.
fn check(cx: &mut Context, class: Gc<Class>, object: Value) -> Result<Gc<Class>> {
    if let Some(as_class) = object.downcast::<Class>()
        && as_class.is_subclass_of(class)
    {
        return Ok(as_class);
    }
    let own = cx.class_of(object);
    if own.is_subclass_of(class) {
        return Ok(own);
    }
    // A proxy may claim another class.
    if let Some(claimed) =
        cx.lookup_attr_str(object, "__class__")?.and_then(|claimed| claimed.downcast::<Class>())
        && claimed != own
        && claimed.is_subclass_of(class)
    {
        return Ok(claimed);
    }
    let (description, name) = match object.downcast::<Class>() {
        Some(object) => ("type", object.name()),
        None => ("instance of", own.name()),
    };
    let message = format!(
        "super(type, obj): obj ({description} {}) is not an instance or subtype of type ({}).",
        name.to_str(),
        class.name().to_str()
    );
    Err(cx.type_error(message))
}

/// `name` in the MRO of `start` behind `class`, bound to `object`; `None` where it is absent.
fn lookup(
    cx: &mut Context,
    class: Gc<Class>,
    object: Value,
    start: Gc<Class>,
    name: Gc<Str>,
) -> Result<Option<Value>> {
    let mro = start.mro();
    let items = mro.items();
    let Some(position) = items.iter().position(|entry| *entry == class.value()) else {
        return Ok(None);
    };
    for entry in &items[position + 1..] {
        let Some(attribute) = entry.downcast::<Class>().and_then(|entry| entry.dict(cx).get_str(cx, name))
        else {
            continue;
        };
        let Some(get) = cx.class_of(attribute).slots.descr_get.get() else {
            return Ok(Some(attribute));
        };
        // Looked up on a class, the attribute is not bound to it.
        let instance = if object == start.value() { None } else { Some(object) };
        return get(cx, attribute, instance, Some(start.value())).map(Some);
    }
    Ok(None)
}

impl Context {
    /// The function that `super(class, object).name(...)` calls with `object` as its first argument. None where more is
    /// to be done than to look along the MRO of the object's class.
    pub fn super_method(&self, class: Gc<Class>, object: Value, name: Gc<Str>) -> Option<Value> {
        let mro = self.class_of(object).mro();
        let items = mro.items();
        let position = items.iter().position(|entry| *entry == class.value())?;
        let found = items[position + 1..]
            .iter()
            .find_map(|entry| entry.downcast::<Class>()?.dict(self).existing_cell(self, name)?.load())?;
        let is_function = self.class_of(found).has_flag(crate::types::type_::flag::METHOD_DESCRIPTOR);
        (is_function && !crate::types::type_::is_class(object)).then_some(found)
    }

    /// `super(class, object).name` without the super object, for LOAD_SUPER_ATTR.
    pub fn super_attr(&mut self, class: Gc<Class>, object: Value, name: Gc<Str>) -> Result {
        if object.is_none() {
            // `super(class, None)` is unbound.
            let body =
                Super { class: TypedSlot::new(class), object: Slot::EMPTY, object_class: TypedSlot::EMPTY };
            let this = self.new_object(body).value();
            return crate::protocol::attr::generic_get_attr(self, this, name);
        }
        let start = check(self, class, object)?;
        if name.to_str() != "__class__"
            && let Some(value) = lookup(self, class, object, start, name)?
        {
            return Ok(value);
        }
        let body = Super {
            class: TypedSlot::new(class),
            object: Slot::new(object),
            object_class: TypedSlot::new(start),
        };
        let this = self.new_object(body).value();
        crate::protocol::attr::generic_get_attr(self, this, name)
    }
}

impl Super {
    fn class(&self, cx: &Context) -> Result<Gc<Class>> {
        self.class.load().ok_or_else(|| cx.runtime_error("super object is not initialized"))
    }
}

/// super() -> same as super(__class__, <first argument>)
/// super(type) -> unbound super object
/// super(type, obj) -> bound super object; requires isinstance(obj, type)
/// super(type, type2) -> bound super object; requires
///     issubclass(type2, type)
/// Typical use to call a cooperative superclass method:
/// class C(B):
///     def meth(self, arg):
///         super().meth(arg)
/// This works for class methods too:
/// class C(B):
///     @classmethod
///     def cmeth(cls, arg):
///         super().cmeth(arg)
#[class(name = "super", kind = SUPER, by_kind, flags = BASETYPE)]
impl Super {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let body = Super { class: TypedSlot::EMPTY, object: Slot::EMPTY, object_class: TypedSlot::EMPTY };
        Ok(cx.new_instance(class, body))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        if kwargs.len() > 0 {
            return Err(cx.type_error("super() takes no keyword arguments"));
        }
        let (class, object) = match args.items() {
            [] => {
                let (object, class) = (cx.vm().hooks().super_arguments)(cx)?;
                (class, object.not_none())
            }
            [class] => (*class, None),
            [class, object] => (*class, object.not_none()),
            more => {
                let message = format!("super() expected at most 2 arguments, got {}", more.len());
                return Err(cx.type_error(message));
            }
        };
        let Some(class) = class.downcast::<Class>() else {
            let got = cx.argument_type_name(class);
            return Err(cx.type_error(format!("super() argument 1 must be a type, not {got}")));
        };
        let start = match object {
            Some(object) => Some(check(cx, class, object)?),
            None => None,
        };
        this.class.store(class);
        this.object.store_option(object);
        this.object_class.store_option(start);
        Ok(())
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
        if let (Some(class), Some(object), Some(start)) =
            (this.class.load(), this.object.load(), this.object_class.load())
            && name.to_str() != "__class__"
            && let Some(value) = lookup(cx, class, object, start, name)?
        {
            return Ok(value);
        }
        crate::protocol::attr::generic_get_attr(cx, this.value(), name)
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result<Value> {
        let Some(object) = object.and_then(Value::not_none) else {
            return Ok(this.value());
        };
        if this.object.load().is_some() {
            return Ok(this.value());
        }
        let own = cx.class_of(this.value());
        let class = this.class(cx)?;
        if own != Super::class_cell().get() {
            return cx.call(own.value(), &[class.value(), object]);
        }
        let start = check(cx, class, object)?;
        let body = Super {
            class: TypedSlot::new(class),
            object: Slot::new(object),
            object_class: TypedSlot::new(start),
        };
        Ok(cx.new_object(body).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        let class = self.class.load().map_or("NULL".to_owned(), |class| class.name().to_str().into_owned());
        let text = match self.object_class.load() {
            Some(start) => format!("<super: <class '{class}'>, <{} object>>", start.name().to_str()),
            None => format!("<super: <class '{class}'>, NULL>"),
        };
        cx.new_str(&text).value()
    }

    /// the class invoking super()
    #[member(name = "__thisclass__")]
    fn thisclass(&self) -> Option<Gc<Class>> {
        self.class.load()
    }

    /// the instance invoking super(); may be None
    #[member(name = "__self__")]
    fn self_(&self) -> Value {
        self.object.load_or_none()
    }

    /// the type of the instance invoking super(); may be None
    #[member(name = "__self_class__")]
    fn self_class(&self) -> Option<Gc<Class>> {
        self.object_class.load()
    }
}
