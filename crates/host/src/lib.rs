//! taipan-host.
