//! Shapes: which class a cell is an instance of, and which attribute lives in which slot.
//!
//! A shape is (class, cell layout, ordered names). Its id stands in the cell's header, its record in one
//! reserved table. Slots never move and are never reused by another name; deleting stores EMPTY, adding
//! again takes the old slot and moves the name to the end of the order.
//! Invariant: a record is complete before its id is published, and only `transitions` changes later, until the class has
//! died and nothing names the id; then another class may have it. The number of inline slots that a record names is that of
//! the cells which have the shape, whatever class they belong to.
#![allow(unsafe_code)]

use std::collections::HashMap;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::layout::Layout;
use crate::object::Gc;
use crate::types::str::Str;
use crate::types::type_::Class;
use crate::value::Value;

/// Index of a shape record.
pub type ShapeId = u32;

/// Most attributes that a shape may name; objects with more go to dict mode.
pub const MAX_NAMES: usize = 128;

/// Most names that may follow the names of one shape; further objects go to dict mode. A class whose instances use their
/// attributes as keys would otherwise make a shape for each.
const MAX_TRANSITIONS: usize = 1000;

/// What hot code reads of a shape: 32 bytes.
#[repr(C)]
pub struct ShapeRecord {
    class: AtomicU64,
    layout: AtomicPtr<Layout>,
    details: AtomicPtr<Details>,
    /// Word offset of the extension word; 0 where instances have neither `__dict__` nor `__slots__`.
    ext: AtomicU32,
    /// `DICT_MODE` or 0, and above it the number of inline slots.
    flags: AtomicU32,
}

/// Attributes live in a dict behind the extension word, not in slots.
pub const DICT_MODE: u32 = 1;
/// Where the number of inline slots stands among the flags.
const INLINE: u32 = 16;

/// The names of a shape, immutable, and the shapes that follow it.
pub struct Details {
    /// Names in the order of `__dict__`, with their slot numbers.
    // Traced: names are roots while their shape lives (`trace_names`).
    pub names: Box<[(Gc<Str>, u16)]>,
    /// Number of slots in use (deleted names count).
    pub slots: u16,
    /// The positions of the names in the order of their addresses; empty while there are few.
    by_address: Box<[u16]>,
    transitions: Mutex<HashMap<usize, ShapeId, Addresses>>,
}

/// Hashes addresses of names and numbers of shapes: a multiplication spreads them.
type Addresses = std::hash::BuildHasherDefault<AddressHasher>;

#[derive(Default)]
struct AddressHasher(u64);

impl std::hash::Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(*byte as usize));
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(20);
    }
}

/// Names are compared by address: they are interned, hence never move and never equal another.
const LINEAR: usize = 8;

impl Details {
    /// The shape that adding `name` leads to, if it has been made.
    pub fn next(&self, name: Gc<Str>) -> Option<ShapeId> {
        self.transitions.lock().unwrap_or_else(PoisonError::into_inner).get(&name.address()).copied()
    }

    /// Slot of an interned name.
    #[inline]
    pub fn slot_of(&self, name: Gc<Str>) -> Option<u16> {
        if self.names.len() <= LINEAR {
            return self.names.iter().find(|(candidate, _)| *candidate == name).map(|(_, slot)| *slot);
        }
        let place = |position: &u16| self.names[usize::from(*position)].0.address();
        let found = self.by_address.binary_search_by_key(&name.address(), place).ok()?;
        Some(self.names[usize::from(self.by_address[found])].1)
    }
}

/// Most shapes that a process may have.
pub const TABLE_CAPACITY: usize = 1 << 22;

struct Table {
    capacity: usize,
    next: AtomicU32,
    freed: Mutex<Vec<ShapeId>>,
}
// SAFETY: the table is only reached through atomics and the mutex.
unsafe impl Sync for Table {}
// SAFETY: as above.
unsafe impl Send for Table {}

static TABLE: OnceLock<Table> = OnceLock::new();
/// The table's address, for the one-load path.
static BASE: AtomicPtr<ShapeRecord> = AtomicPtr::new(std::ptr::null_mut());

fn table() -> &'static Table {
    TABLE.get_or_init(|| {
        let mut capacity = TABLE_CAPACITY;
        loop {
            let bytes = capacity * size_of::<ShapeRecord>();
            // SAFETY: a fresh anonymous mapping; zeroed memory is a valid empty record.
            let base = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    bytes,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                    -1,
                    0,
                )
            };
            if base != libc::MAP_FAILED {
                BASE.store(base.cast(), Ordering::Release);
                let (next, freed) = (AtomicU32::new(1), Mutex::new(Vec::new()));
                return Table { capacity, next, freed };
            }
            capacity /= 4;
            assert!(capacity > 4096, "no memory for the shape table");
        }
    })
}

