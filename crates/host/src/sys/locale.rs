//! The C library's locales.
//!
//! Invariant: the locale is the process's, as in every C program; results are copied at once.

use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Results live in memory that the next call changes.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// # Safety
/// Null, or a C string.
unsafe fn text(pointer: *const libc::c_char) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec()
}

/// Sets a category's locale, or asks for it; `None` if there is no such locale.
pub(crate) fn setlocale(category: i32, locale: Option<&CStr>) -> Option<Vec<u8>> {
    let _alone = alone();
    // SAFETY: null or a C string; the result is copied before the next call.
    unsafe {
        let found = libc::setlocale(category, locale.map_or(std::ptr::null(), CStr::as_ptr));
        if found.is_null() { None } else { Some(text(found)) }
    }
}

pub(crate) fn nl_langinfo(item: i32) -> Vec<u8> {
    let _alone = alone();
    // SAFETY: a number; the result is copied before the next call.
    unsafe { text(libc::nl_langinfo(item)) }
}

/// How the locale writes numbers.
pub(crate) struct Conventions {
    /// In the order of the struct: decimal_point, thousands_sep, grouping, int_curr_symbol, currency_symbol,
    /// mon_decimal_point, mon_thousands_sep, mon_grouping, positive_sign, negative_sign.
    pub texts: [Vec<u8>; 10],
    /// int_frac_digits, frac_digits, p_cs_precedes, p_sep_by_space, n_cs_precedes, n_sep_by_space, p_sign_posn,
    /// n_sign_posn.
    pub numbers: [i8; 8],
}

pub(crate) fn localeconv() -> Conventions {
    let _alone = alone();
    // SAFETY: the record and its strings stay until the next call; they are copied.
    unsafe {
        let found = &*libc::localeconv();
        Conventions {
            texts: [
                text(found.decimal_point),
                text(found.thousands_sep),
                text(found.grouping),
                text(found.int_curr_symbol),
                text(found.currency_symbol),
                text(found.mon_decimal_point),
                text(found.mon_thousands_sep),
                text(found.mon_grouping),
                text(found.positive_sign),
                text(found.negative_sign),
            ],
            numbers: [
                found.int_frac_digits,
                found.frac_digits,
                found.p_cs_precedes,
                found.p_sep_by_space,
                found.n_cs_precedes,
                found.n_sep_by_space,
                found.p_sign_posn,
                found.n_sign_posn,
            ],
        }
    }
}

// SAFETY: the declarations are those of the C library's headers.
unsafe extern "C" {
    fn wcscoll(a: *const libc::wchar_t, b: *const libc::wchar_t) -> libc::c_int;
    fn wcsxfrm(out: *mut libc::wchar_t, text: *const libc::wchar_t, count: usize) -> usize;
    fn gettext(message: *const libc::c_char) -> *mut libc::c_char;
    fn dgettext(domain: *const libc::c_char, message: *const libc::c_char) -> *mut libc::c_char;
    fn dcgettext(
        domain: *const libc::c_char,
        message: *const libc::c_char,
        category: libc::c_int,
    ) -> *mut libc::c_char;
    fn textdomain(domain: *const libc::c_char) -> *mut libc::c_char;
    fn bindtextdomain(domain: *const libc::c_char, directory: *const libc::c_char) -> *mut libc::c_char;
    fn bind_textdomain_codeset(
        domain: *const libc::c_char,
        codeset: *const libc::c_char,
    ) -> *mut libc::c_char;
}

/// Code points, ended by 0.
fn wide(text: &[u32]) -> Vec<libc::wchar_t> {
    text.iter().map(|code| *code as libc::wchar_t).chain([0]).collect()
}

pub(crate) fn collate(a: &[u32], b: &[u32]) -> i32 {
    let (a, b) = (wide(a), wide(b));
    // SAFETY: both end with 0.
    unsafe { wcscoll(a.as_ptr(), b.as_ptr()) }
}

/// A text that compares as the locale sorts `text`.
pub(crate) fn transform(text: &[u32]) -> Vec<u32> {
    let text = wide(text);
    let mut room = vec![0; text.len()];
    loop {
        // SAFETY: room for that many code points; the text ends with 0.
        let length = unsafe { wcsxfrm(room.as_mut_ptr(), text.as_ptr(), room.len()) };
        if length < room.len() {
            room.truncate(length);
            return room.iter().map(|code| *code as u32).collect();
        }
        room = vec![0; length + 1];
    }
}

fn pointer(text: Option<&CStr>) -> *const libc::c_char {
    text.map_or(std::ptr::null(), CStr::as_ptr)
}

/// The translation of a message: in the current domain, or in a domain, or in a domain and category.
pub(crate) fn translated(domain: Option<Option<&CStr>>, message: &CStr, category: Option<i32>) -> Vec<u8> {
    let _alone = alone();
    // SAFETY: null or C strings; the result is copied before the next call.
    unsafe {
        text(match (domain, category) {
            (None, _) => gettext(message.as_ptr()),
            (Some(domain), None) => dgettext(pointer(domain), message.as_ptr()),
            (Some(domain), Some(category)) => dcgettext(pointer(domain), message.as_ptr(), category),
        })
    }
}

/// Sets the domain, or asks for it.
pub(crate) fn domain(domain: Option<&CStr>) -> Option<Vec<u8>> {
    let _alone = alone();
    // SAFETY: null or a C string; the result is copied before the next call.
    unsafe {
        let found = textdomain(pointer(domain));
        if found.is_null() { None } else { Some(text(found)) }
    }
}

/// Sets where a domain's translations lie, or asks for it.
pub(crate) fn bind_directory(domain: &CStr, directory: Option<&CStr>) -> Option<Vec<u8>> {
    let _alone = alone();
    // SAFETY: C strings or null; the result is copied before the next call.
    unsafe {
        let found = bindtextdomain(domain.as_ptr(), pointer(directory));
        if found.is_null() { None } else { Some(text(found)) }
    }
}

/// Sets the encoding of a domain's translations, or asks for it.
pub(crate) fn bind_encoding(domain: &CStr, codeset: Option<&CStr>) -> Option<Vec<u8>> {
    let _alone = alone();
    // SAFETY: C strings or null; the result is copied before the next call.
    unsafe {
        let found = bind_textdomain_codeset(domain.as_ptr(), pointer(codeset));
        if found.is_null() { None } else { Some(text(found)) }
    }
}
