//! `_string`: how `string.Formatter` takes format strings apart.
//!
//! CPython: `formatter_parser` and `formatter_field_name_split` in `Objects/stringlib/unicode_format.h`.
//! Invariant: both iterators walk a string that never changes, by position.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::str::fields::{self, Name, Step};

pub struct StringModule;

/// Helpers of the string module.
#[module("_string")]
impl StringModule {
    /// The iterators' classes are no attributes of the module, but have to exist.
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = module;
        FormatterIterator::class_cell().ensure(cx);
        FieldNameIterator::class_cell().ensure(cx);
        Ok(())
    }

    /// Iterate over (literal, field name, format specification, conversion).
    #[function("(object, /)")]
    fn formatter_parser(cx: &mut Context, object: Value) -> Result<Gc<FormatterIterator>> {
        let text = expect(cx, object)?;
        Ok(cx.new_object(FormatterIterator { text: TypedSlot::new(text), at: AtomicUsize::new(0) }))
    }

    /// The first name of a field, and an iterator over (is attribute, name) of its steps.
    #[function("(object, /)")]
    fn formatter_field_name_split(cx: &mut Context, object: Value) -> Result {
        let text = expect(cx, object)?;
        let first = fields::first_name(text.units(), 0..text.len());
        let (first, at) = first.map_err(|error| cx.value_error(error))?;
        let first = name(cx, text, first);
        let rest = cx.new_object(FieldNameIterator { text: TypedSlot::new(text), at: AtomicUsize::new(at) });
        Ok(cx.new_tuple(&[first, rest.value()]).value())
    }
}

fn expect(cx: &Context, object: Value) -> Result<Gc<Str>> {
    match object.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = cx.type_name(object);
            Err(cx.type_error(format!("expected str, got {found}")))
        }
    }
}

/// A name as Python sees it: int or str.
fn name(cx: &Context, text: Gc<Str>, name: Name) -> Value {
    match name {
        Name::Number(number) => cx.new_int(number as i64),
        Name::Text(range) => text.substring(cx, range).value(),
    }
}

/// Iterator over the parts of a format string.
#[derive(Trace)]
pub struct FormatterIterator {
    text: TypedSlot<Str>,
    at: AtomicUsize,
}

#[class(name = "formatteriterator", module = "_string")]
impl FormatterIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(text) = self.text.load() else { return Ok(None) };
        let mut at = self.at.load(Ordering::Relaxed);
        let markup = fields::next_markup(text.units(), &mut at, text.len());
        self.at.store(at, Ordering::Relaxed);
        let Some(markup) = markup.map_err(|error| cx.value_error(error))? else { return Ok(None) };
        let literal = text.substring(cx, markup.literal).value();
        let mut parts = [literal, Value::NONE, Value::NONE, Value::NONE];
        if let Some(field) = markup.field {
            parts[1] = text.substring(cx, field.name).value();
            parts[2] = text.substring(cx, field.spec).value();
            parts[3] = field.conversion.map_or(Value::NONE, |code| cx.new_char(code).value());
        }
        Ok(Some(cx.new_tuple(&parts).value()))
    }
}

/// Iterator over the steps of a field.
#[derive(Trace)]
pub struct FieldNameIterator {
    text: TypedSlot<Str>,
    at: AtomicUsize,
}

#[class(name = "fieldnameiterator", module = "_string")]
impl FieldNameIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(text) = self.text.load() else { return Ok(None) };
        let mut at = self.at.load(Ordering::Relaxed);
        let step = fields::next_step(text.units(), &mut at, text.len());
        self.at.store(at, Ordering::Relaxed);
        let (is_attribute, name) = match step.map_err(|error| cx.value_error(error))? {
            None => return Ok(None),
            Some(Step::Attribute(range)) => (true, text.substring(cx, range).value()),
            Some(Step::Item(item)) => (false, name(cx, text, item)),
        };
        Ok(Some(cx.new_tuple(&[Value::bool(is_attribute), name]).value()))
    }
}
