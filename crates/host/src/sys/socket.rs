//! Sockets.
//!
//! Invariant: an `Address` is the bytes of a socket address; memory that the system reads or writes belongs to the
//! caller for the whole call.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

use super::check;

/// Room for every family's address.
const ROOM: usize = 128;

/// A socket address as the system lays it out: the family in its first two bytes.
#[derive(Clone)]
#[repr(C, align(8))]
pub(crate) struct Address {
    bytes: [u8; ROOM],
    length: usize,
}

impl Address {
    /// An address of these bytes, of which there are at most 128.
    pub(crate) fn new(bytes: &[u8]) -> Address {
        let mut address = Address { bytes: [0; ROOM], length: bytes.len().min(ROOM) };
        address.bytes[..address.length].copy_from_slice(&bytes[..address.length]);
        address
    }

    /// Its bytes; none when the system told no address.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(crate) fn family(&self) -> i32 {
        if self.length < 2 { 0 } else { i32::from(u16::from_ne_bytes([self.bytes[0], self.bytes[1]])) }
    }

    fn pointer(&self) -> *const libc::sockaddr {
        self.bytes.as_ptr().cast()
    }

    /// What `call` fills in.
    fn filled(
        call: impl FnOnce(*mut libc::sockaddr, *mut libc::socklen_t) -> i64,
    ) -> io::Result<(i64, Address)> {
        let mut address = Address { bytes: [0; ROOM], length: 0 };
        let mut length = ROOM as libc::socklen_t;
        let result = check(call(address.bytes.as_mut_ptr().cast(), &raw mut length))?;
        address.length = (length as usize).min(ROOM);
        Ok((result, address))
    }

    /// # Safety
    /// `length` bytes at `pointer` are readable.
    unsafe fn copied(pointer: *const libc::sockaddr, length: libc::socklen_t) -> Address {
        // SAFETY: the caller's promise.
        Address::new(unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length as usize) })
    }
}

pub(crate) fn socketpair(family: i32, kind: i32, protocol: i32) -> io::Result<(i32, i32)> {
    let mut fds = [0; 2];
    // SAFETY: room for two descriptors.
    check(unsafe { libc::socketpair(family, kind, protocol, fds.as_mut_ptr()) }.into())?;
    Ok((fds[0], fds[1]))
}

pub(crate) fn bind(fd: i32, address: &Address) -> io::Result<()> {
    // SAFETY: an address of that length.
    check(unsafe { libc::bind(fd, address.pointer(), address.length as u32) }.into()).map(drop)
}

pub(crate) fn connect(fd: i32, address: &Address) -> io::Result<()> {
    // SAFETY: an address of that length.
    check(unsafe { libc::connect(fd, address.pointer(), address.length as u32) }.into()).map(drop)
}

pub(crate) fn accept(fd: i32) -> io::Result<(i32, Address)> {
    // SAFETY: room for an address.
    Address::filled(|room, length| unsafe { libc::accept4(fd, room, length, libc::SOCK_CLOEXEC) }.into())
        .map(|(fd, address)| (fd as i32, address))
}

pub(crate) fn getsockname(fd: i32) -> io::Result<Address> {
    // SAFETY: room for an address.
    Address::filled(|room, length| unsafe { libc::getsockname(fd, room, length) }.into())
        .map(|(_, name)| name)
}

pub(crate) fn getpeername(fd: i32) -> io::Result<Address> {
    // SAFETY: room for an address.
    Address::filled(|room, length| unsafe { libc::getpeername(fd, room, length) }.into())
        .map(|(_, name)| name)
}

pub(crate) fn send(fd: i32, bytes: &[u8], flags: i32) -> io::Result<usize> {
    // SAFETY: the bytes are valid for reads of their length.
    check(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) } as i64)
        .map(|count| count as usize)
}

pub(crate) fn sendto(fd: i32, bytes: &[u8], flags: i32, to: &Address) -> io::Result<usize> {
    let (data, count, length) = (bytes.as_ptr().cast(), bytes.len(), to.length as u32);
    // SAFETY: bytes and address are valid for reads of their lengths.
    check(unsafe { libc::sendto(fd, data, count, flags, to.pointer(), length) } as i64)
        .map(|count| count as usize)
}

pub(crate) fn recv(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: the buffer is valid for writes of its length.
    check(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) } as i64)
        .map(|count| count as usize)
}

