//! `SyntaxWarning`s about code that is surely wrong. CPython: `check_compare`, `check_caller`, `check_subscripter`,
//! `check_index`, `warn_invalid_escape_sequence`.
//! Invariant: warnings never change the code.

use taipan_syntax::ast::{self, CmpOp, Expr, Number};
use taipan_syntax::{Ranged, TextRange, TextSize, invalid_escapes};

use crate::compiler::Compiler;

impl<'a> Compiler<'a> {
    pub(crate) fn check_compare(&mut self, node: &'a ast::ExprCompare) {
        let mut left = &*node.left;
        for (op, right) in node.ops.iter().zip(&node.comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) {
                let odd = if has_no_identity(left) {
                    Some(left)
                } else {
                    Some(right).filter(|e| has_no_identity(e))
                };
                if let Some(kind) = odd.and_then(type_name) {
                    let message = match op {
                        CmpOp::Is => format!("\"is\" with '{kind}' literal. Did you mean \"==\"?"),
                        _ => format!("\"is not\" with '{kind}' literal. Did you mean \"!=\"?"),
                    };
                    self.warn(message, node.range);
                }
            }
            left = right;
        }
    }

    pub(crate) fn check_caller(&mut self, func: &'a Expr) {
        let suspicious = !matches!(func, Expr::Lambda(_));
        if let Some(kind) = type_name(func).filter(|_| suspicious) {
            self.warn(format!("'{kind}' object is not callable; perhaps you missed a comma?"), func.range());
        }
    }

    pub(crate) fn check_subscript(&mut self, node: &'a ast::ExprSubscript) {
        let Some(kind) = type_name(&node.value) else { return };
        let range = node.value.range();
        match kind {
            "NoneType"
            | "ellipsis"
            | "int"
            | "float"
            | "complex"
            | "bool"
            | "set"
            | "generator"
            | "function"
            | "string.templatelib.Template" => {
                self.warn(
                    format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"),
                    range,
                );
            }
            "str" | "bytes" | "tuple" | "list" => {
                let index = type_name(&node.slice);
                if let Some(index) = index.filter(|&index| index != "int" && index != "bool") {
                    let message = format!(
                        "{kind} indices must be integers or slices, not {index}; perhaps you missed a comma?"
                    );
                    self.warn(message, range);
                }
            }
            _ => {}
        }
    }

    /// `content` may include the quotes: no escape begins with one.
    pub(crate) fn check_escapes(&mut self, content: TextRange, bytes: bool) {
        if !self.source.slice(content).contains('\\') {
            return;
        }
        // One of a literal is enough.
        if let Some((offset, escape)) = invalid_escapes(self.source, content, bytes).into_iter().next() {
            let octal = escape[1..].starts_with(|c: char| c.is_ascii_digit());
            let what = if octal { "an invalid octal escape sequence" } else { "an invalid escape sequence" };
            let told = |future: &str| {
                format!(
                    "\"{escape}\" is {what}.{future} Did you mean \"\\{escape}\"? A raw string is also an option."
                )
            };
            let end = offset + TextSize::new(escape.len() as u32);
            let warning = told(" Such sequences will not work in the future.");
            self.warn_or_refuse(warning, told(""), TextRange::new(offset, end));
        }
    }
}

/// Is it a literal whose identity says nothing?
fn has_no_identity(expr: &Expr) -> bool {
    matches!(expr, Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_))
}

/// The type that the expression surely has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::FString(_) | Expr::StringLiteral(_) => "str",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NumberLiteral(node) => match node.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}