impl Table {
    /// Is less than one `part`th of the table in use?
    fn has_room(&self, part: usize) -> bool {
        let room = self.capacity / part;
        let made = self.next.load(Ordering::Relaxed) as usize;
        made < room || made - self.freed.lock().unwrap_or_else(PoisonError::into_inner).len() < room
    }
}

/// May another class, or an object of another class, have a shape? Shapes with names fill no more than a quarter of the
/// table, those of classes no more than half; the other half is for dict mode, to which every shape can lead once.
pub fn has_room() -> bool {
    table().has_room(2)
}

#[inline(always)]
pub fn record(shape: ShapeId) -> &'static ShapeRecord {
    // SAFETY: ids come from `new_shape`, so the record lies in the table, and the table was mapped before.
    unsafe { &*BASE.load(Ordering::Relaxed).add(shape as usize) }
}

impl ShapeRecord {
    #[inline(always)]
    pub fn class(&self) -> Gc<Class> {
        let bits = self.class.load(Ordering::Acquire);
        // SAFETY: a published record names its class.
        unsafe { Gc::from_cell(Value::from_bits(bits).and_then(Value::as_cell).unwrap_unchecked()) }
    }

    #[inline(always)]
    pub fn layout(&self) -> &'static Layout {
        // SAFETY: a published record names its layout.
        unsafe { &*self.layout.load(Ordering::Relaxed) }
    }

    #[inline(always)]
    pub fn details(&self) -> &'static Details {
        // SAFETY: as above; details are freed when nobody can name the shape any more (`recycle`).
        unsafe { &*self.details.load(Ordering::Acquire) }
    }

    /// Word offset of the extension word, 0 if there is none.
    #[inline(always)]
    pub fn ext(&self) -> usize {
        self.ext.load(Ordering::Relaxed) as usize
    }

    /// Slots inside the cell, `__slots__` members included. An object that was given another class keeps its number.
    #[inline(always)]
    pub fn inline_slots(&self) -> usize {
        (self.flags.load(Ordering::Relaxed) >> INLINE) as usize
    }

    #[inline(always)]
    pub fn is_dict_mode(&self) -> bool {
        self.flags.load(Ordering::Relaxed) & DICT_MODE != 0
    }
}

#[inline(always)]
pub fn layout_of(shape: ShapeId) -> &'static Layout {
    record(shape).layout()
}

fn new_shape(
    class: Gc<Class>,
    layout: &'static Layout,
    ext: usize,
    flags: u32,
    // Traced: names are roots while their shape lives (`trace_names`).
    names: Box<[(Gc<Str>, u16)]>,
    slots: u16,
) -> ShapeId {
    let table = table();
    let recycled = table.freed.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let id = recycled.unwrap_or_else(|| table.next.fetch_add(1, Ordering::Relaxed));
    // Invariant: who makes a shape has asked whether there is room, but for those that dict mode keeps room for.
    assert!((id as usize) < table.capacity, "more than {} shapes", table.capacity);
    let record = record(id);
    let mut by_address = Vec::new();
    if names.len() > LINEAR {
        by_address.extend(0..names.len() as u16);
        by_address.sort_unstable_by_key(|position| names[usize::from(*position)].0.address());
    }
    let (by_address, transitions) = (by_address.into(), Mutex::default());
    let details = Box::new(Details { names, slots, by_address, transitions });
    record.layout.store(std::ptr::from_ref(layout).cast_mut(), Ordering::Relaxed);
    record.ext.store(ext as u32, Ordering::Relaxed);
    record.flags.store(flags, Ordering::Relaxed);
    record.details.store(Box::into_raw(details), Ordering::Release);
    record.class.store(class.value().bits(), Ordering::Release);
    id
}

/// The shape of fresh instances of a class. `ext` is the word offset of the extension word or 0.
pub fn root(class: Gc<Class>, layout: &'static Layout, ext: usize) -> ShapeId {
    new_shape(class, layout, ext, class.inline << INLINE, Box::new([]), 0)
}

/// The shape of instances of a class whose attributes live in a dict.
pub fn dict_mode(class: Gc<Class>, layout: &'static Layout, ext: usize) -> ShapeId {
    new_shape(class, layout, ext, DICT_MODE | class.inline << INLINE, Box::new([]), 0)
}

/// The shape of an object of shape `shape` whose attributes have moved to a dict.
pub fn in_dict_mode(shape: ShapeId) -> ShapeId {
    let record = record(shape);
    if record.is_dict_mode() {
        return shape;
    }
    let class = record.class();
    if record.inline_slots() == class.inline_slots() {
        return class.dict_mode_shape();
    }
    // No name lies at address 0, and no shape has this number.
    let mut transitions = record.details().transitions.lock().unwrap_or_else(PoisonError::into_inner);
    *transitions.entry(0).or_insert_with(|| {
        let flags = DICT_MODE | record.flags.load(Ordering::Relaxed);
        new_shape(class, record.layout(), record.ext(), flags, Box::new([]), 0)
    })
}