pub(crate) fn recvfrom(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<(usize, Address)> {
    let (data, count) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: the buffer is valid for writes of its length; room for an address.
    Address::filled(|room, length| unsafe { libc::recvfrom(fd, data, count, flags, room, length) } as i64)
        .map(|(count, address)| (count as usize, address))
}

/// Reads an option into the buffer; gives its length.
pub(crate) fn getsockopt(fd: i32, level: i32, name: i32, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = buffer.len() as libc::socklen_t;
    let room = buffer.as_mut_ptr().cast();
    // SAFETY: the buffer is valid for writes of its length.
    check(unsafe { libc::getsockopt(fd, level, name, room, &raw mut length) }.into()).map(|_| length as usize)
}

/// An option that is a number.
pub(crate) fn getsockopt_number(fd: i32, level: i32, name: i32) -> io::Result<i32> {
    let mut buffer = [0; 4];
    getsockopt(fd, level, name, &mut buffer).map(|_| i32::from_ne_bytes(buffer))
}

pub(crate) fn setsockopt(fd: i32, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
    let (bytes, length) = (value.as_ptr().cast(), value.len() as u32);
    // SAFETY: the value is valid for reads of its length.
    check(unsafe { libc::setsockopt(fd, level, name, bytes, length) }.into()).map(drop)
}

/// An option whose value is a length without memory.
pub(crate) fn setsockopt_length(fd: i32, level: i32, name: i32, length: u32) -> io::Result<()> {
    // SAFETY: options that want memory find null and fail.
    check(unsafe { libc::setsockopt(fd, level, name, std::ptr::null(), length) }.into()).map(drop)
}

/// One piece of ancillary data: level, type, bytes.
pub(crate) type Control = (i32, i32, Vec<u8>);

/// What `recvmsg` gives besides the buffers' content.
pub(crate) struct Received {
    pub count: usize,
    pub control: Vec<Control>,
    pub flags: i32,
    pub address: Address,
}

/// Bytes of an ancillary message with that much data, without and with padding.
pub(crate) fn control_length(data: u32) -> usize {
    // SAFETY: arithmetic only.
    unsafe { libc::CMSG_LEN(data) as usize }
}

pub(crate) fn control_space(data: u32) -> usize {
    // SAFETY: arithmetic only.
    unsafe { libc::CMSG_SPACE(data) as usize }
}

fn vector(start: *mut u8, length: usize) -> libc::iovec {
    libc::iovec { iov_base: start.cast(), iov_len: length }
}

pub(crate) fn recvmsg(fd: i32, buffers: &mut [Vec<u8>], room: usize, flags: i32) -> io::Result<Received> {
    let mut vectors: Vec<libc::iovec> =
        buffers.iter_mut().map(|buffer| vector(buffer.as_mut_ptr(), buffer.len())).collect();
    // Words, for the alignment of headers.
    let mut control = vec![0u64; room.div_ceil(8)];
    let mut address = Address { bytes: [0; ROOM], length: 0 };
    // SAFETY: all-zero bytes are a valid header without anything.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_name = address.bytes.as_mut_ptr().cast();
    header.msg_namelen = ROOM as u32;
    header.msg_iov = vectors.as_mut_ptr();
    header.msg_iovlen = vectors.len();
    if room > 0 {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = room;
    }
    // SAFETY: the header describes memory that lives and is ours.
    let count = check(unsafe { libc::recvmsg(fd, &raw mut header, flags) } as i64)? as usize;
    address.length = (header.msg_namelen as usize).min(ROOM);
    // SAFETY: the header that the call has filled.
    let control = unsafe { control_of(&header) };
    Ok(Received { count, control, flags: header.msg_flags, address })
}

/// # Safety
/// A header that `recvmsg` has filled.
unsafe fn control_of(header: &libc::msghdr) -> Vec<Control> {
    let mut out = Vec::new();
    let end = header.msg_control.addr() + header.msg_controllen;
    // SAFETY: the macros walk within the control buffer; a truncated last piece is cut at its end.
    unsafe {
        let mut next = libc::CMSG_FIRSTHDR(header);
        while let Some(piece) = next.as_ref() {
            let data = libc::CMSG_DATA(piece);
            let told = (piece.cmsg_len as usize).saturating_sub(libc::CMSG_LEN(0) as usize);
            let length = told.min(end.saturating_sub(data.addr()));
            let bytes = std::slice::from_raw_parts(data, length).to_vec();
            out.push((piece.cmsg_level, piece.cmsg_type, bytes));
            next = libc::CMSG_NXTHDR(header, piece);
        }
    }
    out
}

pub(crate) fn sendmsg(
    fd: i32,
    buffers: &[Vec<u8>],
    pieces: &[Control],
    flags: i32,
    to: Option<&Address>,
) -> io::Result<usize> {
    let mut vectors: Vec<libc::iovec> =
        buffers.iter().map(|buffer| vector(buffer.as_ptr().cast_mut(), buffer.len())).collect();
    let room: usize = pieces.iter().map(|piece| control_space(piece.2.len() as u32)).sum();
    let mut control = vec![0u64; room.div_ceil(8)];
    // SAFETY: all-zero bytes are a valid header without anything.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    if let Some(to) = to {
        header.msg_name = to.bytes.as_ptr().cast_mut().cast();
        header.msg_namelen = to.length as u32;
    }
    header.msg_iov = vectors.as_mut_ptr();
    header.msg_iovlen = vectors.len();
    if room > 0 {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = room;
        let mut at = 0;
        for (level, kind, data) in pieces {
            // SAFETY: the pieces' spaces add up to the buffer, which is aligned for headers.
            unsafe {
                let piece = control.as_mut_ptr().cast::<u8>().add(at).cast::<libc::cmsghdr>();
                (*piece).cmsg_level = *level;
                (*piece).cmsg_type = *kind;
                (*piece).cmsg_len = control_length(data.len() as u32) as _;
                std::ptr::copy_nonoverlapping(data.as_ptr(), libc::CMSG_DATA(piece), data.len());
            }
            at += control_space(data.len() as u32);
        }
    }
    // SAFETY: the header describes memory that lives; it is only read.
    check(unsafe { libc::sendmsg(fd, &raw const header, flags) } as i64).map(|count| count as usize)
}

