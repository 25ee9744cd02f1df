//! The algorithms of `_hashlib`: their names in Python and in OpenSSL, sizes, and states.
//!
//! Invariant: a state is plain data; finishing works on a copy, so that more may follow.

use pbkdf2::pbkdf2_hmac;
use sha2::Digest;
use sha3::digest::{ExtendableOutput, Update, XofReader};
use sha3::{Shake128, Shake256};

/// A hash in progress.
pub(crate) trait State: Send {
    fn update(&mut self, bytes: &[u8]);
    /// The digest of what has come so far; `length` matters to those whose length may be chosen.
    fn finish(&self, length: usize) -> Vec<u8>;
    fn copy(&self) -> Box<dyn State>;
}

struct Fixed<D>(D);

impl<D: Digest + Clone + Send + 'static> State for Fixed<D> {
    fn update(&mut self, bytes: &[u8]) {
        Digest::update(&mut self.0, bytes);
    }

    fn finish(&self, _length: usize) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }

    fn copy(&self) -> Box<dyn State> {
        Box::new(Fixed(self.0.clone()))
    }
}

struct Extendable<D>(D);

impl<D: ExtendableOutput + Update + Clone + Send + 'static> State for Extendable<D> {
    fn update(&mut self, bytes: &[u8]) {
        Update::update(&mut self.0, bytes);
    }

    fn finish(&self, length: usize) -> Vec<u8> {
        let mut digest = vec![0; length];
        self.0.clone().finalize_xof().read(&mut digest);
        digest
    }

    fn copy(&self) -> Box<dyn State> {
        Box::new(Extendable(self.0.clone()))
    }
}

/// MD5 and SHA-1 side by side, as old versions of TLS used them.
#[derive(Clone, Default)]
struct Both(md5::Md5, sha1::Sha1);

impl State for Both {
    fn update(&mut self, bytes: &[u8]) {
        Digest::update(&mut self.0, bytes);
        Digest::update(&mut self.1, bytes);
    }

    fn finish(&self, _length: usize) -> Vec<u8> {
        let mut digest = self.0.clone().finalize().to_vec();
        digest.extend(self.1.clone().finalize());
        digest
    }

    fn copy(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}

/// Derives a key: (password, salt, iterations, key).
pub(crate) type Derive = fn(&[u8], &[u8], u32, &mut [u8]);

/// One algorithm.
pub(crate) struct Algorithm {
    pub(crate) name: &'static str,
    /// What OpenSSL calls it besides.
    aliases: &'static [&'static str],
    pub(crate) block_size: usize,
    /// 0 where the length may be chosen.
    pub(crate) digest_size: usize,
    pub(crate) start: fn() -> Box<dyn State>,
    pub(crate) derive: Option<Derive>,
}

impl Algorithm {
    pub(crate) fn is_extendable(&self) -> bool {
        self.digest_size == 0
    }
}

macro_rules! fixed {
    ($name:literal, $hasher:ty, $block:literal, $size:literal, [$($alias:literal),*]) => {
        Algorithm {
            name: $name,
            aliases: &[$($alias),*],
            block_size: $block,
            digest_size: $size,
            start: || Box::new(Fixed(<$hasher>::default())),
            derive: Some(pbkdf2_hmac::<$hasher>),
        }
    };
}

/// As `fixed`, for hashes that keep a whole block back, which `Hmac` does not take.
macro_rules! lazy {
    ($name:literal, $hasher:ty, $block:literal, $size:literal, [$($alias:literal),*]) => {
        Algorithm {
            derive: Some(|password, salt, iterations, key| {
                let derived = pbkdf2::pbkdf2::<hmac::SimpleHmac<$hasher>>(password, salt, iterations, key);
                debug_assert!(derived.is_ok(), "a key may have any length");
            }),
            ..fixed_without_derivation::<$hasher>($name, &[$($alias),*], $block, $size)
        }
    };
}

