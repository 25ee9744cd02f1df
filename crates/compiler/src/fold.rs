//! Constants: literals and what can be computed from them. CPython: `Python/flowgraph.c` (constant folding).
//! Invariant: folding never changes what a program does: an operation that would raise, or whose result would be large,
//! stays in the code.

use taipan_bytecode::{Const, Text};
use taipan_syntax::ast::{self, Expr, FStringPart, Number, Operator, UnaryOp};
use taipan_syntax::{Ranged, Source, SyntaxError, TextRange, bytes_literal, fstring_literal, string_literal};

use crate::compiler::{Compiler, Result};
use crate::integer;

/// Longest string and tuple that folding makes.
const MAX_STRING: usize = 4096;
const MAX_TUPLE: usize = 256;

impl<'a> Compiler<'a> {
    /// The value of an expression that is constant.
    pub(crate) fn constant(&mut self, expr: &'a Expr) -> Option<Const> {
        match expr {
            Expr::NoneLiteral(_) => Some(Const::None),
            Expr::EllipsisLiteral(_) => Some(Const::Ellipsis),
            Expr::BooleanLiteral(node) => Some(Const::Bool(node.value)),
            Expr::NumberLiteral(node) if self.constants.contains_key(&node.range.start()) => {
                self.constants.get(&node.range.start()).cloned()
            }
            Expr::NumberLiteral(node) => number_literal(&node.value, self.source.slice(node.range)),
            Expr::StringLiteral(node) => {
                let mut text = Vec::new();
                for literal in node.value.iter() {
                    string_literal(self.source, literal, &mut text);
                }
                Some(Const::Str(Text::from_wtf8(text)))
            }
            Expr::BytesLiteral(node) => {
                let mut bytes = Vec::new();
                for literal in node.value.iter() {
                    bytes_literal(&literal.value, &mut bytes);
                }
                Some(Const::Bytes(bytes.into()))
            }
            Expr::FString(node) => self.constant_fstring(node),
            Expr::Name(node) if node.id.as_str() == "__debug__" => Some(Const::Bool(self.optimize == 0)),
            Expr::UnaryOp(_) | Expr::BinOp(_) | Expr::Tuple(_) => self.constant_compound(expr),
            _ => None,
        }
    }

    /// Remembers failures, so that a deep tree is not searched again from each of its levels.
    fn constant_compound(&mut self, expr: &'a Expr) -> Option<Const> {
        let key = std::ptr::from_ref(expr).addr();
        if self.not_constant.contains(&key) {
            return None;
        }
        let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || match expr {
            Expr::UnaryOp(node) => {
                let operand = self.constant(&node.operand)?;
                unary(node.op, operand)
            }
            Expr::BinOp(node) => {
                // The right side first: in a long chain it decides at once.
                let right = self.constant(&node.right)?;
                let left = self.constant(&node.left)?;
                binary(node.op, left, right)
            }
            Expr::Tuple(node) => self.constant_items(&node.elts).map(Const::Tuple),
            _ => None,
        });
        if value.is_none() {
            self.not_constant.insert(key);
        }
        value
    }

    /// The values of expressions all of which are constant.
    pub(crate) fn constant_items(&mut self, elts: &'a [Expr]) -> Option<Box<[Const]>> {
        elts.iter().map(|elt| self.constant(elt)).collect()
    }

    /// A list, set or tuple display of constants, as what only iterates over it or searches it may see it.
    pub(crate) fn constant_display(&mut self, expr: &'a Expr) -> Option<Const> {
        match expr {
            Expr::List(node) => self.constant_items(&node.elts).map(Const::Tuple),
            Expr::Set(node) => self.constant_items(&node.elts).map(Const::FrozenSet),
            Expr::Tuple(_) => self.constant(expr),
            _ => None,
        }
    }

    fn constant_fstring(&mut self, node: &'a ast::ExprFString) -> Option<Const> {
        let mut text = Vec::new();
        for part in node.value.iter() {
            match part {
                FStringPart::Literal(literal) => string_literal(self.source, literal, &mut text),
                FStringPart::FString(string) => {
                    for element in &string.elements {
                        let literal = element.as_literal()?;
                        let raw = string.flags.prefix().is_raw();
                        fstring_literal(self.source, literal.range, raw, &literal.value, &mut text);
                    }
                }
            }
        }
        Some(Const::Str(Text::from_wtf8(text)))
    }

    /// A literal that has no value is a number with too many digits.
    pub(crate) fn literal_too_large<T>(&mut self, expr: &'a Expr) -> Result<T> {
        Err(too_many_digits(self.source, expr.range()))
    }
}

