//! The command line. CPython: `Python/initconfig.c`, `Python/getopt.c`.
//! Invariant: everything after the program (`-c`, `-m`, a file or `-`) belongs to it.

use std::ffi::{OsStr, OsString};

use lexopt::{Arg, Parser};
use taipan_interp::Options;

/// What to run.
#[derive(Debug)]
pub enum Program {
    /// `-c TEXT`.
    Text(OsString),
    /// `-m NAME`.
    Module(OsString),
    /// A file or directory.
    File(OsString),
    /// `-`, or nothing at all.
    Stdin,
}

/// Why nothing is run.
#[derive(Debug)]
pub enum Stop {
    /// The text was asked for.
    Print(String),
    /// The arguments are wrong.
    Usage(String),
}

const USAGE: &str = "usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...";

const HELP: &str = "\
Options:
-b     : issue warnings about comparisons of bytes with str (-bb: errors)
-B     : don't write .pyc files
-c cmd : program passed in as string (terminates option list)
-d     : turn on parser debugging output, of which there is none
-E     : ignore PYTHON* environment variables
-h     : print this help message and exit
-i     : inspect interactively after running the program
-I     : isolate from the user's environment (implies -E, -P and -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert statements and __debug__-dependent code
-OO    : do -O changes and also discard docstrings
-P     : don't prepend a potentially unsafe path to sys.path
-q     : don't print version and copyright messages on interactive startup
-R     : use a random seed for hashes, whatever PYTHONHASHSEED says
-s     : don't add the user's site directory to sys.path
-S     : don't imply 'import site' on initialization
-u     : force the stdout and stderr streams to be unbuffered
-v     : trace import statements
-V     : print the version and exit
-W arg : warning control
-x     : skip the first line of the source
-X opt : implementation-specific option (specialize=0, gcstats, dev, faulthandler, tracemalloc=N, utf8, int_max_str_digits=N)
file   : program read from script file
-      : program read from stdin
";

/// The version that `-V` prints.
pub const VERSION: &str = "3.14.0";

/// Takes the command line apart.
pub fn parse(args: impl Iterator<Item = OsString>) -> Result<(Options, Program), Stop> {
    let all: Vec<OsString> = args.collect();
    let mut options = Options { orig_argv: all.clone(), ..Options::default() };
    let mut parser = Parser::from_iter(all);
    let usage = |error: lexopt::Error| {
        let words = match &error {
            lexopt::Error::UnexpectedOption(option) => format!("Unknown option: {option}"),
            error => error.to_string(),
        };
        Stop::Usage(format!("{words}\n{USAGE}\nTry `taipan -h' for more information."))
    };
    let program = loop {
        let Some(arg) = parser.next().map_err(usage)? else { break Program::Stdin };
        match arg {
            Arg::Short('c') => break Program::Text(parser.value().map_err(|_| missing('c'))?),
            Arg::Short('m') => break Program::Module(parser.value().map_err(|_| missing('m'))?),
            Arg::Value(file) if file == "-" => break Program::Stdin,
            Arg::Value(file) => break Program::File(file),
            Arg::Short('h' | '?') | Arg::Long("help") => return Err(Stop::Print(format!("{USAGE}\n{HELP}"))),
            Arg::Short('V') | Arg::Long("version") => {
                return Err(Stop::Print(format!("Python {VERSION} (Taipan)\n")));
            }
            Arg::Short('W') => options.warn_options.push(text(parser.value().map_err(|_| missing('W'))?)),
            Arg::Short('X') => {
                let option = text(parser.value().map_err(|_| missing('X'))?);
                implementation_option(&mut options, &option);
            }
            Arg::Short(letter) if flag(&mut options, letter) => {}
            other => return Err(usage(other.unexpected())),
        }
    };
    let first = match &program {
        Program::Text(_) => OsStr::new("-c"),
        Program::Module(_) => OsStr::new("-m"),
        Program::File(file) => file,
        Program::Stdin => OsStr::new(""),
    };
    // A session has no program behind which to look around.
    options.inspect &= !matches!(program, Program::Stdin);
    options.argv.push(first.to_owned());
    options.argv.extend(parser.raw_args().map_err(usage)?);
    Ok((options, program))
}

fn missing(letter: char) -> Stop {
    Stop::Usage(format!(
        "Argument expected for the -{letter} option\n{USAGE}\nTry `taipan -h' for more information."
    ))
}

fn text(value: OsString) -> String {
    value.to_string_lossy().into_owned()
}

fn implementation_option(options: &mut Options, option: &str) {
    match option {
        "specialize=0" => options.specialize = false,
        "dev" => options.dev_mode = true,
        _ => {}
    }
    options.x_options.push(option.to_owned());
}

fn flag(options: &mut Options, letter: char) -> bool {
    match letter {
        'b' => options.bytes_warning += 1,
        'B' => options.dont_write_bytecode = true,
        'd' => options.debug = true,
        'E' => options.ignore_environment = true,
        'i' => {
            options.inspect = true;
            options.interactive = true;
        }
        'I' => {
            options.isolated = true;
            options.ignore_environment = true;
            options.safe_path = true;
            options.no_user_site = true;
        }
        'O' => options.optimize = (options.optimize + 1).min(2),
        'P' => options.safe_path = true,
        'q' => options.quiet = true,
        'R' => options.random_hashes = true,
        's' => options.no_user_site = true,
        'S' => options.no_site = true,
        'u' => options.unbuffered = true,
        'v' => options.verbose += 1,
        'x' => options.skip_first_line = true,
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Program, parse};

    fn arguments(args: &[&str]) -> impl Iterator<Item = std::ffi::OsString> {
        args.iter().map(Into::into).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn what_follows_the_program_is_its_own() {
        let (options, program) = parse(arguments(&["taipan", "-O", "a.py", "-O", "--x"])).unwrap();
        assert!(matches!(program, Program::File(file) if file == "a.py"));
        assert_eq!(options.optimize, 1);
        assert_eq!(options.argv, ["a.py", "-O", "--x"]);
        let (options, program) = parse(arguments(&["taipan", "-c", "pass", "-V"])).unwrap();
        assert!(matches!(program, Program::Text(text) if text == "pass"));
        assert_eq!(options.argv, ["-c", "-V"]);
    }
}
