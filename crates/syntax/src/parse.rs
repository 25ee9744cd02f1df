//! Parsing. Invariant: a tree may be arbitrarily deep (`1+1+..`), and neither making nor dropping it overflows the stack.

use std::mem::ManuallyDrop;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{Expr, Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode as ParserMode, ParseOptions, UnsupportedSyntaxErrorKind, parse_unchecked};

use ruff_text_size::{Ranged, TextSize};

use crate::{ErrorKind, Source, SyntaxError, TypeComments, Warning, doubtful, nesting, refusal, scan};

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module: `exec`.
    Exec,
    /// An expression: `eval`.
    Eval,
    /// One interactive statement: `single`.
    Single,
}

/// A syntax tree.
pub struct Tree {
    syntax: ManuallyDrop<Mod>,
    depth_bound: usize,
    warnings: Vec<Warning>,
    type_comments: TypeComments,
}

impl Tree {
    /// A module that was not parsed; `length` is that of the text made up for it.
    pub fn of_module(body: Vec<Stmt>, length: usize) -> Tree {
        let module = ruff_python_ast::ModModule {
            node_index: Default::default(),
            range: Default::default(),
            body: body.into_iter().collect(),
        };
        Tree {
            syntax: ManuallyDrop::new(Mod::Module(module)),
            depth_bound: length,
            warnings: Vec::new(),
            type_comments: TypeComments::default(),
        }
    }

    /// An expression that was not parsed.
    pub fn of_expression(body: Expr, length: usize) -> Tree {
        let expression = ruff_python_ast::ModExpression {
            node_index: Default::default(),
            range: Default::default(),
            body: Box::new(body),
        };
        Tree {
            syntax: ManuallyDrop::new(Mod::Expression(expression)),
            depth_bound: length,
            warnings: Vec::new(),
            type_comments: TypeComments::default(),
        }
    }

    /// Statements of a module; empty for an expression.
    pub fn body(&self) -> &[Stmt] {
        match &*self.syntax {
            Mod::Module(module) => &module.body,
            Mod::Expression(_) => &[],
        }
    }

    /// What the text's tokens give reason to warn about.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The type comments, if they count.
    pub fn type_comments(&self) -> &TypeComments {
        &self.type_comments
    }

