//! The `taipan` command on an allocator that the collector's auditor can look into (`TAIPAN_AUDIT=1`).
//! Invariant: nothing else is different.

#[path = "main.rs"]
mod taipan;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: taipan_gc::AuditAlloc = taipan_gc::AuditAlloc;

fn main() -> ExitCode {
    taipan::main()
}
