//! The auditor: finds references to dying cells in malloc memory, which no collection scans.
//!
//! A `Vec` of values on the native stack is the typical find: its buffer is not a root, so its cells die under it. Binaries
//! that install [`AuditAlloc`] know their live blocks. After marking, each aligned word of a block that names a dying cell is
//! a find, unless a cell leads to the block (its owner traces it). Invariant: the auditor itself never calls malloc.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

use crate::arena;
use crate::block::Space;
use crate::pages::PageVec;
use crate::stress;

/// What happens when the auditor finds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// It does not look.
    Off = 0,
    /// It says so on standard error.
    Report = 1,
    /// It says so, and the thread that collected panics when the world runs again.
    Panic = 2,
}

const SHARDS: usize = 64;
/// Finds that are reported per cycle.
const REPORTED: usize = 20;
/// What sorting a block costs, as bytes of scanning.
const SORTING: usize = 256;
/// Callers that are recorded per block, if any are.
const FRAMES: usize = 16;

static MODE: AtomicU8 = AtomicU8::new(Audit::Off as u8);
static FINDINGS: AtomicUsize = AtomicUsize::new(0);
static BACKTRACES: AtomicBool = AtomicBool::new(false);
static BLOCKS: [Mutex<List>; SHARDS] = [const { Mutex::new(List(None)) }; SHARDS];

/// The live blocks of a shard.
struct List(Option<NonNull<Prefix>>);

// SAFETY: the list is only walked and changed under its mutex.
unsafe impl Send for List {}

/// What lies before each block.
#[repr(C, align(16))]
struct Prefix {
    next: Option<NonNull<Prefix>>,
    previous: Option<NonNull<Prefix>>,
    size: usize,
    ignored: bool,
    frames: [usize; FRAMES],
}

/// Sets what the auditor does. It only ever finds something in binaries whose global allocator is [`AuditAlloc`].
pub fn set_audit(mode: Audit) {
    MODE.store(mode as u8, Relaxed);
}

/// How many words of malloc memory have been found to name dying cells.
pub fn audit_findings() -> usize {
    FINDINGS.load(Relaxed)
}

/// Exempts a malloc block: someone knows that it names cells and clears it in time (a table of weak references), or its
/// owner traces it. `block` is the address malloc gave; others are ignored.
pub fn audit_ignore(block: *const u8) {
    let mut next = shard(block as usize).0;
    while let Some(prefix) = next {
        // SAFETY: prefixes in the list are alive, and the list is locked.
        let prefix = unsafe { &mut *prefix.as_ptr() };
        if prefix.block() == block as usize {
            prefix.ignored = true;
            return;
        }
        next = prefix.next;
    }
}

/// `TAIPAN_AUDIT=1` reports, `TAIPAN_AUDIT=panic` panics; `TAIPAN_AUDIT_BACKTRACE=1` records who allocated.
pub(crate) fn from_environment() {
    match std::env::var("TAIPAN_AUDIT").as_deref() {
        Ok("panic") => set_audit(Audit::Panic),
        Ok("1") => set_audit(Audit::Report),
        _ => {}
    }
    BACKTRACES.store(std::env::var_os("TAIPAN_AUDIT_BACKTRACE").is_some(), Relaxed);
}

fn shard(block: usize) -> MutexGuard<'static, List> {
    crate::lock(&BLOCKS[(block >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58])
}

impl Prefix {
    fn block(&self) -> usize {
        ptr::from_ref(self) as usize + size_of::<Prefix>()
    }
}

/// A global allocator for debug and test binaries: the system's, and a list of its live blocks.
pub struct AuditAlloc;

/// How far the block lies behind the start of what the system allocated.
fn offset(layout: Layout) -> usize {
    size_of::<Prefix>().next_multiple_of(layout.align())
}

fn outer(layout: Layout, size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(offset(layout))?, layout.align().max(align_of::<Prefix>())).ok()
}

