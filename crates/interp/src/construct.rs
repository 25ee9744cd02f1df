//! `types.CodeType(..)`: code from its parts, in CPython's order. CPython: `code_new_impl`, `_PyCode_Validate`.
//! Invariant: the code passes the verifier before it can run. What the parts do not tell is lost: which variables
//! `locals()` sees inside a comprehension.

use taipan_bytecode::{Code as Data, Const, FileName, Local, LocalKind, LocationTable, Name, code_flag};
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::replace::{constant_of, exception_rows, instruction_words};
use crate::types::code::Code;

/// The numbers among the parts.
pub(crate) struct Counts {
    pub(crate) arguments: i32,
    pub(crate) positional_only: i32,
    pub(crate) keyword_only: i32,
    pub(crate) locals: i32,
    pub(crate) stack: i32,
    pub(crate) flags: i32,
    pub(crate) first_line: i32,
}

/// The names of variables.
pub(crate) struct Variables {
    pub(crate) own: Gc<Tuple>,
    pub(crate) cells: Gc<Tuple>,
    pub(crate) free: Gc<Tuple>,
}

/// What it is called.
pub(crate) struct Titles {
    pub(crate) filename: String,
    pub(crate) name: String,
    pub(crate) qualname: String,
}

/// The rest.
pub(crate) struct Body {
    pub(crate) instructions: Gc<Bytes>,
    pub(crate) constants: Gc<Tuple>,
    pub(crate) names: Gc<Tuple>,
    pub(crate) locations: Gc<Bytes>,
    pub(crate) exceptions: Gc<Bytes>,
}

/// Makes the code object.
pub(crate) fn construct(
    cx: &mut Context,
    counts: Counts,
    variables: Variables,
    titles: Titles,
    body: Body,
) -> Result<Gc<Code>> {
    check_counts(cx, &counts)?;
    let names = names(cx, body.names)?;
    let own = self::names(cx, variables.own)?;
    let cells = self::names(cx, variables.cells)?;
    let free = self::names(cx, variables.free)?;
    if counts.locals as usize != own.len() {
        return Err(cx.value_error("code: co_nlocals != len(co_varnames)"));
    }
    let locals = layout(own, cells, free);
    let words = instruction_words(cx, body.instructions)?;
    let consts: Box<[Const]> =
        body.constants.items().iter().map(|item| constant_of(cx, *item)).collect::<Result<_>>()?;
    let caches = taipan_bytecode::instructions(&words).filter_map(|instruction| instruction.ic()).max();
    let flags = counts.flags as u32;
    let data = Data {
        name: Name::from(&*titles.name),
        qualname: Name::from(&*titles.qualname),
        filename: FileName::from(&*titles.filename),
        first_line: counts.first_line.max(0) as u32,
        flags,
        posonly_count: counts.positional_only as u32,
        arg_count: counts.arguments as u32,
        kwonly_count: counts.keyword_only as u32,
        nregs: locals.len() as u32 + counts.stack as u32,
        locals: locals.into(),
        hidden: Box::default(),
        names: names.into(),
        has_docstring: flags & code_flag::HAS_DOCSTRING != 0 && matches!(consts.first(), Some(Const::Str(_))),
        consts,
        words,
        exceptions: exception_rows(body.exceptions),
        locations: LocationTable::from_parts(counts.first_line.max(0) as u32, body.locations.as_slice()),
        ic_count: caches.map_or(0, |most| most as u32 + 1),
    };
    if let Err(problem) = taipan_bytecode::verify(&data) {
        return Err(cx.value_error(format!("code: {problem}")));
    }
    Ok(Code::new(cx, data.into()))
}

fn check_counts(cx: &Context, counts: &Counts) -> Result<()> {
    let named = [
        (counts.arguments, "argcount"),
        (counts.positional_only, "posonlyargcount"),
        (counts.keyword_only, "kwonlyargcount"),
        (counts.locals, "nlocals"),
    ];
    if let Some((_, name)) = named.iter().find(|(count, _)| *count < 0) {
        return Err(cx.value_error(format!("code: {name} must not be negative")));
    }
    if !(0..=0x1_0000).contains(&counts.stack) {
        return Err(cx.value_error("code: stacksize out of range"));
    }
    Ok(())
}

fn names(cx: &Context, tuple: Gc<Tuple>) -> Result<Vec<Name>> {
    let name = |item: &Value| match item.downcast::<taipan_runtime::types::str::Str>() {
        Some(text) => Ok(Name::from(&*text.to_str())),
        None => {
            let found = cx.type_name(*item);
            Err(cx.type_error(format!("name tuples must contain only strings, not '{found}'")))
        }
    };
    tuple.items().iter().map(name).collect()
}

/// The registers of variables: a parameter may be a cell, the other cells follow, and the free variables are last.
fn layout(own: Vec<Name>, cells: Vec<Name>, free: Vec<Name>) -> Vec<Local> {
    let others: Vec<Name> = cells.iter().filter(|cell| !own.contains(cell)).cloned().collect();
    let own = own.into_iter().map(|name| {
        let kind = if cells.contains(&name) { LocalKind::Cell } else { LocalKind::Fast };
        Local { name, kind }
    });
    let others = others.into_iter().map(|name| Local { name, kind: LocalKind::Cell });
    let free = free.into_iter().map(|name| Local { name, kind: LocalKind::Free });
    own.chain(others).chain(free).collect()
}
