//! Products of long numbers by number theoretic transforms. CPython: `convolute.c`, `crt.c` of libmpdec.
//!
//! Limbs are the points; three primes are enough for every sum of products. Harvey (2014), "Faster arithmetic for
//! number-theoretic transforms". Invariant: values between butterflies are below twice the prime.

use super::divide_radix;

/// The transforms of one prime.
struct Field {
    prime: u64,
    /// A generator of the multiplicative group.
    generator: u64,
    /// 2^124 and 2^125 over the prime.
    reciprocal: u64,
    finer: u64,
}

/// The primes are below 2^62, and one more than a multiple of 2^40.
const FIELDS: [Field; 3] = [
    Field::new(4_611_615_649_683_210_241, 11),
    Field::new(4_611_549_678_985_543_681, 19),
    Field::new(4_611_546_380_450_660_353, 5),
];
/// The inverses of the first prime modulo the second and third, and of the second modulo the third.
const INVERSES: [u64; 3] = [4_611_549_678_985_473_778, 2_415_571_913_569_326_944, 4_611_546_380_449_262_294];

/// A constant factor, and its quotient by the prime, as a fraction of a word.
#[derive(Clone, Copy)]
struct Factor {
    value: u64,
    quotient: u64,
}

impl Field {
    const fn new(prime: u64, generator: u64) -> Field {
        let (reciprocal, finer) = ((1u128 << 124) / prime as u128, (1u128 << 125) / prime as u128);
        Field { prime, generator, reciprocal: reciprocal as u64, finer: finer as u64 }
    }

    fn factor(&self, value: u64) -> Factor {
        Factor { value, quotient: ((u128::from(value) << 64) / u128::from(self.prime)) as u64 }
    }

    /// `x * factor`, below twice the prime, whatever `x` is.
    #[inline(always)]
    fn scale(&self, x: u64, factor: Factor) -> u64 {
        let quotient = ((u128::from(x) * u128::from(factor.quotient)) >> 64) as u64;
        x.wrapping_mul(factor.value).wrapping_sub(quotient.wrapping_mul(self.prime))
    }

    /// Below the prime.
    #[inline(always)]
    fn reduce(&self, x: u64) -> u64 {
        if x >= self.prime { x - self.prime } else { x }
    }

    fn multiply(&self, a: u64, b: u64) -> u64 {
        (u128::from(a) * u128::from(b) % u128::from(self.prime)) as u64
    }

    fn power(&self, mut base: u64, mut exponent: u64) -> u64 {
        let mut result = 1;
        while exponent != 0 {
            if exponent & 1 == 1 {
                result = self.multiply(result, base);
            }
            base = self.multiply(base, base);
            exponent >>= 1;
        }
        result
    }

    /// Powers of the roots of unity: those of the transform of length `2 * h` stand at `h` to `2 * h`.
    fn roots(&self, length: usize, inverse: bool) -> Vec<Factor> {
        let mut table = vec![Factor { value: 1, quotient: 0 }; length.max(2)];
        let mut half = length / 2;
        let mut root = self.power(self.generator, (self.prime - 1) / length as u64);
        if inverse {
            root = self.power(root, self.prime - 2);
        }
        if half == 0 {
            return table;
        }
        let step = self.factor(root);
        let mut value = 1;
        for entry in &mut table[half..2 * half] {
            *entry = self.factor_quickly(value);
            value = self.reduce(self.scale(value, step));
        }
        // The shorter transforms take every second power.
        while half > 1 {
            half /= 2;
            for index in 0..half {
                table[half + index] = table[2 * half + 2 * index];
            }
        }
        table
    }

    /// As `factor`, by a reciprocal.
    #[inline(always)]
    fn factor_quickly(&self, value: u64) -> Factor {
        // The estimate is at most two too small: the remainder, a few primes below a word's end, tells.
        let mut quotient = ((u128::from(value) * u128::from(self.finer)) >> 61) as u64;
        let mut rest = 0u64.wrapping_sub(quotient.wrapping_mul(self.prime));
        while rest >= self.prime {
            quotient += 1;
            rest = rest.wrapping_sub(self.prime);
        }
        Factor { value, quotient }
    }

