//! Exception classes of native modules, made when they are first asked for. CPython: `PyErr_NewException`.
//!
//! Invariant: a class is made once and lives as long as the process.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception::ClassFn;
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

/// One class.
pub(crate) struct ExceptionClass {
    module: &'static str,
    name: &'static str,
    base: ClassFn,
    class: AtomicU64,
}

impl ExceptionClass {
    pub(crate) const fn new(module: &'static str, name: &'static str, base: ClassFn) -> ExceptionClass {
        ExceptionClass { module, name, base, class: AtomicU64::new(0) }
    }

    pub(crate) fn get(&'static self, cx: &mut Context) -> Result {
        if let Some(class) = Value::from_bits(self.class.load(Ordering::Acquire)) {
            return Ok(class);
        }
        let name = cx.intern(self.name).value();
        let bases = cx.new_tuple(&[(self.base)().get().value()]).value();
        let namespace = cx.new_dict();
        let module = cx.intern(self.module).value();
        namespace.set_str(cx, cx.name(id::__module__), module);
        let class = cx.call(type_class().value(), &[name, bases, namespace.value()])?;
        taipan_runtime::add_root(&self.class);
        match self.class.compare_exchange(0, class.bits(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(class),
            Err(bits) => Ok(Value::from_bits(bits).unwrap_or(class)),
        }
    }

    /// Puts the class into a module under `name`.
    pub(crate) fn add(&'static self, cx: &mut Context, module: Gc<Module>, name: &str) -> Result<()> {
        let class = self.get(cx)?;
        module.dict().set_str(cx, cx.intern(name), class);
        Ok(())
    }

    /// Raises an instance made from `args`.
    pub(crate) fn raise(&'static self, cx: &mut Context, args: &[Value]) -> Raised {
        let made = self.get(cx).and_then(|class| cx.call(class, args));
        match made {
            Ok(exception) => cx.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Raises an instance that says what a system call failed with.
    pub(crate) fn raise_errno(&'static self, cx: &mut Context, error: &std::io::Error) -> Raised {
        let code = error.raw_os_error().unwrap_or(0);
        let (number, text) = (Value::int(code.into()), crate::sys::strerror(code));
        let text = cx.new_str(&text).value();
        self.raise(cx, &[number, text])
    }
}
