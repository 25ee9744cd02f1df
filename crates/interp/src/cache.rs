//! Private code: the block `[header | caches | constants | words]` that a function runs from, and its inline
//! caches. CPython: `Python/specialize.c`, `Include/internal/pycore_code.h`.
//!
//! One block exists per (code, globals, builtins); function objects with the same three share it. It is one raw
//! heap cell, scanned conservatively, so constants and cache records need no tracing of their own. Caches and
//! constants are addressed from the pc: the extra word or operand holds the distance back, in words.
//! Invariant: a block's words have the lengths and operands of its code's words; only opcode bytes change later,
//! by relaxed stores, and every handler re-checks what it relies on.
#![allow(unsafe_code)]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use taipan_bytecode::op::{Extra, NO_CACHE, Role};
use taipan_bytecode::{Op, code_flag, instructions, split_konst};
use taipan_runtime::types::dict::Dict;
use taipan_runtime::{Context, Gc, Value};

use crate::types::code::Code;

/// The address of an instruction word in private code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub(crate) struct Pc(*const AtomicU32);

impl Pc {
    #[inline(always)]
    pub(crate) fn from_bits(bits: u64) -> Pc {
        Pc(bits as *const AtomicU32)
    }

    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.0 as u64
    }

    /// The word `offset` words on.
    #[inline(always)]
    pub(crate) fn word(self, offset: usize) -> u32 {
        // SAFETY: verified code never runs off its block, and extra words lie inside it.
        unsafe { (*self.0.add(offset)).load(Ordering::Relaxed) }
    }

    #[inline(always)]
    pub(crate) fn add(self, words: usize) -> Pc {
        Pc(self.0.wrapping_add(words))
    }

    #[inline(always)]
    pub(crate) fn offset(self, words: i32) -> Pc {
        Pc(self.0.wrapping_offset(words as isize))
    }

    /// The same address with a mark in its lowest bit: the instruction has an EXT before it.
    pub(crate) fn tagged(self, wide: bool) -> Pc {
        Pc::from_bits(self.bits() | wide as u64)
    }

    /// The address and the mark.
    pub(crate) fn untagged(self) -> (Pc, bool) {
        (Pc::from_bits(self.bits() & !1), self.bits() & 1 != 0)
    }

    /// Where the jump in extra word `index` goes.
    #[inline(always)]
    pub(crate) fn jump_target(self, index: usize) -> Pc {
        self.offset(self.word(index) as i32)
    }

    /// Rewrites the opcode of this instruction, keeping its operands.
    pub(crate) fn quicken(self, op: Op) {
        let word = self.word(0) & !0xFF | op as u32;
        // SAFETY: as in `word`.
        unsafe { (*self.0).store(word, Ordering::Relaxed) }
    }

    /// The inline cache whose distance extra word 1 holds.
    #[inline(always)]
    pub(crate) fn cache(self) -> Option<&'static Cache> {
        let distance = self.word(1) as u16;
        if distance == NO_CACHE { None } else { Some(self.cache_at(distance)) }
    }

    /// The same where a quickened opcode proves that there is one.
    #[inline(always)]
    pub(crate) fn sure_cache(self) -> &'static Cache {
        self.cache_at(self.word(1) as u16)
    }

    #[inline(always)]
    fn cache_at(self, distance: u16) -> &'static Cache {
        // SAFETY: `build` wrote the distance of a cache of this block.
        unsafe { &*self.0.sub(distance as usize).cast::<Cache>() }
    }

    /// The constant at a distance (operand of a narrow `LoadK`).
    #[inline(always)]
    pub(crate) fn constant(self, distance: usize) -> u64 {
        // SAFETY: `build` wrote the distance of a constant of this block.
        unsafe { *self.0.sub(distance).cast::<u64>() }
    }
}

/// An inline cache. What `key` and `data` mean is the quickened opcode's business; the two words are read apart,
/// so each must be self-consistent.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Cache {
    key: AtomicU64,
    data: AtomicU64,
}

