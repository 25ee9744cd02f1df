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
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use taipan_bytecode::op::{Extra, NO_CACHE, Role};
use taipan_bytecode::{Op, code_flag, instructions, split_konst};
use taipan_runtime::identity::Identity;
use taipan_runtime::layout::Object;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::module::Module;
use taipan_runtime::{Context, Gc, Value};

use crate::types::code::Code;
use crate::types::function::NOT_EXACT;

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
    /// See `Function::exact`.
    exact: u32,
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

    /// The code of the block at an address that may be any word at all.
    pub(crate) fn code_at(bits: u64) -> Option<Gc<Code>> {
        let (start, space, size) = taipan_gc::cell_containing(bits as *const u8)?;
        if start.as_ptr() as u64 != bits || space != taipan_gc::Space::Raw || size < size_of::<Block>() {
            return None;
        }
        let first = bits as usize + std::mem::offset_of!(Block, code);
        // SAFETY: an aligned word inside an allocated cell.
        let code = unsafe { AtomicU64::from_ptr(first as *mut u64) }.load(Ordering::Relaxed);
        let (start, space, _) = taipan_gc::cell_containing(code as *const u8)?;
        let is_object = start.as_ptr() as u64 == code && space.has_header();
        Value::from_bits(code).filter(|_| is_object).and_then(Value::downcast::<Code>)
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

    /// Number of arguments that a call passes straight into the registers, `NOT_EXACT` if it has to be bound.
    #[inline(always)]
    pub(crate) fn exact(self) -> u32 {
        self.block().exact
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
    let stars = code_flag::VARARGS | code_flag::VARKEYWORDS;
    let short = data.flags & stars == 0 && data.kwonly_count == 0 && !has_namespace && data.nregs <= 256;
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
        exact: if short { data.arg_count } else { NOT_EXACT },
        has_namespace,
    };
    // SAFETY: the header's place at the start of the fresh cell.
    unsafe { cell.as_ptr().cast::<Block>().write(block) };
    Private(cell.cast())
}

/// Compiled code in a heap object: plain data, nothing to trace.
pub(crate) struct Shared(pub(crate) taipan_bytecode::SharedCode);

// SAFETY: compiled code holds no heap values.
unsafe impl taipan_runtime::layout::Trace for Shared {
    const TRACES: bool = false;
    fn trace(&self, _marker: &mut taipan_gc::Marker) {}
}

/// The bits of the value that a global's cache names: the module's, else the builtins'; 0 if it is bound in neither.
#[inline(always)]
pub(crate) fn global_bits(cache: &Cache) -> u64 {
    let load = |cell: u64| {
        // SAFETY: a site that reads globals has two cells in its cache before it is quickened, and keeps them alive.
        let cell: Gc<taipan_runtime::types::value_cell::ValueCell> =
            unsafe { Gc::from_cell(NonNull::new_unchecked(cell as *mut taipan_gc::Header)) };
        Value::option_bits(cell.load())
    };
    let own = load(cache.key());
    if own != 0 { own } else { load(cache.data()) }
}

/// Marks the key of a module, so that it is never taken for that of a slot.
const MODULE_KEY: u64 = 1 << 63;

/// The key of a module's cache.
#[inline(always)]
fn module_key(module: u64) -> u64 {
    module | MODULE_KEY
}