/// Puts a block in its list.
///
/// # Safety
/// The bytes before `block` are room for a prefix.
unsafe fn link(block: *mut u8, size: usize) {
    let prefix = block.wrapping_sub(size_of::<Prefix>()).cast::<Prefix>();
    let frames = if BACKTRACES.load(Relaxed) { callers() } else { [0; FRAMES] };
    let mut list = shard(block as usize);
    // SAFETY: by contract; neighbours in the list are alive while it is locked.
    unsafe {
        prefix.write(Prefix { next: list.0, previous: None, size, ignored: false, frames });
        if let Some(next) = list.0 {
            (*next.as_ptr()).previous = NonNull::new(prefix);
        }
    }
    list.0 = NonNull::new(prefix);
}

/// Takes a block out of its list.
///
/// # Safety
/// `block` was linked.
unsafe fn unlink(block: *mut u8) {
    let prefix = block.wrapping_sub(size_of::<Prefix>()).cast::<Prefix>();
    let mut list = shard(block as usize);
    // SAFETY: by contract; neighbours in the list are alive while it is locked.
    unsafe {
        let (next, previous) = ((*prefix).next, (*prefix).previous);
        match previous {
            Some(previous) => (*previous.as_ptr()).next = next,
            None => list.0 = next,
        }
        if let Some(next) = next {
            (*next.as_ptr()).previous = previous;
        }
    }
}

