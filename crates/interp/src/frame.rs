//! Frames on the VM stack: layout, pushing, popping, entry from native code. CPython: `Python/frame.c`,
//! `Include/internal/pycore_frame.h`.
//!
//! ```text
//! regs[-6] registers of the frame below (0: none)      regs[-3] function
//! regs[-5] saved pc: the word after the current one    regs[-2] call word | flags << 32
//! regs[-4] private code (`Block`)                       regs[-1] frame object or EMPTY
//! regs[0..nregs] parameters, locals, temporaries       regs[-7] namespace, instance of INIT or generator
//! ```
//! A callee's window overlaps its caller's frame from the window on and reaches beyond it, so nothing of the caller
//! may lie above its own registers; word -7 exists for frames that are not made in a window.
//! Invariant: while native code runs, `cx.frame` is the top frame, its saved pc is set and the published stack
//! top lies above its registers, so collectors and tracebacks see everything.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::{Context, Gc, Value};

use crate::cache::{Pc, Private};
use crate::types::code::Code;
use crate::types::frame::Frame as FrameObject;
use crate::types::function::Function;

/// Words of a frame's header.
pub(crate) const HEADER: usize = 6;

/// Bits of the meta word above the call instruction's word.
pub(crate) mod flag {
    /// Returning leaves the interpreter loop.
    pub(crate) const ENTRY: u64 = 1 << 32;
    /// A class called this `__init__`: the result is the instance in regs[-7].
    pub(crate) const INIT: u64 = 1 << 33;
    /// Registers of a generator, which is in regs[-7].
    pub(crate) const GENERATOR: u64 = 1 << 34;
    /// regs[-1] is a frame object.
    pub(crate) const OBSERVED: u64 = 1 << 35;
    /// The call instruction had an EXT: bits 48.. are the high byte of its destination.
    pub(crate) const WIDE: u64 = 1 << 36;
    /// The result is not stored.
    pub(crate) const DISCARD: u64 = 1 << 37;
    /// A generator that the `FOR_ITER` of the frame below resumed: what it yields goes through the loop.
    pub(crate) const LOOP: u64 = 1 << 38;
    /// A generator that the `YIELD_FROM` of the frame below resumed: what it yields, that frame yields.
    pub(crate) const DELEGATE: u64 = 1 << 39;
    /// The registers of a generator that delegates are still where they were saved: see `generator::settle`.
    pub(crate) const LAZY: u64 = 1 << 40;
    /// A generator's frame that was left by yielding. The generator itself cannot tell its resumer: another thread may
    /// have resumed it since.
    pub(crate) const YIELDED: u64 = 1 << 41;
    /// The method of an operator, with whose result the instruction goes on: see `ops::operator`.
    pub(crate) const OPERATOR: u64 = 1 << 42;
    /// Of an operator: the right operand's method.
    pub(crate) const REFLECTED: u64 = 1 << 43;
    /// Of an operator: the method of augmented assignment.
    pub(crate) const INPLACE: u64 = 1 << 44;
    /// A `__next__` that the `FOR_ITER` of the frame below called.
    pub(crate) const NEXT: u64 = 1 << 45;
}

/// A frame, by the address of its first register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub(crate) struct Frame(NonNull<u64>);

impl Frame {
    /// # Safety
    /// `regs` is the first register of a frame that lives as long as the result is used.
    #[inline(always)]
    pub(crate) unsafe fn new(regs: *mut u64) -> Frame {
        // SAFETY: frames are not at address 0.
        Frame(unsafe { NonNull::new_unchecked(regs) })
    }

    /// The frame whose address a frame object or generator keeps while it is on the stack.
    pub(crate) fn from_address(bits: u64) -> Frame {
        debug_assert!(bits != 0);
        // SAFETY: the address is kept only while the frame is pushed, and VM stacks stay mapped.
        unsafe { Frame::new(bits as *mut u64) }
    }

    /// The frame on top of this thread's stack while native code runs.
    pub(crate) fn top(cx: &Context) -> Option<Frame> {
        NonNull::new(cx.frame.get()).map(Frame)
    }

    /// The frame at an address on this thread's stack that may be anything: the top frame of a thread that a signal has
    /// interrupted may have been left since it was published.
    pub(crate) fn checked(cx: &Context, address: u64) -> Option<Frame> {
        let stack = cx.thread().vm_stack();
        let lowest = stack.start as u64 + 8 * (HEADER as u64 + 1);
        if address % 8 != 0 || address < lowest || address >= stack.end as u64 {
            return None;
        }
        // SAFETY: the header's words and the first register lie in the mapped stack.
        Some(unsafe { Frame::new(address as *mut u64) })
    }

    /// The code that runs in a `checked` frame and the number of the word, if the header is that of a frame.
    pub(crate) fn checked_place(self) -> Option<(Gc<Code>, u32)> {
        let code = Private::code_at(self.load(-4))?;
        Some((code, self.word_index()))
    }

