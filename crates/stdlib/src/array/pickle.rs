//! `_array_reconstructor`: arrays from pickles of any machine. CPython: `array__array_reconstructor_impl`.
//!
//! Invariant: a machine format names size, kind and byte order of the items independently of any type code.

use taipan_runtime::codecs;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::int;

use super::item::{TYPE_CODES, TypeCode};
use super::{Array, create, type_code};

/// What the items of a machine format are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsigned,
    Signed,
    Float,
    Utf16,
    Utf32,
}

/// Kinds and sizes of the machine formats in CPython's order; from the third on, each little endian first, then big.
fn format_of(code: i32) -> Option<(Kind, usize, bool)> {
    const PAIRS: [(Kind, usize); 10] = [
        (Kind::Unsigned, 2),
        (Kind::Signed, 2),
        (Kind::Unsigned, 4),
        (Kind::Signed, 4),
        (Kind::Unsigned, 8),
        (Kind::Signed, 8),
        (Kind::Float, 4),
        (Kind::Float, 8),
        (Kind::Utf16, 4),
        (Kind::Utf32, 8),
    ];
    match code {
        0 => Some((Kind::Unsigned, 1, false)),
        1 => Some((Kind::Signed, 1, false)),
        _ => {
            let code = usize::try_from(code).ok()?.checked_sub(2)?;
            let (kind, size) = *PAIRS.get(code / 2)?;
            Some((kind, size, code % 2 == 1))
        }
    }
}

/// The machine format of a type code on this machine.
pub(super) fn format_code(code: TypeCode) -> i32 {
    let big = i32::from(cfg!(target_endian = "big"));
    match (code.letter(), code.size()) {
        ('u' | 'w', _) => 20 + big,
        ('f', _) => 14 + big,
        ('d', _) => 16 + big,
        (_, 1) => i32::from(code.is_signed()),
        (_, size) => {
            let base = size.trailing_zeros() as i32 * 4 - 2;
            base + 2 * i32::from(code.is_signed()) + big
        }
    }
}

/// An array of `class` from the items of a pickle.
pub(super) fn reconstruct(
    cx: &mut Context,
    class: Value,
    typecode: Value,
    format: Value,
    items: Value,
) -> Result {
    let typecode = type_code(cx, typecode, "_array_reconstructor(): argument 2")?;
    let format = i32::from_arg(cx, format, "mformat_code")?;
    let Some(class) = class.downcast::<Class>() else {
        let found = cx.type_name(class);
        return Err(cx.type_error(format!("first argument must be a type object, not {found}")));
    };
    if !class.is_subclass_of(Array::class_cell().get()) {
        let (name, wanted) = (class.full_name(), Array::class_cell().get().full_name());
        return Err(cx.type_error(format!("{name} is not a subtype of {wanted}")));
    }
    let Some(code) = TypeCode::new(typecode) else {
        return Err(cx.value_error("second argument must be a valid type code"));
    };
    let Some((kind, size, big)) = format_of(format) else {
        return Err(cx.value_error("third argument must be a valid machine format code."));
    };
    let Some(bytes) = items.downcast::<Bytes>() else {
        let found = cx.type_name(items);
        return Err(cx.type_error(format!("fourth argument should be bytes, not {found}")));
    };
    if format == format_code(code) {
        let array = create(cx, class, code)?;
        array.append_bytes(cx, bytes.as_slice())?;
        return Ok(array.value());
    }
    if !bytes.as_slice().len().is_multiple_of(size) {
        return Err(cx.value_error("string length not a multiple of item size"));
    }
    let (code, items) = converted(cx, code, (kind, size, big), bytes)?;
    let array = create(cx, class, code)?;
    array.fill(cx, items)?;
    Ok(array.value())
}

/// The items as objects, and the type code that holds them best.
fn converted(
    cx: &mut Context,
    code: TypeCode,
    format: (Kind, usize, bool),
    bytes: Gc<Bytes>,
) -> Result<(TypeCode, Value)> {
    let (kind, size, big) = format;
    let word = |item: &[u8]| {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(item) {
            *to = *from;
        }
        if big {
            word[..size].reverse();
        }
        u64::from_le_bytes(word)
    };
    let signed = match kind {
        Kind::Utf16 | Kind::Utf32 => {
            let name = match (kind, big) {
                (Kind::Utf16, false) => "utf-16-le",
                (Kind::Utf16, true) => "utf-16-be",
                (_, false) => "utf-32-le",
                (_, true) => "utf-32-be",
            };
            let name = cx.intern(name);
            let text = codecs::decode_bytes(cx, bytes.value(), bytes.as_slice(), Some(name), None)?;
            return Ok((code, text.value()));
        }
        Kind::Float => {
            let float = |item| match size {
                4 => f64::from(f32::from_bits(word(item) as u32)),
                _ => f64::from_bits(word(item)),
            };
            let items: GVec<Value> =
                bytes.as_slice().chunks_exact(size).map(|item| cx.new_float(float(item))).collect();
            return Ok((code, cx.new_list(&items).value()));
        }
        Kind::Signed => true,
        Kind::Unsigned => false,
    };
    let unused = 64 - 8 * size;
    let int = |item| match signed {
        true => cx.new_int((word(item) << unused) as i64 >> unused),
        false => int::from_limbs(cx, false, &[word(item)]),
    };
    let items: GVec<Value> = bytes.as_slice().chunks_exact(size).map(int).collect();
    let fitting = TYPE_CODES
        .chars()
        .filter_map(|letter| TypeCode::new(letter as u32))
        .rfind(|code| code.is_int() && code.size() == size && code.is_signed() == signed);
    Ok((fitting.unwrap_or(code), cx.new_list(&items).value()))
}
