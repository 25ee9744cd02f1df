//! taipan-interp.
