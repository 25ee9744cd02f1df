//! `chain`, `zip_longest` and `accumulate`.
//!
//! Invariant: an iterator that has ended is dropped, and is not asked again.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::protocol::number::BinaryOp;
use taipan_runtime::types::generic_alias::GenericAlias;

use super::advance;

/// Body of `chain`.
#[derive(Trace)]
pub struct Chain {
    /// Iterator over the iterables; EMPTY at the end.
    sources: Slot,
    active: Slot,
}

/// Return a chain object whose .__next__() method returns elements from the
/// first iterable until it is exhausted, then elements from the next
/// iterable, until all of the iterables are exhausted.
#[class(name = "chain", module = "itertools", flags = BASETYPE)]
impl Chain {
    #[new("(*iterables)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterables: Gc<Tuple>) -> Result<Gc<Self>> {
        let sources = Slot::new(cx.iter(iterables.value())?);
        Ok(cx.new_instance(class, Chain { sources, active: Slot::EMPTY }))
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[classmethod("(iterable, /)")]
    fn from_iterable(cx: &mut Context, class: Value, iterable: Value) -> Result<Value> {
        let sources = Slot::new(cx.iter(iterable)?);
        match class.downcast::<Class>() {
            Some(class) => Ok(cx.new_instance(class, Chain { sources, active: Slot::EMPTY }).value()),
            None => Err(cx.type_error("chain.from_iterable() needs a class")),
        }
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        loop {
            if let Some(active) = self.active.load() {
                if let Some(item) = advance(cx, active)? {
                    return Ok(Some(item));
                }
                self.active.clear();
            }
            let Some(sources) = self.sources.load() else { return Ok(None) };
            match advance(cx, sources) {
                Ok(Some(iterable)) => match cx.iter(iterable) {
                    Ok(iterator) => self.active.store(iterator),
                    Err(raised) => {
                        self.sources.clear();
                        return Err(raised);
                    }
                },
                ended => {
                    self.sources.clear();
                    return ended;
                }
            }
        }
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}

/// Body of `zip_longest`.
#[derive(Trace)]
pub struct ZipLongest {
    /// One slot per iterable; EMPTY once it has ended.
    iterators: Box<[Slot]>,
    active: AtomicUsize,
    fill: Slot,
}

/// Return a zip_longest object whose .__next__() method returns a tuple where
/// the i-th element comes from the i-th iterable argument.
///
/// The .__next__() method continues until the longest iterable in the argument
/// sequence is exhausted and then it raises StopIteration. When the shorter
/// iterables are exhausted, the fillvalue is substituted in their place. The
/// fillvalue defaults to None or can be specified by a keyword argument.
#[class(name = "zip_longest", module = "itertools", flags = BASETYPE)]
impl ZipLongest {
    #[new("(*iterables, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, iterables: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let name = cx.intern("fillvalue");
        let fill = kwargs.get_str(cx, name);
        if kwargs.len() > usize::from(fill.is_some()) {
            return Err(cx.type_error("zip_longest() got an unexpected keyword argument"));
        }
        let mut iterators = GVec::new();
        for iterable in iterables.items() {
            iterators.push(cx.iter(*iterable)?);
        }
        let body = ZipLongest {
            iterators: iterators.iter().map(|iterator| Slot::new(*iterator)).collect(),
            active: AtomicUsize::new(iterators.len()),
            fill: Slot::new(fill.unwrap_or(Value::NONE)),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        if this.iterators.is_empty() || this.active.load(Ordering::Relaxed) == 0 {
            return Ok(None);
        }
        let mut items = GVec::with_capacity(this.iterators.len());
        for slot in &this.iterators {
            let item = match slot.load() {
                None => None,
                Some(iterator) => match advance(cx, iterator) {
                    Ok(Some(item)) => Some(item),
                    Ok(None) => {
                        if slot.swap(None).is_some() && this.active.fetch_sub(1, Ordering::Relaxed) == 1 {
                            return Ok(None);
                        }
                        None
                    }
                    Err(raised) => {
                        this.active.store(0, Ordering::Relaxed);
                        return Err(raised);
                    }
                },
            };
            items.push(item.unwrap_or_else(|| this.fill.load_or_none()));
        }
        Ok(Some(cx.new_tuple(&items).value()))
    }
}

/// Body of `accumulate`.
#[derive(Trace)]
pub struct Accumulate {
    source: Slot,
    function: Slot,
    total: Slot,
    initial: Slot,
}

/// Return series of accumulated sums (or other binary function results).
#[class(name = "accumulate", module = "itertools", flags = BASETYPE)]
impl Accumulate {
    #[new("(iterable, func=None, *, initial=None)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        iterable: Value,
        func: Value,
        initial: Value,
    ) -> Result<Gc<Self>> {
        let body = Accumulate {
            source: Slot::new(cx.iter(iterable)?),
            function: Slot::new_option(func.not_none()),
            total: Slot::EMPTY,
            initial: Slot::new_option(initial.not_none()),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        if let Some(initial) = self.initial.swap(None) {
            self.total.store(initial);
            return Ok(Some(initial));
        }
        let Some(item) = advance(cx, self.source.load_or_none())? else { return Ok(None) };
        let total = match (self.total.load(), self.function.load()) {
            (None, _) => item,
            (Some(total), Some(function)) => cx.call(function, &[total, item])?,
            (Some(total), None) => cx.binary(BinaryOp::Add, total, item)?,
        };
        self.total.store(total);
        Ok(Some(total))
    }
}
