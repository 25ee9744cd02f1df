//! Parsing. Invariant: a tree may be arbitrarily deep (`1+1+..`), and neither making nor dropping it overflows the stack.

use std::mem::ManuallyDrop;

use ruff_python_ast::{Expr, Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode as ParserMode, ParseOptions, parse_unchecked};

use crate::{ErrorKind, Source, SyntaxError, nesting, refusal};

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
}

impl Tree {
    /// A module that was not parsed; `length` is that of the text made up for it.
    pub fn of_module(body: Vec<Stmt>, length: usize) -> Tree {
        let module = ruff_python_ast::ModModule {
            node_index: Default::default(),
            range: Default::default(),
            body: body.into_iter().collect(),
        };
        Tree { syntax: ManuallyDrop::new(Mod::Module(module)), depth_bound: length }
    }

    /// An expression that was not parsed.
    pub fn of_expression(body: Expr, length: usize) -> Tree {
        let expression = ruff_python_ast::ModExpression {
            node_index: Default::default(),
            range: Default::default(),
            body: Box::new(body),
        };
        Tree { syntax: ManuallyDrop::new(Mod::Expression(expression)), depth_bound: length }
    }

    /// Statements of a module; empty for an expression.
    pub fn body(&self) -> &[Stmt] {
        match &*self.syntax {
            Mod::Module(module) => &module.body,
            Mod::Expression(_) => &[],
        }
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
    let parser_mode = match mode {
        Mode::Exec | Mode::Single => ParserMode::Module,
        Mode::Eval => ParserMode::Expression,
    };
    let options = ParseOptions::from(parser_mode).with_target_version(version(minor));
    let parsed = parse_unchecked(source.text(), options);
    if let Some(offset) = nesting::too_indented(source.text(), parsed.tokens()) {
        let error = SyntaxError::at(source, "too many levels of indentation", offset, offset);
        return Err(error.with_kind(ErrorKind::Indentation));
    }
    if !parsed.errors().is_empty() {
        return Err(refusal::explain(source, parsed.errors(), parsed.tokens()));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(refusal::unsupported(source, error));
    }
    let depth_bound = source.text().len() / 2;
    let tree = Tree { syntax: ManuallyDrop::new(parsed.into_syntax()), depth_bound };
    if mode == Mode::Single && tree.body().len() > 1 && !one_simple_line(source, tree.body()) {
        return Err(SyntaxError::at_start(
            source,
            "multiple statements found while compiling a single statement",
        ));
    }
    Ok(tree)
}

fn version(minor: i32) -> PythonVersion {
    match u8::try_from(minor) {
        Ok(minor @ 0..14) => PythonVersion { major: 3, minor: minor.max(7) },
        _ => PythonVersion::PY314,
    }
}

/// Do all statements stand on one logical line (`a; b; c`)?
fn one_simple_line(source: &Source, body: &[Stmt]) -> bool {
    use ruff_text_size::Ranged;
    let compound = |stmt: &Stmt| {
        use Stmt::*;
        matches!(stmt, FunctionDef(_) | ClassDef(_) | For(_) | While(_) | If(_) | With(_) | Match(_) | Try(_))
    };
    body.windows(2).all(|pair| {
        let between = &source.text()[pair[0].end().to_usize()..pair[1].start().to_usize()];
        !compound(&pair[0]) && between.contains(';') && !between.contains('\n')
    })
}
