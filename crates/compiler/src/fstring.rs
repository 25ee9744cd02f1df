//! f-strings and t-strings. CPython: `codegen_joined_str`, `codegen_template_str`.
//! Invariant: adjacent literal pieces are one constant; an f-string without fields is a constant (see `fold.rs`).

use taipan_bytecode::{Const, Op, Text};
use taipan_syntax::ast::{self, FStringPart, InterpolatedElement, InterpolatedStringElement};
use taipan_syntax::{Ranged, Source, fstring_literal, string_literal};

use crate::compiler::{Compiler, Result};
use crate::unit::Reg;

/// A piece of an f-string or t-string.
enum Piece<'a> {
    Literal(Vec<u8>),
    Field(&'a InterpolatedElement),
}

/// Pieces of an f-string that are built at once.
const AT_ONCE: usize = 64;

impl<'a> Compiler<'a> {
    pub(crate) fn fstring(&mut self, node: &'a ast::ExprFString, dst: Reg) -> Result<()> {
        let mut pieces = Vec::new();
        for part in node.value.iter() {
            match part {
                FStringPart::Literal(literal) => {
                    let mut text = Vec::new();
                    string_literal(self.source, literal, &mut text);
                    push_literal(&mut pieces, text);
                }
                FStringPart::FString(string) => {
                    let raw = string.flags.prefix().is_raw();
                    self.pieces(&string.elements, raw, true, &mut pieces);
                }
            }
        }
        self.join(&pieces, dst, node.range)
    }

    fn pieces(
        &self,
        elements: &'a [InterpolatedStringElement],
        raw: bool,
        debug: bool,
        out: &mut Vec<Piece<'a>>,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let mut text = Vec::new();
                    fstring_literal(self.source, literal.range, raw, &literal.value, &mut text);
                    push_literal(out, text);
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(text) = field.debug_text.as_ref().filter(|_| debug) {
                        push_literal(out, without_comments(text.as_str()).into_bytes());
                    }
                    out.push(Piece::Field(field));
                }
            }
        }
    }

    /// The concatenation of pieces.
    fn join(&mut self, pieces: &[Piece<'a>], dst: Reg, range: taipan_syntax::TextRange) -> Result<()> {
        if let [Piece::Field(field)] = pieces {
            return self.formatted(field, dst);
        }
        if pieces.is_empty() {
            self.at(range);
            self.unit.load(dst, Const::str(""));
            return Ok(());
        }
        if let [Piece::Literal(text)] = pieces {
            self.at(range);
            self.unit.load(dst, Const::Str(Text::from_wtf8(text.to_vec())));
            return Ok(());
        }
        let mark = self.unit.top;
        let mut rest = pieces;
        let mut before: Option<Reg> = None;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(AT_ONCE));
            let start = match before {
                Some(reg) => reg,
                None => self.unit.temps(1),
            };
            let skip = before.is_some() as u32;
            if now.len() as u32 + skip > 1 {
                self.unit.temps(now.len() as u32 + skip - 1);
            }
            for (at, piece) in now.iter().enumerate() {
                let reg = start + skip + at as u32;
                match piece {
                    Piece::Literal(text) => {
                        self.at(range);
                        self.unit.load(reg, Const::Str(Text::from_wtf8(text.to_vec())));
                    }
                    Piece::Field(field) => self.formatted(field, reg)?,
                }
            }
            self.at(range);
            let into = if later.is_empty() { dst } else { start };
            self.unit.op3(Op::BuildString, into, start, now.len() as u32 + skip);
            self.unit.release(start + 1);
            before = Some(start);
            rest = later;
        }
        self.unit.release(mark);
        Ok(())
    }

    /// A replacement field of an f-string.
    fn formatted(&mut self, field: &'a InterpolatedElement, dst: Reg) -> Result<()> {
        let mark = self.unit.top;
        let result = self.writable(dst);
        let value = self.operand_in(&field.expression, result)?;
        self.at(field.range);
        let conversion = conversion(field, field.format_spec.is_none());
        let mut current = value;
        if conversion != 0 {
            self.unit.op3(Op::Convert, result, value, conversion);
            current = result;
        }
        match &field.format_spec {
            None => self.unit.op2(Op::FormatSimple, dst, current),
            Some(spec) => {
                let text = self.unit.temp();
                self.format_spec(spec, text)?;
                self.at(field.range);
                self.unit.op3(Op::FormatSpec, dst, current, text);
            }
        }
        self.unit.release(mark);
        Ok(())
    }

    fn format_spec(&mut self, spec: &'a ast::InterpolatedStringFormatSpec, dst: Reg) -> Result<()> {
        let mut pieces = Vec::new();
        self.pieces(&spec.elements, false, true, &mut pieces);
        self.join(&pieces, dst, spec.range)
    }

    pub(crate) fn tstring(&mut self, node: &'a ast::ExprTString, dst: Reg) -> Result<()> {
        let mut pieces = Vec::new();
        for string in node.value.iter() {
            let raw = string.flags.prefix().is_raw();
            self.pieces(&string.elements, raw, true, &mut pieces);
        }
        let mut strings: Vec<Const> = Vec::new();
        let mut pending: Vec<u8> = Vec::new();
        let mut fields: Vec<&'a InterpolatedElement> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) => pending.extend(text),
                Piece::Field(field) => {
                    strings.push(Const::Str(Text::from_wtf8(std::mem::take(&mut pending))));
                    fields.push(field);
                }
            }
        }
        strings.push(Const::Str(Text::from_wtf8(pending)));
        let pair = self.unit.temps(2);
        self.at(node.range);
        self.unit.load(pair, Const::Tuple(strings.into()));
        let start = self.unit.temps(fields.len() as u32);
        for (at, field) in fields.into_iter().enumerate() {
            self.interpolation(field, start + at as u32)?;
        }
        let count = self.unit.top - start;
        self.at(node.range);
        self.unit.op3(Op::BuildTuple, pair + 1, start, count);
        self.unit.op3(Op::BuildTemplate, dst, pair, pair + 1);
        Ok(())
    }

    fn interpolation(&mut self, field: &'a InterpolatedElement, dst: Reg) -> Result<()> {
        let mark = self.unit.top;
        let parts = self.unit.temps(3);
        self.expr(&field.expression, parts)?;
        self.at(field.range);
        let text = field_text(self.source, field);
        self.unit.load(parts + 1, Const::str(&text));
        match &field.format_spec {
            None => self.unit.load(parts + 2, Const::str("")),
            Some(spec) => self.format_spec(spec, parts + 2)?,
        }
        self.at(field.range);
        let conversion = conversion(field, field.format_spec.is_none());
        self.unit.op3(Op::BuildInterpolation, dst, parts, conversion);
        self.unit.release(mark);
        Ok(())
    }
}

