//! What survives and what dies.

use super::*;
use crate::Rooted;

/// Final nodes `ids`, of which all but `kept` die at once; returns how many of the others have been dropped.
fn dropped_of(ids: std::ops::Range<u64>, kept: &[u64]) -> usize {
    let dropped = sorted(&DUMMY.dropped);
    for id in kept {
        assert!(!dropped.contains(id), "{id} was dropped");
    }
    dropped.iter().filter(|id| ids.contains(id)).count()
}

#[test]
fn reachable_survive_and_unreachable_die() {
    let rig = Rig::new();
    apart(|| {
        let root = rig.node(1, 2);
        root.set(0, Some(Node::new(rig.heap(), Space::Final, 2, 0)));
        rig.root(root);
        for id in 100..200 {
            Node::new(rig.heap(), Space::Final, id, 1);
        }
    });
    rig.collect();
    assert!(dropped_of(100..200, &[2]) >= 98);
    rig.unroot_all();
    rig.collect();
    assert!(sorted(&DUMMY.dropped).contains(&2));
}

#[test]
fn cycles_die() {
    let rig = Rig::new();
    apart(|| {
        for id in 0..100 {
            let a = Node::new(rig.heap(), Space::Final, id, 1);
            let b = rig.node(id, 1);
            a.set(0, Some(b));
            b.set(0, Some(a));
        }
    });
    rig.collect();
    assert!(dropped_of(0..100, &[]) >= 98);
}

#[test]
fn a_list_lives_through_stress() {
    let rig = Rig::stressed(Stress { alloc: 50, ..Stress::default() });
    let head = rig.node(0, 1);
    rig.root(head);
    let mut last = head;
    for id in 1..2000 {
        let next = rig.node(id, 1);
        last.set(0, Some(next));
        last = next;
        crate::safepoint(rig.thread(), rig.heap());
    }
    let mut count = 0;
    let mut node = Some(head);
    while let Some(this) = node {
        assert_eq!(this.id(), count);
        count += 1;
        node = this.get(0);
    }
    assert_eq!(count, 2000);
}

#[test]
fn interior_addresses_on_the_native_stack_keep_cells() {
    let rig = Rig::new();
    let sizes = [0, 1, 5, 100, 700, 3000, 50_000, 400_000, 1_000_000];
    let inside: Vec<usize> = apart(|| {
        let nodes = sizes.iter().map(|&slots| Node::new(rig.heap(), Space::Final, slots as u64, slots));
        // Hidden from the scan in malloc memory, and odd besides.
        nodes.map(|node| node.bits() as usize + 17 + (node.len() * 8) / 2).collect()
    });
    let mut on_stack = [0usize; 9];
    on_stack.copy_from_slice(&inside);
    std::hint::black_box(&mut on_stack);
    rig.collect();
    std::hint::black_box(&mut on_stack);
    assert_eq!(sorted(&DUMMY.dropped), []);
    on_stack = [0; 9];
    std::hint::black_box(&mut on_stack);
    apart(|| rig.collect());
    assert!(sorted(&DUMMY.dropped).len() >= 8, "{:?}", sorted(&DUMMY.dropped));
}

#[test]
fn the_machine_stack_is_a_root_up_to_its_top() {
    let rig = Rig::new();
    let stack = rig.thread().vm_stack();
    let base = stack.start as *mut u64;
    apart(|| {
        for id in 0..100 {
            let node = Node::new(rig.heap(), Space::Final, id, 1);
            // SAFETY: the stack has 1 MB.
            unsafe { base.add(id as usize).write(node.bits()) };
        }
    });
    rig.thread().vm_top.store(stack.start + 50 * 8, std::sync::atomic::Ordering::Relaxed);
    rig.collect();
    let dropped = sorted(&DUMMY.dropped);
    assert!(dropped.iter().all(|&id| id >= 50) && dropped.len() >= 48, "{dropped:?}");
    // SAFETY: as above.
    assert_eq!(unsafe { base.add(50).read() }, 0, "dead words are cleared");
    // SAFETY: as above.
    assert_ne!(unsafe { base.add(49).read() }, 0);
}

