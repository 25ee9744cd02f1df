//! Exceptions: their classes, how natives raise them, how they are chained and matched.
//!
//! Invariant: raising from a native runs no Python; whatever needs Python (a user's class, `str()`)
//! happens when the exception is made by a call or when it is shown.

pub mod attribute_error;
pub mod base;
pub mod group;
pub mod hierarchy;
pub mod import_error;
pub mod messages;
pub mod name_error;
pub mod os_error;
pub mod print;
pub mod raise;
pub mod stop_iteration;
pub mod syntax_error;
pub mod unicode;

pub use base::BaseException;
pub use hierarchy::*;
pub use raise::chain;
