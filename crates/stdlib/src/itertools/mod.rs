//! `itertools`. CPython: `Modules/itertoolsmodule.c`.
//!
//! Invariant: an iterator's state is atomic words, slots or behind its lock, so that threads that share one
//! see items skipped or repeated at worst.

mod combine;
mod counting;
mod filter;
mod group;
mod joining;
mod slicing;
mod tee;

use taipan_runtime::prelude::*;

use combine::{Combinations, CombinationsWithReplacement, Permutations, Product};
use counting::{Count, Cycle, Repeat};
use filter::{Compress, DropWhile, FilterFalse, StarMap, TakeWhile};
use group::{GroupBy, Grouper};
use joining::{Accumulate, Chain, ZipLongest};
use slicing::{Batched, ISlice, Pairwise};
use tee::{Tee, TeeData};

/// The module.
pub struct Itertools;

/// Functional tools for creating and using iterators.
///
/// Infinite iterators:
/// count(start=0, step=1) --> start, start+step, start+2*step, ...
/// cycle(p) --> p0, p1, ... plast, p0, p1, ...
/// repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times
///
/// Iterators terminating on the shortest input sequence:
/// accumulate(p[, func]) --> p0, p0+p1, p0+p1+p2
/// batched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...
/// chain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...
/// compress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...
/// dropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails
/// groupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)
/// filterfalse(predicate, seq) --> elements of seq where predicate(elem) is False
/// islice(seq, [start,] stop [, step]) --> elements from seq[start:stop:step]
/// pairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...
/// starmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...
/// tee(it, n) --> (it1, it2 , ... itn) splits one iterator into n
/// takewhile(predicate, seq) --> seq[0], seq[1], until predicate fails
/// zip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...
///
/// Combinatoric generators:
/// product(p, q, ... [repeat=1]) --> cartesian product
/// permutations(p[, r])
/// combinations(p, r)
/// combinations_with_replacement(p, r)
#[module(
    "itertools",
    classes(
        Accumulate,
        Batched,
        Chain,
        Combinations,
        CombinationsWithReplacement,
        Compress,
        Count,
        Cycle,
        DropWhile,
        FilterFalse,
        GroupBy,
        Grouper,
        ISlice,
        Pairwise,
        Permutations,
        Product,
        Repeat,
        StarMap,
        TakeWhile,
        Tee,
        TeeData,
        ZipLongest
    )
)]
impl Itertools {
    /// Returns a tuple of n independent iterators.
    #[function("(iterable, n=2, /)")]
    fn tee(cx: &mut Context, iterable: Value, n: isize) -> Result<Value> {
        tee::tee(cx, iterable, n)
    }
}

/// The next item of an iterator that natives may have nested deeply.
#[inline]
fn advance(cx: &mut Context, iterator: Value) -> Result<Option<Value>> {
    cx.check_recursion("")?;
    cx.next(iterator)
}

/// An `r` argument: ValueError where it is negative.
fn non_negative(cx: &Context, r: isize) -> Result<usize> {
    usize::try_from(r).map_err(|_| cx.value_error("r must be non-negative"))
}
