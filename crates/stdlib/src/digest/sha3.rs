//! `_sha3`: SHA-3 and its functions of any output length. CPython: `Modules/sha3module.c`.
//!
//! Invariant: as for all hashes.

use ::sha3::digest::{ExtendableOutput, Update, XofReader};
use ::sha3::{Digest, Sha3_224, Sha3_256, Sha3_384, Sha3_512, Shake128, Shake256};
use taipan_runtime::prelude::*;

/// Bits of the whole state; what is not rate is capacity.
const STATE_BITS: usize = 1600;

/// The longest output that may be asked for.
const LONGEST: usize = 1 << 29;

macro_rules! sha3_type {
    ($body:ident, $name:tt, $hasher:ty, $rate:literal, $size:literal, $doc:literal, $suffix:literal, { $($output:tt)* }) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        pub struct $body {
            state: Guarded<Opaque<$hasher>>,
        }

        impl $body {
            fn absorb(&self, cx: &mut Context, bytes: &[u8]) -> Result<()> {
                super::in_blocks(cx, bytes, |cx, block| Update::update(&mut self.state.lock(cx).0, block))
            }
        }

        #[doc = $doc]
        #[class(name = $name, module = "_sha3")]
        impl $body {
            #[new("(data=<absent>, *, usedforsecurity=True, string=<absent>)")]
            fn new(
                cx: &mut Context,
                class: Gc<Class>,
                data: Option<Value>,
                usedforsecurity: bool,
                string: Option<Value>,
            ) -> Result<Gc<Self>> {
                let _ = usedforsecurity;
                let first = super::initial(cx, data, string)?;
                let this = cx.new_instance(class, $body { state: Guarded::new(Opaque(<$hasher>::default())) });
                if let Some(bytes) = first {
                    this.absorb(cx, &bytes)?;
                }
                Ok(this)
            }

            /// Return a copy of the hash object.
            #[function("()")]
            fn copy(&self, cx: &mut Context) -> Gc<$body> {
                let state = self.state.lock(cx).0.clone();
                cx.new_object($body { state: Guarded::new(Opaque(state)) })
            }

            $($output)*

            /// Update this hash object's state with the provided bytes-like object.
            #[function("(data, /)")]
            fn update(&self, cx: &mut Context, data: Value) -> Result<()> {
                let bytes = super::bytes_of(cx, data)?;
                self.absorb(cx, &bytes)
            }

            #[getter]
            fn block_size(&self) -> usize {
                $rate / 8
            }

            #[getter]
            fn digest_size(&self) -> usize {
                $size
            }

            #[getter]
            fn name(&self) -> &'static str {
                $name
            }

            #[getter(name = "_capacity_bits")]
            fn capacity_bits(&self) -> usize {
                STATE_BITS - $rate
            }

            #[getter(name = "_rate_bits")]
            fn rate_bits(&self) -> usize {
                $rate
            }

            #[getter(name = "_suffix")]
            fn suffix(&self) -> &'static [u8] {
                $suffix
            }
        }
    };
}

macro_rules! fixed {
    ($body:ident, $name:tt, $hasher:ty, $rate:literal, $size:literal) => {
        sha3_type!($body, $name, $hasher, $rate, $size, "Return a new SHA3 hash object.", b"\x06", {
            /// Return the digest value as a bytes object.
            #[function("()")]
            fn digest(&self, cx: &mut Context) -> Vec<u8> {
                self.state.lock(cx).0.clone().finalize().to_vec()
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[function("()")]
            fn hexdigest(&self, cx: &mut Context) -> Gc<Str> {
                let digest = self.digest(cx);
                super::hex(cx, &digest)
            }
        });
    };
}

macro_rules! extendable {
    ($body:ident, $name:tt, $hasher:ty, $rate:literal) => {
        sha3_type!($body, $name, $hasher, $rate, 0, "Return a new SHAKE hash object.", b"\x1f", {
            /// Return the digest value as a bytes object.
            #[function("(length)")]
            fn digest(&self, cx: &mut Context, length: Length) -> Vec<u8> {
                let mut digest = vec![0; length.0];
                self.state.lock(cx).0.clone().finalize_xof().read(&mut digest);
                digest
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[function("(length)")]
            fn hexdigest(&self, cx: &mut Context, length: Length) -> Gc<Str> {
                let digest = self.digest(cx, length);
                super::hex(cx, &digest)
            }
        });
    };
}

/// The output length of an extendable hash.
struct Length(usize);

impl FromArg for Length {
    fn from_arg(cx: &mut Context, value: Value, _: &'static str) -> Result<Self> {
        let wide = cx.index_i128(value)?;
        match usize::try_from(wide) {
            Ok(length) if length < LONGEST => Ok(Length(length)),
            Ok(_) => Err(cx.value_error("length is too large")),
            Err(_) if wide < 0 => Err(cx.value_error("Cannot convert negative int")),
            Err(_) => Err(cx.overflow_error("Python int too large for C unsigned long")),
        }
    }
}

fixed!(Hash224, "sha3_224", Sha3_224, 1152, 28);
fixed!(Hash256, "sha3_256", Sha3_256, 1088, 32);
fixed!(Hash384, "sha3_384", Sha3_384, 832, 48);
fixed!(Hash512, "sha3_512", Sha3_512, 576, 64);
extendable!(ExtendableHash128, "shake_128", Shake128, 1344);
extendable!(ExtendableHash256, "shake_256", Shake256, 1088);

pub struct Sha3Module;

#[module("_sha3", classes(Hash224, Hash256, Hash384, Hash512, ExtendableHash128, ExtendableHash256))]
impl Sha3Module {
    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;
    #[constant(name = "implementation")]
    const IMPLEMENTATION: &'static str = "RustCrypto";
}
