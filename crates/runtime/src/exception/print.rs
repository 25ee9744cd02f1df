//! Shows exceptions on stderr. CPython: `Python/pythonrun.c`, `Python/traceback.c`.
//!
//! An uncaught exception is shown by the library's `traceback`, as in CPython; the printer here serves where
//! that cannot be had and for exceptions that are ignored.
//! Invariant: showing an exception raises nothing.

use crate::context::Context;
use crate::error::Result;
use crate::exception::base::BaseException;
use crate::exception::group::BaseExceptionGroup;
use crate::exception::syntax_error::SyntaxError;
use crate::finalize::UNRAISABLE_HOOK_ARGS;
use crate::identity::Identity;
use crate::object::Gc;
use crate::types::str::Str;
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::value::Value;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// Frames on the same line that are shown before the rest is only counted.
const REPEATS: usize = 3;
/// `sys.tracebacklimit` where it is not set.
const LIMIT: i64 = 1000;

/// `sys.excepthook`: shows an uncaught exception with its chain.
pub fn display(cx: &mut Context, exception: Value) {
    // The library would take the stream of the start instead.
    if cx.sys_attr("stderr").is_some_and(Value::is_none) {
        return;
    }
    if display_by_library(cx, exception).is_err() {
        cx.clear_exception();
        let mut text = String::new();
        push_chain(cx, &mut text, exception, &mut Vec::new());
        write_stderr(cx, &text);
    }
}

/// `traceback._print_exception_bltin(exception)`, which colours where the terminal can.
fn display_by_library(cx: &mut Context, exception: Value) -> Result<()> {
    let traceback = cx.import("traceback")?;
    cx.call_method(traceback, "_print_exception_bltin", &[exception]).map(|_| ())
}

/// What `sys.unraisablehook` writes: a heading, the traceback, the exception without its chain.
pub fn write_unraisable(cx: &mut Context, exception: Value, message: Option<&str>, object: Option<Value>) {
    let mut text = String::new();
    match object {
        Some(object) => {
            text.push_str(message.map_or("Exception ignored in".into(), str::to_owned).as_str());
            text.push_str(": ");
            text.push_str(&shown(cx, object, false).unwrap_or("<object repr() failed>".into()));
            text.push('\n');
        }
        None => {
            if let Some(message) = message {
                text.push_str(message);
                text.push_str(":\n");
            }
        }
    }
    push_traceback(cx, &mut text, exception);
    push_summary(cx, &mut text, exception);
    write_stderr(cx, &text);
}

