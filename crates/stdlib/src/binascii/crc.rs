//! CRC-32 (the one of zip and PNG) and CRC-CCITT. Invariant: tables are made at compile time.

const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

const CCITT: [u16; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = (i as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

pub(super) fn crc32(bytes: &[u8], start: u32) -> u32 {
    !bytes.iter().fold(!start, |crc, byte| crc >> 8 ^ CRC32[((crc ^ u32::from(*byte)) & 0xff) as usize])
}

pub(super) fn crc_hqx(bytes: &[u8], start: u16) -> u16 {
    bytes.iter().fold(start, |crc, byte| crc << 8 ^ CCITT[(crc >> 8 ^ u16::from(*byte)) as usize])
}

#[cfg(test)]
mod tests {
    #[test]
    fn sums_of_hello() {
        assert_eq!(super::crc32(b"hello", 0), 907_060_870);
        assert_eq!(super::crc32(b"hello", 5), 4_277_152_246);
        assert_eq!(super::crc_hqx(b"hello", 0), 50_018);
        assert_eq!(super::crc_hqx(b"hello", 0xffff), 53_870);
    }
}
