//! Native functions and the descriptors that native types put into their dicts.
//! CPython: `Objects/methodobject.c`, `Objects/descrobject.c`.
//!
//! Invariant: a descriptor checks that the object is an instance of its class before native code sees it.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::native::{Args, FunctionDef, FunctionKind, GetSetDef, bind};
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::slots::{Slot, TypedSlot};
use crate::static_ref::StaticRef;
use crate::types::str::Str;
use crate::types::type_::{Class, special};
use crate::value::Value;

/// The body of `builtin_function_or_method`.
#[derive(Trace)]
pub struct NativeFunction {
    def: StaticRef<FunctionDef>,
    /// The bound object (method), module (function), or EMPTY.
    this: Slot,
    module: Slot,
    /// Whether `this` is passed as self.
    bound: bool,
}

impl NativeFunction {
    /// How many parameters `takes_exactly` may say yes to.
    pub(crate) const FEW: usize = 4;

    /// Are so many positional arguments all that there can be?
    #[inline]
    pub(crate) fn takes_exactly(&self, count: usize) -> bool {
        let signature = &self.def().signature;
        signature.by_position
            && count == signature.params.len()
            && count <= Self::FEW
            && !std::ptr::eq(self.def(), &special::NEW_DEF)
    }

    /// A function of a module, or, with `this`, a method bound to an object.
    pub fn new(
        cx: &Context,
        def: &'static FunctionDef,
        this: Option<Value>,
        module: Option<Value>,
    ) -> Gc<NativeFunction> {
        let bound = def.takes_self && this.is_some();
        cx.new_object(NativeFunction {
            def: StaticRef::new(def),
            this: Slot::new_option(this),
            module: Slot::new_option(module),
            bound,
        })
    }

    #[inline(always)]
    /// What its name is qualified by: what it is bound to, or the class of a static method, which does not get it.
    fn shown_self(&self) -> Option<Value> {
        match self.this.load() {
            None if self.def().kind == FunctionKind::StaticMethod => self.module.load(),
            this => this,
        }
    }

    pub fn def(&self) -> &'static FunctionDef {
        self.def.get()
    }

    /// The object that is passed first.
    #[inline(always)]
    pub fn bound_self(&self) -> Option<Value> {
        if self.bound { self.this.load() } else { None }
    }
}

fn signature_text(cx: &Context, def: &'static FunctionDef) -> Value {
    let text = def.signature.text;
    if text.is_empty() {
        return Value::NONE;
    }
    let first = match (def.kind, def.takes_self) {
        (FunctionKind::StaticMethod, _) => None,
        (FunctionKind::ClassMethod, _) => Some("$type"),
        (FunctionKind::Plain, true) => Some("$self"),
        (FunctionKind::Plain, false) => Some("$module"),
    };
    let text = match (first, text) {
        (None, text) => text.to_owned(),
        (Some(first), "()") => format!("({first}, /)"),
        (Some(first), text) if text.contains(", /") => format!("({first}, {}", &text[1..]),
        (Some(first), text) => format!("({first}, /, {}", &text[1..]),
    };
    cx.new_str(&text).value()
}

fn doc_value(cx: &Context, doc: &str) -> Value {
    if doc.is_empty() { Value::NONE } else { cx.new_str(doc).value() }
}

#[class(name = "builtin_function_or_method", kind = NATIVE_FUNCTION, by_kind, flags = DISALLOW_NEW | HAS_WEAKREF)]
impl NativeFunction {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let def = self.def();
        if std::ptr::eq(def, &special::NEW_DEF)
            && let Some(owner) = self.this.load_as::<Class>()
        {
            return special::call_new_wrapper(cx, owner, args);
        }
        let this = self.bound_self();
        let owner = match this {
            Some(this) => bind::Owner::Receiver(this),
            None if def.kind == FunctionKind::StaticMethod => bind::Owner::Module(None),
            None => bind::Owner::Module(self.module.load()),
        };
        bind::call(cx, bind::Callee { name: def.name, owner }, this, &def.signature, args, def.call)
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result {
        let name = self.def().name;
        match self.shown_self() {
            Some(this) if this.downcast::<crate::types::module::Module>().is_none() => {
                let type_name = cx.type_name(this);
                Ok(cx
                    .new_str(&format!("<built-in method {name} of {type_name} object at {:#x}>", this.bits()))
                    .value())
            }
            _ => Ok(cx.new_str(&format!("<built-in function {name}>")).value()),
        }
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<NativeFunction>(), b.downcast::<NativeFunction>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let _ = cx;
        let same = std::ptr::eq(x.def(), y.def()) && x.this.load() == y.this.load();
        Ok(match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(hash)]
    fn hash(&self) -> i64 {
        let this = Value::option_bits(self.this.load());
        taipan_num::hash::hash_pointer(std::ptr::from_ref(self.def()).addr() ^ this as usize)
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.def().name)
    }