    /// The expression of `Mode::Eval`.
    pub fn expression(&self) -> Option<&Expr> {
        match &*self.syntax {
            Mod::Module(_) => None,
            Mod::Expression(expression) => Some(&expression.body),
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // The drop glue recurses per level. Nesting cannot exceed half the text's length.
        let stack = self.depth_bound * 128 + 64 * 1024;
        // `into_inner` through `take` would be unsafe; replacing the value by an empty module is not.
        let empty = Mod::Module(ruff_python_ast::ModModule {
            node_index: Default::default(),
            range: Default::default(),
            body: Default::default(),
        });
        let syntax = ManuallyDrop::into_inner(std::mem::replace(&mut self.syntax, ManuallyDrop::new(empty)));
        stacker::maybe_grow(stack, stack + 64 * 1024, move || drop(syntax));
    }
}

/// Parses text.
pub fn parse(source: &Source, mode: Mode) -> Result<Tree, SyntaxError> {
    parse_for(source, mode, -1)
}

/// Parses text of an older version of the language (3.minor); a negative number means this one.
pub fn parse_for(source: &Source, mode: Mode, minor: i32) -> Result<Tree, SyntaxError> {
    if source.text().len() > u32::MAX as usize / 2 {
        return Err(SyntaxError::plain("source code is too large"));
    }
    if let Some(offset) = nesting::too_deep(source.text()) {
        return Err(SyntaxError::at(source, "too many nested parentheses", offset, offset));
    }
    // The parser's crate would skip the mark, which belongs to encoded text alone.
    if source.text().starts_with('\u{feff}') {
        let start = TextSize::new(0);
        let mut error = SyntaxError::at(source, "invalid non-printable character U+FEFF", start, start);
        error.text = Some(source.line(1).to_owned());
        return Err(error);
    }
    let parser_mode = match mode {
        Mode::Exec | Mode::Single => ParserMode::Module,
        Mode::Eval => ParserMode::Expression,
    };
    let options = ParseOptions::from(parser_mode).with_target_version(version(minor));
    let text = crate::flufl::rewritten(source)?;
    let parsed = parse_unchecked(&text, options);
    if let Some(offset) = nesting::too_indented(source.text(), parsed.tokens()) {
        let error = SyntaxError::at(source, "too many levels of indentation", offset, offset);
        return Err(error.with_kind(ErrorKind::Indentation));
    }
    if let Some(first) = parsed.errors().first() {
        // `f((x)=1, y)`: the name is looked at before what follows it.
        let mut names = parsed.unsupported_syntax_errors().iter().filter(|error| {
            error.kind == UnsupportedSyntaxErrorKind::ParenthesizedKeywordArgumentName
                && error.range.end() < first.location.start()
        });
        if let Some(error) = names.find_map(|error| refusal::unsupported(source, error, parsed.tokens())) {
            return Err(error);
        }
        let mut error = refusal::explain(source, parsed.errors(), parsed.tokens(), mode);
        error.warnings = doubtful::warnings(source, parsed.tokens(), first.location.start());
        return Err(error);
    }
    // Of a line that begins with blanks and tabs, the parser's crate has another notion than CPython.
    if source.text().contains(" \t")
        && let Some(error) = crate::scan::tokenizer_error(source, TextSize::of(source.text()))
        && matches!(error.kind, ErrorKind::Indentation | ErrorKind::Tab)
    {
        return Err(error);
    }
    let mut newer = parsed.unsupported_syntax_errors().iter();
    if let Some(error) = newer.find_map(|error| refusal::unsupported(source, error, parsed.tokens())) {
        return Err(error);
    }
    if (0..13).contains(&minor)
        && let Some(error) = refusal::defaults_of_types(source, parsed.syntax(), parsed.tokens())
    {
        return Err(error);
    }
    if (0..6).contains(&minor)
        && let Some(error) = refusal::before_six(source, parsed.tokens(), minor)
    {
        return Err(error);
    }
    if let Some(error) = foreign_name(source, parsed.tokens()) {
        return Err(error);
    }
    let warnings = doubtful::warnings(source, parsed.tokens(), TextSize::of(source.text()));
    if mode == Mode::Single {
        let newline = parsed.tokens().iter().find(|token| token.kind() == TokenKind::Newline);
        let newline = newline.map_or(TextSize::of(source.text()), |token| token.start());
        let Mod::Module(module) = parsed.syntax() else { unreachable!("statements make a module") };
        if let Some(error) = refuse_interactive(source, &module.body, newline) {
            return Err(error);
        }
    }
    let depth_bound = source.text().len() / 2;
    let type_comments = match source.has_type_comments() {
        true => TypeComments::of(source, crate::comments::kinds(parsed.tokens())),
        false => TypeComments::default(),
    };
    Ok(Tree { syntax: ManuallyDrop::new(parsed.into_syntax()), depth_bound, warnings, type_comments })
}

/// The parser's crate may know letters that are younger than Python's.
fn foreign_name(source: &Source, tokens: &Tokens) -> Option<SyntaxError> {
    if source.text().is_ascii() {
        return None;
    }
    let known = |(index, c): (usize, char)| match index {
        0 => taipan_unicode::is_identifier_start(c as u32),
        _ => taipan_unicode::is_identifier_continue(c as u32),
    };
    let mut names = tokens.iter().filter(|token| token.kind() == TokenKind::Name);
    let foreign = names.find(|token| {
        let name = source.slice(token.range());
        !name.is_ascii() && (!name.chars().enumerate().all(known) || constant(name).is_some())
    })?;
    match constant(source.slice(foreign.range())) {
        Some(constant) => {
            let message = format!("identifier field can't represent '{constant}' constant");
            Some(SyntaxError::plain(&message).with_kind(ErrorKind::Value))
        }
        None => scan::tokenizer_error(source, foreign.start()),
    }
}

/// The constant that a name in other letters stands for, once it is normalised.
fn constant(name: &str) -> Option<&'static str> {
    let text: Vec<u32> = name.chars().map(u32::from).collect();
    let text = taipan_unicode::normalize(&text, taipan_unicode::Form::Nfkc)?;
    ["None", "True", "False"]
        .into_iter()
        .find(|constant| constant.chars().map(u32::from).eq(text.iter().copied()))
}