/// The source of a field's expression, parentheses included, without comments.
pub fn field_text(source: &Source, field: &InterpolatedElement) -> String {
    if let Some(given) = source.given_field(field.range.start()) {
        return given.to_owned();
    }
    let whole = source.slice(field.range);
    let text = whole.strip_prefix('{').unwrap_or(whole);
    let start = field.range.end().to_usize() - text.len();
    let after = field.expression.range().end().to_usize() - start;
    // What stands between the expression and `!`, `:`, `=` or `}` are blanks and closing parentheses.
    let tail = text[after..].find(['!', ':', '=', '}']).unwrap_or(0);
    without_comments(&text[..after + tail])
}

/// Comments go, the ends of their lines stay; a `#` in a string is none.
pub fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut comment, mut escaped) = (None, false, false);
    for c in text.chars() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' if quote.is_some() => escaped = true,
            '\n' => comment = false,
            '#' if quote.is_none() => comment = true,
            '"' | '\'' if comment => {}
            '"' | '\'' if quote.is_none() => quote = Some(c),
            c if quote == Some(c) => quote = None,
            _ => {}
        }
        if !comment {
            out.push(c);
        }
    }
    out
}

fn push_literal(pieces: &mut Vec<Piece<'_>>, text: Vec<u8>) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Literal(last)) => last.extend(text),
        _ => pieces.push(Piece::Literal(text)),
    }
}

/// The conversion as a byte; `=` without anything else means repr.
fn conversion(field: &InterpolatedElement, plain: bool) -> u32 {
    match field.conversion.to_byte() {
        Some(byte) => byte as u32,
        None if field.debug_text.is_some() && plain => b'r' as u32,
        None => 0,
    }
}