    /// The frame below a `checked` one. Callers lie below what they call.
    pub(crate) fn checked_caller(self, cx: &Context) -> Option<Frame> {
        let caller = self.load(-6);
        if caller < self.regs() as u64 { Frame::checked(cx, caller) } else { None }
    }

    #[inline(always)]
    pub(crate) fn regs(self) -> *mut u64 {
        self.0.as_ptr()
    }

    #[inline(always)]
    fn word(self, offset: isize) -> &'static AtomicU64 {
        // SAFETY: a frame's header and registers lie in the mapped VM stack; its words are only shared with
        // collectors, which read them while this thread is stopped.
        unsafe { AtomicU64::from_ptr(self.0.as_ptr().offset(offset)) }
    }

    #[inline(always)]
    pub(crate) fn load(self, offset: isize) -> u64 {
        self.word(offset).load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(crate) fn store(self, offset: isize, bits: u64) {
        self.word(offset).store(bits, Ordering::Relaxed);
    }

    /// Register `index`; None when it is EMPTY.
    #[inline(always)]
    pub(crate) fn get(self, index: usize) -> Option<Value> {
        Value::from_bits(self.load(index as isize))
    }

    #[inline(always)]
    pub(crate) fn set(self, index: usize, value: Option<Value>) {
        self.store(index as isize, Value::option_bits(value));
    }

    pub(crate) fn previous(self) -> Option<Frame> {
        NonNull::new(self.load(-6) as *mut u64).map(Frame)
    }

    /// The word after the instruction that runs (or one of its later words).
    #[inline(always)]
    pub(crate) fn saved_pc(self) -> Pc {
        Pc::from_bits(self.load(-5))
    }

    #[inline(always)]
    pub(crate) fn save_pc(self, pc: Pc) {
        self.store(-5, pc.bits());
    }

    #[inline(always)]
    pub(crate) fn private(self) -> Private {
        // SAFETY: every frame's word -4 is its private code.
        unsafe { Private::from_bits(self.load(-4)) }
    }

    #[inline(always)]
    pub(crate) fn function(self) -> Gc<Function> {
        // SAFETY: every frame's word -3 is the function that runs.
        unsafe { Gc::from_cell(NonNull::new_unchecked(self.load(-3) as *mut taipan_gc::Header)) }
    }

    #[inline(always)]
    pub(crate) fn meta(self) -> u64 {
        self.load(-2)
    }

    #[inline(always)]
    pub(crate) fn set_meta(self, meta: u64) {
        self.store(-2, meta);
    }

    /// The frame object, if one was made.
    pub(crate) fn object(self) -> Option<Gc<FrameObject>> {
        if self.meta() & flag::OBSERVED == 0 {
            return None;
        }
        Value::from_bits(self.load(-1)).and_then(Gc::from_value)
    }

    pub(crate) fn set_object(self, object: Gc<FrameObject>) {
        self.store(-1, object.value().bits());
        self.set_meta(self.meta() | flag::OBSERVED);
    }

    /// The instance or generator in the word before the header.
    pub(crate) fn companion(self) -> Option<Value> {
        Value::from_bits(self.load(-7))
    }

    /// Number of words from the first register to the end of the frame.
    #[inline(always)]
    pub(crate) fn words(self) -> usize {
        self.private().frame_words()
    }

    /// Index in the code's words of an instruction word that runs (its last word, for a call).
    pub(crate) fn word_index(self) -> u32 {
        self.private().index_of(self.saved_pc()).saturating_sub(1)
    }

    /// Lets the frame show an instruction word as the one that runs.
    pub(crate) fn be_at(self, word: u32) {
        self.save_pc(self.private().pc_at(word + 1));
    }

    /// The namespace of module code, class bodies and `exec`.
    pub(crate) fn namespace(self) -> Option<Value> {
        match self.private().has_namespace() {
            true if self.is_generator() => crate::generator::namespace(self),
            true => self.companion(),
            false => None,
        }
    }

    /// The same before the header is written.
    pub(crate) fn set_namespace_word(self, namespace: Value) {
        self.store(-7, namespace.bits());
    }

    pub(crate) fn set_namespace(self, namespace: Value) {
        debug_assert!(self.private().has_namespace());
        self.store(-7, namespace.bits());
    }

    /// Is this the frame of a generator that runs?
    pub(crate) fn is_generator(self) -> bool {
        self.meta() & flag::GENERATOR != 0
    }

    /// Destination register of the call that made this frame.
    #[inline(always)]
    pub(crate) fn destination(self) -> usize {
        let meta = self.meta();
        let high = if meta & flag::WIDE != 0 { (meta >> 48 & 0xFF) << 8 } else { 0 };
        ((meta >> 8 & 0xFF) | high) as usize
    }

    /// The first word that is free above this frame.
    #[inline(always)]
    pub(crate) fn end(self) -> *mut u64 {
        self.0.as_ptr().wrapping_add(self.words())
    }

    /// Copies registers 0..count out. Word by word: they are few, and a call of `memcpy` costs more.
    #[inline(always)]
    pub(crate) fn copy_registers(self, count: usize, to: &Registers) {
        for (index, word) in to.first(count).iter().enumerate() {
            word.store(self.load(index as isize), Ordering::Relaxed);
        }
    }

    /// Copies registers 0..count in.
    #[inline(always)]
    pub(crate) fn take_registers(self, count: usize, from: &Registers) {
        for (index, word) in from.first(count).iter().enumerate() {
            self.store(index as isize, word.load(Ordering::Relaxed));
        }
    }

    /// As `copy_registers` while there is no other thread, for at most `QUICK_REGISTERS`: whole chunks, so perhaps words
    /// behind them as well. False if there are more.
    #[inline(always)]
    pub(crate) fn copy_registers_alone(self, count: usize, to: &Registers) -> bool {
        to.copy_chunks(count, self.regs(), |chunk, words| (words, chunk))
    }

    /// As `take_registers`, under the same conditions.
    #[inline(always)]
    pub(crate) fn take_registers_alone(self, count: usize, from: &Registers) -> bool {
        from.copy_chunks(count, self.regs(), |chunk, words| (chunk, words))
    }

    /// Registers start..start+count, read-only, for natives that borrow their arguments.
    ///
    /// The words below the callee's frame are not written while it runs, so the borrow is sound as long as the
    /// caller of the native does not touch them.
    #[inline(always)]
    pub(crate) fn slice<'a>(self, start: usize, count: usize) -> &'a [Option<Value>] {
        // SAFETY: registers are mapped, initialised words; any word in a register that a verified program reads
        // is EMPTY or a value, which is what Option<Value> is.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(start).cast(), count) }
    }

    /// The same as bound values; None if one of them is EMPTY.
    #[inline(always)]
    pub(crate) fn values<'a>(self, start: usize, count: usize) -> Option<&'a [Value]> {
        let slice = self.slice(start, count);
        if slice.iter().any(Option::is_none) {
            return None;
        }
        // SAFETY: none is EMPTY, and Value has the representation of a non-zero word.
        Some(unsafe { std::slice::from_raw_parts(slice.as_ptr().cast(), count) })
    }
}