/// What `getaddrinfo` looks for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hints {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub flags: i32,
}

/// One answer of `getaddrinfo`.
pub(crate) struct Resolved {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub canonical: Vec<u8>,
    pub address: Address,
}

/// Why a name was not resolved.
pub(crate) enum Unresolved {
    /// A code of `getaddrinfo`, and its text.
    Code(i32, String),
    System(io::Error),
}

fn unresolved(code: i32) -> Unresolved {
    if code == libc::EAI_SYSTEM {
        return Unresolved::System(io::Error::last_os_error());
    }
    // SAFETY: gai_strerror gives a static C string.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
    Unresolved::Code(code, text.to_string_lossy().into_owned())
}

pub(crate) fn getaddrinfo(
    host: Option<&CStr>,
    service: Option<&CStr>,
    hints: Hints,
) -> Result<Vec<Resolved>, Unresolved> {
    // SAFETY: all-zero bytes are valid hints.
    let mut wanted: libc::addrinfo = unsafe { std::mem::zeroed() };
    (wanted.ai_family, wanted.ai_socktype) = (hints.family, hints.kind);
    (wanted.ai_protocol, wanted.ai_flags) = (hints.protocol, hints.flags);
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    let mut list = std::ptr::null_mut();
    // SAFETY: null or C strings, valid hints, room for the list.
    let code =
        unsafe { libc::getaddrinfo(pointer(host), pointer(service), &raw const wanted, &raw mut list) };
    if code != 0 {
        return Err(unresolved(code));
    }
    let mut out = Vec::new();
    let mut next = list;
    // SAFETY: the list is walked to its end and freed once; names are null or C strings.
    unsafe {
        while let Some(entry) = next.as_ref() {
            let canonical = match entry.ai_canonname.is_null() {
                true => Vec::new(),
                false => CStr::from_ptr(entry.ai_canonname).to_bytes().to_vec(),
            };
            out.push(Resolved {
                family: entry.ai_family,
                kind: entry.ai_socktype,
                protocol: entry.ai_protocol,
                canonical,
                address: Address::copied(entry.ai_addr, entry.ai_addrlen),
            });
            next = entry.ai_next;
        }
        libc::freeaddrinfo(list);
    }
    Ok(out)
}

