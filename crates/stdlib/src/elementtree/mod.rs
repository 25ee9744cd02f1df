//! `_elementtree`: elements, trees from events, and a parser that builds them. CPython: `Modules/_elementtree.c`.
//!
//! Invariant: an element's children are elements; each of its fields is one word, so that readers need no lock.

mod builder;
mod element;
mod parser;
mod path;
mod walk;

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::module_exception::ModuleException;
use builder::TreeBuilder;
use element::Element;
use parser::XmlParser;
use walk::Walk;

/// `xml.etree.ElementTree.ParseError`.
static PARSE_ERROR: ModuleException =
    ModuleException::new("xml.etree.ElementTree", "ParseError", exception::syntax_error);

/// What makes comments and processing instructions where a builder does not say otherwise; roots once they are set.
static COMMENT_FACTORY: AtomicU64 = AtomicU64::new(0);
static PI_FACTORY: AtomicU64 = AtomicU64::new(0);

fn factory(place: &AtomicU64) -> Option<Value> {
    Value::from_bits(place.load(Ordering::Acquire))
}

/// Sets a factory and gives the one before.
fn set_factory(place: &AtomicU64, factory: Value) -> Value {
    let new = factory.not_none().map_or(0, Value::bits);
    Value::from_bits(place.swap(new, Ordering::AcqRel)).unwrap_or(Value::NONE)
}

/// The error of an argument that is no element.
fn expected_element(cx: &mut Context, found: Value) -> Raised {
    let found = cx.type_name(found);
    cx.type_error(format!("expected an Element, not \"{found}\""))
}

/// Tag and attributes of a new element, from the arguments behind what `skipped` are for.
fn tag_and_attributes(
    cx: &mut Context,
    function: &str,
    args: &[Value],
    skipped: usize,
    kwargs: Gc<Dict>,
) -> Result<(Value, Option<Gc<Dict>>)> {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (least, most) = (skipped + 1, skipped + 2);
    let found = args.len();
    if found < least {
        let message =
            format!("{function}() takes at least {least} argument{} ({found} given)", plural(least));
        return Err(cx.type_error(message));
    }
    if found > most {
        return Err(cx.type_error(format!("{function}() takes at most {most} arguments ({found} given)")));
    }
    let tag = args[skipped];
    if let Some(given) = args.get(skipped + 1) {
        let Some(given) = given.downcast::<Dict>() else {
            let found = cx.argument_type_name(*given);
            return Err(cx.type_error(format!("{function}() argument {most} must be dict, not {found}")));
        };
        let attributes = given.copy(cx);
        if !kwargs.is_empty() {
            attributes.update_from(cx, kwargs.value())?;
        }
        return Ok((tag, Some(attributes)));
    }
    if kwargs.is_empty() {
        return Ok((tag, None));
    }
    let attributes = match kwargs.remove_str(cx, cx.intern("attrib")) {
        None => cx.new_dict(),
        Some(given) => match given.downcast::<Dict>() {
            Some(given) => given.copy(cx),
            None => {
                let found = cx.type_name(given);
                return Err(cx.type_error(format!("attrib must be dict, not {found}")));
            }
        },
    };
    attributes.update_from(cx, kwargs.value())?;
    Ok((tag, Some(attributes)))
}

pub struct ElementTree;

#[module("_elementtree", classes(Element, TreeBuilder, XmlParser))]
impl ElementTree {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        Walk::class_cell().ensure(cx);
        taipan_runtime::add_root(&COMMENT_FACTORY);
        taipan_runtime::add_root(&PI_FACTORY);
        PARSE_ERROR.add_to(cx, module)
    }

    #[function("(*args, **kwargs)", text = "")]
    fn SubElement(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Element>> {
        let args = args.items();
        let parent = args.first().copied();
        if args.len() >= 2
            && let Some(parent) = parent
            && parent.downcast::<Element>().is_none()
        {
            let found = cx.argument_type_name(parent);
            let wanted = "xml.etree.ElementTree.Element";
            return Err(cx.type_error(format!("SubElement() argument 1 must be {wanted}, not {found}")));
        }
        let (tag, attributes) = tag_and_attributes(cx, "SubElement", args, 1, kwargs)?;
        let element = Element::create(cx, tag, attributes);
        if let Some(parent) = parent.and_then(Value::downcast::<Element>) {
            parent.children_or_new(cx).push(cx, element.value());
        }
        Ok(element)
    }

    /// Change the factories used to create comments and processing instructions.
    ///
    /// For internal use only.
    #[function("(comment_factory, pi_factory, /)", name = "_set_factories")]
    fn set_factories(cx: &mut Context, comment_factory: Value, pi_factory: Value) -> Result {
        for (factory, what) in [(comment_factory, "Comment"), (pi_factory, "PI")] {
            if !factory.is_none() && !cx.is_callable(factory) {
                let found = cx.type_name(factory);
                return Err(cx.type_error(format!("{what} factory must be callable, not {found}")));
            }
        }
        let old = [set_factory(&COMMENT_FACTORY, comment_factory), set_factory(&PI_FACTORY, pi_factory)];
        Ok(cx.new_tuple(&old).value())
    }
}
