//! `_uuid`: UUIDs of the time and the machine (version 1). CPython: `Modules/_uuidmodule.c`, which asks libuuid.
//!
//! Invariant: a process never gives the same UUID twice, and a forked child begins with another clock sequence. Processes are
//! not kept apart by more than that, which the second part of the result says: -1.

use std::sync::{Mutex, OnceLock, PoisonError};

use taipan_runtime::prelude::*;

use crate::sys;
use crate::sys::socket::interfaces;

pub struct Uuid;

/// Steps of 100 ns from the first day of the Gregorian calendar to 1970.
const GREGORIAN: u64 = 0x01b2_1dd2_1381_4000;

struct Clock {
    process: i64,
    last: u64,
    sequence: u16,
}

static CLOCK: Mutex<Clock> = Mutex::new(Clock { process: 0, last: 0, sequence: 0 });

/// The hardware address of the first interface that has one, else a random number that is none.
fn node() -> [u8; 6] {
    static NODE: OnceLock<[u8; 6]> = OnceLock::new();
    *NODE.get_or_init(|| {
        let known = interfaces().unwrap_or_default();
        let address = known.iter().find_map(|(_, name)| hardware_address(&String::from_utf8_lossy(name)));
        address.unwrap_or_else(|| {
            let mut random = [0; 6];
            let _ = sys::random_bytes(&mut random);
            // The bit of groups, which no interface has.
            random[0] |= 1;
            random
        })
    })
}

fn hardware_address(name: &str) -> Option<[u8; 6]> {
    let text = std::fs::read_to_string(format!("/sys/class/net/{name}/address")).ok()?;
    let mut out = [0; 6];
    let mut parts = text.trim().split(':');
    for byte in &mut out {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    (parts.next().is_none() && out != [0; 6]).then_some(out)
}

/// A timestamp that was not given before, and the clock sequence.
fn stamp() -> std::io::Result<(u64, u16)> {
    let now = (sys::clock(libc::CLOCK_REALTIME)? / 100) as u64;
    let now = now.wrapping_add(GREGORIAN);
    let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    if clock.process != sys::getpid() {
        let mut random = [0; 2];
        sys::random_bytes(&mut random)?;
        *clock = Clock { process: sys::getpid(), last: 0, sequence: u16::from_ne_bytes(random) & 0x3fff };
    }
    if now + 10_000_000 < clock.last {
        // The clock was set back.
        clock.sequence = (clock.sequence + 1) & 0x3fff;
        clock.last = 0;
    }
    clock.last = now.max(clock.last + 1);
    Ok((clock.last, clock.sequence))
}

#[module("_uuid")]
impl Uuid {
    #[constant(name = "has_uuid_generate_time_safe")]
    const HAS_TIME_SAFE: i64 = 1;
    #[constant(name = "has_stable_extractable_node")]
    const HAS_STABLE_NODE: i64 = 0;

    #[function("()")]
    fn generate_time_safe(cx: &mut Context) -> Result<(Vec<u8>, i64)> {
        let (time, sequence) = stamp().map_err(|error| cx.io_error(&error, None))?;
        let mut bytes = Vec::with_capacity(16);
        bytes.extend_from_slice(&(time as u32).to_be_bytes());
        bytes.extend_from_slice(&((time >> 32) as u16).to_be_bytes());
        bytes.extend_from_slice(&((time >> 48) as u16 & 0x0fff | 0x1000).to_be_bytes());
        bytes.extend_from_slice(&(sequence | 0x8000).to_be_bytes());
        bytes.extend_from_slice(&node());
        Ok((bytes, -1))
    }
}
