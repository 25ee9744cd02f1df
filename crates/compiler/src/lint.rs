//! `SyntaxWarning`s about code that is surely wrong. CPython: `check_compare`, `check_caller`, `check_subscripter`,
//! `check_index`.
//! Invariant: warnings never change the code.

use taipan_syntax::Ranged;
use taipan_syntax::ast::{self, CmpOp, Expr, Number, Operator};

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

/// Does the tree's first pass make an f-string of it? CPython: `optimize_format` in `ast_preprocess.c`.
fn formats_as_fstring(node: &ast::ExprBinOp) -> bool {
    let (Expr::StringLiteral(format), Operator::Mod, Expr::Tuple(items)) =
        (&*node.left, node.op, &*node.right)
    else {
        return false;
    };
    if items.elts.iter().any(Expr::is_starred_expr) {
        return false;
    }
    let text = format.value.to_str();
    let mut units = 0;
    let mut rest = text.split('%').skip(1);
    while let Some(unit) = rest.next() {
        // An empty part is the first half of `%%`.
        if unit.is_empty() {
            if rest.next().is_none() {
                return false;
            }
            continue;
        }
        if !is_simple_unit(unit) {
            return false;
        }
        units += 1;
    }
    units == items.elts.len()
}

/// Is it `s`, `r` or `a` with flags, and a width and a precision of two digits at most?
fn is_simple_unit(unit: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = unit.trim_start_matches(['-', '+', ' ', '#', '0']);
    for dot in [false, true] {
        if dot {
            match rest.strip_prefix('.') {
                Some(precision) => rest = precision,
                None => break,
            }
        }
        let width = digits(rest);
        if width > 2 {
            return false;
        }
        rest = &rest[width..];
    }
    rest.starts_with(['s', 'r', 'a'])
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
