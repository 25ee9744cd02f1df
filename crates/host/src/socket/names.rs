//! Names of hosts, services and interfaces. CPython: `Modules/socketmodule.c`.
//!
//! Invariant: what may ask a server runs in state NATIVE.

use std::ffi::CString;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::exception_class::ExceptionClass;
use crate::path::{decode, encode};
use crate::posix::spawn::argument;
use crate::socket::address::{host_arg, inet6_address, resolve, to_value};
use crate::sys::socket::{self as system, Address, Hints, Unresolved};

pub(super) struct Names;

pub(super) static GAIERROR: ExceptionClass = ExceptionClass::new("socket", "gaierror", exception::os_error);
pub(super) static HERROR: ExceptionClass = ExceptionClass::new("socket", "herror", exception::os_error);

pub(super) fn raise_unresolved(cx: &mut Context, error: Unresolved) -> Raised {
    match error {
        Unresolved::Code(code, text) => {
            let text = cx.new_str(&text).value();
            GAIERROR.raise(cx, &[Value::int(code.into()), text])
        }
        Unresolved::System(error) => cx.io_error(&error, None),
    }
}

/// The host of `getaddrinfo`.
fn optional_host(cx: &mut Context, host: Value) -> Result<Option<CString>> {
    let raw = match host.not_none() {
        None => return Ok(None),
        Some(host) if host.downcast::<Str>().is_some() => {
            let name = cx.new_str("idna").value();
            let encoded = cx.call_method(host, "encode", &[name])?;
            encoded.downcast::<Bytes>().map(|bytes| bytes.as_slice().to_vec()).unwrap_or_default()
        }
        Some(host) => match host.downcast::<Bytes>() {
            Some(bytes) => bytes.as_slice().to_vec(),
            None => return Err(cx.type_error("getaddrinfo() argument 1 must be string or None")),
        },
    };
    CString::new(raw).map(Some).map_err(|_| cx.value_error("embedded null character"))
}

fn optional_service(cx: &mut Context, port: Value) -> Result<Option<CString>> {
    let raw = match port.not_none() {
        None => return Ok(None),
        Some(port) if cx.is_int(port) => cx.str(port)?.to_str().into_owned().into_bytes(),
        Some(port) => match (port.downcast::<Str>(), port.downcast::<Bytes>()) {
            (Some(text), _) => text.to_utf8(cx)?.into_owned().into_bytes(),
            (_, Some(bytes)) => bytes.as_slice().to_vec(),
            _ => return Err(cx.os_error_message("Int or String expected")),
        },
    };
    CString::new(raw).map(Some).map_err(|_| cx.value_error("embedded null character"))
}

/// A str argument as a C string.
fn text_arg(cx: &mut Context, text: Gc<Str>) -> Result<CString> {
    let raw = encode(cx, text)?;
    CString::new(raw).map_err(|_| cx.value_error("embedded null character"))
}

fn optional_text(cx: &mut Context, text: Option<Gc<Str>>) -> Result<Option<CString>> {
    text.map(|text| text_arg(cx, text)).transpose()
}

