//! Questions that natives ask about objects, and conversions between containers.
//! CPython: `PySequence_Check`, `PyNumber_Check`, `PyIndex_Check`, `PySequence_Tuple`, ...

use std::sync::atomic::{AtomicBool, Ordering};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception::{BaseException, hierarchy::ClassFn};
use crate::instance;
use crate::names::id;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::int;
use crate::types::list::List;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::value::Value;

/// Is there `-b`?
static BYTES_WARNING: AtomicBool = AtomicBool::new(false);

/// What `-b` asks for: warnings about mixing str and bytes.
pub fn set_bytes_warning() {
    BYTES_WARNING.store(true, Ordering::Relaxed);
}

impl Context {
    /// An int (a bool and subclasses count).
    #[inline]
    pub fn is_int(&self, value: Value) -> bool {
        int::is_int(value)
    }

    /// The int as an i64; `None` when it is no int or does not fit.
    pub fn int_to_i64(&self, value: Value) -> Option<i64> {
        if let Some(small) = value.as_small_int() {
            return Some(small);
        }
        if value.is_bool() {
            return Some(i64::from(value == Value::TRUE));
        }
        value.downcast::<int::Int>()?.to_i64()
    }

    /// Whether the object can be an index (`PyIndex_Check`).
    pub fn has_index(&self, value: Value) -> bool {
        int::is_int(value) || self.class_of(value).slots.index.is_set()
    }

    /// Whether the object converts to a number (`PyNumber_Check`).
    pub fn is_number(&self, value: Value) -> bool {
        let slots = &self.class_of(value).slots;
        let converts = slots.index.is_set() || slots.int.is_set() || slots.float.is_set();
        converts || value.downcast::<crate::types::complex::Complex>().is_some()
    }

    /// Whether `obj[i]` is a sequence's (`PySequence_Check`).
    pub fn is_sequence(&self, value: Value) -> bool {
        if value.downcast::<Dict>().is_some() {
            return false;
        }
        let class = self.class_of(value);
        class.slots.get_item.is_set() && !class.has_flag(crate::types::type_::flag::MAPPING)
    }

    /// Whether `iter()` has a chance.
    pub fn is_iterable(&self, value: Value) -> bool {
        let slots = &self.class_of(value).slots;
        slots.iter.is_set() || slots.get_item.is_set()
    }

    pub fn is_exact_str(&self, value: Value) -> bool {
        self.is_exact::<Str>(value)
    }

    /// Whether the object is an exception instance.
    pub fn is_exception(&self, value: Value) -> bool {
        value.downcast::<BaseException>().is_some()
    }

    /// Whether the object is an instance of a native class (or of a subclass).
    pub fn is_instance_of(&self, value: Value, class: ClassFn) -> bool {
        self.class_of(value).is_subclass_of(class().get())
    }

    pub fn pending_is_type_error(&self, raised: &Raised) -> bool {
        self.error_matches(raised, crate::exception::type_error)
    }

    /// `tuple(iterable)`.
    pub fn to_tuple(&mut self, iterable: Value) -> Result<Gc<Tuple>> {
        if let Some(tuple) = self.exact::<Tuple>(iterable) {
            return Ok(tuple);
        }
        let items = self.collect(iterable)?;
        Ok(self.new_tuple(&items))
    }

    /// `list(iterable)`.
    pub fn to_list(&mut self, iterable: Value) -> Result<Gc<List>> {
        let items = self.collect(iterable)?;
        Ok(self.new_list(&items))
    }

    /// The items of what `join` takes: a list's or tuple's, else the iterable's with join's own message.
    pub fn collect_joinable(&mut self, iterable: Value) -> Result<GVec<Value>> {
        if !self.is_iterable(iterable) {
            return Err(self.type_error("can only join an iterable"));
        }
        self.collect(iterable)
    }

    /// An index argument that raises ValueError instead of OverflowError when it does not fit.
    pub fn index_clipped_or_value_error(&mut self, value: Value) -> Result<isize> {
        let wide = self.index_i128(value)?;
        isize::try_from(wide).map_err(|_| {
            self.value_error(format!("cannot fit '{}' into an index-sized integer", self.type_name(value)))
        })
    }

    /// `obj.__dict__` of an object that has one.
    pub fn ensure_instance_dict(&self, object: Value) -> Result<Gc<Dict>> {
        match instance::dict(self, object) {
            Some(dict) => Ok(dict),
            None => Err(crate::protocol::attr::no_attribute(self, object, self.name(id::__dict__))),
        }
    }

    /// An attribute of the sys module, where it is loaded.
    pub fn sys_attr(&self, name: &str) -> Option<Value> {
        let sys = self.vm().modules().get_str(self, self.intern("sys"))?;
        let module = sys.downcast::<crate::types::module::Module>()?;
        module.dict().get_str(self, self.intern(name))
    }

    /// `pieces[0] + texts[0] + pieces[1] + ...`.
    pub fn format_str(&mut self, pieces: &[&str], texts: &[Gc<Str>]) -> Result {
        let mut text = StrBuilder::new();
        for (index, piece) in pieces.iter().enumerate() {
            text.push_str(piece);
            if let Some(inner) = texts.get(index) {
                text.push(*inner);
            }
        }
        Ok(text.finish(self).value())
    }

    /// Adds a note to the pending exception and leaves it pending.
    pub fn add_note(&mut self, raised: Raised, note: &str) -> Raised {
        let exception = self.take_exception(raised);
        let note = self.new_str(note).value();
        match self.call_method(exception, "add_note", &[note]) {
            Ok(_) => self.reraise(exception),
            Err(raised) => raised,
        }
    }

    /// Issues a warning of a native category from native code (`PyErr_WarnEx`).
    pub fn warn(&mut self, category: ClassFn, message: &str, stack_level: i64) -> Result<()> {
        let warnings = self.import("warnings")?;
        let warn = self.get_attr_str(warnings, "warn")?;
        let args = [self.new_str(message).value(), category().get().value(), self.new_int(stack_level)];
        self.call(warn, &args).map(|_| ())
    }

    /// Warns of something that nobody has closed: `source`, whose making is shown if memory is traced
    /// (`PyErr_ResourceWarning`).
    pub fn warn_unclosed(&mut self, source: Value, message: &str) -> Result<()> {
        let warnings = self.import("warnings")?;
        let warn = self.get_attr_str(warnings, "warn")?;
        let category = crate::exception::resource_warning().get().value();
        // When the process ends, nothing that would have to be asked for it is taken for granted.
        let ends = match self.sys_attr("is_finalizing") {
            Some(asked) => self.call(asked, &[])? == Value::TRUE,
            None => true,
        };
        let source = if ends { Value::NONE } else { source };
        let args = [self.new_str(message).value(), category, Value::int(1), source];
        self.call(warn, &args).map(|_| ())
    }

    /// `-b`: warns (or raises, `-bb`) about mixing str and bytes; nothing without the option.
    pub fn warn_bytes(&mut self, message: &str) -> Result<()> {
        match BYTES_WARNING.load(Ordering::Relaxed) {
            true => self.warn(crate::exception::bytes_warning, message, 1),
            false => Ok(()),
        }
    }
}
