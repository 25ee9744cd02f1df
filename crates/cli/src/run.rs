//! Runs the program and brings the machine down. CPython: `Modules/main.c`, `Py_FinalizeEx`.

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, Read};

use taipan_interp::compile::Request;
use taipan_interp::types::code::Code;
use taipan_interp::{call, import, report};
use taipan_runtime::prelude::*;

use super::arguments::Program;
use super::{finish, site, wiring};

/// The exit status of the process.
pub fn main(program: Program, native_stack: std::ops::Range<usize>) -> i32 {
    let mut cx = match wiring::machine(native_stack) {
        Ok(cx) => cx,
        Err(_) => {
            eprintln!("Fatal Python error: the machine could not be set up");
            return 1;
        }
    };
    // After a program, `-i` asks to look around; an interactive session is over when its input is.
    let inspects = taipan_interp::options().inspect && !matches!(program, Program::Stdin);
    let result =
        warning_options(&mut cx).and_then(|()| site::set_up(&mut cx)).and_then(|()| run(&mut cx, program));
    let mut interrupted = false;
    let mut status = match result {
        Ok(()) => 0,
        Err(raised) => {
            interrupted = cx.error_matches(&raised, taipan_runtime::exception::keyboard_interrupt);
            report::report(&mut cx, raised)
        }
    };
    if inspects {
        status = match interact(&mut cx, "loop") {
            Ok(()) => 0,
            Err(raised) => report::report(&mut cx, raised),
        };
    }
    // What the program has left on the stack keeps nothing alive.
    taipan_gc::scrub_stack();
    let complete = match finish::finish(&mut cx) {
        Ok(complete) => complete,
        Err(raised) => {
            let _ = report::report(&mut cx, raised);
            false
        }
    };
    if !complete {
        status = 120;
    }
    // The process's end gives everything back at once; other threads may still be in the machine.
    std::mem::forget(cx);
    if interrupted {
        // Whoever waits for the process is to see that a signal ended it.
        taipan_host::signal::end_by_interrupt();
        return 130;
    }
    status
}

/// `-W` is looked at before the program begins: `warnings` says what is wrong with it.
fn warning_options(cx: &mut Context) -> Result<()> {
    match taipan_interp::options().warn_options.is_empty() || !import::is_complete() {
        true => Ok(()),
        false => cx.import("warnings").map(|_| ()),
    }
}

/// A frame of its own: what it refers to is forgotten when it is left.
#[inline(never)]
fn run(cx: &mut Context, program: Program) -> Result<()> {
    let main = import::main_module(cx);
    finish::begin(cx);
    taipan_gc::begin_program();
    match program {
        Program::Text(text) => {
            prepend_working_directory(cx, false)?;
            set_loader(cx, main, None)?;
            let text = dedent(&command(cx, &text)?);
            cx.audit("cpython.run_command", |cx| [cx.new_str(&text).value()])?;
            let request = Request::of_string(0);
            let code = taipan_interp::compile::compile(cx, text.as_bytes(), true, &request)?;
            import::program::set(cx, code, &text, "<string>")?;
            execute(cx, main, code)
        }
        Program::Stdin => {
            prepend_working_directory(cx, false)?;
            if taipan_interp::options().interactive || std::io::stdin().is_terminal() {
                return interact(cx, "main");
            }
            cx.audit("cpython.run_stdin", |_| [])?;
            let mut bytes = Vec::new();
            if let Err(error) = std::io::stdin().read_to_end(&mut bytes) {
                return Err(cx.io_error(&error, None));
            }
            set_loader(cx, main, None)?;
            let dict = main.dict();
            let (file, cached) = (cx.intern("__file__"), cx.intern("__cached__"));
            let name = cx.new_str("<stdin>").value();
            dict.set_str(cx, file, name);
            dict.set_str(cx, cached, Value::NONE);
            run_text(cx, main, &bytes, "<stdin>")
        }
        Program::File(file) => run_file(cx, main, &file),
        Program::Module(name) => run_module(cx, &name),
    }
}

