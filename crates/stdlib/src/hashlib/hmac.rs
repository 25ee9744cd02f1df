//! `_hashlib.HMAC` (RFC 2104). CPython: `_hashlib_HMAC_*` in `Modules/_hashopenssl.c`.
//!
//! Invariant: the two states begin with the padded key; the key itself is not kept.

use taipan_runtime::prelude::*;

use super::algorithm::{Algorithm, State};
use crate::digest::{bytes_of, hex, in_blocks};

/// A message's authentication code in progress.
pub(super) struct Code {
    algorithm: &'static Algorithm,
    inner: Box<dyn State>,
    outer: Box<dyn State>,
}

impl Code {
    pub(super) fn new(algorithm: &'static Algorithm, key: &[u8]) -> Code {
        let mut block = vec![0; algorithm.block_size];
        if key.len() > block.len() {
            let mut state = (algorithm.start)();
            state.update(key);
            let short = state.finish(algorithm.digest_size);
            block[..short.len()].copy_from_slice(&short);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let padded = |with: u8| {
            let mut state = (algorithm.start)();
            state.update(&block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>());
            state
        };
        Code { algorithm, inner: padded(0x36), outer: padded(0x5c) }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    pub(super) fn finish(&self) -> Vec<u8> {
        let mut outer = self.outer.copy();
        outer.update(&self.inner.finish(self.algorithm.digest_size));
        outer.finish(self.algorithm.digest_size)
    }

    fn copy(&self) -> Code {
        Code { algorithm: self.algorithm, inner: self.inner.copy(), outer: self.outer.copy() }
    }
}

/// The body of `HMAC`.
#[derive(Trace)]
pub struct Hmac {
    algorithm: Opaque<&'static Algorithm>,
    code: Guarded<Opaque<Code>>,
}

impl Hmac {
    pub(super) fn make(cx: &mut Context, algorithm: &'static Algorithm, key: &[u8]) -> Result<Gc<Hmac>> {
        if algorithm.is_extendable() {
            return Err(cx.value_error("no reason supplied"));
        }
        let code = Code::new(algorithm, key);
        Ok(cx.new_object(Hmac { algorithm: Opaque(algorithm), code: Guarded::new(Opaque(code)) }))
    }

    pub(super) fn absorb(&self, cx: &mut Context, message: Value) -> Result<()> {
        let bytes = bytes_of(cx, message)?;
        in_blocks(cx, &bytes, |cx, block| self.code.lock(cx).0.update(block))
    }

    fn finish(&self, cx: &Context) -> Vec<u8> {
        let code = self.code.lock(cx).0.copy();
        code.finish()
    }
}

/// The object used to calculate HMAC of a message.
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
/// name -- the name, including the hash algorithm used by this object
/// digest_size -- number of bytes in digest() output
#[class(name = "HMAC", module = "_hashlib", flags = DISALLOW_NEW)]
impl Hmac {
    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Gc<Str> {
        cx.new_str(&format!("<{} HMAC object @ {:#x}>", this.algorithm.name, this.address()))
    }

    /// Return a copy ("clone") of the HMAC object.
    #[function("()")]
    fn copy(&self, cx: &mut Context) -> Gc<Hmac> {
        let code = self.code.lock(cx).0.copy();
        cx.new_object(Hmac { algorithm: Opaque(self.algorithm.0), code: Guarded::new(Opaque(code)) })
    }

    /// Update the HMAC object with msg.
    #[function("(msg)")]
    fn update(&self, cx: &mut Context, msg: Value) -> Result<()> {
        self.absorb(cx, msg)
    }

    /// Return the digest of the bytes passed to the update() method so far.
    #[function("()")]
    fn digest(&self, cx: &mut Context) -> Vec<u8> {
        self.finish(cx)
    }

    /// Return hexadecimal digest of the bytes passed to the update() method so far.
    ///
    /// This may be used to exchange the value safely in email or other
    /// non-binary environments.
    #[function("()")]
    fn hexdigest(&self, cx: &mut Context) -> Gc<Str> {
        let digest = self.finish(cx);
        hex(cx, &digest)
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
    fn name(&self) -> String {
        format!("hmac-{}", self.algorithm.name)
    }
}
