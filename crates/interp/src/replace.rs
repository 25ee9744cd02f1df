//! `code.replace`: a copy of a code object with some fields changed. CPython: `code_replace`.
//! Invariant: code whose instructions or tables were changed passes the verifier before it can run.

use taipan_bytecode::{Code as Data, Const, FileName, LocalKind, LocationTable, Name};
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::constant;
use crate::types::code::Code;

/// `code.replace(**fields)`.
pub(crate) fn replace(cx: &mut Context, code: Gc<Code>, fields: Gc<Dict>) -> Result<Gc<Code>> {
    let mut data = code.data().clone();
    for (key, value) in fields.entries(cx) {
        let name = key.downcast::<Str>().map(|name| name.to_str().into_owned()).unwrap_or_default();
        set_field(cx, &mut data, &name, value)?;
    }
    if taipan_runtime::audit::listens() {
        audit(cx, &data)?;
    }
    if let Err(problem) = taipan_bytecode::verify(&data) {
        return Err(cx.value_error(format!("code: {problem}")));
    }
    Ok(Code::new(cx, data.into()))
}

fn audit(cx: &mut Context, data: &Data) -> Result<()> {
    let words: Vec<u8> = data.words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let titles =
        [cx.new_bytes(&words).value(), cx.new_str(&data.filename).value(), cx.new_str(&data.name).value()];
    let locals = data.locals.iter().filter(|local| local.kind == LocalKind::Fast).count() as u32;
    let stack = data.nregs.saturating_sub(data.locals.len() as u32);
    let counts = [data.arg_count, data.posonly_count, data.kwonly_count, locals, stack, data.flags];
    crate::types::code::audit_new(cx, titles, counts.map(i64::from))
}

fn text<T: for<'a> From<&'a str>>(cx: &Context, value: Value, field: &str) -> Result<T> {
    match value.downcast::<Str>() {
        Some(text) => Ok(T::from(&*text.to_str())),
        None => {
            let name = cx.argument_type_name(value);
            Err(cx.type_error(format!("replace() argument '{field}' must be str, not {name}")))
        }
    }
}

fn number(cx: &mut Context, value: Value) -> Result<u32> {
    let wide = cx.index_i128(value)?;
    u32::try_from(wide).map_err(|_| cx.value_error("code: argument out of range"))
}

fn tuple(cx: &Context, value: Value, field: &str) -> Result<Gc<Tuple>> {
    value.downcast::<Tuple>().ok_or_else(|| {
        let name = cx.argument_type_name(value);
        cx.type_error(format!("replace() argument '{field}' must be tuple, not {name}"))
    })
}

fn bytes(cx: &Context, value: Value, field: &str) -> Result<Gc<Bytes>> {
    value.downcast::<Bytes>().ok_or_else(|| {
        let name = cx.argument_type_name(value);
        cx.type_error(format!("replace() argument '{field}' must be bytes, not {name}"))
    })
}

fn names(cx: &Context, value: Value, field: &str) -> Result<Vec<Name>> {
    tuple(cx, value, field)?.items().iter().map(|name| text(cx, *name, field)).collect()
}

fn set_field(cx: &mut Context, data: &mut Data, field: &str, value: Value) -> Result<()> {
    match field {
        "co_name" => data.name = text(cx, value, field)?,
        "co_qualname" => data.qualname = text(cx, value, field)?,
        "co_filename" => data.filename = FileName::from(text::<std::sync::Arc<str>>(cx, value, field)?),
        "co_firstlineno" => {
            let line = number(cx, value)?;
            data.locations = LocationTable::from_parts(line, data.locations.as_bytes());
            data.first_line = line;
        }
        "co_flags" => data.flags = number(cx, value)?,
        "co_argcount" => data.arg_count = number(cx, value)?,
        "co_posonlyargcount" => data.posonly_count = number(cx, value)?,
        "co_kwonlyargcount" => data.kwonly_count = number(cx, value)?,
        "co_nlocals" => {
            let count = number(cx, value)? as usize;
            let parameters = data.parameter_count() as usize;
            let locals = data.locals.iter().enumerate();
            let own = locals.filter(|(index, local)| *index < parameters || local.kind == LocalKind::Fast);
            if own.count() != count {
                return Err(cx.value_error("code: co_nlocals != len(co_varnames)"));
            }
        }
        "co_stacksize" => {
            let stack = number(cx, value)?;
            data.nregs = (data.locals.len() as u32).saturating_add(stack);
        }
        "co_names" => data.names = names(cx, value, field)?.into(),
        "co_varnames" => rename(cx, data, value, field, |kind| kind == LocalKind::Fast)?,
        "co_cellvars" => rename(cx, data, value, field, |kind| kind == LocalKind::Cell)?,
        "co_freevars" => rename(cx, data, value, field, |kind| kind == LocalKind::Free)?,
        "co_consts" => {
            let items = tuple(cx, value, field)?;
            data.consts = items.items().iter().map(|item| constant_of(cx, *item)).collect::<Result<_>>()?;
        }
        "co_code" => {
            let code = bytes(cx, value, field)?;
            data.words = instruction_words(cx, code)?;
        }
        "co_linetable" => {
            let table = bytes(cx, value, field)?;
            data.locations = LocationTable::from_parts(data.first_line, table.as_slice());
        }
        "co_exceptiontable" => {
            data.exceptions = exception_rows(bytes(cx, value, field)?);
        }
        _ => {
            return Err(cx.type_error(format!("replace() got an unexpected keyword argument '{field}'")));
        }
    }
    Ok(())
}

/// What `co_code` gave.
pub(crate) fn instruction_words(cx: &Context, code: Gc<Bytes>) -> Result<Box<[u32]>> {
    let (words, rest) = code.as_slice().as_chunks::<4>();
    match rest.is_empty() {
        true => Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect()),
        false => Err(cx.value_error("code: co_code is malformed")),
    }
}

/// What `co_exceptiontable` gave.
pub(crate) fn exception_rows(table: Gc<Bytes>) -> Box<[taipan_bytecode::ExceptionRow]> {
    let (words, _) = table.as_slice().as_chunks::<4>();
    let numbers: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let row = |row: &[u32]| taipan_bytecode::ExceptionRow {
        start: row[0],
        end: row[1],
        handler: row[2],
        exc: row[3],
    };
    numbers.chunks_exact(4).map(row).collect()
}

/// Renames the variables of some kind; their number is the code's.
fn rename(
    cx: &Context,
    data: &mut Data,
    value: Value,
    field: &str,
    wanted: impl Fn(LocalKind) -> bool,
) -> Result<()> {
    let names = names(cx, value, field)?;
    let parameters = data.parameter_count() as usize;
    let all_parameters = field == "co_varnames";
    let chosen: Vec<usize> = (0..data.locals.len())
        .filter(|index| wanted(data.locals[*index].kind) || (all_parameters && *index < parameters))
        .collect();
    if chosen.len() != names.len() {
        return Err(cx.value_error(format!("code: {field} has a different length")));
    }
    for (index, name) in chosen.into_iter().zip(names) {
        data.locals[index].name = name;
    }
    Ok(())
}

/// An object as a constant of compiled code.
pub(crate) fn constant_of(cx: &mut Context, value: Value) -> Result<Const> {
    cx.check_recursion("")?;
    constant::from_value(cx, value)
}