#[test]
fn raw_cells_are_scanned_and_bytes_are_not() {
    let rig = Rig::new();
    apart(|| {
        let sack = Node::sack(rig.heap(), 1, 5000);
        let bytes = rig.heap().alloc(Space::Bytes, 8000).cast::<u64>();
        for id in 0..100 {
            let kept = Node::new(rig.heap(), Space::Final, id, 0);
            let lost = Node::new(rig.heap(), Space::Final, 1000 + id, 0);
            // SAFETY: both buffers have room for 100 words.
            unsafe {
                sack.buffer().add(id as usize * 50).write(kept.bits() + 3);
                bytes.as_ptr().add(id as usize).write(lost.bits());
            }
        }
        let holder = rig.node(2, 2);
        holder.set(0, Some(sack));
        rig.root(holder);
        rig.root(Node(bytes.cast()));
    });
    rig.collect();
    assert!(dropped_of(1000..1100, &(0..100).collect::<Vec<_>>()) >= 98);
}

#[test]
fn rooted_words_keep_cells_until_dropped() {
    static ROOT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let rig = Rig::new();
    crate::add_root(&ROOT);
    let rooted: Vec<Rooted> = apart(|| {
        ROOT.store(Node::new(rig.heap(), Space::Final, 1000, 0).bits(), std::sync::atomic::Ordering::Relaxed);
        (0..1000).map(|id| Rooted::new(Node::new(rig.heap(), Space::Final, id, 0).bits())).collect()
    });
    apart(|| rig.collect());
    assert_eq!(sorted(&DUMMY.dropped), []);
    drop(rooted);
    ROOT.store(0, std::sync::atomic::Ordering::Relaxed);
    apart(|| rig.collect());
    assert!(sorted(&DUMMY.dropped).len() >= 998);
}

#[test]
fn cells_are_zero_aligned_and_disjoint() {
    let rig = Rig::new();
    let mut cells = Vec::new();
    for round in 0..3 {
        for bytes in (0..600).chain((600..60_000).step_by(997)).chain([1 << 20, 3 << 20, 9 << 20]) {
            for space in [Space::Raw, Space::Bytes] {
                let cell = rig.heap().alloc(space, bytes);
                assert_eq!(cell.as_ptr() as usize % 16, 0);
                // SAFETY: the cell has `bytes` bytes.
                let memory = unsafe { std::slice::from_raw_parts_mut(cell.as_ptr(), bytes) };
                assert!(memory.iter().all(|&byte| byte == 0), "{bytes} bytes in round {round}");
                memory.fill(round + 1);
                cells.push((cell.as_ptr() as usize, bytes, round + 1, Rooted::new(cell.as_ptr() as u64)));
            }
        }
        rig.collect();
        for (address, bytes, fill, _) in &cells {
            // SAFETY: the cell is rooted.
            let memory = unsafe { std::slice::from_raw_parts(*address as *const u8, *bytes) };
            assert!(memory.iter().all(|byte| byte == fill));
        }
        let mut kept = 0;
        cells.retain(|_| {
            kept += 1;
            kept % 2 == 0
        });
        rig.collect();
    }
}

#[test]
fn large_cells_are_reused() {
    let rig = Rig::new();
    let before = crate::stats().heap_bytes;
    for _ in 0..200 {
        apart(|| {
            rig.heap().alloc(Space::Bytes, 5 << 20);
            rig.heap().alloc(Space::Raw, 300 << 10);
        });
        apart(|| crate::safepoint(rig.thread(), rig.heap()));
    }
    apart(|| rig.collect());
    let after = crate::stats().heap_bytes;
    assert!(after < before + (64 << 20), "{before} -> {after}");
}

#[test]
fn impossible_sizes_are_refused() {
    let rig = Rig::new();
    for bytes in [usize::MAX, usize::MAX / 2, 1 << 60, 1 << 45] {
        assert_eq!(rig.heap().try_alloc(Space::Bytes, bytes), None);
    }
}

#[test]
fn addresses_lead_to_their_cells() {
    let rig = Rig::new();
    for bytes in [1, 16, 17, 500, 8192, 8193, 100_000, 3 << 20, 20 << 20] {
        let cell = rig.heap().alloc(Space::Bytes, bytes);
        for inside in [0, bytes / 2, bytes - 1] {
            let found = crate::cell_containing(cell.as_ptr().wrapping_add(inside));
            let (start, space, size) = found.expect("the cell");
            assert_eq!((start, space), (cell, Space::Bytes));
            assert!(size >= bytes);
        }
    }
    assert_eq!(crate::cell_containing(&raw const rig as *const u8), None);
    assert_eq!(crate::cell_containing(std::ptr::null()), None);
}

