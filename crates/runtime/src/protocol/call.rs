//! Calls from native code. CPython: `Objects/call.c`.
//!
//! Invariant: a call goes through the callee's `call` slot, so natives need not know the interpreter.

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::native::{Args, bind};
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::native_function::NativeFunction;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flag;
use crate::value::Value;

impl Context {
    /// `callee(*args)`.
    #[inline]
    pub fn call(&mut self, callee: Value, args: &[Value]) -> Result {
        if let Some(function) = callee.downcast::<NativeFunction>()
            && function.takes_exactly(args.len())
        {
            return self.call_native(function, args);
        }
        self.call_kw(callee, Args::positional_only(args))
    }

    /// Calls a native with all the parameters that it has, without binding.
    fn call_native(&mut self, function: Gc<NativeFunction>, args: &[Value]) -> Result {
        self.check_recursion("")?;
        self.poll()?;
        let this = function.bound_self();
        let mut bound = [None; NativeFunction::FEW + 1];
        bound[0] = this;
        let first = usize::from(this.is_some());
        for (place, value) in bound[first..].iter_mut().zip(args) {
            *place = Some(*value);
        }
        bind::run(self, function.def().call, &bound[..first + args.len()])
    }

    /// A call with keyword arguments.
    pub fn call_kw(&mut self, callee: Value, args: Args<'_>) -> Result {
        self.check_recursion("")?;
        self.poll()?;
        match self.class_of(callee).slots.call.get() {
            Some(call) => call(self, callee, args),
            None => Err(self.type_error(format!("'{}' object is not callable", self.type_name(callee)))),
        }
    }

    /// `callee(first, *args, **kwargs)`.
    pub fn call_prepended(&mut self, callee: Value, first: Value, args: Args<'_>) -> Result {
        // Few arguments go to the native stack, which the collector sees as well as the heap.
        const FEW: usize = 8;
        let count = args.values().len() + 1;
        if count <= FEW {
            let mut all = [first; FEW];
            all[1..count].copy_from_slice(args.values());
            return self.call_kw(callee, Args::new(&all[..count], args.names()));
        }
        let mut all = GVec::with_capacity(args.values().len() + 1);
        all.push(first);
        all.extend_from_slice(args.values());
        self.call_kw(callee, Args::new(&all, args.names()))
    }

    /// `object.name(*args)`.
    pub fn call_method(&mut self, object: Value, name: &str, args: &[Value]) -> Result {
        let name = self.intern(name);
        self.call_method_name(object, name, args)
    }

    /// `object.name(*args)` with an interned name.
    pub fn call_method_name(&mut self, object: Value, name: Gc<Str>, args: &[Value]) -> Result {
        let (callee, this) = self.load_method(object, name)?;
        match this {
            Some(this) => self.call_prepended(callee, this, Args::positional_only(args)),
            None => self.call(callee, args),
        }
    }

    /// Calls `method`, found on the class of `this`, with keyword arguments.
    pub fn call_method_kw(&mut self, method: Value, this: Value, args: Args<'_>) -> Result {
        let class = self.class_of(method);
        if class.has_flag(flag::METHOD_DESCRIPTOR) {
            return self.call_prepended(method, this, args);
        }
        match class.slots.descr_get.get() {
            Some(get) => {
                let owner = self.class_of(this).value();
                let bound = get(self, method, Some(this), Some(owner))?;
                self.call_kw(bound, args)
            }
            None => self.call_kw(method, args),
        }
    }

    /// `callee(*args, **kwargs)` from a tuple and a dict whose keys are checked to be strings.
    pub fn call_ex(&mut self, callee: Value, args: &[Value], kwargs: Option<Gc<Dict>>) -> Result {
        let Some(kwargs) = kwargs.filter(|kwargs| kwargs.len() > 0) else { return self.call(callee, args) };
        let mut all: GVec<Value> = GVec::new();
        all.extend_from_slice(args);
        let mut names: GVec<Value> = GVec::new();
        for (key, value) in kwargs.entries(self) {
            if key.downcast::<Str>().is_none() {
                return Err(self.type_error("keywords must be strings"));
            }
            names.push(key);
            all.push(value);
        }
        let names = self.new_tuple(&names);
        self.call_kw(callee, Args::new(&all, Some(names)))
    }

    /// Whether the object can be called.
    pub fn is_callable(&self, value: Value) -> bool {
        self.class_of(value).slots.call.is_set()
    }
}

impl Args<'_> {
    /// The arguments as a tuple and, if there are keywords, a dict.
    pub fn to_tuple_and_dict(self, cx: &Context) -> (Gc<Tuple>, Option<Gc<Dict>>) {
        let tuple = cx.new_tuple(self.positional());
        if self.keyword_count() == 0 {
            return (tuple, None);
        }
        let dict = cx.new_dict();
        for (name, value) in self.keywords() {
            dict.set_str(cx, name, value);
        }
        (tuple, Some(dict))
    }
}
