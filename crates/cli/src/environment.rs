//! The `PYTHON*` variables. CPython: `config_read_env_vars` in `Python/initconfig.c`.
//! Invariant: a variable only strengthens what the command line says, and an empty one counts as unset.

use std::ffi::OsString;

use taipan_interp::Options;

/// The value of a variable that is set and not empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A variable that stands for an option which may be repeated: its number, or 1 if it is none.
fn count(name: &str) -> u8 {
    variable(name).map_or(0, |value| value.to_string_lossy().parse().unwrap_or(1))
}

/// Completes the options by the environment, unless they say that it is ignored. What is wrong with it ends the process.
pub fn apply(options: &mut Options) -> Result<(), String> {
    apply_locale(options);
    if !options.ignore_environment {
        apply_variables(options);
    }
    apply_digit_limit(options)?;
    apply_import_time(options)?;
    apply_cpu_count(options)?;
    apply_gil(options)?;
    apply_cache_prefix(options);
    apply_trace_memory(options)?;
    options.no_debug_ranges =
        options.x_options.iter().any(|option| option.split('=').next() == Some("no_debug_ranges"))
            || asked(options, "PYTHONNODEBUGRANGES").is_some();
    options.fault_handler = options.dev_mode
        || implementation_option(options, "faulthandler").is_some()
        || asked(options, "PYTHONFAULTHANDLER").is_some();
    if options.dev_mode {
        options.warn_options.insert(0, "default".to_owned());
    }
    match options.bytes_warning {
        0 => {}
        1 => options.warn_options.push("default::BytesWarning".to_owned()),
        _ => options.warn_options.push("error::BytesWarning".to_owned()),
    }
    Ok(())
}

/// CPython: `config_init_int_max_str_digits`.
fn apply_digit_limit(options: &mut Options) -> Result<(), String> {
    let threshold = taipan_runtime::types::int::DIGIT_LIMIT_THRESHOLD;
    let limit = |text: &str, place: &str| match text.parse::<i32>() {
        Ok(limit) if limit == 0 || limit as i64 >= threshold as i64 => Ok(limit as usize),
        _ => Err(format!(
            "config_init_int_max_str_digits: {place}: invalid limit; must be >= {threshold} or 0 for unlimited."
        )),
    };
    if let Some(text) = variable("PYTHONINTMAXSTRDIGITS").filter(|_| !options.ignore_environment) {
        options.digit_limit = limit(&text.to_string_lossy(), "PYTHONINTMAXSTRDIGITS")?;
    }
    if let Some(text) = implementation_option(options, "int_max_str_digits") {
        options.digit_limit = limit(text, "-X int_max_str_digits")?;
    }
    Ok(())
}

/// What the last `-X NAME=TEXT` says; the text may be missing.
fn implementation_option<'a>(options: &'a Options, name: &str) -> Option<&'a str> {
    let mut pairs =
        options.x_options.iter().rev().map(|option| option.split_once('=').unwrap_or((option.as_str(), "")));
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1)
}

/// The value of a variable, unless the environment is ignored.
fn asked(options: &Options, name: &str) -> Option<OsString> {
    variable(name).filter(|_| !options.ignore_environment)
}

/// What is asked for by `-X NAME=TEXT`, else by a variable.
fn option_or_variable(options: &Options, name: &str, variable: &str) -> Option<String> {
    let option = implementation_option(options, name).map(str::to_owned);
    option.or_else(|| asked(options, variable).map(|text| text.to_string_lossy().into_owned()))
}

/// CPython: `config_init_import_time`.
fn apply_import_time(options: &mut Options) -> Result<(), String> {
    let asked = option_or_variable(options, "importtime", "PYTHONPROFILEIMPORTTIME");
    options.import_time = match asked.map(|text| text.parse::<i64>().unwrap_or(1)) {
        None => 0,
        Some(level @ (1 | 2)) => level as u8,
        Some(_) => {
            let words = "values other than 1 and 2 are reserved for future use.";
            return Err(format!("config_init_import_time: -X importtime: {words}"));
        }
    };
    Ok(())
}

/// CPython: `config_init_cpu_count`.
fn apply_cpu_count(options: &mut Options) -> Result<(), String> {
    options.cpu_count = match option_or_variable(options, "cpu_count", "PYTHON_CPU_COUNT").as_deref() {
        None | Some("default") => None,
        Some(text) => match text.parse::<i32>() {
            Ok(count @ 1..) => Some(count as u32),
            _ => {
                let words = "n is missing or an invalid number, n must be greater than 0";
                return Err(format!("config_init_cpu_count: -X cpu_count=n option: {words}"));
            }
        },
    };
    Ok(())
}

