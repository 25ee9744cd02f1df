//! Finalizers: which dying objects are revived to run theirs in this cycle, and the queue they wait in.
//! CPython: `finalize_garbage` in `Python/gc.c`, PEP 442.
//!
//! Invariant: an object is queued at most once, and only if no dying object with a finalizer outside its own strongly
//! connected component reaches it.

use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::Mutex;

use crate::arena;
use crate::block::fill;
use crate::header::{Header, flag};
use crate::mark::{Marker, Mode, is_marked};
use crate::pages::PageVec;
use crate::weak::Cell;

/// Objects with a finalizer that has not run, in the order of registration.
static REGISTERED: Mutex<PageVec<Cell>> = Mutex::new(PageVec::new());
/// Revived objects whose finalizers should run now; the first is the next. Roots.
static READY: Mutex<Queue> = Mutex::new(Queue { items: PageVec::new(), taken: 0 });

struct Queue {
    items: PageVec<Cell>,
    taken: usize,
}

/// Declares that `cell` wants its finalizer to run before it dies.
pub fn set_finalizer(cell: NonNull<Header>) {
    // SAFETY: the caller passes a live cell.
    if !unsafe { cell.as_ref() }.set(flag::FINALIZER) {
        crate::lock(&REGISTERED).push(Cell(cell));
    }
}

/// Whether `cell` was passed to [`set_finalizer`] and its finalizer has not been taken since.
pub fn awaits_finalizer(cell: NonNull<Header>) -> bool {
    // SAFETY: the caller passes a live cell.
    unsafe { cell.as_ref() }.has(flag::FINALIZER)
}

/// The objects among `own` and among those that all threads know that await their finalizers, by their addresses with all
/// bits turned, so that nobody takes them for references.
pub(crate) fn awaiting(own: &[Cell]) -> Vec<usize> {
    let all = crate::lock(&REGISTERED);
    // Registered cells stay what they are until the sweep of the cycle that finds them dead.
    let waiting = all.iter().chain(own).filter(|cell| awaits_finalizer(cell.0));
    waiting.map(|cell| !cell.0.addr().get()).collect()
}

/// Takes over what a thread has declared.
pub(crate) fn register(cells: &[Cell]) {
    let mut all = crate::lock(&REGISTERED);
    cells.iter().for_each(|cell| all.push(*cell));
}

/// Takes the declaration back: there is nothing left to finalize.
pub fn cancel_finalizer(cell: NonNull<Header>) {
    // SAFETY: the caller passes a live cell.
    let header = unsafe { cell.as_ref() };
    if header.has(flag::FINALIZER) {
        header.clear(flag::FINALIZER);
    }
}

/// The next object whose finalizer should run. It is the caller's to keep alive, and will not be offered again.
pub fn take_finalizable() -> Option<NonNull<Header>> {
    let mut queue = crate::lock(&READY);
    let cell = queue.items.get(queue.taken)?.0;
    queue.taken += 1;
    if queue.taken == queue.items.len() {
        queue.items.clear();
        queue.taken = 0;
    }
    // SAFETY: queued cells are roots.
    unsafe { cell.as_ref() }.clear(flag::FINALIZER);
    Some(cell)
}

/// Whether [`take_finalizable`] has something to give.
pub fn has_finalizable() -> bool {
    !crate::lock(&READY).items.is_empty()
}

/// Cancels all finalizers, so that one test's do not run in another's.
#[cfg(test)]
pub(crate) fn forget_all() {
    for cell in crate::lock(&REGISTERED).iter() {
        // SAFETY: registered cells live.
        unsafe { cell.0.as_ref() }.clear(flag::FINALIZER);
    }
    crate::lock(&REGISTERED).clear();
    while take_finalizable().is_some() {}
}

/// Marks the objects that wait in the queue.
pub(crate) fn trace_queue(marker: &mut Marker) {
    let queue = crate::lock(&READY);
    for cell in &queue.items[queue.taken..] {
        marker.mark(cell.0);
    }
}

/// Revives the dying objects with finalizers and queues those whose turn it is.
pub(crate) fn revive(marker: &mut Marker) {
    let dying = dying_objects();
    if dying.is_empty() {
        return;
    }
    // What they reach survives this cycle in any case. An object that nothing marks here is reached by no other.
    marker.mode = Mode::Note;
    for cell in dying.iter() {
        marker.trace(cell.0.as_ptr() as usize);
        marker.drain();
    }
    let free: Vec<bool> = dying.iter().map(|cell| !is_marked(cell.0)).collect();
    let ready = if free.contains(&false) {
        set_marks(&marker.noted, false);
        let ready = Graph::build(marker, &dying).ready(dying.len());
        set_marks(&marker.noted, true);
        ready
    } else {
        free
    };
    marker.noted.clear();
    marker.noted.shrink();
    marker.mode = Mode::Mark;
    for cell in dying.iter() {
        marker.mark(cell.0);
    }
    marker.drain();
    debug_assert!(ready.contains(&true), "some component has no predecessor");
    enqueue(&dying, &ready);
}

