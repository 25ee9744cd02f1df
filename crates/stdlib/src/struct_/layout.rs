//! Format strings, read into fields with sizes and offsets. CPython: `prepare_s` in `Modules/_struct.c`.
//!
//! Invariant: plain data; a layout never changes once it is made.

/// Byte order and kind of sizes, from the first character of a format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    /// `@`: the machine's order, sizes and alignment.
    Native,
    Little,
    Big,
}

impl Order {
    pub(super) fn is_little(self) -> bool {
        match self {
            Order::Native => cfg!(target_endian = "little"),
            Order::Little => true,
            Order::Big => false,
        }
    }
}

/// One or more items of the same kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) code: u8,
    pub(super) offset: usize,
    /// Bytes of one item.
    pub(super) size: usize,
    pub(super) repeat: usize,
}

/// A format, understood.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) order: Order,
    pub(super) size: usize,
    /// Number of Python objects that the format stands for.
    pub(super) items: usize,
    pub(super) fields: Box<[Field]>,
}

const BAD_CHAR: &str = "bad char in struct format";
const TOO_LONG: &str = "total struct size too long";

impl Layout {
    /// Reads a format without null characters; the error is the message of `struct.error`.
    pub(super) fn parse(format: &[u8]) -> Result<Layout, &'static str> {
        if format.contains(&0) {
            return Err("embedded null character");
        }
        let (order, codes) = match format {
            [b'@', rest @ ..] => (Order::Native, rest),
            [b'<', rest @ ..] => (Order::Little, rest),
            [b'>' | b'!', rest @ ..] => (Order::Big, rest),
            [b'=', rest @ ..] if cfg!(target_endian = "little") => (Order::Little, rest),
            [b'=', rest @ ..] => (Order::Big, rest),
            rest => (Order::Native, rest),
        };
        let mut layout = Layout { order, size: 0, items: 0, fields: Box::default() };
        let mut fields = Vec::new();
        let mut rest = codes;
        while let Some((&first, tail)) = rest.split_first() {
            rest = tail;
            if is_space(first) {
                continue;
            }
            let mut code = first;
            let mut count = 1;
            if first.is_ascii_digit() {
                (count, code, rest) = counted(first, rest)?;
            }
            layout.add(code, count, &mut fields)?;
        }
        layout.fields = fields.into();
        Ok(layout)
    }

    fn add(&mut self, code: u8, count: usize, fields: &mut Vec<Field>) -> Result<(), &'static str> {
        let Some((size, alignment)) = size_and_alignment(code, self.order) else { return Err(BAD_CHAR) };
        let offset = self.size.checked_next_multiple_of(alignment.max(1)).ok_or(TOO_LONG)?;
        let bytes = count.checked_mul(size).and_then(|bytes| offset.checked_add(bytes));
        self.size = bytes.filter(|bytes| *bytes <= isize::MAX as usize).ok_or(TOO_LONG)?;
        match code {
            b'x' => {}
            b's' | b'p' => {
                self.items += 1;
                fields.push(Field { code, offset, size: count, repeat: 1 });
            }
            _ if count == 0 => {}
            _ => {
                self.items += count;
                fields.push(Field { code, offset, size, repeat: count });
            }
        }
        Ok(())
    }
}

fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// A repeat count that starts with the digit `first`: the count, the code behind it, what follows.
fn counted(first: u8, mut rest: &[u8]) -> Result<(usize, u8, &[u8]), &'static str> {
    let mut count = usize::from(first - b'0');
    loop {
        let Some((&c, tail)) = rest.split_first() else {
            return Err("repeat count given without format specifier");
        };
        rest = tail;
        if !c.is_ascii_digit() {
            return Ok((count, c, rest));
        }
        let next = count.checked_mul(10).and_then(|count| count.checked_add(usize::from(c - b'0')));
        count = next.filter(|count| *count <= isize::MAX as usize).ok_or(TOO_LONG)?;
    }
}

/// Bytes and alignment of a code, which the order may not have.
fn size_and_alignment(code: u8, order: Order) -> Option<(usize, usize)> {
    let native = order == Order::Native;
    let size = match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if native => size_of::<std::ffi::c_long>(),
        b'l' | b'L' => 4,
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => size_of::<usize>(),
        b'F' => 8,
        b'D' => 16,
        _ => return None,
    };
    let alignment = match code {
        _ if !native => 0,
        b'F' => 4,
        b'D' => 8,
        _ if size == 1 => 0,
        _ => size,
    };
    Some((size, alignment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(format: &str) -> Result<usize, &'static str> {
        Layout::parse(format.as_bytes()).map(|layout| layout.size)
    }

    #[test]
    fn native_formats_are_aligned_and_others_are_not() {
        assert_eq!(size("bi"), Ok(8));
        assert_eq!(size("<bi"), Ok(5));
        assert_eq!(size("b0i"), Ok(4));
        assert_eq!(size("bD"), Ok(24));
        assert_eq!(size("  i \t\n x"), Ok(5));
    }

    #[test]
    fn bad_formats_have_their_messages() {
        assert_eq!(size("z"), Err(BAD_CHAR));
        assert_eq!(size("2 i"), Err(BAD_CHAR));
        assert_eq!(size("5"), Err("repeat count given without format specifier"));
        assert_eq!(size("9223372036854775807i"), Err(TOO_LONG));
        assert_eq!(size("<n"), Err(BAD_CHAR));
    }
}
