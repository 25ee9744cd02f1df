//! Buffers in GC memory: `GVec`, a `Vec` for temporaries, and `Buf`, a block of value slots of fixed capacity.
//! CPython: `ob_item` of `Objects/listobject.c`.
//!
//! Invariant: a `GVec` lies in memory that is scanned word by word, so it may live on any native stack; a `Buf` is
//! not scanned by itself, its owner traces the items that are in use.
#![allow(unsafe_code)]

use std::alloc::Layout as MemoryLayout;
use std::cell::Cell as StdCell;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use allocator_api2::alloc::{AllocError, Allocator};
use taipan_gc::{Header, LocalHeap, Marker, Space};
use taipan_macros::class;

use crate::context::Context;
use crate::layout::{Object, Trace, words_of};
use crate::object::{Cell, Gc};
use crate::slots::Slot;
use crate::types::tuple::Tuple;
use crate::value::Value;

thread_local! {
    /// The heap of this thread's context, for allocations that have no context at hand.
    static HEAP: StdCell<*const LocalHeap> = const { StdCell::new(std::ptr::null()) };
}

/// Makes `heap` the one that this thread's `GVec`s allocate from; null when the thread detaches.
pub(crate) fn set_current_heap(heap: *const LocalHeap) {
    HEAP.set(heap);
}

/// The calling thread, if it is attached.
pub(crate) fn current_thread() -> Option<&'static taipan_gc::Thread> {
    // SAFETY: null, or this thread's heap, which lives until its context is dropped and clears the word.
    unsafe { HEAP.get().as_ref() }.map(LocalHeap::thread)
}

/// Bytes from which a block that has been outgrown is given back at once.
const WORTH_FREEING: usize = 16 << 10;

/// Allocates from the calling thread's GC heap, in memory that the collector scans word by word.
#[derive(Clone, Copy, Default, Debug)]
pub struct GcAlloc;

// SAFETY: blocks come from the GC heap, which neither moves nor frees them while a pointer to them is on a stack, in
// another scanned block or in a traced field; the allocator has no state, so every copy of it is the same.
unsafe impl Allocator for GcAlloc {
    fn allocate(&self, layout: MemoryLayout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.align() > 16 {
            return Err(AllocError);
        }
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let heap = HEAP.get();
        assert!(!heap.is_null(), "a GVec needs a thread that is attached");
        // What memory does not suffice for unwinds: after an `AllocError` the vector would end the process.
        // SAFETY: `set_current_heap` was given this thread's heap, which outlives its use here.
        let block = unsafe { &*heap }.alloc(Space::Raw, layout.size());
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    fn allocate_zeroed(&self, layout: MemoryLayout) -> Result<NonNull<[u8]>, AllocError> {
        self.allocate(layout)
    }

    unsafe fn grow(
        &self,
        old: NonNull<u8>,
        old_layout: MemoryLayout,
        new_layout: MemoryLayout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let fresh = self.allocate(new_layout)?;
        // SAFETY: the new block is larger and does not overlap the old one, which is `old_layout.size()` bytes long.
        unsafe { std::ptr::copy_nonoverlapping(old.as_ptr(), fresh.cast().as_ptr(), old_layout.size()) };
        if old_layout.size() >= WORTH_FREEING {
            // SAFETY: the heap was there for `allocate`; the contract of `grow` says that the old block is gone.
            unsafe { (*HEAP.get()).free(Space::Raw, old, old_layout.size()) };
        }
        Ok(fresh)
    }

    unsafe fn deallocate(&self, _block: NonNull<u8>, _layout: MemoryLayout) {
        // The collector frees it: this may be called while it sweeps the object that had the vector.
    }
}

/// A `Vec` in GC memory: the one place outside heap objects where many values may wait.
pub struct GVec<T>(allocator_api2::vec::Vec<T, GcAlloc>);

impl<T> GVec<T> {
    pub const fn new() -> GVec<T> {
        GVec(allocator_api2::vec::Vec::new_in(GcAlloc))
    }

    pub fn with_capacity(capacity: usize) -> GVec<T> {
        GVec(allocator_api2::vec::Vec::with_capacity_in(capacity, GcAlloc))
    }
}

impl<T: Clone> GVec<T> {
    pub fn from_slice(items: &[T]) -> GVec<T> {
        let mut copy = GVec::with_capacity(items.len());
        copy.extend_from_slice(items);
        copy
    }
}

impl<T> Default for GVec<T> {
    fn default() -> Self {
        GVec::new()
    }
}

impl<T: Clone> Clone for GVec<T> {
    fn clone(&self) -> Self {
        GVec::from_slice(self)
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for GVec<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> Deref for GVec<T> {
    type Target = allocator_api2::vec::Vec<T, GcAlloc>;
    #[inline(always)]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for GVec<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> FromIterator<T> for GVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = items.into_iter();
        let mut all = GVec::with_capacity(items.size_hint().0);
        all.0.extend(items);
        all
    }
}

impl<T> Extend<T> for GVec<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.extend(items);
    }
}