    #[getter]
    fn __qualname__(&self, cx: &mut Context) -> Result {
        let name = self.def().name;
        let owner = match self.shown_self() {
            Some(this) if this.downcast::<crate::types::module::Module>().is_none() => {
                match this.downcast::<Class>() {
                    Some(class) => class,
                    None => cx.class_of(this),
                }
            }
            _ => return Ok(cx.intern(name).value()),
        };
        let qualname = owner.qualname();
        Ok(cx.new_str(&format!("{}.{name}", qualname.to_str())).value())
    }

    #[getter]
    fn __module__(&self) -> Option<Value> {
        self.module.load().filter(|module| module.downcast::<Class>().is_none())
    }

    #[getter]
    fn __self__(&self) -> Option<Value> {
        self.this.load()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.def().doc)
    }

    #[getter]
    fn __text_signature__(&self, cx: &Context) -> Value {
        signature_text(cx, self.def())
    }

    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        let name = cx.intern(self.def().name).value();
        match self.shown_self() {
            Some(this) if this.downcast::<crate::types::module::Module>().is_none() => {
                let getattr = cx.builtin("getattr")?;
                let pair = cx.new_tuple(&[this, name]).value();
                Ok(cx.new_tuple(&[getattr, pair]).value())
            }
            _ => Ok(name),
        }
    }
}

/// The body of `method_descriptor`.
#[derive(Trace)]
pub struct MethodDescriptor {
    class: TypedSlot<Class>,
    def: StaticRef<FunctionDef>,
}

impl MethodDescriptor {
    #[inline(always)]
    pub fn def(&self) -> &'static FunctionDef {
        self.def.get()
    }

    #[inline(always)]
    pub fn class(&self) -> Gc<Class> {
        self.class.load().expect("a descriptor has a class")
    }
}

fn wrong_receiver(cx: &Context, name: &str, class: Gc<Class>, got: Value) -> Raised {
    cx.type_error(format!(
        "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
        class.name().to_str(),
        cx.type_name(got)
    ))
}

/// Splits self off the arguments of a descriptor that is called directly.
fn take_self<'a>(cx: &Context, name: &str, class: Gc<Class>, args: Args<'a>) -> Result<(Value, Args<'a>)> {
    let Some(this) = args.positional().first().copied() else {
        return Err(
            cx.type_error(format!("unbound method {}.{name}() needs an argument", class.name().to_str()))
        );
    };
    if !cx.class_of(this).is_subclass_of(class) {
        return Err(cx.type_error(format!(
            "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
            class.name().to_str(),
            cx.type_name(this)
        )));
    }
    Ok((this, Args::new(&args.values()[1..], args.names())))
}

fn descriptor_repr(cx: &Context, what: &str, name: &str, class: Gc<Class>) -> Value {
    cx.new_str(&format!("<{what} '{name}' of '{}' objects>", class.full_name())).value()
}

fn qualified(cx: &Context, class: Gc<Class>, name: &str) -> Value {
    cx.new_str(&format!("{}.{name}", class.qualname().to_str())).value()
}

#[class(name = "method_descriptor", kind = METHOD_DESCRIPTOR, by_kind, flags = DISALLOW_NEW | METHOD_DESCRIPTOR)]
impl MethodDescriptor {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let def = self.def();
        let (this, args) = take_self(cx, def.name, self.class(), args)?;
        let callee = bind::Callee { name: def.name, owner: bind::Owner::Class(self.class()) };
        bind::call(cx, callee, Some(this), &def.signature, args, def.call)
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.value()) };
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, this.def().name, this.class(), object));
        }
        Ok(NativeFunction::new(cx, this.def(), Some(object), None).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        descriptor_repr(cx, "method", self.def().name, self.class())
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.def().name)
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.class(), self.def().name)
    }

    #[getter]
    fn __objclass__(&self) -> Gc<Class> {
        self.class()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.def().doc)
    }

    #[getter]
    fn __text_signature__(&self, cx: &Context) -> Value {
        signature_text(cx, self.def())
    }

    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        reduce_descriptor(cx, self.class(), self.def().name)
    }
}

