//! `SyntaxWarning`s about code that is surely wrong. CPython: `check_compare`, `check_caller`, `check_subscripter`,
//! `check_index`.
//! Invariant: warnings never change the code.

use taipan_syntax::Ranged;
use taipan_syntax::ast::{self, CmpOp, Expr, Number};

use crate::compiler::Compiler;
use crate::percent::{format_parts, simple_format};

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
                    // One of a chain is enough.
                    return self.warn(message, node.range);
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
}

/// Is it a literal whose identity says nothing? So is a tuple of literals, unless another tuple is among them.
fn has_no_identity(expr: &Expr) -> bool {
    match expr {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => true,
        Expr::Tuple(node) => node.elts.iter().all(|item| match item {
            Expr::Name(name) => name.id.as_str() == "__debug__",
            item => item.is_literal_expr(),
        }),
        _ => false,
    }
}

/// Does the tree's first pass make an f-string of it?
fn formats_as_fstring(node: &ast::ExprBinOp) -> bool {
    simple_format(node)
        .is_some_and(|(format, items)| format_parts(format.value.to_str().as_bytes(), items.len()).is_some())
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
        Expr::BinOp(node) if formats_as_fstring(node) => "str",
        Expr::Name(node) if node.id.as_str() == "__debug__" => "bool",
        Expr::NumberLiteral(node) => match node.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}