/// The text of `-c`. CPython: `pymain_run_command`.
fn command(cx: &mut Context, text: &OsStr) -> Result<String> {
    let bytes = text.as_encoded_bytes();
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    eprintln!("Unable to decode the command from the command line:");
    let start = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).chars().count();
    let shown = import::text_of_path(cx, text);
    let surrogates = shown.downcast::<Str>().map_or(0, |shown| {
        shown.chars().skip(start).take_while(|point| (0xD800..0xE000).contains(point)).count()
    });
    Err(cx.unicode_encode_error("utf-8", shown, start, start + surrogates, "surrogates not allowed"))
}

/// Puts the working directory at the head of `sys.path`, by its name for `-m` and as '' otherwise: unless `-P` calls it
/// unsafe. CPython: `_PyPathConfig_ComputeSysPath0`.
fn prepend_working_directory(cx: &mut Context, named: bool) -> Result<()> {
    if taipan_interp::options().safe_path {
        return Ok(());
    }
    if !named {
        return import::prepend_path(cx, OsStr::new(""));
    }
    match std::env::current_dir() {
        Ok(directory) => import::prepend_path(cx, directory.as_os_str()),
        Err(_) => Ok(()),
    }
}

/// The program of `-c` without the indentation that all its lines share. CPython: `_PyUnicode_Dedent`.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let mut common: Option<&str> = None;
    for line in text.split('\n').filter(|line| !blank(line)) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let shared = match common {
            None => indent.len(),
            Some(common) => common.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count(),
        };
        common = Some(&indent[..shared]);
    }
    let width = common.map_or(0, str::len);
    let lines = text.split('\n').map(|line| if blank(line) { "" } else { &line[width..] });
    lines.collect::<Vec<_>>().join("\n")
}

fn run_text(cx: &mut Context, main: Gc<Module>, bytes: &[u8], filename: &str) -> Result<()> {
    let code = compile(cx, bytes, filename)?;
    execute(cx, main, code)
}

fn compile(cx: &mut Context, bytes: &[u8], filename: &str) -> Result<Gc<Code>> {
    taipan_interp::compile::compile(cx, bytes, false, &Request::of_file(filename))
}

fn execute(cx: &mut Context, main: Gc<Module>, code: Gc<Code>) -> Result<()> {
    cx.audit("exec", |_| [code.value()])?;
    let dict = main.dict();
    call::execute(cx, code, dict, dict.value()).map(|_| ())
}

fn run_file(cx: &mut Context, main: Gc<Module>, file: &OsString) -> Result<()> {
    cx.audit("cpython.run_file", |cx| [import::text_of_path(cx, file)])?;
    let path = std::path::Path::new(file);
    if path.is_dir() {
        import::prepend_path(cx, file)?;
        return run_main_of(cx);
    }
    let directory = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let directory = directory.parent().map(|parent| parent.as_os_str().to_owned()).unwrap_or_default();
    if !taipan_interp::options().safe_path {
        import::prepend_path(cx, &directory)?;
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let text = absolute.to_string_lossy();
            eprintln!(
                "{}: can't open file '{text}': [Errno {}] {}",
                taipan_interp::options().executable.to_string_lossy(),
                error.raw_os_error().unwrap_or(0),
                import::error_text(&error)
            );
            return Err(exit(cx, 2));
        }
    };
    if is_compiled(path, &bytes) {
        return run_compiled(cx, main, file);
    }
    if is_archive(&bytes) {
        import::prepend_path(cx, file)?;
        return run_main_of(cx);
    }
    // As it was named, but from the root: it remains right when the program goes elsewhere.
    let file = match std::env::current_dir() {
        Ok(directory) => directory.join(file).into_os_string(),
        Err(_) => file.clone(),
    };
    let dict = main.dict();
    let (key, value) = (cx.intern("__file__"), import::text_of_path(cx, &file));
    dict.set_str(cx, key, value);
    let key = cx.intern("__cached__");
    dict.set_str(cx, key, Value::NONE);
    set_loader(cx, main, Some(value))?;
    let skipped = match taipan_interp::options().skip_first_line {
        // Its end stays, so that the other lines keep their numbers.
        true => bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len()),
        false => 0,
    };
    run_text(cx, main, &bytes[skipped..], &file.to_string_lossy())
}

