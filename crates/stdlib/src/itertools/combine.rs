//! `product`, `combinations`, `combinations_with_replacement` and `permutations`.
//!
//! Each keeps indices into pools of items and turns them to the next position under its lock.
//! Invariant: an index is smaller than the length of its pool.

use taipan_runtime::prelude::*;

use super::non_negative;

/// Where a combinatoric iterator stands.
#[derive(Default, Trace)]
struct State {
    /// Indices of the tuple given last.
    indices: Vec<usize>,
    /// Permutations only: how often each place is still exchanged.
    cycles: Vec<usize>,
    started: bool,
    ended: bool,
}

impl State {
    fn ended(ended: bool) -> State {
        State { ended, ..State::default() }
    }

    /// Ends the iteration unless `more`; gives the indices if it goes on.
    fn go_on(&mut self, more: bool) -> Option<Vec<usize>> {
        self.ended = !more;
        more.then(|| self.indices.clone())
    }
}

/// The tuple of `pool`'s items at these indices.
fn pick(cx: &Context, pool: &[Value], indices: &[usize]) -> Value {
    let items: GVec<Value> = indices.iter().map(|index| pool[*index]).collect();
    cx.new_tuple(&items).value()
}

/// Body of `product`.
#[derive(Trace)]
pub struct Product {
    /// Tuple of tuples.
    pools: TypedSlot<Tuple>,
    state: Guarded<State>,
}

fn pool_length(pools: &Tuple, place: usize) -> usize {
    pools.get(place).and_then(|pool| pool.downcast::<Tuple>()).map_or(0, |pool| pool.len())
}