/// Host and service of an address.
pub(crate) fn getnameinfo(address: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), Unresolved> {
    let (mut host, mut service) = ([0u8; 1025], [0u8; 32]);
    // SAFETY: an address of that length, room of those lengths.
    let code = unsafe {
        libc::getnameinfo(
            address.pointer(),
            address.length as u32,
            host.as_mut_ptr().cast(),
            host.len() as u32,
            service.as_mut_ptr().cast(),
            service.len() as u32,
            flags,
        )
    };
    if code != 0 {
        return Err(unresolved(code));
    }
    let text = |bytes: &[u8]| bytes.iter().copied().take_while(|byte| *byte != 0).collect();
    Ok((text(&host), text(&service)))
}

/// A host's entry: name, aliases, family, addresses.
pub(crate) struct Host {
    pub name: Vec<u8>,
    pub aliases: Vec<Vec<u8>>,
    pub family: i32,
    pub addresses: Vec<Vec<u8>>,
}

// SAFETY: the declarations are those of the C library's headers.
unsafe extern "C" {
    fn gethostbyname_r(
        name: *const libc::c_char,
        entry: *mut libc::hostent,
        buffer: *mut libc::c_char,
        length: usize,
        result: *mut *mut libc::hostent,
        error: *mut libc::c_int,
    ) -> libc::c_int;
    fn gethostbyaddr_r(
        address: *const libc::c_void,
        address_length: libc::socklen_t,
        family: libc::c_int,
        entry: *mut libc::hostent,
        buffer: *mut libc::c_char,
        length: usize,
        result: *mut *mut libc::hostent,
        error: *mut libc::c_int,
    ) -> libc::c_int;
    fn hstrerror(code: libc::c_int) -> *const libc::c_char;
    fn inet_ntop(
        family: libc::c_int,
        address: *const libc::c_void,
        text: *mut libc::c_char,
        length: libc::socklen_t,
    ) -> *const libc::c_char;
    fn inet_pton(family: libc::c_int, text: *const libc::c_char, address: *mut libc::c_void) -> libc::c_int;
    fn inet_aton(text: *const libc::c_char, address: *mut libc::in_addr) -> libc::c_int;
    fn getservbyname(name: *const libc::c_char, protocol: *const libc::c_char) -> *mut libc::servent;
    fn getservbyport(port: libc::c_int, protocol: *const libc::c_char) -> *mut libc::servent;
    fn getprotobyname(name: *const libc::c_char) -> *mut libc::protoent;
    fn sethostname(name: *const libc::c_char, length: usize) -> libc::c_int;
}

/// # Safety
/// An entry whose strings and addresses are alive, the lists ended by null.
unsafe fn host_of(entry: &libc::hostent) -> Host {
    // SAFETY: the caller's promise.
    unsafe {
        let mut aliases = Vec::new();
        let mut next = entry.h_aliases;
        while !next.is_null() && !(*next).is_null() {
            aliases.push(CStr::from_ptr(*next).to_bytes().to_vec());
            next = next.add(1);
        }
        let mut addresses = Vec::new();
        let mut next = entry.h_addr_list;
        while !next.is_null() && !(*next).is_null() {
            addresses
                .push(std::slice::from_raw_parts((*next).cast::<u8>(), entry.h_length as usize).to_vec());
            next = next.add(1);
        }
        let name = CStr::from_ptr(entry.h_name).to_bytes().to_vec();
        Host { name, aliases, family: entry.h_addrtype, addresses }
    }
}

/// Looks a host up by name, or by address and family; the error is a number of its own kind with its text.
pub(crate) fn host(name: Option<&CStr>, address: &[u8], family: i32) -> Result<Host, (i32, String)> {
    let mut room = vec![0u8; 1 << 16];
    let mut entry = MaybeUninit::<libc::hostent>::zeroed();
    let (mut found, mut error) = (std::ptr::null_mut(), 0);
    let (buffer, length) = (room.as_mut_ptr().cast(), room.len());
    // SAFETY: C string or address of that length, room for the entry and its strings, which are copied.
    unsafe {
        match name {
            Some(name) => gethostbyname_r(
                name.as_ptr(),
                entry.as_mut_ptr(),
                buffer,
                length,
                &raw mut found,
                &raw mut error,
            ),
            None => gethostbyaddr_r(
                address.as_ptr().cast(),
                address.len() as u32,
                family,
                entry.as_mut_ptr(),
                buffer,
                length,
                &raw mut found,
                &raw mut error,
            ),
        };
        match found.as_ref() {
            Some(entry) => Ok(host_of(entry)),
            None => Err((error, CStr::from_ptr(hstrerror(error)).to_string_lossy().into_owned())),
        }
    }
}

