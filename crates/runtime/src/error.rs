//! `Raised`: the token that says an exception waits in the context.
//!
//! Invariant: `Err(Raised)` is returned exactly when `cx` holds a pending exception; whoever stops the
//! propagation takes it out.

use crate::context::Context;

/// Proof that an exception is pending in the context. Zero-sized, so `Result<Value>` is one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised(pub(crate) ());

pub type Result<T = crate::value::Value> = std::result::Result<T, Raised>;

const _: () = assert!(size_of::<Result<crate::value::Value>>() == 8);

impl Raised {
    /// For code that set the pending exception by other means (the interpreter).
    pub fn pending(cx: &Context) -> Raised {
        debug_assert!(cx.has_exception(), "no exception is pending");
        Raised(())
    }
}
