//! `_md5`, `_sha1`, `_sha2`, `_sha3` and `_blake2`: hashes of bytes. CPython: `Modules/md5module.c`, `sha1module.c`,
//! `sha2module.c`, `sha3module.c`, `blake2module.c`, `hashlib.h`.
//!
//! Invariant: an object's state is behind its lock; the bytes that are hashed are private or immutable, and no more than
//! a block of them is hashed under the lock.

pub mod blake2;
pub mod md5;
pub mod sha1;
pub mod sha2;
pub mod sha3;

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::ByteSource;

/// Bytes that are hashed at once, between two looks at what other threads want.
const BLOCK: usize = 64 << 10;

/// The bytes of an argument.
pub(crate) fn bytes_of(cx: &mut Context, data: Value) -> Result<ByteSource> {
    if data.downcast::<Str>().is_some() {
        return Err(cx.type_error("Strings must be encoded before hashing"));
    }
    if !cx.has_buffer(data) {
        return Err(cx.type_error("object supporting the buffer API required"));
    }
    cx.bytes_like(data)
}

/// What a constructor hashes at once: its `data`, or what was passed as `string`.
pub(crate) fn initial(
    cx: &mut Context,
    data: Option<Value>,
    string: Option<Value>,
) -> Result<Option<ByteSource>> {
    match (data, string) {
        (Some(_), Some(_)) => Err(cx.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for \
             removal in a future version.",
        )),
        (Some(data), None) | (None, Some(data)) => bytes_of(cx, data).map(Some),
        (None, None) => Ok(None),
    }
}

/// Passes `bytes` to `update` block by block.
pub(crate) fn in_blocks(
    cx: &mut Context,
    bytes: &[u8],
    mut update: impl FnMut(&Context, &[u8]),
) -> Result<()> {
    for block in bytes.chunks(BLOCK) {
        update(cx, block);
        cx.poll()?;
    }
    Ok(())
}

pub(crate) fn hex(cx: &Context, bytes: &[u8]) -> Gc<Str> {
    let digits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| b"0123456789abcdef"[usize::from(digit)])
        .collect();
    cx.new_ascii(&digits)
}

/// The type of a hash of fixed length that a function makes.
macro_rules! hash_type {
    ($body:ident, $type_name:tt, $module:tt, $hasher:ty, $name:literal) => {
        #[doc = concat!("Body of the ", $name, " object.")]
        #[derive(Trace)]
        pub struct $body {
            state: Guarded<Opaque<$hasher>>,
        }

        impl $body {
            /// A new object over its first bytes.
            fn make(
                cx: &mut Context,
                data: Option<Value>,
                usedforsecurity: bool,
                string: Option<Value>,
            ) -> Result<Gc<$body>> {
                let _ = usedforsecurity;
                let first = crate::digest::initial(cx, data, string)?;
                let this = cx.new_object($body { state: Guarded::new(Opaque(<$hasher>::default())) });
                if let Some(bytes) = first {
                    this.absorb(cx, &bytes)?;
                }
                Ok(this)
            }

            fn absorb(&self, cx: &mut Context, bytes: &[u8]) -> Result<()> {
                crate::digest::in_blocks(cx, bytes, |cx, block| self.state.lock(cx).0.update(block))
            }

            fn finish(&self, cx: &Context) -> Vec<u8> {
                let state = self.state.lock(cx).0.clone();
                state.finalize().to_vec()
            }
        }

        #[class(name = $type_name, module = $module, flags = DISALLOW_NEW)]
        impl $body {
            #[function("()")]
            fn copy(&self, cx: &mut Context) -> Gc<$body> {
                let state = self.state.lock(cx).0.clone();
                cx.new_object($body { state: Guarded::new(Opaque(state)) })
            }

            /// Return the digest value as a bytes object.
            #[function("()")]
            fn digest(&self, cx: &mut Context) -> Vec<u8> {
                self.finish(cx)
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[function("()")]
            fn hexdigest(&self, cx: &mut Context) -> Gc<Str> {
                let digest = self.finish(cx);
                crate::digest::hex(cx, &digest)
            }

            /// Update this hash object's state with the provided string.
            #[function("(obj, /)")]
            fn update(&self, cx: &mut Context, obj: Value) -> Result<()> {
                let bytes = crate::digest::bytes_of(cx, obj)?;
                self.absorb(cx, &bytes)
            }

            #[getter]
            fn block_size(&self) -> usize {
                <$hasher as ::sha2::digest::core_api::BlockSizeUser>::block_size()
            }

            #[getter]
            fn digest_size(&self) -> usize {
                <$hasher as ::sha2::Digest>::output_size()
            }

            #[getter]
            fn name(&self) -> &'static str {
                $name
            }
        }
    };
}
use hash_type;
