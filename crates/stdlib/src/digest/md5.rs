//! `_md5`. CPython: `Modules/md5module.c`.
//!
//! Invariant: as for all hashes.

use ::md5::{Digest, Md5 as Hasher};
use taipan_runtime::prelude::*;

use super::hash_type;

hash_type!(Md5, "md5", "_md5", Hasher, "md5");

pub struct Md5Module;

#[module("_md5")]
impl Md5Module {
    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let class = Md5::class_cell().ensure(cx).value();
        module.dict().set_str(cx, cx.intern("MD5Type"), class);
        Ok(())
    }

    /// Return a new MD5 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn md5(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Md5>> {
        Md5::make(cx, data, usedforsecurity, string)
    }
}
