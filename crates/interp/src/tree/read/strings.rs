//! f-strings and t-strings.

use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, ConversionFlag, Expr, InterpolatedStringElement};
use taipan_syntax::{Ranged, TextRange};

use super::expr::Open;
use super::{NO_INDEX, Place, Reader, Use, constant};

impl Reader {
    pub(super) fn joined(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let elements = self.elements(cx, open.node, open.class)?;
        Ok(self.fstring(elements, open))
    }

    pub(super) fn template(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let elements = self.elements(cx, open.node, open.class)?;
        let range = self.close(open.start, open.place);
        let flags = ast::TStringFlags::empty();
        let string = ast::TString { node_index: NO_INDEX, range, elements: elements.into(), flags };
        let value = ast::TStringValue::single(string);
        Ok(Expr::TString(ast::ExprTString { node_index: NO_INDEX, range, value }))
    }

    /// A replacement field outside an f-string.
    pub(super) fn lone_field(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let element = self.field(cx, open.node, open.class, open.place)?;
        Ok(self.fstring(vec![element], open))
    }

    fn fstring(&mut self, elements: Vec<InterpolatedStringElement>, open: Open<'_>) -> Expr {
        let range = self.close(open.start, open.place);
        let flags = ast::FStringFlags::empty();
        let string = ast::FString { node_index: NO_INDEX, range, elements: elements.into(), flags };
        let value = ast::FStringValue::single(string);
        Expr::FString(ast::ExprFString { node_index: NO_INDEX, range, value })
    }

    fn elements(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
    ) -> Result<Vec<InterpolatedStringElement>> {
        let items = self.items(cx, node, class, "values")?;
        let mut elements = Vec::with_capacity(items.len());
        for item in items.items() {
            if item.is_none() {
                return Err(cx.value_error("None disallowed in expression list"));
            }
            elements.push(self.element(cx, *item)?);
        }
        Ok(elements)
    }

    fn element(&mut self, cx: &mut Context, node: Value) -> Result<InterpolatedStringElement> {
        let place = self.place(cx, node, "expr")?;
        let class = self.some_sort(cx, node, "expr")?;
        let text = match &*class {
            "Constant" => cx.lookup_attr_str(node, "value")?.and_then(Value::downcast::<Str>),
            "FormattedValue" | "Interpolation" => return self.field(cx, node, &class, place),
            _ => None,
        };
        if let Some(text) = text {
            let text = taipan_bytecode::Text::from_code_points(text.chars());
            let (value, written) = constant::spelled(&text);
            let start = self.words(&written, place.start);
            let range = TextRange::at(start, taipan_syntax::TextSize::of(&*written));
            let value = value.into();
            let literal = ast::InterpolatedStringLiteralElement { node_index: NO_INDEX, range, value };
            return Ok(InterpolatedStringElement::Literal(literal));
        }
        let expression = Box::new(self.expr(cx, node, Use::Load)?);
        Ok(InterpolatedStringElement::Interpolation(ast::InterpolatedElement {
            node_index: NO_INDEX,
            range: expression.range(),
            expression,
            debug_text: None,
            conversion: ConversionFlag::None,
            format_spec: None,
        }))
    }

    fn field(
        &mut self,
        cx: &mut Context,
        node: Value,
        class: &str,
        place: Place,
    ) -> Result<InterpolatedStringElement> {
        let start = self.open(place);
        let expression = Box::new(self.expr_field(cx, node, class, "value", Use::Load)?);
        if class == "Interpolation" {
            let text = self.required(cx, node, class, "str")?;
            let text = text.downcast::<Str>().map_or(String::new(), |text| text.to_str().into_owned());
            self.fields.insert(start, text);
        }
        let conversion = self.required(cx, node, class, "conversion")?;
        let conversion = match self.int(cx, conversion)? {
            -1 => ConversionFlag::None,
            115 => ConversionFlag::Str,
            114 => ConversionFlag::Repr,
            97 => ConversionFlag::Ascii,
            other => {
                return Err(cx.system_error(format!("Unrecognized conversion character {other}")));
            }
        };
        let format_spec = match self.optional(cx, node, "format_spec")? {
            None => None,
            Some(spec) => {
                let place = self.place(cx, spec, "expr")?;
                let start = self.open(place);
                let elements = match &*self.some_sort(cx, spec, "expr")? {
                    "JoinedStr" => self.elements(cx, spec, "JoinedStr")?,
                    _ => vec![self.element(cx, spec)?],
                };
                let range = self.close(start, place);
                Some(Box::new(ast::InterpolatedStringFormatSpec {
                    node_index: NO_INDEX,
                    range,
                    elements: elements.into(),
                }))
            }
        };
        Ok(InterpolatedStringElement::Interpolation(ast::InterpolatedElement {
            node_index: NO_INDEX,
            range: self.close(start, place),
            expression,
            debug_text: None,
            conversion,
            format_spec,
        }))
    }
}
