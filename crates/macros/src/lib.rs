//! taipan-macros.
