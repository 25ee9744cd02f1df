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
        let mut limbs: Vec<u64> = match order {
            ByteOrder::Little => bytes.chunks(8).map(low_limb).collect(),
            ByteOrder::Big => bytes.rchunks(8).map(high_limb).collect(),
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

/// Up to eight bytes, the lowest first.
fn low_limb(bytes: &[u8]) -> u64 {
    let mut limb = [0; 8];
    limb[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(limb)
}

/// Up to eight bytes, the lowest last.
fn high_limb(bytes: &[u8]) -> u64 {
    let mut limb = [0; 8];
    limb[8 - bytes.len()..].copy_from_slice(bytes);
    u64::from_be_bytes(limb)
}

impl IntRef<'_> {
    /// `self.to_bytes(length, order, signed=signed)`.
    pub fn to_bytes(self, length: usize, order: ByteOrder, signed: bool) -> Result<Vec<u8>, BytesError> {
        let mut bytes = vec![0; length];
        self.write_bytes(&mut bytes, order, signed)?;
        Ok(bytes)
    }

    /// The same into bytes that are zero.
    pub fn write_bytes(self, bytes: &mut [u8], order: ByteOrder, signed: bool) -> Result<(), BytesError> {
        if self.negative && !signed {
            return Err(BytesError::NegativeToUnsigned);
        }
        if !self.fits(bytes.len(), signed) {
            return Err(BytesError::TooBig);
        }
        let negated = self.negative.then(|| {
            let mut limbs = self.limbs.to_vec();
            negate_in_place(&mut limbs);
            bytes.fill(0xff);
            limbs
        });
        let limbs = negated.as_deref().unwrap_or(self.limbs);
        match order {
            ByteOrder::Little => {
                for (chunk, limb) in bytes.chunks_mut(8).zip(limbs) {
                    chunk.copy_from_slice(&limb.to_le_bytes()[..chunk.len()]);
                }
            }
            ByteOrder::Big => {
                for (chunk, limb) in bytes.rchunks_mut(8).zip(limbs) {
                    chunk.copy_from_slice(&limb.to_be_bytes()[8 - chunk.len()..]);
                }
            }
        }
        Ok(())
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