/// Is this the module that the cache is of, and still a plain one? Its `__class__` may have been set since.
#[inline(always)]
pub(crate) fn is_of_module(cache: &Cache, object: u64) -> bool {
    let plain = |module: Value| module.shape() == Module::class_cell().instance_shape();
    module_key(object) == cache.key() && Value::from_bits(object).is_some_and(plain)
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

/// What the data word of an attribute site refers to, in its lowest bits. Other sites keep untagged addresses.
mod tag {
    pub(super) const BITS: u64 = 7;
    /// `Places` of attributes that instances have.
    pub(super) const PLACES: u64 = 1;
    /// `Found` values of classes.
    pub(super) const FOUND: u64 = 2;
    /// `Places` where attributes are added.
    pub(super) const ADDED: u64 = 3;
    /// `OfClass`.
    pub(super) const OF_CLASS: u64 = 4;
    /// No address, but how often the site could not be quickened.
    pub(super) const FAILURES: u64 = 5;
}

/// How many shapes a site tells apart.
pub(crate) const WAYS: usize = 8;
/// How many classes a site tells apart.
const CLASSES: usize = 4;
/// How often a site may learn something new.
const LESSONS: u64 = 24;

/// Where the instances of several shapes keep an attribute (`slot_key`), or will (`add_key`). Immutable.
#[repr(C)]
struct Places {
    lessons: u64,
    keys: [u64; WAYS],
}

fn first_key(key: u64) -> [u64; WAYS] {
    let mut keys = [0; WAYS];
    keys[0] = key;
    keys
}

/// The key of a site that adds an attribute: shape before, shape after, word offset.
#[inline(always)]
pub(crate) fn add_key(before: u32, after: u32, offset: usize) -> Option<u64> {
    const SHAPES: u32 = taipan_runtime::shape::TABLE_CAPACITY as u32;
    const { assert!(SHAPES <= 1 << 22) };
    (offset < 1 << 20).then_some((before as u64) << 42 | (after as u64) << 20 | offset as u64)
}

/// The instance's cell and shape, if the value is one.
#[inline(always)]
fn cell_and_shape(object: u64) -> Option<(NonNull<taipan_gc::Header>, u32)> {
    let cell = Value::from_bits(object)?.as_cell()?;
    // SAFETY: a value that points is a pointer to a live cell.
    Some((cell, unsafe { cell.as_ref() }.shape.load(Ordering::Acquire)))
}

/// The word of an instance that one of several keys names.
#[inline(always)]
pub(crate) fn polymorphic_slot(cache: &Cache, object: u64) -> Option<&'static AtomicU64> {
    let (cell, shape) = cell_and_shape(object)?;
    let key = *cache.places(tag::PLACES)?.keys.iter().find(|key| *key >> 32 == shape as u64)?;
    // SAFETY: `slot_key` was made for this shape, all of whose instances have an inline slot at the offset.
    Some(unsafe { AtomicU64::from_ptr(cell.as_ptr().cast::<u64>().add(key as u32 as usize)) })
}

/// Adds the attribute that the site knows to an instance of one of its shapes. False if it cannot.
#[inline(always)]
pub(crate) fn add_attribute(cache: &Cache, object: u64, value: u64) -> bool {
    let Some((cell, shape)) = cell_and_shape(object) else { return false };
    let Some(places) = cache.places(tag::ADDED) else { return false };
    let Some(key) = places.keys.iter().find(|key| *key >> 42 == shape as u64) else { return false };
    let (after, offset) = ((key >> 20) as u32 & 0x3F_FFFF, *key as usize & 0xF_FFFF);
    // SAFETY: a live cell.
    let header = unsafe { cell.as_ref() };
    if taipan_gc::multi_threaded() {
        // Whoever adds another name to the object at the same time makes this fail.
        if header.shape.compare_exchange(shape, after, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return false;
        }
    } else {
        header.shape.store(after, Ordering::Release);
    }
    // SAFETY: `add_key` was made for these shapes, all of whose instances have an inline slot at the offset.
    unsafe { AtomicU64::from_ptr(cell.as_ptr().cast::<u64>().add(offset)) }.store(value, Ordering::Release);
    true
}

/// What the class of a shape has under the site's name, where instances have nothing.
#[repr(C)]
#[derive(Clone, Copy)]
struct FoundEntry {
    class: u64,
    version: u64,
    shape: u64,
    value: u64,
}

/// Several of them. Immutable.
#[repr(C)]
struct Found {
    lessons: u64,
    entries: [FoundEntry; CLASSES],
}

/// Makes a site remember what it found on `class`, if it is the class of objects with `shape`: the object may have got
/// another class during the look. `shape` has been read since the last safepoint.
pub(crate) fn remember_found(
    cx: &Context,
    cache: &Cache,
    class: Gc<taipan_runtime::types::type_::Class>,
    version: u64,
    shape: u32,
    value: Value,
) -> bool {
    if taipan_runtime::shape::record(shape).class() != class {
        return false;
    }
    let old = cache.found();
    let entry = FoundEntry { class: class.value().bits(), version, shape: shape as u64, value: value.bits() };
    let mut entries = [FoundEntry { class: 0, version: 0, shape: 0, value: 0 }; CLASSES];
    let mut count = 0;
    entries[count] = entry;
    for known in old.map_or(&[][..], |old| &old.entries) {
        if known.shape != 0 && known.shape != entry.shape && count + 1 < CLASSES {
            count += 1;
            entries[count] = *known;
        }
    }
    // The latest comes last but for the first round, so that the common case keeps the first place.
    entries[..=count].rotate_left(1);
    let Some(lessons) = cache.next_lesson() else { return false };
    let cell = cx.heap().alloc(taipan_gc::Space::Raw, size_of::<Found>());
    // SAFETY: the cell is fresh and large enough.
    unsafe { cell.as_ptr().cast::<Found>().write(Found { lessons, entries }) };
    cache.replace_data(cell.as_ptr() as u64 | tag::FOUND)
}

/// What a site remembers for the class of `object`, if it still holds.
#[inline(always)]
pub(crate) fn cached_found(cache: &Cache, object: u64) -> Option<u64> {
    let (_, shape) = cell_and_shape(object)?;
    let entry = &cache.found()?.entries[0];
    entry.holds(shape).then_some(entry.value)
}

