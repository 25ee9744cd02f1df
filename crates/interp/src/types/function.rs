//! `function`: code with its globals, defaults and closure. CPython: `Objects/funcobject.c`.
//! Invariant: `code` and what is made of it (`entry`, `private`, `exact`, `frame_words`) change together while the world is
//! stopped, so what a thread reads of them without a safepoint in between belongs to one code.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use taipan_macros::{Trace, class};
use taipan_runtime::native::Args;
use taipan_runtime::slots::{Slot, TypedSlot};
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::module::Module;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::types::type_::Class;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::cache::{Pc, Private};
use crate::types::code::Code;
use taipan_runtime::types::cell::Cell;

/// `Function::exact` of a function that the short call does not fit.
pub(crate) const NOT_EXACT: u32 = u32::MAX;

/// The body of a function object.
#[derive(Trace)]
#[repr(C)]
pub struct Function {
    /// Address of the first instruction in private code; 0 before the first call.
    entry: AtomicU64,
    /// Address of the private code. The code object keeps it alive.
    private: AtomicU64,
    /// Number of arguments that a call passes straight into the registers, `NOT_EXACT` if it has to be bound.
    exact: AtomicU32,
    frame_words: AtomicU32,
    code: TypedSlot<Code>,
    globals: TypedSlot<Dict>,
    builtins: Slot,
    /// The names and the docstring; empty as long as they are the code's.
    name: TypedSlot<Str>,
    qualname: TypedSlot<Str>,
    doc: Slot,
    module: Slot,
    defaults: TypedSlot<Tuple>,
    kwdefaults: TypedSlot<Dict>,
    closure: TypedSlot<Tuple>,
    annotations: Slot,
    annotate: Slot,
    type_params: Slot,
}

/// The dict of builtins that code with these globals sees.
pub(crate) fn builtins_of(cx: &Context, globals: Gc<Dict>) -> Value {
    let name = cx.name(taipan_runtime::names::id::__builtins__);
    match globals.get_str(cx, name) {
        Some(value) => match value.downcast::<Module>() {
            Some(module) => module.dict().value(),
            None => value,
        },
        None => cx.vm().builtins().value(),
    }
}

impl Function {
    /// A function of `code` in `globals`, named by the code.
    pub fn new(cx: &mut Context, code: Gc<Code>, globals: Gc<Dict>) -> Gc<Function> {
        let builtins = builtins_of(cx, globals);
        Function::with_builtins(cx, code, globals, builtins)
    }

    /// The same where the builtins are known.
    pub(crate) fn with_builtins(
        cx: &mut Context,
        code: Gc<Code>,
        globals: Gc<Dict>,
        builtins: Value,
    ) -> Gc<Function> {
        let module = globals.get_str(cx, cx.name(taipan_runtime::names::id::__name__));
        let function = cx.new_object(Function {
            entry: AtomicU64::new(0),
            private: AtomicU64::new(0),
            exact: AtomicU32::new(NOT_EXACT),
            frame_words: AtomicU32::new(0),
            name: TypedSlot::EMPTY,
            qualname: TypedSlot::EMPTY,
            module: Slot::new_option(module),
            doc: Slot::EMPTY,
            code: TypedSlot::new(code),
            globals: TypedSlot::new(globals),
            builtins: Slot::new(builtins),
            defaults: TypedSlot::EMPTY,
            kwdefaults: TypedSlot::EMPTY,
            closure: TypedSlot::EMPTY,
            annotations: Slot::EMPTY,
            annotate: Slot::EMPTY,
            type_params: Slot::EMPTY,
        });
        // A function that is made again and again (a lambda, a generator expression) has had its first call.
        if let Some(private) = code.recent_private(globals, builtins) {
            function.set_private(private);
        }
        function
    }

    /// The code it runs.
    #[inline(always)]
    pub fn code(&self) -> Gc<Code> {
        self.code.load().expect("a function has code")
    }

    /// Its module's namespace.
    pub fn globals(&self) -> Gc<Dict> {
        self.globals.load().expect("a function has globals")
    }

    /// Where names are looked up last.
    pub fn builtins(&self) -> Value {
        self.builtins.load_or_none()
    }

    /// `__qualname__`.
    pub fn qualname(&self, cx: &Context) -> Gc<Str> {
        self.qualname.load().unwrap_or_else(|| self.code().function_names(cx).1)
    }

    /// `__name__`.
    pub fn name(&self, cx: &Context) -> Gc<Str> {
        self.name.load().unwrap_or_else(|| self.code().function_names(cx).0)
    }