    /// The transform; its result is in bit-reversed order.
    fn forward(&self, data: &mut [u64], roots: &[Factor]) {
        let twice = 2 * self.prime;
        let mut half = data.len() / 2;
        while half >= 1 {
            let factors = &roots[half..2 * half];
            for block in data.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((a, b), factor) in low.iter_mut().zip(high).zip(factors) {
                    let (x, y) = (*a, *b);
                    let sum = x + y;
                    *a = if sum >= twice { sum - twice } else { sum };
                    *b = self.scale(x + twice - y, *factor);
                }
            }
            half /= 2;
        }
    }

    /// The way back, from bit-reversed order; the result is the length times too large.
    fn backward(&self, data: &mut [u64], roots: &[Factor]) {
        let twice = 2 * self.prime;
        let mut half = 1;
        while half < data.len() {
            let factors = &roots[half..2 * half];
            for block in data.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((a, b), factor) in low.iter_mut().zip(high).zip(factors) {
                    let (x, y) = (*a, self.scale(*b, *factor));
                    let (sum, difference) = (x + y, x + twice - y);
                    *a = if sum >= twice { sum - twice } else { sum };
                    *b = if difference >= twice { difference - twice } else { difference };
                }
            }
            half *= 2;
        }
    }

    /// The convolution of two numbers' limbs, modulo the prime.
    fn convolve(&self, a: &[u64], b: &[u64], length: usize) -> Vec<u64> {
        let roots = self.roots(length, false);
        let load = |limbs: &[u64]| {
            let mut data = vec![0; length];
            for (out, limb) in data.iter_mut().zip(limbs) {
                // A limb is below the prime's triple.
                *out = if *limb >= 2 * self.prime { *limb - 2 * self.prime } else { *limb };
            }
            self.forward(&mut data, &roots);
            data
        };
        let mut data = load(a);
        // The length is divided out here.
        let scale = self.factor(self.power(length as u64, self.prime - 2));
        let square = std::ptr::eq(a, b);
        if square {
            for x in &mut data {
                *x = self.reduce(self.scale(self.product(*x, *x), scale));
            }
        } else {
            for (x, y) in data.iter_mut().zip(load(b)) {
                *x = self.reduce(self.scale(self.product(*x, y), scale));
            }
        }
        let roots = self.roots(length, true);
        self.backward(&mut data, &roots);
        for x in &mut data {
            *x = self.reduce(*x);
        }
        data
    }

    /// `a * b` modulo the prime, of numbers below its double.
    #[inline(always)]
    fn product(&self, a: u64, b: u64) -> u64 {
        let wide = u128::from(self.reduce(a)) * u128::from(self.reduce(b));
        // Barrett: the estimate of the quotient is at most two too small.
        let high = (wide >> 60) as u64;
        let quotient = ((u128::from(high) * u128::from(self.reciprocal)) >> 64) as u64;
        let rest = (wide as u64).wrapping_sub(quotient.wrapping_mul(self.prime));
        let rest = if rest >= 2 * self.prime { rest - 2 * self.prime } else { rest };
        self.reduce(rest)
    }
}

/// `a * b % prime` of residues.
#[inline(always)]
fn residue(field: &Field, a: u64, factor: Factor) -> u64 {
    field.reduce(field.scale(a, factor))
}

/// Writes `a * b` into as many limbs as both have.
pub(super) fn multiply(a: &[u64], b: &[u64], out: &mut [u64]) {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if long.len() > 2 * short.len() {
        // Pieces as long as the shorter factor need the shortest transforms.
        out.fill(0);
        let mut piece = vec![0; 2 * short.len()];
        for (index, chunk) in long.chunks(short.len()).enumerate() {
            let product = &mut piece[..chunk.len() + short.len()];
            super::multiply_into(chunk, short, product);
            super::add_in_place(&mut out[index * short.len()..], super::trimmed(product));
        }
        return;
    }
    let needed = a.len() + b.len();
    let length = needed.next_power_of_two();
    let [first, second, third] = FIELDS.each_ref().map(|field| field.convolve(a, b, length));
    combine(&first[..needed], &second[..needed], &third[..needed], out);
}

/// Finds the sums of products from their residues, and carries.
fn combine(first: &[u64], second: &[u64], third: &[u64], out: &mut [u64]) {
    let [p, q, r] = &FIELDS;
    let [p_in_q, p_in_r, q_in_r] = [q.factor(INVERSES[0]), r.factor(INVERSES[1]), r.factor(INVERSES[2])];
    let modulus = u128::from(p.prime) * u128::from(q.prime);
    let (modulus_low, modulus_high) = (modulus as u64, (modulus >> 64) as u64);
    let mut carry = 0u128;
    for (((x, y), z), out) in first.iter().zip(second).zip(third).zip(out) {
        // Mixed radix: x + p * (v + q * w).
        let v = residue(q, y + q.prime - q.reduce(*x), p_in_q);
        let u = residue(r, z + r.prime - r.reduce(*x), p_in_r);
        let w = residue(r, u + r.prime - r.reduce(v), q_in_r);
        let low = u128::from(*x) + u128::from(p.prime) * u128::from(v);
        let (low, over) = {
            let product = u128::from(modulus_low) * u128::from(w);
            let (sum, wrapped) = low.overflowing_add(product);
            (sum, u64::from(wrapped))
        };
        let (low, over) = {
            let product = u128::from(modulus_high) * u128::from(w);
            let (sum, wrapped) = low.overflowing_add(product << 64);
            (sum, over + (product >> 64) as u64 + u64::from(wrapped))
        };
        let (low, wrapped) = low.overflowing_add(carry);
        let over = over + u64::from(wrapped);
        let (high, rest) = divide_radix(u128::from(over) << 64 | low >> 64);
        let (middle, limb) = divide_radix(u128::from(rest) << 64 | u128::from(low as u64));
        *out = limb;
        carry = u128::from(high) << 64 | u128::from(middle);
    }
}