impl<T> IntoIterator for GVec<T> {
    type Item = T;
    type IntoIter = allocator_api2::vec::IntoIter<T, GcAlloc>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a GVec<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

// SAFETY: the block is marked, and each item visited.
unsafe impl<T: Trace> Trace for GVec<T> {
    fn trace(&self, marker: &mut Marker) {
        if self.capacity() != 0 {
            marker.buffer(self.as_ptr().cast());
        }
        self.iter().for_each(|item| item.trace(marker));
    }
}

/// What a `Buf` points to: the capacity, then that many slots.
#[repr(C)]
struct BufBlock {
    capacity: usize,
    slots: [Slot; 0],
}

/// A block of value slots whose capacity never changes. A pointer to it keeps the block, not the items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Buf(NonNull<BufBlock>);

impl Buf {
    /// The largest capacity that an allocation can ask for.
    pub const MAX: usize = isize::MAX as usize / 8 - 1;

    /// A block of at least `capacity` EMPTY slots; `None` when memory does not suffice.
    pub fn try_new(cx: &Context, capacity: usize) -> Option<Buf> {
        if capacity > Buf::MAX {
            return None;
        }
        // Whole granules of 16 bytes: one slot goes with the capacity.
        let capacity = if capacity == 0 { 0 } else { capacity | 1 };
        let block = cx.heap().try_alloc(Space::Bytes, 8 + capacity * 8)?.cast::<BufBlock>();
        // SAFETY: the block is fresh, zeroed (EMPTY slots) and large enough.
        unsafe { (&raw mut (*block.as_ptr()).capacity).write(capacity) };
        Some(Buf(block))
    }

    /// A block of at least `capacity` EMPTY slots. Unwinds with `OutOfMemory` where `try_new` gives none.
    pub fn new(cx: &Context, capacity: usize) -> Buf {
        match Buf::try_new(cx, capacity) {
            Some(buf) => buf,
            None => taipan_gc::out_of_memory(),
        }
    }

    /// A block that starts with `items` and has room for `capacity`.
    pub fn from_values(cx: &Context, items: &[Value], capacity: usize) -> Buf {
        let buf = Buf::new(cx, capacity.max(items.len()));
        for (slot, item) in buf.slots().iter().zip(items) {
            slot.store(*item);
        }
        buf
    }

    /// Frees the block of a list that has outgrown it, if it is large and no other thread can be reading it.
    fn give_back(self, cx: &Context) {
        let bytes = 8 + self.capacity() * 8;
        if bytes >= WORTH_FREEING && !taipan_gc::multi_threaded() {
            // SAFETY: the list has another block now, and there is no other thread. This thread keeps a list's block only
            // inside the functions of `Items`, none of which calls out, and in a sort's marker, which is empty.
            unsafe { cx.heap().free(Space::Bytes, self.0.cast(), bytes) };
        }
    }

    #[inline(always)]
    pub fn capacity(self) -> usize {
        // SAFETY: a Buf points to a live block whose capacity was written before it was handed out.
        unsafe { (*self.0.as_ptr()).capacity }
    }

    /// All slots.
    #[inline(always)]
    pub fn slots<'a>(self) -> &'a [Slot] {
        // SAFETY: `capacity` slots follow the header of the block, and any bits are a slot. The reference on the stack
        // keeps the block alive, which is all that a shared slice of atomics needs.
        unsafe {
            std::slice::from_raw_parts((&raw const (*self.0.as_ptr()).slots).cast::<Slot>(), self.capacity())
        }
    }

    /// The item at `index`; `None` for EMPTY slots and outside the capacity.
    #[inline(always)]
    pub fn get(self, index: usize) -> Option<Value> {
        self.slots().get(index).and_then(Slot::load)
    }

