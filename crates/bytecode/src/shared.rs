//! Shared code that may still lie in an image. CPython's counterpart: deep-frozen code that is hydrated when it runs.
//! Invariant: what stands behind a `SharedCode` never changes once somebody has seen it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::{Code, CodeView};

/// Code with several owners. Code of a static image is read at the first look into it: most functions of a module that
/// is imported are never called.
#[derive(Clone)]
pub struct SharedCode(Arc<Lazy>);

struct Lazy {
    code: OnceLock<Code>,
    /// Where it comes from, and the file name of its module.
    origin: Option<(CodeView<'static>, Arc<str>)>,
}

impl SharedCode {
    /// Of code that is there.
    pub fn new(code: Code) -> SharedCode {
        SharedCode(Arc::new(Lazy { code: OnceLock::from(code), origin: None }))
    }

    /// Of code that is to be read from an image, which must be sound: reading it later can't be refused.
    pub fn in_image(view: CodeView<'static>, filename: Arc<str>) -> SharedCode {
        SharedCode(Arc::new(Lazy { code: OnceLock::new(), origin: Some((view, filename)) }))
    }

    /// Are they one?
    pub fn is(&self, other: &SharedCode) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A number that tells it from others that live.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// `co_name`, without a look into the rest.
    pub fn name(&self) -> &str {
        self.from_image(CodeView::name).unwrap_or_else(|| &self.name)
    }

    /// `co_qualname`, likewise.
    pub fn qualname(&self) -> &str {
        self.from_image(CodeView::qualname).unwrap_or_else(|| &self.qualname)
    }

    /// The WTF-8 of its docstring, if it has one and lies in the image still.
    pub fn docstring_in_image(&self) -> Option<&'static [u8]> {
        self.from_image(CodeView::docstring)
    }

    fn from_image<T>(&self, read: impl Fn(CodeView<'static>) -> Option<T>) -> Option<T> {
        match (&self.0.origin, self.0.code.get()) {
            (Some((view, _)), None) => read(*view),
            _ => None,
        }
    }

    #[cold]
    fn read(&self) -> &Code {
        self.0.code.get_or_init(|| {
            let (view, filename) = self.0.origin.as_ref().expect("code is there or has an origin");
            view.read(filename).expect("a static image is sound")
        })
    }
}

impl Deref for SharedCode {
    type Target = Code;

    #[inline(always)]
    fn deref(&self) -> &Code {
        match self.0.code.get() {
            Some(code) => code,
            None => self.read(),
        }
    }
}

impl From<Code> for SharedCode {
    fn from(code: Code) -> SharedCode {
        SharedCode::new(code)
    }
}

impl std::fmt::Debug for SharedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}
