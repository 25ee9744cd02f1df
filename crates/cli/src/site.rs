//! The site's directories on `sys.path` and its names among the builtins. CPython: `Lib/site.py`.
//!
//! `site` is Python that imports `os`: a third of what a process does before its program begins. Most of the time it has
//! little to decide, and then it is done here.
//! Invariant: where `site` would run code, read a configuration or drop an entry of `sys.path`, it is `site` that does it.

use std::path::{Path, PathBuf};

use taipan_interp::import;
use taipan_runtime::prelude::*;

/// What `site.main()` does.
pub fn set_up(cx: &mut Context) -> Result<()> {
    if taipan_interp::options().no_site || !import::is_complete() {
        return Ok(());
    }
    match plain_directories(cx)? {
        Some(directories) => {
            for directory in directories {
                import::append_path(cx, directory.as_os_str())?;
            }
            let sys = cx.import("sys")?;
            cx.set_attr_str(sys, "_home", Value::NONE)?;
            add_builtins(cx)
        }
        None => cx.import("site").map(|_| ()),
    }
}

/// The site's directories that are there, if there is nothing to do but to add them.
fn plain_directories(cx: &mut Context) -> Result<Option<Vec<PathBuf>>> {
    let options = taipan_interp::options();
    let talks = options.verbose > 0 || options.inspect || options.x_options.iter().any(|x| x == "importtime");
    let variable = |name: &str| std::env::var_os(name).filter(|_| !options.ignore_environment);
    if talks || !options.path.is_empty() || variable("PYTHONUSERBASE").is_some() {
        return Ok(None);
    }
    let executable = Path::new(&options.executable);
    let Some(beside) = executable.parent().filter(|parent| parent.is_absolute()) else { return Ok(None) };
    let mut homes = [Some(beside), beside.parent()].into_iter().flatten();
    if homes.any(|directory| directory.join("pyvenv.cfg").exists()) {
        return Ok(None);
    }
    let mut candidates = Vec::new();
    if !options.no_user_site {
        let Some(home) = std::env::var_os("HOME").filter(|home| Path::new(home).is_absolute()) else {
            return Ok(None);
        };
        if !taipan_host::users::acts_as_itself() {
            return Ok(None);
        }
        candidates.push(Path::new(&home).join(".local"));
    }
    let sys = cx.import("sys")?;
    for name in ["prefix", "exec_prefix"] {
        let prefix = cx.get_attr_str(sys, name)?;
        let Some(prefix) = prefix.downcast::<Str>() else { return Ok(None) };
        let prefix = PathBuf::from(&*prefix.to_str());
        if !candidates.contains(&prefix) {
            candidates.push(prefix);
        }
    }
    let mut found = Vec::new();
    for candidate in candidates {
        let directory = candidate.join("lib/python3.14/site-packages");
        match std::fs::read_dir(&directory) {
            Ok(mut entries) => {
                if !entries.all(|entry| entry.is_ok_and(|entry| is_plain(&entry))) {
                    return Ok(None);
                }
                found.push(directory);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// Would `site` pass over this entry of a directory for packages?
fn is_plain(entry: &std::fs::DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    !name.ends_with(".pth") && !name.starts_with("sitecustomize") && !name.starts_with("usercustomize")
}

/// The thanks that `credits` prints.
const CREDITS: &str = "\
Thanks to CWI, CNRI, BeOpen, Zope Corporation, the Python Software
Foundation, and a cast of thousands for supporting Python
development.  See www.python.org for more information.";

/// `quit`, `exit`, `copyright`, `credits`, `license` and `help`.
fn add_builtins(cx: &mut Context) -> Result<()> {
    let classes = cx.import("_sitebuiltins")?;
    let builtins = cx.vm().builtins();
    let end_of_file = cx.new_str("Ctrl-D (i.e. EOF)").value();
    for name in ["quit", "exit"] {
        let name = cx.intern(name);
        let quitter = cx.call_method(classes, "Quitter", &[name.value(), end_of_file])?;
        builtins.set_str(cx, name, quitter);
    }
    let sys = cx.import("sys")?;
    let copyright = cx.get_attr_str(sys, "copyright")?;
    let credits = cx.new_str(CREDITS).value();
    let license = cx.new_str("See https://www.python.org/psf/license/").value();
    let printer = cx.get_attr_str(classes, "_Printer")?;
    for (name, data) in [("copyright", copyright), ("credits", credits), ("license", license)] {
        let (name, filenames) = (cx.intern(name), cx.new_list(&[]).value());
        // `_Printer.__init__` would import `os` to join the names of the files in which a licence may lie beside the
        // library; ours lies beside nothing.
        let text = cx.call_method(printer, "__new__", &[printer])?;
        for (attribute, value) in
            [("name", name.value()), ("data", data), ("lines", Value::NONE), ("filenames", filenames)]
        {
            cx.set_attr_str(text, &format!("_Printer__{attribute}"), value)?;
        }
        builtins.set_str(cx, name, text);
    }
    let helper = cx.call_method(classes, "_Helper", &[])?;
    let help = cx.intern("help");
    builtins.set_str(cx, help, helper);
    Ok(())
}
