//! `termios`: terminals. CPython: `Modules/termios.c`.
//!
//! Invariant: in canonical mode all control characters are bytes of length one; otherwise VMIN and VTIME are ints.

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::exception_class::ExceptionClass;
use crate::posix::descriptor;
use crate::sys;
use crate::sys::numbers;
use crate::sys::poll as system;

pub struct Termios;

static ERROR: ExceptionClass = ExceptionClass::new("termios", "error", exception::exception);

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as u32 as i64)),*];
    };
}
/// What the C library crate does not name.
const MORE: &[(&str, i64)] = &[
    ("CDSUSP", 25),
    ("CEOF", 4),
    ("CEOL", 0),
    ("CEOT", 4),
    ("CERASE", 127),
    ("CFLUSH", 15),
    ("CINTR", 3),
    ("CKILL", 21),
    ("CLNEXT", 22),
    ("CQUIT", 28),
    ("CRPRNT", 18),
    ("CSTART", 17),
    ("CSTOP", 19),
    ("CSUSP", 26),
    ("CWERASE", 23),
    ("IOCSIZE_MASK", 1073676288),
    ("IOCSIZE_SHIFT", 16),
    ("N_MOUSE", 2),
    ("N_PPP", 3),
    ("N_SLIP", 1),
    ("N_STRIP", 4),
    ("N_TTY", 0),
    ("TIOCPKT_DATA", 0),
    ("TIOCPKT_DOSTOP", 32),
    ("TIOCPKT_FLUSHREAD", 1),
    ("TIOCPKT_FLUSHWRITE", 2),
    ("TIOCPKT_NOSTOP", 16),
    ("TIOCPKT_START", 8),
    ("TIOCPKT_STOP", 4),
    ("TIOCSER_TEMT", 1),
    ("VSWTCH", 7),
];

numbers! {
    B0 B1000000 B110 B115200 B1152000 B1200 B134 B150 B1500000 B1800 B19200 B200 B2000000 B230400 B2400
    B2500000 B300 B3000000 B3500000 B38400 B4000000 B460800 B4800 B50 B500000 B57600 B576000 B600     B75 B921600 B9600 BRKINT BS0 BS1 BSDLY CBAUD CBAUDEX CIBAUD
    CLOCAL CR0 CR1 CR2 CR3 CRDLY CREAD CRTSCTS CS5 CS6 CS7 CS8 CSIZE     CSTOPB ECHO ECHOCTL ECHOE ECHOK ECHOKE ECHONL ECHOPRT EXTA EXTB EXTPROC FF0 FF1 FFDLY
    FIOASYNC FIOCLEX FIONBIO FIONCLEX FIONREAD FLUSHO HUPCL IBSHIFT ICANON ICRNL IEXTEN IGNBRK IGNCR IGNPAR
    IMAXBEL INLCR INPCK ISIG ISTRIP IUCLC IUTF8 IXANY IXOFF IXON NCCS NL0 NL1 NLDLY
    NOFLSH OCRNL OFDEL OFILL OLCUC ONLCR ONLRET ONOCR OPOST PARENB PARMRK
    PARODD PENDIN TAB0 TAB1 TAB2 TAB3 TABDLY TCFLSH TCGETS TCIFLUSH TCIOFF TCIOFLUSH TCION TCOFLUSH TCOOFF
    TCOON TCSADRAIN TCSAFLUSH TCSANOW TCSBRK TCSBRKP TCSETS TCSETSF TCSETSW TCXONC TIOCCONS TIOCEXCL TIOCGETD
    TIOCGICOUNT TIOCGLCKTRMIOS TIOCGPGRP TIOCGSERIAL TIOCGSOFTCAR TIOCGWINSZ TIOCINQ TIOCLINUX TIOCMBIC
    TIOCMBIS TIOCMGET TIOCMIWAIT TIOCMSET TIOCM_CAR TIOCM_CD TIOCM_CTS TIOCM_DSR TIOCM_DTR TIOCM_LE TIOCM_RI
    TIOCM_RNG TIOCM_RTS TIOCM_SR TIOCM_ST TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCPKT     TIOCSCTTY TIOCSERCONFIG
    TIOCSERGETLSR TIOCSERGETMULTI TIOCSERGSTRUCT TIOCSERGWILD TIOCSERSETMULTI TIOCSERSWILD     TIOCSETD TIOCSLCKTRMIOS TIOCSPGRP TIOCSSERIAL TIOCSSOFTCAR TIOCSTI TIOCSWINSZ TOSTOP VDISCARD VEOF VEOL
    VEOL2 VERASE VINTR VKILL VLNEXT VMIN VQUIT VREPRINT VSTART VSTOP VSUSP VSWTC VT0 VT1 VTDLY VTIME
    VWERASE XCASE XTABS _POSIX_VDISABLE
}

fn call<T>(cx: &mut Context, f: impl FnMut() -> std::io::Result<T>) -> Result<T> {
    match cx.blocking(f) {
        Ok(value) => Ok(value),
        Err(error) => Err(ERROR.raise_errno(cx, &error)),
    }
}

/// Control characters as Python sees them.
fn characters(cx: &Context, attributes: &system::Attributes) -> Value {
    let canonical = attributes.modes[3] & libc::ICANON != 0;
    let items: GVec<Value> = attributes
        .characters
        .iter()
        .enumerate()
        .map(|(index, character)| match index {
            libc::VMIN | libc::VTIME if !canonical => Value::int((*character).into()),
            _ => cx.new_bytes(&[*character]).value(),
        })
        .collect();
    cx.new_list(&items).value()
}