impl Cache {
    #[inline(always)]
    pub(crate) fn key(&self) -> u64 {
        self.key.load(Ordering::Acquire)
    }

    #[inline(always)]
    pub(crate) fn data(&self) -> u64 {
        self.data.load(Ordering::Acquire)
    }

    pub(crate) fn set_key(&self, key: u64) {
        self.key.store(key, Ordering::Release);
    }

    pub(crate) fn set_data(&self, data: u64) {
        self.data.store(data, Ordering::Release);
    }
}

#[repr(C, align(16))]
struct Block {
    code: Gc<Code>,
    globals: Gc<Dict>,
    builtins: Value,
    start: Pc,
    frame_words: u32,
    nregs: u32,
    /// Locals after the parameters, which have to be EMPTY at entry.
    parameters: u32,
    locals: u32,
    words: u32,
    caches: u32,
    has_namespace: bool,
}

/// A private code block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub(crate) struct Private(NonNull<Block>);

impl Private {
    /// # Safety
    /// `bits` is the address of a live block.
    #[inline(always)]
    pub(crate) unsafe fn from_bits(bits: u64) -> Private {
        // SAFETY: the caller's contract.
        Private(unsafe { NonNull::new_unchecked(bits as *mut Block) })
    }

    /// The block whose `bits()` a function object keeps; its code object keeps it alive.
    #[inline(always)]
    pub(crate) fn from_address(bits: u64) -> Private {
        debug_assert!(bits != 0);
        // SAFETY: only the addresses of blocks are kept, and blocks live as long as their code object, which the
        // function or frame that keeps the address refers to.
        unsafe { Private::from_bits(bits) }
    }

    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.0.as_ptr() as u64
    }

    #[inline(always)]
    fn block(self) -> &'static Block {
        // SAFETY: a Private names a live, complete block: frames, functions and code objects keep it alive.
        unsafe { &*self.0.as_ptr() }
    }

    #[inline(always)]
    pub(crate) fn code(self) -> Gc<Code> {
        self.block().code
    }

    pub(crate) fn globals(self) -> Gc<Dict> {
        self.block().globals
    }

    pub(crate) fn builtins(self) -> Value {
        self.block().builtins
    }

    #[inline(always)]
    pub(crate) fn start(self) -> Pc {
        self.block().start
    }

    /// Registers, namespace and what the call windows need.
    #[inline(always)]
    pub(crate) fn frame_words(self) -> usize {
        self.block().frame_words as usize
    }

    #[inline(always)]
    pub(crate) fn nregs(self) -> usize {
        self.block().nregs as usize
    }

    #[inline(always)]
    pub(crate) fn locals(self) -> usize {
        self.block().locals as usize
    }

    #[inline(always)]
    pub(crate) fn has_namespace(self) -> bool {
        self.block().has_namespace
    }

    /// Number of the word at `pc`.
    pub(crate) fn index_of(self, pc: Pc) -> u32 {
        (pc.bits().wrapping_sub(self.start().bits()) / 4) as u32
    }

    pub(crate) fn pc_at(self, index: u32) -> Pc {
        self.start().add(index as usize)
    }

    /// All inline caches.
    pub(crate) fn caches(self) -> &'static [Cache] {
        let block = self.block();
        // SAFETY: `build` laid `caches` caches out right after the header.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().add(1).cast(), block.caches as usize) }
    }
}

// SAFETY: the block is passed to the marker; it is a raw cell, scanned conservatively.
unsafe impl taipan_runtime::layout::Trace for Private {
    fn trace(&self, marker: &mut taipan_gc::Marker) {
        marker.buffer(self.0.as_ptr().cast_const().cast());
    }
}

