//! `tee`: iterators that share one source. The items lie in a linked list of blocks; each iterator knows
//! its block and its place in it.
//!
//! Invariant: a block's items are only added, each once; whoever is first at the end of the last block asks
//! the source, and a second one that comes meanwhile is refused.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use taipan_runtime::prelude::*;

/// Items of one block.
const BLOCK: usize = 57;

/// Body of a block.
#[derive(Trace)]
pub struct TeeData {
    source: Slot,
    items: [Slot; BLOCK],
    filled: AtomicUsize,
    following: TypedSlot<TeeData>,
    running: AtomicBool,
}

impl TeeData {
    fn body(source: Value) -> TeeData {
        TeeData {
            source: Slot::new(source),
            items: [const { Slot::EMPTY }; BLOCK],
            filled: AtomicUsize::new(0),
            following: TypedSlot::EMPTY,
            running: AtomicBool::new(false),
        }
    }

    /// Item number `index`, asked of the source if nobody has yet.
    fn item(&self, cx: &mut Context, index: usize) -> Result<Option<Value>> {
        if index < self.filled.load(Ordering::Acquire) {
            return Ok(self.items[index].load());
        }
        if self.running.swap(true, Ordering::Acquire) {
            return Err(cx.runtime_error("cannot re-enter the tee iterator"));
        }
        let item = super::advance(cx, self.source.load_or_none());
        if let Ok(Some(item)) = item {
            self.items[index].store(item);
            self.filled.store(index + 1, Ordering::Release);
        }
        self.running.store(false, Ordering::Release);
        item
    }

    /// The block behind this one.
    fn following(this: Gc<TeeData>, cx: &Context) -> Gc<TeeData> {
        if let Some(following) = this.following.load() {
            return following;
        }
        let new = cx.new_object(TeeData::body(this.source.load_or_none()));
        match this.following.slot().compare_exchange(None, Some(new.value())) {
            Ok(()) => new,
            Err(_) => this.following.load().unwrap_or(new),
        }
    }
}

/// teedataobject(iterable, values, next, /)
/// --
///
/// Data container common to multiple tee objects.
#[class(name = "_tee_dataobject", module = "itertools")]
impl TeeData {
    #[new("(iterable, values, next, /)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        iterable: Value,
        values: Gc<List>,
        next: Value,
    ) -> Result<Gc<Self>> {
        let data = cx.new_instance(class, TeeData::body(iterable));
        let values = values.snapshot(cx);
        if values.len() > BLOCK {
            return Err(cx.value_error("Invalid arguments"));
        }
        for (slot, value) in data.items.iter().zip(values.iter()) {
            slot.store(*value);
        }
        data.filled.store(values.len(), Ordering::Release);
        if let Some(next) = next.not_none() {
            let Some(next) = next.downcast::<TeeData>().filter(|_| values.len() == BLOCK) else {
                return Err(cx.value_error("Invalid arguments"));
            };
            data.following.store(next);
        }
        Ok(data)
    }
}

/// Body of one of the iterators.
#[derive(Trace)]
pub struct Tee {
    data: TypedSlot<TeeData>,
    index: AtomicUsize,
}

impl Tee {
    fn from_iterable(cx: &mut Context, iterable: Value) -> Result<Gc<Tee>> {
        let source = cx.iter(iterable)?;
        if let Some(tee) = cx.exact::<Tee>(source) {
            return Ok(tee.copy_of(cx));
        }
        let data = cx.new_object(TeeData::body(source));
        Ok(cx.new_object(Tee { data: TypedSlot::new(data), index: AtomicUsize::new(0) }))
    }

    fn copy_of(&self, cx: &Context) -> Gc<Tee> {
        let index = AtomicUsize::new(self.index.load(Ordering::Relaxed));
        cx.new_object(Tee { data: TypedSlot::new_option(self.data.load()), index })
    }
}

/// Iterator wrapped to make it copyable.
#[class(name = "_tee", module = "itertools", flags = HAS_WEAKREF)]
impl Tee {
    #[new("(iterable, /)")]
    fn new(cx: &mut Context, _class: Gc<Class>, iterable: Value) -> Result<Gc<Self>> {
        Tee::from_iterable(cx, iterable)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(mut data) = self.data.load() else { return Ok(None) };
        let mut index = self.index.load(Ordering::Relaxed);
        if index >= BLOCK {
            data = TeeData::following(data, cx);
            self.data.store(data);
            index = 0;
        }
        let item = data.item(cx, index)?;
        if item.is_some() {
            self.index.store(index + 1, Ordering::Relaxed);
        }
        Ok(item)
    }

    /// Returns an independent iterator.
    #[function("()", name = "__copy__")]
    fn copy(&self, cx: &mut Context) -> Gc<Tee> {
        self.copy_of(cx)
    }
}

/// `itertools.tee(iterable, n)`.
pub(super) fn tee(cx: &mut Context, iterable: Value, n: isize) -> Result<Value> {
    let Ok(n) = usize::try_from(n) else {
        return Err(cx.value_error("n must be >= 0"));
    };
    if n == 0 {
        return Ok(cx.new_tuple(&[]).value());
    }
    let first = Tee::from_iterable(cx, iterable)?;
    let mut tees = GVec::with_capacity(n);
    tees.push(first.value());
    for _ in 1..n {
        tees.push(first.copy_of(cx).value());
    }
    Ok(cx.new_tuple(&tees).value())
}
