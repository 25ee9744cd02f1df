//! Socket addresses between Python and the system. CPython: `getsockaddrarg`, `makesockaddr` in
//! `Modules/socketmodule.c`.
//!
//! Invariant: numbers in an address are in the byte order that the system wants there.

use std::ffi::CString;

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::path::{decode, encode};
use crate::socket::names::raise_unresolved;
use crate::sys::socket::{self as system, Address, Hints};

/// Length of `sun_path`.
const UNIX_PATH: usize = 108;

/// A host name: str (encoded as idna if it is not ASCII), bytes or bytearray.
pub(super) fn host_arg(cx: &mut Context, host: Value) -> Result<Vec<u8>> {
    let raw = if let Some(text) = host.downcast::<Str>() {
        match text.as_ascii() {
            Some(ascii) => ascii.as_bytes().to_vec(),
            None => {
                let name = cx.new_str("idna").value();
                let encoded = match cx.call_method(host, "encode", &[name]) {
                    Ok(encoded) => encoded.downcast::<Bytes>(),
                    Err(raised) => {
                        cx.take_exception(raised);
                        None
                    }
                };
                match encoded {
                    Some(encoded) => encoded.as_slice().to_vec(),
                    None => return Err(cx.type_error("encoding of hostname failed")),
                }
            }
        }
    } else if host.downcast::<Bytes>().is_some() || cx.type_name(host) == "bytearray" {
        cx.with_buffer(host, |bytes| bytes.to_vec())?
    } else {
        let got = cx.type_name(host);
        return Err(cx.type_error(format!("str, bytes or bytearray expected, not {got}")));
    };
    if raw.contains(&0) {
        return Err(cx.type_error("host name must not contain null character"));
    }
    Ok(raw)
}

/// The packed address of a host. CPython: `setipaddr`.
pub(super) fn resolve(cx: &mut Context, host: &[u8], family: i32) -> Result<(i32, Vec<u8>)> {
    let text = CString::new(host).unwrap_or_default();
    if host == b"<broadcast>" || host == b"255.255.255.255" {
        if family != libc::AF_INET && family != libc::AF_UNSPEC {
            return Err(cx.os_error_message("address family mismatched"));
        }
        return Ok((libc::AF_INET, vec![255; 4]));
    }
    if !host.is_empty() {
        for known in [libc::AF_INET, libc::AF_INET6] {
            if (family == known || family == libc::AF_UNSPEC)
                && !host.contains(&b'%')
                && let Ok(Some(packed)) = system::packed_address(known, &text)
            {
                return Ok((known, packed));
            }
        }
    }
    let (name, service, flags) = match host.is_empty() {
        true => (None, Some(c"0"), libc::AI_PASSIVE),
        false => (Some(&*text), None, 0),
    };
    // Any type will do; datagrams because every system has them.
    let kind = if host.is_empty() { libc::SOCK_DGRAM } else { 0 };
    let hints = Hints { family, kind, protocol: 0, flags };
    let found = match cx.blocking(|| system::getaddrinfo(name, service, hints)) {
        Ok(found) => found,
        Err(error) => return Err(raise_unresolved(cx, error)),
    };
    if host.is_empty() && found.len() > 1 {
        return Err(cx.os_error_message("wildcard resolved to multiple address"));
    }
    let first = &found[0];
    let bytes = first.address.bytes();
    let packed = match first.family {
        libc::AF_INET => bytes.get(4..8),
        libc::AF_INET6 => bytes.get(8..24),
        _ => None,
    };
    match packed {
        Some(packed) => Ok((first.family, packed.to_vec())),
        None => Err(cx.os_error_message("unknown address family")),
    }
}

fn tuple_arg(cx: &mut Context, address: Value, function: &str, family: &str) -> Result<Gc<Tuple>> {
    address.downcast::<Tuple>().ok_or_else(|| {
        let got = cx.type_name(address);
        cx.type_error(format!("{function}(): {family} address must be tuple, not {got}"))
    })
}

/// A number of an address that must fit into 16 bits.
fn short_arg(cx: &mut Context, value: Value, function: &str, what: &str) -> Result<u16> {
    u16::try_from(cx.index_i128(value)?)
        .map_err(|_| cx.overflow_error(format!("{function}(): {what} must be 0-65535.")))
}

