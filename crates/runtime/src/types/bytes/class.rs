//! The impl block that `bytes` and `bytearray` share, as a macro: one row per method, for both classes.
//!
//! CPython: `bytes_methods` and `bytearray_methods`. Invariant: a method here behaves the same for both, apart
//! from the type of its result.

/// Defines a `#[class]` impl block: the items given, and the methods that both classes have.
macro_rules! byte_string_class {
    ($(#[$attribute:meta])* impl $T:ident { $($own:tt)* }) => {
        $(#[$attribute])*
        impl $T {
            $($own)*

            #[slot(contains)]
            fn contains(this: Gc<Self>, cx: &mut Context, item: Value) -> Result<bool> {
                ops::contains(cx, this, item)
            }

            #[slot(rem)]
            fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
                match a.downcast::<$T>() {
                    Some(this) => {
                        let format = <$T as ByteString>::with(this, cx, <[u8]>::to_vec);
                        let formatted = crate::types::str::percent::format_bytes(cx, &format, b)?;
                        Ok(<$T as ByteString>::make(cx, &formatted).value())
                    }
                    None => Ok(Value::NOT_IMPLEMENTED),
                }
            }

            /// Decode with the codec of that name, as str.
            #[function("(encoding='utf-8', errors='strict')")]
            fn decode(this: Gc<Self>, cx: &mut Context, encoding: Value, errors: Value) -> Result<Gc<Str>> {
                let encoding = expect_str(cx, encoding, "decode() argument 'encoding'")?;
                let errors = expect_str(cx, errors, "decode() argument 'errors'")?;
                let source = cx.bytes_like(this.value())?;
                crate::codecs::decode_bytes(cx, this.value(), &source, Some(encoding), Some(errors))
            }

            /// Hexadecimal digits, with sep between groups of bytes_per_sep bytes if it is given.
            ///
            /// Groups are counted from the right, or from the left if bytes_per_sep is negative.
            ///
            /// >>> b'\x0a\xbc\xde'.hex('-', 2)
            /// '0a-bcde'
            #[function("(sep=<absent>, bytes_per_sep=1)")]
            fn hex(this: Gc<Self>, cx: &mut Context, sep: Option<Value>, bytes_per_sep: i32) -> Result<Gc<Str>> {
                let source = cx.bytes_like(this.value())?;
                ops::hex(cx, &source, sep, bytes_per_sep)
            }

            /// Table for translate().
            #[staticmethod("(frm, to, /)")]
            fn maketrans(cx: &mut Context, frm: Value, to: Value) -> Result {
                Ok(ops::make_table(cx, frm, to)?.value())
            }

            /// Number of occurrences in the slice from start to end that do not overlap.
            #[function("(sub, start=None, end=None, /)")]
            fn count(this: Gc<Self>, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<usize> {
                ops::count(cx, this, sub, start, end)
            }

            /// Position of the first occurrence in the slice from start to end, or -1.
            #[function("(sub, start=None, end=None, /)")]
            fn find(this: Gc<Self>, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<isize> {
                let found = ops::find(cx, this, sub, start, end, Find::First)?;
                Ok(found.map_or(-1, |at| at as isize))
            }

            /// Position of the last occurrence in the slice from start to end, or -1.
            #[function("(sub, start=None, end=None, /)")]
            fn rfind(this: Gc<Self>, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<isize> {
                let found = ops::find(cx, this, sub, start, end, Find::Last)?;
                Ok(found.map_or(-1, |at| at as isize))
            }

            /// Position of the first occurrence in the slice from start to end, or ValueError.
            #[function("(sub, start=None, end=None, /)")]
            fn index(this: Gc<Self>, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<usize> {
                ops::index(cx, this, sub, start, end, Find::First)
            }

            /// Position of the last occurrence in the slice from start to end, or ValueError.
            #[function("(sub, start=None, end=None, /)")]
            fn rindex(this: Gc<Self>, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<usize> {
                ops::index(cx, this, sub, start, end, Find::Last)
            }

            /// Whether the slice from start to end begins with the prefix, or with one of a tuple of them.
            #[function("(prefix, start=None, end=None, /)")]
            fn startswith(this: Gc<Self>, cx: &mut Context, prefix: Value, start: Option<Index>, end: Option<Index>) -> Result<bool> {
                ops::affix(cx, this, prefix, start, end, false)
            }

            /// Whether the slice from start to end ends with the suffix, or with one of a tuple of them.
            #[function("(suffix, start=None, end=None, /)")]
            fn endswith(this: Gc<Self>, cx: &mut Context, suffix: Value, start: Option<Index>, end: Option<Index>) -> Result<bool> {
                ops::affix(cx, this, suffix, start, end, true)
            }

            /// Copy without the prefix, if it has it.
            #[function("(prefix, /)")]
            fn removeprefix(this: Gc<Self>, cx: &mut Context, prefix: Value) -> Result<Gc<Self>> {
                ops::remove_affix(cx, this, prefix, false)
            }

            /// Copy without the suffix, if it has it.
            #[function("(suffix, /)")]
            fn removesuffix(this: Gc<Self>, cx: &mut Context, suffix: Value) -> Result<Gc<Self>> {
                ops::remove_affix(cx, this, suffix, true)
            }

            /// Copy with `old` replaced by `new`, in at most `count` places if that is not negative.
            #[function("(old, new, count=-1, /)")]
            fn replace(this: Gc<Self>, cx: &mut Context, old: Value, new: Value, count: isize) -> Result<Gc<Self>> {
                ops::replace(cx, this, old, new, count)
            }

            /// List of the pieces between separators, cut from the left at most maxsplit times.
            ///
            /// Without a separator, runs of white space separate and empty pieces are left out.
            #[function("(sep=None, maxsplit=-1)")]
            fn split(this: Gc<Self>, cx: &mut Context, sep: Value, maxsplit: isize) -> Result {
                ops::split(cx, this, sep, maxsplit, false)
            }

            /// List of the pieces between separators, cut from the right at most maxsplit times.
            ///
            /// Without a separator, runs of white space separate and empty pieces are left out.
            #[function("(sep=None, maxsplit=-1)")]
            fn rsplit(this: Gc<Self>, cx: &mut Context, sep: Value, maxsplit: isize) -> Result {
                ops::split(cx, this, sep, maxsplit, true)
            }

            /// List of the lines, with their line breaks if keepends is true.
            #[function("(keepends=False)")]
            fn splitlines(this: Gc<Self>, cx: &mut Context, keepends: bool) -> Result {
                ops::split_lines(cx, this, keepends)
            }

            /// The part before the first separator, the separator, and the part after it.
            ///
            /// Without a separator: everything, and two empty parts.
            #[function("(sep, /)")]
            fn partition(this: Gc<Self>, cx: &mut Context, sep: Value) -> Result {
                ops::partition(cx, this, sep, false)
            }

            /// The part before the last separator, the separator, and the part after it.
            ///
            /// Without a separator: two empty parts, and everything.
            #[function("(sep, /)")]
            fn rpartition(this: Gc<Self>, cx: &mut Context, sep: Value) -> Result {
                ops::partition(cx, this, sep, true)
            }

            /// Copy without white space, or the given bytes, at both ends.
            #[function("(bytes=None, /)")]
            fn strip(this: Gc<Self>, cx: &mut Context, bytes: Value) -> Result<Gc<Self>> {
                ops::strip(cx, this, bytes, Ends::Both)
            }

            /// Copy without white space, or the given bytes, at the start.
            #[function("(bytes=None, /)")]
            fn lstrip(this: Gc<Self>, cx: &mut Context, bytes: Value) -> Result<Gc<Self>> {
                ops::strip(cx, this, bytes, Ends::Left)
            }

            /// Copy without white space, or the given bytes, at the end.
            #[function("(bytes=None, /)")]
            fn rstrip(this: Gc<Self>, cx: &mut Context, bytes: Value) -> Result<Gc<Self>> {
                ops::strip(cx, this, bytes, Ends::Right)
            }

            /// Center in a field of that width, filled up on both sides.
            #[function("(width, fillchar=b' ', /)")]
            fn center(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Self>> {
                ops::justify(cx, this, width, fillchar, Justify::Center)
            }

            /// Align to the left in a field of that width, filled up on the right.
            #[function("(width, fillchar=b' ', /)")]
            fn ljust(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Self>> {
                ops::justify(cx, this, width, fillchar, Justify::Left)
            }

            /// Align to the right in a field of that width, filled up on the left.
            #[function("(width, fillchar=b' ', /)")]
            fn rjust(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Self>> {
                ops::justify(cx, this, width, fillchar, Justify::Right)
            }

            /// Fill up with zeros on the left, behind a sign, to that width.
            #[function("(width, /)")]
            fn zfill(this: Gc<Self>, cx: &mut Context, width: isize) -> Result<Gc<Self>> {
                ops::zero_fill(cx, this, width)
            }

            /// Copy in which tabs are filled up with spaces to the next column.
            #[function("(tabsize=8)")]
            fn expandtabs(this: Gc<Self>, cx: &mut Context, tabsize: i32) -> Result<Gc<Self>> {
                ops::expand_tabs(cx, this, tabsize)
            }

            /// Copy without the bytes in delete, and with the others mapped through a table of 256 bytes.
            #[function("(table, /, delete=b'')")]
            fn translate(this: Gc<Self>, cx: &mut Context, table: Value, delete: Value) -> Result<Gc<Self>> {
                ops::translate(cx, this, table, delete)
            }

            /// Join the items of an iterable, with this between them.
            #[function("(iterable_of_bytes, /)")]
            fn join(this: Gc<Self>, cx: &mut Context, iterable_of_bytes: Value) -> Result<Gc<Self>> {
                if this.value().downcast::<crate::types::bytes::Bytes>().is_some() {
                    return ops::join(cx, this, iterable_of_bytes);
                }
                // The iterator must not change the separator.
                let buffer = cx.buffer(this.value(), crate::protocol::buffer::flag::SIMPLE)?;
                let joined = ops::join(cx, this, iterable_of_bytes);
                cx.release_buffer(this.value(), buffer)?;
                joined
            }

            /// Copy in ASCII upper case.
            #[function("()")]
            fn upper(this: Gc<Self>, cx: &Context) -> Gc<Self> {
                ops::map(cx, this, <[u8]>::to_ascii_uppercase)
            }

            /// Copy in ASCII lower case.
            #[function("()")]
            fn lower(this: Gc<Self>, cx: &Context) -> Gc<Self> {
                ops::map(cx, this, <[u8]>::to_ascii_lowercase)
            }

            /// Copy in which every word starts in ASCII upper case and goes on in lower case.
            #[function("()")]
            fn title(this: Gc<Self>, cx: &Context) -> Gc<Self> {
                ops::map(cx, this, ascii::title)
            }

            /// Copy with the first byte in ASCII upper case and the others in lower case.
            #[function("()")]
            fn capitalize(this: Gc<Self>, cx: &Context) -> Gc<Self> {
                ops::map(cx, this, ascii::capitalize)
            }

            /// Copy with ASCII upper case turned into lower case and the reverse.
            #[function("()")]
            fn swapcase(this: Gc<Self>, cx: &Context) -> Gc<Self> {
                ops::map(cx, this, ascii::swap_case)
            }

            /// Whether everything is ASCII. True when empty.
            #[function("()")]
            fn isascii(this: Gc<Self>, cx: &Context) -> bool {
                <$T as ByteString>::with(this, cx, |bytes| bytes.is_ascii())
            }

            /// Whether there are bytes and all of them are ASCII letters.
            #[function("()")]
            fn isalpha(this: Gc<Self>, cx: &Context) -> bool {
                ops::all(cx, this, |b| b.is_ascii_alphabetic())
            }

            /// Whether there are bytes and all of them are ASCII letters or digits.
            #[function("()")]
            fn isalnum(this: Gc<Self>, cx: &Context) -> bool {
                ops::all(cx, this, |b| b.is_ascii_alphanumeric())
            }

            /// Whether there are bytes and all of them are ASCII digits.
            #[function("()")]
            fn isdigit(this: Gc<Self>, cx: &Context) -> bool {
                ops::all(cx, this, |b| b.is_ascii_digit())
            }

            /// Whether there are bytes and all of them are ASCII white space.
            #[function("()")]
            fn isspace(this: Gc<Self>, cx: &Context) -> bool {
                ops::all(cx, this, ascii::is_space)
            }

            /// Whether there are ASCII letters and all of them are lower case.
            #[function("()")]
            fn islower(this: Gc<Self>, cx: &Context) -> bool {
                <$T as ByteString>::with(this, cx, |bytes| ascii::all_cased(bytes, true))
            }

            /// Whether there are ASCII letters and all of them are upper case.
            #[function("()")]
            fn isupper(this: Gc<Self>, cx: &Context) -> bool {
                <$T as ByteString>::with(this, cx, |bytes| ascii::all_cased(bytes, false))
            }

            /// Whether there are ASCII words, each with an upper case start and lower case after it.
            #[function("()")]
            fn istitle(this: Gc<Self>, cx: &Context) -> bool {
                <$T as ByteString>::with(this, cx, ascii::is_title)
            }
        }
    };
}
pub(crate) use byte_string_class;