/// `getnameinfo`'s address.
fn name_address(cx: &mut Context, sockaddr: Value) -> Result<Address> {
    let Some(tuple) = sockaddr.downcast::<Tuple>() else {
        return Err(cx.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let items = tuple.items();
    let wrong = "getnameinfo(): illegal sockaddr argument";
    if !(2..=4).contains(&items.len()) {
        return Err(cx.type_error(wrong));
    }
    let Some(host) = items[0].downcast::<Str>() else { return Err(cx.type_error(wrong)) };
    let host = text_arg(cx, host)?;
    let port = cx.index_i128(items[1])?;
    let port = i32::try_from(port).map_err(|_| {
        cx.overflow_error(match port < 0 {
            true => "signed integer is less than minimum",
            false => "signed integer is greater than maximum",
        })
    })?;
    let flow = items.get(2).map_or(Ok(0), |flow| cx.index_i128(*flow))? as u32;
    let scope = items.get(3).map_or(Ok(0), |scope| cx.index_i128(*scope))? as u32;
    if flow > 0xf_ffff {
        return Err(cx.overflow_error("getnameinfo(): flowinfo must be 0-1048575."));
    }
    let service = CString::new(port.to_string()).unwrap_or_default();
    // The service must be a number, so no server is asked; nor for the host.
    let hints = Hints { kind: libc::SOCK_DGRAM, flags: libc::AI_NUMERICHOST, ..Hints::default() };
    let found = match cx.blocking(|| system::getaddrinfo(Some(&host), Some(&service), hints)) {
        Ok(found) => found,
        Err(error) => return Err(raise_unresolved(cx, error)),
    };
    let [only] = &found[..] else {
        return Err(cx.os_error_message("sockaddr resolved to multiple addresses"));
    };
    match only.family {
        libc::AF_INET if items.len() != 2 => Err(cx.os_error_message("IPv4 sockaddr must be 2 tuple")),
        libc::AF_INET6 => {
            Ok(inet6_address(port as u16, flow, only.address.bytes().get(8..24).unwrap_or(&[0; 16]), scope))
        }
        _ => Ok(only.address.clone()),
    }
}

/// (name, aliases, addresses)
fn host_value(cx: &mut Context, host: &system::Host) -> Result<(Value, Value, Value)> {
    let name = decode(cx, &host.name).value();
    let aliases: GVec<Value> = host.aliases.iter().map(|alias| decode(cx, alias).value()).collect();
    let texts = host.addresses.iter().filter_map(|address| system::address_text(host.family, address));
    let addresses: GVec<Value> = texts.map(|text| cx.new_str(&text).value()).collect();
    Ok((name, cx.new_list(&aliases).value(), cx.new_list(&addresses).value()))
}

fn host_entry(
    cx: &mut Context,
    name: Option<CString>,
    packed: &[u8],
    family: i32,
) -> Result<(Value, Value, Value)> {
    match cx.blocking(|| system::host(name.as_deref(), packed, family)) {
        Ok(host) => host_value(cx, &host),
        Err((code, text)) => {
            let text = cx.new_str(&text).value();
            Err(HERROR.raise(cx, &[Value::int(code.into()), text]))
        }
    }
}

/// An unsigned number of a C type.
fn unsigned(cx: &mut Context, value: Value, most: i128, c_name: &str) -> Result<i128> {
    match cx.index_i128(value)? {
        number if number < 0 => Err(cx.value_error("Cannot convert negative int")),
        number if number > most => Err(cx.overflow_error(format!("Python int too large for C {c_name}"))),
        number => Ok(number),
    }
}

/// The data length of an ancillary message.
fn control_arg(cx: &mut Context, length: Value, function: &str, header: usize) -> Result<u32> {
    let length = isize::from_arg(cx, length, "length")?;
    match i32::try_from(length) {
        Ok(length) if (0..=i32::MAX - header as i32).contains(&length) => Ok(length as u32),
        _ => Err(cx.overflow_error(format!("{function}() argument out of range"))),
    }
}

#[module("_socket")]
impl Names {
    /// Resolve host and port into a list of (family, type, proto, canonname, sockaddr).
    #[function("(host, port, family=0, type=0, proto=0, flags=0)")]
    fn getaddrinfo(
        cx: &mut Context,
        host: Value,
        port: Value,
        family: i32,
        type_: i32,
        proto: i32,
        flags: i32,
    ) -> Result {
        let (name, service) = (optional_host(cx, host)?, optional_service(cx, port)?);
        cx.audit("socket.getaddrinfo", |_| {
            let numbers = [family, type_, proto].map(|number| Value::int(number.into()));
            [host, port, numbers[0], numbers[1], numbers[2]]
        })?;
        let hints = Hints { family, kind: type_, protocol: proto, flags };
        let found = cx.blocking(|| system::getaddrinfo(name.as_deref(), service.as_deref(), hints));
        let found = match found {
            Ok(found) => found,
            Err(error) => return Err(raise_unresolved(cx, error)),
        };
        let list = cx.new_list(&[]);
        for entry in &found {
            let row = [
                Value::int(entry.family.into()),
                Value::int(entry.kind.into()),
                Value::int(entry.protocol.into()),
                decode(cx, &entry.canonical).value(),
                to_value(cx, &entry.address),
            ];
            list.push(cx, cx.new_tuple(&row).value());
        }
        Ok(list.value())
    }

    /// Get host and port for a sockaddr.
    #[function("(sockaddr, flags, /)")]
    fn getnameinfo(cx: &mut Context, sockaddr: Value, flags: i32) -> Result<(Value, Value)> {
        cx.audit("socket.getnameinfo", |_| [sockaddr])?;
        let address = name_address(cx, sockaddr)?;
        match cx.blocking(|| system::getnameinfo(&address, flags)) {
            Ok((host, service)) => Ok((decode(cx, &host).value(), decode(cx, &service).value())),
            Err(error) => Err(raise_unresolved(cx, error)),
        }
    }

    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[function("(host, /)")]
    fn gethostbyname(cx: &mut Context, host: Value) -> Result<String> {
        let name = host_arg(cx, host)?;
        cx.audit("socket.gethostbyname", |_| [host])?;
        let host = name;
        let (family, packed) = resolve(cx, &host, libc::AF_INET)?;
        Ok(system::address_text(family, &packed).unwrap_or_default())
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses, for a host.
    #[function("(host, /)")]
    fn gethostbyname_ex(cx: &mut Context, host: Value) -> Result<(Value, Value, Value)> {
        let name = host_arg(cx, host)?;
        cx.audit("socket.gethostbyname", |_| [host])?;
        let host = name;
        resolve(cx, &host, libc::AF_INET)?;
        host_entry(cx, CString::new(host).ok(), &[], libc::AF_INET)
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses, for a host.
    #[function("(host, /)")]
    fn gethostbyaddr(cx: &mut Context, host: Value) -> Result<(Value, Value, Value)> {
        let name = host_arg(cx, host)?;
        cx.audit("socket.gethostbyaddr", |_| [host])?;
        let host = name;
        let (family, packed) = resolve(cx, &host, libc::AF_UNSPEC)?;
        host_entry(cx, None, &packed, family)
    }

    /// Return the current host name.
    #[function("()")]
    fn gethostname(cx: &mut Context) -> Result {
        cx.audit("socket.gethostname", |_| [])?;
        let [_, name, ..] = crate::sys::uname().map_err(|error| cx.io_error(&error, None))?;
        Ok(cx.new_str(&name).value())
    }

    /// Sets the hostname to name.
    #[function("(name, /)")]
    fn sethostname(cx: &mut Context, name: Value) -> Result<()> {
        cx.audit("socket.sethostname", |_| [name])?;
        let name = argument(cx, name)?;
        system::set_host_name(name.as_bytes()).map_err(|error| cx.io_error(&error, None))
    }

    /// Return a port number from a service name and protocol name.
    #[function("(servicename, protocolname=<absent>, /)")]
    fn getservbyname(cx: &mut Context, servicename: Gc<Str>, protocolname: Option<Gc<Str>>) -> Result<u16> {
        let (name, protocol) = (text_arg(cx, servicename)?, optional_text(cx, protocolname)?);
        let shown = protocolname.map_or(Value::NONE, Gc::value);
        cx.audit("socket.getservbyname", |_| [servicename.value(), shown])?;
        match cx.blocking(|| system::service_port(&name, protocol.as_deref())) {
            Some(port) => Ok(port),
            None => Err(cx.os_error_message("service/proto not found")),
        }
    }

    /// Return the service name from a port number and protocol name.
    #[function("(port, protocolname=<absent>, /)")]
    fn getservbyport(cx: &mut Context, port: i32, protocolname: Option<Gc<Str>>) -> Result {
        let Ok(port) = u16::try_from(port) else {
            return Err(cx.overflow_error("getservbyport: port must be 0-65535."));
        };
        let protocol = optional_text(cx, protocolname)?;
        let shown = protocolname.map_or(Value::NONE, Gc::value);
        cx.audit("socket.getservbyport", |_| [Value::int(port.into()), shown])?;
        match cx.blocking(|| system::service_name(port, protocol.as_deref())) {
            Some(name) => Ok(decode(cx, &name).value()),
            None => Err(cx.os_error_message("port/proto not found")),
        }
    }

    /// Return the protocol number for the named protocol.
    #[function("(name, /)")]
    fn getprotobyname(cx: &mut Context, name: Gc<Str>) -> Result<i32> {
        let name = text_arg(cx, name)?;
        match cx.blocking(|| system::protocol_number(&name)) {
            Some(number) => Ok(number),
            None => Err(cx.os_error_message("protocol not found")),
        }
    }

    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[function("(integer, /)")]
    fn ntohs(cx: &mut Context, integer: Value) -> Result<u16> {
        unsigned(cx, integer, u16::MAX.into(), "uint16_t").map(|number| u16::from_be(number as u16))
    }

    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[function("(integer, /)")]
    fn htons(cx: &mut Context, integer: Value) -> Result<u16> {
        unsigned(cx, integer, u16::MAX.into(), "uint16_t").map(|number| (number as u16).to_be())
    }

    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[function("(integer, /)")]
    fn ntohl(cx: &mut Context, integer: Value) -> Result<u32> {
        unsigned(cx, integer, u32::MAX.into(), "uint32_t").map(|number| u32::from_be(number as u32))
    }

    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[function("(integer, /)")]
    fn htonl(cx: &mut Context, integer: Value) -> Result<u32> {
        unsigned(cx, integer, u32::MAX.into(), "uint32_t").map(|number| (number as u32).to_be())
    }

    /// Convert an IP address in string format to the 32-bit packed binary format.
    #[function("(ip_addr, /)")]
    fn inet_aton(cx: &mut Context, ip_addr: Gc<Str>) -> Result<Vec<u8>> {
        let text = text_arg(cx, ip_addr)?;
        match system::aton(&text) {
            Some(packed) => Ok(packed.to_vec()),
            None => Err(cx.os_error_message("illegal IP address string passed to inet_aton")),
        }
    }

    /// Convert an IP address from 32-bit packed binary format to string format.
    #[function("(packed_ip, /)")]
    fn inet_ntoa(cx: &mut Context, packed_ip: Value) -> Result<String> {
        let packed = cx.with_buffer(packed_ip, |bytes| bytes.to_vec())?;
        match system::address_text(libc::AF_INET, &packed) {
            Some(text) => Ok(text),
            None => Err(cx.os_error_message("packed IP wrong length for inet_ntoa")),
        }
    }

    /// Convert an IP address from string format to a packed string suitable for use with low-level functions.
    #[function("(af, ip, /)")]
    fn inet_pton(cx: &mut Context, af: i32, ip: Gc<Str>) -> Result<Vec<u8>> {
        let text = text_arg(cx, ip)?;
        match system::packed_address(af, &text).map_err(|error| cx.io_error(&error, None))? {
            Some(packed) => Ok(packed),
            None => Err(cx.os_error_message("illegal IP address string passed to inet_pton")),
        }
    }

    /// Convert a packed IP address of the given family to string format.
    #[function("(af, packed_ip, /)")]
    fn inet_ntop(cx: &mut Context, af: i32, packed_ip: Value) -> Result<String> {
        let packed = cx.with_buffer(packed_ip, |bytes| bytes.to_vec())?;
        if af != libc::AF_INET && af != libc::AF_INET6 {
            return Err(cx.value_error(format!("unknown address family {af}")));
        }
        match system::address_text(af, &packed) {
            Some(text) => Ok(text),
            None => Err(cx.value_error("invalid length of packed IP address string")),
        }
    }

    /// Returns a list of network interface information (index, name) tuples.
    #[function("()")]
    fn if_nameindex(cx: &mut Context) -> Result {
        let all = cx.blocking(system::interfaces).map_err(|error| cx.io_error(&error, None))?;
        let pairs: GVec<Value> = all
            .iter()
            .map(|(index, name)| {
                let name = decode(cx, name).value();
                cx.new_tuple(&[Value::int((*index).into()), name]).value()
            })
            .collect();
        Ok(cx.new_list(&pairs).value())
    }

    /// Returns the interface index corresponding to the interface name if_name.
    #[function("(oname, /)")]
    fn if_nametoindex(cx: &mut Context, oname: Value) -> Result<u32> {
        let name = argument(cx, oname)?;
        system::interface_index(&name).map_err(|error| cx.io_error(&error, None))
    }

    /// Returns the interface name corresponding to the interface index if_index.
    #[function("(if_index, /)")]
    fn if_indextoname(cx: &mut Context, if_index: Value) -> Result {
        let index = unsigned(cx, if_index, u32::MAX.into(), "unsigned int")? as u32;
        let name = system::interface_name(index).map_err(|error| cx.io_error(&error, None))?;
        Ok(decode(cx, &name).value())
    }

    /// Return the total length, without trailing padding, of an ancillary data item with data of the given length.
    #[function("(length, /)")]
    fn CMSG_LEN(cx: &mut Context, length: Value) -> Result<usize> {
        control_arg(cx, length, "CMSG_LEN", system::control_length(0)).map(system::control_length)
    }

    /// Return the buffer size needed to receive an ancillary data item with data of the given length.
    #[function("(length, /)")]
    fn CMSG_SPACE(cx: &mut Context, length: Value) -> Result<usize> {
        control_arg(cx, length, "CMSG_SPACE", system::control_space(1)).map(system::control_space)
    }
}
