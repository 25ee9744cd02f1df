//! How Rust becomes Python: definitions of functions, types and modules, argument binding, conversions.
//!
//! Invariant: one native calling convention. A binder runs before the native, from its static
//! `Signature`, and hands over a slice of fixed length (self first, `None` = absent, `*args` as tuple,
//! `**kwargs` as dict).

pub mod bind;
pub mod define;
pub mod from_arg;
pub mod into_value;

pub use bind::Args;
pub use define::{
    ClassDef, ConstantDef, DefaultText, ExceptionDef, FunctionDef, FunctionKind, GetSetDef, ModuleDef,
    NativeFn, NativeModule, Param, ParamKind, Signature,
};
pub use from_arg::{FromArg, Index, IntArg, Real};
pub use into_value::{IntoValue, SlotReturn};
