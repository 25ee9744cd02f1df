//! `install`: the layout of an installation. The modules of the library lie in the binary; their files are written out of
//! it for programs that list, read or show them.
//!
//! Invariant: the files are those that the binary was built from.

use std::path::Path;
use std::process::Command;

use crate::args::Args;
use crate::workspace;

/// Writes the library's files into the directory that is the first argument.
const WRITE_LIBRARY: &str = "\
import _imp, os, sys
for name in _imp._frozen_module_names():
    path = name.replace('.', '/')
    path += '/__init__.py' if _imp.is_frozen_package(name) else '.py'
    path = os.path.join(sys.argv[1], path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8', newline='') as file:
        file.write(_imp._frozen_source(name))
";

pub(crate) fn task(mut args: Args) -> Result<bool, String> {
    let binary = args.option("--binary")?;
    let words = args.rest()?;
    let [prefix] = words.as_slice() else { return Err("install wants one PREFIX".to_owned()) };
    let built = workspace::root().join("target/release/taipan");
    let binary = binary.map_or(built, Into::into);
    let prefix = Path::new(prefix);
    let (programs, library) = (prefix.join("bin"), prefix.join("lib/python3.14"));
    std::fs::create_dir_all(&programs).map_err(|error| error.to_string())?;
    let program = programs.join("taipan");
    std::fs::copy(&binary, &program).map_err(|error| format!("{}: {error}", binary.display()))?;
    let status = Command::new(&program).args(["-I", "-c", WRITE_LIBRARY]).arg(&library).status();
    match status {
        Ok(status) if status.success() => {
            println!("installed in {}", prefix.display());
            Ok(true)
        }
        Ok(status) => Err(format!("the library could not be written: {status}")),
        Err(error) => Err(format!("{}: {error}", program.display())),
    }
}
