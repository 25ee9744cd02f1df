//! What the collector asks the operating system: limits of memory, bounds of the calling thread's stack.
//!
//! Invariant: every question has an answer; what the system does not say is read as "unlimited".

use std::mem::MaybeUninit;
use std::ops::Range;

/// Bytes of address space the process may map (`ulimit -v`).
pub(crate) fn address_space_limit() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit fills the record it is given.
    let status = unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut limit) };
    if status != 0 || limit.rlim_cur == libc::RLIM_INFINITY { usize::MAX } else { limit.rlim_cur as usize }
}

/// Bytes of memory and swap of the machine, or fewer where the control group says so.
pub(crate) fn memory_limit() -> usize {
    let machine = machine_memory();
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let group = group.and_then(|text| text.trim().parse().ok()).unwrap_or(usize::MAX);
    machine.min(group)
}

fn machine_memory() -> usize {
    let mut info = MaybeUninit::<libc::sysinfo>::zeroed();
    // SAFETY: sysinfo fills the record it is given; all-zero bytes are a valid one.
    let info = unsafe {
        if libc::sysinfo(info.as_mut_ptr()) != 0 {
            return usize::MAX;
        }
        info.assume_init()
    };
    let units = (info.totalram as usize).saturating_add(info.totalswap as usize);
    units.saturating_mul(info.mem_unit as usize)
}

/// The calling thread's native stack as the thread library knows it.
pub(crate) fn stack_bounds() -> Range<usize> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::zeroed();
    let mut low = std::ptr::null_mut();
    let mut bytes = 0;
    // SAFETY: pthread_getattr_np initialises the record, which is read and destroyed afterwards.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return 0..0;
        }
        libc::pthread_attr_getstack(attributes.as_ptr(), &mut low, &mut bytes);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
    }
    low as usize..low as usize + bytes
}
