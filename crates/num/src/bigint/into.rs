//! Operations whose result is written into a buffer of the caller's, so that it need not be copied.
//!
//! Invariant: the buffer has as many limbs as the function asks for, and each of them is written, whatever it held; the
//! answer is the result's sign and its number of limbs, normalised.

use super::{IntRef, magnitude, multiply};

/// The sign of a result, and how many limbs of the buffer it takes.
pub type Written = (bool, usize);

fn written(negative: bool, limbs: &[u64]) -> Written {
    let len = magnitude::trimmed(limbs).len();
    (negative && len > 0, len)
}

impl IntRef<'_> {
    /// `self + other`, into one limb more than the longer one has.
    pub fn add_into(self, other: IntRef<'_>, out: &mut [u64]) -> Written {
        let order = magnitude::compare(self.limbs, other.limbs);
        let (large, small) = if order.is_lt() { (other, self) } else { (self, other) };
        let (low, high) = out.split_at_mut(large.limbs.len());
        low.copy_from_slice(large.limbs);
        if large.negative == small.negative {
            high[0] = u64::from(magnitude::add_in_place(low, small.limbs));
        } else {
            magnitude::sub_in_place(low, small.limbs);
            high[0] = 0;
        }
        written(large.negative, out)
    }

    /// `op` of two numbers that are not negative, bit by bit, into as many limbs as the longer one has.
    pub fn bitwise_into(self, other: IntRef<'_>, op: impl Fn(u64, u64) -> u64, out: &mut [u64]) -> Written {
        let (long, short) = if self.limbs.len() >= other.limbs.len() {
            (self.limbs, other.limbs)
        } else {
            (other.limbs, self.limbs)
        };
        let (low, high) = long.split_at(short.len());
        let (out_low, out_high) = out.split_at_mut(short.len());
        for ((to, a), b) in out_low.iter_mut().zip(low).zip(short) {
            *to = op(*a, *b);
        }
        for (to, a) in out_high.iter_mut().zip(high) {
            *to = op(*a, 0);
        }
        written(false, out)
    }

    /// `self * other`, into as many limbs as both have. Meant for short numbers.
    pub fn mul_into(self, other: IntRef<'_>, out: &mut [u64]) -> Written {
        multiply::schoolbook_into(self.limbs, other.limbs, out);
        written(self.negative != other.negative, out)
    }

    /// `self << count`, into `count / 64 + 1` limbs more than the number has.
    pub fn shift_left_into(self, count: usize, out: &mut [u64]) -> Written {
        let (whole, bits) = (count / 64, count % 64);
        let (low, shifted) = out.split_at_mut(whole);
        low.fill(0);
        if bits == 0 {
            shifted[..self.limbs.len()].copy_from_slice(self.limbs);
            shifted[self.limbs.len()] = 0;
        } else {
            let mut carry = 0;
            for (to, &limb) in shifted.iter_mut().zip(self.limbs) {
                *to = limb << bits | carry;
                carry = limb >> (64 - bits);
            }
            shifted[self.limbs.len()] = carry;
        }
        written(self.negative, out)
    }

    /// `self >> count` of a number that is not negative and has more than `count / 64` limbs, into the rest of its limbs.
    pub fn shift_right_into(self, count: usize, out: &mut [u64]) -> Written {
        let (whole, bits) = (count / 64, count % 64);
        let kept = &self.limbs[whole..];
        if bits == 0 {
            out[..kept.len()].copy_from_slice(kept);
        } else {
            let above = kept[1..].iter().chain([&0]);
            for ((to, &limb), &above) in out.iter_mut().zip(kept).zip(above) {
                *to = limb >> bits | above << (64 - bits);
            }
        }
        written(false, out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Int, IntRef};

    fn check(max: usize, expected: Int, f: impl FnOnce(&mut [u64]) -> (bool, usize)) {
        let mut out = vec![0xdead_beef; max];
        let (negative, len) = f(&mut out);
        assert_eq!(IntRef { negative, limbs: &out[..len] }, expected.view());
    }

    #[test]
    fn the_results_are_those_of_the_operations_that_allocate() {
        let magnitudes: [&[u64]; 7] = [
            &[],
            &[1],
            &[u64::MAX],
            &[0, 1],
            &[5, 7, 1 << 63],
            &[u64::MAX; 9],
            &[3, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ];
        let ints =
            magnitudes.iter().flat_map(|limbs| [false, true].map(|sign| Int::new(sign, limbs.to_vec())));
        let ints: Vec<Int> = ints.collect();
        for a in &ints {
            let a = a.view();
            for b in &ints {
                let b = b.view();
                let longer = a.limbs.len().max(b.limbs.len());
                check(longer + 1, a.add(b), |out| a.add_into(b, out));
                check(a.limbs.len() + b.limbs.len(), a.mul(b), |out| a.mul_into(b, out));
                if !a.negative && !b.negative {
                    check(longer, a.bit_and(b), |out| a.bitwise_into(b, |a, b| a & b, out));
                    check(longer, a.bit_or(b), |out| a.bitwise_into(b, |a, b| a | b, out));
                    check(longer, a.bit_xor(b), |out| a.bitwise_into(b, |a, b| a ^ b, out));
                }
            }
            for count in [0, 1, 63, 64, 65, 128, 200] {
                let max = a.limbs.len() + count / 64 + 1;
                check(max, a.shift_left(count as u64).expect("room"), |out| a.shift_left_into(count, out));
                if !a.negative && count / 64 < a.limbs.len() {
                    let max = a.limbs.len() - count / 64;
                    check(max, a.shift_right(count as u64), |out| a.shift_right_into(count, out));
                }
            }
        }
    }
}
