//! f-strings and t-strings. CPython: `_PyPegen_joined_str`, `_PyPegen_concatenate_strings`.
//! Invariant: neighbouring pieces of literal text are one constant, and there is no empty one.

use taipan_compiler::FormatPart;
use taipan_runtime::prelude::*;
use taipan_syntax::ast::{self, FStringPart, InterpolatedElement, InterpolatedStringElement};
use taipan_syntax::{Ranged, TextRange, TextSize};

use super::{Builder, Place};

/// Values of a string under construction, and the literal text that waits to become one.
struct Pieces {
    values: Gc<List>,
    text: Vec<u8>,
    place: Option<Place>,
    unicode: bool,
}

impl Pieces {
    fn new(cx: &Context) -> Pieces {
        Pieces { values: cx.new_list(&[]), text: Vec::new(), place: None, unicode: false }
    }

    fn literal(&mut self, text: &[u8], place: Place) {
        if !text.is_empty() {
            self.text.extend_from_slice(text);
            let start = self.place.map_or([place[0], place[1]], |first| [first[0], first[1]]);
            self.place = Some([start[0], start[1], place[2], place[3]]);
        }
    }

    fn flush(&mut self, builder: &Builder<'_>, cx: &mut Context) -> Result<()> {
        let Some(place) = self.place.take() else { return Ok(()) };
        let kind = if std::mem::take(&mut self.unicode) { builder.name(cx, "u") } else { Value::NONE };
        let text = builder.text(cx, std::mem::take(&mut self.text));
        let constant = builder.placed(cx, "Constant", &[("value", text), ("kind", kind)], place)?;
        self.values.push(cx, constant);
        Ok(())
    }
}

