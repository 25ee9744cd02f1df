//! Syntax tree to code: all of Python 3.14.
//! Invariant: pure. No heap, no unsafe, no Python runs; fails only by a `SyntaxError` (or a limit told as one).

mod annotations;
mod assemble;
mod assign;
mod assigned;
mod async_;
mod blocks;
mod call;
mod class;
mod compiler;
mod comprehension;
mod condition;
mod control;
mod display;
mod expr;
mod fold;
mod fstring;
mod function;
mod futures;
mod integer;
mod leaving;
mod lines;
mod lint;
mod match_;
mod names;
mod percent;
mod stmt;
pub mod symbols;
mod try_;
mod type_params;
mod unit;
mod unparse;
mod with_;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use taipan_bytecode::{Code, Const, Name, code_flag};
pub use taipan_syntax::{ErrorKind, Mode, Source, SyntaxError, Warning};
use taipan_syntax::{TextSize, Tree};

use crate::compiler::Compiler;
pub use crate::fold::{fold_number, number_literal, too_many_digits};
pub use crate::fstring::{field_text, without_comments};
pub use crate::integer::set_digit_limit;
pub use crate::percent::{FormatPart, format_parts, simple_format};
use crate::unit::Unit;

/// How to compile.
#[derive(Clone, Debug)]
pub struct Options {
    /// What kind of text it is.
    pub mode: Mode,
    /// `co_filename`.
    pub filename: Arc<str>,
    /// 0, 1 (`-O`: no assertions) or 2 (`-OO`: no docstrings either).
    pub optimize: u8,
    /// Future flags to start with (`code_flag::FUTURE_*`).
    pub flags: u32,
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
    pub top_level_await: bool,
}

impl Options {
    /// Plain compilation of a text in a mode.
    pub fn new(mode: Mode, filename: &str) -> Options {
        Options { mode, filename: Arc::from(filename), optimize: 0, flags: 0, top_level_await: false }
    }
}

/// Compiled code, and what to warn about.
#[derive(Debug)]
pub struct Compiled {
    /// The code of the module.
    pub code: Code,
    /// `SyntaxWarning`s, in the order of the compilation.
    pub warnings: Vec<Warning>,
}

/// Compiles text.
pub fn compile(text: &str, options: &Options) -> Result<Compiled, SyntaxError> {
    let flufl = options.flags & taipan_bytecode::code_flag::FUTURE_BARRY_AS_BDFL != 0;
    compile_source(&Source::new(text).with_flufl(flufl), options)
}

/// Compiles text that is prepared already.
pub fn compile_source(source: &Source, options: &Options) -> Result<Compiled, SyntaxError> {
    if source.text().contains('\0') {
        return Err(SyntaxError::plain("source code string cannot contain null bytes"));
    }
    let tree = taipan_syntax::parse(source, options.mode)?;
    compile_tree(source, &tree, &HashMap::new(), options)
}

/// Compiles a tree; `constants` has the values of number literals that stand for something else.
pub fn compile_tree(
    source: &Source,
    tree: &Tree,
    constants: &HashMap<TextSize, Const>,
    options: &Options,
) -> Result<Compiled, SyntaxError> {
    let mut warnings = tree.warnings().to_vec();
    warnings.extend(leaving::leaving_finally(source, tree.body()));
    match generate(source, tree, constants, options, &mut warnings) {
        Ok(code) => Ok(Compiled { code, warnings }),
        Err(error) => Err(SyntaxError { warnings, ..error }),
    }
}

fn generate(
    source: &Source,
    tree: &Tree,
    constants: &HashMap<TextSize, Const>,
    options: &Options,
    warnings: &mut Vec<Warning>,
) -> Result<Code, SyntaxError> {
    let all_futures = code_flag::FUTURE_ANNOTATIONS | 0xFE_0000;
    let future_flags = options.flags & all_futures | futures::scan(source, tree.body())?;
    let strings = future_flags & code_flag::FUTURE_ANNOTATIONS != 0;
    let mut table = symbols::build(source, tree.body(), tree.expression(), strings, options.top_level_await)?;
    symbols::analyze(&mut table, source)?;
    let name = Name::of_static("<module>");
    let compiler = Compiler {
        source,
        table: &table,
        constants,
        filename: options.filename.clone(),
        optimize: options.optimize,
        future_flags,
        interactive: options.mode == Mode::Single,
        top_level_await: options.top_level_await,
        unit: Unit::new(0, name.clone(), name, 1),
        outer: Vec::new(),
        warnings,
        quiet: false,
        not_constant: HashSet::new(),
        future_end: Default::default(),
        bodies: vec![tree.body()],
    };
    compiler.module(tree.body(), tree.expression())
}