fn word_arg(cx: &mut Context, value: Value) -> Result<u32> {
    Ok(cx.index_i128(value)? as u32)
}

fn start(family: i32) -> Vec<u8> {
    (family as u16).to_ne_bytes().to_vec()
}

/// The address that `function` was passed, for a socket of this family.
pub(super) fn parse(cx: &mut Context, family: i32, address: Value, function: &str) -> Result<Address> {
    match family {
        libc::AF_INET => inet(cx, address, function),
        libc::AF_INET6 => inet6(cx, address, function),
        libc::AF_UNIX => unix(cx, address),
        libc::AF_NETLINK => {
            let tuple = tuple_arg(cx, address, function, "AF_NETLINK")?;
            let [pid, groups] = *tuple.items() else {
                return Err(cx.type_error("AF_NETLINK address must be a pair (pid, groups)"));
            };
            let (pid, groups) = (word_arg(cx, pid)?, word_arg(cx, groups)?);
            let mut raw = start(family);
            raw.extend_from_slice(&[0, 0]);
            raw.extend_from_slice(&pid.to_ne_bytes());
            raw.extend_from_slice(&groups.to_ne_bytes());
            Ok(Address::new(&raw))
        }
        libc::AF_PACKET => packet(cx, address, function),
        libc::AF_VSOCK => {
            let Some(tuple) = address.downcast::<Tuple>() else {
                let got = cx.type_name(address);
                return Err(
                    cx.type_error(format!("getsockaddrarg: AF_VSOCK address must be tuple, not {got}"))
                );
            };
            let [cid, port] = *tuple.items() else {
                return Err(cx.type_error("getsockaddrarg: AF_VSOCK address must be a pair (CID, port)"));
            };
            let (cid, port) = (word_arg(cx, cid)?, word_arg(cx, port)?);
            let mut raw = start(family);
            raw.extend_from_slice(&[0, 0]);
            raw.extend_from_slice(&port.to_ne_bytes());
            raw.extend_from_slice(&cid.to_ne_bytes());
            raw.extend_from_slice(&[0; 4]);
            Ok(Address::new(&raw))
        }
        libc::AF_CAN => can(cx, address, function),
        libc::AF_ALG => algorithm(cx, address, function),
        _ => Err(cx.os_error_message(&format!("{function}(): bad family"))),
    }
}

fn inet(cx: &mut Context, address: Value, function: &str) -> Result<Address> {
    let tuple = tuple_arg(cx, address, function, "AF_INET")?;
    let [host, port] = *tuple.items() else {
        return Err(cx.type_error("AF_INET address must be a pair (host, port)"));
    };
    let host = host_arg(cx, host)?;
    let port = short_arg(cx, port, function, "port")?;
    let (_, packed) = resolve(cx, &host, libc::AF_INET)?;
    let mut raw = start(libc::AF_INET);
    raw.extend_from_slice(&port.to_be_bytes());
    raw.extend_from_slice(&packed);
    raw.extend_from_slice(&[0; 8]);
    Ok(Address::new(&raw))
}

fn inet6(cx: &mut Context, address: Value, function: &str) -> Result<Address> {
    let tuple = tuple_arg(cx, address, function, "AF_INET6")?;
    let items = tuple.items();
    if !(2..=4).contains(&items.len()) {
        return Err(cx.type_error("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"));
    }
    let host = host_arg(cx, items[0])?;
    let port = short_arg(cx, items[1], function, "port")?;
    let flow = items.get(2).map_or(Ok(0), |flow| word_arg(cx, *flow))?;
    let scope = items.get(3).map_or(Ok(0), |scope| word_arg(cx, *scope))?;
    if flow > 0xf_ffff {
        return Err(cx.overflow_error(format!("{function}(): flowinfo must be 0-1048575.")));
    }
    let (_, packed) = resolve(cx, &host, libc::AF_INET6)?;
    Ok(inet6_address(port, flow, &packed, scope))
}

