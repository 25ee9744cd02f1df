//! What went wrong, as OpenSSL would say it. CPython: `fill_and_set_sslerror` and `PySSL_SetError` in `Modules/_ssl.c`.
//!
//! Invariant: a failure is plain data; it becomes an exception where no lock is held.

use std::borrow::Cow;
use std::io;

use taipan_runtime::prelude::*;

use crate::exceptions::{self, Kind};

/// The numbers that `SSLError.errno` has (`SSL_ERROR_*`).
pub(crate) mod number {
    pub(crate) const SSL: i32 = 1;
    pub(crate) const WANT_READ: i32 = 2;
    pub(crate) const WANT_WRITE: i32 = 3;
    pub(crate) const ZERO_RETURN: i32 = 6;
    pub(crate) const EOF: i32 = 8;
}

/// The lines of CPython 3.14's `_ssl.c` that messages end with.
pub(crate) mod line {
    pub(crate) const SYSTEM_EOF: u32 = 681;
    pub(crate) const SERVER_NAME: u32 = 865;
    pub(crate) const SERVER_OF_CLIENT: u32 = 908;
    pub(crate) const CLIENT_OF_SERVER: u32 = 915;
    pub(crate) const HANDSHAKE_TIMEOUT: u32 = 1112;
    pub(crate) const CERTIFICATE_CHAIN: u32 = 4291;
    pub(crate) const PRIVATE_KEY: u32 = 4312;
    pub(crate) const KEY_CHECK: u32 = 4320;
    pub(crate) const NO_CA_DATA: u32 = 4410;
    pub(crate) const CA_DATA: u32 = 4423;
    pub(crate) const VERIFY_LOCATIONS: u32 = 4544;
    pub(crate) const DH_PARAMETERS: u32 = 4600;
}

/// A failed check of a certificate: OpenSSL's number and words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unverified {
    pub(crate) code: i32,
    pub(crate) message: Cow<'static, str>,
}

/// An `SSLError` to be.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) number: i32,
    pub(crate) library: Option<&'static str>,
    pub(crate) reason: Option<Cow<'static, str>>,
    pub(crate) text: Cow<'static, str>,
    pub(crate) unverified: Option<Unverified>,
    /// Where it is not the line of the operation.
    pub(crate) line: Option<u32>,
    /// A system call's error, which is raised as such.
    pub(crate) errno: Option<i32>,
}

impl Failure {
    fn new(kind: Kind, number: i32, text: impl Into<Cow<'static, str>>) -> Failure {
        Failure {
            kind,
            number,
            library: None,
            reason: None,
            text: text.into(),
            unverified: None,
            line: None,
            errno: None,
        }
    }

    /// Words without a library.
    pub(crate) fn plain(number: i32, text: impl Into<Cow<'static, str>>) -> Failure {
        Failure::new(Kind::Ssl, number, text)
    }

    /// A reason of the library `SSL`; the words are those of its name.
    pub(crate) fn ssl(reason: &'static str) -> Failure {
        let text = reason.to_ascii_lowercase().replace('_', " ");
        Failure::worded(reason, text)
    }

    /// A reason of the library `SSL` and its words.
    pub(crate) fn worded(reason: &'static str, text: impl Into<Cow<'static, str>>) -> Failure {
        Failure::of_library("SSL", Some(reason), text).numbered(number::SSL)
    }

    /// A reason of any library.
    pub(crate) fn of_library(
        library: &'static str,
        reason: Option<&'static str>,
        text: impl Into<Cow<'static, str>>,
    ) -> Failure {
        let mut failure = Failure::new(Kind::Ssl, number::SSL, text);
        failure.library = Some(library);
        failure.reason = reason.map(Cow::Borrowed);
        failure
    }

    pub(crate) fn numbered(mut self, number: i32) -> Failure {
        self.number = number;
        self
    }

    pub(crate) fn at(mut self, line: u32) -> Failure {
        self.line = Some(line);
        self
    }

    pub(crate) fn want_read() -> Failure {
        Failure::new(Kind::WantRead, number::WANT_READ, "The operation did not complete (read)")
    }

    pub(crate) fn want_write() -> Failure {
        Failure::new(Kind::WantWrite, number::WANT_WRITE, "The operation did not complete (write)")
    }

    pub(crate) fn closed() -> Failure {
        Failure::new(Kind::ZeroReturn, number::ZERO_RETURN, "TLS/SSL connection has been closed (EOF)")
    }

    /// The end of the stream in the middle of something.
    pub(crate) fn unexpected_eof() -> Failure {
        let mut failure = Failure::worded("UNEXPECTED_EOF_WHILE_READING", EOF_TEXT).numbered(number::EOF);
        failure.kind = Kind::Eof;
        failure
    }

    /// What a connection says that has failed before.
    pub(crate) fn dead() -> Failure {
        Failure::new(Kind::Eof, number::EOF, EOF_TEXT)
    }

    pub(crate) fn unverified(unverified: Unverified) -> Failure {
        let mut failure = Failure::worded("CERTIFICATE_VERIFY_FAILED", "certificate verify failed");
        failure.kind = Kind::Verification;
        failure.unverified = Some(unverified);
        failure
    }

    pub(crate) fn system(error: &io::Error) -> Failure {
        let mut failure = Failure::new(Kind::Syscall, 5, "Some I/O error occurred");
        failure.errno = error.raw_os_error();
        failure
    }

    fn message(&self, line: u32) -> String {
        let mut message = match (self.library, &self.reason) {
            (Some(library), Some(reason)) => format!("[{library}: {reason}] "),
            (Some(library), None) => format!("[{library}] "),
            _ => String::new(),
        };
        message.push_str(&self.text);
        if let Some(unverified) = &self.unverified {
            message.push_str(": ");
            message.push_str(&unverified.message);
        }
        message.push_str(&format!(" (_ssl.c:{line})"));
        message
    }

    /// Raises the exception; `line` is that of the operation.
    #[cold]
    pub(crate) fn raise(&self, cx: &mut Context, line: u32) -> Raised {
        if let Some(errno) = self.errno {
            return cx.os_error(errno);
        }
        match self.exception(cx, self.line.unwrap_or(line)) {
            Ok(exception) => cx.raise(exception),
            Err(raised) => raised,
        }
    }

    fn exception(&self, cx: &mut Context, line: u32) -> Result {
        let class = exceptions::class(cx, self.kind)?;
        let text = cx.new_str(&self.message(line)).value();
        let exception = cx.call(class, &[Value::int(self.number.into()), text])?;
        let reason = match &self.reason {
            Some(reason) => cx.new_str(reason).value(),
            None => Value::NONE,
        };
        cx.set_attr_str(exception, "reason", reason)?;
        let library = match self.library {
            Some(library) => cx.new_str(library).value(),
            None => Value::NONE,
        };
        cx.set_attr_str(exception, "library", library)?;
        if let Some(unverified) = &self.unverified {
            cx.set_attr_str(exception, "verify_code", Value::int(unverified.code.into()))?;
            let message = cx.new_str(&unverified.message).value();
            cx.set_attr_str(exception, "verify_message", message)?;
        }
        Ok(exception)
    }
}

const EOF_TEXT: &str = "EOF occurred in violation of protocol";