/// The refusal of a number with too many digits.
pub fn too_many_digits(source: &Source, range: TextRange) -> SyntaxError {
    let digits = source.slice(range).bytes().filter(u8::is_ascii_digit).count();
    let limit = integer::digit_limit();
    let message = format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use \
         sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid \
         decimal conversion limits."
    );
    // The place is the line alone.
    let mut error = SyntaxError::at_range(source, message, range);
    (error.column, error.end_column) = (0, 0);
    error
}

/// The value of a number; None if it has too many digits.
pub fn number_literal(value: &Number, text: &str) -> Option<Const> {
    match value {
        Number::Int(int) => match int.as_u64() {
            Some(small) => Some(integer::from_u64(small)),
            None => integer::parse(text),
        },
        Number::Float(float) => Some(Const::Float(float.to_bits())),
        Number::Complex { real, imag } => Some(Const::Complex(real.to_bits(), imag.to_bits())),
    }
}

/// The value of a number with a sign, or of a sum or difference of two.
pub fn fold_number(source: &Source, expr: &Expr) -> Option<Const> {
    match expr {
        Expr::NumberLiteral(node) => number_literal(&node.value, source.slice(node.range)),
        Expr::UnaryOp(node) => unary(node.op, fold_number(source, &node.operand)?),
        Expr::BinOp(node) => {
            binary(node.op, fold_number(source, &node.left)?, fold_number(source, &node.right)?)
        }
        _ => None,
    }
}

fn unary(op: UnaryOp, operand: Const) -> Option<Const> {
    match (op, operand) {
        (UnaryOp::Not, operand) => Some(Const::Bool(!operand.truth())),
        (
            UnaryOp::UAdd,
            operand @ (Const::Int(_) | Const::BigInt { .. } | Const::Float(_) | Const::Complex(..)),
        ) => Some(operand),
        (UnaryOp::USub, Const::Float(bits)) => Some(Const::Float((-f64::from_bits(bits)).to_bits())),
        (UnaryOp::USub, Const::Complex(re, im)) => {
            Some(Const::Complex((-f64::from_bits(re)).to_bits(), (-f64::from_bits(im)).to_bits()))
        }
        (UnaryOp::USub, Const::BigInt { negative, limbs }) => Some(integer::normalised(!negative, limbs)),
        (UnaryOp::USub, Const::Int(value)) => Some(integer::from_i128(-(value as i128))),
        (UnaryOp::Invert, Const::Int(value)) => Some(Const::Int(!value)),
        _ => None,
    }
}

