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
        name: "asyncio: its session needs no module that looks into other processes",
        file: "asyncio/__main__.py",
        old: "import asyncio\nimport asyncio.tools\n",
        new: "import asyncio\n",
    },
    Patch {
        name: "asyncio: ps and pstree need it",
        file: "asyncio/__main__.py",
        old: "    match args.command:\n",
        new: "    if args.command:\n        import asyncio.tools\n    match args.command:\n",
    },
    Patch {
        name: "sysconfig: the directories are Python's",
        file: "sysconfig/__init__.py",
        old: "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n",
        new: "    return 'Python'\n",
    },
    Patch {
        name: "sysconfig: the directories have no letter for threads",
        file: "sysconfig/__init__.py",
        old: "'t' if _CONFIG_VARS.get('Py_GIL_DISABLED') else ''",
        new: "'t' if 't' in sys.abiflags else ''",
    },
    Patch {
        name: "linecache: the text of -c is asked for, so that it need not be registered before somebody wants it",
        file: "linecache.py",
        old: "        _interactive_cache[key] = entry\n",
        new: "        _interactive_cache[key] = entry\n\n\nimport _imp\n_imp._register_program(_register_code)\ndel _imp\n",
    },
    Patch {
        name: "sqlite3: a dump quotes the apostrophes of a table's name, which stands in a text there",
        file: "sqlite3/dump.py",
        old: "INSERT INTO {0} VALUES('{1}')' FROM {0};\".format(\n            table_name_ident,\n",
        new: "INSERT INTO {0[0]} VALUES('{1}')' FROM {0[1]};\".format(\n            (table_name_ident.replace(\"'\", \"''\"), table_name_ident),\n",
    },
    Patch {
        name: "zoneinfo: the repr of a native class begins with its module",
        file: "zoneinfo/_zoneinfo.py",
        old: "        if self._key is not None:\n            return f\"{self.__class__.__name__}(key={self._key!r})\"\n        else:\n            return f\"{self.__class__.__name__}.from_file({self._file_repr})\"\n",
        new: "        name = 'zoneinfo.ZoneInfo' if self.__class__ is ZoneInfo else self.__class__.__name__\n        if self._key is not None:\n            return f\"{name}(key={self._key!r})\"\n        else:\n            return f\"{name}.from_file({self._file_repr})\"\n",
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
        name: "importlib: archives are imported from, by a module that is loaded when there is one",
        file: "importlib/_bootstrap_external.py",
        old: "    sys.path_hooks.extend([FileFinder.path_hook(*supported_loaders)])\n",
        new: "    sys.path_hooks.extend([_archive_hook, FileFinder.path_hook(*supported_loaders), _imp._library_finder])\n",
    },
    Patch {
        name: "importlib: most modules of the library are found on sys.path",
        file: "importlib/_bootstrap.py",
        old: "        info = _call_with_frames_removed(_imp.find_frozen, fullname)\n        if info is None:\n",
        new: "        info = _imp._find_in_library(fullname, path)\n        if info is None:\n",
    },
    Patch {
        name: "importlib: the hook for archives",
        file: "importlib/_bootstrap_external.py",
        old: "def _install(_bootstrap_module):\n",
        new: "def _archive_hook(path):\n    prefix = path if isinstance(path, str) else ''\n    while prefix:\n        \
              try:\n            mode = _path_stat(prefix).st_mode\n        except (OSError, ValueError):\n            \
              shorter = _path_split(prefix)[0]\n            prefix = shorter if shorter != prefix else ''\n            \
              continue\n        if mode & 0o170000 != 0o100000:\n            break\n        \
              from zipimport import zipimporter\n        if _archive_hook in sys.path_hooks:\n            \
              sys.path_hooks[sys.path_hooks.index(_archive_hook)] = zipimporter\n        \
              return zipimporter(path)\n    raise ImportError('not a Zip file', path=path)\n\n\n\
              def _install(_bootstrap_module):\n",
    },
    Patch {
        name: "importlib: the sources of library modules are known",
        file: "importlib/_bootstrap.py",
        old: "        \"\"\"Return None as frozen modules do not have source code.\"\"\"\n        return None\n",
        new: "        \"\"\"Return the source of the module.\"\"\"\n        return _imp._frozen_source(fullname)\n",
    },
    Patch {
        name: "pdb: a function begins behind what prepares its frame",
        file: "pdb.py",
        old: "        if prev is not None and prev.opname == 'RESUME':\n",
        new: "        if instr.opname not in ('MAKE_CELL', 'COPY_FREE_VARS', 'GENERATOR_START'):\n",
    },
    Patch {
        name: "asyncio: no view of a buffer is left to the collector before the buffer is resized",
        file: "asyncio/streams.py",
        old: "data = bytes(memoryview(self._buffer)[:n])",
        new: "data = bytes(self._buffer[:n])",
    },
    Patch {
        name: "ensurepip: the wheel lies in the program",
        file: "ensurepip/__init__.py",
        old: "    return resources.as_file(\n        resources.files('ensurepip')\n        / '_bundled'\n        / f'pip-{_PIP_VERSION}-py3-none-any.whl'\n    )\n",
        new: "    from ensurepip._bundled import wheel\n    return wheel(f'pip-{_PIP_VERSION}-py3-none-any.whl')\n",
    },
    Patch {
        name: "ssl: the arguments of SSLObject are checked as those of SSLSocket are",
        file: "ssl.py",
        old: "        self = cls.__new__(cls)\n        sslobj = context._wrap_bio(\n",
        new: "        if server_side:\n            if server_hostname:\n                raise ValueError(\"server_hostname can only be specified \"\n                                 \"in client mode\")\n            if session is not None:\n                raise ValueError(\"session can only be specified in \"\n                                 \"client mode\")\n        if context.check_hostname and not server_hostname:\n            raise ValueError(\"check_hostname requires server_hostname\")\n        self = cls.__new__(cls)\n        sslobj = context._wrap_bio(\n",
    },
];
