//! `_sha1`. CPython: `Modules/sha1module.c`.
//!
//! Invariant: as for all hashes.

use ::sha1::{Digest, Sha1 as Hasher};
use taipan_runtime::prelude::*;

use super::hash_type;

hash_type!(Sha1, "sha1", "_sha1", Hasher, "sha1");

pub struct Sha1Module;

#[module("_sha1")]
impl Sha1Module {
    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = Sha1::class_cell().ensure(cx).value();
        module.dict().set_str(cx, cx.intern("SHA1Type"), class);
        Ok(())
    }

    /// Return a new SHA1 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn sha1(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Sha1>> {
        Sha1::make(cx, data, usedforsecurity, string)
    }
}