fn reduce_descriptor(cx: &mut Context, class: Gc<Class>, name: &str) -> Result {
    let getattr = cx.builtin("getattr")?;
    let name = cx.intern(name).value();
    let pair = cx.new_tuple(&[class.value(), name]).value();
    Ok(cx.new_tuple(&[getattr, pair]).value())
}

/// The body of `classmethod_descriptor`.
#[derive(Trace)]
pub struct ClassMethodDescriptor {
    class: TypedSlot<Class>,
    def: StaticRef<FunctionDef>,
}

#[class(name = "classmethod_descriptor", flags = DISALLOW_NEW)]
impl ClassMethodDescriptor {
    #[slot(descr_get)]
    fn get(&self, cx: &mut Context, object: Option<Value>, class: Option<Value>) -> Result {
        let owner = self.class.load().expect("a descriptor has a class");
        let class = match (class, object) {
            (Some(class), _) => class,
            (None, Some(object)) => cx.class_of(object).value(),
            (None, None) => {
                return Err(cx.type_error(format!(
                    "descriptor '{}' for type '{}' needs either an object or a type",
                    self.def.name,
                    owner.name().to_str()
                )));
            }
        };
        let Some(as_class) = class.downcast::<Class>() else {
            return Err(cx.type_error(format!(
                "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2",
                self.def.name,
                owner.name().to_str(),
                cx.type_name(class)
            )));
        };
        if !as_class.is_subclass_of(owner) {
            return Err(cx.type_error(format!(
                "descriptor '{}' requires a subtype of '{}' but received '{}'",
                self.def.name,
                owner.name().to_str(),
                as_class.name().to_str()
            )));
        }
        Ok(NativeFunction::new(cx, self.def.get(), Some(class), None).value())
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let def = self.def.get();
        let owner = self.class.load().expect("a descriptor has a class");
        let Some(class) = args.positional().first().copied() else {
            return Err(cx.type_error(format!(
                "descriptor '{}' of '{}' object needs an argument",
                def.name,
                owner.name().to_str()
            )));
        };
        let rest = Args::new(&args.values()[1..], args.names());
        let callee = bind::Callee { name: def.name, owner: bind::Owner::Class(owner) };
        bind::call(cx, callee, Some(class), &def.signature, rest, def.call)
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        descriptor_repr(cx, "method", self.def.name, self.class.load().expect("a descriptor has a class"))
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.def.name)
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.class.load().expect("a descriptor has a class"), self.def.name)
    }

    #[getter]
    fn __objclass__(&self) -> Option<Value> {
        self.class.slot().load()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.def.doc)
    }

    #[getter]
    fn __text_signature__(&self, cx: &Context) -> Value {
        signature_text(cx, self.def.get())
    }
}

/// The body of `getset_descriptor`.
#[derive(Trace)]
pub struct GetSetDescriptor {
    class: TypedSlot<Class>,
    def: StaticRef<GetSetDef>,
}

impl GetSetDescriptor {
    pub fn def(&self) -> &'static GetSetDef {
        self.def.get()
    }

    pub fn class(&self) -> Gc<Class> {
        self.class.load().expect("a descriptor has a class")
    }
}

#[class(name = "getset_descriptor", kind = GETSET, by_kind, flags = DISALLOW_NEW)]
impl GetSetDescriptor {
    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.value()) };
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, this.def.name, this.class(), object));
        }
        (this.def.get)(cx, object)
    }

    #[slot(descr_set)]
    fn set(this: Gc<Self>, cx: &mut Context, object: Value, value: Option<Value>) -> Result<()> {
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, this.def.name, this.class(), object));
        }
        match this.def.set {
            Some(set) => set(cx, object, value),
            None => Err(cx.attribute_error(
                format!(
                    "attribute '{}' of '{}' objects is not writable",
                    this.def.name,
                    this.class().full_name()
                ),
                object,
                cx.intern(this.def.name),
            )),
        }
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        descriptor_repr(cx, "attribute", self.def.name, self.class())
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.def.name)
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.class(), self.def.name)
    }

    #[getter]
    fn __objclass__(&self) -> Gc<Class> {
        self.class()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.def.doc)
    }
}

