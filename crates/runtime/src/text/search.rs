//! Substring search: first, last, all non-overlapping occurrences.
//!
//! CPython: `Objects/stringlib/fastsearch.h`. Invariant: linear in the length of both, whatever they hold.
//! Bytes go to `memchr`'s two-way searcher. Wider units are searched as bytes too; a hit that is not on a
//! unit's boundary is a false one, and too many of those switch to Knuth-Morris-Pratt on the units.

use memchr::memmem;

use super::unit::Unit;

/// False hits that a byte-wise search of wide units may make before it is given up.
const FALSE_HITS: usize = 32;

/// A haystack of fewer bytes is searched without preparing the needle.
const SHORT: usize = 64;

/// A needle, prepared once and searched for from left to right.
pub struct Finder<'n, T: Unit> {
    needle: &'n [T],
    /// Made for the first search that needs it: a needle of one unit does not.
    bytes: Option<memmem::Finder<'n>>,
    failure: Option<Vec<usize>>,
}

impl<'n, T: Unit> Finder<'n, T> {
    pub fn new(needle: &'n [T]) -> Finder<'n, T> {
        Finder { needle, bytes: None, failure: None }
    }

    /// Position of the first occurrence at or after `from`.
    pub fn find(&mut self, haystack: &[T], from: usize) -> Option<usize> {
        let tail = haystack.get(from..)?;
        match self.needle {
            [] => Some(from),
            [unit] => T::position(tail, *unit).map(|at| from + at),
            needle if needle.len() > tail.len() => None,
            _ if self.failure.is_some() => self.find_by_units(tail).map(|at| from + at),
            _ => self.find_by_bytes(tail).map(|at| from + at),
        }
    }

    fn find_by_bytes(&mut self, haystack: &[T]) -> Option<usize> {
        let bytes = bytemuck::cast_slice::<T, u8>(haystack);
        let needle = self.needle;
        if size_of::<T>() == 1 && bytes.len() < SHORT {
            return find_short(bytes, bytemuck::cast_slice::<T, u8>(needle));
        }
        let finder =
            self.bytes.get_or_insert_with(|| memmem::Finder::new(bytemuck::cast_slice::<T, u8>(needle)));
        let mut from = 0;
        for _ in 0..FALSE_HITS {
            let hit = from + finder.find(&bytes[from..])?;
            if hit % size_of::<T>() == 0 {
                return Some(hit / size_of::<T>());
            }
            from = hit + 1;
        }
        let start = from / size_of::<T>();
        self.find_by_units(&haystack[start..]).map(|at| start + at)
    }

    fn find_by_units(&mut self, haystack: &[T]) -> Option<usize> {
        let needle = self.needle;
        let failure = self.failure.get_or_insert_with(|| failure_table(needle));
        let mut matched = 0;
        for (i, unit) in haystack.iter().enumerate() {
            while matched > 0 && needle[matched] != *unit {
                matched = failure[matched - 1];
            }
            if needle[matched] == *unit {
                matched += 1;
            }
            if matched == needle.len() {
                return Some(i + 1 - needle.len());
            }
        }
        None
    }
}

/// In a haystack that is short enough for the plain way.
fn find_short(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let places = haystack.len().checked_sub(rest.len())?;
    memchr::memchr_iter(*first, &haystack[..places]).find(|at| haystack[at + 1..].starts_with(rest))
}

/// For each prefix, the length of its longest proper prefix that is also its suffix.
fn failure_table<T: Unit>(needle: &[T]) -> Vec<usize> {
    let mut table = vec![0; needle.len()];
    let mut matched = 0;
    for i in 1..needle.len() {
        while matched > 0 && needle[matched] != needle[i] {
            matched = table[matched - 1];
        }
        if needle[matched] == needle[i] {
            matched += 1;
        }
        table[i] = matched;
    }
    table
}

/// Position of the first occurrence of `needle`.
pub fn find<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [unit] => T::position(haystack, *unit),
        _ if needle.len() > haystack.len() => None,
        _ if size_of::<T>() == 1 => {
            memmem::find(bytemuck::cast_slice(haystack), bytemuck::cast_slice(needle))
        }
        _ => Finder::new(needle).find(haystack, 0),
    }
}