/// Makes the block of (code, globals, builtins).
pub(crate) fn build(cx: &Context, code: Gc<Code>, globals: Gc<Dict>, builtins: Value) -> Private {
    let data = code.data();
    let pool = code.pool(cx);
    let names = data.names.len();
    let constants = &pool.items()[names..];
    let caches = data.ic_count as usize;
    let header = size_of::<Block>() / 8;
    let total = header * 8 + caches * size_of::<Cache>() + constants.len() * 8 + data.words.len() * 4;
    let cell = cx.heap().alloc(taipan_gc::Space::Raw, total.next_multiple_of(8));
    let base = cell.as_ptr().cast::<u64>();
    let first_cache = base.wrapping_add(header).cast::<Cache>();
    let first_constant = base.wrapping_add(header + caches * 2);
    let start = Pc(first_constant.wrapping_add(constants.len()).cast());
    for (index, constant) in constants.iter().enumerate() {
        // SAFETY: the cell is fresh and has room for the constants at this place.
        unsafe { first_constant.add(index).write(constant.bits()) };
    }
    let words = start.0.cast_mut().cast::<u32>();
    // SAFETY: as above, for the words.
    unsafe { std::ptr::copy_nonoverlapping(data.words.as_ptr(), words, data.words.len()) };
    for instruction in instructions(&data.words) {
        let at = instruction.pc as usize;
        let here = words.wrapping_add(at);
        if let Some(ic) = instruction.word(Extra::ic).or(instruction.word(Extra::ic_name)) {
            let cache = first_cache.wrapping_add((ic as u16) as usize).cast::<u32>();
            let distance = (here as usize - cache as usize) / 4;
            let fits = ic as u16 != NO_CACHE && distance < NO_CACHE as usize;
            let low = if fits { distance as u32 } else { NO_CACHE as u32 };
            // SAFETY: the extra word of this instruction, inside the block.
            unsafe { here.add(1).write(instruction.extra[0] & 0xFFFF_0000 | low) };
        }
        let narrow = instruction.start == instruction.pc;
        if narrow && instruction.op == Op::LoadK {
            let constant = first_constant.wrapping_add(instruction.konst() as usize - names).cast::<u32>();
            let distance = (here as usize - constant as usize) / 4;
            let is_constant = instruction.konst() as usize >= names;
            let (op, operand) = if is_constant && distance <= 0xFFFF {
                (Op::LoadK, distance as u32)
            } else {
                (Op::LoadKFar, instruction.konst())
            };
            let [b, c] = split_konst(operand);
            // SAFETY: the first word of this instruction, inside the block.
            unsafe { here.write(op as u32 | instruction.a << 8 | b << 16 | c << 24) };
        }
    }
    debug_assert!(matches!(Op::LoadK.info().operands[1].0, Role::konst));
    let has_namespace = data.flags & code_flag::OPTIMIZED == 0;
    let block = Block {
        code,
        globals,
        builtins,
        start,
        frame_words: data.nregs,
        nregs: data.nregs,
        parameters: data.parameter_count(),
        locals: data.locals.len() as u32,
        words: data.words.len() as u32,
        caches: caches as u32,
        has_namespace,
    };
    // SAFETY: the header's place at the start of the fresh cell.
    unsafe { cell.as_ptr().cast::<Block>().write(block) };
    Private(cell.cast())
}

/// Compiled code in a heap object: plain data, nothing to trace.
pub(crate) struct Shared(pub(crate) std::sync::Arc<taipan_bytecode::Code>);

// SAFETY: compiled code holds no heap values.
unsafe impl taipan_runtime::layout::Trace for Shared {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut taipan_gc::Marker) {}
}

/// Marks the key of a module, so that it is never taken for that of a slot.
const MODULE_KEY: u64 = 1 << 63;

/// The key of a module's cache.
#[inline(always)]
pub(crate) fn module_key(module: u64) -> u64 {
    module | MODULE_KEY
}

/// The shape and word offset that a slot cache's key holds.
#[inline(always)]
pub(crate) fn slot_key(shape: u32, offset: usize) -> u64 {
    (shape as u64) << 32 | offset as u64
}

