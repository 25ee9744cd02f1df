//! Constants. CPython: `validate_constant`.
//! Invariant: what has no literal of its own is a number in the tree, and its value stands in the table of constants.

use taipan_bytecode::Const;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::complex::Complex;
use taipan_runtime::types::float::Float;
use taipan_runtime::types::int::Int;
use taipan_runtime::types::set::FrozenSet;
use taipan_syntax::TextRange;
use taipan_syntax::ast::{self, Expr};

use super::expr::Open;
use super::{NO_INDEX, Reader};

impl Reader {
    pub(super) fn constant(&mut self, cx: &mut Context, open: Open<'_>) -> Result<Expr> {
        let Open { node, class, place, start } = open;
        let Some(value) = cx.lookup_attr_str(node, "value")? else {
            return Err(cx.type_error(format!("required field \"value\" missing from {class}")));
        };
        let kind = self.optional(cx, node, "kind")?;
        if kind.is_some_and(|kind| !(cx.is_exact_str(kind) || cx.exact::<Bytes>(kind).is_some())) {
            return Err(cx.type_error("AST string must be of type str"));
        }
        check_constant(cx, value)?;
        let constant = crate::constant::from_value(cx, value)?;
        let (node_index, range) = (NO_INDEX, TextRange::new(start, start));
        let whole = |this: &mut Self| TextRange::new(start, this.close(start, place).end());
        Ok(match constant {
            Const::None => Expr::NoneLiteral(ast::ExprNoneLiteral { node_index, range: whole(self) }),
            Const::Ellipsis => {
                Expr::EllipsisLiteral(ast::ExprEllipsisLiteral { node_index, range: whole(self) })
            }
            Const::Bool(value) => {
                Expr::BooleanLiteral(ast::ExprBooleanLiteral { node_index, range: whole(self), value })
            }
            Const::Str(text) => {
                let prefix = if kind.is_some() { "u" } else { "" };
                let mut literal = self.string_literal(prefix, &text, place.start);
                if kind.is_some() {
                    literal.flags = literal.flags.with_prefix(ast::str_prefix::StringLiteralPrefix::Unicode);
                }
                let value = ast::StringLiteralValue::single(literal);
                let range = whole(self);
                Expr::StringLiteral(ast::ExprStringLiteral { node_index, range, value })
            }
            Const::Bytes(bytes) => {
                let flags = ast::BytesLiteralFlags::empty();
                let literal = ast::BytesLiteral { node_index: NO_INDEX, range, value: bytes, flags };
                let value = ast::BytesLiteralValue::single(literal);
                let range = whole(self);
                Expr::BytesLiteral(ast::ExprBytesLiteral { node_index, range, value })
            }
            Const::Float(bits) if !f64::from_bits(bits).is_sign_negative() => {
                let value = ast::Number::Float(f64::from_bits(bits));
                Expr::NumberLiteral(ast::ExprNumberLiteral { node_index, range: whole(self), value })
            }
            Const::Int(small) if small >= 0 => {
                let value = ast::Number::Int((small as u64).into());
                Expr::NumberLiteral(ast::ExprNumberLiteral { node_index, range: whole(self), value })
            }
            constant => {
                self.constants.insert(start, constant);
                let value = ast::Number::Int(0u8.into());
                Expr::NumberLiteral(ast::ExprNumberLiteral { node_index, range: whole(self), value })
            }
        })
    }

    /// A literal for a text; one with lone surrogates is written with escapes.
    pub(super) fn string_literal(
        &mut self,
        prefix: &str,
        text: &taipan_bytecode::Text,
        position: taipan_syntax::Position,
    ) -> ast::StringLiteral {
        let (value, written) = spelled(text);
        let written = format!("{prefix}'{written}'");
        let start = self.words(&written, position);
        let range = TextRange::at(start, taipan_syntax::TextSize::of(&*written));
        let flags = ast::StringLiteralFlags::empty();
        ast::StringLiteral { node_index: NO_INDEX, range, value: value.into(), flags }
    }
}

/// The parser's value of a text, and how it is written if that value is not all.
pub(super) fn spelled(text: &taipan_bytecode::Text) -> (String, String) {
    if let Some(plain) = text.as_str() {
        return (plain.to_owned(), String::new());
    }
    let value = text.code_points().map(|point| char::from_u32(point).unwrap_or('\u{fffd}')).collect();
    let written = text.code_points().map(|point| format!("\\U{point:08x}")).collect();
    (value, written)
}

/// Only what literals and their folding make can be a constant.
fn check_constant(cx: &mut Context, value: Value) -> Result<()> {
    if let Some(tuple) = cx.exact::<Tuple>(value) {
        return tuple.items().iter().try_for_each(|item| check_constant(cx, *item));
    }
    if let Some(set) = cx.exact::<FrozenSet>(value) {
        let items = cx.collect(set.value())?;
        return items.iter().try_for_each(|item| check_constant(cx, *item));
    }
    let plain = matches!(value, Value::NONE | Value::TRUE | Value::FALSE | Value::ELLIPSIS)
        || cx.is_exact_str(value)
        || cx.is_exact::<Int>(value)
        || cx.is_exact::<Float>(value)
        || cx.exact::<Complex>(value).is_some()
        || cx.exact::<Bytes>(value).is_some();
    if plain {
        return Ok(());
    }
    let name = cx.type_name(value);
    Err(cx.type_error(format!("got an invalid type in Constant: {name}")))
}
