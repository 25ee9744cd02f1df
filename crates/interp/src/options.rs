//! What the command line decides. CPython: `PyConfig`.
//! Invariant: set once, before the first code runs.

use std::sync::OnceLock;

/// Options of the process.
#[derive(Clone, Debug)]
pub struct Options {
    /// 0, 1 (`-O`) or 2 (`-OO`).
    pub optimize: u8,
    /// Rewrite instructions for what they see (`-X specialize=0` switches it off).
    pub specialize: bool,
    /// `-v`.
    pub verbose: u8,
    /// `-i`.
    pub inspect: bool,
    /// `-u`.
    pub unbuffered: bool,
    /// `-B`.
    pub dont_write_bytecode: bool,
    /// `-s`.
    pub no_user_site: bool,
    /// `-S`.
    pub no_site: bool,
    /// `-E`.
    pub ignore_environment: bool,
    /// `-I`.
    pub isolated: bool,
    /// `-P`.
    pub safe_path: bool,
    /// `-q`.
    pub quiet: bool,
    /// `-b`.
    pub bytes_warning: u8,
    /// `-d`.
    pub debug: bool,
    /// `-x`.
    pub skip_first_line: bool,
    /// `-R`: the key of hashes is random, whatever the environment says.
    pub random_hashes: bool,
    /// `-X int_max_str_digits`.
    pub digit_limit: usize,
    /// `-X importtime`: 1, or 2 to show modules that are loaded already, too.
    pub import_time: u8,
    /// `-X cpu_count`; none: as many as the system has.
    pub cpu_count: Option<u32>,
    /// `-X gil`, which is only remembered: there is no such lock.
    pub gil: Option<bool>,
    /// `-X pycache_prefix`.
    pub pycache_prefix: Option<std::ffi::OsString>,
    /// `-X no_debug_ranges`: code tells lines only.
    pub no_debug_ranges: bool,
    /// Which of the standard streams were closed when the process began.
    pub closed_streams: [bool; 3],
    /// Is `PYTHONHASHSEED` anything but 0?
    pub hash_randomization: bool,
    /// `-X dev`.
    pub dev_mode: bool,
    /// `-X faulthandler`.
    pub fault_handler: bool,
    /// `-X tracemalloc`: how many frames of a stack to keep; 0 traces no memory.
    pub trace_memory: usize,
    /// UTF-8 mode.
    pub utf8_mode: bool,
    /// Is there an interactive loop even if standard input is no terminal (`-i`)?
    pub interactive: bool,
    /// What the standard streams are encoded by, if not by UTF-8.
    pub io_encoding: Option<String>,
    /// What the standard streams do with what cannot be encoded or decoded, if not the usual.
    pub io_errors: Option<String>,
    /// `-X` options in order.
    pub x_options: Vec<String>,
    /// `-W` options in order.
    pub warn_options: Vec<String>,
    /// `PYTHONPATH`: what `sys.path` begins with.
    pub path: Vec<std::ffi::OsString>,
    /// `sys.argv`.
    pub argv: Vec<std::ffi::OsString>,
    /// `sys.orig_argv`.
    pub orig_argv: Vec<std::ffi::OsString>,
    /// `sys.executable`.
    pub executable: std::ffi::OsString,
    /// `sys._base_executable`: the program that a virtual environment was made with.
    pub base_executable: std::ffi::OsString,
    /// The directory in which that one lies.
    pub home: std::ffi::OsString,
    /// `sys.prefix` of a virtual environment.
    pub prefix: Option<std::ffi::OsString>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            optimize: 0,
            specialize: true,
            verbose: 0,
            inspect: false,
            unbuffered: false,
            dont_write_bytecode: false,
            no_user_site: false,
            no_site: false,
            ignore_environment: false,
            isolated: false,
            safe_path: false,
            quiet: false,
            bytes_warning: 0,
            debug: false,
            skip_first_line: false,
            random_hashes: false,
            digit_limit: taipan_runtime::types::int::DEFAULT_DIGIT_LIMIT,
            import_time: 0,
            cpu_count: None,
            gil: None,
            pycache_prefix: None,
            no_debug_ranges: false,
            closed_streams: [false; 3],
            hash_randomization: true,
            dev_mode: false,
            fault_handler: false,
            trace_memory: 0,
            utf8_mode: false,
            interactive: false,
            io_encoding: None,
            io_errors: None,
            x_options: Vec::new(),
            warn_options: Vec::new(),
            path: Vec::new(),
            argv: Vec::new(),
            orig_argv: Vec::new(),
            executable: Default::default(),
            base_executable: Default::default(),
            home: "/usr/local/bin".into(),
            prefix: None,
        }
    }
}

static OPTIONS: OnceLock<Options> = OnceLock::new();

/// The options; the defaults if nobody set any.
pub fn options() -> &'static Options {
    OPTIONS.get_or_init(Options::default)
}

/// Sets them; later calls have no effect.
pub fn set_options(options: Options) {
    let _ = OPTIONS.set(options);
}

/// Are instructions rewritten for what they see?
#[inline]
pub fn specialize() -> bool {
    options().specialize
}