    /// Copies `count` slots of `from`, starting at `start`, to `at` of this block, as `memmove` does.
    pub fn copy(self, at: usize, from: Buf, start: usize, count: usize) {
        let source = &from.slots()[start..start + count];
        let target = &self.slots()[at..at + count];
        if std::ptr::eq(self.0.as_ptr(), from.0.as_ptr()) && at > start {
            for (to, item) in target.iter().zip(source).rev() {
                to.store_option(item.load());
            }
        } else {
            for (to, item) in target.iter().zip(source) {
                to.store_option(item.load());
            }
        }
    }
}

/// A field that holds a `Buf` or nothing. Its owner's lock guards writes; its owner traces the items.
#[derive(Default)]
pub struct BufSlot(AtomicPtr<BufBlock>);

impl BufSlot {
    pub const fn empty() -> BufSlot {
        BufSlot(AtomicPtr::new(std::ptr::null_mut()))
    }

    pub fn new(buf: Option<Buf>) -> BufSlot {
        BufSlot(AtomicPtr::new(buf.map_or(std::ptr::null_mut(), |buf| buf.0.as_ptr())))
    }

    #[inline(always)]
    pub fn load(&self) -> Option<Buf> {
        NonNull::new(self.0.load(Ordering::Acquire)).map(Buf)
    }

    #[inline(always)]
    pub fn store(&self, buf: Option<Buf>) {
        self.0.store(buf.map_or(std::ptr::null_mut(), |buf| buf.0.as_ptr()), Ordering::Release);
    }

    /// Marks the block and the first `count` items.
    pub fn trace_items(&self, count: usize, marker: &mut Marker) {
        if let Some(buf) = self.load() {
            marker.buffer(buf.0.as_ptr().cast());
            for slot in buf.slots().iter().take(count) {
                slot.trace(marker);
            }
        }
    }
}

/// A buffer of (value, number) pairs: even slots are traced, odd ones hold plain numbers.
#[derive(Default)]
pub struct PairBufSlot(BufSlot);

impl PairBufSlot {
    #[inline(always)]
    pub fn load(&self) -> Option<Buf> {
        self.0.load()
    }

