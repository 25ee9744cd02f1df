//! The `charmap` codec: one byte per character, through a table or any mapping.
//!
//! CPython: `PyUnicode_DecodeCharmap`, `_PyUnicode_EncodeCharmap`. Invariant: mappings, which may run Python,
//! are consulted in `prepare`, each key once and in the order of the input; the loops only read results.

use std::collections::HashMap;

use taipan_macros::{Trace, class};

use super::decode::{DecodeProblem, Decoder, Step};
use super::encode::{EncodeProblem, Encoder};
use crate::context::Context;
use crate::error::Result;
use crate::exception;
use crate::object::Gc;
use crate::text::unit::Unit;
use crate::types::bytes::Bytes;
use crate::types::str::{Str, StrBuilder, Units, each_width};
use crate::value::Value;

const UNDEFINED: &str = "character maps to <undefined>";
/// Marks an unmapped byte in a decoding table.
const UNMAPPED: u32 = 0xfffe;

/// Decodes through the characters of a string.
pub struct TableDecoder {
    pub table: Gc<Str>,
}

impl Decoder for TableDecoder {
    fn name(&self) -> &str {
        "charmap"
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        _is_final: bool,
    ) -> Step<DecodeProblem> {
        let table = self.table.units();
        for (i, byte) in input.iter().enumerate().skip(*at) {
            let index = *byte as usize;
            let code = if index < table.len() { table.at(index) } else { UNMAPPED };
            if code == UNMAPPED {
                *at = i;
                return Err(DecodeProblem::new(i..i + 1, UNDEFINED));
            }
            out.push_char(code);
        }
        *at = input.len();
        Ok(())
    }
}

/// What a mapping gives for a byte.
enum Decoded {
    Undefined,
    Text(Vec<u32>),
}

/// Decodes through a mapping from byte numbers to characters, their numbers or None.
pub struct MappingDecoder {
    mapping: Value,
    known: HashMap<u8, Decoded>,
}

impl MappingDecoder {
    pub fn new(mapping: Value) -> MappingDecoder {
        MappingDecoder { mapping, known: HashMap::new() }
    }
}

