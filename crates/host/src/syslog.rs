//! `syslog`. CPython: `Modules/syslogmodule.c`.
//!
//! Invariant: the log is open from the first message on, under the program's name unless `openlog` gave another.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;

use crate::posix::spawn::argument;
use crate::sys::poll as system;

pub struct Syslog;

static OPEN: AtomicBool = AtomicBool::new(false);

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*];
    };
}
numbers! {
    LOG_ALERT LOG_AUTH LOG_AUTHPRIV LOG_CONS LOG_CRIT LOG_CRON LOG_DAEMON LOG_DEBUG LOG_EMERG LOG_ERR LOG_FTP LOG_INFO
    LOG_KERN LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2 LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_LPR LOG_MAIL
    LOG_NDELAY LOG_NEWS LOG_NOTICE LOG_NOWAIT LOG_ODELAY LOG_PERROR LOG_PID LOG_SYSLOG LOG_USER LOG_UUCP LOG_WARNING
}

/// The program's name: the last part of `sys.argv[0]`.
fn program_name(cx: &mut Context) -> Option<CString> {
    let argv = cx.sys_attr("argv")?.downcast::<List>()?;
    let first = argv.get(0)?.downcast::<Str>()?;
    let text = first.to_str().into_owned();
    let name = text.rsplit('/').next().filter(|name| !name.is_empty())?;
    CString::new(name).ok()
}

fn open(cx: &mut Context, ident: Option<CString>, option: i32, facility: i32) -> Result<()> {
    let ident = ident.or_else(|| program_name(cx));
    cx.audit("syslog.openlog", |cx| {
        let ident = ident.as_ref().map(|ident| crate::path::decode(cx, ident.to_bytes()).value());
        [ident.unwrap_or(Value::NONE), Value::int(option.into()), Value::int(facility.into())]
    })?;
    // The C library keeps the address.
    let ident: Option<&'static CStr> = ident.map(|ident| &*Box::leak(ident.into_boxed_c_str()));
    system::openlog(ident, option, facility);
    OPEN.store(true, Ordering::Release);
    Ok(())
}

#[module("syslog")]
impl Syslog {
    /// Set logging options of subsequent syslog() calls.
    #[function("(ident=<absent>, logoption=0, facility=8)")]
    fn openlog(cx: &mut Context, ident: Option<Value>, logoption: i64, facility: i64) -> Result<()> {
        let ident = match ident {
            Some(ident) => {
                if ident.downcast::<Str>().is_none() {
                    let got = cx.argument_type_name(ident);
                    return Err(cx.type_error(format!("openlog() argument 'ident' must be str, not {got}")));
                }
                Some(argument(cx, ident)?)
            }
            None => None,
        };
        open(cx, ident, logoption as i32, facility as i32)
    }

    /// Send the string message to the system logger.
    #[function("(*args)")]
    fn syslog(cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        let (priority, message) = match *args.items() {
            [message] => (libc::LOG_INFO, message),
            [priority, message] => (i32::from_arg(cx, priority, "priority")?, message),
            _ => return Err(cx.type_error("syslog.syslog requires 1 to 2 arguments")),
        };
        if message.downcast::<Str>().is_none() {
            let (position, got) = (args.items().len(), cx.argument_type_name(message));
            return Err(cx.type_error(format!("syslog() argument {position} must be str, not {got}")));
        }
        cx.audit("syslog.syslog", |_| [Value::int(priority.into()), message])?;
        let message = argument(cx, message)?;
        if !OPEN.load(Ordering::Acquire) {
            open(cx, None, 0, libc::LOG_USER)?;
        }
        cx.blocking(|| system::syslog(priority, &message));
        Ok(())
    }

    /// Reset the syslog module values and call the system library closelog().
    #[function("()")]
    fn closelog(cx: &mut Context) -> Result<()> {
        cx.audit("syslog.closelog", |_| [])?;
        if OPEN.swap(false, Ordering::AcqRel) {
            system::closelog();
        }
        Ok(())
    }

    /// Set the priority mask to maskpri and return the previous mask value.
    #[function("(maskpri, /)")]
    fn setlogmask(cx: &mut Context, maskpri: i64) -> Result<i32> {
        cx.audit("syslog.setlogmask", |cx| [cx.new_int(maskpri)])?;
        Ok(system::setlogmask(maskpri as i32))
    }

    /// Calculates the mask for the individual priority pri.
    #[function("(pri, /)")]
    fn LOG_MASK(pri: i64) -> i64 {
        1 << (pri & 31)
    }

    /// Calculates the mask for all priorities up to and including pri.
    #[function("(pri, /)")]
    fn LOG_UPTO(pri: i64) -> i64 {
        (1 << ((pri & 31) + 1)) - 1
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        for (name, number) in NUMBERS {
            module.dict().set_str(cx, cx.intern(name), Value::int(i64::from(*number)));
        }
        Ok(())
    }
}
