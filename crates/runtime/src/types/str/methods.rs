//! The class `str`: its slots and methods, each a line or two around the file that does the work.
//!
//! CPython: `unicode_methods` in `Objects/unicodeobject.c`. Invariant: results are exact `str`s, also for
//! instances of subclasses.

use taipan_macros::class;

use super::raw::Str;
use super::{case, expect_str, format, iterator, pad, percent, repr, search, sequence, split, translate};
use crate::codecs;
use crate::context::Context;
use crate::error::Result;
use crate::native::Index;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::text::split::{Ends, cut_limit};
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// An optional position as the result of `find`.
fn position(found: Option<usize>) -> isize {
    found.map_or(-1, |at| at as isize)
}

/// `str(object, encoding, errors)`.
fn decoded(
    cx: &mut Context,
    object: Value,
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Result<Gc<Str>> {
    let encoding = encoding.map(|e| expect_str(cx, e, "str() argument 'encoding'")).transpose()?;
    let errors = errors.map(|e| expect_str(cx, e, "str() argument 'errors'")).transpose()?;
    if let Some(bytes) = object.downcast::<Bytes>() {
        return codecs::decode_bytes(cx, object, bytes.as_slice(), encoding, errors);
    }
    if object.downcast::<Str>().is_some() {
        return Err(cx.type_error("decoding str is not supported"));
    }
    let Some(bytes) = crate::protocol::buffer::try_copy(cx, object)? else {
        let found = cx.type_name(object);
        return Err(cx.type_error(format!("decoding to str: need a bytes-like object, {found} found")));
    };
    codecs::decode_bytes(cx, object, &bytes, encoding, errors)
}

/// Text: an immutable sequence of Unicode code points.
///
/// str(object) is the text of any object; str(buffer, encoding, errors) decodes bytes.
#[class(name = "str", kind = STR, quick = crate::quick::new_str, flags = BASETYPE | MATCH_SELF, by_kind, variable = super::raw::words)]
impl Str {
    #[new("(object=<absent>, encoding=<absent>, errors=<absent>)", text = "")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        object: Option<Value>,
        encoding: Option<Value>,
        errors: Option<Value>,
    ) -> Result<Gc<Str>> {
        let text = match object {
            None => cx.empty_str(),
            Some(object) if encoding.is_none() && errors.is_none() => cx.str(object)?,
            Some(object) => decoded(cx, object, encoding, errors)?,
        };
        if class == <Str as crate::layout::Object>::class_cell().get() {
            Ok(text)
        } else {
            Ok(text.as_instance_of(cx, class))
        }
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result {
        Ok(repr::repr(cx, &this, false).value())
    }

    #[slot(str)]
    fn str(this: Gc<Self>, cx: &mut Context) -> Result {
        Ok(this.exact(cx).value())
    }

    #[slot(hash)]
    fn hash_slot(this: Gc<Self>, cx: &mut Context) -> Result<i64> {
        Ok(this.hash(cx))
    }

    #[slot(compare)]
    fn compare_slot(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
        let _ = cx;
        match (a.downcast::<Str>(), b.downcast::<Str>()) {
            (Some(a), Some(b)) => Ok(Value::bool(a.compare_op(&b, op))),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(len)]
    fn len_slot(&self) -> usize {
        self.len()
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Result {
        Ok(iterator::iterate(cx, this))
    }

    #[slot(get_item)]
    fn get_item(this: Gc<Self>, cx: &mut Context, key: Value) -> Result {
        sequence::get_item(cx, this, key)
    }

    #[slot(contains)]
    fn contains(&self, cx: &mut Context, item: Value) -> Result<bool> {
        match item.downcast::<Str>() {
            Some(part) => Ok(search::contains(self, &part)),
            None => {
                let found = cx.type_name(item);
                Err(cx.type_error(format!("'in <string>' requires string as left operand, not {found}")))
            }
        }
    }

    #[slot(concat)]
    fn concat_slot(this: Gc<Self>, cx: &mut Context, other: Value) -> Result {
        let Some(other) = other.downcast::<Str>() else {
            let found = cx.type_name(other);
            return Err(cx.type_error(format!("can only concatenate str (not \"{found}\") to str")));
        };
        if this.len().checked_add(other.len()).is_none_or(|len| len > super::MAX_LEN) {
            return Err(cx.overflow_error("strings are too large to concat"));
        }
        Ok(this.concat(cx, other).value())
    }

    #[slot(repeat)]
    fn repeat(this: Gc<Self>, cx: &mut Context, count: isize) -> Result {
        Ok(sequence::repeat(cx, this, count)?.value())
    }

    #[slot(rem)]
    fn rem(cx: &mut Context, a: Value, b: Value) -> Result {
        match a.downcast::<Str>() {
            Some(format) => Ok(percent::format(cx, format, b)?.value()),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Encode the text with the codec of that name, as bytes.
    #[function("(encoding='utf-8', errors='strict')", quick = crate::quick::encode)]
    fn encode(this: Gc<Self>, cx: &mut Context, encoding: Value, errors: Value) -> Result<Gc<Bytes>> {
        let encoding = expect_str(cx, encoding, "encode() argument 'encoding'")?;
        let errors = expect_str(cx, errors, "encode() argument 'errors'")?;
        codecs::encode_str(cx, this, Some(encoding), Some(errors))
    }

    /// Copy with `old` replaced by `new`, in at most `count` places if that is not negative.
    #[function("(old, new, /, count=-1)")]
    fn replace(this: Gc<Self>, cx: &mut Context, old: Value, new: Value, count: isize) -> Result<Gc<Str>> {
        let old = expect_str(cx, old, "replace() argument 1")?;
        let new = expect_str(cx, new, "replace() argument 2")?;
        search::replace(cx, this, old, new, cut_limit(count))
    }

    /// List of the pieces between separators, cut from the left at most maxsplit times.
    ///
    /// Without a separator, runs of white space separate and empty pieces are left out.
    #[function("(sep=None, maxsplit=-1)")]
    fn split(this: Gc<Self>, cx: &mut Context, sep: Value, maxsplit: isize) -> Result {
        split::split(cx, this, sep, maxsplit, false)
    }

    /// List of the pieces between separators, cut from the right at most maxsplit times.
    ///
    /// Without a separator, runs of white space separate and empty pieces are left out.
    #[function("(sep=None, maxsplit=-1)")]
    fn rsplit(this: Gc<Self>, cx: &mut Context, sep: Value, maxsplit: isize) -> Result {
        split::split(cx, this, sep, maxsplit, true)
    }

    /// Join the items of an iterable, with this between them.
    #[function("(iterable, /)")]
    fn join(this: Gc<Self>, cx: &mut Context, iterable: Value) -> Result<Gc<Str>> {
        sequence::join(cx, this, iterable)
    }

    /// Copy with the first character in title case and the others in lower case.
    #[function("()")]
    fn capitalize(&self, cx: &Context) -> Gc<Str> {
        case::capitalize(cx, self)
    }

    /// Copy for comparisons that ignore case.
    #[function("()")]
    fn casefold(&self, cx: &Context) -> Gc<Str> {
        case::casefold(cx, self)
    }

    /// Copy in which every word starts in title case and goes on in lower case.
    #[function("()")]
    fn title(&self, cx: &Context) -> Gc<Str> {
        case::title(cx, self)
    }

    /// Copy in lower case.
    #[function("()")]
    fn lower(&self, cx: &Context) -> Gc<Str> {
        case::lower(cx, self)
    }

    /// Copy in upper case.
    #[function("()")]
    fn upper(&self, cx: &Context) -> Gc<Str> {
        case::upper(cx, self)
    }

    /// Copy with upper case turned into lower case and the reverse.
    #[function("()")]
    fn swapcase(&self, cx: &Context) -> Gc<Str> {
        case::swap_case(cx, self)
    }

    /// Center in a field of that width, filled up on both sides.
    #[function("(width, fillchar=' ', /)")]
    fn center(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Str>> {
        let fill = pad::fill_char(cx, fillchar)?;
        let (left, right) = pad::center_margins(this.len(), usize::try_from(width).unwrap_or(0));
        pad::pad(cx, this, left, right, fill)
    }

    /// Align to the left in a field of that width, filled up on the right.
    #[function("(width, fillchar=' ', /)")]
    fn ljust(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Str>> {
        let fill = pad::fill_char(cx, fillchar)?;
        let margin = usize::try_from(width).unwrap_or(0).saturating_sub(this.len());
        pad::pad(cx, this, 0, margin, fill)
    }

    /// Align to the right in a field of that width, filled up on the left.
    #[function("(width, fillchar=' ', /)")]
    fn rjust(this: Gc<Self>, cx: &mut Context, width: isize, fillchar: Value) -> Result<Gc<Str>> {
        let fill = pad::fill_char(cx, fillchar)?;
        let margin = usize::try_from(width).unwrap_or(0).saturating_sub(this.len());
        pad::pad(cx, this, margin, 0, fill)
    }

    /// Fill up with zeros on the left, behind a sign, to that width.
    #[function("(width, /)")]
    fn zfill(this: Gc<Self>, cx: &mut Context, width: isize) -> Result<Gc<Str>> {
        pad::zero_fill(cx, this, width)
    }

    /// Copy in which tabs are filled up with spaces to the next column.
    #[function("(tabsize=8)")]
    fn expandtabs(this: Gc<Self>, cx: &mut Context, tabsize: i32) -> Result<Gc<Str>> {
        pad::expand_tabs(cx, this, tabsize)
    }

    /// Number of occurrences in the slice from start to end that do not overlap.
    #[function("(sub, start=None, end=None, /)")]
    fn count(&self, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<usize> {
        let (needle, range) = search::needle_and_range(cx, self, "count", sub, start, end)?;
        Ok(range.map_or(0, |range| search::count(self, &needle, range)))
    }

    /// Position of the first occurrence in the slice from start to end, or -1.
    #[function("(sub, start=None, end=None, /)")]
    fn find(&self, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<isize> {
        let (needle, range) = search::needle_and_range(cx, self, "find", sub, start, end)?;
        Ok(position(range.and_then(|range| search::find(self, &needle, range))))
    }

    /// Position of the last occurrence in the slice from start to end, or -1.
    #[function("(sub, start=None, end=None, /)")]
    fn rfind(&self, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<isize> {
        let (needle, range) = search::needle_and_range(cx, self, "rfind", sub, start, end)?;
        Ok(position(range.and_then(|range| search::rfind(self, &needle, range))))
    }

    /// Position of the first occurrence in the slice from start to end, or ValueError.
    #[function("(sub, start=None, end=None, /)")]
    fn index(&self, cx: &mut Context, sub: Value, start: Option<Index>, end: Option<Index>) -> Result<usize> {
        let (needle, range) = search::needle_and_range(cx, self, "index", sub, start, end)?;
        let found = range.and_then(|range| search::find(self, &needle, range));
        found.ok_or_else(|| cx.value_error("substring not found"))
    }

    /// Position of the last occurrence in the slice from start to end, or ValueError.
    #[function("(sub, start=None, end=None, /)")]
    fn rindex(
        &self,
        cx: &mut Context,
        sub: Value,
        start: Option<Index>,
        end: Option<Index>,
    ) -> Result<usize> {
        let (needle, range) = search::needle_and_range(cx, self, "rindex", sub, start, end)?;
        let found = range.and_then(|range| search::rfind(self, &needle, range));
        found.ok_or_else(|| cx.value_error("substring not found"))
    }

    /// The part before the first separator, the separator, and the part after it.
    ///
    /// Without a separator: everything, and two empty parts.
    #[function("(sep, /)")]
    fn partition(this: Gc<Self>, cx: &mut Context, sep: Value) -> Result {
        split::partition(cx, this, sep, false)
    }

    /// The part before the last separator, the separator, and the part after it.
    ///
    /// Without a separator: two empty parts, and everything.
    #[function("(sep, /)")]
    fn rpartition(this: Gc<Self>, cx: &mut Context, sep: Value) -> Result {
        split::partition(cx, this, sep, true)
    }

    /// List of the lines, with their line breaks if keepends is true.
    #[function("(keepends=False)")]
    fn splitlines(this: Gc<Self>, cx: &mut Context, keepends: bool) -> Result {
        split::split_lines(cx, this, keepends)
    }

    /// Copy without white space, or the given ones, at both ends.
    #[function("(chars=None, /)")]
    fn strip(this: Gc<Self>, cx: &mut Context, chars: Value) -> Result {
        split::strip(cx, this, chars, Ends::Both)
    }

    /// Copy without white space, or the given ones, at the start.
    #[function("(chars=None, /)")]
    fn lstrip(this: Gc<Self>, cx: &mut Context, chars: Value) -> Result {
        split::strip(cx, this, chars, Ends::Left)
    }

    /// Copy without white space, or the given ones, at the end.
    #[function("(chars=None, /)")]
    fn rstrip(this: Gc<Self>, cx: &mut Context, chars: Value) -> Result {
        split::strip(cx, this, chars, Ends::Right)
    }

    /// Copy with each character replaced by what the table maps it to.
    #[function("(table, /)")]
    fn translate(this: Gc<Self>, cx: &mut Context, table: Value) -> Result<Gc<Str>> {
        translate::translate(cx, this, table)
    }

    /// Table for translate().
    #[staticmethod("(x, y=<absent>, z=<absent>, /)")]
    fn maketrans(cx: &mut Context, x: Value, y: Option<Value>, z: Option<Value>) -> Result {
        translate::make_table(cx, x, y, z)
    }

    /// Whether the slice from start to end begins with the prefix, or with one of a tuple of them.
    #[function("(prefix, start=None, end=None, /)", quick = crate::quick::startswith)]
    fn startswith(
        this: Gc<Self>,
        cx: &mut Context,
        prefix: Value,
        start: Option<Index>,
        end: Option<Index>,
    ) -> Result<bool> {
        search::affix(cx, this, prefix, start, end, false)
    }

    /// Whether the slice from start to end ends with the suffix, or with one of a tuple of them.
    #[function("(suffix, start=None, end=None, /)", quick = crate::quick::endswith)]
    fn endswith(
        this: Gc<Self>,
        cx: &mut Context,
        suffix: Value,
        start: Option<Index>,
        end: Option<Index>,
    ) -> Result<bool> {
        search::affix(cx, this, suffix, start, end, true)
    }

    /// Copy without the prefix, if it has it.
    #[function("(prefix, /)")]
    fn removeprefix(this: Gc<Self>, cx: &mut Context, prefix: Value) -> Result<Gc<Str>> {
        let prefix = expect_str(cx, prefix, "removeprefix() argument")?;
        Ok(search::remove_prefix(cx, this, &prefix))
    }

    /// Copy without the suffix, if it has it.
    #[function("(suffix, /)")]
    fn removesuffix(this: Gc<Self>, cx: &mut Context, suffix: Value) -> Result<Gc<Str>> {
        let suffix = expect_str(cx, suffix, "removesuffix() argument")?;
        Ok(search::remove_suffix(cx, this, &suffix))
    }

    /// Whether everything is ASCII. True when empty.
    #[function("()")]
    fn isascii(&self) -> bool {
        self.is_ascii()
    }

    /// Whether there are cased characters and all of them are lower case.
    #[function("()")]
    fn islower(&self) -> bool {
        self.is_lower()
    }

    /// Whether there are cased characters and all of them are upper case.
    #[function("()")]
    fn isupper(&self) -> bool {
        self.is_upper()
    }

    /// Whether there are words, each with an upper or title case start and lower case after it.
    #[function("()")]
    fn istitle(&self) -> bool {
        self.is_title()
    }

    /// Whether there are characters and all of them are white space.
    #[function("()")]
    fn isspace(&self) -> bool {
        self.is_space()
    }

    /// Whether there are characters and all of them are decimal digits.
    #[function("()")]
    fn isdecimal(&self) -> bool {
        self.is_decimal()
    }

    /// Whether there are characters and all of them are digits.
    #[function("()")]
    fn isdigit(&self) -> bool {
        self.is_digit()
    }

    /// Whether there are characters and all of them have a numeric value.
    #[function("()")]
    fn isnumeric(&self) -> bool {
        self.is_numeric()
    }

    /// Whether there are characters and all of them are letters.
    #[function("()")]
    fn isalpha(&self) -> bool {
        self.is_alpha()
    }

    /// Whether there are characters and all of them are letters or numbers.
    #[function("()")]
    fn isalnum(&self) -> bool {
        self.is_alnum()
    }

    /// Whether the text can be an identifier; keywords count as such.
    #[function("()")]
    fn isidentifier(&self) -> bool {
        self.is_identifier()
    }

    /// Whether repr() would show every character as it is.
    #[function("()")]
    fn isprintable(&self) -> bool {
        self.is_printable()
    }

    /// Copy with the fields in braces replaced by the formatted arguments.
    #[function("(*args, **kwargs)", name = "format")]
    fn format_method(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Str>> {
        format::format_string(cx, this, Some(args), kwargs.value())
    }

    /// Copy with the fields in braces replaced by formatted values of the mapping.
    #[function("(mapping, /)")]
    fn format_map(this: Gc<Self>, cx: &mut Context, mapping: Value) -> Result<Gc<Str>> {
        format::format_string(cx, this, None, mapping)
    }

    /// Format by the specification.
    #[function("(format_spec, /)")]
    fn __format__(this: Gc<Self>, cx: &mut Context, format_spec: Value) -> Result<Gc<Str>> {
        let spec = expect_str(cx, format_spec, "__format__() argument")?;
        if spec.is_empty() && !this.is_exact() {
            return cx.str(this.value());
        }
        format::format_str(cx, this, spec)
    }

    #[function("()")]
    fn __getnewargs__(this: Gc<Self>, cx: &mut Context) -> Result {
        // A copy, so that pickle does not meet the object itself again.
        let copy = cx.new_str_from(this.units());
        Ok(cx.new_tuple(&[copy.value()]).value())
    }

    /// Bytes of memory that the object takes.
    #[function("()")]
    fn __sizeof__(&self) -> usize {
        24 + self.len() * self.width()
    }
}