/// The same, looking at all entries.
pub(crate) fn cached_found_any(cache: &Cache, object: u64) -> Option<u64> {
    let (_, shape) = cell_and_shape(object)?;
    cache.found()?.entries.iter().find(|entry| entry.holds(shape)).map(|entry| entry.value)
}

impl FoundEntry {
    #[inline(always)]
    fn holds(&self, shape: u32) -> bool {
        // SAFETY: an entry with a shape names a class, which the record keeps alive.
        self.shape == shape as u64 && self.shape != 0 && unsafe { class_version(self.class) } == self.version
    }
}

/// What a class has under a name.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// Always this while the versions stand.
    Value(Value),
    /// The same, called with the class as its first argument.
    Bound(Value),
    /// Whatever the cell holds.
    Cell(Gc<taipan_runtime::types::value_cell::ValueCell>),
}

/// What a class itself has under the site's name. Immutable.
#[repr(C)]
struct OfClass {
    lessons: u64,
    class: u64,
    version: u64,
    metaclass: u64,
    meta_version: u64,
    known: Known,
}

/// What the site knows of the class `object`, if it still holds: the bits, and whether the class is an argument.
#[inline(always)]
pub(crate) fn of_class(cache: &Cache, object: u64) -> Option<(u64, bool)> {
    let data = cache.data();
    if data & tag::BITS != tag::OF_CLASS {
        return None;
    }
    // SAFETY: tagged data is the address of a complete record, which never changes and which the block keeps alive.
    let record = unsafe { &*((data & !tag::BITS) as *const OfClass) };
    // SAFETY: the record keeps both classes alive.
    let versions = unsafe { (class_version(record.class), class_version(record.metaclass)) };
    if record.class != object || versions != (record.version, record.meta_version) {
        return None;
    }
    match record.known {
        Known::Value(value) => Some((value.bits(), false)),
        Known::Bound(value) => Some((value.bits(), true)),
        Known::Cell(cell) => cell.load().map(|value| (value.bits(), false)),
    }
}

/// # Safety
/// `class` is the address of a live class object.
#[inline(always)]
unsafe fn class_version(class: u64) -> u64 {
    // SAFETY: the caller's contract.
    let class: Gc<taipan_runtime::types::type_::Class> =
        unsafe { Gc::from_cell(NonNull::new_unchecked(class as *mut taipan_gc::Header)) };
    class.version()
}

/// Addresses of the code objects that have private blocks. They keep no code alive: the pause that finds one dead takes
/// it out.
static WITH_BLOCKS: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

fn with_blocks() -> MutexGuard<'static, Vec<Identity>> {
    // Nobody reaches a safepoint while holding it, so a thread that has stopped the world may wait for it.
    WITH_BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes that `code` is about to have its first private block.
pub(crate) fn register_blocks(cx: &Context, code: Gc<Code>) {
    static SETTLED: Once = Once::new();
    SETTLED.call_once(|| cx.vm().add_settler(forget_dead_code));
    with_blocks().push(Identity::of(code.value()));
}

/// Takes dead code out of the list. The world is stopped, and it is final which cells die.
fn forget_dead_code() {
    with_blocks().retain(|code| code.value().and_then(Value::as_cell).is_some_and(taipan_gc::is_marked));
}

/// Forgets every inline cache that names shapes: a class has changed in a way that shapes do not show, or shapes are about
/// to mean something else. The world is stopped.
///
/// Which shapes they are is not looked at: this is rare, and a cleared site warms up again.
pub(crate) fn clear_instance_caches() {
    for code in with_blocks().iter() {
        let Some(code) = code.value().and_then(Value::downcast::<Code>) else { continue };
        // SAFETY: the world is stopped, and no guard is held at a safepoint.
        for private in unsafe { code.private_blocks().peek() } {
            for cache in private.caches() {
                cache.forget_shape();
            }
        }
    }
}

impl Cache {
    /// Makes the next use of a site look again, if it trusts a shape alone.
    fn forget_shape(&self) {
        match self.data() & tag::BITS {
            0 if self.data() != 0 => {}
            tag::FOUND => self.key.store(0, Ordering::Release),
            _ => {
                self.key.store(0, Ordering::Release);
                self.data.store(0, Ordering::Release);
            }
        }
    }