/// An IPv6 address from its parts.
pub(super) fn inet6_address(port: u16, flow: u32, packed: &[u8], scope: u32) -> Address {
    let mut raw = start(libc::AF_INET6);
    raw.extend_from_slice(&port.to_be_bytes());
    raw.extend_from_slice(&flow.to_be_bytes());
    raw.extend_from_slice(packed);
    raw.extend_from_slice(&scope.to_ne_bytes());
    Address::new(&raw)
}

fn unix(cx: &mut Context, address: Value) -> Result<Address> {
    let path = match address.downcast::<Str>() {
        Some(text) => encode(cx, text)?,
        None => cx.with_buffer(address, |bytes| bytes.to_vec())?,
    };
    // A name that starts with NUL is abstract; every other ends with one.
    let is_abstract = path.first().is_none_or(|first| *first == 0);
    if path.len() > UNIX_PATH || !is_abstract && path.len() == UNIX_PATH {
        return Err(cx.os_error_message("AF_UNIX path too long"));
    }
    let mut raw = start(libc::AF_UNIX);
    raw.extend_from_slice(&path);
    if !is_abstract {
        raw.push(0);
    }
    Ok(Address::new(&raw))
}

fn packet(cx: &mut Context, address: Value, function: &str) -> Result<Address> {
    let tuple = tuple_arg(cx, address, function, "AF_PACKET")?;
    let items = tuple.items();
    if !(2..=5).contains(&items.len()) {
        return Err(cx.type_error("AF_PACKET address must be a tuple of two to five elements"));
    }
    let name = interface_arg(cx, items[0])?;
    let protocol = short_arg(cx, items[1], function, "proto")?;
    let kind = items.get(2).map_or(Ok(0), |kind| word_arg(cx, *kind))?;
    let hardware = items.get(3).map_or(Ok(0), |hardware| word_arg(cx, *hardware))?;
    let mac = match items.get(4) {
        Some(mac) => cx.with_buffer(*mac, |bytes| bytes.to_vec())?,
        None => Vec::new(),
    };
    if mac.len() > 8 {
        return Err(cx.value_error("hardware address must be 8 bytes or less"));
    }
    let index = system::interface_index(&name).map_err(|error| cx.io_error(&error, None))?;
    let mut raw = start(libc::AF_PACKET);
    raw.extend_from_slice(&protocol.to_be_bytes());
    raw.extend_from_slice(&index.to_ne_bytes());
    raw.extend_from_slice(&(hardware as u16).to_ne_bytes());
    raw.extend_from_slice(&[kind as u8, mac.len() as u8]);
    raw.extend_from_slice(&mac);
    raw.resize(20, 0);
    Ok(Address::new(&raw))
}

fn interface_arg(cx: &mut Context, name: Value) -> Result<CString> {
    let Some(text) = name.downcast::<Str>() else {
        let got = cx.argument_type_name(name);
        return Err(cx.type_error(format!("argument 1 must be str, not {got}")));
    };
    let raw = encode(cx, text)?;
    CString::new(raw).map_err(|_| cx.value_error("embedded null character"))
}

fn can(cx: &mut Context, address: Value, function: &str) -> Result<Address> {
    let tuple = tuple_arg(cx, address, function, "AF_CAN")?;
    let items = tuple.items();
    if items.is_empty() || items.len() > 3 {
        return Err(cx.type_error("AF_CAN address must be a tuple (interface, )"));
    }
    let name = interface_arg(cx, items[0])?;
    let index = match name.is_empty() {
        true => 0,
        false => system::interface_index(&name).map_err(|error| cx.io_error(&error, None))?,
    };
    let first = items.get(1).map_or(Ok(0), |id| word_arg(cx, *id))?;
    let second = items.get(2).map_or(Ok(0), |id| word_arg(cx, *id))?;
    let mut raw = start(libc::AF_CAN);
    raw.extend_from_slice(&[0, 0]);
    raw.extend_from_slice(&index.to_ne_bytes());
    raw.extend_from_slice(&first.to_ne_bytes());
    raw.extend_from_slice(&second.to_ne_bytes());
    raw.resize(24, 0);
    Ok(Address::new(&raw))
}