/// The body of `wrapper_descriptor`: a special method of a native type, over one of its slots.
#[derive(Trace)]
pub struct WrapperDescriptor {
    class: TypedSlot<Class>,
    /// Index into `special::TABLE`.
    special: u16,
}

impl WrapperDescriptor {
    pub fn class(&self) -> Gc<Class> {
        self.class.load().expect("a descriptor has a class")
    }

    pub fn special(&self) -> &'static special::Special {
        &special::TABLE[self.special as usize]
    }
}

#[class(name = "wrapper_descriptor", kind = WRAPPER_DESCRIPTOR, by_kind, flags = DISALLOW_NEW | METHOD_DESCRIPTOR)]
impl WrapperDescriptor {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let special = self.special();
        let Some(this) = args.positional().first().copied() else {
            return Err(cx.type_error(format!(
                "descriptor '{}' of '{}' object needs an argument",
                special.name,
                self.class().name().to_str()
            )));
        };
        if !cx.class_of(this).is_subclass_of(self.class()) {
            return Err(cx.type_error(format!(
                "descriptor '{}' requires a '{}' object but received a '{}'",
                special.name,
                self.class().name().to_str(),
                cx.type_name(this)
            )));
        }
        (special.wrap)(cx, &self.class().slots, this, Args::new(&args.values()[1..], args.names()))
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.value()) };
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, this.special().name, this.class(), object));
        }
        Ok(cx.new_object(MethodWrapper { descriptor: TypedSlot::new(this), this: Slot::new(object) }).value())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        descriptor_repr(cx, "slot wrapper", self.special().name, self.class())
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.special().name)
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.class(), self.special().name)
    }

    #[getter]
    fn __objclass__(&self) -> Gc<Class> {
        self.class()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.special().doc)
    }

    #[getter]
    fn __text_signature__(&self, cx: &Context) -> Value {
        cx.new_str(self.special().signature).value()
    }

    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        reduce_descriptor(cx, self.class(), self.special().name)
    }
}

/// The body of `method-wrapper`: a bound `wrapper_descriptor`.
#[derive(Trace)]
pub struct MethodWrapper {
    descriptor: TypedSlot<WrapperDescriptor>,
    this: Slot,
}

impl MethodWrapper {
    fn descriptor(&self) -> Gc<WrapperDescriptor> {
        self.descriptor.load().expect("a method-wrapper has a descriptor")
    }
}

#[class(name = "method-wrapper", flags = DISALLOW_NEW)]
impl MethodWrapper {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let descriptor = self.descriptor();
        (descriptor.special().wrap)(cx, &descriptor.class().slots, self.this.load_or_none(), args)
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        let this = self.this.load_or_none();
        let (name, type_name) = (self.descriptor().special().name, cx.type_name(this));
        cx.new_str(&format!("<method-wrapper '{name}' of {type_name} object at {:#x}>", this.bits())).value()
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let _ = cx;
        let (Some(x), Some(y)) = (a.downcast::<MethodWrapper>(), b.downcast::<MethodWrapper>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = x.descriptor() == y.descriptor() && x.this.load() == y.this.load();
        Ok(match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(hash)]
    fn hash(&self) -> i64 {
        let this = Value::option_bits(self.this.load()) as usize;
        taipan_num::hash::hash_pointer(self.descriptor().address() ^ this.rotate_left(7))
    }

    #[getter]
    fn __self__(&self) -> Option<Value> {
        self.this.load()
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        cx.intern(self.descriptor().special().name)
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.descriptor().class(), self.descriptor().special().name)
    }

    #[getter]
    fn __objclass__(&self) -> Gc<Class> {
        self.descriptor().class()
    }

    #[getter]
    fn __doc__(&self, cx: &Context) -> Value {
        doc_value(cx, self.descriptor().special().doc)
    }

