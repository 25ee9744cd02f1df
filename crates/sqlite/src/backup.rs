//! `Connection.backup`. CPython: `pysqlite_connection_backup_impl` in `Modules/_sqlite/connection.c`.
//!
//! Invariant: both databases are held from the first page to the last; the one at the lower address is taken first, so that
//! two backups in opposite directions do not wait for each other.

use std::ffi::CStr;
use std::time::Duration;

use taipan_runtime::prelude::*;

use crate::connection::Connection;
use crate::exceptions;
use crate::sys::{Backup, Entry, code};

pub(crate) fn run(
    source: Gc<Connection>,
    cx: &mut Context,
    target: Gc<Connection>,
    pages: i32,
    progress: Value,
    name: &CStr,
    sleep: f64,
) -> Result<()> {
    source.check_thread(cx)?;
    let from = source.check_open(cx)?;
    let to = target.check_open(cx)?;
    if source == target {
        return Err(cx.value_error("target cannot be the same connection instance"));
    }
    if !progress.is_none() && !cx.is_callable(progress) {
        return Err(cx.type_error("progress argument must be a callable"));
    }
    let pages = if pages == 0 { -1 } else { pages };
    let plan = Plan { pages, progress: progress.not_none(), name, sleep };
    if from.is_before(&to) {
        Connection::enter(source, cx, |cx, from| {
            Connection::enter(target, cx, |cx, to| plan.copy(cx, from, to))
        })
    } else {
        Connection::enter(target, cx, |cx, to| {
            Connection::enter(source, cx, |cx, from| plan.copy(cx, from, to))
        })
    }
}

struct Plan<'a> {
    pages: i32,
    progress: Option<Value>,
    name: &'a CStr,
    /// Seconds to wait when a database is locked.
    sleep: f64,
}

impl Plan<'_> {
    fn copy(&self, cx: &mut Context, from: &Entry<'_>, to: &Entry<'_>) -> Result<()> {
        let Some(backup) = Backup::begin(from, to, self.name) else {
            return exceptions::check_last(cx, to);
        };
        loop {
            let result = from.native(cx, |native| backup.step(native, self.pages));
            if let Some(progress) = self.progress {
                let numbers = [result, backup.remaining(), backup.page_count()];
                cx.call(progress, &numbers.map(|number| Value::int(number.into())))?;
            }
            match result {
                code::OK => {}
                code::BUSY | code::LOCKED => {
                    let pause = Duration::try_from_secs_f64(self.sleep).unwrap_or_default();
                    cx.blocking(|| std::thread::sleep(pause));
                }
                _ => break,
            }
            cx.poll()?;
        }
        match backup.finish() {
            code::OK => Ok(()),
            _ => exceptions::check_last(cx, to),
        }
    }
}