fn algorithm(cx: &mut Context, address: Value, function: &str) -> Result<Address> {
    let tuple = tuple_arg(cx, address, function, "AF_ALG")?;
    let items = tuple.items();
    if !(2..=4).contains(&items.len()) {
        return Err(cx.type_error("AF_ALG address must be a tuple (type, name[, feat[, mask]])"));
    }
    let (kind, name) = (interface_arg(cx, items[0])?, interface_arg(cx, items[1])?);
    let feature = items.get(2).map_or(Ok(0), |number| word_arg(cx, *number))?;
    let mask = items.get(3).map_or(Ok(0), |number| word_arg(cx, *number))?;
    if kind.as_bytes().len() >= 14 {
        return Err(cx.value_error("AF_ALG type too long."));
    }
    if name.as_bytes().len() >= 64 {
        return Err(cx.value_error("AF_ALG name too long."));
    }
    let mut raw = start(libc::AF_ALG);
    raw.extend_from_slice(kind.as_bytes());
    raw.resize(16, 0);
    raw.extend_from_slice(&feature.to_ne_bytes());
    raw.extend_from_slice(&mask.to_ne_bytes());
    raw.extend_from_slice(name.as_bytes());
    raw.resize(88, 0);
    Ok(Address::new(&raw))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut out = [0; 4];
    let part = bytes.get(at..at + 4).unwrap_or(&[0; 4]);
    out.copy_from_slice(part);
    u32::from_ne_bytes(out)
}

fn short(bytes: &[u8], at: usize) -> u16 {
    let part = bytes.get(at..at + 2).unwrap_or(&[0; 2]);
    u16::from_ne_bytes([part[0], part[1]])
}

/// An address as Python sees it. CPython: `makesockaddr`.
pub(super) fn to_value(cx: &mut Context, address: &Address) -> Value {
    let bytes = address.bytes();
    if bytes.is_empty() {
        return Value::NONE;
    }
    let number = |number: u32| Value::int(number.into());
    let port = || Value::int(u16::from_be(short(bytes, 2)).into());
    match address.family() {
        libc::AF_INET => {
            let host =
                system::address_text(libc::AF_INET, bytes.get(4..8).unwrap_or(&[])).unwrap_or_default();
            let host = cx.new_str(&host).value();
            cx.new_tuple(&[host, port()]).value()
        }
        libc::AF_INET6 => {
            let host =
                system::address_text(libc::AF_INET6, bytes.get(8..24).unwrap_or(&[])).unwrap_or_default();
            let host = cx.new_str(&host).value();
            let flow = number(u32::from_be(word(bytes, 4)));
            cx.new_tuple(&[host, port(), flow, number(word(bytes, 24))]).value()
        }
        libc::AF_UNIX => {
            let path = &bytes[2.min(bytes.len())..];
            if path.first() == Some(&0) {
                return cx.new_bytes(path).value();
            }
            let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
            decode(cx, &path[..end]).value()
        }
        libc::AF_NETLINK => cx.new_tuple(&[number(word(bytes, 4)), number(word(bytes, 8))]).value(),
        libc::AF_VSOCK => cx.new_tuple(&[number(word(bytes, 8)), number(word(bytes, 4))]).value(),
        libc::AF_PACKET => {
            let index = word(bytes, 4);
            let name = match index {
                0 => Vec::new(),
                index => system::interface_name(index).unwrap_or_default(),
            };
            let name = decode(cx, &name).value();
            let kind = Value::int(bytes.get(10).copied().unwrap_or(0).into());
            let hardware = Value::int(short(bytes, 8).into());
            let length = usize::from(bytes.get(11).copied().unwrap_or(0)).min(8);
            let mac = cx.new_bytes(bytes.get(12..12 + length).unwrap_or(&[])).value();
            cx.new_tuple(&[name, port(), kind, hardware, mac]).value()
        }
        libc::AF_CAN => {
            let name = match word(bytes, 4) {
                0 => Vec::new(),
                index => system::interface_name(index).unwrap_or_default(),
            };
            let name = decode(cx, &name).value();
            cx.new_tuple(&[name]).value()
        }
        family => {
            let rest = cx.new_bytes(&bytes[2.min(bytes.len())..]).value();
            cx.new_tuple(&[Value::int(family.into()), rest]).value()
        }
    }
}
