//! taipan-library.