/// Position of the last occurrence of `needle`.
pub fn rfind<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
    match needle {
        [] => Some(haystack.len()),
        [unit] => T::last_position(haystack, *unit),
        _ if needle.len() > haystack.len() => None,
        _ => rfind_long(haystack, needle),
    }
}

fn rfind_long<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
    let bytes = bytemuck::cast_slice::<T, u8>(haystack);
    let finder = memmem::FinderRev::new(bytemuck::cast_slice::<T, u8>(needle));
    let mut end = bytes.len();
    for _ in 0..FALSE_HITS {
        let hit = finder.rfind(&bytes[..end])?;
        if hit % size_of::<T>() == 0 {
            return Some(hit / size_of::<T>());
        }
        // A later start than `hit - 1` cannot match: the needle has to end before this hit's last byte.
        end = hit + std::mem::size_of_val(needle) - 1;
    }
    let haystack = &haystack[..end.div_ceil(size_of::<T>())];
    let reversed_needle: Vec<T> = needle.iter().rev().copied().collect();
    let reversed: Vec<T> = haystack.iter().rev().copied().collect();
    let at = Finder::new(&reversed_needle).find_by_units(&reversed)?;
    Some(haystack.len() - at - needle.len())
}

/// Number of non-overlapping occurrences, at most `limit`. An empty needle occurs between all units.
pub fn count<T: Unit>(haystack: &[T], needle: &[T], limit: usize) -> usize {
    match needle {
        [] => haystack.len().saturating_add(1).min(limit),
        [unit] => haystack.iter().filter(|u| *u == unit).take(limit).count(),
        _ => occurrences(haystack, needle).take(limit).count(),
    }
}

/// Positions of the non-overlapping occurrences of a needle that is not empty, from the left.
pub fn occurrences<'a, T: Unit>(haystack: &'a [T], needle: &'a [T]) -> impl Iterator<Item = usize> + 'a {
    debug_assert!(!needle.is_empty());
    let mut finder = Finder::new(needle);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = finder.find(haystack, from)?;
        from = at + needle.len();
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
        (0..=haystack.len().checked_sub(needle.len())?).find(|&i| haystack[i..].starts_with(needle))
    }

    fn naive_last<T: Unit>(haystack: &[T], needle: &[T]) -> Option<usize> {
        (0..=haystack.len().checked_sub(needle.len())?).rev().find(|&i| haystack[i..].starts_with(needle))
    }

    fn check<T: Unit>(alphabet: &[u32]) {
        let mut state = 0x1234_5678_9abc_def0_u64;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        for _ in 0..4000 {
            let haystack: Vec<T> =
                (0..random(100)).map(|_| T::from_code(alphabet[random(alphabet.len())])).collect();
            let needle: Vec<T> =
                (0..random(5)).map(|_| T::from_code(alphabet[random(alphabet.len())])).collect();
            assert_eq!(find(&haystack, &needle), naive(&haystack, &needle));
            assert_eq!(rfind(&haystack, &needle), naive_last(&haystack, &needle));
        }
    }

    #[test]
    fn agrees_with_the_obvious_search() {
        check::<u8>(&[1, 2, 3]);
        // Units whose bytes repeat, so that byte-wise hits off the boundary are common.
        check::<u16>(&[0x0101, 0x0102, 0x0201, 0x0202]);
        check::<u32>(&[0x01_0101, 0x01_0001, 0x10101, 1]);
    }

    #[test]
    fn wide_search_stays_linear_when_every_hit_is_a_false_one() {
        let haystack: Vec<u16> = vec![0x0102; 200_000];
        let needle: Vec<u16> = vec![0x0201; 50_000];
        assert_eq!(find(&haystack, &needle), None);
        assert_eq!(rfind(&haystack, &needle), None);
        assert_eq!(count(&haystack, &needle, usize::MAX), 0);
    }

    #[test]
    fn counts_do_not_overlap_and_respect_the_limit() {
        assert_eq!(count(b"aaaa", b"aa", usize::MAX), 2);
        assert_eq!(count(b"aaaa", b"a", 3), 3);
        assert_eq!(count(b"ab", b"", usize::MAX), 3);
    }
}
