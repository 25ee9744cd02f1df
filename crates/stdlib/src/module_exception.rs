//! Exception classes that belong to one module, like `struct.error`.
//!
//! Invariant: a class is made once per process, at the first import of its module or the first raise.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception::ClassFn;
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

/// An exception class that a native module defines. The place is a root once the class is there.
pub struct ModuleException {
    place: AtomicU64,
    module: &'static str,
    name: &'static str,
    base: ClassFn,
    /// The base where that is such a class itself.
    parent: Option<&'static ModuleException>,
    doc: Option<&'static str>,
}

impl ModuleException {
    pub const fn new(module: &'static str, name: &'static str, base: ClassFn) -> ModuleException {
        ModuleException { place: AtomicU64::new(0), module, name, base, parent: None, doc: None }
    }

    /// The same with another class of a module as its base.
    pub const fn derived_from(self, parent: &'static ModuleException) -> ModuleException {
        ModuleException {
            place: self.place,
            module: self.module,
            name: self.name,
            base: self.base,
            parent: Some(parent),
            doc: self.doc,
        }
    }

    /// The same with a docstring.
    pub const fn with_doc(self, doc: &'static str) -> ModuleException {
        ModuleException {
            place: self.place,
            module: self.module,
            name: self.name,
            base: self.base,
            parent: self.parent,
            doc: Some(doc),
        }
    }

    /// The class.
    pub fn class(&'static self, cx: &mut Context) -> Result {
        if let Some(class) = Value::from_bits(self.place.load(Ordering::Acquire)) {
            return Ok(class);
        }
        let name = cx.intern(self.name).value();
        let base = match self.parent {
            Some(parent) => parent.class(cx)?,
            None => (self.base)().ensure(cx).value(),
        };
        let bases = cx.new_tuple(&[base]).value();
        let namespace = cx.new_dict();
        let module = cx.intern(self.module).value();
        namespace.set_str(cx, cx.name(id::__module__), module);
        if let Some(doc) = self.doc {
            let doc = cx.new_str(doc).value();
            namespace.set_str(cx, cx.name(id::__doc__), doc);
        }
        let class = cx.call(type_class().value(), &[name, bases, namespace.value()])?;
        taipan_runtime::add_root(&self.place);
        match self.place.compare_exchange(0, class.bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(class),
            Err(bits) => Ok(Value::from_bits(bits).unwrap_or(class)),
        }
    }

    /// Raises the exception with a message.
    #[cold]
    pub fn raise(&'static self, cx: &mut Context, message: impl AsRef<str>) -> Raised {
        let message = cx.new_str(message.as_ref()).value();
        self.raise_with(cx, &[message])
    }

    /// Raises the exception with these arguments.
    #[cold]
    pub fn raise_with(&'static self, cx: &mut Context, args: &[Value]) -> Raised {
        match self.class(cx).and_then(|class| cx.call(class, args)) {
            Ok(error) => cx.raise(error),
            Err(raised) => raised,
        }
    }

    /// Puts the class into the module under its name.
    pub fn add_to(&'static self, cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = self.class(cx)?;
        module.dict().set_str(cx, cx.intern(self.name), class);
        Ok(())
    }
}
