//! `_hashlib.HASH` and `HASHXOF`. CPython: `EVP_*` in `Modules/_hashopenssl.c`.
//!
//! Invariant: an object of `HASHXOF` has an algorithm whose digest may have any length, one of `HASH` itself one of fixed length.

use taipan_runtime::prelude::*;

use super::algorithm::{Algorithm, State};
use crate::digest::{bytes_of, hex, in_blocks};

/// The body of both.
#[derive(Trace)]
pub struct Hash {
    algorithm: Opaque<&'static Algorithm>,
    state: Guarded<Opaque<Box<dyn State>>>,
}

impl Hash {
    pub(super) fn make(cx: &Context, algorithm: &'static Algorithm, state: Box<dyn State>) -> Gc<Hash> {
        let body = Hash { algorithm: Opaque(algorithm), state: Guarded::new(Opaque(state)) };
        match algorithm.is_extendable() {
            true => cx.new_instance(ExtendableHash::class_cell().ensure(cx), body),
            false => cx.new_object(body),
        }
    }

    pub(super) fn absorb(&self, cx: &mut Context, bytes: &[u8]) -> Result<()> {
        in_blocks(cx, bytes, |cx, block| self.state.lock(cx).0.update(block))
    }

    fn finish(&self, cx: &Context, length: usize) -> Vec<u8> {
        let state = self.state.lock(cx).0.copy();
        state.finish(length)
    }
}

/// A hash is an object used to calculate a checksum of a string of information.
///
/// Methods:
///
/// update() -- updates the current digest with an additional string
/// digest() -- return the current digest value
/// hexdigest() -- return the current digest as a string of hexadecimal digits
/// copy() -- return a copy of the current hash object
///
/// Attributes:
///
/// name -- the hash algorithm being used by this object
/// digest_size -- number of bytes in this hashes output
#[class(name = "HASH", module = "_hashlib", flags = BASETYPE | DISALLOW_NEW, text = "(name, string=b'')")]
impl Hash {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Gc<Str> {
        let class = cx.class_of(this.value()).full_name();
        cx.new_str(&format!("<{} {class} object @ {:#x}>", this.algorithm.name, this.address()))
    }

    /// Return a copy of the hash object.
    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Gc<Hash> {
        let state = self.state.lock(cx).0.copy();
        Hash::make(cx, self.algorithm.0, state)
    }

    /// Return the digest value as a bytes object.
    #[function("()")]
    fn digest(&self, cx: &mut Context) -> Vec<u8> {
        self.finish(cx, 0)
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[function("()")]
    fn hexdigest(&self, cx: &mut Context) -> Gc<Str> {
        let digest = self.finish(cx, 0);
        hex(cx, &digest)
    }

    /// Update this hash object's state with the provided string.
    #[function("(obj, /)")]
    fn update(&self, cx: &mut Context, obj: Value) -> Result<()> {
        let bytes = bytes_of(cx, obj)?;
        self.absorb(cx, &bytes)
    }

    #[getter]
    fn block_size(&self) -> usize {
        self.algorithm.block_size
    }

    #[getter]
    fn digest_size(&self) -> usize {
        self.algorithm.digest_size
    }

    #[getter]
    fn name(&self) -> &'static str {
        self.algorithm.name
    }
}

/// The class `HASHXOF`: its objects have the body of `HASH`.
#[derive(Trace)]
pub struct ExtendableHash {}

/// The hash that a digest of chosen length is of.
fn extendable(cx: &mut Context, this: Value) -> Result<Gc<Hash>> {
    match this.downcast::<Hash>() {
        Some(hash) => Ok(hash),
        None => Err(cx.type_error("a HASHXOF object is needed")),
    }
}

/// A hash is an object used to calculate a checksum of a string of information.
///
/// Methods:
///
/// update() -- updates the current digest with an additional string
/// digest(length) -- return the current digest value
/// hexdigest(length) -- return the current digest as a string of hexadecimal digits
/// copy() -- return a copy of the current hash object
///
/// Attributes:
///
/// name -- the hash algorithm being used by this object
/// digest_size -- number of bytes in this hashes output
#[class(name = "HASHXOF", module = "_hashlib", base = Hash, shares_layout, flags = BASETYPE | DISALLOW_NEW, text = "(name, string=b'')")]
impl ExtendableHash {
    /// Return the digest value as a bytes object.
    #[function("(length)")]
    fn digest(this: Gc<Self>, cx: &mut Context, length: isize) -> Result<Vec<u8>> {
        let hash = extendable(cx, this.value())?;
        let Ok(length) = usize::try_from(length) else {
            return Err(cx.system_error("Negative size passed to PyBytes_FromStringAndSize"));
        };
        drop(cx.zeroed_bytes(length)?);
        Ok(hash.finish(cx, length))
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[function("(length)")]
    fn hexdigest(this: Gc<Self>, cx: &mut Context, length: isize) -> Result<Gc<Str>> {
        let hash = extendable(cx, this.value())?;
        let Ok(length) = usize::try_from(length) else { return Err(cx.memory_error()) };
        drop(cx.zeroed_bytes(length.saturating_mul(2))?);
        let digest = hash.finish(cx, length);
        Ok(hex(cx, &digest))
    }

    #[getter]
    fn digest_size(&self) -> usize {
        0
    }
}
