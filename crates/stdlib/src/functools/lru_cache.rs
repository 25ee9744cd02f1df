//! `lru_cache`'s wrapper. CPython: `Modules/_functoolsmodule.c`.
//!
//! A bounded cache is a dict from key to a node, and a list of the nodes in order of use. The list changes
//! under the wrapper's lock; the dict, whose keys may compare in Python, is never touched under it.
//! Invariant: a node is in the list from when its result is known until it is evicted or the cache cleared;
//! its slot in `Order::nodes` is its `place`.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::method::Method;

/// Body of `_lru_cache_wrapper`.
#[derive(Trace)]
pub struct LruCacheWrapper {
    function: Slot,
    /// The named tuple class of `cache_info`.
    info: Slot,
    cache: TypedSlot<Dict>,
    /// Separates positional from keyword arguments in keys.
    marker: Slot,
    order: Guarded<Order>,
    /// Negative: unbounded.
    maxsize: i64,
    typed: bool,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// One remembered call of a bounded cache.
#[derive(Trace)]
pub struct Node {
    key: Slot,
    result: Slot,
    hash: i64,
    /// Index in the order; `NOWHERE` once evicted.
    place: AtomicUsize,
}

const NOWHERE: usize = usize::MAX;

#[class(name = "_lru_list_elem", module = "functools", flags = DISALLOW_NEW)]
impl Node {}

/// A doubly linked list of nodes, oldest first, by index.
#[derive(Trace)]
struct Order {
    nodes: Vec<Entry>,
    free: Vec<usize>,
    oldest: usize,
    newest: usize,
    length: usize,
}

#[derive(Trace)]
struct Entry {
    node: Option<Gc<Node>>,
    older: usize,
    newer: usize,
}

impl Order {
    fn new() -> Order {
        Order { nodes: Vec::new(), free: Vec::new(), oldest: NOWHERE, newest: NOWHERE, length: 0 }
    }

    fn push(&mut self, node: Gc<Node>) {
        let entry = Entry { node: Some(node), older: self.newest, newer: NOWHERE };
        let place = match self.free.pop() {
            Some(place) => {
                self.nodes[place] = entry;
                place
            }
            None => {
                self.nodes.push(entry);
                self.nodes.len() - 1
            }
        };
        match self.newest {
            NOWHERE => self.oldest = place,
            newest => self.nodes[newest].newer = place,
        }
        self.newest = place;
        self.length += 1;
        node.place.store(place, Ordering::Relaxed);
    }

    /// Takes a node out. False if it was out.
    fn remove(&mut self, node: Gc<Node>) -> bool {
        let place = node.place.swap(NOWHERE, Ordering::Relaxed);
        let Some(entry) = self.nodes.get_mut(place).filter(|entry| entry.node == Some(node)) else {
            return false;
        };
        entry.node = None;
        let (older, newer) = (entry.older, entry.newer);
        match older {
            NOWHERE => self.oldest = newer,
            older => self.nodes[older].newer = newer,
        }
        match newer {
            NOWHERE => self.newest = older,
            newer => self.nodes[newer].older = older,
        }
        self.free.push(place);
        self.length -= 1;
        true
    }

    /// Makes a node the newest, if it is still in.
    fn touch(&mut self, node: Gc<Node>) {
        if self.remove(node) {
            self.push(node);
        }
    }

    fn take_oldest(&mut self) -> Option<Gc<Node>> {
        let node = self.nodes.get(self.oldest)?.node?;
        self.remove(node);
        Some(node)
    }
}

impl LruCacheWrapper {
    fn cache(&self, cx: &Context) -> Gc<Dict> {
        self.cache.load().unwrap_or_else(|| cx.new_dict())
    }