    /// `__name__` if it may not be the code's.
    pub(crate) fn own_name(&self) -> Option<Gc<Str>> {
        self.name.load()
    }

    /// `__qualname__` if it may not be the code's.
    pub(crate) fn own_qualname(&self) -> Option<Gc<Str>> {
        self.qualname.load()
    }

    /// `__defaults__`.
    pub fn defaults(&self) -> Option<Gc<Tuple>> {
        self.defaults.load()
    }

    /// `__kwdefaults__`.
    pub fn kwdefaults(&self) -> Option<Gc<Dict>> {
        self.kwdefaults.load()
    }

    /// `__closure__`.
    pub fn closure(&self) -> Option<Gc<Tuple>> {
        self.closure.load()
    }

    pub(crate) fn set_defaults_tuple(&self, defaults: Option<Gc<Tuple>>) {
        self.defaults.store_option(defaults);
    }

    pub(crate) fn set_kwdefaults_dict(&self, defaults: Option<Gc<Dict>>) {
        self.kwdefaults.store_option(defaults);
    }

    pub(crate) fn set_closure(&self, closure: Option<Gc<Tuple>>) {
        self.closure.store_option(closure);
    }

    pub(crate) fn set_annotate_function(&self, annotate: Option<Value>) {
        self.annotate.store_option(annotate);
    }

    pub(crate) fn set_type_params_tuple(&self, params: Value) {
        self.type_params.store(params);
    }

    /// Arguments of a short call, `NOT_EXACT` if there is none.
    #[inline(always)]
    pub(crate) fn exact(&self) -> u32 {
        self.exact.load(Ordering::Acquire)
    }

    /// What a short call needs: entry, private code and words of the frame.
    #[inline(always)]
    pub(crate) fn short_call(&self) -> (Pc, u64, usize) {
        let pc = Pc::from_bits(self.entry.load(Ordering::Relaxed));
        (pc, self.private.load(Ordering::Relaxed), self.frame_words.load(Ordering::Relaxed) as usize)
    }

    /// The private code, made at the first call.
    pub(crate) fn private_code(&self, cx: &mut Context) -> Private {
        loop {
            let bits = self.private.load(Ordering::Acquire);
            if bits != 0 {
                return Private::from_address(bits);
            }
            let code = self.code();
            let private = code.private(cx, code, self.globals(), self.builtins());
            // Another thread may have exchanged the code meanwhile; it cannot do so from here to the end.
            if self.code() == code {
                self.set_private(private);
                return private;
            }
        }
    }

    #[inline]
    fn set_private(&self, private: Private) {
        self.frame_words.store(private.frame_words() as u32, Ordering::Relaxed);
        self.entry.store(private.start().bits(), Ordering::Relaxed);
        self.private.store(private.bits(), Ordering::Release);
        self.exact.store(private.exact(), Ordering::Release);
    }

    fn text_or_error(cx: &Context, value: Option<Value>, attribute: &str) -> Result<Gc<Str>> {
        value
            .and_then(Value::downcast::<Str>)
            .ok_or_else(|| cx.type_error(format!("{attribute} must be set to a string object")))
    }

    /// Evaluates the annotations once.
    fn annotations_dict(this: Gc<Self>, cx: &mut Context) -> Result {
        if let Some(annotations) = this.annotations.load() {
            if let Some(pairs) = annotations.downcast::<Tuple>() {
                let dict = cx.new_dict();
                for pair in pairs.items().chunks(2) {
                    if let [name, annotation] = pair {
                        dict.set(cx, *name, *annotation)?;
                    }
                }
                this.annotations.store(dict.value());
                return Ok(dict.value());
            }
            return Ok(annotations);
        }
        let annotations = match this.annotate.load() {
            Some(annotate) if !annotate.is_none() => {
                let result = cx.call(annotate, &[Value::int(1)])?;
                if result.downcast::<Dict>().is_none() {
                    let name = cx.type_name(result);
                    return Err(cx.type_error(format!("__annotate__ returned non-dict of type '{name}'")));
                }
                result
            }
            _ => cx.new_dict().value(),
        };
        this.annotations.store(annotations);
        Ok(annotations)
    }
}

