//! Base 64 (RFC 4648). Invariant: what is lenient and what is refused is CPython's `a2b_base64`.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Value of each byte in the alphabet; 64 for others.
const VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut i = 0;
    while i < 64 {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

pub(super) fn encode(bytes: &[u8]) -> Vec<u8> {
    let digit = |bits: u32| ALPHABET[(bits & 0x3f) as usize];
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4 + 1);
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digits = [digit(bits >> 18), digit(bits >> 12), digit(bits >> 6), digit(bits)];
        text.extend_from_slice(&digits[..=group.len()]);
        text.resize(text.len() + 3 - group.len(), b'=');
    }
    text
}

/// The bytes, or the message of the error. Without `strict`, bytes outside the alphabet are skipped.
pub(super) fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    if strict && text.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    // Digits in the open group of four, and padding since the last digit.
    let (mut digits, mut padding) = (0usize, 0usize);
    let mut left = 0u8;
    for &byte in text {
        if byte == b'=' {
            if digits >= 2 {
                padding += 1;
            }
            if strict && (digits == 0 || digits + padding > 4) {
                return Err("Excess padding not allowed".to_owned());
            }
            continue;
        }
        let value = VALUES[byte as usize];
        if value == 64 {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        }
        if strict && padding > 0 {
            let complete = digits + padding == 4;
            let message =
                if complete { "Excess data after padding" } else { "Discontinuous padding not allowed" };
            return Err(message.to_owned());
        }
        padding = 0;
        match digits {
            0 => {}
            1 => bytes.push(left << 2 | value >> 4),
            2 => bytes.push(left << 4 | value >> 2),
            _ => bytes.push(left << 6 | value),
        }
        left = value;
        digits = (digits + 1) % 4;
    }
    match digits {
        0 => Ok(bytes),
        1 => {
            let count = bytes.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ if digits + padding < 4 => Err("Incorrect padding".to_owned()),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lengths_round_trip() {
        let bytes: Vec<u8> = (0..=255).rev().collect();
        for len in 0..bytes.len() {
            let text = encode(&bytes[..len]);
            assert_eq!(decode(&text, true).as_deref(), Ok(&bytes[..len]));
        }
    }

    #[test]
    fn padding_is_judged_as_cpython_does() {
        let cases: [(&str, &str); 6] = [
            ("=abc", "Leading padding not allowed"),
            ("ab=c", "Discontinuous padding not allowed"),
            ("ab==c", "Excess data after padding"),
            ("ab===", "Excess padding not allowed"),
            ("abcd=", "Excess padding not allowed"),
            ("abc", "Incorrect padding"),
        ];
        for (text, message) in cases {
            assert_eq!(decode(text.as_bytes(), true), Err(message.to_owned()), "{text}");
        }
        assert_eq!(decode(b"ab==cd==", false).as_deref(), Ok(&b"i\xb7\x1d"[..]));
        assert_eq!(decode(b"ab=\n=", false).as_deref(), Ok(&b"i"[..]));
    }
}
