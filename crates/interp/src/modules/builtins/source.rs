//! `compile`, `eval`, `exec`. CPython: `Python/bltinmodule.c`, `Python/pythonrun.c`.
//! Invariant: namespaces are checked before source is compiled, as CPython does.

use taipan_bytecode::code_flag;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::cell::Cell;

use crate::compile::{Mode, Request};
use crate::frame::Frame;
use crate::types::code::Code;
use crate::types::frame::object_of;
use crate::types::function::Function;

/// Flags of `compile()` that the compiler knows besides those of `from __future__`.
const PYCF_DONT_IMPLY_DEDENT: i32 = 0x200;
const PYCF_ONLY_AST: i32 = 0x400;
const PYCF_IGNORE_COOKIE: i32 = 0x800;
const PYCF_TYPE_COMMENTS: i32 = 0x1000;
const PYCF_ALLOW_TOP_LEVEL_AWAIT: i32 = 0x2000;
const PYCF_ALLOW_INCOMPLETE_INPUT: i32 = 0x4000;
const PYCF_OPTIMIZED_AST: i32 = 0x8000 | PYCF_ONLY_AST;
const FUTURES: u32 = code_flag::FUTURE_DIVISION
    | code_flag::FUTURE_ABSOLUTE_IMPORT
    | code_flag::FUTURE_WITH_STATEMENT
    | code_flag::FUTURE_PRINT_FUNCTION
    | code_flag::FUTURE_UNICODE_LITERALS
    | code_flag::FUTURE_BARRY_AS_BDFL
    | code_flag::FUTURE_GENERATOR_STOP
    | code_flag::FUTURE_ANNOTATIONS;

/// Source text as bytes: what `compile`, `eval` and `exec` accept.
pub(crate) fn source_bytes(
    cx: &mut Context,
    source: Value,
    function: &str,
    what: &str,
) -> Result<(Vec<u8>, bool)> {
    let (bytes, decoded) = if let Some(text) = source.downcast::<Str>() {
        let mut bytes = Vec::with_capacity(text.len());
        for (index, point) in text.chars().enumerate() {
            if (0xD800..0xE000).contains(&point) {
                return Err(cx.unicode_encode_error(
                    "utf-8",
                    source,
                    index,
                    index + 1,
                    "surrogates not allowed",
                ));
            }
            taipan_bytecode::push_code_point(&mut bytes, point);
        }
        (bytes, true)
    } else if let Some(bytes) = source.downcast::<Bytes>() {
        (bytes.as_slice().to_vec(), false)
    } else if let Some(array) = source.downcast::<ByteArray>() {
        (array.to_vec(cx), false)
    } else if cx.has_buffer(source) {
        let copy = cx.call(Bytes::class_cell().get().value(), &[source])?;
        (copy.downcast::<Bytes>().map(|bytes| bytes.as_slice().to_vec()).unwrap_or_default(), false)
    } else {
        return Err(cx.type_error(format!("{function}() arg 1 must be a {what}")));
    };
    if bytes.contains(&0) {
        return Err(cx.raise_message(
            taipan_runtime::exception::syntax_error,
            "source code string cannot contain null bytes",
        ));
    }
    Ok((bytes, decoded))
}

/// Future flags of the calling code, which source that it compiles inherits.
fn inherited_flags(cx: &Context) -> u32 {
    Frame::top(cx).map_or(0, |frame| frame.private().code().data().flags & FUTURES)
}

/// Compiles source text for `builtins` and the command.
pub fn compile_source(cx: &mut Context, bytes: &[u8], decoded: bool, request: &Request) -> Result<Gc<Code>> {
    crate::compile::compile(cx, bytes, decoded, request)
}

