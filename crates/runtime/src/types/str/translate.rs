//! `translate` and `maketrans`.
//!
//! CPython: `_PyUnicode_TranslateCharmap`, `unicode_maketrans_impl`. Invariant: a table is asked through
//! `table[ordinal]`; LookupError keeps the character.

use std::collections::HashMap;

use super::raw::Str;
use super::{StrBuilder, expect_str};
use crate::context::Context;
use crate::error::Result;
use crate::exception;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::value::Value;

/// What becomes of a character.
enum Mapped {
    Kept,
    Text(Vec<u32>),
}

fn look_up(cx: &mut Context, table: Value, code: u32) -> Result<Mapped> {
    let key = Value::int(i64::from(code));
    let found = match cx.exact::<Dict>(table) {
        Some(dict) => dict.get(cx, key)?,
        None => match cx.get_item(table, key) {
            Ok(found) => Some(found),
            Err(raised) if cx.error_matches(&raised, exception::lookup_error) => {
                cx.take_exception(raised);
                None
            }
            Err(raised) => return Err(raised),
        },
    };
    let Some(found) = found else { return Ok(Mapped::Kept) };
    if found.is_none() {
        return Ok(Mapped::Text(Vec::new()));
    }
    if let Some(text) = found.downcast::<Str>() {
        return Ok(Mapped::Text(text.chars().collect()));
    }
    if !cx.is_int(found) {
        return Err(cx.type_error("character mapping must return integer, None or str"));
    }
    match cx.int_to_i64(found) {
        Some(code @ 0..=0x10_ffff) => Ok(Mapped::Text(vec![code as u32])),
        _ => Err(cx.value_error("character mapping must be in range(0x110000)")),
    }
}

pub(super) fn translate(cx: &mut Context, s: Gc<Str>, table: Value) -> Result<Gc<Str>> {
    // An exact dict answers the same each time; other tables are asked for every character.
    let remember = cx.is_exact::<Dict>(table);
    let mut known: HashMap<u32, Mapped> = HashMap::new();
    let mut out = StrBuilder::with_capacity(s.len());
    let mut changed = false;
    for (i, code) in s.chars().enumerate() {
        if i % 1000 == 999 {
            cx.poll()?;
        }
        if !remember || !known.contains_key(&code) {
            let mapped = look_up(cx, table, code)?;
            known.insert(code, mapped);
        }
        match known.get(&code) {
            Some(Mapped::Text(codes)) => {
                changed = true;
                codes.iter().for_each(|code| out.push_char(*code));
            }
            _ => out.push_char(code),
        }
    }
    Ok(if changed { out.finish(cx) } else { s.exact(cx) })
}

pub(super) fn make_table(cx: &mut Context, x: Value, y: Option<Value>, z: Option<Value>) -> Result {
    match y {
        Some(y) => pairs_table(cx, x, y, z),
        None => converted_table(cx, x),
    }
}

fn pairs_table(cx: &mut Context, x: Value, y: Value, z: Option<Value>) -> Result {
    let y = expect_str(cx, y, "maketrans() argument 2")?;
    let z = z.map(|z| expect_str(cx, z, "maketrans() argument 3")).transpose()?;
    let Some(x) = x.downcast::<Str>() else {
        return Err(cx.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    if x.len() != y.len() {
        return Err(cx.value_error("the first two maketrans arguments must have equal length"));
    }
    let table = cx.new_dict();
    for (from, to) in x.chars().zip(y.chars()) {
        table.set(cx, Value::int(i64::from(from)), Value::int(i64::from(to)))?;
    }
    for code in z.iter().flat_map(|z| z.chars()) {
        table.set(cx, Value::int(i64::from(code)), Value::NONE)?;
    }
    Ok(table.value())
}

/// A table from a dict whose keys are ordinals or characters.
fn converted_table(cx: &mut Context, x: Value) -> Result {
    let Some(dict) = cx.exact::<Dict>(x) else {
        return Err(cx.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let table = cx.new_dict();
    let mut at = 0;
    while let Some((next, key, value)) = dict.next_entry(at) {
        at = next;
        let key = if let Some(text) = key.downcast::<Str>() {
            if text.len() != 1 {
                return Err(cx.value_error("string keys in translatetable must be of length 1"));
            }
            Value::int(i64::from(text.char_at(0)))
        } else if cx.is_int(key) {
            key
        } else {
            return Err(cx.type_error("keys in translate table mustbe strings or integers"));
        };
        table.set(cx, key, value)?;
    }
    Ok(table.value())
}
