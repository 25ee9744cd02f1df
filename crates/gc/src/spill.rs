//! Puts the registers a caller may keep references in where the conservative scan finds them.
//!
//! Invariant: every register that a called function must preserve is stored above the published stack pointer.

use std::arch::asm;

#[cfg(target_arch = "x86_64")]
const REGISTERS: usize = 6;
#[cfg(target_arch = "aarch64")]
const REGISTERS: usize = 19;

/// Stores the callee-saved registers on the stack and runs `f` with the stack pointer below them.
#[inline(never)]
pub(crate) fn spilled<R>(f: impl FnOnce(usize) -> R) -> R {
    let mut registers = [0usize; REGISTERS];
    let sp: usize;
    // SAFETY: the assembly stores registers into the array it is given and reads the stack pointer; it changes neither.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!(
            "mov [{r}], rbx", "mov [{r} + 8], rbp", "mov [{r} + 16], r12",
            "mov [{r} + 24], r13", "mov [{r} + 32], r14", "mov [{r} + 40], r15",
            "mov {sp}, rsp",
            r = in(reg) registers.as_mut_ptr(), sp = lateout(reg) sp,
            options(nostack, preserves_flags),
        );
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!(
            "stp x19, x20, [{r}]", "stp x21, x22, [{r}, 16]", "stp x23, x24, [{r}, 32]",
            "stp x25, x26, [{r}, 48]", "stp x27, x28, [{r}, 64]", "str x29, [{r}, 80]",
            "stp d8, d9, [{r}, 88]", "stp d10, d11, [{r}, 104]", "stp d12, d13, [{r}, 120]",
            "stp d14, d15, [{r}, 136]",
            "mov {sp}, sp",
            r = in(reg) registers.as_mut_ptr(), sp = out(reg) sp,
            options(nostack, preserves_flags),
        );
    }
    let result = f(sp);
    // The array must outlive f, and the call must not become a tail call.
    std::hint::black_box(&mut registers);
    result
}

/// Overwrites a stretch below the current frame, where finished calls have left references.
#[inline(never)]
pub(crate) fn scrub_below() {
    let mut stretch = [0u64; 2048];
    std::hint::black_box(&mut stretch);
}
