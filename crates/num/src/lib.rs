//! taipan-num.
