//! Lines of uuencoded data. Invariant: a line holds at most 45 bytes, and its first character says how many.

pub(super) fn encode(bytes: &[u8], backtick: bool) -> Result<Vec<u8>, &'static str> {
    if bytes.len() > 45 {
        return Err("At most 45 bytes at once");
    }
    let character = |bits: u32| match (bits & 0x3f) as u8 {
        0 if backtick => b'`',
        bits => b' ' + bits,
    };
    let mut line = vec![character(bytes.len() as u32)];
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        line.extend([18, 12, 6, 0].map(|shift| character(bits >> shift)));
    }
    line.push(b'\n');
    Ok(line)
}

pub(super) fn decode(line: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((first, mut rest)) = line.split_first() else { return Err("Missing length byte") };
    let len = (first.wrapping_sub(b' ') & 0x3f) as usize;
    let mut bytes = Vec::with_capacity(len);
    let (mut buffer, mut bits) = (0u32, 0u32);
    while bytes.len() < len {
        // Spaces at the end of a line may have been lost: they count as zeros.
        let value = match rest.first() {
            None | Some(b'\n' | b'\r') => 0,
            Some(byte @ b' '..=b'`') => u32::from(byte - b' ') & 0x3f,
            Some(_) => return Err("Illegal char"),
        };
        rest = rest.get(1..).unwrap_or_default();
        buffer = buffer << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    if rest.iter().all(|byte| matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        Ok(bytes)
    } else {
        Err("Trailing garbage")
    }
}
