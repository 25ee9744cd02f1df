//! `islice`, `pairwise` and `batched`.
//!
//! Invariant: `islice` consumes exactly the items up to its last one, and stops asking at its end.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;

use super::advance;

/// Body of `islice`.
#[derive(Trace)]
pub struct ISlice {
    /// EMPTY at the end.
    source: Slot,
    /// Position of the next item to give.
    next: AtomicUsize,
    /// Items taken from the source.
    taken: AtomicUsize,
    stop: usize,
    step: usize,
}

/// The stop where None was passed: never.
const ENDLESS: usize = usize::MAX;

/// The stop of islice. A stop of -1 looks like an error of conversion upstream, hence its message.
fn stop_position(cx: &mut Context, value: Value) -> Result<Option<usize>> {
    if cx.int_to_i64(value).is_some_and(|stop| stop < -1) {
        return Err(cx.value_error(INDICES));
    }
    position(cx, value, STOP)
}

/// An argument of islice: None or a non-negative index, else ValueError with `message`.
fn position(cx: &mut Context, value: Value, message: &str) -> Result<Option<usize>> {
    if value.is_none() {
        return Ok(None);
    }
    if !cx.has_index(value) {
        return Err(cx.value_error(message));
    }
    match cx.index_i128(value) {
        Ok(index) => match isize::try_from(index) {
            Ok(index) if index >= 0 => Ok(Some(index as usize)),
            _ => Err(cx.value_error(message)),
        },
        Err(raised) => {
            cx.take_exception(raised);
            Err(cx.value_error(message))
        }
    }
}

const STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const STEP: &str = "Step for islice() must be a positive integer or None.";

/// islice(iterable, stop) --> islice object
/// islice(iterable, start, stop[, step]) --> islice object
///
/// Return an iterator whose next() method returns selected values from an
/// iterable.  If start is specified, will skip all preceding elements;
/// otherwise, start defaults to zero.  Step defaults to one.  If
/// specified as another value, step determines how many values are
/// skipped between successive calls.  Works like a slice() on a list
/// but returns an iterator.
#[class(name = "islice", module = "itertools", flags = BASETYPE)]
impl ISlice {
    #[new("(*args)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>) -> Result<Gc<Self>> {
        let (iterable, start, stop, step) = match *args.items() {
            [iterable, stop] => (iterable, None, stop_position(cx, stop)?, None),
            [iterable, start, stop] => {
                let stop = stop_position(cx, stop)?;
                (iterable, position(cx, start, INDICES)?, stop, None)
            }
            [iterable, start, stop, step] => {
                let stop = stop_position(cx, stop)?;
                let start = position(cx, start, INDICES)?;
                (iterable, start, stop, position(cx, step, STEP)?)
            }
            ref more if more.len() < 2 => {
                return Err(
                    cx.type_error(format!("islice expected at least 2 arguments, got {}", more.len()))
                );
            }
            ref more => {
                return Err(cx.type_error(format!("islice expected at most 4 arguments, got {}", more.len())));
            }
        };
        if step == Some(0) {
            return Err(cx.value_error(STEP));
        }
        let body = ISlice {
            source: Slot::new(cx.iter(iterable)?),
            next: AtomicUsize::new(start.unwrap_or(0)),
            taken: AtomicUsize::new(0),
            stop: stop.unwrap_or(ENDLESS),
            step: step.unwrap_or(1),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(source) = self.source.load() else { return Ok(None) };
        let next = self.next.load(Ordering::Relaxed);
        // With the start behind the stop, the items up to the stop are consumed all the same.
        let until = next.min(self.stop);
        while self.taken.load(Ordering::Relaxed) < until {
            self.taken.fetch_add(1, Ordering::Relaxed);
            cx.poll()?;
            if advance(cx, source)?.is_none() {
                self.source.clear();
                return Ok(None);
            }
        }
        if next >= self.stop {
            self.source.clear();
            return Ok(None);
        }
        let Some(item) = advance(cx, source)? else {
            self.source.clear();
            return Ok(None);
        };
        self.taken.fetch_add(1, Ordering::Relaxed);
        self.next.store(next.saturating_add(self.step).min(self.stop), Ordering::Relaxed);
        Ok(Some(item))
    }
}

/// Body of `pairwise`.
#[derive(Trace)]
pub struct Pairwise {
    source: Slot,
    old: Slot,
}

/// Return an iterator of overlapping pairs taken from the input iterator.
///
///     s -> (s0,s1), (s1,s2), (s2, s3), ...
#[class(name = "pairwise", module = "itertools", flags = BASETYPE)]
impl Pairwise {
    #[new("(iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value) -> Result<Gc<Self>> {
        let source = Slot::new(cx.iter(iterable)?);
        Ok(cx.new_instance(class, Pairwise { source, old: Slot::EMPTY }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(mut source) = self.source.load() else { return Ok(None) };
        let old = match self.old.load() {
            Some(old) => old,
            None => {
                let Some(first) = advance(cx, source)? else {
                    self.source.clear();
                    return Ok(None);
                };
                self.old.store(first);
                // The source may have been a re-entrant iterator that ended us meanwhile.
                match self.source.load() {
                    Some(current) => source = current,
                    None => return Ok(None),
                }
                first
            }
        };
        match advance(cx, source) {
            Ok(Some(new)) => {
                self.old.store(new);
                Ok(Some(cx.new_tuple(&[old, new]).value()))
            }
            ended => {
                self.source.clear();
                self.old.clear();
                ended
            }
        }
    }
}

/// Body of `batched`.
#[derive(Trace)]
pub struct Batched {
    source: Slot,
    size: usize,
    strict: bool,
}

/// Batch data into tuples of length n. The last batch may be shorter than n.
///
/// Loops over the input iterable and accumulates data into tuples up to size
/// n.  The input is consumed lazily, just enough to fill a batch.  The result
/// is yielded as soon as a batch is full or when the input iterable is
/// exhausted.
///
/// If "strict" is True, raises a ValueError if the final batch is shorter
/// than n.
#[class(name = "batched", module = "itertools", flags = BASETYPE)]
impl Batched {
    #[new("(iterable, n, *, strict=False)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterable: Value, n: isize, strict: bool) -> Result<Gc<Self>> {
        if n < 1 {
            return Err(cx.value_error("n must be at least one"));
        }
        let source = Slot::new(cx.iter(iterable)?);
        Ok(cx.new_instance(class, Batched { source, size: n as usize, strict }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(source) = self.source.load() else { return Ok(None) };
        let mut items = GVec::with_capacity(self.size.min(64));
        while items.len() < self.size {
            match advance(cx, source) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => {
                    self.source.clear();
                    break;
                }
                Err(raised) => {
                    self.source.clear();
                    return Err(raised);
                }
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        if self.strict && items.len() < self.size {
            return Err(cx.value_error("batched(): incomplete batch"));
        }
        Ok(Some(cx.new_tuple(&items).value()))
    }
}