/// Create a function object.
///
///   code
///     a code object
///   globals
///     the globals dictionary
///   name
///     a string that overrides the name from the code object
///   argdefs
///     a tuple that specifies the default argument values
///   closure
///     a tuple that supplies the bindings for free variables
///   kwdefaults
///     a dictionary that specifies the default keyword argument values
#[class(name = "function", kind = FUNCTION, by_kind, flags = HAS_DICT | HAS_WEAKREF | METHOD_DESCRIPTOR)]
impl Function {
    #[new("(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)")]
    fn construct(
        cx: &mut Context,
        _class: Gc<Class>,
        code: Gc<Code>,
        globals: Gc<Dict>,
        name: Value,
        argdefs: Value,
        closure: Value,
        kwdefaults: Value,
    ) -> Result<Gc<Function>> {
        if !name.is_none() && name.downcast::<Str>().is_none() {
            return Err(cx.type_error("arg 3 (name) must be None or string"));
        }
        if !argdefs.is_none() && argdefs.downcast::<Tuple>().is_none() {
            return Err(cx.type_error("arg 4 (defaults) must be None or tuple"));
        }
        let free = code.data().free_variables().count();
        let cells = closure.downcast::<Tuple>();
        if cells.is_none() {
            if free > 0 && closure.is_none() {
                return Err(cx.type_error("arg 5 (closure) must be tuple"));
            }
            if !closure.is_none() {
                return Err(cx.type_error("arg 5 (closure) must be None or tuple"));
            }
        }
        if !kwdefaults.is_none() && kwdefaults.downcast::<Dict>().is_none() {
            return Err(cx.type_error("arg 6 (kwdefaults) must be None or dict"));
        }
        let given = cells.map_or(0, |cells| cells.items().len());
        if given != free {
            let name = &code.data().name;
            return Err(cx.value_error(format!("{name} requires closure of length {free}, not {given}")));
        }
        for item in cells.iter().flat_map(|cells| cells.items()) {
            if item.downcast::<Cell>().is_none() {
                let found = cx.type_name(*item);
                return Err(cx.type_error(format!("arg 5 (closure) expected cell, found {found}")));
            }
        }
        cx.audit("function.__new__", |_| [code.value()])?;
        let function = Function::new(cx, code, globals);
        if let Some(name) = name.downcast::<Str>() {
            function.name.store(name);
        }
        function.set_defaults_tuple(argdefs.downcast());
        function.set_closure(cells);
        function.set_kwdefaults_dict(kwdefaults.downcast());
        Ok(function)
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result {
        crate::call::call_function(cx, this, args)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        let text = format!("<function {} at {:#x}>", this.qualname(cx).to_str(), this.address());
        Ok(cx.new_str(&text).value())
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, instance: Option<Value>, _owner: Option<Value>) -> Result {
        match instance {
            Some(instance) => Ok(Method::new(cx, this.value(), instance).value()),
            None => Ok(this.value()),
        }
    }

    #[getter]
    fn __code__(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Code>> {
        crate::audit_read(cx, this.value(), "__code__")?;
        Ok(this.code())
    }

    #[setter]
    fn set___code__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(code) = value.and_then(Value::downcast::<Code>) else {
            return Err(cx.type_error("__code__ must be set to a code object"));
        };
        crate::audit_write(cx, this.value(), "__code__", value)?;
        let free = code.data().free_variables().count();
        let given = this.closure().map_or(0, |closure| closure.items().len());
        if free != given {
            let name = this.name(cx);
            let message =
                format!("{}() requires a code object with {given} free vars, not {free}", name.to_str());
            return Err(cx.value_error(message));
        }
        let kind = taipan_bytecode::code_flag::GENERATOR
            | taipan_bytecode::code_flag::COROUTINE
            | taipan_bytecode::code_flag::ASYNC_GENERATOR;
        if (this.code().data().flags ^ code.data().flags) & kind != 0 {
            let message = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain \
                           function)";
            cx.warn(taipan_runtime::exception::deprecation_warning, message, 1)?;
        }
        // What was the old code's stays with the function.
        this.name.store(this.name(cx));
        this.qualname.store(this.qualname(cx));
        this.doc.store(this.__doc__(cx));
        // Calls look at `exact` and then at `private` without a safepoint in between.
        taipan_gc::stop_the_world(cx.thread(), || {
            this.exact.store(NOT_EXACT, Ordering::Release);
            this.private.store(0, Ordering::Release);
            this.entry.store(0, Ordering::Release);
            this.code.store(code);
        });
        Ok(())
    }

    #[getter]
    fn __dict__(this: Gc<Self>, cx: &Context) -> Option<Gc<Dict>> {
        taipan_runtime::instance::dict(cx, this.value())
    }

