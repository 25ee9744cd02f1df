//! taipan-gc.