/// The seven items of `tcsetattr`.
fn attributes_arg(cx: &mut Context, value: Value, current: &mut system::Attributes) -> Result<()> {
    let items = value.downcast::<List>().map(|list| list.snapshot(cx)).filter(|items| items.len() == 7);
    let Some(items) = items else {
        return Err(cx.type_error("tcsetattr, arg 3: must be 7 element list"));
    };
    for (mode, item) in current.modes.iter_mut().zip(items.iter()) {
        *mode = cx.index_i128(*item)? as u32;
    }
    for (speed, item) in current.speeds.iter_mut().zip(items.iter().skip(4)) {
        *speed = cx.index_i128(*item)? as u32;
    }
    let characters = items[6].downcast::<List>().map(|list| list.snapshot(cx));
    let Some(characters) = characters.filter(|characters| characters.len() == libc::NCCS) else {
        return Err(cx.type_error(format!("tcsetattr: attributes[6] must be {} element list", libc::NCCS)));
    };
    for (known, item) in current.characters.iter_mut().zip(characters.iter()) {
        *known = match item.downcast::<Bytes>() {
            Some(bytes) if bytes.as_slice().len() == 1 => bytes.as_slice()[0],
            None if cx.is_int(*item) => cx.index_i128(*item)? as u8,
            _ => {
                return Err(cx.type_error("tcsetattr: elements of attributes must be characters or integers"));
            }
        };
    }
    Ok(())
}

/// This module provides an interface to the Posix calls for tty I/O control.
///
/// For a complete description of these calls, see the Posix or Unix manual
/// pages. It is only available for those Unix versions that support Posix
/// *termios* style tty I/O control (and then only if configured at
/// installation time).
///
/// All functions in this module take a file descriptor fd as their first
/// argument. This can be an integer file descriptor, such as returned by
/// sys.stdin.fileno(), or a file object, such as sys.stdin itself.
#[module("termios")]
impl Termios {
    /// Get the tty attributes for file descriptor fd.
    #[function("(fd, /)")]
    fn tcgetattr(cx: &mut Context, fd: Value) -> Result {
        let fd = descriptor(cx, fd)?;
        let attributes = call(cx, || system::tcgetattr(fd))?;
        let mut items: GVec<Value> = attributes
            .modes
            .iter()
            .chain(&attributes.speeds)
            .map(|number| Value::int((*number).into()))
            .collect();
        items.push(characters(cx, &attributes));
        Ok(cx.new_list(&items).value())
    }

    /// Set the tty attributes for file descriptor fd.
    #[function("(fd, when, attributes, /)")]
    fn tcsetattr(cx: &mut Context, fd: Value, when: i32, attributes: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        if attributes.downcast::<List>().is_none_or(|list| list.len() != 7) {
            return Err(cx.type_error("tcsetattr, arg 3: must be 7 element list"));
        }
        let mut current = call(cx, || system::tcgetattr(fd))?;
        attributes_arg(cx, attributes, &mut current)?;
        call(cx, || system::tcsetattr(fd, when, &current))
    }

    /// Send a break on file descriptor fd.
    #[function("(fd, duration, /)")]
    fn tcsendbreak(cx: &mut Context, fd: Value, duration: i32) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, || numbers::tcsendbreak(fd, duration)).map(drop)
    }

    /// Wait until all output written to file descriptor fd has been transmitted.
    #[function("(fd, /)")]
    fn tcdrain(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, || numbers::tcdrain(fd)).map(drop)
    }

    /// Discard queued data on file descriptor fd.
    #[function("(fd, queue, /)")]
    fn tcflush(cx: &mut Context, fd: Value, queue: i32) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, || numbers::tcflush(fd, queue)).map(drop)
    }

    /// Suspend or resume input or output on file descriptor fd.
    #[function("(fd, action, /)")]
    fn tcflow(cx: &mut Context, fd: Value, action: i32) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, || numbers::tcflow(fd, action)).map(drop)
    }

    /// Get the tty winsize for file descriptor fd, as (rows, columns).
    #[function("(fd, /)")]
    fn tcgetwinsize(cx: &mut Context, fd: Value) -> Result<(u16, u16)> {
        let fd = descriptor(cx, fd)?;
        let (columns, rows) = call(cx, || sys::window_size(fd))?;
        Ok((rows, columns))
    }

    /// Set the tty winsize for file descriptor fd, as (rows, columns).
    #[function("(fd, winsize, /)")]
    fn tcsetwinsize(cx: &mut Context, fd: Value, winsize: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        if !cx.is_sequence(winsize) || cx.len(winsize)? != 2 {
            return Err(cx.type_error("tcsetwinsize, arg 2: must be a two-item sequence"));
        }
        let pair = cx.collect(winsize)?;
        let (rows, columns) = (cx.index_i128(pair[0])?, cx.index_i128(pair[1])?);
        let (Ok(rows), Ok(columns)) = (u16::try_from(rows), u16::try_from(columns)) else {
            return Err(cx.overflow_error("winsize value(s) out of range."));
        };
        call(cx, || system::set_window_size(fd, rows, columns))
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        for (name, number) in NUMBERS.iter().chain(MORE) {
            module.dict().set_str(cx, cx.intern(name), Value::int(*number));
        }
        ERROR.add(cx, module, "error")
    }
}