/// Publishes `frame` as the top one: what collectors, tracebacks and calls from native code start from.
#[inline(always)]
pub(crate) fn publish(cx: &Context, frame: Frame) {
    cx.frame.set(frame.regs());
    publish_top(cx, frame.end());
}

#[inline(always)]
pub(crate) fn publish_top(cx: &Context, top: *mut u64) {
    cx.thread().vm_top.store(top as usize, Ordering::Relaxed);
}

/// What native code that enters the interpreter has to restore.
#[derive(Clone, Copy)]
pub(crate) struct Below {
    frame: *mut u64,
    top: *mut u64,
}

impl Below {
    pub(crate) fn save(cx: &Context) -> Below {
        Below { frame: cx.frame.get(), top: cx.thread().vm_top.load(Ordering::Relaxed) as *mut u64 }
    }

    pub(crate) fn restore(self, cx: &Context) {
        cx.frame.set(self.frame);
        publish_top(cx, self.top);
    }

    /// Is there no frame below?
    pub(crate) fn is_bottom(self) -> bool {
        self.frame.is_null()
    }

    pub(crate) fn frame_bits(self) -> u64 {
        self.frame as u64
    }
}

/// Is there room for a frame of `words` words whose first register is `regs`?
#[inline(always)]
pub(crate) fn fits(cx: &Context, regs: *mut u64, words: usize) -> bool {
    (regs as usize) + words * 8 < cx.thread().limit.load(Ordering::Relaxed)
}

/// The same while an interrupt waits: for pushes that need not see it, because a poll follows anyway.
#[inline(always)]
pub(crate) fn fits_interrupted(cx: &Context, regs: *mut u64, words: usize) -> bool {
    (regs as usize) + words * 8 < cx.thread().stack_limit()
}

/// Where the registers of a new frame above the stack's top go, with one spare word below the header.
pub(crate) fn fresh(cx: &Context) -> Frame {
    // SAFETY: the VM stack has a red zone beyond the limit that `fits` checks, so the header's words are mapped.
    unsafe { Frame::new((cx.thread().vm_top.load(Ordering::Relaxed) as *mut u64).add(HEADER + 1)) }
}

/// Where the registers of a frame go that is pushed on `caller` outside of a call window, with one spare word below its
/// header.
#[inline(always)]
pub(crate) fn above(caller: Frame) -> Frame {
    window(caller, caller.words() + HEADER + 1)
}

