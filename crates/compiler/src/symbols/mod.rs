//! The symbol table: which scopes a module has, and where each name of a scope lives. CPython: `Python/symtable.c`.
//! Invariant: built and analysed completely before any code is generated; code generation only reads it.

mod analyze;
mod annotate;
mod build;
mod define;
mod expr;

use std::collections::{HashMap, HashSet};

use taipan_bytecode::Name;
use taipan_syntax::TextRange;

pub use analyze::analyze;
pub use build::build;

/// Index of a scope.
pub type ScopeId = usize;

/// What kind of block a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// A module, or an expression given to `eval`.
    Module,
    /// A class body.
    Class,
    /// A `def`.
    Function,
    /// A `lambda`.
    Lambda,
    /// A comprehension or generator expression.
    Comprehension(Comprehension),
    /// The `__annotate__` function of a module, class or function.
    Annotation,
    /// The scope around a generic function, class or alias in which its type parameters live.
    TypeParameters,
    /// The value of a `type` statement.
    TypeAlias,
    /// The bound, constraints or default of a type parameter.
    TypeVariable,
}

/// Which comprehension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comprehension {
    /// `[..]`.
    List,
    /// `{..}`.
    Set,
    /// `{..: ..}`.
    Dict,
    /// `(..)`.
    Generator,
}

impl ScopeKind {
    /// Do its local names live in registers?
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }
}

/// How a name is used in a scope; bits as in CPython's `DEF_` flags.
pub mod definition {
    /// `global` statement.
    pub const GLOBAL: u32 = 1;
    /// Assigned.
    pub const LOCAL: u32 = 2;
    /// Formal parameter.
    pub const PARAM: u32 = 4;
    /// `nonlocal` statement.
    pub const NONLOCAL: u32 = 8;
    /// Read.
    pub const USE: u32 = 16;
    /// Free variable that the class body itself binds as well: it only passes through.
    pub const FREE_CLASS: u32 = 64;
    /// Bound by an import.
    pub const IMPORT: u32 = 128;
    /// Annotated.
    pub const ANNOT: u32 = 256;
    /// Iteration variable of a comprehension.
    pub const COMP_ITER: u32 = 512;
    /// Type parameter.
    pub const TYPE_PARAM: u32 = 1024;
    /// Target of an assignment expression (ours: such a name may change in the middle of an expression).
    pub const WALRUS: u32 = 1 << 16;
    /// Target of `del` or `except .. as` (ours: may become unbound again).
    pub const DELETED: u32 = 1 << 17;
    /// Any kind of binding.
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// Where a name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not analysed yet.
    Unknown,
    /// In this scope.
    Local,
    /// `global` statement.
    GlobalExplicit,
    /// Not bound in any enclosing function.
    GlobalImplicit,
    /// In an enclosing function.
    Free,
    /// In this scope, and an inner function uses it.
    Cell,
}

/// A name of a scope.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// The name, mangled.
    pub name: Name,
    /// Bits of `definition`.
    pub flags: u32,
    /// Where it lives.
    pub place: Place,
}

/// A `global` or `nonlocal` statement's name, for error messages.
#[derive(Clone, Debug)]
pub struct Directive {
    /// The name, mangled.
    pub name: Name,
    /// The statement.
    pub range: TextRange,
}

