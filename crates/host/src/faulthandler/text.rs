//! How stacks are written. CPython: `Python/traceback.c`.
//!
//! Invariant: nothing here allocates but what a `Sink` does, and nothing waits: handlers of fatal signals call it.

use taipan_runtime::prelude::*;
use taipan_runtime::types::set::FrozenSet;

/// Frames of a thread that are shown.
const MOST_FRAMES: usize = 100;
/// Characters of a name that are shown.
const LONGEST: usize = 500;

/// Where text goes.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// The stack of one thread under a heading that does not name it.
pub(crate) fn own_stack(cx: &Context, out: &mut dyn Sink) {
    out.put(b"Stack (most recent call first):\n");
    stack(cx, out);
}

/// The frames of a thread, newest first. CPython: `dump_traceback`.
pub(crate) fn stack(cx: &Context, out: &mut dyn Sink) {
    let mut shown = 0;
    (cx.vm().hooks().walk_stack)(cx, &mut |file, line, name| {
        out.put(b"  File \"");
        escaped(out, file.chars().map(u32::from));
        out.put(b"\", line ");
        match line {
            0 => out.put(b"???"),
            line => decimal(out, line.into()),
        }
        out.put(b" in ");
        escaped(out, name.chars().map(u32::from));
        out.put(b"\n");
        shown += 1;
        shown < MOST_FRAMES
    });
    if shown == 0 {
        out.put(b"  <no Python frame>\n");
    }
}

/// The native modules that are not of the library. CPython: `_Py_DumpExtensionModules`.
pub(crate) fn extension_modules(cx: &Context, out: &mut dyn Sink) {
    let modules = cx.vm().modules();
    let library = named(modules, "sys")
        .and_then(Value::downcast::<Module>)
        .and_then(|sys| named(sys.dict(), "stdlib_module_names"))
        .and_then(Value::downcast::<FrozenSet>);
    let (mut at, mut count) = (0, 0);
    while let Some((next, key, module)) = modules.next_entry(at) {
        at = next;
        let Some(name) = key.downcast::<Str>() else { continue };
        if !module.downcast::<Module>().is_some_and(|module| module.is_native()) {
            continue;
        }
        let same = |known: Value| known.downcast::<Str>().is_some_and(|known| known.equals(&name));
        if library.is_some_and(|library| library.any(same)) {
            continue;
        }
        out.put(if count == 0 { b"\nExtension modules: " } else { b", " });
        escaped(out, name.chars());
        count += 1;
    }
    if count > 0 {
        out.put(b" (total: ");
        decimal(out, count);
        out.put(b")\n");
    }
}

/// The value of a name in a namespace, which is looked through.
fn named(dict: Gc<Dict>, name: &str) -> Option<Value> {
    let mut at = 0;
    while let Some((next, key, value)) = dict.next_entry(at) {
        at = next;
        if key.downcast::<Str>().is_some_and(|key| key.as_ascii() == Some(name)) {
            return Some(value);
        }
    }
    None
}

/// Text in ASCII. CPython: `_Py_DumpASCII`.
fn escaped(out: &mut dyn Sink, text: impl Iterator<Item = u32>) {
    for (index, point) in text.enumerate() {
        if index == LONGEST {
            return out.put(b"...");
        }
        let (kind, digits) = match point {
            0x20..0x7F => {
                out.put(&[point as u8]);
                continue;
            }
            ..=0xFF => (b"\\x", 2),
            ..=0xFFFF => (b"\\u", 4),
            _ => (b"\\U", 8),
        };
        out.put(kind);
        hexadecimal(out, point.into(), digits);
    }
}

/// A number with at least so many digits.
pub(crate) fn hexadecimal(out: &mut dyn Sink, number: u64, digits: u32) {
    let needed = (u64::BITS - number.leading_zeros()).div_ceil(4);
    for digit in (0..needed.max(digits)).rev() {
        out.put(&[b"0123456789abcdef"[(number >> (digit * 4) & 15) as usize]]);
    }
}

pub(crate) fn decimal(out: &mut dyn Sink, number: u64) {
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return out.put(&digits[at..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decimal, escaped, hexadecimal};

    #[test]
    fn numbers_and_names() {
        let mut out = Vec::new();
        hexadecimal(&mut out, 0xAB, 16);
        out.push(b' ');
        hexadecimal(&mut out, 0x1234, 1);
        out.push(b' ');
        decimal(&mut out, 0);
        decimal(&mut out, 120);
        escaped(&mut out, "\n\u{e9}\u{1234}\u{1F600}".chars().map(u32::from));
        let expected = "00000000000000ab 1234 0120\\x0a\\xe9\\u1234\\U0001f600";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn long_names_are_cut() {
        let mut out = Vec::new();
        escaped(&mut out, "x".repeat(501).chars().map(u32::from));
        assert_eq!(out.len(), 503);
        assert!(out.ends_with(b"x..."));
    }
}
