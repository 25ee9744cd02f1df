//! `_hashlib`: what CPython takes from OpenSSL for `hashlib` and `hmac`. CPython: `Modules/_hashopenssl.c`.
//!
//! Invariant: as for all hashes, a state is behind its lock, and no more than a block is hashed under it; deriving keys needs no
//! heap.

mod algorithm;
mod hash;
mod hmac;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::mappingproxy::MappingProxy;

use crate::digest::initial;
use crate::module_exception::ModuleException;
use algorithm::{Algorithm, find};
use hash::Hash;

static UNSUPPORTED: ModuleException =
    ModuleException::new("_hashlib", "UnsupportedDigestmodError", exception::value_error);

/// The most memory that `scrypt` may take where nothing else is said.
const SCRYPT_MEMORY: u64 = 32 << 20;

/// The algorithm of a name, or the exception that there is none.
fn algorithm_of(cx: &mut Context, name: &str) -> Result<&'static Algorithm> {
    match find(name) {
        Some(algorithm) => Ok(algorithm),
        None => Err(UNSUPPORTED.raise(cx, "[digital envelope routines] unsupported")),
    }
}

/// The algorithm that `digestmod` means: a name, or a constructor of this module.
fn algorithm_of_digestmod(cx: &mut Context, digestmod: Value) -> Result<&'static Algorithm> {
    if let Some(name) = digestmod.downcast::<Str>() {
        return algorithm_of(cx, &name.to_str());
    }
    let module = cx.import("_hashlib")?;
    let constructors = cx.get_attr_str(module, "_constructors")?;
    let known = match cx.is_callable(digestmod) {
        true => cx.contains(constructors, digestmod)?,
        false => false,
    };
    if known {
        let name = cx.get_item(constructors, digestmod)?;
        if let Some(name) = name.downcast::<Str>() {
            return algorithm_of(cx, &name.to_str());
        }
    }
    let shown = cx.repr(digestmod)?;
    Err(UNSUPPORTED.raise(cx, format!("Unsupported digestmod {}", shown.to_str())))
}

/// Bytes of a key or a message, which may not be str.
fn plain_bytes(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    cx.with_buffer(value, <[u8]>::to_vec)
}

fn open(
    cx: &mut Context,
    name: &str,
    data: Option<Value>,
    usedforsecurity: bool,
    string: Option<Value>,
) -> Result<Gc<Hash>> {
    let _ = usedforsecurity;
    let first = initial(cx, data, string)?;
    let algorithm = algorithm_of(cx, name)?;
    let hash = Hash::make(cx, algorithm, (algorithm.start)());
    if let Some(bytes) = first {
        hash.absorb(cx, &bytes)?;
    }
    Ok(hash)
}

/// The numbers of `scrypt`.
fn scrypt_parameters(cx: &mut Context, n: Value, r: Value, p: Value) -> Result<(u64, u32, u32)> {
    let mut numbers = [0u64; 3];
    for (number, value) in numbers.iter_mut().zip([n, r, p]) {
        let wide = cx.index_i128(value)?;
        *number = match u64::try_from(wide) {
            Ok(number) => number,
            Err(_) if wide < 0 => return Err(cx.value_error("Cannot convert negative int")),
            Err(_) => return Err(cx.overflow_error("Python int too large for C unsigned long")),
        };
    }
    let [n, r, p] = numbers;
    if n < 2 || !n.is_power_of_two() {
        return Err(cx.value_error("n must be a power of 2."));
    }
    let (narrow_r, narrow_p) = (u32::try_from(r), u32::try_from(p));
    match (narrow_r, narrow_p) {
        (Ok(r), Ok(p)) if r > 0 && p > 0 => Ok((n, r, p)),
        _ => Err(cx.value_error("Invalid parameter combination for n, r, p, maxmem.")),
    }
}

pub struct HashlibModule;

