//! A tiny virtual machine to test the collector with: cells with an id and references, and a record of what died.
//!
//! Invariant: a node's slots hold 0 or the address of a node; a sack's single word leads to a `Raw` cell.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

use crate::{LocalHeap, Marker, Space, Thread, Vm};
pub use crate::{header::Header, thread::interrupt};

/// Kinds of cells.
pub mod kind {
    /// Header, id, number of slots, slots.
    pub const NODE: u8 = 1;
    /// Header, id, address of a Raw cell.
    pub const SACK: u8 = 2;
}

/// Addresses that the collector must not see as such are kept xor-ed with this.
pub const DISGUISE: u64 = 0x5555_AAAA_5555_AAAA;

/// The machine.
pub struct Dummy {
    /// Roots of the test: values.
    pub roots: Mutex<Vec<u64>>,
    /// Ids of the cells whose weak references were cleared.
    pub cleared: Mutex<Vec<u64>>,
    /// Ids of the Final cells that were dropped.
    pub dropped: Mutex<Vec<u64>>,
    /// How many times finalizers became ready.
    pub ready: AtomicUsize,
    /// Addresses of cells (disguised) to look at when it is final what lives, and what was seen.
    pub watched: Mutex<Vec<(u64, bool)>>,
}

/// The one machine of the process.
pub static DUMMY: Dummy = Dummy {
    roots: Mutex::new(Vec::new()),
    cleared: Mutex::new(Vec::new()),
    dropped: Mutex::new(Vec::new()),
    ready: AtomicUsize::new(0),
    watched: Mutex::new(Vec::new()),
};

/// Registers the machine.
pub fn init() {
    crate::init(&DUMMY);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    crate::lock(mutex)
}

impl Vm for Dummy {
    unsafe fn trace(&self, cell: NonNull<Header>, _size: usize, marker: &mut Marker) {
        let node = Node(cell);
        match node.kind() {
            kind::NODE => (0..node.len()).for_each(|slot| marker.value(node.word(2 + slot).load(Relaxed))),
            kind::SACK => marker.buffer(node.word(1).load(Relaxed) as *const u8),
            other => panic!("a cell of the unknown kind {other}"),
        }
    }

    unsafe fn drop_native(&self, cell: NonNull<Header>) {
        lock(&self.dropped).push(Node(cell).id());
    }

    fn trace_roots(&self, marker: &mut Marker) {
        for &root in lock(&self.roots).iter() {
            marker.value(root);
        }
    }

    fn trace_thread(&self, _thread: &Thread, _marker: &mut Marker) {}

    fn weak_cleared(&self, cells: &[NonNull<Header>]) {
        lock(&self.cleared).extend(cells.iter().map(|&cell| Node(cell).id()));
    }

    fn settled(&self, _thread: &Thread) {
        for (bits, lives) in lock(&self.watched).iter_mut() {
            *lives = NonNull::new((*bits ^ DISGUISE) as *mut Header).is_some_and(crate::is_marked);
        }
    }

    fn finalizers_ready(&self, thread: &Thread) {
        self.ready.fetch_add(1, Relaxed);
        thread.request(interrupt::FINALIZE);
    }
}

/// A node or sack of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(pub NonNull<Header>);

impl Node {
    /// A node with `slots` empty slots.
    pub fn new(heap: &LocalHeap, space: Space, id: u64, slots: usize) -> Node {
        let node = Node::open(heap, space, kind::NODE, id, (3 + slots) * 8);
        node.word(1).store(slots as u64, Relaxed);
        node
    }

    /// A sack around a Raw cell of `words` words.
    pub fn sack(heap: &LocalHeap, id: u64, words: usize) -> Node {
        let buffer = heap.alloc(Space::Raw, words * 8);
        let node = Node::open(heap, Space::Scan, kind::SACK, id, 24);
        node.word(1).store(buffer.as_ptr() as u64, Relaxed);
        node
    }

    fn open(heap: &LocalHeap, space: Space, kind: u8, id: u64, bytes: usize) -> Node {
        let cell = heap.alloc(space, bytes).cast::<Header>();
        // SAFETY: a fresh cell of at least a header and three words.
        unsafe {
            debug_assert!(cell.as_ref().is_blank(), "a fresh cell is zero");
            cell.write(Header::new(1, kind));
        }
        let node = Node(cell);
        node.word(0).store(id, Relaxed);
        node
    }

    /// The cell's address as a value.
    pub fn bits(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The header.
    pub fn header(&self) -> &Header {
        // SAFETY: tests use nodes that live.
        unsafe { self.0.as_ref() }
    }

    /// The kind in the header.
    pub fn kind(self) -> u8 {
        self.header().kind
    }

    /// The id given when it was made.
    pub fn id(self) -> u64 {
        self.word(0).load(Relaxed)
    }

    /// The number of slots of a node.
    pub fn len(self) -> usize {
        self.word(1).load(Relaxed) as usize
    }

    /// Whether a node has no slots.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Stores a reference in a slot.
    pub fn set(self, slot: usize, target: Option<Node>) {
        assert!(slot < self.len());
        self.word(2 + slot).store(target.map_or(0, Node::bits), Relaxed);
    }

    /// The reference in a slot.
    pub fn get(self, slot: usize) -> Option<Node> {
        assert!(slot < self.len());
        NonNull::new(self.word(2 + slot).load(Relaxed) as *mut Header).map(Node)
    }

    /// The words of a sack's buffer.
    pub fn buffer(self) -> *mut u64 {
        assert_eq!(self.kind(), kind::SACK);
        self.word(1).load(Relaxed) as *mut u64
    }

    /// A word after the header.
    fn word(&self, index: usize) -> &AtomicU64 {
        // SAFETY: callers stay inside the cell: ids and lengths always exist, slots are checked.
        unsafe { &*self.0.as_ptr().cast::<AtomicU64>().add(1 + index) }
    }
}