/// The text of a packed address; `None` for families without one.
pub(crate) fn address_text(family: i32, packed: &[u8]) -> Option<String> {
    let wanted = match family {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return None,
    };
    let mut room = [0u8; 64];
    if packed.len() != wanted {
        return None;
    }
    // SAFETY: an address of the family's length, room for its text.
    let text =
        unsafe { inet_ntop(family, packed.as_ptr().cast(), room.as_mut_ptr().cast(), room.len() as u32) };
    if text.is_null() {
        return None;
    }
    CStr::from_bytes_until_nul(&room).ok().map(|text| text.to_string_lossy().into_owned())
}

/// The packed address of a text; `Ok(None)` when it is none.
pub(crate) fn packed_address(family: i32, text: &CStr) -> io::Result<Option<Vec<u8>>> {
    let mut room = [0u8; 16];
    // SAFETY: a C string, room for the longest address.
    match check(unsafe { inet_pton(family, text.as_ptr(), room.as_mut_ptr().cast()) }.into())? {
        0 => Ok(None),
        _ => Ok(Some(room[..if family == libc::AF_INET { 4 } else { 16 }].to_vec())),
    }
}

/// `inet_aton`, which knows short and hexadecimal forms.
pub(crate) fn aton(text: &CStr) -> Option<[u8; 4]> {
    let mut address = libc::in_addr { s_addr: 0 };
    // SAFETY: a C string, room for the result.
    (unsafe { inet_aton(text.as_ptr(), &raw mut address) } != 0).then(|| address.s_addr.to_ne_bytes())
}

/// The C library's tables of services and protocols have one result for the whole process.
static TABLES: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn alone() -> std::sync::MutexGuard<'static, ()> {
    TABLES.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn protocol_pointer(protocol: Option<&CStr>) -> *const libc::c_char {
    protocol.map_or(std::ptr::null(), CStr::as_ptr)
}

/// The port of a service.
pub(crate) fn service_port(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    let _alone = alone();
    // SAFETY: C strings; the result is read before anybody else asks.
    let entry = unsafe { getservbyname(name.as_ptr(), protocol_pointer(protocol)).as_ref() }?;
    Some(u16::from_be(entry.s_port as u16))
}

/// The name of the service at a port.
pub(crate) fn service_name(port: u16, protocol: Option<&CStr>) -> Option<Vec<u8>> {
    let _alone = alone();
    // SAFETY: null or a C string; the result is read before anybody else asks.
    unsafe {
        let entry = getservbyport(port.to_be().into(), protocol_pointer(protocol)).as_ref()?;
        Some(CStr::from_ptr(entry.s_name).to_bytes().to_vec())
    }
}

pub(crate) fn protocol_number(name: &CStr) -> Option<i32> {
    let _alone = alone();
    // SAFETY: a C string; the result is read before anybody else asks.
    unsafe { getprotobyname(name.as_ptr()).as_ref() }.map(|entry| entry.p_proto)
}

pub(crate) fn set_host_name(name: &[u8]) -> io::Result<()> {
    // SAFETY: valid for reads of its length.
    check(unsafe { sethostname(name.as_ptr().cast(), name.len()) }.into()).map(drop)
}

pub(crate) fn interface_index(name: &CStr) -> io::Result<u32> {
    // SAFETY: a C string.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        index => Ok(index),
    }
}

pub(crate) fn interface_name(index: u32) -> io::Result<Vec<u8>> {
    let mut room = [0u8; 64];
    // SAFETY: room for a name, which has at most 16 bytes.
    if unsafe { libc::if_indextoname(index, room.as_mut_ptr().cast()) }.is_null() {
        return Err(io::Error::last_os_error());
    }
    Ok(room.iter().copied().take_while(|byte| *byte != 0).collect())
}

/// (index, name) of all interfaces.
pub(crate) fn interfaces() -> io::Result<Vec<(u32, Vec<u8>)>> {
    // SAFETY: the list ends with index 0 and is freed once.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(io::Error::last_os_error());
        }
        let mut out = Vec::new();
        let mut next = list;
        while (*next).if_index != 0 {
            out.push(((*next).if_index, CStr::from_ptr((*next).if_name).to_bytes().to_vec()));
            next = next.add(1);
        }
        libc::if_freenameindex(list);
        Ok(out)
    }
}