fn version(minor: i32) -> PythonVersion {
    match u8::try_from(minor) {
        Ok(minor @ 0..14) => PythonVersion { major: 3, minor: minor.max(7) },
        _ => PythonVersion::PY314,
    }
}

fn is_compound(stmt: &Stmt) -> bool {
    use Stmt::{ClassDef, For, FunctionDef, If, Match, Try, While, With};
    matches!(stmt, FunctionDef(_) | ClassDef(_) | For(_) | While(_) | If(_) | With(_) | Match(_) | Try(_))
}

/// Why an interactive compound statement has not ended: an empty line ends it, for which the end of the text stands only
/// if a block ends there and `dedent_implied` says so.
pub fn unended(source: &Source, dedent_implied: bool) -> Option<SyntaxError> {
    let text = source.text();
    if text.ends_with('\n') {
        return None;
    }
    let parsed = parse_unchecked(text, ParseOptions::from(ParserMode::Module));
    let Mod::Module(module) = parsed.syntax() else { return None };
    let [statement] = &module.body[..] else { return None };
    if !parsed.errors().is_empty() || !is_compound(statement) {
        return None;
    }
    use TokenKind::{Comment, Dedent, EndOfFile, Newline, NonLogicalNewline};
    let kinds = parsed.tokens().iter().rev().map(|token| token.kind());
    let mut last =
        kinds.take_while(|kind| matches!(kind, Comment | Dedent | EndOfFile | Newline | NonLogicalNewline));
    if dedent_implied && last.any(|kind| kind == Dedent) {
        return None;
    }
    let end = TextSize::of(text);
    let mut error = SyntaxError::at(source, "invalid syntax", end, end);
    (error.column, error.end_column) = (0, 0);
    error.incomplete = true;
    if let Some(text) = &mut error.text {
        text.truncate(text.trim_end_matches('\n').len());
    }
    Some(error)
}

/// Why a text is not one interactive statement; `newline` is where its first logical line ends.
fn refuse_interactive(source: &Source, body: &[Stmt], newline: TextSize) -> Option<SyntaxError> {
    let whole_line = |mut error: SyntaxError| {
        let open = error.line == source.line_count() && !source.text().ends_with('\n');
        if open && let Some(text) = &mut error.text {
            text.truncate(text.trim_end_matches('\n').len());
        }
        error
    };
    let Some(first) = body.first() else {
        let mut error = SyntaxError::at_start(source, "invalid syntax");
        (error.column, error.end_column) = (0, 0);
        if source.text().is_empty() {
            (error.line, error.end_line) = (0, 0);
            error.text = Some(String::new());
        }
        return Some(whole_line(error));
    };
    let second = body.get(1)?;
    if is_compound(first) {
        let length =
            source.text()[second.start().to_usize()..].find(|c: char| !c.is_alphanumeric() && c != '_');
        let end =
            length.map_or(TextSize::of(source.text()), |at| second.start() + TextSize::new(at.max(1) as u32));
        return Some(whole_line(SyntaxError::at(source, "invalid syntax", second.start(), end)));
    }
    if body.iter().all(|stmt| stmt.start() < newline) {
        return None;
    }
    let message = "multiple statements found while compiling a single statement";
    let mut error = SyntaxError::at(source, message, newline, newline);
    error.end_column = error.column + 1;
    Some(error)
}
