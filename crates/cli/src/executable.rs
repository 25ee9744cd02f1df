//! Where the program lies, and whether a virtual environment begins there. CPython: `Modules/getpath.py`.
//! Invariant: an environment is found by the name that the program was called by; the installation that it stands for is
//! found by its `home`.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use taipan_interp::Options;

/// Sets what the options say of the executable, called `name`.
pub fn find(options: &mut Options, name: &OsStr) {
    let real = std::env::current_exe().unwrap_or_default();
    let executable = called(name).unwrap_or_else(|| real.clone());
    let (base, home) = match environment_of(&executable) {
        Some((prefix, home)) => {
            options.prefix = Some(prefix.into_os_string());
            // What the environment was made with: what the link leads to, else its namesake.
            let namesake = executable.file_name().map(|name| home.join(name)).unwrap_or_default();
            (if real == executable { namesake } else { real }, home)
        }
        None => (executable.clone(), real.parent().unwrap_or(Path::new("/usr/local/bin")).to_owned()),
    };
    options.base_executable = base.into_os_string();
    options.home = home.into_os_string();
    options.executable = executable.into_os_string();
}

/// The absolute name of the program that was called by `name`, symbolic links as they are.
fn called(name: &OsStr) -> Option<PathBuf> {
    let is_program = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if name.is_empty() {
        return None;
    }
    let found = if name.as_encoded_bytes().contains(&b'/') {
        Path::new(name).to_owned()
    } else {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|directory| directory.join(name)).find(|path| is_program(path))?
    };
    let found = plain(&std::path::absolute(found).ok()?);
    is_program(&found).then_some(found)
}

/// An absolute path without `..`. CPython: `_Py_normpath`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The virtual environment around the executable, and the `home` of its configuration.
fn environment_of(executable: &Path) -> Option<(PathBuf, PathBuf)> {
    let beside = executable.parent()?;
    let (prefix, text) = [beside.parent(), Some(beside)]
        .into_iter()
        .flatten()
        .find_map(|directory| Some((directory, std::fs::read(directory.join("pyvenv.cfg")).ok()?)))?;
    let text = String::from_utf8_lossy(&text);
    let mut pairs = text.lines().filter_map(|line| line.split_once('='));
    let (_, home) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case("home"))?;
    Some((prefix.to_owned(), PathBuf::from(home.trim())))
}
