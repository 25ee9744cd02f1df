//! `_socket.socket`. CPython: `sock_*` in `Modules/socketmodule.c`.
//!
//! Invariant: `fd` is -1 once closed. The descriptor blocks if and only if there is no timeout; with a timeout a call
//! waits for readiness first and is made again when it was not ready after all.

use std::io;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::socket::address::{parse, to_value};
use crate::socket::message;
use crate::sys;
use crate::sys::socket::{self as system, Address};
use crate::sys::{numbers, poll};
use crate::time::nanoseconds;
use crate::wait::{DESCRIPTOR_WEIGHT, now, retry};

/// The body of `socket`.
#[derive(Trace)]
pub struct Socket {
    fd: AtomicI32,
    family: AtomicI32,
    kind: AtomicI32,
    protocol: AtomicI32,
    /// Nanoseconds; -1 blocks.
    timeout: AtomicI64,
}

/// `setdefaulttimeout`.
pub(super) static DEFAULT_TIMEOUT: AtomicI64 = AtomicI64::new(-1);

/// What a call waits for.
#[derive(Clone, Copy)]
pub(super) enum For {
    Reading,
    Writing,
}

/// A timeout as nanoseconds, -1 for None.
pub(super) fn timeout_number(cx: &mut Context, timeout: Value) -> Result<i64> {
    match timeout.not_none() {
        None => Ok(-1),
        Some(timeout) => match nanoseconds(cx, timeout, true)? {
            nanos if nanos < 0 => Err(cx.value_error("Timeout value out of range")),
            nanos if nanos / 1_000_000 > i32::MAX.into() => {
                Err(cx.overflow_error("timeout doesn't fit into C timeval"))
            }
            nanos => Ok(nanos as i64),
        },
    }
}

pub(super) fn timeout_value(cx: &Context, nanos: i64) -> Value {
    if nanos < 0 { Value::NONE } else { cx.new_float(nanos as f64 / 1e9) }
}

fn timed_out(cx: &Context) -> Raised {
    cx.raise_message(exception::timeout_error, "timed out")
}

impl Socket {
    fn blank() -> Socket {
        Socket {
            fd: AtomicI32::new(-1),
            family: AtomicI32::new(0),
            kind: AtomicI32::new(0),
            protocol: AtomicI32::new(0),
            timeout: AtomicI64::new(-1),
        }
    }

    /// The object of a descriptor that was just made.
    pub(super) fn of(cx: &mut Context, fd: i32, family: i32, kind: i32, protocol: i32) -> Result<Gc<Socket>> {
        let this = cx.new_object(Socket::blank());
        this.set_up(cx, fd, family, kind, protocol)?;
        Ok(this)
    }

    pub(super) fn fd(&self) -> i32 {
        self.fd.load(Ordering::Acquire)
    }

    pub(super) fn timeout_number(&self) -> i64 {
        self.timeout.load(Ordering::Relaxed)
    }

    fn family_number(&self) -> i32 {
        self.family.load(Ordering::Relaxed)
    }

    /// The moment at which a call that starts now times out.
    fn deadline(&self) -> Option<i128> {
        let timeout = self.timeout.load(Ordering::Relaxed);
        (timeout > 0).then(|| now() + i128::from(timeout))
    }

    /// Makes a call that may have to wait; `deadline` is from `deadline()`.
    fn call_until<T>(
        &self,
        cx: &mut Context,
        wait: For,
        deadline: Option<i128>,
        mut f: impl FnMut(i32) -> io::Result<T>,
    ) -> Result<io::Result<T>> {
        loop {
            if let Some(deadline) = deadline
                && !self.wait_ready(cx, wait, deadline)?
            {
                return Err(timed_out(cx));
            }
            let fd = self.fd();
            match retry(cx, || f(fd))? {
                Err(error) if deadline.is_some() && error.raw_os_error() == Some(libc::EAGAIN) => {}
                result => return Ok(result),
            }
        }
    }

    /// Waits until the descriptor is ready. False when time ran out.
    fn wait_ready(&self, cx: &mut Context, wait: For, deadline: i128) -> Result<bool> {
        let events = match wait {
            For::Reading => libc::POLLIN,
            For::Writing => libc::POLLOUT,
        };
        let fd = self.fd();
        if fd < 0 {
            // The call itself tells.
            return Ok(true);
        }
        let ready = retry(cx, || {
            let left = deadline - now();
            if left < 0 { Ok(false) } else { poll::poll_one(fd, events, Some(left)) }
        })?;
        ready.map_err(|error| cx.io_error(&error, None))
    }

