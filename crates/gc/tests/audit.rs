//! The auditor, in a process of its own because it is the global allocator.
#![allow(unsafe_code)]

use taipan_gc::dummy::{self, DUMMY, Node};
use taipan_gc::{Audit, AuditAlloc, Space, VmStack};

#[global_allocator]
static ALLOCATOR: AuditAlloc = AuditAlloc;

#[inline(never)]
fn hide(heap: &taipan_gc::LocalHeap, count: u64) -> Vec<u64> {
    let mut room = [0u64; 256];
    std::hint::black_box(&mut room);
    (0..count).map(|id| Node::new(heap, Space::Scan, id, 2).bits()).collect()
}

#[test]
fn references_in_malloc_memory_are_found() {
    dummy::init();
    taipan_gc::set_audit(Audit::Report);
    let attached = taipan_gc::attach(VmStack::reserve(1 << 16).unwrap());
    let (thread, heap) = (attached.thread(), attached.heap());
    let collect = || taipan_gc::collect(thread, heap);

    // A vector on the stack does not keep its elements alive.
    let hidden = hide(heap, 100);
    collect();
    let found = taipan_gc::audit_findings();
    assert!(found >= 95, "{found} of 100");
    drop(hidden);

    // Rooted elements live, and naming a live cell is fine.
    *DUMMY.roots.lock().unwrap() = hide(heap, 100);
    collect();
    assert_eq!(taipan_gc::audit_findings(), found);

    // A vector that its owner in the heap answers for is fine even when both die.
    let owned = hide(heap, 100);
    let sack = Node::sack(heap, 1, 4);
    // SAFETY: the sack's buffer has four words.
    unsafe { sack.buffer().write(owned.as_ptr() as u64) };
    collect();
    assert_eq!(taipan_gc::audit_findings(), found);
    std::hint::black_box(&sack);
    drop(owned);

    // So is one whose owner has said so.
    let exempt = hide(heap, 100);
    taipan_gc::audit_ignore(exempt.as_ptr().cast());
    collect();
    assert_eq!(taipan_gc::audit_findings(), found);
    drop(exempt);

    taipan_gc::set_audit(Audit::Panic);
    let hidden = hide(heap, 10);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(collect));
    assert!(panicked.is_err());
    taipan_gc::set_audit(Audit::Off);
    drop(hidden);
    collect();
}