/// `mapping[key]`, or `None` where it raises LookupError or gives None.
fn look_up(cx: &mut Context, mapping: Value, key: i64) -> Result<Option<Value>> {
    match cx.get_item(mapping, Value::int(key)) {
        Ok(found) => Ok(found.not_none()),
        Err(raised) if cx.error_matches(&raised, exception::lookup_error) => {
            cx.take_exception(raised);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn look_up_byte(cx: &mut Context, mapping: Value, byte: u8) -> Result<Decoded> {
    let Some(found) = look_up(cx, mapping, i64::from(byte))? else { return Ok(Decoded::Undefined) };
    if let Some(text) = found.downcast::<Str>() {
        let codes: Vec<u32> = text.chars().collect();
        return Ok(if codes == [UNMAPPED] { Decoded::Undefined } else { Decoded::Text(codes) });
    }
    if !cx.is_int(found) {
        return Err(cx.type_error("character mapping must return integer, None or str"));
    }
    match cx.int_to_i64(found) {
        Some(code) if code == i64::from(UNMAPPED) => Ok(Decoded::Undefined),
        Some(code @ 0..=0x10_ffff) => Ok(Decoded::Text(vec![code as u32])),
        _ => Err(cx.type_error("character mapping must be in range(0x110000)")),
    }
}

impl Decoder for MappingDecoder {
    fn name(&self) -> &str {
        "charmap"
    }

    fn prepare(&mut self, cx: &mut Context, input: &[u8], at: usize) -> Result<()> {
        for byte in &input[at..] {
            if !self.known.contains_key(byte) {
                let decoded = look_up_byte(cx, self.mapping, *byte)?;
                self.known.insert(*byte, decoded);
            }
            if matches!(self.known.get(byte), Some(Decoded::Undefined)) {
                break;
            }
        }
        Ok(())
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        out: &mut StrBuilder,
        _is_final: bool,
    ) -> Step<DecodeProblem> {
        for (i, byte) in input.iter().enumerate().skip(*at) {
            match self.known.get(byte) {
                Some(Decoded::Text(codes)) => codes.iter().for_each(|code| out.push_char(*code)),
                _ => {
                    *at = i;
                    return Err(DecodeProblem::new(i..i + 1, UNDEFINED));
                }
            }
        }
        *at = input.len();
        Ok(())
    }
}

/// The inverse of a decoding table, made by `charmap_build`.
#[derive(Trace)]
pub struct EncodingMap {
    /// Code points with their bytes, sorted. U+0000 is byte 0.
    pairs: Box<[(u32, u8)]>,
}

#[class(name = "EncodingMap", module = "builtins")]
impl EncodingMap {
    /// Return the size (in bytes) of this object.
    #[function("()")]
    fn size(&self) -> usize {
        size_of::<EncodingMap>() + std::mem::size_of_val(&*self.pairs)
    }
}

impl EncodingMap {
    /// The inverse of `table`; `None` when it needs a dict (NUL is not byte 0, or a character is not in the BMP).
    pub fn inverse(table: &Str) -> Option<EncodingMap> {
        let mut inverse: HashMap<u32, u8> = HashMap::new();
        for (byte, code) in table.chars().take(256).enumerate() {
            if (byte == 0) != (code == 0) || code > 0xffff {
                return None;
            }
            if code != UNMAPPED {
                inverse.insert(code, byte as u8);
            }
        }
        let mut pairs: Vec<(u32, u8)> = inverse.into_iter().collect();
        pairs.sort_unstable();
        Some(EncodingMap { pairs: pairs.into() })
    }

    fn byte_of(&self, code: u32) -> Option<u8> {
        self.pairs.binary_search_by_key(&code, |pair| pair.0).ok().map(|i| self.pairs[i].1)
    }
}

/// `codecs.charmap_build`.
pub fn build(cx: &mut Context, table: Gc<Str>) -> Result {
    if let Some(map) = EncodingMap::inverse(&table) {
        return Ok(cx.new_object(map).value());
    }
    let dict = cx.new_dict();
    for (byte, code) in table.chars().take(256).enumerate() {
        dict.set(cx, Value::int(i64::from(code)), Value::int(byte as i64))?;
    }
    Ok(dict.value())
}

/// Encodes through an `EncodingMap` or any mapping from code points to bytes.
pub struct CharmapEncoder {
    mapping: Value,
    /// What a mapping gave: bytes, or `None` where the character is undefined.
    known: HashMap<u32, Option<Vec<u8>>>,
}

impl CharmapEncoder {
    pub fn new(mapping: Value) -> CharmapEncoder {
        CharmapEncoder { mapping, known: HashMap::new() }
    }

    fn look_up(&mut self, cx: &mut Context, code: u32) -> Result<Option<Vec<u8>>> {
        if let Some(map) = self.mapping.downcast::<EncodingMap>() {
            return Ok(map.byte_of(code).map(|byte| vec![byte]));
        }
        let Some(found) = look_up(cx, self.mapping, i64::from(code))? else { return Ok(None) };
        if let Some(bytes) = found.downcast::<Bytes>() {
            return Ok(Some(bytes.as_slice().to_vec()));
        }
        if !cx.is_int(found) {
            let name = cx.type_name(found);
            return Err(
                cx.type_error(format!("character mapping must return integer, bytes or None, not {name}"))
            );
        }
        match cx.int_to_i64(found).map(u8::try_from) {
            Some(Ok(byte)) => Ok(Some(vec![byte])),
            _ => Err(cx.type_error("character mapping must be in range(256)")),
        }
    }
}

impl Encoder for CharmapEncoder {
    fn name(&self) -> &str {
        "charmap"
    }

    fn prepare(&mut self, cx: &mut Context, text: Units<'_>, at: usize) -> Result<()> {
        let mut in_problem = false;
        for code in text.slice(at..text.len()).codes() {
            if !self.known.contains_key(&code) {
                let found = self.look_up(cx, code)?;
                self.known.insert(code, found);
            }
            match self.known.get(&code) {
                Some(Some(_)) if in_problem => break,
                Some(Some(_)) => {}
                _ => in_problem = true,
            }
        }
        Ok(())
    }

    fn run(&mut self, text: Units<'_>, at: &mut usize, out: &mut Vec<u8>) -> Step<EncodeProblem> {
        let known = |code: u32| self.known.get(&code).and_then(Option::as_ref);
        each_width!(text, units => {
            for (i, unit) in units.iter().enumerate().skip(*at) {
                match known(unit.code()) {
                    Some(bytes) => out.extend_from_slice(bytes),
                    None => {
                        *at = i;
                        let run = units[i..].iter().take_while(|u| known(u.code()).is_none()).count();
                        return Err(EncodeProblem { range: i..i + run, reason: UNDEFINED });
                    }
                }
            }
            *at = units.len();
        });
        Ok(())
    }
}
