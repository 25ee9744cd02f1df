//! `center`, `ljust`, `rjust`, `zfill` and `expandtabs`.
//!
//! CPython: `pad` in `Objects/unicodeobject.c`. Invariant: nothing is padded to a length that memory cannot
//! hold without an exception.

use super::StrBuilder;
use super::raw::Str;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::value::Value;

/// The one character of a fill argument.
pub(super) fn fill_char(cx: &Context, fill: Value) -> Result<u32> {
    match fill.downcast::<Str>() {
        Some(fill) if fill.len() == 1 => Ok(fill.char_at(0)),
        Some(_) => Err(cx.type_error("The fill character must be exactly one character long")),
        None => Err(cx.type_error(format!(
            "The fill character must be a unicode character, not {}",
            cx.argument_type_name(fill)
        ))),
    }
}

/// `fill` × left, the string, `fill` × right.
pub(super) fn pad(cx: &Context, s: Gc<Str>, left: usize, right: usize, fill: u32) -> Result<Gc<Str>> {
    if left == 0 && right == 0 {
        return Ok(s.exact(cx));
    }
    let len = left.checked_add(right).and_then(|l| l.checked_add(s.len())).filter(|l| *l <= super::MAX_LEN);
    let Some(len) = len else {
        return Err(cx.overflow_error("padded string is too long"));
    };
    let width = s.width().max(if fill > 0xffff { 4 } else { 1 + usize::from(fill > 0xff) });
    super::sequence::check_memory(cx, len, width)?;
    let mut result = StrBuilder::with_capacity(if width == 1 { len } else { 0 });
    result.push_repeated(fill, left);
    result.push(s);
    result.push_repeated(fill, right);
    Ok(result.finish(cx))
}

/// How much `center` puts left and right of `len` units.
pub(crate) fn center_margins(len: usize, width: usize) -> (usize, usize) {
    let margin = width.saturating_sub(len);
    let left = margin / 2 + (margin & width & 1);
    (left, margin - left)
}

pub(super) fn zero_fill(cx: &Context, s: Gc<Str>, width: isize) -> Result<Gc<Str>> {
    let fill = usize::try_from(width).unwrap_or(0).saturating_sub(s.len());
    if fill == 0 {
        return Ok(s.exact(cx));
    }
    let sign = s.chars().next().filter(|c| *c == u32::from(b'+') || *c == u32::from(b'-'));
    let Some(sign) = sign else { return pad(cx, s, fill, 0, u32::from(b'0')) };
    super::sequence::check_memory(cx, fill.saturating_add(s.len()), s.width())?;
    let mut result = StrBuilder::new();
    result.push_char(sign);
    result.push_repeated(u32::from(b'0'), fill);
    result.push_units(s.units().slice(1..s.len()));
    Ok(result.finish(cx))
}

pub(super) fn expand_tabs(cx: &Context, s: Gc<Str>, tab_size: i32) -> Result<Gc<Str>> {
    let tab_size = usize::try_from(tab_size).unwrap_or(0);
    let tabs = s.chars().filter(|c| *c == 9).count();
    if tabs == 0 {
        return Ok(s.exact(cx));
    }
    let Some(most) =
        tabs.checked_mul(tab_size).and_then(|l| l.checked_add(s.len())).filter(|l| *l <= super::MAX_LEN)
    else {
        return Err(cx.overflow_error("new string is too long"));
    };
    super::sequence::check_memory(cx, most, s.width())?;
    let mut result = StrBuilder::with_capacity(s.len());
    let mut column = 0;
    for code in s.chars() {
        match code {
            9 if tab_size > 0 => {
                let fill = tab_size - column % tab_size;
                result.push_repeated(u32::from(b' '), fill);
                column += fill;
            }
            9 => {}
            _ => {
                result.push_char(code);
                column = if code == 10 || code == 13 { 0 } else { column + 1 };
            }
        }
    }
    Ok(result.finish(cx))
}
