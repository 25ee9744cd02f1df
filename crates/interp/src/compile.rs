//! From source bytes to a code object: decoding, compiling, warnings and errors as Python sees them.
//! CPython: `Py_CompileStringObject`, `Parser/tokenizer/`.
//! Invariant: no Python runs while the parser is on the stack; warnings are issued afterwards.

use std::sync::Arc;

use taipan_compiler::{ErrorKind, Options, SyntaxError as Refusal};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::prelude::*;

pub use taipan_compiler::Mode;

use crate::types::code::Code;

/// How to compile.
#[derive(Clone, Debug)]
pub struct Request {
    /// `co_filename`.
    pub filename: String,
    /// What kind of text it is.
    pub mode: Mode,
    /// Future flags to start with.
    pub futures: u32,
    /// 0, 1 or 2.
    pub optimize: u8,
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
    pub top_level_await: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`.
    pub incomplete_input: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`.
    pub dont_imply_dedent: bool,
    /// The source is read from the file itself.
    pub file: bool,
    /// `PyCF_OPTIMIZED_AST`.
    pub optimized_ast: bool,
    /// `PyCF_TYPE_COMMENTS`.
    pub type_comments: bool,
    /// Minor version of the language whose syntax is asked for; negative: this one.
    pub feature_version: i32,
}

impl Request {
    /// The level that a tree is optimised for, if it is.
    fn optimized_tree(&self) -> Option<u8> {
        self.optimized_ast.then_some(self.optimize)
    }

    fn options(&self) -> Options {
        Options {
            mode: self.mode,
            filename: Arc::from(&*self.filename),
            optimize: self.optimize,
            flags: self.futures,
            top_level_await: self.top_level_await,
        }
    }

    /// For source in a file.
    pub fn of_file(filename: &str) -> Request {
        Request { filename: filename.to_owned(), file: true, ..Request::of_string(0) }
    }

    /// For source in a string, which inherits future flags.
    pub fn of_string(futures: u32) -> Request {
        Request {
            filename: "<string>".to_owned(),
            mode: Mode::Exec,
            futures,
            optimize: crate::options().optimize,
            top_level_await: false,
            incomplete_input: false,
            dont_imply_dedent: false,
            file: false,
            optimized_ast: false,
            type_comments: false,
            feature_version: -1,
        }
    }
}

/// Compiles source; `decoded` says that it is UTF-8 whatever its coding cookie says.
pub fn compile(cx: &mut Context, bytes: &[u8], decoded: bool, request: &Request) -> Result<Gc<Code>> {
    audit(cx, bytes, request)?;
    let text = text_of(cx, bytes, decoded, request)?;
    if let Some(refusal) = open_block(&text, request) {
        return Err(raise(cx, &refusal, request));
    }
    let compiled = taipan_compiler::compile(&text, &request.options());
    finish(cx, compiled, request)
}

/// The program's own file is not shown. CPython: `_PyParser_ASTFromString`, `_PyParser_ASTFromFile`.
fn audit(cx: &mut Context, bytes: &[u8], request: &Request) -> Result<()> {
    cx.audit("compile", |cx| {
        let source = if request.file { Value::NONE } else { cx.new_bytes(bytes).value() };
        [source, cx.new_str(&request.filename).value()]
    })
}

/// An interactive statement that no empty line ends.
fn open_block(text: &str, request: &Request) -> Option<Refusal> {
    if request.mode != Mode::Single {
        return None;
    }
    taipan_syntax::unended(&taipan_compiler::Source::new(text), !request.dont_imply_dedent)
}

/// Compiles a node of `ast`.
pub fn compile_node(cx: &mut Context, root: Value, request: &Request) -> Result<Gc<Code>> {
    cx.audit("compile", |_| [root, Value::NONE])?;
    let read = crate::tree::read::read(cx, root, request.mode)?;
    let compiled =
        taipan_compiler::compile_tree(&read.source, &read.tree, &read.constants, &request.options());
    finish(cx, compiled, request)
}

