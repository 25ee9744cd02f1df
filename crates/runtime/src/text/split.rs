//! Splitting and stripping: where the pieces of a run of units lie.
//!
//! CPython: `Objects/stringlib/split.h`. Invariant: pieces are given as ranges, in order from the left.

use std::ops::Range;

use super::search;
use super::unit::Unit;

/// Words between runs of white space; after `limit` cuts from the left the rest, with
/// the white space inside and after it, is the last word.
pub fn words<T: Unit>(units: &[T], limit: usize, is_space: impl Fn(T) -> bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        while at < units.len() && is_space(units[at]) {
            at += 1;
        }
        if at == units.len() {
            return pieces;
        }
        let start = at;
        if pieces.len() == limit {
            pieces.push(start..units.len());
            return pieces;
        }
        while at < units.len() && !is_space(units[at]) {
            at += 1;
        }
        pieces.push(start..at);
    }
}

/// As `words`, cutting from the right.
pub fn words_from_right<T: Unit>(
    units: &[T],
    limit: usize,
    is_space: impl Fn(T) -> bool,
) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut end = units.len();
    loop {
        while end > 0 && is_space(units[end - 1]) {
            end -= 1;
        }
        if end == 0 {
            break;
        }
        if pieces.len() == limit {
            pieces.push(0..end);
            break;
        }
        let last = end;
        while end > 0 && !is_space(units[end - 1]) {
            end -= 1;
        }
        pieces.push(end..last);
    }
    pieces.reverse();
    pieces
}

/// Pieces between occurrences of `separator` (not empty); at most `limit` cuts from the left.
pub fn by_separator<T: Unit>(units: &[T], separator: &[T], limit: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in search::occurrences(units, separator).take(limit) {
        pieces.push(start..at);
        start = at + separator.len();
    }
    pieces.push(start..units.len());
    pieces
}

/// As `by_separator`, cutting from the right.
pub fn by_separator_from_right<T: Unit>(units: &[T], separator: &[T], limit: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut end = units.len();
    let reversed_separator: Vec<T> = separator.iter().rev().copied().collect();
    if separator.len() > 1 && limit > 8 {
        // One pass over the reversed text, since each search from the right prepares its needle anew.
        let reversed: Vec<T> = units.iter().rev().copied().collect();
        for at in search::occurrences(&reversed, &reversed_separator).take(limit) {
            let after = units.len() - at;
            pieces.push(after..end);
            end = after - separator.len();
        }
    } else {
        while pieces.len() < limit
            && let Some(at) = search::rfind(&units[..end], separator)
        {
            pieces.push(at + separator.len()..end);
            end = at;
        }
    }
    pieces.push(0..end);
    pieces.reverse();
    pieces
}

/// Lines; with `keep_ends` each line includes its line break. `\r\n` is one break.
pub fn lines<T: Unit>(units: &[T], keep_ends: bool, is_break: impl Fn(T) -> bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let start = at;
        while at < units.len() && !is_break(units[at]) {
            at += 1;
        }
        let mut end = at;
        if at < units.len() {
            let crlf = units[at].code() == 0x0d && units.get(at + 1).is_some_and(|u| u.code() == 0x0a);
            at += if crlf { 2 } else { 1 };
            if keep_ends {
                end = at;
            }
        }
        pieces.push(start..end);
    }
    pieces
}

/// Which ends `strip` works on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Left,
    Right,
    Both,
}

/// What remains when units for which `drop` holds are taken off the ends.
pub fn strip<T: Unit>(units: &[T], ends: Ends, drop: impl Fn(T) -> bool) -> Range<usize> {
    let mut start = 0;
    let mut end = units.len();
    if ends != Ends::Right {
        while start < end && drop(units[start]) {
            start += 1;
        }
    }
    if ends != Ends::Left {
        while end > start && drop(units[end - 1]) {
            end -= 1;
        }
    }
    start..end
}

/// `maxsplit` as a number of cuts: negative means no limit.
pub fn cut_limit(maxsplit: isize) -> usize {
    usize::try_from(maxsplit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(units: &[u8], pieces: Vec<Range<usize>>) -> Vec<&str> {
        pieces.into_iter().map(|r| std::str::from_utf8(&units[r]).unwrap()).collect()
    }

    fn space(u: u8) -> bool {
        u == b' '
    }

    #[test]
    fn words_are_cut_from_either_side() {
        let s = b"  a b  c ";
        assert_eq!(text(s, words(s, usize::MAX, space)), ["a", "b", "c"]);
        assert_eq!(text(s, words(s, 1, space)), ["a", "b  c "]);
        assert_eq!(text(s, words_from_right(s, 1, space)), ["  a b", "c"]);
        assert_eq!(text(b"", words(b"", 1, space)), [""; 0]);
        assert_eq!(text(b" x ", words(b" x ", 0, space)), ["x "]);
    }

    #[test]
    fn separators_are_cut_from_either_side() {
        let s = b"a,,b,,,c";
        assert_eq!(text(s, by_separator(s, b",,", usize::MAX)), ["a", "b", ",c"]);
        assert_eq!(text(s, by_separator_from_right(s, b",,", usize::MAX)), ["a", "b,", "c"]);
        assert_eq!(text(s, by_separator_from_right(s, b",,", 1)), ["a,,b,", "c"]);
        assert_eq!(text(s, by_separator(s, b",", 2)), ["a", "", "b,,,c"]);
    }

    #[test]
    fn lines_join_carriage_return_and_line_feed() {
        let s = b"a\r\nb\n\nc\r";
        let is_break = |u: u8| u == b'\n' || u == b'\r';
        assert_eq!(text(s, lines(s, false, is_break)), ["a", "b", "", "c"]);
        assert_eq!(text(s, lines(s, true, is_break)), ["a\r\n", "b\n", "\n", "c\r"]);
    }
}