/// The frame whose registers start at register `index` of `frame` (a call window).
#[inline(always)]
pub(crate) fn window(frame: Frame, index: usize) -> Frame {
    // SAFETY: windows lie inside the frame, by verification.
    unsafe { Frame::new(frame.regs().add(index)) }
}

/// Words that are copied at once.
const CHUNK: usize = 8;
type Chunk = [u64; CHUNK];
/// How many registers are copied by straight code.
const QUICK_REGISTERS: usize = 2 * CHUNK;

/// A copy of registers in a raw heap cell, for generators and frame objects.
pub(crate) struct Registers {
    words: std::sync::atomic::AtomicPtr<u64>,
    len: std::sync::atomic::AtomicUsize,
}

impl Registers {
    pub(crate) const NONE: Registers = Registers {
        words: std::sync::atomic::AtomicPtr::new(std::ptr::null_mut()),
        len: std::sync::atomic::AtomicUsize::new(0),
    };

    /// Room for `len` registers, all EMPTY, and what is needed to copy them quickly.
    pub(crate) fn allocate(&self, cx: &Context, len: usize) {
        let len = len.next_multiple_of(CHUNK);
        let cell = cx.heap().alloc(taipan_gc::Space::Raw, len.max(1) * 8);
        self.words.store(cell.as_ptr().cast(), Ordering::Release);
        self.len.store(len, Ordering::Release);
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    /// The first `count` words, or all if they are fewer.
    #[inline(always)]
    fn first(&self, count: usize) -> &[AtomicU64] {
        let words = self.words();
        &words[..count.min(words.len())]
    }

    /// Copies `count` words, rounded up to chunks, from one place to another: `direction` puts the buffer and the registers
    /// `regs` into that order. Straight code, as a loop costs more than the few words that it would not copy.
    #[inline(always)]
    fn copy_chunks(
        &self,
        count: usize,
        regs: *mut u64,
        direction: impl Fn(*mut Chunk, *mut Chunk) -> (*mut Chunk, *mut Chunk),
    ) -> bool {
        debug_assert!(!taipan_gc::multi_threaded());
        if count > QUICK_REGISTERS || count > self.len.load(Ordering::Relaxed) {
            return false;
        }
        let words = self.words.load(Ordering::Relaxed).cast::<Chunk>();
        let copy = |index: usize| {
            // SAFETY: the buffer's length is a multiple of the chunk's and not below `count`; a frame's registers are followed
            // by words of the VM stack that are mapped and, above the running frame, free. Nobody else looks: this is the
            // only thread.
            unsafe {
                let (from, to) = direction(words.add(index), regs.cast::<Chunk>().add(index));
                to.write(from.read());
            }
        };
        if count > 0 {
            copy(0);
        }
        if count > CHUNK {
            copy(1);
        }
        true
    }

    #[inline(always)]
    fn words(&self) -> &[AtomicU64] {
        let words = self.words.load(Ordering::Acquire);
        // SAFETY: `allocate` made room for `len` words, which live as long as their owner traces them.
        if words.is_null() { &[] } else { unsafe { std::slice::from_raw_parts(words.cast(), self.len()) } }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value> {
        Value::from_bits(self.words().get(index)?.load(Ordering::Acquire))
    }

    pub(crate) fn set(&self, index: usize, value: Option<Value>) {
        if let Some(word) = self.words().get(index) {
            word.store(Value::option_bits(value), Ordering::Release);
        }
    }

    /// Drops the contents for good. The last buffer that was made is the next to be made again, which is what happens to
    /// generators that run inside each other.
    pub(crate) fn release(&self, cx: &Context) {
        let words = self.words.load(Ordering::Acquire);
        let Some(cell) = NonNull::new(words.cast::<u8>()) else { return };
        if taipan_gc::multi_threaded() {
            // Another thread may be looking at the generator's frame.
            return self.clear();
        }
        let len = self.len.swap(0, Ordering::AcqRel);
        self.words.store(std::ptr::null_mut(), Ordering::Release);
        // SAFETY: `allocate` made the cell for this length; only this owner knew it, and nobody borrows its words now.
        unsafe { cx.heap().free(taipan_gc::Space::Raw, cell, len.max(1) * 8) };
    }

    /// Drops the contents.
    pub(crate) fn clear(&self) {
        self.words().iter().for_each(|word| word.store(0, Ordering::Relaxed));
    }
}

// SAFETY: the buffer is passed to the marker; it is a raw cell, scanned conservatively.
unsafe impl taipan_runtime::layout::Trace for Registers {
    fn trace(&self, marker: &mut taipan_gc::Marker) {
        marker.buffer(self.words.load(Ordering::Relaxed).cast());
    }
}