/// The registered objects that were not reached, in the order of registration. Forgets those that have cancelled:
/// the cell of a dead one may be another's after this cycle.
fn dying_objects() -> PageVec<Cell> {
    let mut dying = PageVec::new();
    crate::lock(&REGISTERED).retain(|cell| {
        // SAFETY: registered cells stay what they are until the sweep of the cycle that finds them dead.
        let wanted = unsafe { cell.0.as_ref() }.has(flag::FINALIZER);
        if wanted && !is_marked(cell.0) {
            dying.push(*cell);
        }
        wanted
    });
    dying
}

/// Moves the ready ones of `dying` from the list to the queue; the others keep their places in the list.
fn enqueue(dying: &[Cell], ready: &[bool]) {
    let mut queue = crate::lock(&READY);
    let mut rest = dying.iter().zip(ready).peekable();
    crate::lock(&REGISTERED).retain(|cell| match rest.next_if(|(dies, _)| dies.0 == cell.0) {
        Some((_, true)) => {
            queue.items.push(*cell);
            false
        }
        _ => true,
    });
}

fn set_marks(addresses: &[usize], set: bool) {
    for &address in addresses {
        let found = arena::at_start(address);
        fill(found.block.marks(), found.index, found.index + 1, set);
    }
}

/// What dying objects with finalizers reach among the cells that are not marked.
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<u32>,
    /// How many strongly connected components have been found.
    components: u32,
}

struct Node {
    address: usize,
    /// The node's edges are `edges[first..last]`.
    first: u32,
    last: u32,
    /// When the search came to the node; 0 for not yet.
    index: u32,
    /// The earliest open node that it reaches.
    low: u32,
    /// Components are numbered as they close: one that reaches another has the higher number.
    component: u32,
}

const OPEN: u32 = u32::MAX;

impl Graph {
    fn build(marker: &mut Marker, dying: &[Cell]) -> Graph {
        marker.mode = Mode::Edges;
        let noted = std::mem::take(&mut marker.noted);
        let mut graph = Graph { nodes: Vec::new(), edges: Vec::new(), components: 0 };
        let mut ids = HashMap::new();
        for cell in dying {
            graph.node(&mut ids, cell.0.as_ptr() as usize);
        }
        let mut next = 0;
        while next < graph.nodes.len() {
            graph.nodes[next].first = graph.edges.len() as u32;
            marker.trace(graph.nodes[next].address);
            while let Some(target) = marker.noted.pop() {
                let id = graph.node(&mut ids, target);
                graph.edges.push(id);
            }
            graph.nodes[next].last = graph.edges.len() as u32;
            next += 1;
        }
        marker.noted = noted;
        graph
    }

    fn node(&mut self, ids: &mut HashMap<usize, u32>, address: usize) -> u32 {
        *ids.entry(address).or_insert_with(|| {
            self.nodes.push(Node { address, first: 0, last: 0, index: 0, low: 0, component: OPEN });
            self.nodes.len() as u32 - 1
        })
    }

    /// Which of the first `dying` nodes no other component with one of them reaches.
    fn ready(mut self, dying: usize) -> Vec<bool> {
        self.find_components();
        let mut holds = vec![false; self.components as usize];
        for node in &self.nodes[..dying] {
            holds[node.component as usize] = true;
        }
        let mut order: Vec<u32> = (0..self.nodes.len() as u32).collect();
        order.sort_unstable_by_key(|&id| std::cmp::Reverse(self.nodes[id as usize].component));
        let mut reached = vec![false; self.components as usize];
        for node in order.iter().map(|&id| &self.nodes[id as usize]) {
            let from = node.component as usize;
            if !holds[from] && !reached[from] {
                continue;
            }
            for &target in &self.edges[node.first as usize..node.last as usize] {
                let to = self.nodes[target as usize].component as usize;
                reached[to] |= to != from;
            }
        }
        self.nodes[..dying].iter().map(|node| !reached[node.component as usize]).collect()
    }

    /// Tarjan's search with a stack of its own.
    fn find_components(&mut self) {
        let mut time = 0;
        let mut open = Vec::new();
        let mut path: Vec<(u32, u32)> = Vec::new();
        for root in 0..self.nodes.len() as u32 {
            if self.nodes[root as usize].index == 0 {
                path.push((root, self.nodes[root as usize].first));
            }
            while let Some((id, edge)) = path.pop() {
                let node = &mut self.nodes[id as usize];
                if node.index == 0 {
                    time += 1;
                    node.index = time;
                    node.low = time;
                    open.push(id);
                }
                if edge == node.last {
                    self.close(id, &mut open);
                    if let Some(&(parent, _)) = path.last() {
                        let low = self.nodes[id as usize].low;
                        let parent = &mut self.nodes[parent as usize];
                        parent.low = parent.low.min(low);
                    }
                    continue;
                }
                path.push((id, edge + 1));
                let target = self.edges[edge as usize];
                let (index, component) =
                    (self.nodes[target as usize].index, self.nodes[target as usize].component);
                if index == 0 {
                    path.push((target, self.nodes[target as usize].first));
                } else if component == OPEN {
                    let node = &mut self.nodes[id as usize];
                    node.low = node.low.min(index);
                }
            }
        }
    }

    /// Gives the open nodes from `id` on a component if it is the first of one.
    fn close(&mut self, id: u32, open: &mut Vec<u32>) {
        if self.nodes[id as usize].low != self.nodes[id as usize].index {
            return;
        }
        while let Some(member) = open.pop() {
            self.nodes[member as usize].component = self.components;
            if member == id {
                break;
            }
        }
        self.components += 1;
    }
}