/// CPython: `config_read_gil`.
fn apply_gil(options: &mut Options) -> Result<(), String> {
    options.gil = match option_or_variable(options, "gil", "PYTHON_GIL").as_deref() {
        None => None,
        Some("0") => Some(false),
        Some("1") => Some(true),
        Some(_) => return Err("config_read_gil: PYTHON_GIL / -X gil must be \"0\" or \"1\"".to_owned()),
    };
    Ok(())
}

/// CPython: `config_init_tracemalloc`, and what `_PyTraceMalloc_Start` has to say.
fn apply_trace_memory(options: &mut Options) -> Result<(), String> {
    let number = |text: &str, place: &str| match text.trim_start() {
        "" => Ok(0),
        text => text
            .parse::<i32>()
            .ok()
            .and_then(|frames| usize::try_from(frames).ok())
            .ok_or_else(|| format!("config_init_tracemalloc: {place}: invalid number of frames")),
    };
    if let Some(text) = asked(options, "PYTHONTRACEMALLOC") {
        options.trace_memory = number(&text.to_string_lossy(), "PYTHONTRACEMALLOC")?;
    }
    let mut given = options.x_options.iter().rev();
    if let Some(option) = given.find(|option| option.split('=').next() == Some("tracemalloc")) {
        options.trace_memory = match option.split_once('=') {
            None => 1,
            Some((_, text)) => number(text, "-X tracemalloc=NFRAME")?,
        };
    }
    if options.trace_memory > 0xFFFF {
        let words = "ValueError: the number of frames must be in range [1; 65535]";
        return Err(format!("init_interp_main: can't start tracemalloc\n{words}"));
    }
    Ok(())
}

/// CPython: `config_init_pycache_prefix`. An empty option overrides the variable.
fn apply_cache_prefix(options: &mut Options) {
    options.pycache_prefix = match implementation_option(options, "pycache_prefix") {
        Some(text) => Some(OsString::from(text)).filter(|text| !text.is_empty()),
        None => asked(options, "PYTHONPYCACHEPREFIX"),
    };
}

fn apply_variables(options: &mut Options) {
    if let Some(choice) = variable("PYTHONIOENCODING") {
        let choice = choice.to_string_lossy().into_owned();
        let (encoding, errors) = choice.split_once(':').unwrap_or((&choice, ""));
        options.io_encoding = Some(encoding.to_owned()).filter(|encoding| !encoding.is_empty());
        if options.io_encoding.is_some() || !errors.is_empty() {
            options.io_errors = Some(if errors.is_empty() { "strict" } else { errors }.to_owned());
        }
    }
    options.optimize = options.optimize.max(count("PYTHONOPTIMIZE")).min(2);
    options.verbose = options.verbose.max(count("PYTHONVERBOSE"));
    options.unbuffered |= variable("PYTHONUNBUFFERED").is_some();
    options.inspect |= variable("PYTHONINSPECT").is_some();
    options.dont_write_bytecode |= variable("PYTHONDONTWRITEBYTECODE").is_some();
    options.no_user_site |= variable("PYTHONNOUSERSITE").is_some();
    options.safe_path |= variable("PYTHONSAFEPATH").is_some();
    options.debug |= variable("PYTHONDEBUG").is_some();
    options.dev_mode |= variable("PYTHONDEVMODE").is_some();
    if std::env::var_os("PYTHONHASHSEED").is_some_and(|seed| seed == "0") {
        options.hash_randomization = options.random_hashes;
    }
    if let Some(filters) = variable("PYTHONWARNINGS") {
        // Those of the command line come later, so that they win.
        let filters = filters.to_string_lossy().split(',').map(str::to_owned).collect::<Vec<_>>();
        options.warn_options.splice(0..0, filters);
    }
    if let Some(path) = variable("PYTHONPATH") {
        options.path = std::env::split_paths(&path).map(OsString::from).collect();
    }
}

/// The UTF-8 mode and what the standard streams do with bytes that are no text follow from the locale (PEP 538, PEP 540).
fn apply_locale(options: &mut Options) {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let name = name.map_or_else(|| "C".to_owned(), |name| name.to_string_lossy().into_owned());
    let plain = matches!(&*name, "C" | "POSIX");
    let told = options.x_options.iter().rev().find_map(|option| match &**option {
        "utf8" | "utf8=1" => Some(true),
        "utf8=0" => Some(false),
        _ => None,
    });
    let asked = variable("PYTHONUTF8").filter(|_| !options.ignore_environment).and_then(|value| match value
        .to_str()
    {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => None,
    });
    options.utf8_mode = told.or(asked).unwrap_or(plain);
    if options.utf8_mode || plain || matches!(&*name, "C.UTF-8" | "C.utf8") {
        options.io_errors = Some("surrogateescape".to_owned());
    }
}
