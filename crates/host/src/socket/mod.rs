//! `_socket`. CPython: `Modules/socketmodule.c`.
//!
//! Invariant: calls that may wait run in state NATIVE; signal handlers run while they wait (PEP 475).

mod address;
mod constants;
mod message;
mod names;
mod object;
pub mod transport;

use std::sync::atomic::Ordering;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::module::run_def;

use crate::posix::call;
use crate::sys;

pub use object::Socket;

pub struct SocketModule;

/// Implementation module for socket operations.
///
/// See the socket module for documentation.
#[module("_socket", classes(Socket))]
impl SocketModule {
    #[constant(name = "has_ipv6")]
    const HAS_IPV6: bool = true;

    /// Create a pair of connected sockets' descriptors as socket objects.
    #[function("(family=1, type=1, proto=0, /)")]
    fn socketpair(cx: &mut Context, family: i32, type_: i32, proto: i32) -> Result<(Value, Value)> {
        let kind = type_ | libc::SOCK_CLOEXEC;
        let (first, second) = call(cx, None, || sys::socket::socketpair(family, kind, proto))?;
        let mut made = |fd: i32| Socket::of(cx, fd, family, type_, proto).map(Gc::value);
        Ok((made(first)?, made(second)?))
    }

    /// Close an integer socket file descriptor.
    #[function("(object, /)")]
    fn close(cx: &mut Context, object: Value) -> Result<()> {
        let fd = i32::from_arg(cx, object, "fd")?;
        match cx.blocking(|| sys::close(fd)) {
            Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => Err(cx.io_error(&error, None)),
            _ => Ok(()),
        }
    }

    /// Duplicate an integer socket file descriptor.
    #[function("(object, /)")]
    fn dup(cx: &mut Context, object: Value) -> Result<i32> {
        let fd = i32::from_arg(cx, object, "fd")?;
        call(cx, None, || sys::dup(fd))
    }

    /// Returns the default timeout in seconds (float) for new socket objects.
    #[function("()")]
    fn getdefaulttimeout(cx: &mut Context) -> Value {
        object::timeout_value(cx, object::DEFAULT_TIMEOUT.load(Ordering::Relaxed))
    }

    /// Set the default timeout in seconds (float) for new socket objects.
    #[function("(object, /)")]
    fn setdefaulttimeout(cx: &mut Context, object: Value) -> Result<()> {
        object::default_timeout(cx, object)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        run_def(module, cx, names::Names::DEF)?;
        constants::add(cx, module);
        names::GAIERROR.add(cx, module, "gaierror")?;
        names::HERROR.add(cx, module, "herror")?;
        let rows = [
            ("error", exception::os_error().get().value()),
            ("timeout", exception::timeout_error().get().value()),
            ("SocketType", Socket::class_cell().get().value()),
        ];
        for (name, value) in rows {
            module.dict().set_str(cx, cx.intern(name), value);
        }
        Ok(())
    }
}