fn binary(op: Operator, left: Const, right: Const) -> Option<Const> {
    if let (Some(a), Some(b)) = (integer::to_i128(&left), integer::to_i128(&right)) {
        return int_binary(op, a, b);
    }
    match (left, right) {
        (Const::Str(a), Const::Str(b)) if op == Operator::Add => {
            let joined = [a.as_bytes(), b.as_bytes()].concat();
            (joined.len() <= MAX_STRING).then(|| Const::Str(Text::from_wtf8(joined)))
        }
        (Const::Bytes(a), Const::Bytes(b)) if op == Operator::Add => {
            let joined = [a, b].concat();
            (joined.len() <= MAX_STRING).then(|| Const::Bytes(joined.into()))
        }
        (Const::Tuple(a), Const::Tuple(b)) if op == Operator::Add => {
            (a.len() + b.len() <= MAX_TUPLE).then(|| Const::Tuple(a.into_iter().chain(b).collect()))
        }
        (sequence @ (Const::Str(_) | Const::Bytes(_) | Const::Tuple(_)), Const::Int(count))
        | (Const::Int(count), sequence @ (Const::Str(_) | Const::Bytes(_) | Const::Tuple(_)))
            if op == Operator::Mult =>
        {
            repeat(sequence, count)
        }
        (a, b) => float_binary(op, a, b),
    }
}

fn repeat(sequence: Const, count: i64) -> Option<Const> {
    let count = usize::try_from(count.max(0)).ok()?;
    let fits = |len: usize, max: usize| len.checked_mul(count).is_some_and(|total| total <= max);
    match sequence {
        Const::Str(text) if fits(text.as_bytes().len(), MAX_STRING) => {
            Some(Const::Str(Text::from_wtf8(text.as_bytes().repeat(count))))
        }
        Const::Bytes(bytes) if fits(bytes.len(), MAX_STRING) => {
            Some(Const::Bytes(bytes.repeat(count).into()))
        }
        Const::Tuple(items) if fits(items.len(), MAX_TUPLE) => {
            let all = std::iter::repeat_n(items, count).flatten();
            Some(Const::Tuple(all.collect()))
        }
        _ => None,
    }
}

fn int_binary(op: Operator, a: i128, b: i128) -> Option<Const> {
    let value = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::FloorDiv if b != 0 => floor_div(a, b)?,
        Operator::Mod if b != 0 => a.checked_sub(floor_div(a, b)?.checked_mul(b)?)?,
        Operator::Pow if b >= 0 => a.checked_pow(u32::try_from(b).ok()?)?,
        Operator::LShift => {
            let shift = u32::try_from(b).ok().filter(|&shift| shift < 127)?;
            a.checked_mul(1i128.checked_shl(shift)?)?
        }
        Operator::RShift if b >= 0 => a >> b.min(127),
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::BitAnd => a & b,
        // Correctly rounded as long as both are exact.
        Operator::Div if b != 0 && a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 => {
            return Some(Const::Float((a as f64 / b as f64).to_bits()));
        }
        _ => return None,
    };
    Some(integer::from_i128(value))
}

fn floor_div(a: i128, b: i128) -> Option<i128> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

fn float_binary(op: Operator, left: Const, right: Const) -> Option<Const> {
    use Const::{Complex, Float};
    let real = |value: &Const| match value {
        Float(bits) => Some(f64::from_bits(*bits)),
        Const::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(*value as f64),
        _ => None,
    };
    match (&left, &right) {
        // A real operand keeps out of the imaginary part, whose sign may be that of a zero.
        (Complex(re, im), other) if real(other).is_some() => {
            let (re, b) = (f64::from_bits(*re), real(other)?);
            match op {
                Operator::Add => Some(Complex((re + b).to_bits(), *im)),
                Operator::Sub => Some(Complex((re - b).to_bits(), *im)),
                _ => None,
            }
        }
        (other, Complex(re, im)) if real(other).is_some() => {
            let (a, re) = (real(other)?, f64::from_bits(*re));
            match op {
                Operator::Add => Some(Complex((a + re).to_bits(), *im)),
                Operator::Sub => Some(Complex((a - re).to_bits(), (-f64::from_bits(*im)).to_bits())),
                _ => None,
            }
        }
        _ => {
            let (a, b) = (real(&left)?, real(&right)?);
            let value = match op {
                Operator::Add => a + b,
                Operator::Sub => a - b,
                Operator::Mult => a * b,
                Operator::Div if b != 0.0 => a / b,
                _ => return None,
            };
            Some(Float(value.to_bits()))
        }
    }
}