/// A scope.
#[derive(Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// Its name: of the function or class, "top", "lambda", "genexpr", ...
    pub name: Name,
    /// The enclosing scope.
    pub parent: Option<ScopeId>,
    /// Scopes directly in it, in the order of the source.
    pub children: Vec<ScopeId>,
    /// All scopes in it as `symtable` shows them, those too of which no code is made.
    pub blocks: Vec<ScopeId>,
    /// Line of its first statement.
    pub line: u32,
    /// Its names, in the order in which they turned up.
    pub symbols: Vec<Symbol>,
    index: HashMap<Name, usize>,
    /// Parameters in register order.
    pub parameters: Vec<Name>,
    /// Class name for private names (`__x`).
    pub private: Option<Name>,
    /// If set, only these names are mangled (type parameters of a class).
    pub mangled: Option<HashSet<String>>,
    /// Inside a function.
    pub nested: bool,
    /// Contains `yield`.
    pub is_generator: bool,
    /// `async def`, or a comprehension that awaits.
    pub is_coroutine: bool,
    /// Is the comprehension's code part of the enclosing scope's?
    pub inlined: bool,
    /// Free variables that real closures inside need (analysis of inlined comprehensions).
    pub captured: HashSet<Name>,
    /// Sees the names of the class that it stands in (annotation scopes).
    pub can_see_class: bool,
    /// A class whose methods use `__class__` or `super`.
    pub needs_class_closure: bool,
    /// A class whose annotation scopes use its namespace.
    pub needs_classdict: bool,
    /// Has annotations that only exist once their statement ran.
    pub has_conditional_annotations: bool,
    /// Its `__annotate__` scope.
    pub annotations: Option<ScopeId>,
    /// Is the `__annotate__` scope of use (not only visited for errors)?
    pub annotations_used: bool,
    /// Has `*args`, `**kwargs`.
    pub varargs: bool,
    /// Has `**kwargs`.
    pub varkeywords: bool,
    /// What the scope is called in messages about its limits ("a TypeVar bound").
    pub described: &'static str,
    /// Analysis state while building: in the iterable of a comprehension, target of one.
    pub(crate) iter_target: bool,
    pub(crate) iter_expr: u32,
    pub(crate) conditional_depth: u32,
    /// Scopes around it.
    pub(crate) depth: u32,
    pub(crate) unevaluated: u32,
    pub(crate) directives: Vec<Directive>,
    /// Attributes assigned to `self` in methods (`__static_attributes__`), in order.
    pub static_attributes: Vec<Name>,
}

impl Scope {
    /// The symbol with this (mangled) name.
    pub fn lookup(&self, name: &str) -> Option<&Symbol> {
        self.index.get(name).map(|&i| &self.symbols[i])
    }

    pub(crate) fn lookup_mut(&mut self, name: &str) -> Option<&mut Symbol> {
        self.index.get(name).map(|&i| &mut self.symbols[i])
    }

    /// Adds bits to a name, which is created if it is new.
    pub(crate) fn define(&mut self, name: &Name, flags: u32) -> &mut Symbol {
        let at = *self.index.entry(name.clone()).or_insert_with(|| {
            self.symbols.push(Symbol { name: name.clone(), flags: 0, place: Place::Unknown });
            self.symbols.len() - 1
        });
        let symbol = &mut self.symbols[at];
        symbol.flags |= flags;
        symbol
    }
}

/// Which scope of a syntax node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its body.
    Body,
    /// Its type parameters.
    TypeParameters,
    /// Its annotations.
    Annotations,
    /// Default of a type parameter.
    Default,
}

/// All scopes of a module.
#[derive(Debug, Default)]
pub struct SymbolTable {
    /// The scopes; 0 is the module.
    pub scopes: Vec<Scope>,
    nodes: HashMap<(usize, Part), ScopeId>,
}

impl SymbolTable {
    /// The scope of a syntax node.
    pub fn of<T>(&self, node: &T, part: Part) -> ScopeId {
        self.nodes[&(std::ptr::from_ref(node).addr(), part)]
    }

    /// The scope of a syntax node, if it has one.
    pub fn get<T>(&self, node: &T, part: Part) -> Option<ScopeId> {
        self.nodes.get(&(std::ptr::from_ref(node).addr(), part)).copied()
    }
}

/// A private name as the class `private` sees it; other names as they are.
pub fn mangle(private: Option<&str>, name: &str) -> Option<String> {
    let class = private?.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return None;
    }
    Some(format!("_{class}{name}"))
}