    #[inline(always)]
    pub fn store(&self, buf: Option<Buf>) {
        self.0.store(buf);
    }
}

// SAFETY: the block and every value in it are marked.
unsafe impl Trace for PairBufSlot {
    fn trace(&self, marker: &mut Marker) {
        if let Some(buf) = self.0.load() {
            marker.buffer(buf.0.as_ptr().cast());
            buf.slots().iter().step_by(2).for_each(|slot| slot.trace(marker));
        }
    }
}

/// The items of a list: a length and a `Buf`. Reading takes no lock; methods that write say so.
#[derive(Default)]
pub struct Items {
    len: AtomicUsize,
    buf: BufSlot,
}

// SAFETY: the block and the items below the length are marked.
unsafe impl Trace for Items {
    fn trace(&self, marker: &mut Marker) {
        self.buf.trace_items(self.len(), marker);
    }
}

/// Capacity for `len` items when more are likely to follow.
fn grown(len: usize) -> usize {
    (len + (len >> 2) + 6) & !3
}

impl Items {
    /// Items that nobody has seen yet.
    pub fn from_values(cx: &Context, items: &[Value]) -> Items {
        let buf = if items.is_empty() { None } else { Some(Buf::from_values(cx, items, 0)) };
        Items { len: AtomicUsize::new(items.len()), buf: BufSlot::new(buf) }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn capacity(&self) -> usize {
        self.buf.load().map_or(0, Buf::capacity)
    }

    /// The item at `index`; `None` out of range, or while a writer is at work (then the caller takes the lock).
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Value> {
        let buf = self.buf.load()?;
        if index < self.len() { buf.get(index) } else { None }
    }

    /// Replaces the item at `index`; false if there is none. Under the owner's lock.
    #[inline(always)]
    pub fn set(&self, index: usize, value: Value) -> bool {
        match self.buf.load() {
            Some(buf) if index < self.len() => {
                buf.slots()[index].store(value);
                true
            }
            _ => false,
        }
    }

    /// The items of this moment. Under the owner's lock.
    pub fn copy_range(&self, start: usize, end: usize) -> GVec<Value> {
        let mut copy = GVec::with_capacity(end.saturating_sub(start));
        if let Some(buf) = self.buf.load() {
            for slot in &buf.slots()[start.min(end)..end] {
                if let Some(item) = slot.load() {
                    copy.push(item);
                }
            }
        }
        copy
    }

    /// The items of both in a row. Under the locks of both owners.
    pub fn joined(&self, cx: &Context, other: &Items) -> Items {
        let (first, second) = (self.len(), other.len());
        if first + second == 0 {
            return Items::default();
        }
        let fresh = Buf::new(cx, first + second);
        for (items, at, count) in [(self, 0, first), (other, first, second)] {
            if let Some(buf) = items.buf.load() {
                fresh.copy(at, buf, 0, count);
            }
        }
        Items { len: AtomicUsize::new(first + second), buf: BufSlot::new(Some(fresh)) }
    }

    /// A copy of the items `[start, end)`. Under the owner's lock.
    pub fn part(&self, cx: &Context, start: usize, end: usize) -> Items {
        let count = end.saturating_sub(start);
        match self.buf.load() {
            Some(buf) if count > 0 => {
                let fresh = Buf::new(cx, count);
                fresh.copy(0, buf, start, count);
                Items { len: AtomicUsize::new(count), buf: BufSlot::new(Some(fresh)) }
            }
            _ => Items::default(),
        }
    }

    /// Makes `buf` with its first `len` items the contents. Under the owner's lock.
    pub fn publish(&self, buf: Option<Buf>, len: usize) {
        // A reader that sees the old length with the new block, or the other way round, checks both bounds and
        // finds EMPTY beyond the items; then it asks again under the lock.
        if len < self.len() {
            self.len.store(len, Ordering::Release);
            self.buf.store(buf);
        } else {
            self.buf.store(buf);
            self.len.store(len, Ordering::Release);
        }
    }

    /// The block and the number of items in it. Under the owner's lock.
    pub fn parts(&self) -> (Option<Buf>, usize) {
        (self.buf.load(), self.len())
    }

    /// Makes room for `more` items. Under the owner's lock.
    #[inline(always)]
    pub fn reserve(&self, cx: &Context, more: usize) -> Buf {
        let len = self.len();
        match self.buf.load() {
            Some(buf) if buf.capacity() - len >= more => buf,
            old => self.grow(cx, old, len, grown(len + more)),
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&self, cx: &Context, old: Option<Buf>, len: usize, capacity: usize) -> Buf {
        let fresh = Buf::new(cx, capacity);
        if let Some(old) = old {
            fresh.copy(0, old, 0, len);
        }
        self.buf.store(Some(fresh));
        if let Some(old) = old {
            old.give_back(cx);
        }
        fresh
    }

    /// Appends one item. Under the owner's lock.
    #[inline(always)]
    pub fn push(&self, cx: &Context, value: Value) {
        let buf = self.reserve(cx, 1);
        let len = self.len();
        buf.slots()[len].store(value);
        self.len.store(len + 1, Ordering::Release);
    }

    /// Takes the last item. Under the owner's lock.
    #[inline(always)]
    pub fn pop(&self) -> Option<Value> {
        let buf = self.buf.load()?;
        let last = self.len().checked_sub(1)?;
        let value = buf.get(last);
        self.len.store(last, Ordering::Release);
        buf.slots()[last].clear();
        value
    }

    /// Replaces the items `[start, end)` by `items`. Under the owner's lock.
    ///
    /// Once there is a second thread the result lies in a new block, so that a reader sees each item of the old list
    /// or of the new one, never one twice. Only appending and cutting off go on in the old block.
    pub fn splice(&self, cx: &Context, start: usize, end: usize, items: &[Value]) {
        let (old, len) = self.parts();
        debug_assert!(start <= end && end <= len);
        let new_len = len - (end - start) + items.len();
        let keeps_places = end == len && (start == len || items.is_empty());
        match old {
            Some(buf) if buf.capacity() >= new_len && (keeps_places || !taipan_gc::multi_threaded()) => {
                if new_len < len {
                    self.len.store(new_len, Ordering::Release);
                }
                buf.copy(start + items.len(), buf, end, len - end);
                for (slot, item) in buf.slots()[start..].iter().zip(items) {
                    slot.store(*item);
                }
                buf.slots()[new_len..len.max(new_len)].iter().for_each(Slot::clear);
                self.len.store(new_len, Ordering::Release);
            }
            _ if new_len == 0 => self.publish(None, 0),
            _ => {
                let fresh = Buf::new(cx, if items.len() == 1 { grown(new_len) } else { new_len });
                if let Some(old) = old {
                    fresh.copy(0, old, 0, start);
                    fresh.copy(start + items.len(), old, end, len - end);
                }
                for (slot, item) in fresh.slots()[start..].iter().zip(items) {
                    slot.store(*item);
                }
                self.publish(Some(fresh), new_len);
            }
        }
    }
}

/// A tuple-like body ends with this: the number of items, then the items themselves.
#[repr(C)]
pub struct Inline {
    len: usize,
    items: [Slot; 0],
}

impl Inline {
    /// The items. They never change.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        let items = std::ptr::with_exposed_provenance((&raw const self.items).expose_provenance());
        // SAFETY: `new_tuple_cell` allocated room for `len` values behind this field and wrote them before anybody
        // saw the cell; the cell is alive while `self` is borrowed.
        unsafe { std::slice::from_raw_parts(items, self.len) }
    }
}

// SAFETY: every item is visited.
unsafe impl Trace for Inline {
    fn trace(&self, marker: &mut Marker) {
        self.items().iter().for_each(|item| item.trace(marker));
    }
}

/// Words of a tuple's cell without what a subclass appends.
/// # Safety
/// `cell` is a live tuple.
pub(crate) unsafe fn tuple_words(cell: NonNull<Header>) -> usize {
    // SAFETY: the caller's contract.
    let tuple: Gc<Tuple> = unsafe { Gc::from_cell(cell) };
    words_of::<Tuple>() as usize + tuple.len()
}

/// A tuple of `class` with these items, which may lie in any memory that is scanned.
pub(crate) fn new_tuple_cell(cx: &Context, shape: u32, extra_words: usize, items: &[Value]) -> Gc<Tuple> {
    let words = words_of::<Tuple>() as usize + items.len() + extra_words;
    // SAFETY: a zeroed tuple is an empty one; `words` counts header, body, items and the subclass's part. The length is
    // written after the items, and nobody else sees the cell before this returns.
    unsafe {
        let cell = cx.new_raw(Tuple::LAYOUT, shape, Space::Scan, words);
        let inline =
            cell.byte_add(std::mem::offset_of!(Cell<Tuple>, body) + Tuple::INLINE_OFFSET).cast::<Inline>();
        let first = (&raw mut (*inline.as_ptr()).items).cast::<Value>();
        std::ptr::copy_nonoverlapping(items.as_ptr(), first, items.len());
        (&raw mut (*inline.as_ptr()).len).write(items.len());
        Gc::from_cell(cell)
    }
}

/// A row of slots that is an object of its own: attributes that do not fit into an instance's cell.
#[repr(C)]
pub struct SlotBuffer {
    len: usize,
    slots: [Slot; 0],
}

impl SlotBuffer {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slots. Like every heap cell they live as long as a pointer to them is on a stack.
    #[inline(always)]
    pub fn slots<'a>(&self) -> &'a [Slot] {
        let slots = std::ptr::with_exposed_provenance((&raw const self.slots).expose_provenance());
        // SAFETY: `grown` allocated the cell with `len` slots behind this field; cells do not move.
        unsafe { std::slice::from_raw_parts(slots, self.len) }
    }

