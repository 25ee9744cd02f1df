//! `'..' % (..)` whose format is so simple that the tree's first pass makes an f-string of it. CPython:
//! `optimize_format` of `Python/ast_preprocess.c`.
//! Invariant: all units are `s`, `r` or `a`, one for each item.

use taipan_syntax::ast::{self, Expr, Operator};

/// A part of such a format.
#[derive(Debug, PartialEq, Eq)]
pub enum FormatPart {
    /// Text between the units, as WTF-8.
    Text(Vec<u8>),
    /// A unit: its conversion and its format specification, which may be empty.
    Unit(u8, String),
}

/// The string and the items of an expression that may be such a format.
pub fn simple_format(node: &ast::ExprBinOp) -> Option<(&ast::ExprStringLiteral, &[Expr])> {
    match (&*node.left, node.op, &*node.right) {
        (Expr::StringLiteral(format), Operator::Mod, Expr::Tuple(items))
            if !items.elts.iter().any(Expr::is_starred_expr) =>
        {
            Some((format, &items.elts))
        }
        _ => None,
    }
}

/// The parts of a format for a number of items, if it is simple enough.
pub fn format_parts(format: &[u8], items: usize) -> Option<Vec<FormatPart>> {
    let mut parts = Vec::new();
    let (mut text, mut units, mut rest) = (Vec::new(), 0, format);
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'%' {
            text.push(byte);
        } else if let Some(behind) = rest.strip_prefix(b"%") {
            text.push(b'%');
            rest = behind;
        } else {
            if !text.is_empty() {
                parts.push(FormatPart::Text(std::mem::take(&mut text)));
            }
            let (unit, behind) = unit(rest)?;
            parts.push(unit);
            (rest, units) = (behind, units + 1);
        }
    }
    if !text.is_empty() {
        parts.push(FormatPart::Text(text));
    }
    (units == items).then_some(parts)
}

/// A unit behind its percent sign, and what follows it.
fn unit(text: &[u8]) -> Option<(FormatPart, &[u8])> {
    let flags = text.iter().take_while(|byte| b"-+ #0".contains(byte)).count();
    let left = text[..flags].contains(&b'-');
    let (width, rest) = number(&text[flags..])?;
    let (precision, rest) = match rest.strip_prefix(b".") {
        Some(rest) => number(rest).map(|(precision, rest)| (Some(precision.unwrap_or(0)), rest))?,
        None => (None, rest),
    };
    let (&conversion, rest) = rest.split_first()?;
    if !b"sra".contains(&conversion) {
        return None;
    }
    let mut spec = String::new();
    if let Some(width) = width {
        spec = format!("{}{width}", if left || width == 0 { "" } else { ">" });
    }
    if let Some(precision) = precision {
        spec += &format!(".{precision}");
    }
    Some((FormatPart::Unit(conversion, spec), rest))
}

/// Up to two digits; None for more.
fn number(text: &[u8]) -> Option<(Option<u32>, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits).filter(|(digits, _)| digits.len() <= 2)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok(), rest))
}

#[cfg(test)]
mod tests {
    use super::{FormatPart, format_parts};

    #[test]
    fn parts() {
        let text = |text: &str| FormatPart::Text(text.as_bytes().to_vec());
        let unit = |conversion, spec: &str| FormatPart::Unit(conversion, spec.to_owned());
        assert_eq!(format_parts(b"a%%%s", 1), Some(vec![text("a%"), unit(b's', "")]));
        assert_eq!(
            format_parts(b"%-5s|%12.3r", 2),
            Some(vec![unit(b's', "5"), text("|"), unit(b'r', ">12.3")])
        );
        assert_eq!(format_parts(b"%.a", 1), Some(vec![unit(b'a', ".0")]));
        assert_eq!(format_parts(b"", 0), Some(vec![]));
        for format in ["%d", "%", "%123s", "%.123s", "%(a)s", "%5", "%s%s"] {
            assert_eq!(format_parts(format.as_bytes(), 1), None, "{format}");
        }
    }
}