const fn fixed_without_derivation<D: Digest + Default + Clone + Send + 'static>(
    name: &'static str,
    aliases: &'static [&'static str],
    block_size: usize,
    digest_size: usize,
) -> Algorithm {
    Algorithm {
        name,
        aliases,
        block_size,
        digest_size,
        start: || Box::new(Fixed(D::default())),
        derive: None,
    }
}

macro_rules! extendable {
    ($name:literal, $hasher:ty, $block:literal, [$($alias:literal),*]) => {
        Algorithm {
            name: $name,
            aliases: &[$($alias),*],
            block_size: $block,
            digest_size: 0,
            start: || Box::new(Extendable(<$hasher>::default())),
            derive: None,
        }
    };
}

/// All algorithms.
pub(crate) static ALGORITHMS: [Algorithm; 19] = [
    fixed!("md5", md5::Md5, 64, 16, ["ssl3-md5"]),
    fixed!("sha1", sha1::Sha1, 64, 20, ["sha-1", "ssl3-sha1"]),
    fixed!("sha224", sha2::Sha224, 64, 28, ["sha2-224", "sha-224"]),
    fixed!("sha256", sha2::Sha256, 64, 32, ["sha2-256", "sha-256"]),
    fixed!("sha384", sha2::Sha384, 128, 48, ["sha2-384", "sha-384"]),
    fixed!("sha512", sha2::Sha512, 128, 64, ["sha2-512", "sha-512"]),
    fixed!("sha512_224", sha2::Sha512_224, 128, 28, ["sha512-224", "sha2-512/224", "sha-512/224"]),
    fixed!("sha512_256", sha2::Sha512_256, 128, 32, ["sha512-256", "sha2-512/256", "sha-512/256"]),
    fixed!("sha3_224", sha3::Sha3_224, 144, 28, ["sha3-224"]),
    fixed!("sha3_256", sha3::Sha3_256, 136, 32, ["sha3-256"]),
    fixed!("sha3_384", sha3::Sha3_384, 104, 48, ["sha3-384"]),
    fixed!("sha3_512", sha3::Sha3_512, 72, 64, ["sha3-512"]),
    extendable!("shake_128", Shake128, 168, ["shake128", "shake-128"]),
    extendable!("shake_256", Shake256, 136, ["shake256", "shake-256"]),
    lazy!("blake2b", blake2::Blake2b512, 128, 64, ["blake2b512", "blake2b-512"]),
    lazy!("blake2s", blake2::Blake2s256, 64, 32, ["blake2s256", "blake2s-256"]),
    fixed!("ripemd160", ripemd::Ripemd160, 64, 20, ["ripemd", "rmd160", "ripemd-160"]),
    fixed!("sm3", sm3::Sm3, 64, 32, []),
    Algorithm {
        name: "md5-sha1",
        aliases: &[],
        block_size: 64,
        digest_size: 36,
        start: || Box::<Both>::default(),
        derive: None,
    },
];

/// The algorithm of a name, in whatever case it is written.
pub(crate) fn find(name: &str) -> Option<&'static Algorithm> {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    ALGORITHMS
        .iter()
        .find(|algorithm| is(&algorithm.name) || algorithm.aliases.iter().any(|alias| is(&alias)))
}

#[cfg(test)]
mod tests {
    use super::{ALGORITHMS, find};

    #[test]
    fn sizes_are_those_of_the_digests() {
        for algorithm in &ALGORITHMS {
            let length = if algorithm.is_extendable() { 7 } else { algorithm.digest_size };
            assert_eq!((algorithm.start)().finish(length).len(), length, "{}", algorithm.name);
        }
    }

    #[test]
    fn names_have_cases_and_aliases() {
        assert!(find("SHA256").is_some_and(|algorithm| algorithm.name == "sha256"));
        assert!(find("sha3-512").is_some_and(|algorithm| algorithm.name == "sha3_512"));
        assert!(find("crc32").is_none());
    }
}