    #[getter]
    fn __text_signature__(&self, cx: &Context) -> Value {
        cx.new_str(self.descriptor().special().signature).value()
    }

    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        let getattr = cx.builtin("getattr")?;
        let name = cx.intern(self.descriptor().special().name).value();
        let pair = cx.new_tuple(&[self.this.load_or_none(), name]).value();
        Ok(cx.new_tuple(&[getattr, pair]).value())
    }
}

/// The body of `member_descriptor`: a `__slots__` member of a Python-made class.
#[derive(Trace)]
pub struct MemberDescriptor {
    class: TypedSlot<Class>,
    name: TypedSlot<Str>,
    /// Slot number inside the instance.
    slot: u16,
}

impl MemberDescriptor {
    pub fn slot(&self) -> u16 {
        self.slot
    }

    pub fn class(&self) -> Gc<Class> {
        self.class.load().expect("a descriptor has a class")
    }

    fn name(&self) -> Gc<Str> {
        self.name.load().expect("a member has a name")
    }
}

#[class(name = "member_descriptor", kind = MEMBER, by_kind, flags = DISALLOW_NEW)]
impl MemberDescriptor {
    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.value()) };
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, &this.name().to_str(), this.class(), object));
        }
        match crate::instance::member(object, this.slot).load() {
            Some(value) => Ok(value),
            None => {
                let class = cx.qualified_type_name(object);
                let message = format!("'{class}' object has no attribute '{}'", this.name().to_str());
                Err(cx.attribute_error(message, object, this.name()))
            }
        }
    }

    #[slot(descr_set)]
    fn set(this: Gc<Self>, cx: &mut Context, object: Value, value: Option<Value>) -> Result<()> {
        if !cx.class_of(object).is_subclass_of(this.class()) {
            return Err(wrong_receiver(cx, &this.name().to_str(), this.class(), object));
        }
        let old = crate::instance::member(object, this.slot).swap(value);
        if value.is_none() && old.is_none() {
            let message = this.name().to_str().into_owned();
            return Err(cx.attribute_error(message, object, this.name()));
        }
        Ok(())
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        descriptor_repr(cx, "member", &self.name().to_str(), self.class())
    }

    #[getter]
    fn __name__(&self) -> Gc<Str> {
        self.name()
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Value {
        qualified(cx, self.class(), &self.name().to_str())
    }

    #[getter]
    fn __objclass__(&self) -> Gc<Class> {
        self.class()
    }

    #[getter]
    fn __doc__(&self) -> Value {
        Value::NONE
    }

    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        reduce_descriptor(cx, self.class(), &self.name().to_str())
    }
}

pub fn method_descriptor(cx: &Context, class: Gc<Class>, def: &'static FunctionDef) -> Value {
    cx.new_object(MethodDescriptor { class: TypedSlot::new(class), def: StaticRef::new(def) }).value()
}

pub(crate) fn classmethod_descriptor(cx: &Context, class: Gc<Class>, def: &'static FunctionDef) -> Value {
    cx.new_object(ClassMethodDescriptor { class: TypedSlot::new(class), def: StaticRef::new(def) }).value()
}

pub(crate) fn getset_descriptor(cx: &Context, class: Gc<Class>, def: &'static GetSetDef) -> Value {
    cx.new_object(GetSetDescriptor { class: TypedSlot::new(class), def: StaticRef::new(def) }).value()
}

pub(crate) fn wrapper_descriptor(cx: &Context, class: Gc<Class>, special: u16) -> Value {
    cx.new_object(WrapperDescriptor { class: TypedSlot::new(class), special }).value()
}

pub(crate) fn member_descriptor(cx: &Context, class: Gc<Class>, name: Gc<Str>, slot: u16) -> Value {
    cx.new_object(MemberDescriptor { class: TypedSlot::new(class), name: TypedSlot::new(name), slot }).value()
}

/// `__new__` of a native type: a native function bound to the type, which checks the class it is given.
pub(crate) fn new_wrapper(cx: &Context, class: Gc<Class>) -> Value {
    NativeFunction::new(cx, &special::NEW_DEF, Some(class.value()), None).value()
}

/// Whether a value is the `__new__` of a native type, and of which.
pub(crate) fn native_new_owner(value: Value) -> Option<Gc<Class>> {
    let function = value.downcast::<NativeFunction>()?;
    if std::ptr::eq(function.def(), &special::NEW_DEF) { function.this.load()?.downcast() } else { None }
}
