//! `string.templatelib.Template` and `Interpolation`: what a t-string makes. CPython:
//! `Objects/templateobject.c`, `Objects/interpolationobject.c`.
//!
//! Invariant: a template has one string more than interpolations.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::generic_alias::GenericAlias;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `Template`.
#[derive(Trace)]
pub struct Template {
    strings: TypedSlot<Tuple>,
    interpolations: TypedSlot<Tuple>,
}

impl Template {
    /// A template of these strings and interpolations, one string more (BUILD_TEMPLATE).
    pub fn new(cx: &Context, strings: Gc<Tuple>, interpolations: Gc<Tuple>) -> Gc<Template> {
        debug_assert_eq!(strings.items().len(), interpolations.items().len() + 1);
        cx.new_object(Template {
            strings: TypedSlot::new(strings),
            interpolations: TypedSlot::new(interpolations),
        })
    }

    fn string_items(&self) -> Gc<Tuple> {
        self.strings.load().expect("a template is created with strings")
    }

    fn interpolation_items(&self) -> Gc<Tuple> {
        self.interpolations.load().expect("a template is created with interpolations")
    }
}

/// `Template + Template`; anything else is refused.
fn concat(cx: &mut Context, a: Value, b: Value) -> Result {
    let (Some(x), Some(y)) = (a.downcast::<Template>(), b.downcast::<Template>()) else {
        let other = if a.downcast::<Template>().is_some() { b } else { a };
        let message = format!(
            "can only concatenate string.templatelib.Template (not \"{}\") to string.templatelib.Template",
            cx.type_name(other)
        );
        return Err(cx.type_error(message));
    };
    let mut strings: GVec<Value> = GVec::new();
    let (left, right) = (x.string_items(), y.string_items());
    if let ([head @ .., last], [first, tail @ ..]) = (left.items(), right.items()) {
        strings.extend_from_slice(head);
        strings.push(cx.binary(crate::protocol::number::BinaryOp::Add, *last, *first)?);
        strings.extend_from_slice(tail);
    }
    let mut interpolations: GVec<Value> = GVec::new();
    interpolations.extend_from_slice(x.interpolation_items().items());
    interpolations.extend_from_slice(y.interpolation_items().items());
    let (strings, interpolations) = (cx.new_tuple(&strings), cx.new_tuple(&interpolations));
    Ok(Template::new(cx, strings, interpolations).value())
}