/// Cartesian product of input iterables.  Equivalent to nested for-loops.
///
/// For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
/// The leftmost iterators are in the outermost for-loop, so the output tuples
/// cycle in a manner similar to an odometer (with the rightmost element changing
/// on every iteration).
///
/// To compute the product of an iterable with itself, specify the number
/// of repetitions with the optional repeat keyword argument. For example,
/// product(A, repeat=4) means the same as product(A, A, A, A).
#[class(name = "product", module = "itertools", flags = BASETYPE)]
impl Product {
    #[new("(*iterables, repeat=1)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterables: Gc<Tuple>, repeat: isize) -> Result<Gc<Self>> {
        let Ok(repeat) = usize::try_from(repeat) else {
            return Err(cx.value_error("repeat argument cannot be negative"));
        };
        let total = iterables.len().checked_mul(repeat).filter(|total| *total < isize::MAX as usize / 8);
        let Some(total) = total else {
            return Err(cx.overflow_error("repeat argument too large"));
        };
        let mut once = GVec::new();
        if repeat > 0 {
            for iterable in iterables.items() {
                once.push(cx.to_tuple(*iterable)?.value());
            }
        }
        let mut pools = GVec::with_capacity(total);
        for _ in 0..repeat {
            pools.extend_from_slice(&once);
        }
        let pools = TypedSlot::new(cx.new_tuple(&pools));
        Ok(cx.new_instance(class, Product { pools, state: Guarded::new(State::default()) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Option<Value> {
        let pools = this.pools.load()?;
        let indices = this.turn(cx, &pools)?;
        let pools = pools.items().iter().filter_map(|pool| pool.downcast::<Tuple>());
        let items: GVec<Value> = pools.zip(&indices).filter_map(|(pool, index)| pool.get(*index)).collect();
        Some(cx.new_tuple(&items).value())
    }

    /// Moves the odometer on.
    fn turn(&self, cx: &Context, pools: &Tuple) -> Option<Vec<usize>> {
        let mut state = self.state.lock(cx);
        if state.ended {
            return None;
        }
        if !state.started {
            state.started = true;
            state.indices = vec![0; pools.len()];
            let more = (0..pools.len()).all(|place| pool_length(pools, place) > 0);
            return state.go_on(more);
        }
        for place in (0..pools.len()).rev() {
            state.indices[place] += 1;
            if state.indices[place] < pool_length(pools, place) {
                return state.go_on(true);
            }
            state.indices[place] = 0;
        }
        state.go_on(false)
    }

    /// Returns size in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self) -> usize {
        size_of::<Product>() + self.pools.load().map_or(0, |pools| pools.len()) * size_of::<usize>()
    }
}

/// Body of `combinations`.
#[derive(Trace)]
pub struct Combinations {
    pool: TypedSlot<Tuple>,
    r: usize,
    state: Guarded<State>,
}

/// Return successive r-length combinations of elements in the iterable.
///
/// combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
#[class(name = "combinations", module = "itertools", flags = BASETYPE)]
impl Combinations {
    #[new("(iterable, r)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value, r: isize) -> Result<Gc<Self>> {
        let pool = cx.to_tuple(iterable)?;
        let r = non_negative(cx, r)?;
        let state = Guarded::new(State::ended(r > pool.len()));
        Ok(cx.new_instance(class, Combinations { pool: TypedSlot::new(pool), r, state }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Option<Value> {
        let pool = this.pool.load()?;
        let indices = this.turn(cx, pool.len())?;
        Some(pick(cx, pool.items(), &indices))
    }

    /// The next rising sequence of indices below `n`.
    fn turn(&self, cx: &Context, n: usize) -> Option<Vec<usize>> {
        let mut state = self.state.lock(cx);
        if state.ended {
            return None;
        }
        if !state.started {
            state.started = true;
            state.indices = (0..self.r).collect();
            return state.go_on(true);
        }
        let r = self.r;
        let Some(place) = (0..r).rev().find(|place| state.indices[*place] != place + n - r) else {
            return state.go_on(false);
        };
        let first = state.indices[place] + 1;
        for (offset, index) in state.indices[place..].iter_mut().enumerate() {
            *index = first + offset;
        }
        state.go_on(true)
    }

    /// Returns size in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self) -> usize {
        size_of::<Combinations>() + self.r * size_of::<usize>()
    }
}

/// Body of `combinations_with_replacement`.
#[derive(Trace)]
pub struct CombinationsWithReplacement {
    pool: TypedSlot<Tuple>,
    r: usize,
    state: Guarded<State>,
}

/// Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.
///
/// combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
#[class(name = "combinations_with_replacement", module = "itertools", flags = BASETYPE)]
impl CombinationsWithReplacement {
    #[new("(iterable, r)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value, r: isize) -> Result<Gc<Self>> {
        let pool = cx.to_tuple(iterable)?;
        let r = non_negative(cx, r)?;
        let state = Guarded::new(State::ended(pool.is_empty() && r > 0));
        Ok(cx.new_instance(class, CombinationsWithReplacement { pool: TypedSlot::new(pool), r, state }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Option<Value> {
        let pool = this.pool.load()?;
        let indices = this.turn(cx, pool.len())?;
        Some(pick(cx, pool.items(), &indices))
    }

    /// The next sequence of indices below `n` that does not fall.
    fn turn(&self, cx: &Context, n: usize) -> Option<Vec<usize>> {
        let mut state = self.state.lock(cx);
        if state.ended {
            return None;
        }
        if !state.started {
            state.started = true;
            state.indices = vec![0; self.r];
            return state.go_on(true);
        }
        let Some(place) = (0..self.r).rev().find(|place| state.indices[*place] + 1 != n) else {
            return state.go_on(false);
        };
        let index = state.indices[place] + 1;
        state.indices[place..].fill(index);
        state.go_on(true)
    }

    /// Returns size in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self) -> usize {
        size_of::<CombinationsWithReplacement>() + self.r * size_of::<usize>()
    }
}

/// Body of `permutations`.
#[derive(Trace)]
pub struct Permutations {
    pool: TypedSlot<Tuple>,
    r: usize,
    state: Guarded<State>,
}

/// Return successive r-length permutations of elements in the iterable.
///
/// permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
#[class(name = "permutations", module = "itertools", flags = BASETYPE)]
impl Permutations {
    #[new("(iterable, r=None)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value, r: Value) -> Result<Gc<Self>> {
        let pool = cx.to_tuple(iterable)?;
        let r = match r.not_none() {
            None => pool.len(),
            Some(r) if cx.is_int(r) => {
                let r: isize = FromArg::from_arg(cx, r, "r")?;
                non_negative(cx, r)?
            }
            Some(_) => return Err(cx.type_error("Expected int as r")),
        };
        let state = Guarded::new(State::ended(r > pool.len()));
        Ok(cx.new_instance(class, Permutations { pool: TypedSlot::new(pool), r, state }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Option<Value> {
        let pool = this.pool.load()?;
        let indices = this.turn(cx, pool.len())?;
        Some(pick(cx, pool.items(), &indices[..this.r]))
    }

    /// The next order of all `n` indices whose first `r` differ from those before.
    fn turn(&self, cx: &Context, n: usize) -> Option<Vec<usize>> {
        let mut guard = self.state.lock(cx);
        let state = &mut *guard;
        if state.ended {
            return None;
        }
        if !state.started {
            state.started = true;
            state.indices = (0..n).collect();
            state.cycles = (0..self.r).map(|place| n - place).collect();
            return state.go_on(true);
        }
        for place in (0..self.r).rev() {
            state.cycles[place] -= 1;
            if state.cycles[place] == 0 {
                // This place has had every index: the first of them goes to the end.
                state.indices[place..].rotate_left(1);
                state.cycles[place] = n - place;
            } else {
                let other = n - state.cycles[place];
                state.indices.swap(place, other);
                return state.go_on(true);
            }
        }
        state.go_on(false)
    }

    /// Returns size in memory, in bytes.
    #[function("()", name = "__sizeof__")]
    fn sizeof(&self) -> usize {
        size_of::<Permutations>()
            + (self.r + self.pool.load().map_or(0, |pool| pool.len())) * size_of::<usize>()
    }
}
