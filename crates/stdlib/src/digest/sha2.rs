//! `_sha2`. CPython: `Modules/sha2module.c`.
//!
//! Invariant: as for all hashes.

use ::sha2::Digest;
use taipan_runtime::prelude::*;

use super::hash_type;

hash_type!(Sha224, "SHA224Type", "_sha2", ::sha2::Sha224, "sha224");
hash_type!(Sha256, "SHA256Type", "_sha2", ::sha2::Sha256, "sha256");
hash_type!(Sha384, "SHA384Type", "_sha2", ::sha2::Sha384, "sha384");
hash_type!(Sha512, "SHA512Type", "_sha2", ::sha2::Sha512, "sha512");

pub struct Sha2Module;

#[module("_sha2", classes(Sha224, Sha256, Sha384, Sha512))]
impl Sha2Module {
    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;

    /// Return a new SHA-224 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn sha224(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Sha224>> {
        Sha224::make(cx, data, usedforsecurity, string)
    }

    /// Return a new SHA-256 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn sha256(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Sha256>> {
        Sha256::make(cx, data, usedforsecurity, string)
    }

    /// Return a new SHA-384 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn sha384(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Sha384>> {
        Sha384::make(cx, data, usedforsecurity, string)
    }

    /// Return a new SHA-512 hash object; optionally initialized with a string.
    #[function(
        "(data=<absent>, *, usedforsecurity=True, string=<absent>)",
        text = "(data=b'', *, usedforsecurity=True, string=None)"
    )]
    fn sha512(
        cx: &mut Context,
        data: Option<Value>,
        usedforsecurity: bool,
        string: Option<Value>,
    ) -> Result<Gc<Sha512>> {
        Sha512::make(cx, data, usedforsecurity, string)
    }
}
