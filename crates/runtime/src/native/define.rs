//! The static tables that `#[class]` and `#[module]` write.
//!
//! Invariant: everything here is `'static` and plain; heap objects refer to it by `StaticRef`.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Layout;
use crate::types::type_::{ClassCell, StaticSlots};
use crate::value::Value;

/// The one native calling convention: bound arguments in the order of the signature, self first.
pub type NativeFn = fn(&mut Context, &[Option<Value>]) -> Result<Value>;

/// The short way of a native, for the commonest arguments: called straight from bytecode, without a frame, with the
/// arguments as they were passed by position (self first). None: the native itself is to be called, as if nothing had
/// happened.
///
/// It runs no Python, raises nothing, does not poll, allocates small cells only and has no way to panic. It gives what the
/// native would give: `-X specialize=0` runs the tests without it.
pub type QuickFn = fn(&Context, &[Option<Value>]) -> Option<Value>;

/// A string that stands for an argument which is not passed: made once, and kept.
pub struct DefaultText {
    text: &'static str,
    /// The string, 0 before it is first asked for.
    bits: AtomicU64,
}

impl DefaultText {
    pub const fn new(text: &'static str) -> DefaultText {
        DefaultText { text, bits: AtomicU64::new(0) }
    }

    /// The interned string.
    #[inline]
    pub fn get(&'static self, cx: &Context) -> Value {
        match Value::from_bits(self.bits.load(Ordering::Acquire)) {
            Some(value) => value,
            None => self.make(cx),
        }
    }

    #[cold]
    fn make(&'static self, cx: &Context) -> Value {
        let value = cx.intern(self.text).value();
        // Threads that meet here have the same string; one of them makes the word a root.
        if self.bits.compare_exchange(0, value.bits(), Ordering::AcqRel, Ordering::Acquire).is_ok() {
            taipan_gc::add_root(&self.bits);
        }
        value
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    PositionalOnly,
    Either,
    KeywordOnly,
    /// `*args`, bound to a tuple.
    VarArgs,
    /// `**kwargs`, bound to a dict.
    VarKeywords,
}

pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
    pub required: bool,
}

/// Parameters of a native function, without self.
pub struct Signature {
    /// As written: `(iterable, /, *, key=None)`; it is also `__text_signature__`.
    pub text: &'static str,
    pub params: &'static [Param],
    /// Number of leading parameters that may be passed by position.
    pub positional: u8,
    pub positional_only: u8,
    /// How many of the positional ones must be passed.
    pub required: u8,
    pub var_args: bool,
    pub var_keywords: bool,
    pub keyword_only: u8,
    /// A call that names no argument is bound as it is: no `*args`, no `**kwargs`, no keyword that must be given.
    pub by_position: bool,
    /// Messages do not name the function. CPython: `PyArg_ParseTuple` and `PyArg_ParseTupleAndKeywords` without a name.
    pub unnamed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// Takes self (a method) or nothing (a module's function).
    Plain,
    ClassMethod,
    StaticMethod,
}

pub struct FunctionDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub signature: Signature,
    pub kind: FunctionKind,
    /// Whether `call`'s first argument is self (or the class).
    pub takes_self: bool,
    pub call: NativeFn,
    pub quick: Option<QuickFn>,
}

pub struct GetSetDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub get: fn(&mut Context, Value) -> Result<Value>,
    /// `None` as value means delete.
    pub set: Option<fn(&mut Context, Value, Option<Value>) -> Result<()>>,
}

/// Setter of a `#[member]`: a field that only natives write.
pub fn read_only(cx: &mut Context, _this: Value, _value: Option<Value>) -> Result<()> {
    Err(cx.attribute_error_message("readonly attribute"))
}

pub struct ConstantDef {
    pub name: &'static str,
    pub value: fn(&mut Context) -> Result<Value>,
}

/// A native type.
pub struct ClassDef {
    pub name: &'static str,
    /// `__module__`, and the prefix of the qualified name.
    pub module: &'static str,
    pub doc: Option<&'static str>,
    pub layout: &'static Layout,
    pub base: Option<fn() -> &'static ClassCell>,
    pub functions: &'static [FunctionDef],
    pub getset: &'static [GetSetDef],
    pub constants: &'static [ConstantDef],
    pub slots: StaticSlots,
    /// Signature of the constructor, for `__text_signature__`.
    pub new_signature: Option<&'static str>,
    /// The short way of calling the class itself.
    pub quick: Option<QuickFn>,
    pub flags: u32,
}

/// An exception class that adds nothing to its base (`exception/hierarchy.rs` holds the rows).
pub struct ExceptionDef {
    pub name: &'static str,
    pub doc: &'static str,
}

/// A native module: fills a fresh namespace on each import.
pub struct ModuleDef {
    pub name: &'static str,
    pub doc: Option<&'static str>,
    pub functions: &'static [FunctionDef],
    pub constants: &'static [ConstantDef],
    /// Native types that the module exposes.
    pub classes: &'static [fn() -> &'static ClassCell],
    /// Runs last, for what the tables cannot say.
    pub exec: Option<fn(&mut Context, Value) -> Result<()>>,
}

/// Implemented by `#[module]`.
pub trait NativeModule {
    const DEF: &'static ModuleDef;
}