    #[inline(always)]
    fn places(&self, wanted: u64) -> Option<&'static Places> {
        let data = self.data();
        // SAFETY: tagged data is the address of a complete record, which never changes and which the block keeps alive.
        (data & tag::BITS == wanted).then(|| unsafe { &*((data & !tag::BITS) as *const Places) })
    }

    #[inline(always)]
    fn found(&self) -> Option<&'static Found> {
        let data = self.data();
        // SAFETY: as in `places`.
        (data & tag::BITS == tag::FOUND).then(|| unsafe { &*((data & !tag::BITS) as *const Found) })
    }

    /// Counts a use that no quickened form fits.
    pub(crate) fn note_failure(&self) {
        let data = self.data();
        if data == 0 || data & tag::BITS == tag::FAILURES {
            self.replace_data((data >> 3) + 1 << 3 | tag::FAILURES);
        }
    }

    /// Counts an attempt to quicken a call, whose cache uses no key; false when there have been enough.
    pub(crate) fn count_attempt(&self) -> bool {
        const ENOUGH: u64 = 40;
        let attempts = self.key.load(Ordering::Relaxed);
        if attempts < ENOUGH {
            self.key.store(attempts + 1, Ordering::Relaxed);
        }
        attempts < ENOUGH
    }

    /// Has the site seen so many kinds of objects that another one is not worth a record?
    pub(crate) fn is_full(&self) -> bool {
        self.next_lesson().is_none()
            || self.places(tag::PLACES).is_some_and(|known| known.keys[WAYS - 1] != 0)
    }

    /// How often the site has learned, counted on; None if that is enough, or if it serves something else.
    fn next_lesson(&self) -> Option<u64> {
        let data = self.data();
        let lessons = match data & tag::BITS {
            0 if data != 0 => return None,
            0 => 0,
            tag::FAILURES => data >> 3,
            // SAFETY: every record begins with the number.
            _ => unsafe { *((data & !tag::BITS) as *const u64) },
        };
        (lessons < LESSONS).then_some(lessons + 1)
    }

    /// Replaces a record, but nothing else.
    fn replace_data(&self, data: u64) -> bool {
        let current = self.data();
        (current == 0 || current & tag::BITS != 0)
            && self.data.compare_exchange(current, data, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Learns that instances of a shape have the attribute at a place. The answer: with a single key?
    pub(crate) fn learn_slot(&self, cx: &Context, key: u64) -> Option<bool> {
        let current = self.key();
        if current & MODULE_KEY != 0 {
            return None;
        }
        let known = self.places(tag::PLACES);
        if known.is_none() && (current == 0 || current >> 32 == key >> 32) {
            let stored = self.key.compare_exchange(current, key, Ordering::AcqRel, Ordering::Relaxed);
            return stored.is_ok().then_some(true);
        }
        self.learn_key(cx, tag::PLACES, first_key(current), key, 32).then_some(false)
    }

    /// Learns how an attribute is added to instances of a shape.
    pub(crate) fn learn_addition(&self, cx: &Context, key: u64) -> bool {
        self.learn_key(cx, tag::ADDED, [0; WAYS], key, 42)
    }

    /// Learns what a class has; the versions are those from before the look.
    pub(crate) fn learn_class(
        &self,
        cx: &Context,
        class: Gc<taipan_runtime::types::type_::Class>,
        metaclass: Gc<taipan_runtime::types::type_::Class>,
        (version, meta_version): (u64, u64),
        known: Known,
    ) -> bool {
        let Some(lessons) = self.next_lesson() else { return false };
        let record = OfClass {
            lessons,
            class: class.value().bits(),
            version,
            metaclass: metaclass.value().bits(),
            meta_version,
            known,
        };
        let cell = cx.heap().alloc(taipan_gc::Space::Raw, size_of::<OfClass>());
        // SAFETY: the cell is fresh and large enough.
        unsafe { cell.as_ptr().cast::<OfClass>().write(record) };
        self.replace_data(cell.as_ptr() as u64 | tag::OF_CLASS)
    }

    /// Writes a record of the older keys, or of `first` if there is none yet, and a new one for a shape that they do not
    /// name, if there is room.
    fn learn_key(&self, cx: &Context, kind: u64, first: [u64; WAYS], key: u64, shift: u32) -> bool {
        let cell = cx.heap().alloc(taipan_gc::Space::Raw, size_of::<Places>());
        // A collection may have cleared the site meanwhile, and given the shapes of dead classes to others: only now may the
        // older keys be read.
        let mut keys = match self.places(kind) {
            Some(places) => places.keys,
            None if self.key() == first[0] => first,
            None => [0; WAYS],
        };
        let free = |known: &u64| *known == 0 || *known >> shift == key >> shift;
        let Some(place) = keys.iter().position(free) else { return false };
        keys[place] = key;
        let Some(lessons) = self.next_lesson() else { return false };
        // SAFETY: the cell is fresh and large enough.
        unsafe { cell.as_ptr().cast::<Places>().write(Places { lessons, keys }) };
        self.replace_data(cell.as_ptr() as u64 | kind)
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
