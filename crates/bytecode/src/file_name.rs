//! `FileName`: `co_filename`, which may be told once more where its source lies now.
//! Invariant: it changes at most once, from the name that was written to the one that the importer found.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The name of a source file.
#[derive(Clone, Debug)]
pub struct FileName {
    written: Arc<str>,
    found: OnceLock<Arc<str>>,
}

impl FileName {
    /// The name, to keep.
    pub fn share(&self) -> Arc<str> {
        self.found.get().unwrap_or(&self.written).clone()
    }

    /// The file turned out to lie elsewhere, where its byte-code was loaded from (`_imp._fix_co_filename`). Only the first
    /// time counts.
    pub fn move_to(&self, found: &Arc<str>) {
        let _ = self.found.set(found.clone());
    }
}

impl From<Arc<str>> for FileName {
    fn from(written: Arc<str>) -> FileName {
        FileName { written, found: OnceLock::new() }
    }
}

impl From<&str> for FileName {
    fn from(written: &str) -> FileName {
        FileName::from(Arc::from(written))
    }
}

impl Deref for FileName {
    type Target = str;

    fn deref(&self) -> &str {
        self.found.get().unwrap_or(&self.written)
    }
}