// SAFETY: each method passes on to the system's allocator with a layout that has room for the prefix in front, and
// `offset` depends on the alignment alone, so that all methods agree on where the outer block starts.
unsafe impl GlobalAlloc for AuditAlloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeroes: what an earlier owner left in the block is not a reference.
        // SAFETY: passed on.
        unsafe { self.alloc_zeroed(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(outer) = outer(layout, layout.size()) else { return ptr::null_mut() };
        // SAFETY: the outer layout is not of size zero.
        let start = unsafe { System.alloc_zeroed(outer) };
        if start.is_null() {
            return start;
        }
        let block = start.wrapping_add(offset(layout));
        // SAFETY: `offset` leaves room for the prefix.
        unsafe { link(block, layout.size()) };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let outer = outer(layout, layout.size()).expect("the layout that was allocated");
        // SAFETY: the block comes from `alloc_zeroed` with the same layout.
        unsafe {
            unlink(block);
            System.dealloc(block.wrapping_sub(offset(layout)), outer);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(new) = Layout::from_size_align(size, layout.align()) else { return ptr::null_mut() };
        // SAFETY: the caller's duties are those of alloc and dealloc; the copy stays inside both blocks.
        unsafe {
            let moved = self.alloc_zeroed(new);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// The locks of all shards, held around a fork.
pub(crate) struct Locked {
    _shards: [MutexGuard<'static, List>; SHARDS],
}

impl Locked {
    pub(crate) fn take() -> Locked {
        Locked { _shards: std::array::from_fn(|index| crate::lock(&BLOCKS[index])) }
    }
}

/// A block as the audit sees it.
#[derive(Clone, Copy)]
struct Record {
    start: usize,
    size: usize,
    exempt: bool,
    prefix: *const Prefix,
}

/// Looks for dying cells in malloc memory, after marking and before sweeping. Returns the number of finds.
pub(crate) fn run() -> usize {
    if MODE.load(Relaxed) == Audit::Off as u8 {
        return 0;
    }
    // Threads in blocking calls may still call malloc: the lists must stand still while their blocks are read.
    let locked = Locked::take();
    let mut records = PageVec::new();
    for list in &locked._shards {
        let mut next = list.0;
        while let Some(prefix) = next {
            // SAFETY: prefixes in a locked list are alive.
            let block = unsafe { prefix.as_ref() };
            let (start, size) = (block.block(), block.size);
            records.push(Record { start, size, exempt: block.ignored, prefix: prefix.as_ptr() });
            next = block.next;
        }
    }
    records.sort_unstable_by_key(|record| record.start);
    exempt_owned(&mut records);
    if stress::is_on() {
        stress::scanned(records.iter().map(|record| record.size + SORTING).sum());
    }
    let mut finds = 0;
    for record in records.iter().filter(|record| !record.exempt) {
        each_word(record.start, record.size, |address, word| {
            if let Some(cell) = arena::locate(word).filter(|cell| cell.is_allocated() && !cell.is_marked()) {
                finds += 1;
                if finds <= REPORTED {
                    report(record, address, &cell);
                }
            }
        });
    }
    FINDINGS.fetch_add(finds, Relaxed);
    finds
}

/// Panics if the mode asks for it; called with the world running.
pub(crate) fn judge(finds: usize) {
    if finds != 0 && MODE.load(Relaxed) == Audit::Panic as u8 {
        panic!("the auditor found {finds} references to dying cells in memory that is not scanned");
    }
}

/// Exempts the blocks that cells lead to, directly or through other blocks.
fn exempt_owned(records: &mut PageVec<Record>) {
    let mut pending: PageVec<(usize, usize)> = PageVec::new();
    arena::each_allocated(|cell| {
        if cell.info().space() != Space::Bytes {
            pending.push((cell.start, cell.info().cell_size()));
            exempt_reached(records, &mut pending);
        }
    });
}

fn exempt_reached(records: &mut PageVec<Record>, pending: &mut PageVec<(usize, usize)>) {
    while let Some((start, size)) = pending.pop() {
        each_word(start, size, |_, word| {
            let index = records.partition_point(|record| record.start <= word);
            if let Some(record) = records[..index].last_mut()
                && word - record.start < record.size.max(1)
                && !record.exempt
            {
                record.exempt = true;
                pending.push((record.start, record.size));
            }
        });
    }
}

/// Runs `f` for the address and value of each aligned word of a cell or block.
fn each_word(start: usize, size: usize, mut f: impl FnMut(usize, usize)) {
    let first = start.next_multiple_of(8);
    for address in (first..(start + size).saturating_sub(7)).step_by(8) {
        // SAFETY: inside a live block or cell; volatile, because threads in blocking calls may be writing to it.
        f(address, unsafe { (address as *const usize).read_volatile() });
    }
}

fn report(record: &Record, address: usize, cell: &arena::Found) {
    let (space, size) = (cell.info().space(), cell.info().cell_size());
    say(format_args!(
        "audit: the malloc block {:#x} ({} bytes) names the dying {space:?} cell {:#x} ({size} bytes) at offset {}\n",
        record.start,
        record.size,
        cell.start,
        address - record.start,
    ));
    // SAFETY: the prefix is alive while its list is locked.
    show_callers(unsafe { &(*record.prefix).frames });
}

/// Writes to standard error without allocating: malloc is locked here.
fn say(text: std::fmt::Arguments<'_>) {
    struct Raw;
    impl std::fmt::Write for Raw {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            // SAFETY: writes the bytes of a str to a descriptor.
            unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
            Ok(())
        }
    }
    let _ = std::fmt::write(&mut Raw, text);
}

#[cfg(target_env = "gnu")]
fn callers() -> [usize; FRAMES] {
    let mut frames = [0; FRAMES];
    // SAFETY: backtrace fills at most FRAMES words.
    unsafe { libc::backtrace(frames.as_mut_ptr().cast(), FRAMES as i32) };
    frames
}

#[cfg(target_env = "gnu")]
fn show_callers(frames: &[usize; FRAMES]) {
    let count = frames.iter().take_while(|&&frame| frame != 0).count();
    // SAFETY: the frames are addresses that backtrace gave.
    unsafe { libc::backtrace_symbols_fd(frames.as_ptr().cast(), count as i32, libc::STDERR_FILENO) };
}

#[cfg(not(target_env = "gnu"))]
fn callers() -> [usize; FRAMES] {
    [0; FRAMES]
}

#[cfg(not(target_env = "gnu"))]
fn show_callers(_frames: &[usize; FRAMES]) {}
