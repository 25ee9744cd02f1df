//! Small changes to library files that name another implementation, applied when the image is built.
//! Invariant: `old` stands in the file, or the build fails.

/// A replacement in one file.
pub(crate) struct Patch {
    /// What it is for.
    pub(crate) name: &'static str,
    /// The file, relative to the library.
    pub(crate) file: &'static str,
    /// What stands there.
    pub(crate) old: &'static str,
    /// What shall stand there.
    pub(crate) new: &'static str,
}

/// All patches.
pub(crate) const PATCHES: &[Patch] = &[
    Patch {
        name: "sysconfig: the directories are Python's",
        file: "sysconfig/__init__.py",
        old: "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n",
        new: "    return 'Python'\n",
    },
    Patch {
        name: "site: the directories are Python's",
        file: "site.py",
        old: "    return 'RustPython' # XXX: RUSTPYTHON; for site-packages\n",
        new: "    return 'Python'\n",
    },
    Patch {
        name: "site: the user's directory is Python's",
        file: "site.py",
        old: "    # XXX: RUSTPYTHON\n    return f'{userbase}/lib/rustpython{version[0]}",
        new: "    return f'{userbase}/lib/python{version[0]}",
    },
    Patch {
        name: "asyncio: no view of a buffer is left to the collector before the buffer is resized",
        file: "asyncio/streams.py",
        old: "data = bytes(memoryview(self._buffer)[:n])",
        new: "data = bytes(self._buffer[:n])",
    },
];