macro_rules! constructors {
    ($($function:ident $name:literal $doc:literal;)*) => {
        /// OpenSSL interface for hashlib module
        #[module("_hashlib", classes(Hash, hash::ExtendableHash, hmac::Hmac))]
        impl HashlibModule {
            #[constant(name = "_GIL_MINSIZE")]
            const GIL_MINSIZE: i32 = 2048;

            $(
                #[doc = $doc]
                #[function("(data=<absent>, *, usedforsecurity=True, string=<absent>)", text = "(data=b'', *, usedforsecurity=True, string=None)")]
                fn $function(
                    cx: &mut Context,
                    data: Option<Value>,
                    usedforsecurity: bool,
                    string: Option<Value>,
                ) -> Result<Gc<Hash>> {
                    open(cx, $name, data, usedforsecurity, string)
                }
            )*

            /// Return a new hash object using the named algorithm.
            ///
            /// An optional string argument may be provided and will be
            /// automatically hashed.
            ///
            /// The MD5 and SHA1 algorithms are always supported.
            #[function("(name, data=<absent>, *, usedforsecurity=True, string=<absent>)", text = "(name, data=b'', *, usedforsecurity=True, string=None)")]
            fn new(
                cx: &mut Context,
                name: String,
                data: Option<Value>,
                usedforsecurity: bool,
                string: Option<Value>,
            ) -> Result<Gc<Hash>> {
                open(cx, &name, data, usedforsecurity, string)
            }

            /// Return a new hmac object.
            #[function("(key, msg=b'', digestmod=None)")]
            fn hmac_new(cx: &mut Context, key: Value, msg: Value, digestmod: Value) -> Result<Gc<hmac::Hmac>> {
                if digestmod.is_none() {
                    return Err(cx.type_error("Missing required parameter 'digestmod'."));
                }
                let key = plain_bytes(cx, key)?;
                let algorithm = algorithm_of_digestmod(cx, digestmod)?;
                let this = hmac::Hmac::make(cx, algorithm, &key)?;
                if !msg.is_none() {
                    this.absorb(cx, msg)?;
                }
                Ok(this)
            }

            /// Single-shot HMAC.
            #[function("(key, msg, digest)")]
            fn hmac_digest(cx: &mut Context, key: Value, msg: Value, digest: Value) -> Result<Vec<u8>> {
                let (key, message) = (plain_bytes(cx, key)?, plain_bytes(cx, msg)?);
                let algorithm = algorithm_of_digestmod(cx, digest)?;
                if algorithm.is_extendable() {
                    return Err(cx.value_error("no reason supplied"));
                }
                Ok(cx.blocking(|| {
                    let mut code = hmac::Code::new(algorithm, &key);
                    code.update(&message);
                    code.finish()
                }))
            }

            /// Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.
            #[function("(hash_name, password, salt, iterations, dklen=None)")]
            fn pbkdf2_hmac(
                cx: &mut Context,
                hash_name: String,
                password: Value,
                salt: Value,
                iterations: i64,
                dklen: Value,
            ) -> Result<Vec<u8>> {
                let (password, salt) = (plain_bytes(cx, password)?, plain_bytes(cx, salt)?);
                let algorithm = algorithm_of(cx, &hash_name)?;
                if iterations < 1 {
                    return Err(cx.value_error("iteration value must be greater than 0."));
                }
                let Ok(iterations) = i32::try_from(iterations) else {
                    return Err(cx.overflow_error("iteration value is too great."));
                };
                let length = match dklen.not_none() {
                    Some(length) => i64::from_arg(cx, length, "dklen")?,
                    None => algorithm.digest_size as i64,
                };
                if length < 1 {
                    return Err(cx.value_error("key length must be greater than 0."));
                }
                if i32::try_from(length).is_err() {
                    return Err(cx.overflow_error("key length is too great."));
                }
                let Some(derive) = algorithm.derive else {
                    return Err(cx.value_error("[Provider routines] xof digests not allowed"));
                };
                let mut key = cx.zeroed_bytes(length as usize)?;
                cx.blocking(|| derive(&password, &salt, iterations as u32, &mut key));
                Ok(key)
            }

            /// scrypt password-based key derivation function.
            #[function("(password, *, salt, n, r, p, maxmem=0, dklen=64)")]
            fn scrypt(
                cx: &mut Context,
                password: Value,
                salt: Value,
                n: Value,
                r: Value,
                p: Value,
                maxmem: i64,
                dklen: i64,
            ) -> Result<Vec<u8>> {
                let (password, salt) = (plain_bytes(cx, password)?, plain_bytes(cx, salt)?);
                let (n, r, p) = scrypt_parameters(cx, n, r, p)?;
                let limit = i64::from(i32::MAX);
                if !(0..=limit).contains(&maxmem) {
                    return Err(cx.value_error(format!("maxmem must be positive and smaller than {limit}")));
                }
                if !(1..=limit).contains(&dklen) {
                    return Err(cx.value_error(format!("dklen must be greater than 0 and smaller than {limit}")));
                }
                let wide = |number: u32| u128::from(number);
                let memory = 128 * wide(r) * wide(p) + 128 * wide(r) * (u128::from(n) + 2);
                let allowed = if maxmem == 0 { SCRYPT_MEMORY } else { maxmem as u64 };
                if memory > u128::from(allowed) {
                    return Err(cx.value_error("[digital envelope routines] memory limit exceeded"));
                }
                let parameters = ::scrypt::Params::new(n.ilog2() as u8, r, p, ::scrypt::Params::RECOMMENDED_LEN);
                let Ok(parameters) = parameters else {
                    return Err(cx.value_error("Invalid parameter combination for n, r, p, maxmem."));
                };
                let mut key = cx.zeroed_bytes(dklen as usize)?;
                match cx.blocking(|| ::scrypt::scrypt(&password, &salt, &parameters, &mut key)) {
                    Ok(()) => Ok(key),
                    Err(_) => Err(cx.value_error("Invalid parameter combination for n, r, p, maxmem.")),
                }
            }

            /// Return 'a == b'.
            ///
            /// This function uses an approach designed to prevent
            /// timing analysis, making it appropriate for cryptography.
            ///
            /// a and b must both be of the same type: either str (ASCII only),
            /// or any bytes-like object.
            ///
            /// Note: If a and b are of different lengths, or if an error occurs,
            /// a timing attack could theoretically reveal information about the
            /// types and lengths of a and b--but not their values.
            #[function("(a, b, /)")]
            fn compare_digest(cx: &mut Context, a: Value, b: Value) -> Result<bool> {
                crate::operator::Operator::compare_digest(cx, a, b)
            }

            /// Determine the OpenSSL FIPS mode of operation.
            ///
            /// For OpenSSL 3.0.0 and newer it returns the state of the default provider
            /// in the default OSSL context. It's not quite the same as FIPS_mode() but
            /// good enough for unittests.
            ///
            /// Effectively any non-zero return value indicates FIPS mode;
            /// values other than 1 may have additional significance.
            #[function("()")]
            fn get_fips_mode() -> i32 {
                0
            }

            #[exec]
            fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
                UNSUPPORTED.add_to(cx, module)?;
                let constructors = cx.new_dict();
                for (function, name) in [$((stringify!($function), $name)),*] {
                    let Some(value) = module.dict().get_str(cx, cx.intern(function)) else { continue };
                    let name = cx.intern(name).value();
                    cx.set_item(constructors.value(), value, name)?;
                }
                let proxy = MappingProxy::of_dict(cx, constructors).value();
                module.dict().set_str(cx, cx.intern("_constructors"), proxy);
                let names = cx.new_list(&[]);
                for algorithm in &algorithm::ALGORITHMS {
                    let name = cx.intern(algorithm.name).value();
                    names.push(cx, name);
                }
                let frozenset = cx.builtin("frozenset")?;
                let names = cx.call(frozenset, &[names.value()])?;
                module.dict().set_str(cx, cx.intern("openssl_md_meth_names"), names);
                Ok(())
            }
        }
    };
}

constructors! {
    openssl_md5 "md5" "Returns a md5 hash object; optionally initialized with a string";
    openssl_sha1 "sha1" "Returns a sha1 hash object; optionally initialized with a string";
    openssl_sha224 "sha224" "Returns a sha224 hash object; optionally initialized with a string";
    openssl_sha256 "sha256" "Returns a sha256 hash object; optionally initialized with a string";
    openssl_sha384 "sha384" "Returns a sha384 hash object; optionally initialized with a string";
    openssl_sha512 "sha512" "Returns a sha512 hash object; optionally initialized with a string";
    openssl_sha3_224 "sha3_224" "Returns a sha3-224 hash object; optionally initialized with a string";
    openssl_sha3_256 "sha3_256" "Returns a sha3-256 hash object; optionally initialized with a string";
    openssl_sha3_384 "sha3_384" "Returns a sha3-384 hash object; optionally initialized with a string";
    openssl_sha3_512 "sha3_512" "Returns a sha3-512 hash object; optionally initialized with a string";
    openssl_shake_128 "shake_128" "Returns a shake-128 variable hash object; optionally initialized with a string";
    openssl_shake_256 "shake_256" "Returns a shake-256 variable hash object; optionally initialized with a string";
}