    /// A call with the socket's timeout, its error raised.
    pub(super) fn call<T>(
        &self,
        cx: &mut Context,
        wait: For,
        f: impl FnMut(i32) -> io::Result<T>,
    ) -> Result<T> {
        let deadline = self.deadline();
        match self.call_until(cx, wait, deadline, f)? {
            Ok(value) => Ok(value),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// An address for this socket.
    pub(super) fn parse(&self, cx: &mut Context, address: Value, function: &str) -> Result<Address> {
        parse(cx, self.family_number(), address, function)
    }

    fn set_timeout(&self, cx: &mut Context, nanos: i64) -> Result<()> {
        let fd = self.fd();
        sys::set_nonblocking(fd, nanos >= 0).map_err(|error| cx.io_error(&error, None))?;
        self.timeout.store(nanos, Ordering::Relaxed);
        Ok(())
    }

    /// Connects; the error is a number, or an exception that a handler raised.
    fn connect_to(&self, cx: &mut Context, address: &Address) -> Result<io::Result<()>> {
        let deadline = self.deadline();
        let timeout = self.timeout.load(Ordering::Relaxed);
        let fd = self.fd();
        let started = cx.blocking(|| system::connect(fd, address));
        let goes_on = match started.as_ref().map_err(io::Error::raw_os_error) {
            // An interrupted call goes on by itself.
            Err(Some(libc::EINTR)) => {
                cx.poll()?;
                timeout != 0
            }
            Err(Some(libc::EINPROGRESS)) => timeout > 0,
            _ => false,
        };
        if !goes_on {
            return Ok(started);
        }
        let ready = match deadline {
            Some(deadline) => self.wait_ready(cx, For::Writing, deadline)?,
            None => retry(cx, || poll::poll_one(fd, libc::POLLOUT, None))?.unwrap_or(true),
        };
        if !ready {
            return Ok(Err(io::Error::from_raw_os_error(libc::EWOULDBLOCK)));
        }
        match system::getsockopt_number(fd, libc::SOL_SOCKET, libc::SO_ERROR) {
            Ok(0 | libc::EISCONN) => Ok(Ok(())),
            Ok(code) => Ok(Err(io::Error::from_raw_os_error(code))),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Gives the descriptor up; -1 if there is none.
    fn release(&self, cx: &Context) -> i32 {
        let fd = self.fd.swap(-1, Ordering::AcqRel);
        if fd >= 0 {
            cx.heap().account_external(-DESCRIPTOR_WEIGHT);
        }
        fd
    }

    /// Closes the descriptor. A peer that has gone is no error.
    fn shut(&self, cx: &mut Context) -> Result<()> {
        let fd = self.release(cx);
        if fd < 0 {
            return Ok(());
        }
        match cx.blocking(|| sys::close(fd)) {
            Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => Err(cx.io_error(&error, None)),
            _ => Ok(()),
        }
    }

    /// Takes over a descriptor; unknown numbers are asked of the system.
    fn adopt(
        &self,
        cx: &mut Context,
        fd: i32,
        mut family: i32,
        mut kind: i32,
        mut protocol: i32,
    ) -> Result<()> {
        if fd < 0 {
            return Err(cx.value_error("negative file descriptor"));
        }
        let name = system::getsockname(fd);
        match &name {
            Ok(name) if family == -1 => family = name.family(),
            Ok(_) => {}
            Err(error)
                if family == -1 || matches!(error.raw_os_error(), Some(libc::EBADF | libc::ENOTSOCK)) =>
            {
                return Err(cx.io_error(error, None));
            }
            Err(_) => {}
        }
        let known = |option| system::getsockopt_number(fd, libc::SOL_SOCKET, option);
        if kind == -1 {
            kind = known(libc::SO_TYPE).map_err(|error| cx.io_error(&error, None))?;
        }
        if protocol == -1 {
            protocol = known(libc::SO_PROTOCOL).map_err(|error| cx.io_error(&error, None))?;
        }
        self.set_up(cx, fd, family, kind, protocol)
    }

    fn set_up(&self, cx: &mut Context, fd: i32, family: i32, kind: i32, protocol: i32) -> Result<()> {
        self.fd.store(fd, Ordering::Release);
        cx.heap().account_external(DESCRIPTOR_WEIGHT);
        self.family.store(family, Ordering::Relaxed);
        self.kind.store(kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC), Ordering::Relaxed);
        self.protocol.store(protocol, Ordering::Relaxed);
        let default = DEFAULT_TIMEOUT.load(Ordering::Relaxed);
        if kind & libc::SOCK_NONBLOCK != 0 {
            self.timeout.store(0, Ordering::Relaxed);
        } else if default >= 0 {
            self.set_timeout(cx, default)?;
        } else {
            self.timeout.store(-1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn describe(&self) -> String {
        let number = |field: &AtomicI32| field.load(Ordering::Relaxed);
        format!(
            "<socket object, fd={}, family={}, type={}, proto={}>",
            self.fd(),
            number(&self.family),
            number(&self.kind),
            number(&self.protocol)
        )
    }
}

/// A length that is not negative.
fn length_arg(cx: &mut Context, length: isize, function: &str) -> Result<usize> {
    usize::try_from(length).map_err(|_| cx.value_error(format!("negative buffersize in {function}")))
}

/// A private buffer for `recv_into` and its like, and the memory that it is for.
fn receiver(
    cx: &mut Context,
    buffer: Value,
    nbytes: isize,
    function: &str,
    too_small: &str,
) -> Result<(taipan_runtime::protocol::buffer::Buffer, Vec<u8>)> {
    let target = cx.writable_buffer(buffer, &format!("{function}() argument 1"))?;
    let wanted = length_arg(cx, nbytes, function)?;
    if wanted > target.len() {
        return Err(cx.value_error(too_small));
    }
    let length = if wanted == 0 { target.len() } else { wanted };
    Ok((target, cx.zeroed_bytes(length)?))
}

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
#[class(name = "socket", module = "_socket", flags = BASETYPE)]
impl Socket {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        let _ = args;
        Ok(cx.new_instance(class, Socket::blank()).value())
    }

    #[init("(family=-1, type=-1, proto=-1, fileno=None)")]
    fn init(
        this: Gc<Self>,
        cx: &mut Context,
        family: i32,
        type_: i32,
        proto: i32,
        fileno: Value,
    ) -> Result<()> {
        let numbers = [family, type_, proto].map(|number| Value::int(number.into()));
        cx.audit("socket.__new__", |_| [this.value(), numbers[0], numbers[1], numbers[2]])?;
        if let Some(fileno) = fileno.not_none() {
            let fd = i32::from_arg(cx, fileno, "fileno")?;
            return this.adopt(cx, fd, family, type_, proto);
        }
        let or = |number: i32, default: i32| if number == -1 { default } else { number };
        let (family, kind, protocol) =
            (or(family, libc::AF_INET), or(type_, libc::SOCK_STREAM), or(proto, 0));
        let made = retry(cx, || numbers::socket(family, kind | libc::SOCK_CLOEXEC, protocol))?;
        let fd = made.map_err(|error| cx.io_error(&error, None))?;
        this.set_up(cx, fd as i32, family, kind, protocol)
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        let Some(socket) = this.downcast::<Socket>() else { return Ok(()) };
        if socket.fd() < 0 {
            return Ok(());
        }
        let text = cx.repr(this)?;
        let warned = cx.warn_unclosed(this, &format!("unclosed {}", text.to_str()));
        socket.shut(cx)?;
        warned
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        cx.new_str(&self.describe()).value()
    }

    /// the socket family
    #[getter]
    fn family(&self) -> i32 {
        self.family_number()
    }

    /// the socket type
    #[getter(name = "type")]
    fn kind(&self) -> i32 {
        self.kind.load(Ordering::Relaxed)
    }

    /// the socket protocol
    #[getter]
    fn proto(&self) -> i32 {
        self.protocol.load(Ordering::Relaxed)
    }

    /// the socket timeout
    #[getter]
    fn timeout(&self, cx: &mut Context) -> Value {
        timeout_value(cx, self.timeout.load(Ordering::Relaxed))
    }

    /// Wait for an incoming connection.  Return a new socket's descriptor and the client's address.
    #[function("()")]
    fn _accept(&self, cx: &mut Context) -> Result<(i32, Value)> {
        let (fd, address) = self.call(cx, For::Reading, system::accept)?;
        Ok((fd, to_value(cx, &address)))
    }

    /// Bind the socket to a local address.
    #[function("(address, /)")]
    fn bind(this: Gc<Self>, cx: &mut Context, address: Value) -> Result<()> {
        let target = this.parse(cx, address, "bind")?;
        cx.audit("socket.bind", |_| [this.value(), address])?;
        let fd = this.fd();
        cx.blocking(|| system::bind(fd, &target)).map_err(|error| cx.io_error(&error, None))
    }

    /// Close the socket.  It cannot be used after this call.
    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        self.shut(cx)
    }

    /// Close the socket object without closing the underlying file descriptor.
    #[function("()")]
    fn detach(&self, cx: &Context) -> i32 {
        self.release(cx)
    }

    /// Connect the socket to a remote address.
    #[function("(address, /)")]
    fn connect(this: Gc<Self>, cx: &mut Context, address: Value) -> Result<()> {
        let target = this.parse(cx, address, "connect")?;
        cx.audit("socket.connect", |_| [this.value(), address])?;
        match this.connect_to(cx, &target)? {
            Ok(()) => Ok(()),
            Err(error)
                if error.raw_os_error() == Some(libc::EWOULDBLOCK)
                    && this.timeout.load(Ordering::Relaxed) > 0 =>
            {
                Err(timed_out(cx))
            }
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// This is like connect(address), but returns an error code instead of raising an exception when an error occurs.
    #[function("(address, /)")]
    fn connect_ex(this: Gc<Self>, cx: &mut Context, address: Value) -> Result<i32> {
        let target = this.parse(cx, address, "connect_ex")?;
        cx.audit("socket.connect", |_| [this.value(), address])?;
        match this.connect_to(cx, &target)? {
            Ok(()) => Ok(0),
            Err(error) => Ok(error.raw_os_error().unwrap_or(0)),
        }
    }

    /// Return the integer file descriptor of the socket.
    #[function("()")]
    fn fileno(&self) -> i32 {
        self.fd()
    }

    /// Return the address of the remote endpoint.
    #[function("()")]
    fn getpeername(&self, cx: &mut Context) -> Result {
        let fd = self.fd();
        let address = cx.blocking(|| system::getpeername(fd)).map_err(|error| cx.io_error(&error, None))?;
        Ok(to_value(cx, &address))
    }

    /// Return the address of the local endpoint.
    #[function("()")]
    fn getsockname(&self, cx: &mut Context) -> Result {
        let fd = self.fd();
        let address = cx.blocking(|| system::getsockname(fd)).map_err(|error| cx.io_error(&error, None))?;
        Ok(to_value(cx, &address))
    }

    /// Get a socket option: a number, or with a nonzero buffersize bytes of at most that length.
    #[function("(level, option, buffersize=0, /)")]
    fn getsockopt(&self, cx: &mut Context, level: i32, option: i32, buffersize: i32) -> Result {
        let fd = self.fd();
        if buffersize == 0 {
            let number = system::getsockopt_number(fd, level, option);
            return number.map(|number| Value::int(number.into())).map_err(|error| cx.io_error(&error, None));
        }
        if !(1..=1024).contains(&buffersize) {
            return Err(cx.os_error_message("getsockopt buflen out of range"));
        }
        let mut buffer = cx.zeroed_bytes(buffersize as usize)?;
        let length = system::getsockopt(fd, level, option, &mut buffer);
        let length = length.map_err(|error| cx.io_error(&error, None))?;
        Ok(cx.new_bytes(&buffer[..length]).value())
    }

    /// Set a socket option to a number, to bytes, or with None to a length without bytes.
    #[function("(*args)")]
    fn setsockopt(&self, cx: &mut Context, args: Gc<Tuple>) -> Result<()> {
        let items = args.items();
        let fd = self.fd();
        let result = match *items {
            [level, option, value] => {
                let (level, option) =
                    (i32::from_arg(cx, level, "level")?, i32::from_arg(cx, option, "option")?);
                let number = match cx.has_index(value) {
                    true => i32::try_from(cx.index_i128(value)?).ok(),
                    false => None,
                };
                match number {
                    Some(number) => system::setsockopt(fd, level, option, &number.to_ne_bytes()),
                    None => {
                        let bytes = cx.with_buffer(value, |bytes| bytes.to_vec())?;
                        system::setsockopt(fd, level, option, &bytes)
                    }
                }
            }
            [level, option, value, length] if value.is_none() => {
                let (level, option) =
                    (i32::from_arg(cx, level, "level")?, i32::from_arg(cx, option, "option")?);
                let length = u32::from_arg(cx, length, "optlen")?;
                system::setsockopt_length(fd, level, option, length)
            }
            _ => {
                let given = items.len();
                return Err(cx.type_error(format!("setsockopt() takes exactly 3 arguments ({given} given)")));
            }
        };
        result.map_err(|error| cx.io_error(&error, None))
    }

    /// Enable a server to accept connections.
    #[function("(backlog=128, /)")]
    fn listen(&self, cx: &mut Context, backlog: i32) -> Result<()> {
        let fd = self.fd();
        let done = cx.blocking(|| numbers::listen(fd, backlog.max(0)));
        done.map(drop).map_err(|error| cx.io_error(&error, None))
    }

    /// Shut down the reading side of the socket, the writing side, or both.
    #[function("(flag, /)")]
    fn shutdown(&self, cx: &mut Context, flag: i32) -> Result<()> {
        let fd = self.fd();
        cx.blocking(|| numbers::shutdown(fd, flag)).map(drop).map_err(|error| cx.io_error(&error, None))
    }

    /// Set the socket to blocking (flag is true) or non-blocking (false).
    #[function("(flag, /)")]
    fn setblocking(&self, cx: &mut Context, flag: bool) -> Result<()> {
        self.set_timeout(cx, if flag { -1 } else { 0 })
    }

    /// Returns True if socket is in blocking mode, or False if it is in non-blocking mode.
    #[function("()")]
    fn getblocking(&self) -> bool {
        self.timeout.load(Ordering::Relaxed) != 0
    }

    /// Set a timeout on socket operations: a number of seconds, or None for no timeout.
    #[function("(timeout, /)")]
    fn settimeout(&self, cx: &mut Context, timeout: Value) -> Result<()> {
        let nanos = timeout_number(cx, timeout)?;
        self.set_timeout(cx, nanos)
    }

    /// Returns the timeout in seconds associated with socket operations, None if there is none.
    #[function("()")]
    fn gettimeout(&self, cx: &mut Context) -> Value {
        timeout_value(cx, self.timeout.load(Ordering::Relaxed))
    }

    /// Receive up to buffersize bytes from the socket.
    #[function("(buffersize, flags=0, /)")]
    fn recv(&self, cx: &mut Context, buffersize: isize, flags: i32) -> Result<Vec<u8>> {
        let length = length_arg(cx, buffersize, "recv")?;
        let mut buffer = cx.zeroed_bytes(length)?;
        if buffer.is_empty() {
            return Ok(buffer);
        }
        let count = self.call(cx, For::Reading, |fd| system::recv(fd, &mut buffer, flags))?;
        buffer.truncate(count);
        Ok(buffer)
    }

    /// A version of recv() that stores its data into a buffer rather than creating a new string.
    #[function("(buffer, nbytes=0, flags=0)")]
    fn recv_into(&self, cx: &mut Context, buffer: Value, nbytes: isize, flags: i32) -> Result<usize> {
        let small = "buffer too small for requested bytes";
        let (target, mut copy) = receiver(cx, buffer, nbytes, "recv_into", small)?;
        if copy.is_empty() {
            return Ok(0);
        }
        let count = self.call(cx, For::Reading, |fd| system::recv(fd, &mut copy, flags))?;
        target.fill_from(&copy[..count]);
        Ok(count)
    }

    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[function("(buffersize, flags=0, /)")]
    fn recvfrom(&self, cx: &mut Context, buffersize: isize, flags: i32) -> Result<(Vec<u8>, Value)> {
        let length = length_arg(cx, buffersize, "recvfrom")?;
        let mut buffer = cx.zeroed_bytes(length)?;
        let (count, address) = self.call(cx, For::Reading, |fd| system::recvfrom(fd, &mut buffer, flags))?;
        buffer.truncate(count);
        Ok((buffer, to_value(cx, &address)))
    }

    /// Like recv_into(buffer, nbytes, flags) but also return the sender's address info.
    #[function("(buffer, nbytes=0, flags=0)")]
    fn recvfrom_into(
        &self,
        cx: &mut Context,
        buffer: Value,
        nbytes: isize,
        flags: i32,
    ) -> Result<(usize, Value)> {
        let small = "nbytes is greater than the length of the buffer";
        let (target, mut copy) = receiver(cx, buffer, nbytes, "recvfrom_into", small)?;
        let (count, address) = self.call(cx, For::Reading, |fd| system::recvfrom(fd, &mut copy, flags))?;
        target.fill_from(&copy[..count]);
        Ok((count, to_value(cx, &address)))
    }

    /// Send a data string to the socket; return the number of bytes sent.
    #[function("(data, flags=0, /)")]
    fn send(&self, cx: &mut Context, data: Value, flags: i32) -> Result<usize> {
        let copy = cx.with_buffer(data, |bytes| bytes.to_vec())?;
        self.call(cx, For::Writing, |fd| system::send(fd, &copy, flags))
    }

    /// Send a data string to the socket, calling send() repeatedly until all data is sent.
    #[function("(data, flags=0, /)")]
    fn sendall(&self, cx: &mut Context, data: Value, flags: i32) -> Result<()> {
        let copy = cx.with_buffer(data, |bytes| bytes.to_vec())?;
        let deadline = self.deadline();
        let mut sent = 0;
        while sent < copy.len() {
            match self.call_until(cx, For::Writing, deadline, |fd| system::send(fd, &copy[sent..], flags))? {
                Ok(count) => sent += count,
                Err(error) => return Err(cx.io_error(&error, None)),
            }
            cx.poll()?;
        }
        Ok(())
    }

    /// Like send(data, flags) but allows specifying the destination address.
    #[function("(*args)")]
    fn sendto(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result<usize> {
        let (data, flags, address) = match *args.items() {
            [data, address] => (data, 0, address),
            [data, flags, address] => (data, i32::from_arg(cx, flags, "flags")?, address),
            _ => {
                let given = args.items().len();
                return Err(cx.type_error(format!("sendto() takes 2 or 3 arguments ({given} given)")));
            }
        };
        let copy = cx.with_buffer(data, |bytes| bytes.to_vec())?;
        let target = this.parse(cx, address, "sendto")?;
        cx.audit("socket.sendto", |_| [this.value(), address])?;
        this.call(cx, For::Writing, |fd| system::sendto(fd, &copy, flags, &target))
    }

    /// Receive normal data and ancillary data: (data, ancdata, msg_flags, address).
    #[function("(bufsize, ancbufsize=0, flags=0, /)")]
    fn recvmsg(
        &self,
        cx: &mut Context,
        bufsize: isize,
        ancbufsize: isize,
        flags: i32,
    ) -> Result<(Vec<u8>, Value, i32, Value)> {
        message::receive(cx, self, bufsize, ancbufsize, flags)
    }

    /// Receive normal data into buffers, and ancillary data: (nbytes, ancdata, msg_flags, address).
    #[function("(buffers, ancbufsize=0, flags=0, /)")]
    fn recvmsg_into(
        &self,
        cx: &mut Context,
        buffers: Value,
        ancbufsize: isize,
        flags: i32,
    ) -> Result<(usize, Value, i32, Value)> {
        message::receive_into(cx, self, buffers, ancbufsize, flags)
    }

    /// Send normal and ancillary data to the socket, gathering the normal data from buffers.
    #[function("(buffers, ancdata=(), flags=0, address=None, /)")]
    fn sendmsg(
        this: Gc<Self>,
        cx: &mut Context,
        buffers: Value,
        ancdata: Value,
        flags: i32,
        address: Value,
    ) -> Result<usize> {
        message::send(cx, this, buffers, ancdata, flags, address)
    }

    /// Set operation mode, IV and length of associated data for an AF_ALG operation socket.
    #[function("(msg=<absent>, /, *, op, iv=<absent>, assoclen=<absent>, flags=0)")]
    fn sendmsg_afalg(
        &self,
        cx: &mut Context,
        msg: Option<Value>,
        op: i32,
        iv: Option<Value>,
        assoclen: Option<Value>,
        flags: i32,
    ) -> Result<usize> {
        if self.family_number() != libc::AF_ALG {
            return Err(cx.os_error_message("algset is only supported for AF_ALG"));
        }
        message::send_algorithm(cx, self, msg, op, iv, assoclen, flags)
    }
}

/// `setdefaulttimeout`.
pub(super) fn default_timeout(cx: &mut Context, timeout: Value) -> Result<()> {
    let nanos = timeout_number(cx, timeout)?;
    DEFAULT_TIMEOUT.store(nanos, Ordering::Relaxed);
    Ok(())
}