    #[setter]
    fn set___dict__(this: Gc<Self>, cx: &Context, value: Option<Value>) -> Result<()> {
        match value {
            None => Err(cx.type_error("cannot delete __dict__")),
            Some(value) => match value.downcast::<Dict>() {
                Some(dict) => {
                    taipan_runtime::instance::replace_dict(cx, this.value(), dict);
                    Ok(())
                }
                None => {
                    let name = cx.type_name(value);
                    Err(cx.type_error(format!("__dict__ must be set to a dictionary, not a '{name}'")))
                }
            },
        }
    }

    #[getter]
    fn __name__(&self, cx: &Context) -> Gc<Str> {
        self.name(cx)
    }

    #[setter]
    fn set___name__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.name.store(Self::text_or_error(cx, value, "__name__")?);
        Ok(())
    }

    #[getter]
    fn __qualname__(&self, cx: &Context) -> Gc<Str> {
        self.qualname(cx)
    }

    #[setter]
    fn set___qualname__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        self.qualname.store(Self::text_or_error(cx, value, "__qualname__")?);
        Ok(())
    }

    #[getter]
    fn __module__(&self) -> Value {
        self.module.load_or_none()
    }

    #[setter]
    fn set___module__(&self, value: Option<Value>) {
        self.module.store_option(value);
    }

    #[getter]
    fn __doc__(&self, cx: &mut Context) -> Value {
        match self.doc.load() {
            Some(doc) => doc,
            None => self.code().docstring(cx),
        }
    }

    #[setter]
    fn set___doc__(&self, value: Option<Value>) {
        self.doc.store(value.unwrap_or(Value::NONE));
    }

    #[member]
    fn __globals__(&self) -> Gc<Dict> {
        self.globals()
    }

    #[member]
    fn __builtins__(&self) -> Value {
        self.builtins()
    }

    #[member]
    fn __closure__(&self) -> Option<Gc<Tuple>> {
        self.closure()
    }

    #[getter]
    fn __defaults__(this: Gc<Self>, cx: &mut Context) -> Result<Option<Gc<Tuple>>> {
        crate::audit_read(cx, this.value(), "__defaults__")?;
        Ok(this.defaults())
    }

    #[setter]
    fn set___defaults__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.and_then(Value::not_none);
        if value.is_some_and(|value| value.downcast::<Tuple>().is_none()) {
            return Err(cx.type_error("__defaults__ must be set to a tuple object"));
        }
        crate::audit_write(cx, this.value(), "__defaults__", value)?;
        this.set_defaults_tuple(value.and_then(Value::downcast));
        Ok(())
    }

    #[getter]
    fn __kwdefaults__(this: Gc<Self>, cx: &mut Context) -> Result<Option<Gc<Dict>>> {
        crate::audit_read(cx, this.value(), "__kwdefaults__")?;
        Ok(this.kwdefaults())
    }

    #[setter]
    fn set___kwdefaults__(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = value.and_then(Value::not_none);
        if value.is_some_and(|value| value.downcast::<Dict>().is_none()) {
            return Err(cx.type_error("__kwdefaults__ must be set to a dict object"));
        }
        crate::audit_write(cx, this.value(), "__kwdefaults__", value)?;
        this.set_kwdefaults_dict(value.and_then(Value::downcast));
        Ok(())
    }

    #[getter]
    fn __annotations__(this: Gc<Self>, cx: &mut Context) -> Result {
        Self::annotations_dict(this, cx)
    }

    #[setter]
    fn set___annotations__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        let value = value.and_then(Value::not_none);
        if value.is_some_and(|value| value.downcast::<Dict>().is_none()) {
            return Err(cx.type_error("__annotations__ must be set to a dict object"));
        }
        self.annotations.store_option(value);
        self.annotate.clear();
        Ok(())
    }

    #[getter]
    fn __annotate__(&self) -> Value {
        self.annotate.load_or_none()
    }

    #[setter]
    fn set___annotate__(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            None => return Err(cx.type_error("__annotate__ cannot be deleted")),
            Some(Value::NONE) => self.annotate.store(Value::NONE),
            Some(value) if cx.is_callable(value) => {
                self.annotate.store(value);
                self.annotations.clear();
            }
            Some(_) => return Err(cx.type_error("__annotate__ must be callable or None")),
        }
        Ok(())
    }

    #[getter]
    fn __type_params__(&self, cx: &Context) -> Value {
        self.type_params.load().unwrap_or_else(|| cx.new_tuple(&[]).value())
    }

    #[setter]
    fn set___type_params__(&self, cx: &Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) if value.downcast::<Tuple>().is_some() => {
                self.type_params.store(value);
                Ok(())
            }
            _ => Err(cx.type_error("__type_params__ must be set to a tuple")),
        }
    }
}