/// Issues the warnings and makes the code object.
fn finish(
    cx: &mut Context,
    compiled: std::result::Result<taipan_compiler::Compiled, Refusal>,
    request: &Request,
) -> Result<Gc<Code>> {
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(refusal) => return Err(raise(cx, &refusal, request)),
    };
    warn(cx, &compiled.warnings, request)?;
    Ok(Code::new(cx, compiled.code.into()))
}

/// Parses source into nodes of `ast`; without a mode, it is the type of a function.
pub fn parse(cx: &mut Context, bytes: &[u8], decoded: bool, mode: Option<Mode>, request: &Request) -> Result {
    audit(cx, bytes, request)?;
    let text = text_of(cx, bytes, decoded, request)?;
    if let Some(refusal) = open_block(&text, request).filter(|_| mode.is_some()) {
        return Err(raise(cx, &refusal, request));
    }
    let flufl = request.futures & taipan_bytecode::code_flag::FUTURE_BARRY_AS_BDFL != 0;
    let source =
        taipan_compiler::Source::new(&text).with_flufl(flufl).with_type_comments(request.type_comments);
    let Some(mode) = mode else {
        return match crate::tree::function_type(cx, &source)? {
            Ok(node) => Ok(node),
            Err(refusal) => Err(raise(cx, &refusal, request)),
        };
    };
    let tree = match taipan_syntax::parse_for(&source, mode, request.feature_version) {
        Ok(tree) => tree,
        Err(refusal) => return Err(raise(cx, &refusal, request)),
    };
    warn(cx, tree.warnings(), request)?;
    let builder = crate::tree::Builder::new(cx, &source)?.optimized(request.optimized_tree());
    let builder = builder.with_type_comments(tree.type_comments());
    let root = builder.root(cx, &tree, mode)?;
    if let Some(mut refusal) = tree.type_comments().misplaced(&source) {
        if mode == Mode::Eval && !text.ends_with('\n') {
            refusal.text = refusal.text.map(|line| line.trim_end_matches('\n').to_owned());
        }
        return Err(raise(cx, &refusal, request));
    }
    match builder.too_large() {
        None => Ok(root),
        Some(range) => Err(raise(cx, &taipan_compiler::too_many_digits(&source, range), request)),
    }
}

/// A node of `ast`, checked as for compilation, as new nodes; without a mode, it is the type of a function.
pub fn copy_node(cx: &mut Context, root: Value, mode: Option<Mode>, request: &Request) -> Result {
    let Some(mode) = mode else { return crate::tree::copy_function_type(cx, root) };
    let read = crate::tree::read::read(cx, root, mode)?;
    let builder = crate::tree::Builder::new(cx, &read.source)?.with_constants(&read.constants);
    builder.optimized(request.optimized_tree()).root(cx, &read.tree, mode)
}

/// Sets the most digits of integers that are converted from and to decimal text, literals among them.
pub fn set_digit_limit(limit: usize) {
    taipan_runtime::types::int::set_digit_limit(limit);
    taipan_compiler::set_digit_limit(limit);
}

/// Source bytes as text.
pub(crate) fn text_of(cx: &mut Context, bytes: &[u8], decoded: bool, request: &Request) -> Result<String> {
    match decoded {
        true => decoded_text(cx, bytes),
        false => crate::import::source::decode(cx, bytes, &request.filename, request.file),
    }
}

fn decoded_text(cx: &Context, bytes: &[u8]) -> Result<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(cx.value_error(format!("source is not valid text: {error}"))),
    }
}

/// Issues SyntaxWarnings; one that is an error becomes a SyntaxError at its place.
fn warn(cx: &mut Context, warnings: &[taipan_compiler::Warning], request: &Request) -> Result<()> {
    for warning in warnings {
        if let Err(raised) = issue(cx, &warning.message, &request.filename, warning.line) {
            cx.swallow(raised, hierarchy::syntax_warning)?;
            return Err(raise(cx, &warning.error, request));
        }
    }
    Ok(())
}

