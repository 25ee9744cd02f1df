//! `print` and `input`. CPython: `builtin_print_impl`, `builtin_input_impl`.

use std::io::{BufRead, Write};

use taipan_runtime::prelude::*;

fn text_or_none(cx: &Context, value: Value, name: &str) -> Result<Option<Gc<Str>>> {
    if value.is_none() {
        return Ok(None);
    }
    match value.downcast::<Str>() {
        Some(text) => Ok(Some(text)),
        None => {
            let got = cx.type_name(value);
            Err(cx.type_error(format!("{name} must be None or a string, not {got}")))
        }
    }
}

/// `sys.<name>`, None if it is not there (yet).
fn stream(cx: &mut Context, name: &str) -> Option<Value> {
    let sys = cx.vm().modules().get_str(cx, cx.intern("sys"))?;
    let module = sys.downcast::<Module>()?;
    module.dict().get_str(cx, cx.intern(name))
}

pub(super) fn print(
    cx: &mut Context,
    args: &[Value],
    sep: Value,
    end: Value,
    file: Value,
    flush: bool,
) -> Result<()> {
    let file = match file.not_none() {
        Some(file) => Some(file),
        None => match stream(cx, "stdout") {
            Some(Value::NONE) => return Ok(()),
            None if crate::import::is_complete() && cx.sys_attr("modules").is_some() => {
                return Err(cx.runtime_error("lost sys.stdout"));
            }
            stdout => stdout,
        },
    };
    let sep = text_or_none(cx, sep, "sep")?;
    let end = text_or_none(cx, end, "end")?;
    let Some(file) = file else { return print_raw(cx, args, sep, end) };
    let write = cx.get_attr_str(file, "write")?;
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            let sep = match sep {
                Some(sep) => sep,
                None => cx.new_str(" "),
            };
            cx.call(write, &[sep.value()])?;
        }
        let text = cx.str(*arg)?;
        cx.call(write, &[text.value()])?;
    }
    let end = match end {
        Some(end) => end,
        None => cx.new_str("\n"),
    };
    cx.call(write, &[end.value()])?;
    if flush {
        cx.call_method(file, "flush", &[])?;
    }
    Ok(())
}

/// To the process's standard output, before there are streams.
fn print_raw(cx: &mut Context, args: &[Value], sep: Option<Gc<Str>>, end: Option<Gc<Str>>) -> Result<()> {
    let mut text = String::new();
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            text.push_str(&sep.map_or_else(|| " ".into(), |sep| sep.to_str().into_owned()));
        }
        text.push_str(&cx.str(*arg)?.to_str());
    }
    text.push_str(&end.map_or_else(|| "\n".into(), |end| end.to_str().into_owned()));
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) => Err(cx.io_error(&error, None)),
    }
}

pub(super) fn input(cx: &mut Context, prompt: Value) -> Result {
    for name in ["stdin", "stdout", "stderr"] {
        let stream = stream(cx, name);
        // Before the library is there, there are no streams yet.
        if stream.is_none() && crate::import::is_complete() {
            return Err(cx.runtime_error(format!("lost sys.{name}")));
        }
        if stream.is_some_and(Value::is_none) {
            return Err(cx.runtime_error(format!("input(): lost sys.{name}")));
        }
    }
    cx.audit("builtins.input", |_| [prompt])?;
    // Streams that cannot be flushed are no reason not to read.
    if let Some(stderr) = stream(cx, "stderr") {
        flush_or_ignore(cx, stderr);
    }
    if let Some(stdout) = stream(cx, "stdout") {
        let text = cx.str(prompt)?;
        if text.len() > 0 {
            cx.call_method(stdout, "write", &[text.value()])?;
        }
        flush_or_ignore(cx, stdout);
    }
    let line = match stream(cx, "stdin") {
        Some(stdin) => {
            let line = cx.call_method(stdin, "readline", &[])?;
            match line.downcast::<Str>() {
                Some(line) => line.to_str().into_owned(),
                None => return Err(cx.type_error("object.readline() returned non-string")),
            }
        }
        None => {
            let mut line = String::new();
            let read = cx.blocking(|| std::io::stdin().lock().read_line(&mut line));
            match read {
                Ok(_) => line,
                Err(error) => return Err(cx.io_error(&error, None)),
            }
        }
    };
    if line.is_empty() {
        return Err(cx.raise_message(taipan_runtime::exception::eof_error, "EOF when reading a line"));
    }
    Ok(cx.new_str(line.strip_suffix('\n').unwrap_or(&line)).value())
}

fn flush_or_ignore(cx: &mut Context, stream: Value) {
    if let Err(raised) = cx.call_method(stream, "flush", &[]) {
        cx.take_exception(raised);
    }
}