/// The shape after `name` is added to (or moved to the end of) `shape`; `None` when it has too many names, or when there
/// are too many shapes. `name` is interned.
pub fn with_name(shape: ShapeId, name: Gc<Str>) -> Option<ShapeId> {
    let record = record(shape);
    let details = record.details();
    let mut transitions = details.transitions.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(next) = transitions.get(&name.address()) {
        return Some(*next);
    }
    if transitions.len() >= MAX_TRANSITIONS || !table().has_room(4) {
        return None;
    }
    let mut names: Vec<_> = details.names.to_vec();
    let mut slots = details.slots;
    match names.iter().position(|(candidate, _)| *candidate == name) {
        Some(position) => {
            let entry = names.remove(position);
            names.push(entry);
        }
        None if names.len() >= MAX_NAMES => return None,
        None => {
            names.push((name, slots));
            slots += 1;
        }
    }
    let flags = record.flags.load(Ordering::Relaxed);
    let next = new_shape(record.class(), record.layout(), record.ext(), flags, names.into(), slots);
    transitions.insert(name.address(), next);
    Some(next)
}

/// The shape of `target`'s instances with the same names in the same slots (`obj.__class__ = target`), and in the same
/// cells: as many inline slots as `shape` has.
pub fn rebased(shape: ShapeId, target_root: ShapeId) -> ShapeId {
    let (own, target) = (record(shape), record(target_root));
    let details = own.details();
    let key = target_root as usize;
    let mut transitions = details.transitions.lock().unwrap_or_else(PoisonError::into_inner);
    *transitions.entry(key).or_insert_with(|| {
        let mode = target.flags.load(Ordering::Relaxed) & DICT_MODE;
        let flags = mode | own.flags.load(Ordering::Relaxed);
        new_shape(target.class(), target.layout(), target.ext(), flags, details.names.clone(), details.slots)
    })
}

/// Visits the names of every shape (the world is stopped). Names are roots while their shape lives; classes are not:
/// `retire` takes the shapes of those that die.
pub fn trace_names(marker: &mut taipan_gc::Marker) {
    each(|_, record| {
        for (name, _) in &record.details().names {
            marker.value(name.value().bits());
        }
    });
}

/// Visits the shapes of classes that live.
fn each(mut f: impl FnMut(ShapeId, &ShapeRecord)) {
    let Some(table) = TABLE.get() else { return };
    for id in 1..table.next.load(Ordering::Relaxed) {
        let record = record(id);
        if record.class.load(Ordering::Relaxed) != 0 {
            f(id, record);
        }
    }
}

/// Shapes of dead classes that inline caches or transitions may still name. No cell has them, so nobody finds them there.
static RETIRED: Mutex<Vec<ShapeId>> = Mutex::new(Vec::new());

/// So many shapes are retired before they are worth a look at all inline caches.
const WORTHWHILE: usize = 2000;

/// Takes the shapes of classes that die in this collection; `dead` are their addresses, sorted. The answer: are there so
/// many retired shapes that `recycle` pays?
///
/// The world is stopped, and it is final which cells die. Cells that are yet to be swept may have the shapes: their layouts
/// stay as they are.
pub(crate) fn retire(dead: &[usize]) -> bool {
    let mut retired = RETIRED.lock().unwrap_or_else(PoisonError::into_inner);
    each(|id, record| {
        if dead.binary_search(&record.class().address()).is_ok() {
            record.class.store(0, Ordering::Relaxed);
            retired.push(id);
        }
    });
    retired.len() >= WORTHWHILE || taipan_gc::is_stressed() && !retired.is_empty()
}

/// Gives the numbers of retired shapes to new ones. The world is stopped, and no inline cache names a shape.
pub(crate) fn recycle() {
    let Some(table) = TABLE.get() else { return };
    // A shape leads to one of another class where objects were given that class.
    each(|_, record| {
        let mut transitions = record.details().transitions.lock().unwrap_or_else(PoisonError::into_inner);
        transitions.retain(|_, next| self::record(*next).class.load(Ordering::Relaxed) != 0);
    });
    let mut retired = RETIRED.lock().unwrap_or_else(PoisonError::into_inner);
    for &id in retired.iter() {
        let details = record(id).details.swap(std::ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: `new_shape` boxed the details, and nobody can name this shape: its class is dead, hence no cell has it, and
        // caches and transitions have been cleared of it.
        drop(unsafe { Box::from_raw(details) });
    }
    table.freed.lock().unwrap_or_else(PoisonError::into_inner).append(&mut retired);
}