/// `warnings.warn_explicit(message, SyntaxWarning, filename, line)`, once warnings can be issued.
fn issue(cx: &mut Context, message: &str, filename: &str, line: u32) -> Result<()> {
    let name = cx.intern("_warnings");
    let Some(warnings) = cx.vm().modules().get_str(cx, name) else { return Ok(()) };
    let category = hierarchy::syntax_warning().ensure(cx).value();
    let args = [cx.new_str(message).value(), category, cx.new_str(filename).value(), Value::int(line as i64)];
    cx.call_method(warnings, "warn_explicit", &args).map(|_| ())
}

/// Raises what the compiler refused.
pub(crate) fn raise(cx: &mut Context, refusal: &Refusal, request: &Request) -> Raised {
    if let Err(raised) = warn(cx, &refusal.warnings, request) {
        return raised;
    }
    let class = match refusal.kind {
        _ if refusal.incomplete && request.incomplete_input => hierarchy::incomplete_input_error,
        ErrorKind::Syntax => hierarchy::syntax_error,
        ErrorKind::Indentation => hierarchy::indentation_error,
        ErrorKind::Tab => hierarchy::tab_error,
        ErrorKind::Incomplete if request.incomplete_input => hierarchy::incomplete_input_error,
        ErrorKind::Incomplete => hierarchy::syntax_error,
        ErrorKind::Recursion => return cx.recursion_error(&refusal.message),
        ErrorKind::Value => return cx.value_error(&refusal.message),
        ErrorKind::Overflow => return cx.overflow_error(&refusal.message),
        ErrorKind::Memory => return cx.raise_message(hierarchy::memory_error, &refusal.message),
    };
    let message = match refusal.incomplete && request.incomplete_input {
        true => "incomplete input",
        false => &refusal.message,
    };
    let message = cx.new_str(message).value();
    let placed = refusal.line != 0 || refusal.text.is_some();
    let (mut column, mut end_column) = (refusal.column, refusal.end_column);
    if let Some(text) = &refusal.text
        && refusal.incomplete
        && request.incomplete_input
        && (column, end_column) == (0, 0)
    {
        (column, end_column) = (text.trim_end_matches('\n').chars().count() as i32, -1);
    }
    let number = |number: i64| if placed { Value::int(number) } else { Value::NONE };
    let name = cx.new_str(&request.filename);
    let text = match &refusal.text {
        Some(text) => cx.new_str(text).value(),
        None => line_of_file(cx, name, refusal.line),
    };
    let place = [
        ("filename", name.value()),
        ("lineno", number(refusal.line.into())),
        ("offset", number(column.into())),
        ("text", text),
        ("end_lineno", number(refusal.end_line.into())),
        ("end_offset", number(end_column.into())),
    ];
    let class = class().ensure(cx).value();
    if refusal.bare || !placed {
        return raise_bare(cx, class, message, &place[..if placed { 6 } else { 0 }]);
    }
    let details = cx.new_tuple(&place.map(|(_, value)| value));
    let exception = match cx.call(class, &[message, details.value()]) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    if let Some((statement, text)) = &refusal.statement {
        let text = if request.file { Value::NONE } else { cx.new_str(text).value() };
        let (line, column) = (Value::int(statement.line.into()), Value::int(statement.column.into()));
        let metadata = cx.new_tuple(&[line, column, text]).value();
        if let Err(raised) = cx.set_attr_str(exception, "_metadata", metadata) {
            return raised;
        }
    }
    cx.raise(exception)
}

/// The place as attributes only.
fn raise_bare(cx: &mut Context, class: Value, message: Value, place: &[(&str, Value)]) -> Raised {
    let exception = match cx.call(class, &[message]) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    for (name, value) in place {
        let name = cx.intern(name);
        if let Err(raised) = cx.set_attr(exception, name, *value) {
            return raised;
        }
    }
    cx.raise(exception)
}

/// A line of the file, with its end, or None.
fn line_of_file(cx: &mut Context, filename: Gc<Str>, line: u32) -> Value {
    match crate::import::source::line_of_file(cx, filename, line as usize) {
        Some(mut text) => {
            text.push('\n');
            cx.new_str(&text).value()
        }
        None => Value::NONE,
    }
}
