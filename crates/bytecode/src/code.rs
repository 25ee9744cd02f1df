//! What compiled code is: plain data, immutable, shared. CPython's counterpart: `PyCodeObject`.
//! Invariant: code made by the compiler passes `verify`; code from anywhere else has to, before it runs.

use crate::{Const, FileName, LocationTable, Name};

/// Compiled code of a module, class body, function, lambda, generator expression or annotation scope.
#[derive(Clone, Debug)]
pub struct Code {
    /// `co_name`.
    pub name: Name,
    /// `co_qualname`.
    pub qualname: Name,
    /// `co_filename`.
    pub filename: FileName,
    /// `co_firstlineno`.
    pub first_line: u32,
    /// `co_flags`, see `code_flag`.
    pub flags: u32,
    /// `co_posonlyargcount`.
    pub posonly_count: u32,
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub arg_count: u32,
    /// `co_kwonlyargcount`.
    pub kwonly_count: u32,
    /// Registers that a frame needs, call windows included.
    pub nregs: u32,
    /// What registers 0.. are: parameters, other locals, cell-only locals, free variables (in closure order).
    pub locals: Box<[Local]>,
    /// Variables of inlined comprehensions.
    pub hidden: Box<[HiddenRange]>,
    /// First part of the pool: names (`co_names`).
    pub names: Box<[Name]>,
    /// Second part of the pool (`co_consts`). If `has_docstring`, the first is the docstring.
    pub consts: Box<[Const]>,
    /// The instructions.
    pub words: Box<[u32]>,
    /// Handlers, inner before outer where they overlap: the first row that covers a pc counts.
    pub exceptions: Box<[ExceptionRow]>,
    /// Source positions.
    pub locations: LocationTable,
    /// Inline caches: `ic` numbers are below this (or `NO_CACHE`).
    pub ic_count: u32,
    /// Is the first constant the docstring of the function?
    pub has_docstring: bool,
}

/// A variable that has a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// How it is kept.
    pub kind: LocalKind,
}

/// How a variable is kept in its register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LocalKind {
    /// The value itself.
    Fast,
    /// A cell of this frame.
    Cell,
    /// A cell of an enclosing frame.
    Free,
}

/// A variable of an inlined comprehension: it lives in a temporary, and `locals()` sees it only inside its range.
/// Those of inner comprehensions precede those of outer ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenRange {
    /// Its name.
    pub name: Name,
    /// Its register.
    pub register: u32,
    /// Does the register hold a cell?
    pub cell: bool,
    /// First word.
    pub start: u32,
    /// The word after the last.
    pub end: u32,
}

/// A handler: on an exception in `start..end`, R[exc] = the exception, and control goes to `handler`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionRow {
    /// First covered word.
    pub start: u32,
    /// The word after the last.
    pub end: u32,
    /// Where to go.
    pub handler: u32,
    /// Register that receives the exception.
    pub exc: u32,
}

/// `co_flags`.
pub mod code_flag {
    /// Locals are in registers.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes a new namespace.
    pub const NEWLOCALS: u32 = 0x2;
    /// Has `*args`.
    pub const VARARGS: u32 = 0x4;
    /// Has `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// Is nested in a function.
    pub const NESTED: u32 = 0x10;
    /// Generator function.
    pub const GENERATOR: u32 = 0x20;
    /// Coroutine function.
    pub const COROUTINE: u32 = 0x80;
    /// Generator function that may be awaited (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// Async generator function.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import division` and the others.
    pub const FUTURE_DIVISION: u32 = 0x20000;
    /// `absolute_import`.
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x40000;
    /// `with_statement`.
    pub const FUTURE_WITH_STATEMENT: u32 = 0x80000;
    /// `print_function`.
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x100000;
    /// `unicode_literals`.
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x200000;
    /// `barry_as_FLUFL`.
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x400000;
    /// `generator_stop`.
    pub const FUTURE_GENERATOR_STOP: u32 = 0x800000;
    /// `annotations`.
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x4000000;
    /// Defined in a class body.
    pub const METHOD: u32 = 0x8000000;
}

/// What a pool index means.
#[derive(Clone, Copy, Debug)]
pub enum Pooled<'a> {
    /// An interned name.
    Name(&'a Name),
    /// A constant.
    Const(&'a Const),
}

impl Code {
    /// The entry of the pool with this index.
    pub fn pool(&self, index: u32) -> Option<Pooled<'_>> {
        let index = index as usize;
        match self.names.get(index) {
            Some(name) => Some(Pooled::Name(name)),
            None => self.consts.get(index - self.names.len()).map(Pooled::Const),
        }
    }

    /// Entries of the pool.
    pub fn pool_len(&self) -> usize {
        self.names.len() + self.consts.len()
    }

    /// Registers that parameters take.
    pub fn parameter_count(&self) -> u32 {
        use code_flag::{VARARGS, VARKEYWORDS};
        let stars = (self.flags & VARARGS != 0) as u32 + (self.flags & VARKEYWORDS != 0) as u32;
        self.arg_count + self.kwonly_count + stars
    }

    /// Registers and names of the free variables, in closure order.
    pub fn free_variables(&self) -> impl Iterator<Item = (u32, &Name)> {
        self.locals
            .iter()
            .enumerate()
            .filter(|(_, l)| l.kind == LocalKind::Free)
            .map(|(i, l)| (i as u32, &l.name))
    }

    /// The line that a frame is at when it starts: the code of a module begins before its first line.
    pub fn head_line(&self) -> u32 {
        if &*self.name == "<module>" { 0 } else { self.first_line }
    }

    /// An empty module: all of it is on the line before the first.
    pub fn is_bare(&self) -> bool {
        self.head_line() == 0 && self.locations.runs().all(|(_, _, at)| at.line == 0)
    }

    /// The offset that a frame shows when it starts. No instruction is there, unless the first one is on the same line.
    pub fn head_offset(&self) -> i64 {
        let first = self.locations.runs().next();
        if first.is_some_and(|(_, _, at)| at.line == self.head_line()) { 0 } else { -2 }
    }

    /// The handler for an exception raised by the instruction at `pc`.
    pub fn handler_for(&self, pc: u32) -> Option<&ExceptionRow> {
        self.exceptions.iter().find(|row| row.start <= pc && pc < row.end)
    }
}