/// `sys.unraisablehook(unraisable)` as it is before somebody replaces it.
pub fn unraisable_hook(cx: &mut Context, unraisable: Value) -> Result<()> {
    let class = UNRAISABLE_HOOK_ARGS.class(cx)?;
    let fields = unraisable.downcast::<Tuple>().filter(|_| cx.class_of(unraisable) == class);
    let Some([_, exception, _, message, object]) = fields.as_ref().map(|fields| fields.items()) else {
        return Err(cx.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    let message = message.not_none().and_then(|message| shown(cx, message, true));
    write_unraisable(cx, *exception, message.as_deref(), object.not_none());
    Ok(())
}

/// Writes to `sys.stderr`, or to the process's standard error where that is not to be had.
pub fn write_stderr(cx: &mut Context, text: &str) {
    let text = cx.new_str(text);
    write_str_to_stderr(cx, text);
}

/// The same of a string that may hold surrogates.
pub fn write_str_to_stderr(cx: &mut Context, text: Gc<Str>) {
    let written = match cx.sys_attr("stderr") {
        Some(Value::NONE) => return,
        Some(file) => cx
            .call_method(file, "write", &[text.value()])
            .and_then(|_| cx.call_method(file, "flush", &[]))
            .is_ok(),
        None => false,
    };
    if !written {
        if cx.has_exception() {
            cx.clear_exception();
        }
        use std::io::Write;
        let _ = std::io::stderr().write_all(text.to_str().as_bytes());
    }
}

/// `str(value)` or `repr(value)`; `None` when that raises.
pub fn shown(cx: &mut Context, value: Value, as_str: bool) -> Option<String> {
    let text = if as_str { cx.str(value) } else { cx.repr(value) };
    match text {
        Ok(text) => Some(text.to_str().into_owned()),
        Err(raised) => {
            cx.take_exception(raised);
            None
        }
    }
}

/// The exception after what it was raised from or during.
fn push_chain(cx: &mut Context, text: &mut String, exception: Value, seen: &mut Vec<Identity>) {
    let Some(body) = exception.downcast::<BaseException>() else { return };
    if seen.contains(&Identity::of(exception)) || cx.check_recursion("").is_err() {
        cx.clear_exception();
        return;
    }
    seen.push(Identity::of(exception));
    if let Some(cause) = body.cause() {
        if !seen.contains(&Identity::of(cause)) {
            push_chain(cx, text, cause, seen);
            text.push_str(CAUSE);
        }
    } else if let Some(context) = body.context()
        && !body.suppresses_context()
        && !seen.contains(&Identity::of(context))
    {
        push_chain(cx, text, context, seen);
        text.push_str(CONTEXT);
    }
    push_traceback(cx, text, exception);
    push_summary(cx, text, exception);
    push_notes(cx, text, exception);
    if let Some(group) = exception.downcast::<BaseExceptionGroup>() {
        push_members(cx, text, group, seen);
    }
}

/// The exceptions of a group, each indented behind a bar.
fn push_members(
    cx: &mut Context,
    text: &mut String,
    group: Gc<BaseExceptionGroup>,
    seen: &mut Vec<Identity>,
) {
    let members = group.items();
    let count = members.items().len();
    for (index, member) in members.items().iter().enumerate() {
        let mut inner = String::new();
        push_chain(cx, &mut inner, *member, seen);
        let corner = if index == 0 { "  +-+" } else { "    +" };
        text.push_str(&format!("{corner}---------------- {} ----------------\n", index + 1));
        for line in inner.lines() {
            text.push_str("    | ");
            text.push_str(line);
            text.push('\n');
        }
        if index + 1 == count {
            text.push_str("    +------------------------------------\n");
        }
    }
}

/// Names of a frame's code: file and function.
fn frame_names(cx: &mut Context, frame: Value) -> Result<(Gc<Str>, Gc<Str>)> {
    let code = cx.get_attr_str(frame, "f_code")?;
    let filename = cx.get_attr_str(code, "co_filename")?;
    let name = cx.get_attr_str(code, "co_name")?;
    match (filename.downcast(), name.downcast()) {
        (Some(filename), Some(name)) => Ok((filename, name)),
        _ => Err(cx.type_error("a code object has no names")),
    }
}

fn push_traceback(cx: &mut Context, text: &mut String, exception: Value) {
    let body = exception.downcast::<BaseException>();
    let first =
        body.and_then(|body| body.traceback()).and_then(|traceback| traceback.downcast::<Traceback>());
    let Some(first) = first else { return };
    let limit = cx.sys_attr("tracebacklimit").and_then(Value::as_small_int).unwrap_or(LIMIT);
    if limit <= 0 {
        return;
    }
    text.push_str("Traceback (most recent call last):\n");
    let mut depth = 0;
    let mut cursor = Some(first);
    while let Some(traceback) = cursor {
        depth += 1;
        cursor = traceback.next();
    }
    let mut cursor = Some(first);
    let mut last: Option<(String, i64, String)> = None;
    let mut same = 0;
    while let Some(traceback) = cursor {
        cursor = traceback.next();
        depth -= 1;
        if depth >= limit {
            continue;
        }
        let (filename, name) = match frame_names(cx, traceback.frame()) {
            Ok(names) => names,
            Err(raised) => {
                cx.take_exception(raised);
                continue;
            }
        };
        let place = (filename.to_str().into_owned(), traceback.line(), name.to_str().into_owned());
        if last.as_ref() == Some(&place) {
            same += 1;
        } else {
            push_repeats(text, same);
            same = 0;
            last = Some(place.clone());
        }
        if same < REPEATS {
            text.push_str(&format!("  File \"{}\", line {}, in {}\n", place.0, place.1, place.2));
            push_source(cx, text, filename, place.1);
        }
    }
    push_repeats(text, same);
}

fn push_repeats(text: &mut String, same: usize) {
    if same >= REPEATS {
        let more = same - REPEATS + 1;
        let plural = if more == 1 { "" } else { "s" };
        text.push_str(&format!("  [Previous line repeated {more} more time{plural}]\n"));
    }
}

fn push_source(cx: &mut Context, text: &mut String, filename: Gc<Str>, line: i64) {
    let source =
        usize::try_from(line).ok().and_then(|line| (cx.vm().hooks().source_line)(cx, filename, line));
    if let Some(source) = source {
        text.push_str("    ");
        text.push_str(source.trim());
        text.push('\n');
    }
}

/// `module.Class: text`; for a SyntaxError also the place and the line.
fn push_summary(cx: &mut Context, text: &mut String, exception: Value) {
    let mut message = exception;
    if let Some(syntax) = exception.downcast::<SyntaxError>()
        && let Some(msg) = push_syntax_location(cx, text, syntax)
    {
        message = msg;
    }
    let class = cx.class_of(exception);
    match cx.lookup_attr_str(class.value(), "__module__") {
        Ok(Some(module)) if module.downcast::<Str>().is_some() => {
            let module =
                module.downcast::<Str>().map_or(String::new(), |module| module.to_str().into_owned());
            if module != "builtins" && module != "__main__" {
                text.push_str(&module);
                text.push('.');
            }
        }
        Ok(_) => text.push_str("<unknown>."),
        Err(raised) => {
            cx.take_exception(raised);
        }
    }
    text.push_str(&class.qualname().to_str());
    match shown(cx, message, true) {
        Some(message) if message.is_empty() => {}
        Some(message) => {
            text.push_str(": ");
            text.push_str(&message);
        }
        None => text.push_str(": <exception str() failed>"),
    }
    text.push('\n');
}

/// File, line and marked text of a SyntaxError; gives its message alone.
fn push_syntax_location(cx: &mut Context, text: &mut String, error: Gc<SyntaxError>) -> Option<Value> {
    let location = error.location();
    let line = location.lineno?.as_small_int()?;
    let filename = location.filename.and_then(|filename| shown(cx, filename, true));
    let filename = filename.unwrap_or_else(|| "<string>".to_owned());
    text.push_str(&format!("  File \"{filename}\", line {line}\n"));
    if let Some(source) = location.text.and_then(|source| source.downcast::<Str>()) {
        let source = source.to_str();
        let line_text = source.trim_end_matches('\n').lines().next().unwrap_or("");
        let stripped = line_text.trim_start_matches([' ', '\t', '\x0c']);
        text.push_str(&format!("    {stripped}\n"));
        if let Some(offset) = location.offset.and_then(Value::as_small_int).filter(|offset| *offset >= 1) {
            let indent = (line_text.chars().count() - stripped.chars().count()) as i64;
            let start = (offset - 1 - indent).max(0);
            let same_line = location.end_lineno.is_none_or(|end| end.as_small_int() == Some(line));
            let end =
                location.end_offset.and_then(Value::as_small_int).filter(|end| same_line && *end > offset);
            let width = end.map_or(1, |end| end - offset).max(1);
            let blank: String = stripped
                .chars()
                .chain(std::iter::repeat(' '))
                .take(start as usize)
                .map(|c| if c == '\t' { c } else { ' ' })
                .collect();
            text.push_str(&format!("    {blank}{}\n", "^".repeat(width as usize)));
        }
    }
    Some(location.msg.unwrap_or(Value::NONE))
}

/// The notes, one per line, each as `str()` of the note.
fn push_notes(cx: &mut Context, text: &mut String, exception: Value) {
    let notes = match cx.lookup_attr_str(exception, "__notes__") {
        Ok(Some(notes)) => notes,
        Ok(None) => return,
        Err(raised) => {
            cx.take_exception(raised);
            return;
        }
    };
    if !cx.is_sequence(notes) || notes.downcast::<Str>().is_some() {
        let notes = shown(cx, notes, false).unwrap_or("<__notes__ repr() failed>".into());
        text.push_str(&notes);
        text.push('\n');
        return;
    }
    match cx.collect(notes) {
        Ok(items) => {
            for note in items.iter() {
                let note = shown(cx, *note, true).unwrap_or("<note str() failed>".into());
                text.push_str(&note);
                text.push('\n');
            }
        }
        Err(raised) => {
            cx.take_exception(raised);
        }
    }
}
