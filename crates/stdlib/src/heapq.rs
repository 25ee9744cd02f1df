//! `_heapq`: a list as a priority queue. CPython: `Modules/_heapqmodule.c`.
//!
//! Invariant: after each comparison the list's length is what it was, else RuntimeError; no item is lost by a
//! comparison that raises.

use taipan_runtime::prelude::*;

/// Which item comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Min,
    Max,
}

impl Order {
    /// Whether `a` belongs above `b`.
    #[inline(always)]
    fn before(self, cx: &mut Context, a: Value, b: Value) -> Result<bool> {
        match self {
            Order::Min => cx.compare_bool(a, b, CompareOp::Lt),
            Order::Max => cx.compare_bool(b, a, CompareOp::Lt),
        }
    }
}

fn item(cx: &Context, heap: Gc<List>, index: usize) -> Result {
    heap.get(index).ok_or_else(|| cx.index_error("index out of range"))
}

fn check_size(cx: &Context, heap: Gc<List>, size: usize) -> Result<()> {
    if heap.len() == size { Ok(()) } else { Err(cx.runtime_error("list changed size during iteration")) }
}

/// Moves the item at `position` up to where its parent comes before it, at most to `start`.
fn sift_up(cx: &mut Context, heap: Gc<List>, start: usize, position: usize, order: Order) -> Result<()> {
    let size = heap.len();
    let new = item(cx, heap, position)?;
    let mut position = position;
    while position > start {
        let parent = (position - 1) / 2;
        let above = item(cx, heap, parent)?;
        let before = order.before(cx, new, above)?;
        check_size(cx, heap, size)?;
        if !before {
            break;
        }
        swap(cx, heap, parent, position)?;
        position = parent;
    }
    Ok(())
}

/// Moves the item at `position` to a leaf, its better child taking each place, and then up to where it belongs.
fn sift_down(cx: &mut Context, heap: Gc<List>, start: usize, order: Order) -> Result<()> {
    let size = heap.len();
    if start >= size {
        return Err(cx.index_error("index out of range"));
    }
    let mut position = start;
    while position < size / 2 {
        let mut child = 2 * position + 1;
        if child + 1 < size {
            let (left, right) = (item(cx, heap, child)?, item(cx, heap, child + 1)?);
            // Of equal children the right one moves up, as in CPython.
            let left_first = match order {
                Order::Min => cx.compare_bool(left, right, CompareOp::Lt)?,
                Order::Max => cx.compare_bool(right, left, CompareOp::Lt)?,
            };
            check_size(cx, heap, size)?;
            child += usize::from(!left_first);
        }
        swap(cx, heap, child, position)?;
        position = child;
    }
    sift_up(cx, heap, start, position, order)
}

fn swap(cx: &Context, heap: Gc<List>, a: usize, b: usize) -> Result<()> {
    let (x, y) = (item(cx, heap, a)?, item(cx, heap, b)?);
    heap.set(cx, a, y);
    heap.set(cx, b, x);
    Ok(())
}

fn push(cx: &mut Context, heap: Gc<List>, new: Value, order: Order) -> Result<()> {
    heap.push(cx, new);
    sift_up(cx, heap, 0, heap.len() - 1, order)
}

fn pop(cx: &mut Context, heap: Gc<List>, order: Order) -> Result {
    let Some(last) = heap.pop_last(cx) else { return Err(cx.index_error("index out of range")) };
    match heap.get(0) {
        None => Ok(last),
        Some(first) => {
            heap.set(cx, 0, last);
            sift_down(cx, heap, 0, order)?;
            Ok(first)
        }
    }
}

fn replace(cx: &mut Context, heap: Gc<List>, new: Value, order: Order) -> Result {
    let first = item(cx, heap, 0)?;
    heap.set(cx, 0, new);
    sift_down(cx, heap, 0, order)?;
    Ok(first)
}

fn push_pop(cx: &mut Context, heap: Gc<List>, new: Value, order: Order) -> Result {
    let Some(first) = heap.get(0) else { return Ok(new) };
    if order.before(cx, first, new)? { replace(cx, heap, new, order) } else { Ok(new) }
}

fn make_heap(cx: &mut Context, heap: Gc<List>, order: Order) -> Result<()> {
    for position in (0..heap.len() / 2).rev() {
        sift_down(cx, heap, position, order)?;
    }
    Ok(())
}

pub struct Heapq;

/// Heap queue algorithm (a.k.a. priority queue).
///
/// Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for
/// all k, counting elements from 0.  For the sake of comparison,
/// non-existing elements are considered to be infinite.  The interesting
/// property of a heap is that a[0] is always its smallest element.
#[module("_heapq")]
impl Heapq {
    /// Push item onto heap, maintaining the heap invariant.
    #[function("(heap, item, /)")]
    fn heappush(cx: &mut Context, heap: Gc<List>, item: Value) -> Result<()> {
        push(cx, heap, item, Order::Min)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by
    /// a separate call to heappop().
    #[function("(heap, item, /)")]
    fn heappushpop(cx: &mut Context, heap: Gc<List>, item: Value) -> Result {
        push_pop(cx, heap, item, Order::Min)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[function("(heap, /)")]
    fn heappop(cx: &mut Context, heap: Gc<List>) -> Result {
        pop(cx, heap, Order::Min)
    }

    /// Pop and return the current smallest value, and add the new item.
    ///
    /// This is more efficient than heappop() followed by heappush(), and can be
    /// more appropriate when using a fixed-size heap.  Note that the value
    /// returned may be larger than item!  That constrains reasonable uses of
    /// this routine unless written as part of a conditional replacement:
    ///
    ///     if item > heap[0]:
    ///         item = heapreplace(heap, item)
    #[function("(heap, item, /)")]
    fn heapreplace(cx: &mut Context, heap: Gc<List>, item: Value) -> Result {
        replace(cx, heap, item, Order::Min)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[function("(heap, /)")]
    fn heapify(cx: &mut Context, heap: Gc<List>) -> Result<()> {
        make_heap(cx, heap, Order::Min)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[function("(heap, item, /)")]
    fn heappush_max(cx: &mut Context, heap: Gc<List>, item: Value) -> Result<()> {
        push(cx, heap, item, Order::Max)
    }

    /// Maxheap variant of heappushpop.
    ///
    /// The combined action runs more efficiently than heappush_max()
    /// followed by a separate call to heappop_max().
    #[function("(heap, item, /)")]
    fn heappushpop_max(cx: &mut Context, heap: Gc<List>, item: Value) -> Result {
        push_pop(cx, heap, item, Order::Max)
    }

    /// Maxheap variant of heappop.
    #[function("(heap, /)")]
    fn heappop_max(cx: &mut Context, heap: Gc<List>) -> Result {
        pop(cx, heap, Order::Max)
    }

    /// Maxheap variant of heapreplace.
    #[function("(heap, item, /)")]
    fn heapreplace_max(cx: &mut Context, heap: Gc<List>, item: Value) -> Result {
        replace(cx, heap, item, Order::Max)
    }

    /// Maxheap variant of heapify.
    #[function("(heap, /)")]
    fn heapify_max(cx: &mut Context, heap: Gc<List>) -> Result<()> {
        make_heap(cx, heap, Order::Max)
    }
}
