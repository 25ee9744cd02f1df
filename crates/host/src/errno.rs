//! `errno`: names of the system's error numbers. CPython: `Modules/errnomodule.c`.
//!
//! Invariant: the module's constants and `errorcode` come from one table.

use taipan_runtime::prelude::*;

pub struct Errno;

macro_rules! codes {
    ($($name:ident)*) => {
        const CODES: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*];
    };
}
codes! {
    ENODEV ENOCSI EHOSTUNREACH ENOMSG EUCLEAN EL2NSYNC EL2HLT ENODATA ENOTBLK ENOSYS EPIPE EINVAL EOVERFLOW EADV EINTR
    EUSERS ENOTEMPTY ENOBUFS EPROTO EREMOTE ENAVAIL ECHILD ELOOP EXDEV E2BIG ESRCH EMSGSIZE EAFNOSUPPORT EBADR EHOSTDOWN
    EPFNOSUPPORT ENOPROTOOPT EBUSY EWOULDBLOCK EBADFD EDOTDOT EISCONN ENOTCONN ESHUTDOWN ENONET ENOSTR EBADF ECONNABORTED
    EBADE EILSEQ ECONNREFUSED EDEADLOCK EISDIR EMULTIHOP EEXIST ENOTNAM EACCES EMLINK EL3RST EADDRINUSE EDQUOT
    EPROTOTYPE EADDRNOTAVAIL ESTALE ENOMEM ENOTDIR ESOCKTNOSUPPORT ENOTRECOVERABLE ELIBBAD ELIBMAX EREMCHG EPERM ENFILE
    EDEADLK EFAULT ENOSPC ENXIO EALREADY EIO EROFS EBFONT EISNAM ENOTUNIQ EBADRQC EINPROGRESS ELIBACC ELIBSCN ENETRESET
    ENOLCK EDOM EL3HLT EUNATCH EFBIG ESPIPE ENETUNREACH ETIME EMFILE ENETDOWN ETIMEDOUT ENOSR EREMOTEIO ELNRNG ESTRPIPE
    EBADSLT ENOEXEC EXFULL ENOLINK EOPNOTSUPP ENOTSOCK ETOOMANYREFS ENOTTY EAGAIN EDESTADDRREQ ENOTSUP ENOENT
    ECONNRESET ECOMM ERANGE ESRMNT EBADMSG EPROTONOSUPPORT ELIBEXEC ENOPKG ENOANO ETXTBSY ECANCELED EOWNERDEAD ENOKEY
    EIDRM ECHRNG ENAMETOOLONG ERESTART ENOMEDIUM EKEYEXPIRED EKEYREVOKED EKEYREJECTED EMEDIUMTYPE ERFKILL EHWPOISON
}

/// This module makes available standard errno system symbols.
///
/// The value of each symbol is the corresponding integer value,
/// e.g., on most systems, errno.ENOENT equals the integer 2.
///
/// The dictionary errno.errorcode maps numeric codes to symbol names,
/// e.g., errno.errorcode[2] could be the string 'ENOENT'.
///
/// Symbols that are not relevant to the underlying system are not defined.
///
/// To map error codes to error messages, use the function os.strerror(),
/// e.g. os.strerror(2) could return 'No such file or directory'.
#[module("errno")]
impl Errno {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let names = cx.new_dict();
        for (name, code) in CODES {
            let (name, code) = (cx.intern(name), cx.new_int(i64::from(*code)));
            module.dict().set_str(cx, name, code);
            if !names.contains(cx, code)? {
                names.set(cx, code, name.value())?;
            }
        }
        // These share their number with another name and are the ones that CPython shows.
        for name in ["EAGAIN", "EDEADLOCK", "EOPNOTSUPP"] {
            let name = cx.intern(name);
            if let Some(code) = module.dict().get_str(cx, name) {
                let shown = if name.to_str() == "EOPNOTSUPP" { cx.intern("ENOTSUP") } else { name };
                names.set(cx, code, shown.value())?;
            }
        }
        let errorcode = cx.intern("errorcode");
        module.dict().set_str(cx, errorcode, names.value());
        Ok(())
    }
}