    #[inline(always)]
    pub fn get<'a>(&self, index: usize) -> Option<&'a Slot> {
        self.slots().get(index)
    }

    /// A buffer of `len` slots that starts with what `old` holds.
    pub fn grown(cx: &Context, old: Option<Gc<SlotBuffer>>, len: usize) -> Gc<SlotBuffer> {
        let words = words_of::<SlotBuffer>() as usize + len;
        let shape = SlotBuffer::class_cell().instance_shape();
        // SAFETY: a zeroed buffer is an empty one; `words` counts header, length and slots; the cell is ours alone.
        let fresh: Gc<SlotBuffer> = unsafe {
            let cell = cx.new_raw(SlotBuffer::LAYOUT, shape, Space::Scan, words);
            (&raw mut (*cell.cast::<Cell<SlotBuffer>>().as_ptr()).body.len).write(len);
            Gc::from_cell(cell)
        };
        if let Some(old) = old {
            for (to, from) in fresh.slots().iter().zip(old.slots()) {
                to.store_option(from.load());
            }
        }
        fresh
    }
}

// SAFETY: every slot is visited.
unsafe impl Trace for SlotBuffer {
    fn trace(&self, marker: &mut Marker) {
        self.slots().iter().for_each(|slot| slot.trace(marker));
    }
}

/// Never visible to Python.
#[class(name = "slot_buffer", variable = slot_buffer_words, flags = DISALLOW_NEW)]
impl SlotBuffer {}

/// # Safety
/// `cell` is a live slot buffer.
unsafe fn slot_buffer_words(cell: NonNull<Header>) -> usize {
    // SAFETY: the caller's contract.
    let buffer: Gc<SlotBuffer> = unsafe { Gc::from_cell(cell) };
    words_of::<SlotBuffer>() as usize + buffer.len
}