    fn counted(&self, counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn compute(&self, cx: &mut Context, args: Args<'_>) -> Result {
        cx.call_kw(self.function.load_or_none(), args)
    }

    /// The key of a call: its only argument where that is an int or str, else a tuple.
    fn key(&self, cx: &Context, args: Args<'_>) -> Value {
        if !self.typed
            && let ([argument], 0) = (args.positional(), args.keyword_count())
            && (cx.is_exact::<Str>(*argument) || cx.is_int(*argument) && !argument.is_bool())
        {
            return *argument;
        }
        let mut key: GVec<Value> = GVec::new();
        key.extend_from_slice(args.positional());
        if args.keyword_count() > 0 {
            key.push(self.marker.load_or_none());
            for (name, value) in args.keywords() {
                key.push(name.value());
                key.push(value);
            }
        }
        if self.typed {
            key.extend(args.values().iter().map(|value| cx.class_of(*value).value()));
        }
        cx.new_tuple(&key).value()
    }

    fn call_unbounded(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let key = self.key(cx, args);
        let hash = cx.hash(key)?;
        if let Some(result) = self.cache(cx).get_hashed(cx, key, hash)? {
            self.counted(&self.hits);
            return Ok(result);
        }
        self.counted(&self.misses);
        let result = self.compute(cx, args)?;
        self.cache(cx).set_hashed(cx, key, hash, result)?;
        Ok(result)
    }

    fn call_bounded(&self, cx: &mut Context, args: Args<'_>) -> Result {
        let key = self.key(cx, args);
        let hash = cx.hash(key)?;
        if let Some(node) = self.cache(cx).get_hashed(cx, key, hash)?.and_then(|node| node.downcast::<Node>())
        {
            self.order.lock(cx).touch(node);
            self.counted(&self.hits);
            return Ok(node.result.load_or_none());
        }
        self.counted(&self.misses);
        let result = self.compute(cx, args)?;
        // The call may have cached the very key, or filled the cache.
        if self.cache(cx).get_hashed(cx, key, hash)?.is_some() {
            return Ok(result);
        }
        let node = cx.new_object(Node {
            key: Slot::new(key),
            result: Slot::new(result),
            hash,
            place: AtomicUsize::new(NOWHERE),
        });
        self.cache(cx).set_hashed(cx, key, hash, node.value())?;
        let evicted = {
            let mut order = self.order.lock(cx);
            order.push(node);
            if order.length > self.maxsize as usize { order.take_oldest() } else { None }
        };
        if let Some(evicted) = evicted {
            self.cache(cx).remove_hashed(cx, evicted.key.load_or_none(), evicted.hash)?;
        }
        Ok(result)
    }
}

/// Create a cached callable that wraps another function.
///
/// user_function:      the function being cached
///
/// maxsize:  0         for no caching
///           None      for unlimited cache size
///           n         for a bounded cache
///
/// typed:    False     cache f(3) and f(3.0) as identical calls
///           True      cache f(3) and f(3.0) as distinct calls
///
/// cache_info_type:    namedtuple class with the fields:
///                         hits misses currsize maxsize
#[class(name = "_lru_cache_wrapper", module = "functools", flags = BASETYPE | HAS_DICT | HAS_WEAKREF | METHOD_DESCRIPTOR)]
impl LruCacheWrapper {
    #[new("(user_function, maxsize, typed, cache_info_type)")]
    fn new(
        cx: &mut Context,
        class: Gc<Class>,
        user_function: Value,
        maxsize: Value,
        typed: bool,
        cache_info_type: Value,
    ) -> Result<Gc<Self>> {
        if !cx.is_callable(user_function) {
            return Err(cx.type_error("the first argument must be callable"));
        }
        let maxsize = match maxsize.not_none() {
            None => -1,
            Some(maxsize) if cx.has_index(maxsize) => {
                let maxsize: isize = FromArg::from_arg(cx, maxsize, "maxsize")?;
                maxsize.max(0) as i64
            }
            Some(_) => return Err(cx.type_error("maxsize should be integer or None")),
        };
        let object = cx.builtin("object")?;
        let marker = cx.call(object, &[])?;
        let body = LruCacheWrapper {
            function: Slot::new(user_function),
            info: Slot::new(cache_info_type),
            cache: TypedSlot::new(cx.new_dict()),
            marker: Slot::new(marker),
            order: Guarded::new(Order::new()),
            maxsize,
            typed,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        cx.check_recursion("")?;
        match self.maxsize {
            0 => {
                self.counted(&self.misses);
                self.compute(cx, args)
            }
            ..0 => self.call_unbounded(cx, args),
            _ => self.call_bounded(cx, args),
        }
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Value {
        match object.and_then(Value::not_none) {
            Some(object) => Method::new(cx, this.value(), object).value(),
            None => this.value(),
        }
    }

    /// Report cache statistics
    #[function("()")]
    fn cache_info(&self, cx: &mut Context) -> Result<Value> {
        let maxsize = if self.maxsize < 0 { Value::NONE } else { cx.new_int(self.maxsize) };
        let current = self.cache(cx).len() as i64;
        let (hits, misses) =
            (self.hits.load(Ordering::Relaxed) as i64, self.misses.load(Ordering::Relaxed) as i64);
        let fields = [cx.new_int(hits), cx.new_int(misses), maxsize, cx.new_int(current)];
        cx.call(self.info.load_or_none(), &fields)
    }

    /// Clear the cache and cache statistics
    #[function("()")]
    fn cache_clear(&self, cx: &mut Context) {
        *self.order.lock(cx) = Order::new();
        self.cache.store(cx.new_dict());
        self.hits.store(0, Ordering::Relaxed);
        self.misses.store(0, Ordering::Relaxed);
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        cx.get_attr_str(this.value(), "__qualname__")
    }

    #[function("()", name = "__copy__")]
    fn copy(this: Gc<Self>) -> Value {
        this.value()
    }

    #[function("(memo, /)", name = "__deepcopy__")]
    fn deepcopy(this: Gc<Self>, memo: Value) -> Value {
        let _ = memo;
        this.value()
    }
}