/// Template object
#[class(name = "Template", module = "string.templatelib")]
impl Template {
    #[new("(*args, **kwargs)")]
    fn new_python(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        if kwargs.len() > 0 {
            return Err(cx.type_error("Template.__new__ only accepts *args arguments"));
        }
        let (mut strings, mut interpolations): (GVec<Value>, GVec<Value>) = (GVec::new(), GVec::new());
        let mut text: Option<Value> = None;
        for item in args.items() {
            if item.downcast::<Str>().is_some() {
                text = Some(match text {
                    Some(text) => cx.binary(crate::protocol::number::BinaryOp::Add, text, *item)?,
                    None => *item,
                });
            } else if item.downcast::<Interpolation>().is_some() {
                strings.push(text.take().unwrap_or_else(|| cx.intern("").value()));
                interpolations.push(*item);
            } else {
                let message = format!(
                    "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                    cx.type_name(*item)
                );
                return Err(cx.type_error(message));
            }
        }
        strings.push(text.unwrap_or_else(|| cx.intern("").value()));
        let body = Template {
            strings: TypedSlot::new(cx.new_tuple(&strings)),
            interpolations: TypedSlot::new(cx.new_tuple(&interpolations)),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let strings = cx.repr(self.string_items().value())?;
        let interpolations = cx.repr(self.interpolation_items().value())?;
        cx.format_str(&["Template(strings=", ", interpolations=", ")"], &[strings, interpolations])
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(TemplateIterator { template: TypedSlot::new(this), position: AtomicUsize::new(0) })
            .value()
    }

    #[slot(concat)]
    fn concat(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        concat(cx, a, b)
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Value> {
        let library = cx.import("string.templatelib")?;
        let function = cx.get_attr_str(library, "_template_unpickle")?;
        let parts = [self.string_items().value(), self.interpolation_items().value()];
        let parts = cx.new_tuple(&parts).value();
        Ok(cx.new_tuple(&[function, parts]).value())
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    /// Strings
    #[member]
    fn strings(&self) -> Value {
        self.string_items().value()
    }

    /// Interpolations
    #[member]
    fn interpolations(&self) -> Value {
        self.interpolation_items().value()
    }

    /// Values of interpolations
    #[getter]
    fn values(&self, cx: &mut Context) -> Value {
        let interpolations = self.interpolation_items();
        let items = interpolations.items().iter().filter_map(|item| item.downcast::<Interpolation>());
        let values: GVec<Value> = items.map(|item| item.value.load_or_none()).collect();
        cx.new_tuple(&values).value()
    }
}

/// Iterator over a template's parts; empty strings are left out.
#[derive(Trace)]
pub struct TemplateIterator {
    template: TypedSlot<Template>,
    /// Even: string number position / 2; odd: the interpolation behind it.
    position: AtomicUsize,
}

/// Template iterator object
#[class(name = "TemplateIter", module = "string.templatelib", flags = DISALLOW_NEW)]
impl TemplateIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self) -> Option<Value> {
        let template = self.template.load()?;
        let (strings, interpolations) = (template.string_items(), template.interpolation_items());
        loop {
            let position = self.position.fetch_add(1, Ordering::Relaxed);
            if position % 2 == 1 {
                return interpolations.items().get(position / 2).copied();
            }
            let string = strings.items().get(position / 2).copied()?;
            if string.downcast::<Str>().is_some_and(|string| string.len() > 0) {
                return Some(string);
            }
        }
    }
}

/// Body of `Interpolation`.
#[derive(Trace)]
pub struct Interpolation {
    value: Slot,
    expression: Slot,
    conversion: Slot,
    format_spec: Slot,
}

impl Interpolation {
    /// An interpolation as a t-string makes it; `conversion` is None or one of "a", "r", "s".
    pub fn new(
        cx: &Context,
        value: Value,
        expression: Value,
        conversion: Value,
        format_spec: Value,
    ) -> Gc<Self> {
        cx.new_object(Interpolation {
            value: Slot::new(value),
            expression: Slot::new(expression),
            conversion: Slot::new(conversion),
            format_spec: Slot::new(format_spec),
        })
    }
}

fn str_argument(cx: &Context, name: &str, value: Value) -> Result<()> {
    if value.downcast::<Str>().is_some() {
        return Ok(());
    }
    let got = cx.argument_type_name(value);
    Err(cx.type_error(format!("Interpolation() argument '{name}' must be str, not {got}")))
}

/// Interpolation object
#[class(name = "Interpolation", module = "string.templatelib")]
impl Interpolation {
    #[new("(value, expression='', conversion=None, format_spec='')")]
    fn new_python(
        cx: &mut Context,
        class: Gc<Class>,
        value: Value,
        expression: Value,
        conversion: Value,
        format_spec: Value,
    ) -> Result<Gc<Self>> {
        str_argument(cx, "expression", expression)?;
        if let Some(conversion) = conversion.not_none() {
            str_argument(cx, "conversion", conversion)?;
            let known = conversion.downcast::<Str>().is_some_and(|c| matches!(&*c.to_str(), "s" | "a" | "r"));
            if !known {
                let message = "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'";
                return Err(cx.value_error(message));
            }
        }
        str_argument(cx, "format_spec", format_spec)?;
        let body = Interpolation {
            value: Slot::new(value),
            expression: Slot::new(expression),
            conversion: Slot::new(conversion),
            format_spec: Slot::new(format_spec),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let value = cx.repr(self.value.load_or_none())?;
        let expression = cx.repr(self.expression.load_or_none())?;
        let conversion = cx.repr(self.conversion.load_or_none())?;
        let format_spec = cx.repr(self.format_spec.load_or_none())?;
        cx.format_str(
            &["Interpolation(", ", ", ", ", ", ", ")"],
            &[value, expression, conversion, format_spec],
        )
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let fields = [&this.value, &this.expression, &this.conversion, &this.format_spec];
        let fields = cx.new_tuple(&fields.map(Slot::load_or_none)).value();
        let class = cx.class_of(this.value()).value();
        cx.new_tuple(&[class, fields]).value()
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    #[constant(name = "__match_args__")]
    const MATCH_ARGS: (&'static str, &'static str, &'static str, &'static str) =
        ("value", "expression", "conversion", "format_spec");

    /// Value
    #[member]
    fn value(&self) -> Value {
        self.value.load_or_none()
    }

    /// Expression
    #[member]
    fn expression(&self) -> Value {
        self.expression.load_or_none()
    }

    /// Conversion
    #[member]
    fn conversion(&self) -> Value {
        self.conversion.load_or_none()
    }

    /// Format specification
    #[member]
    fn format_spec(&self) -> Value {
        self.format_spec.load_or_none()
    }
}