/// Sets `__main__.__loader__`, for a file or for text from elsewhere. CPython: `set_main_loader`.
fn set_loader(cx: &mut Context, main: Gc<Module>, file: Option<Value>) -> Result<()> {
    if !import::is_complete() {
        return Ok(());
    }
    let loader = match file {
        None => {
            let importlib = cx.import("_frozen_importlib")?;
            cx.get_attr_str(importlib, "BuiltinImporter")?
        }
        Some(file) => {
            let importlib = cx.import("_frozen_importlib_external")?;
            let class = cx.get_attr_str(importlib, "SourceFileLoader")?;
            let name = cx.intern("__main__").value();
            cx.call(class, &[name, file])?
        }
    };
    let key = cx.intern("__loader__");
    main.dict().set_str(cx, key, loader);
    Ok(())
}

/// Runs statements from standard input in the main module.
fn interact(cx: &mut Context, how: &str) -> Result<()> {
    let namespace = import::main_module(cx).dict().value();
    let module = cx.import("_interactive")?;
    cx.call_method(module, how, &[namespace]).map(|_| ())
}

/// Is a file compiled code? CPython: `maybe_pyc_file`.
fn is_compiled(path: &std::path::Path, bytes: &[u8]) -> bool {
    path.extension().is_some_and(|extension| extension == "pyc") && bytes.get(2..4) == Some(b"\r\n")
}

/// Runs a file of compiled code. CPython: `run_pyc_file`.
fn run_compiled(cx: &mut Context, main: Gc<Module>, file: &OsStr) -> Result<()> {
    let absolute = std::path::absolute(file).map_or_else(|_| file.to_owned(), Into::into);
    let path = import::text_of_path(cx, &absolute);
    let dict = main.dict();
    for (name, value) in [("__file__", path), ("__cached__", Value::NONE)] {
        let name = cx.intern(name);
        dict.set_str(cx, name, value);
    }
    let importlib = cx.import("_frozen_importlib_external")?;
    let class = cx.get_attr_str(importlib, "SourcelessFileLoader")?;
    let name = cx.intern("__main__").value();
    let loader = cx.call(class, &[name, path])?;
    let key = cx.intern("__loader__");
    dict.set_str(cx, key, loader);
    let code = cx.call_method(loader, "get_code", &[name])?;
    match code.downcast::<Code>() {
        Some(code) => execute(cx, main, code),
        None => Err(cx.runtime_error("Bad code object in .pyc file")),
    }
}

/// Does a file end as a zip archive does?
fn is_archive(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(0x1_0016)..];
    end.windows(4).any(|window| window == b"PK\x05\x06")
}

/// The module `__main__` of the directory or archive at the head of `sys.path`, whose name `sys.argv` keeps.
fn run_main_of(cx: &mut Context) -> Result<()> {
    let runpy = cx.import("runpy")?;
    let name = cx.intern("__main__").value();
    cx.call_method(runpy, "_run_module_as_main", &[name, Value::FALSE]).map(|_| ())
}

/// `runpy` does it, as for any Python.
fn run_module(cx: &mut Context, name: &OsStr) -> Result<()> {
    cx.audit("cpython.run_module", |cx| [import::text_of_path(cx, name)])?;
    prepend_working_directory(cx, true)?;
    let runpy = cx.import("runpy")?;
    let name = import::text_of_path(cx, name);
    cx.call_method(runpy, "_run_module_as_main", &[name]).map(|_| ())
}

fn exit(cx: &Context, status: i64) -> Raised {
    let exception = cx.new_exception(taipan_runtime::exception::system_exit, &[Value::int(status)]);
    cx.raise(exception)
}