#[test]
fn all_cells_with_headers_can_be_listed() {
    let rig = Rig::new();
    let nodes: Vec<Node> = (0..500).map(|id| rig.node(id, (id % 7) as usize)).collect();
    let rooted: Vec<Rooted> = nodes.iter().map(|node| Rooted::new(node.bits())).collect();
    let mut listed = std::collections::HashSet::new();
    crate::each_cell(rig.thread(), |cell, space, size| {
        assert!(space.has_header() && size >= 24);
        listed.insert(cell);
    });
    assert!(nodes.iter().all(|node| listed.contains(&node.0)));
    drop(rooted);
}

#[test]
fn budgets_trigger_collections() {
    let rig = Rig::new();
    let before = crate::stats().collections;
    for id in 0..4_000_000 {
        apart(|| rig.node(id, 4));
        if rig.thread().interrupt.load(std::sync::atomic::Ordering::Relaxed) != 0 {
            crate::safepoint(rig.thread(), rig.heap());
        }
    }
    let collections = crate::stats().collections - before;
    assert!((25..=40).contains(&collections), "{collections} collections for 256 MB");
    rig.heap().account_external(100 << 20);
    assert_ne!(rig.thread().interrupt.load(std::sync::atomic::Ordering::Relaxed) & crate::interrupt::GC, 0);
    rig.heap().account_external(-(100 << 20));
    crate::safepoint(rig.thread(), rig.heap());
    assert_eq!(crate::stats().collections - before, collections + 1);
}

#[test]
fn referents_are_found_through_buffers() {
    let rig = Rig::new();
    let (holder, sack) = (rig.node(1, 3), Node::sack(rig.heap(), 2, 10));
    let (direct, inside) = (rig.node(3, 1), rig.node(4, 0));
    holder.set(0, Some(sack));
    holder.set(2, Some(direct));
    direct.set(0, Some(inside));
    // SAFETY: the buffer has ten words.
    unsafe { sack.buffer().add(9).write(inside.bits()) };
    let referents = |node: Node| {
        let mut ids = Vec::new();
        crate::each_referent(rig.thread(), node.0, |cell| ids.push(Node(cell).id()));
        ids.sort_unstable();
        ids
    };
    assert_eq!(referents(holder), [2, 3]);
    assert_eq!(referents(sack), [4]);
    assert_eq!(referents(inside), []);
}

#[test]
fn temporaries_can_be_given_back() {
    let rig = Rig::new();
    let heap = rig.heap();
    for bytes in [1, 24, 400, 8000] {
        let first = heap.alloc(Space::Raw, bytes);
        for _ in 0..10_000 {
            let next = heap.alloc(Space::Raw, bytes);
            // SAFETY: the cell has `bytes` bytes and is not used after free.
            unsafe {
                assert_eq!(next.read(), 0);
                next.write(1);
                heap.free(Space::Raw, next, bytes);
            }
        }
        // At most a block's worth of other addresses: the same cell was given each time.
        let last = heap.alloc(Space::Raw, bytes);
        assert!(last.as_ptr().addr().abs_diff(first.as_ptr().addr()) <= 16 << 10, "{bytes}");
    }
    let before = crate::stats();
    let mut last = heap.alloc(Space::Bytes, 100_000);
    for bytes in (100_000..40_000_000).step_by(100_000) {
        let next = heap.alloc(Space::Bytes, bytes + 100_000);
        // SAFETY: `last` is not used again.
        unsafe { heap.free(Space::Bytes, last, bytes) };
        last = next;
    }
    let after = crate::stats();
    assert_eq!(after.collections, before.collections);
    assert!(after.heap_bytes < before.heap_bytes + (100 << 20), "{before:?} {after:?}");
}

#[test]
fn giving_back_does_not_reach_into_other_blocks() {
    let rig = Rig::new();
    let heap = rig.heap();
    // Fill several blocks, then give everything back from the end.
    let cells: Vec<_> = (0..5000).map(|_| heap.alloc(Space::Bytes, 32)).collect();
    for &cell in cells.iter().rev() {
        // SAFETY: the cells are not used again.
        unsafe { heap.free(Space::Bytes, cell, 32) };
    }
    let again: std::collections::HashSet<_> = (0..5000).map(|_| heap.alloc(Space::Bytes, 32)).collect();
    assert_eq!(again.len(), 5000);
    rig.collect();
}
