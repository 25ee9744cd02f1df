//! Integers as bytes. CPython: `_PyLong_FromByteArray`, `_PyLong_AsByteArray` of `Objects/longobject.c`.
//!
//! Invariant: signed means two's complement of exactly the length that was asked for.

use super::bits::negate_in_place;
use super::{Int, IntRef};

/// Which end of the bytes holds the high part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// The first byte is the lowest.
    Little,
    /// The first byte is the highest.
    Big,
}

/// Both are OverflowError.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesError {
    /// A negative number was asked for as unsigned.
    NegativeToUnsigned,
    /// The length does not hold the number.
    TooBig,
}

impl std::fmt::Display for BytesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BytesError::NegativeToUnsigned => "can't convert negative int to unsigned",
            BytesError::TooBig => "int too big to convert",
        })
    }
}

impl Int {
    /// `int.from_bytes(bytes, order, signed=signed)`.
    pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Int {
        let mut limbs = match order {
            ByteOrder::Little => limbs_of(bytes.iter().copied()),
            ByteOrder::Big => limbs_of(bytes.iter().rev().copied()),
        };
        let top = match order {
            ByteOrder::Little => bytes.last(),
            ByteOrder::Big => bytes.first(),
        };
        let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
        if negative {
            let used = (bytes.len() % 8) as u32 * 8;
            if used != 0
                && let Some(last) = limbs.last_mut()
            {
                *last |= u64::MAX << used;
            }
            negate_in_place(&mut limbs);
        }
        Int::new(negative, limbs)
    }
}

/// Packs little-endian bytes into limbs, not normalised.
fn limbs_of(bytes: impl ExactSizeIterator<Item = u8>) -> Vec<u64> {
    let mut limbs = vec![0u64; bytes.len().div_ceil(8)];
    for (index, byte) in bytes.enumerate() {
        limbs[index / 8] |= u64::from(byte) << (index % 8 * 8);
    }
    limbs
}

impl IntRef<'_> {
    /// `self.to_bytes(length, order, signed=signed)`.
    pub fn to_bytes(self, length: usize, order: ByteOrder, signed: bool) -> Result<Vec<u8>, BytesError> {
        if self.negative && !signed {
            return Err(BytesError::NegativeToUnsigned);
        }
        if !self.fits(length, signed) {
            return Err(BytesError::TooBig);
        }
        let mut limbs = self.limbs.to_vec();
        if self.negative {
            negate_in_place(&mut limbs);
        }
        let fill = if self.negative { 0xff } else { 0 };
        let mut bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        bytes.resize(length, fill);
        if order == ByteOrder::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// Whether `length` bytes hold the number.
    fn fits(self, length: usize, signed: bool) -> bool {
        let room = length as u64 * 8;
        let bits = self.bit_length();
        if !signed {
            return bits <= room;
        }
        if self.is_zero() {
            return true;
        }
        // -2^(n-1) is the one number whose magnitude may use the sign bit.
        bits < room
            || (self.negative && bits == room && super::magnitude::trailing_zeros(self.limbs) == bits - 1)
    }
}
