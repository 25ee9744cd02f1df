//! Expressions as text, for `from __future__ import annotations`. CPython: `Python/ast_unparse.c`.
//! Invariant: the text parses back to the same tree.

use taipan_bytecode::Text;
use taipan_syntax::Source;
use taipan_syntax::ast::{self, BoolOp, Expr, InterpolatedStringElement, Operator, UnaryOp};

/// Precedences, as CPython orders them.
const TEST: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const CMP: u8 = 5;
const BOR: u8 = 6;
const ARITH: u8 = 10;
const TERM: u8 = 11;
const FACTOR: u8 = 12;
const POWER: u8 = 13;
const AWAIT: u8 = 14;
const ATOM: u8 = 15;

pub(crate) fn unparse(source: &Source, expr: &Expr) -> Text {
    let mut writer = Writer { source, out: String::new() };
    writer.expr(expr, TEST);
    Text::from(writer.out)
}

struct Writer<'a> {
    source: &'a Source,
    out: String,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn wrapped(&mut self, wrap: bool, write: impl FnOnce(&mut Self)) {
        if wrap {
            self.text("(");
        }
        write(self);
        if wrap {
            self.text(")");
        }
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.text(", ");
            }
            write(self, item);
        }
    }

    fn expr(&mut self, expr: &Expr, level: u8) {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.expr_inner(expr, level));
    }

    fn expr_inner(&mut self, expr: &Expr, level: u8) {
        match expr {
            Expr::BoolOp(node) => {
                let (own, word) = if node.op == BoolOp::And { (AND, " and ") } else { (OR, " or ") };
                self.wrapped(level > own, |w| {
                    for (at, value) in node.values.iter().enumerate() {
                        if at > 0 {
                            w.text(word);
                        }
                        w.expr(value, own + 1);
                    }
                });
            }
            Expr::Named(node) => self.wrapped(level > 0, |w| {
                w.expr(&node.target, ATOM);
                w.text(" := ");
                w.expr(&node.value, ATOM);
            }),
            Expr::BinOp(node) => self.bin_op(node, level),
            Expr::UnaryOp(node) => {
                let (word, own) = match node.op {
                    UnaryOp::Not => ("not ", NOT),
                    UnaryOp::Invert => ("~", FACTOR),
                    UnaryOp::UAdd => ("+", FACTOR),
                    UnaryOp::USub => ("-", FACTOR),
                };
                self.wrapped(level > own, |w| {
                    w.text(word);
                    w.expr(&node.operand, own);
                });
            }
            Expr::Lambda(node) => self.wrapped(level > TEST, |w| {
                w.text("lambda");
                if let Some(parameters) = node.parameters.as_deref().filter(|p| p.iter().next().is_some()) {
                    w.text(" ");
                    w.parameters(parameters);
                }
                w.text(": ");
                w.expr(&node.body, TEST);
            }),
            Expr::If(node) => self.wrapped(level > TEST, |w| {
                w.expr(&node.body, TEST + 1);
                w.text(" if ");
                w.expr(&node.test, TEST + 1);
                w.text(" else ");
                w.expr(&node.orelse, TEST);
            }),
            Expr::Dict(node) => {
                self.text("{");
                self.list(&node.items, |w, item| match &item.key {
                    Some(key) => {
                        w.expr(key, TEST);
                        w.text(": ");
                        w.expr(&item.value, TEST);
                    }
                    None => {
                        w.text("**");
                        w.expr(&item.value, BOR);
                    }
                });
                self.text("}");
            }
            Expr::Set(node) => self.items("{", &node.elts, "}"),
            Expr::List(node) => self.items("[", &node.elts, "]"),
            Expr::Tuple(node) => self.tuple(node, level),
            Expr::ListComp(node) => self.comprehension("[", &node.elt, &node.generators, "]"),
            Expr::SetComp(node) => self.comprehension("{", &node.elt, &node.generators, "}"),
            Expr::Generator(node) => self.comprehension("(", &node.elt, &node.generators, ")"),
            Expr::DictComp(node) => {
                self.text("{");
                if let Some(key) = &node.key {
                    self.expr(key, TEST);
                    self.text(": ");
                }
                self.expr(&node.value, TEST);
                self.generators(&node.generators);
                self.text("}");
            }
            Expr::Await(node) => self.wrapped(level > AWAIT, |w| {
                w.text("await ");
                w.expr(&node.value, ATOM);
            }),
            Expr::Yield(node) => {
                self.text("(yield");
                if let Some(value) = &node.value {
                    self.text(" ");
                    self.expr(value, 0);
                }
                self.text(")");
            }
            Expr::YieldFrom(node) => {
                self.text("(yield from ");
                self.expr(&node.value, 0);
                self.text(")");
            }
            Expr::Compare(node) => self.wrapped(level > CMP, |w| {
                w.expr(&node.left, CMP + 1);
                for (op, right) in node.ops.iter().zip(&node.comparators) {
                    w.text(" ");
                    w.text(op.as_str());
                    w.text(" ");
                    w.expr(right, CMP + 1);
                }
            }),
            Expr::Call(node) => {
                self.expr(&node.func, ATOM);
                if let ([Expr::Generator(only)], true) =
                    (&*node.arguments.args, node.arguments.keywords.is_empty())
                {
                    return self.comprehension("(", &only.elt, &only.generators, ")");
                }
                self.text("(");
                let args = node.arguments.args.iter().map(Err);
                self.list(args.chain(node.arguments.keywords.iter().map(Ok)), |w, arg| match arg {
                    Err(arg) => w.expr(arg, TEST),
                    Ok(keyword) => {
                        match &keyword.arg {
                            Some(name) => {
                                w.text(name);
                                w.text("=");
                            }
                            None => w.text("**"),
                        }
                        w.expr(&keyword.value, TEST);
                    }
                });
                self.text(")");
            }
            Expr::Attribute(node) => {
                self.expr(&node.value, ATOM);
                // `1.real` would be a float.
                let int = matches!(&*node.value, Expr::NumberLiteral(n) if n.value.is_int());
                self.text(if int { " ." } else { "." });
                self.text(&node.attr);
            }
            Expr::Subscript(node) => {
                self.expr(&node.value, ATOM);
                self.text("[");
                match &*node.slice {
                    Expr::Tuple(tuple) if !tuple.elts.is_empty() => {
                        self.list(&tuple.elts, |w, elt| w.expr(elt, TEST));
                        if tuple.elts.len() == 1 {
                            self.text(",");
                        }
                    }
                    slice => self.expr(slice, 0),
                }
                self.text("]");
            }
            Expr::Starred(node) => {
                self.text("*");
                self.expr(&node.value, BOR);
            }
            Expr::Name(node) => self.text(&node.id),
            Expr::Slice(node) => {
                if let Some(lower) = &node.lower {
                    self.expr(lower, TEST);
                }
                self.text(":");
                if let Some(upper) = &node.upper {
                    self.expr(upper, TEST);
                }
                if let Some(step) = &node.step {
                    self.text(":");
                    self.expr(step, TEST);
                }
            }
            Expr::NoneLiteral(_) => self.text("None"),
            Expr::EllipsisLiteral(_) => self.text("..."),
            Expr::BooleanLiteral(node) => self.text(if node.value { "True" } else { "False" }),
            Expr::NumberLiteral(node) => self.number(node),
            Expr::StringLiteral(node) => {
                if node.value.is_unicode() {
                    self.text("u");
                }
                let text = repr(node.value.to_str());
                self.text(&text);
            }
            Expr::BytesLiteral(node) => {
                let bytes: Vec<u8> = node.value.bytes().collect();
                let text = bytes_repr(&bytes);
                self.text(&text);
            }
            Expr::FString(_) | Expr::TString(_) => self.interpolated(expr),
            Expr::IpyEscapeCommand(_) => {}
        }
    }

    fn bin_op(&mut self, node: &ast::ExprBinOp, level: u8) {
        let (own, right_assoc) = match node.op {
            Operator::BitOr => (BOR, false),
            Operator::BitXor => (BOR + 1, false),
            Operator::BitAnd => (BOR + 2, false),
            Operator::LShift | Operator::RShift => (BOR + 3, false),
            Operator::Add | Operator::Sub => (ARITH, false),
            Operator::Pow => (POWER, true),
            _ => (TERM, false),
        };
        self.wrapped(level > own, |w| {
            w.expr(&node.left, own + right_assoc as u8);
            w.text(" ");
            w.text(node.op.as_str());
            w.text(" ");
            w.expr(&node.right, own + !right_assoc as u8);
        });
    }

    fn items(&mut self, open: &str, elts: &[Expr], close: &str) {
        self.text(open);
        self.list(elts, |w, elt| w.expr(elt, TEST));
        self.text(close);
    }

    fn tuple(&mut self, node: &ast::ExprTuple, level: u8) {
        if node.elts.is_empty() {
            return self.text("()");
        }
        self.wrapped(level > 0, |w| {
            w.list(&node.elts, |w, elt| w.expr(elt, TEST));
            if node.elts.len() == 1 {
                w.text(",");
            }
        });
    }

    fn comprehension(&mut self, open: &str, elt: &Expr, generators: &[ast::Comprehension], close: &str) {
        self.text(open);
        self.expr(elt, TEST);
        self.generators(generators);
        self.text(close);
    }

    fn generators(&mut self, generators: &[ast::Comprehension]) {
        for generator in generators {
            self.text(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, 0);
            self.text(" in ");
            self.expr(&generator.iter, TEST + 1);
            for condition in &generator.ifs {
                self.text(" if ");
                self.expr(condition, TEST + 1);
            }
        }
    }

    fn parameters(&mut self, parameters: &ast::Parameters) {
        let mut first = true;
        let mut comma = |w: &mut Self| {
            if !std::mem::take(&mut first) {
                w.text(", ");
            }
        };
        let one = |w: &mut Self, parameter: &ast::ParameterWithDefault| {
            w.text(&parameter.parameter.name);
            if let Some(default) = &parameter.default {
                w.text("=");
                w.expr(default, TEST);
            }
        };
        for parameter in &parameters.posonlyargs {
            comma(self);
            one(self, parameter);
        }
        if !parameters.posonlyargs.is_empty() {
            comma(self);
            self.text("/");
        }
        for parameter in &parameters.args {
            comma(self);
            one(self, parameter);
        }
        if parameters.vararg.is_some() || !parameters.kwonlyargs.is_empty() {
            comma(self);
            self.text("*");
            if let Some(vararg) = &parameters.vararg {
                self.text(&vararg.name);
            }
        }
        for parameter in &parameters.kwonlyargs {
            comma(self);
            one(self, parameter);
        }
        if let Some(kwarg) = &parameters.kwarg {
            comma(self);
            self.text("**");
            self.text(&kwarg.name);
        }
    }

    fn number(&mut self, node: &ast::ExprNumberLiteral) {
        // CPython prints the value; infinity has no literal but a too large one.
        let text = match &node.value {
            ast::Number::Int(int) => match int.as_u64() {
                Some(value) => value.to_string(),
                None => self.source.slice(node.range).replace('_', ""),
            },
            ast::Number::Float(value) => float(*value),
            ast::Number::Complex { imag, .. } => format!("{}j", float(*imag).trim_end_matches(".0")),
        };
        self.text(&text);
    }

    fn interpolated(&mut self, expr: &Expr) {
        let (prefix, elements): (&str, Vec<Result<&str, &InterpolatedStringElement>>) = match expr {
            Expr::FString(node) => {
                let parts = node.value.iter().flat_map(|part| match part {
                    ast::FStringPart::Literal(literal) => vec![Ok(&*literal.value)],
                    ast::FStringPart::FString(string) => string.elements.iter().map(Err).collect(),
                });
                ("f", parts.collect())
            }
            Expr::TString(node) => ("t", node.value.elements().map(Err).collect()),
            _ => return,
        };
        let mut inner = Writer { source: self.source, out: String::new() };
        for element in elements {
            match element {
                Ok(text) => inner.text(&text.replace('{', "{{").replace('}', "}}")),
                Err(element) => inner.element(element, prefix == "t"),
            }
        }
        self.text(prefix);
        let text = repr(&inner.out);
        self.text(&text);
    }

    /// The fields of a t-string are as they were written.
    fn element(&mut self, element: &InterpolatedStringElement, as_written: bool) {
        let field = match element {
            InterpolatedStringElement::Literal(literal) => {
                return self.text(&literal.value.replace('{', "{{").replace('}', "}}"));
            }
            InterpolatedStringElement::Interpolation(field) => field,
        };
        if let Some(debug) = &field.debug_text {
            self.text(debug.as_str());
        }
        let mut value = Writer { source: self.source, out: String::new() };
        match as_written {
            true => value.text(&crate::fstring::field_text(self.source, field)),
            false => value.expr(&field.expression, TEST + 1),
        }
        self.text(if value.out.starts_with('{') { "{ " } else { "{" });
        self.text(&value.out);
        let conversion = match field.conversion.to_char() {
            None if field.debug_text.is_some() && field.format_spec.is_none() => Some('r'),
            conversion => conversion,
        };
        if let Some(conversion) = conversion {
            self.text("!");
            self.text(conversion.encode_utf8(&mut [0; 4]));
        }
        if let Some(spec) = &field.format_spec {
            self.text(":");
            spec.elements.iter().for_each(|element| self.element(element, false));
        }
        self.text("}");
    }
}

fn float(value: f64) -> String {
    if value.is_infinite() {
        return "1e309".into();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').expect("exponent form");
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', exponent),
        };
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    let text = format!("{value}");
    if text.contains('.') { text } else { text + ".0" }
}

fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if (c as u32) < 0x20 || (0x7f..0xa0).contains(&(c as u32)) || c as u32 == 0xad => {
                out.push_str(&format!("\\x{:02x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if byte == quote as u8 => out.extend(['\\', quote]),
            0x20..0x7f => out.push(byte as char),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}