pub(super) fn compile(
    cx: &mut Context,
    source: Value,
    filename: Value,
    mode: &str,
    flags: i32,
    dont_inherit: bool,
    optimize: i32,
    feature_version: i32,
) -> Result {
    let filename = crate::path::fs_text(cx, filename)?;
    let known = FUTURES as i32
        | PYCF_DONT_IMPLY_DEDENT
        | PYCF_OPTIMIZED_AST
        | PYCF_IGNORE_COOKIE
        | PYCF_TYPE_COMMENTS
        | PYCF_ALLOW_TOP_LEVEL_AWAIT
        | PYCF_ALLOW_INCOMPLETE_INPUT
        | 0x10;
    if flags & !known != 0 {
        return Err(cx.value_error("compile(): unrecognised flags"));
    }
    let optimize = match optimize {
        -1 => crate::options().optimize,
        0..=2 => optimize as u8,
        _ => return Err(cx.value_error("compile(): invalid optimize value")),
    };
    let mode = match mode {
        "exec" => Some(Mode::Exec),
        "eval" => Some(Mode::Eval),
        "single" => Some(Mode::Single),
        "func_type" if flags & PYCF_ONLY_AST != 0 => None,
        "func_type" => return Err(cx.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST")),
        _ if flags & PYCF_ONLY_AST != 0 => {
            return Err(cx.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
        }
        _ => return Err(cx.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let mut futures = flags as u32 & FUTURES;
    if !dont_inherit {
        futures |= inherited_flags(cx);
    }
    let request = Request {
        filename,
        mode: mode.unwrap_or(Mode::Eval),
        futures,
        optimize,
        top_level_await: flags & PYCF_ALLOW_TOP_LEVEL_AWAIT != 0,
        incomplete_input: flags & PYCF_ALLOW_INCOMPLETE_INPUT != 0,
        dont_imply_dedent: flags & PYCF_DONT_IMPLY_DEDENT != 0,
        file: false,
        optimized_ast: flags & PYCF_OPTIMIZED_AST == PYCF_OPTIMIZED_AST,
        type_comments: flags & PYCF_TYPE_COMMENTS != 0,
        feature_version: if flags & PYCF_ONLY_AST != 0 { feature_version } else { -1 },
    };
    if crate::tree::read::is_node(cx, source)? {
        return match flags & PYCF_ONLY_AST != 0 {
            true => crate::compile::copy_node(cx, source, mode, &request),
            false => crate::compile::compile_node(cx, source, &request).map(Gc::value),
        };
    }
    let (bytes, decoded) = source_bytes(cx, source, "compile", "string, bytes or AST object")?;
    if flags & PYCF_ONLY_AST != 0 {
        return crate::compile::parse(cx, &bytes, decoded, mode, &request);
    }
    crate::compile::compile(cx, &bytes, decoded, &request).map(Gc::value)
}

/// Globals and locals of `eval` and `exec`.
fn namespaces(cx: &mut Context, function: &str, globals: Value, locals: Value) -> Result<(Gc<Dict>, Value)> {
    let is_mapping = |cx: &Context, value: Value| cx.class_of(value).slots.get_item.is_set();
    if !locals.is_none() && !is_mapping(cx, locals) {
        let name = cx.type_name(locals);
        return Err(match function {
            "eval" => cx.type_error("locals must be a mapping"),
            _ => cx.type_error(format!("locals must be a mapping or None, not {name}")),
        });
    }
    let (globals, locals) = match globals.not_none() {
        Some(globals) => {
            let Some(dict) = globals.downcast::<Dict>() else {
                let name = cx.type_name(globals);
                return Err(match function {
                    "eval" if is_mapping(cx, globals) => {
                        cx.type_error("globals must be a real dict; try eval(code, {}, mapping)")
                    }
                    "eval" => cx.type_error("globals must be a dict"),
                    _ => cx.type_error(format!("{function}() globals must be a dict, not {name}")),
                });
            };
            (dict, locals.not_none().unwrap_or(globals))
        }
        None => {
            let Some(frame) = Frame::top(cx) else {
                return Err(cx.system_error("globals and locals cannot be NULL"));
            };
            let locals = match locals.not_none() {
                Some(locals) => locals,
                None => {
                    let object = object_of(cx, frame);
                    object.snapshot(cx)?
                }
            };
            (frame.private().globals(), locals)
        }
    };
    let name = cx.name(id::__builtins__);
    if globals.get(cx, name.value())?.is_none() {
        let builtins = match Frame::top(cx) {
            Some(frame) => frame.private().builtins(),
            None => cx.vm().builtins().value(),
        };
        globals.set(cx, name.value(), builtins)?;
    }
    Ok((globals, locals))
}

pub(super) fn eval(cx: &mut Context, source: Value, globals: Value, locals: Value) -> Result {
    let (globals, locals) = namespaces(cx, "eval", globals, locals)?;
    if source.downcast::<Code>().is_some() {
        cx.audit("exec", |_| [source])?;
    }
    let code = match source.downcast::<Code>() {
        Some(code) if code.data().free_variables().next().is_some() => {
            return Err(cx.type_error("code object passed to eval() may not contain free variables"));
        }
        Some(code) => code,
        None => {
            let (bytes, decoded) = source_bytes(cx, source, "eval", "string, bytes or code object")?;
            let leading = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let request = Request { mode: Mode::Eval, ..Request::of_string(inherited_flags(cx)) };
            let code = crate::compile::compile(cx, &bytes[leading..], decoded, &request)?;
            cx.audit("exec", |_| [code.value()])?;
            code
        }
    };
    crate::call::execute(cx, code, globals, locals)
}

pub(super) fn exec(
    cx: &mut Context,
    source: Value,
    globals: Value,
    locals: Value,
    closure: Value,
) -> Result<()> {
    let (globals, locals) = namespaces(cx, "exec", globals, locals)?;
    let Some(code) = source.downcast::<Code>() else {
        if !closure.is_none() {
            return Err(cx.type_error("closure can only be used when source is a code object"));
        }
        let (bytes, decoded) = source_bytes(cx, source, "exec", "string, bytes or code object")?;
        let request = Request { mode: Mode::Exec, ..Request::of_string(inherited_flags(cx)) };
        let code = crate::compile::compile(cx, &bytes, decoded, &request)?;
        cx.audit("exec", |_| [code.value()])?;
        return crate::call::execute(cx, code, globals, locals).map(|_| ());
    };
    let free = code.data().free_variables().count();
    let cells = closure.downcast::<Tuple>();
    if free == 0 {
        if !closure.is_none() {
            return Err(cx.type_error("cannot use a closure with this code object"));
        }
    } else {
        let fits = cells.is_some_and(|cells| {
            cells.items().len() == free && cells.items().iter().all(|cell| cell.downcast::<Cell>().is_some())
        });
        if !fits {
            return Err(cx.type_error(format!("code object requires a closure of exactly length {free}")));
        }
    }
    cx.audit("exec", |_| [source])?;
    let function = Function::new(cx, code, globals);
    function.set_closure(cells);
    crate::call::run_code(cx, function, locals).map(|_| ())
}
