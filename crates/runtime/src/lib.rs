//! taipan-runtime.
