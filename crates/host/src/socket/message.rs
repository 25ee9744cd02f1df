//! `recvmsg`, `sendmsg`: several buffers, and ancillary data.
//!
//! Invariant: data goes through private copies, as everywhere with memory that other threads may change.

use taipan_runtime::prelude::*;

use crate::socket::address::to_value;
use crate::socket::object::{For, Socket};
use crate::sys::socket::{self as system, Control};

/// Ancillary data as Python sees it.
fn control_value(cx: &mut Context, control: &[Control]) -> Value {
    let rows: GVec<Value> = control
        .iter()
        .map(|(level, kind, data)| {
            let data = cx.new_bytes(data).value();
            cx.new_tuple(&[Value::int((*level).into()), Value::int((*kind).into()), data]).value()
        })
        .collect();
    cx.new_list(&rows).value()
}

fn control_room(cx: &mut Context, length: isize) -> Result<usize> {
    match i32::try_from(length) {
        Ok(length) if length >= 0 => Ok(length as usize),
        _ => Err(cx.value_error("invalid ancillary data buffer length")),
    }
}

pub(super) fn receive(
    cx: &mut Context,
    socket: &Socket,
    length: isize,
    control: isize,
    flags: i32,
) -> Result<(Vec<u8>, Value, i32, Value)> {
    let Ok(length) = usize::try_from(length) else {
        return Err(cx.value_error("negative buffer size in recvmsg()"));
    };
    let room = control_room(cx, control)?;
    let mut buffers = [cx.zeroed_bytes(length)?];
    let received = socket.call(cx, For::Reading, |fd| system::recvmsg(fd, &mut buffers, room, flags))?;
    let [mut data] = buffers;
    data.truncate(received.count);
    let control = control_value(cx, &received.control);
    let address = to_value(cx, &received.address);
    Ok((data, control, received.flags, address))
}

pub(super) fn receive_into(
    cx: &mut Context,
    socket: &Socket,
    buffers: Value,
    control: isize,
    flags: i32,
) -> Result<(usize, Value, i32, Value)> {
    if !cx.is_iterable(buffers) {
        return Err(cx.type_error("recvmsg_into() argument 1 must be an iterable"));
    }
    let items = cx.collect(buffers)?;
    let mut copies = Vec::new();
    for item in &items {
        let Ok(target) = cx.writable_buffer(*item, "recvmsg_into() argument 1") else {
            cx.clear_exception();
            return Err(cx.type_error(
                "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers",
            ));
        };
        copies.push(cx.zeroed_bytes(target.len())?);
    }
    let room = control_room(cx, control)?;
    let received = socket.call(cx, For::Reading, |fd| system::recvmsg(fd, &mut copies, room, flags))?;
    let mut left = received.count;
    for (item, copy) in items.iter().zip(&copies) {
        let part = left.min(copy.len());
        let target = cx.writable_buffer(*item, "recvmsg_into() argument 1")?;
        target.fill_from(&copy[..part.min(target.len())]);
        left -= part;
    }
    let control = control_value(cx, &received.control);
    let address = to_value(cx, &received.address);
    Ok((received.count, control, received.flags, address))
}

fn gather(cx: &mut Context, function: &str, buffers: Value) -> Result<Vec<Vec<u8>>> {
    if !cx.is_iterable(buffers) {
        return Err(cx.type_error(format!("{function}() argument 1 must be an iterable")));
    }
    let mut copies = Vec::new();
    for item in &cx.collect(buffers)? {
        copies.push(cx.with_buffer(*item, |bytes| bytes.to_vec())?);
    }
    Ok(copies)
}

fn controls(cx: &mut Context, pieces: Value) -> Result<Vec<Control>> {
    if !cx.is_iterable(pieces) {
        return Err(cx.type_error("sendmsg() argument 2 must be an iterable"));
    }
    let mut out = Vec::new();
    for piece in &cx.collect(pieces)? {
        let Some(tuple) = piece.downcast::<Tuple>() else {
            let got = cx.argument_type_name(*piece);
            return Err(cx.type_error(format!(
                "[sendmsg() ancillary data items]() argument must be 3-item tuple, not {got}"
            )));
        };
        let [level, kind, data] = *tuple.items() else {
            let length = tuple.items().len();
            return Err(cx.type_error(format!(
                "[sendmsg() ancillary data items]() argument must be tuple of length 3, not {length}"
            )));
        };
        let (level, kind) = (i32::from_arg(cx, level, "level")?, i32::from_arg(cx, kind, "type")?);
        let data = cx.with_buffer(data, |bytes| bytes.to_vec())?;
        if data.len() > i32::MAX as usize - 64 {
            return Err(cx.os_error_message("ancillary data item too large"));
        }
        out.push((level, kind, data));
    }
    Ok(out)
}

pub(super) fn send(
    cx: &mut Context,
    socket: Gc<Socket>,
    buffers: Value,
    pieces: Value,
    flags: i32,
    address: Value,
) -> Result<usize> {
    let target = match address.not_none() {
        Some(address) => Some(socket.parse(cx, address, "sendmsg")?),
        None => None,
    };
    cx.audit("socket.sendmsg", |_| [socket.value(), address])?;
    let copies = gather(cx, "sendmsg", buffers)?;
    let control = controls(cx, pieces)?;
    socket.call(cx, For::Writing, |fd| system::sendmsg(fd, &copies, &control, flags, target.as_ref()))
}

/// `sendmsg_afalg`
pub(super) fn send_algorithm(
    cx: &mut Context,
    socket: &Socket,
    msg: Option<Value>,
    op: i32,
    iv: Option<Value>,
    assoclen: Option<Value>,
    flags: i32,
) -> Result<usize> {
    if op < 0 {
        return Err(cx.type_error("Invalid or missing argument 'op'"));
    }
    let mut control: Vec<Control> =
        vec![(libc::SOL_ALG, libc::ALG_SET_OP, (op as u32).to_ne_bytes().to_vec())];
    if let Some(iv) = iv {
        let iv = cx.with_buffer(iv, |bytes| bytes.to_vec())?;
        let mut data = (iv.len() as u32).to_ne_bytes().to_vec();
        data.extend_from_slice(&iv);
        control.push((libc::SOL_ALG, libc::ALG_SET_IV, data));
    }
    if let Some(length) = assoclen.and_then(Value::not_none) {
        let length = i32::from_arg(cx, length, "assoclen")?;
        if length < 0 {
            return Err(cx.type_error("assoclen must be positive"));
        }
        control.push((libc::SOL_ALG, libc::ALG_SET_AEAD_ASSOCLEN, (length as u32).to_ne_bytes().to_vec()));
    }
    let copies = match msg {
        Some(msg) => gather(cx, "sendmsg_afalg", msg)?,
        None => Vec::new(),
    };
    socket.call(cx, For::Writing, |fd| system::sendmsg(fd, &copies, &control, flags, None))
}