/// The word of an instance that a slot cache names; None if the instance has another shape.
#[inline(always)]
pub(crate) fn cached_slot(object: u64, key: u64) -> Option<&'static AtomicU64> {
    let cell = Value::from_bits(object)?.as_cell()?;
    // SAFETY: a value that points is a pointer to a live cell.
    let shape = unsafe { cell.as_ref() }.shape.load(Ordering::Acquire);
    if key >> 32 != shape as u64 || key == 0 {
        return None;
    }
    // SAFETY: `slot_key` was made for this shape, all of whose instances have an inline slot at the offset.
    Some(unsafe { AtomicU64::from_ptr(cell.as_ptr().cast::<u64>().add(key as u32 as usize)) })
}

/// What a method cache knows: which function the class of a shape has under the site's name. Immutable.
#[repr(C)]
struct MethodRecord {
    class: Gc<taipan_runtime::types::type_::Class>,
    version: u64,
    shape: u32,
    function: Value,
}

/// Makes a site remember a method. The record is a raw cell, which the block that holds the cache keeps alive.
pub(crate) fn remember_method(
    cx: &Context,
    cache: &Cache,
    class: Gc<taipan_runtime::types::type_::Class>,
    version: u64,
    shape: u32,
    function: Value,
) {
    let cell = cx.heap().alloc(taipan_gc::Space::Raw, size_of::<MethodRecord>());
    // SAFETY: the cell is fresh and large enough.
    unsafe { cell.as_ptr().cast::<MethodRecord>().write(MethodRecord { class, version, shape, function }) };
    cache.set_data(cell.as_ptr() as u64);
}

/// The method that a site remembers for `object`, if it still holds.
#[inline(always)]
pub(crate) fn cached_method(cache: &Cache, object: u64) -> Option<Value> {
    let cell = Value::from_bits(object)?.as_cell()?;
    let record = cache.data() as *const MethodRecord;
    if record.is_null() {
        return None;
    }
    // SAFETY: the cache's data is 0 or a complete record, which never changes.
    let record = unsafe { &*record };
    // SAFETY: a value that points is a pointer to a live cell.
    let shape = unsafe { cell.as_ref() }.shape.load(Ordering::Acquire);
    (record.shape == shape && record.class.version() == record.version).then_some(record.function)
}

/// Forgets every inline cache that names shapes: a class has changed in a way that shapes do not show.
///
/// The class itself is not looked at: such changes are rare, and a cleared site warms up again.
pub(crate) fn clear_instance_caches(cx: &Context, _class: Gc<taipan_runtime::types::type_::Class>) {
    taipan_gc::each_cell(cx.thread(), |cell, space, _| {
        // SAFETY: the world is stopped, and the collector lists allocated cells.
        let published = unsafe { cell.as_ref() }.shape.load(Ordering::Acquire) != 0;
        if published
            && matches!(space, taipan_gc::Space::Final)
            && let Some(code) = Value::from_cell(cell).downcast::<Code>()
        {
            // SAFETY: the world is stopped, and no guard is held at a safepoint.
            for private in unsafe { code.private_blocks().peek() } {
                for cache in private.caches() {
                    cache.forget_shape();
                }
            }
        }
    });
}

impl Cache {
    /// Makes the next use of a site with a slot cache look again. Those, and only those, have no data.
    fn forget_shape(&self) {
        if self.data() == 0 {
            self.key.store(0, Ordering::Release);
        }
    }

    /// Makes it a slot cache, unless it serves a module already.
    pub(crate) fn set_slot(&self, key: u64) -> bool {
        let current = self.key();
        self.data() == 0
            && current & MODULE_KEY == 0
            && self.key.compare_exchange(current, key, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Makes it the cache of one module, once: key and data are read apart, so neither may change afterwards.
    pub(crate) fn claim_for_module(&self, module: u64, cell: u64) -> bool {
        if self.data.compare_exchange(0, cell, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return false;
        }
        if self.key.compare_exchange(0, module_key(module), Ordering::AcqRel, Ordering::Relaxed).is_err() {
            self.data.store(0, Ordering::Release);
            return false;
        }
        true
    }
}
