//! The Mersenne twister behind `random.Random`. CPython: `Modules/_randommodule.c`.
//!
//! Invariant: the state is 624 words and an index from 0 to 624; an index of 624 asks for a new block.

const N: usize = 624;
const M: usize = 397;

/// A generator.
#[derive(Clone)]
pub struct Twister {
    words: [u32; N],
    index: usize,
}

/// A state that `setstate` refuses; ValueError "invalid state".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidState;

impl Twister {
    /// A generator seeded by the 32-bit words of a key, lowest first; an empty key counts as one zero.
    pub fn from_key(key: &[u32]) -> Twister {
        let key = if key.is_empty() { &[0] } else { key };
        let mut words = Twister::from_word(19_650_218).words;
        let mut at = 1;
        let mut position = 0;
        for _ in 0..N.max(key.len()) {
            let mixed = (words[at - 1] ^ (words[at - 1] >> 30)).wrapping_mul(1_664_525);
            words[at] = (words[at] ^ mixed).wrapping_add(key[position]).wrapping_add(position as u32);
            at = advance(&mut words, at);
            position = (position + 1) % key.len();
        }
        for _ in 0..N - 1 {
            let mixed = (words[at - 1] ^ (words[at - 1] >> 30)).wrapping_mul(1_566_083_941);
            words[at] = (words[at] ^ mixed).wrapping_sub(at as u32);
            at = advance(&mut words, at);
        }
        // The most significant bit is one, so the state is never all zeros.
        words[0] = 0x8000_0000;
        Twister { words, index: N }
    }

    /// A generator seeded as `random.seed(n)` seeds it: by the limbs of `abs(n)`.
    pub fn from_magnitude(limbs: &[u64]) -> Twister {
        let mut key: Vec<u32> = limbs.iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect();
        if key.last() == Some(&0) {
            key.pop();
        }
        Twister::from_key(&key)
    }

    fn from_word(seed: u32) -> Twister {
        let mut words = [seed; N];
        for at in 1..N {
            let previous = words[at - 1];
            words[at] = (previous ^ (previous >> 30)).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        Twister { words, index: N }
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.index >= N {
            self.refill();
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn refill(&mut self) {
        for at in 0..N {
            let joined = (self.words[at] & 0x8000_0000) | (self.words[(at + 1) % N] & 0x7fff_ffff);
            let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[at] = self.words[(at + M) % N] ^ (joined >> 1) ^ twist;
        }
        self.index = 0;
    }

    /// `random.random()`: 53 random bits as a float below one.
    pub fn next_f64(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// `random.getrandbits(count)` as a normalised magnitude.
    pub fn bits(&mut self, count: u64) -> Vec<u64> {
        let mut words = Vec::with_capacity((count / 32 + 1) as usize);
        let mut left = count;
        while left > 0 {
            let word = self.next_u32();
            words.push(if left < 32 { word >> (32 - left) } else { word });
            left = left.saturating_sub(32);
        }
        let mut limbs: Vec<u64> = words
            .chunks(2)
            .map(|pair| u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(0)) << 32)
            .collect();
        crate::bigint::magnitude::normalise(&mut limbs);
        limbs
    }

    /// The 624 words and the index, as `getstate()` lists them.
    pub fn state(&self) -> (&[u32; N], usize) {
        (&self.words, self.index)
    }

    /// The generator of a state that `state` gave.
    pub fn from_state(words: [u32; N], index: usize) -> Result<Twister, InvalidState> {
        if index > N { Err(InvalidState) } else { Ok(Twister { words, index }) }
    }
}

/// The next position; past the end the first word takes over the last one's value.
fn advance(words: &mut [u32; N], at: usize) -> usize {
    if at + 1 < N {
        return at + 1;
    }
    words[0] = words[N - 1];
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    // python3.14 -c "import random; random.seed(42); print(random.random(), random.getrandbits(32), random.getrandbits(70))"
    #[test]
    fn seeded_as_cpython() {
        let mut twister = Twister::from_magnitude(&[42]);
        assert_eq!(twister.next_f64(), 0.6394267984578837);
        assert_eq!(twister.bits(32), [0x0667_1ad1]);
        assert_eq!(twister.bits(70), [0x4668_5257_bdd6_40fb, 0xf]);
        let (words, index) = twister.state();
        let mut copy = Twister::from_state(*words, index).expect("valid");
        for _ in 0..700 {
            assert_eq!(copy.next_u32(), twister.next_u32());
        }
        assert!(Twister::from_state([0; N], 625).is_err());
        assert_eq!(Twister::from_magnitude(&[]).next_f64(), 0.8444218515250481);
        assert_eq!(Twister::from_magnitude(&[0, 1]).next_f64(), 0.9776462743838505);
    }
}
