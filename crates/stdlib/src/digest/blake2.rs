//! `_blake2`: BLAKE2b and BLAKE2s with all their parameters. CPython: `Modules/blake2module.c`, RFC 7693.
//!
//! Invariant: as for all hashes.

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::buffer::ByteSource;

/// What the constructor was given, in range.
struct Settings {
    digest_size: usize,
    key: ByteSource,
    salt: ByteSource,
    person: ByteSource,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

/// The constructor's arguments as they came.
struct Given {
    digest_size: isize,
    key: Option<Value>,
    salt: Option<Value>,
    person: Option<Value>,
    fanout: isize,
    depth: isize,
    leaf_size: Value,
    node_offset: Value,
    node_depth: isize,
    inner_size: isize,
    last_node: bool,
}

/// The largest sizes of a variant.
struct Limits {
    title: &'static str,
    digest: usize,
    salt: usize,
    /// The largest offset of a node, which BLAKE2s stores in six bytes.
    node_offset: u64,
}

impl Given {
    fn checked(self, cx: &mut Context, limits: &Limits) -> Result<Settings> {
        let most = limits.digest;
        let digest_size = match usize::try_from(self.digest_size) {
            Ok(size) if (1..=most).contains(&size) => size,
            _ => {
                let (title, size) = (limits.title, self.digest_size);
                let message =
                    format!("digest_size for {title} must be between 1 and {most} bytes, here it is {size}");
                return Err(cx.value_error(message));
            }
        };
        let salt = short_bytes(cx, self.salt, limits.salt, "salt")?;
        let person = short_bytes(cx, self.person, limits.salt, "person")?;
        let fanout = small(cx, self.fanout, 0, "fanout")?;
        let depth = small(cx, self.depth, 1, "depth")?;
        let leaf_size = unsigned(cx, self.leaf_size, "Python int too large for C unsigned long")?;
        let Ok(leaf_size) = u32::try_from(leaf_size) else {
            return Err(cx.overflow_error("leaf_size is too large"));
        };
        let node_offset = unsigned(cx, self.node_offset, "Python int too large for C unsigned long long")?;
        if node_offset > limits.node_offset {
            return Err(cx.overflow_error("node_offset is too large"));
        }
        let node_depth = small(cx, self.node_depth, 0, "node_depth")?;
        let inner_size = match usize::try_from(self.inner_size) {
            Ok(size) if size <= most => size,
            _ => return Err(cx.value_error(format!("inner_size must be between 0 and is {most}"))),
        };
        let key = short_bytes(cx, self.key, most, "key")?;
        let last_node = self.last_node;
        Ok(Settings {
            digest_size,
            key,
            salt,
            person,
            fanout,
            depth,
            leaf_size,
            node_offset,
            node_depth,
            inner_size,
            last_node,
        })
    }
}

fn short_bytes(cx: &mut Context, value: Option<Value>, most: usize, name: &str) -> Result<ByteSource> {
    let Some(value) = value else { return Ok(ByteSource::Copied(Vec::new())) };
    let bytes = cx.bytes_like(value)?;
    if bytes.len() > most {
        let name = if name == "key" { "key length" } else { &format!("{name} length") };
        return Err(cx.value_error(format!("maximum {name} is {most} bytes")));
    }
    Ok(bytes)
}

fn small(cx: &Context, value: isize, least: u8, name: &str) -> Result<u8> {
    match u8::try_from(value) {
        Ok(value) if value >= least => Ok(value),
        _ => Err(cx.value_error(format!("{name} must be between {least} and 255"))),
    }
}

fn unsigned(cx: &mut Context, value: Value, too_large: &str) -> Result<u64> {
    let wide = cx.index_i128(value)?;
    match u64::try_from(wide) {
        Ok(value) => Ok(value),
        Err(_) if wide < 0 => Err(cx.value_error("Cannot convert negative int")),
        Err(_) => Err(cx.overflow_error(too_large)),
    }
}

macro_rules! blake2_type {
    ($body:ident, $name:tt, $crate_name:ident, $limits:ident, $text:literal, $doc:literal) => {
        #[doc = concat!("Body of `", $name, "`.")]
        #[derive(Trace)]
        pub struct $body {
            state: Guarded<Opaque<::$crate_name::State>>,
            digest_size: usize,
        }

        impl $body {
            fn absorb(&self, cx: &mut Context, bytes: &[u8]) -> Result<()> {
                super::in_blocks(cx, bytes, |cx, block| {
                    self.state.lock(cx).0.update(block);
                })
            }

            fn start(settings: &Settings) -> ::$crate_name::State {
                let mut params = ::$crate_name::Params::new();
                params
                    .hash_length(settings.digest_size)
                    .key(&settings.key)
                    .salt(&settings.salt)
                    .personal(&settings.person)
                    .fanout(settings.fanout)
                    .max_depth(settings.depth)
                    .max_leaf_length(settings.leaf_size)
                    .node_offset(settings.node_offset)
                    .node_depth(settings.node_depth)
                    .inner_hash_length(settings.inner_size)
                    .last_node(settings.last_node);
                params.to_state()
            }

            fn finish(&self, cx: &Context) -> Vec<u8> {
                self.state.lock(cx).0.finalize().as_bytes()[..self.digest_size].to_vec()
            }
        }

        #[doc = $doc]
        #[class(name = $name, module = "_blake2")]
        impl $body {
            #[constant]
            const SALT_SIZE: usize = $limits.salt;
            #[constant]
            const PERSON_SIZE: usize = $limits.salt;
            #[constant]
            const MAX_KEY_SIZE: usize = $limits.digest;
            #[constant]
            const MAX_DIGEST_SIZE: usize = $limits.digest;

            #[new($text)]
            fn new(
                cx: &mut Context,
                class: Gc<Class>,
                data: Option<Value>,
                digest_size: isize,
                key: Option<Value>,
                salt: Option<Value>,
                person: Option<Value>,
                fanout: isize,
                depth: isize,
                leaf_size: Value,
                node_offset: Value,
                node_depth: isize,
                inner_size: isize,
                last_node: bool,
                usedforsecurity: bool,
                string: Option<Value>,
            ) -> Result<Gc<Self>> {
                let _ = usedforsecurity;
                if data.is_some() && string.is_some() {
                    super::initial(cx, data, string)?;
                }
                let given = Given {
                    digest_size,
                    key,
                    salt,
                    person,
                    fanout,
                    depth,
                    leaf_size,
                    node_offset,
                    node_depth,
                    inner_size,
                    last_node,
                };
                let settings = given.checked(cx, &$limits)?;
                let state = Guarded::new(Opaque($body::start(&settings)));
                let this = cx.new_instance(class, $body { state, digest_size: settings.digest_size });
                if let Some(bytes) = super::initial(cx, data, string)? {
                    this.absorb(cx, &bytes)?;
                }
                Ok(this)
            }

            /// Return a copy of the hash object.
            #[function("()")]
            fn copy(&self, cx: &mut Context) -> Gc<$body> {
                let state = self.state.lock(cx).0.clone();
                cx.new_object($body { state: Guarded::new(Opaque(state)), digest_size: self.digest_size })
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
                super::hex(cx, &digest)
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[function("(data, /)")]
            fn update(&self, cx: &mut Context, data: Value) -> Result<()> {
                let bytes = super::bytes_of(cx, data)?;
                self.absorb(cx, &bytes)
            }

            #[getter]
            fn block_size(&self) -> usize {
                ::$crate_name::BLOCKBYTES
            }

            #[getter]
            fn digest_size(&self) -> usize {
                self.digest_size
            }

            #[getter]
            fn name(&self) -> &'static str {
                $name
            }
        }
    };
}

static LIMITS_B: Limits = Limits { title: "Blake2b", digest: 64, salt: 16, node_offset: u64::MAX };
static LIMITS_S: Limits = Limits { title: "Blake2s", digest: 32, salt: 8, node_offset: (1 << 48) - 1 };

blake2_type!(
    Blake2b,
    "blake2b",
    blake2b_simd,
    LIMITS_B,
    "(data=<absent>, *, digest_size=64, key=<absent>, salt=<absent>, person=<absent>, fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=<absent>)",
    "Return a new BLAKE2b hash object."
);
blake2_type!(
    Blake2s,
    "blake2s",
    blake2s_simd,
    LIMITS_S,
    "(data=<absent>, *, digest_size=32, key=<absent>, salt=<absent>, person=<absent>, fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=<absent>)",
    "Return a new BLAKE2s hash object."
);

pub struct Blake2Module;

/// _blake2b provides BLAKE2b for hashlib
#[module("_blake2", classes(Blake2b, Blake2s))]
impl Blake2Module {
    #[constant(name = "_GIL_MINSIZE")]
    const GIL_MINSIZE: i32 = 2048;
    #[constant]
    const BLAKE2B_SALT_SIZE: usize = 16;
    #[constant]
    const BLAKE2B_PERSON_SIZE: usize = 16;
    #[constant]
    const BLAKE2B_MAX_KEY_SIZE: usize = 64;
    #[constant]
    const BLAKE2B_MAX_DIGEST_SIZE: usize = 64;
    #[constant]
    const BLAKE2S_SALT_SIZE: usize = 8;
    #[constant]
    const BLAKE2S_PERSON_SIZE: usize = 8;
    #[constant]
    const BLAKE2S_MAX_KEY_SIZE: usize = 32;
    #[constant]
    const BLAKE2S_MAX_DIGEST_SIZE: usize = 32;
}