impl Builder<'_> {
    pub(super) fn joined(&self, cx: &mut Context, node: &ast::ExprFString) -> Result {
        let mut pieces = Pieces::new(cx);
        for part in node.value.iter() {
            match part {
                FStringPart::Literal(literal) => {
                    let mut text = Vec::new();
                    taipan_syntax::string_literal(self.source, literal, &mut text);
                    pieces.unicode |= pieces.place.is_none() && literal.flags.prefix().is_unicode();
                    pieces.literal(&text, self.place(literal.range));
                }
                FStringPart::FString(string) => {
                    let raw = string.flags.prefix().is_raw();
                    self.elements(cx, &string.elements, raw, false, &mut pieces)?;
                }
            }
        }
        pieces.flush(self, cx)?;
        self.at(cx, "JoinedStr", &[("values", pieces.values.value())], node.range)
    }

    pub(super) fn template(&self, cx: &mut Context, node: &ast::ExprTString) -> Result {
        let mut pieces = Pieces::new(cx);
        for string in node.value.iter() {
            let raw = string.flags.prefix().is_raw();
            self.elements(cx, &string.elements, raw, true, &mut pieces)?;
        }
        pieces.flush(self, cx)?;
        self.at(cx, "TemplateStr", &[("values", pieces.values.value())], node.range)
    }

    fn elements(
        &self,
        cx: &mut Context,
        elements: &[InterpolatedStringElement],
        raw: bool,
        template: bool,
        pieces: &mut Pieces,
    ) -> Result<()> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let mut text = Vec::new();
                    taipan_syntax::fstring_literal(
                        self.source,
                        literal.range,
                        raw,
                        &literal.value,
                        &mut text,
                    );
                    pieces.literal(&text, self.place(literal.range));
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let text = taipan_compiler::without_comments(debug.as_str());
                        pieces.literal(text.as_bytes(), self.debug_place(field));
                    }
                    pieces.flush(self, cx)?;
                    let value = self.field(cx, field, raw, template)?;
                    pieces.values.push(cx, value);
                }
            }
        }
        Ok(())
    }

    /// Where `x = ` of a field is said to be.
    fn debug_place(&self, field: &InterpolatedElement) -> Place {
        let start = field.range.start() + TextSize::new(1);
        let tail = field.expression.end();
        let text = &self.source.text()[tail.to_usize()..field.range.end().to_usize()];
        let one = TextSize::new(1);
        let end = match (text.find('!'), &field.format_spec) {
            (Some(at), _) if field.conversion != ast::ConversionFlag::None => tail + TextSize::new(at as u32),
            (_, Some(spec)) => self.spec_range(spec).start(),
            _ => field.range.end() - one,
        };
        self.place(TextRange::new(start, end.max(start)))
    }

    /// With its colon.
    fn spec_range(&self, spec: &ast::InterpolatedStringFormatSpec) -> TextRange {
        let start = spec.range.start();
        let colon = self.source.text()[..start.to_usize()].ends_with(':');
        TextRange::new(start - TextSize::new(colon.into()), spec.range.end())
    }

    fn field(&self, cx: &mut Context, field: &InterpolatedElement, raw: bool, template: bool) -> Result {
        let value = self.expr(cx, &field.expression)?;
        let conversion = match field.conversion.to_byte() {
            Some(byte) => byte as i64,
            None if field.debug_text.is_some() && field.format_spec.is_none() => b'r' as i64,
            None => -1,
        };
        let conversion = Value::int(conversion);
        let spec = match &field.format_spec {
            None => Value::NONE,
            Some(spec) => {
                let mut pieces = Pieces::new(cx);
                self.elements(cx, &spec.elements, raw, false, &mut pieces)?;
                pieces.flush(self, cx)?;
                self.at(cx, "JoinedStr", &[("values", pieces.values.value())], self.spec_range(spec))?
            }
        };
        if !template {
            let fields = [("value", value), ("conversion", conversion), ("format_spec", spec)];
            return self.at(cx, "FormattedValue", &fields, field.range);
        }
        let text = cx.new_str(&taipan_compiler::field_text(self.source, field)).value();
        let fields = [("value", value), ("str", text), ("conversion", conversion), ("format_spec", spec)];
        self.at(cx, "Interpolation", &fields, field.range)
    }

    /// The f-string that an optimised tree has for a simple `'..' % (..)`.
    pub(super) fn percent_format(&self, cx: &mut Context, node: &ast::ExprBinOp) -> Result<Option<Value>> {
        let Some((format, items)) = self.optimize.and_then(|_| taipan_compiler::simple_format(node)) else {
            return Ok(None);
        };
        let mut text = Vec::new();
        for literal in format.value.iter() {
            taipan_syntax::string_literal(self.source, literal, &mut text);
        }
        let Some(parts) = taipan_compiler::format_parts(&text, items.len()) else { return Ok(None) };
        let mut items = items.iter();
        let values = self.list(cx, &parts, |this, cx, part| match part {
            FormatPart::Text(text) => this.made_up_text(cx, text.clone()),
            FormatPart::Unit(conversion, spec) => {
                let item = items.next().expect("as many units as items");
                let value = this.expr(cx, item)?;
                let spec = match spec.is_empty() {
                    true => Value::NONE,
                    false => this.made_up_text(cx, spec.clone().into_bytes())?,
                };
                let conversion = Value::int((*conversion).into());
                let fields = [("value", value), ("conversion", conversion), ("format_spec", spec)];
                this.at(cx, "FormattedValue", &fields, item.range())
            }
        })?;
        self.at(cx, "JoinedStr", &[("values", values)], node.range).map(Some)
    }

    /// A constant that stands nowhere in the text.
    fn made_up_text(&self, cx: &mut Context, wtf8: Vec<u8>) -> Result {
        let value = self.text(cx, wtf8);
        let node = self.node(cx, "Constant", &[("value", value), ("kind", Value::NONE)])?;
        for name in ["lineno", "col_offset", "end_lineno", "end_col_offset"] {
            taipan_runtime::instance::set(cx, node, cx.intern(name), Value::int(-1));
        }
        Ok(node)
    }
}
