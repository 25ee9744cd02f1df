//! `_typing`: the types that `typing` does not define itself. CPython: `Modules/_typingmodule.c`.
//!
//! Invariant: the module adds nothing to the types of the runtime.

use taipan_runtime::prelude::*;
use taipan_runtime::types::typing::{
    Generic, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAlias, TypeVar, TypeVarTuple, no_default,
};
use taipan_runtime::types::union::Union;

/// The module.
pub struct Typing;

/// Primitives and accelerators for the typing module.
#[module(
    "_typing",
    classes(Generic, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAlias, TypeVar, TypeVarTuple, Union)
)]
impl Typing {
    #[function("(x, /)", name = "_idfunc")]
    fn idfunc(x: Value) -> Value {
        x
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let name = cx.intern("NoDefault");
        module.dict().set_str(cx, name, no_default(cx));
        Ok(())
    }
}
