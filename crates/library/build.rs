//! Compiles the pure-Python library into one image. CPython's counterpart: `Tools/build/freeze_modules.py`.
//! Invariant: the same library gives the same bytes; a file that does not compile, or a patch that does not apply, fails
//! the build.

#[path = "src/patches.rs"]
mod patches;

use std::path::{Path, PathBuf};

use taipan_bytecode::ImageWriter;
use taipan_compiler::{Mode, Options, compile};

/// Directories that nobody imports in a runtime without a screen.
const SKIPPED: [&str; 4] = ["idlelib", "tkinter", "turtledemo", "test"];

fn main() {
    let library = Path::new(rustpython_pylib::LIB_PATH);
    let mut files = Vec::new();
    collect(library, library, &mut files);
    // Files of our own replace those of the library.
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("lib");
    let mut own_files = Vec::new();
    collect(&own, &own, &mut own_files);
    let generated = Path::new("_opcode_metadata.py");
    files.retain(|path| !own_files.contains(path) && path != generated);
    files.sort();
    own_files.sort();
    let mut writer = ImageWriter::default();
    for path in &files {
        add(&mut writer, library, path);
    }
    for path in &own_files {
        add(&mut writer, &own, path);
    }
    add_source(&mut writer, Path::new("_opcode_metadata.py"), opcode_metadata());
    for patch in patches::PATCHES {
        assert!(
            files.iter().any(|path| *path == Path::new(patch.file)),
            "{}: no such file to patch",
            patch.file
        );
    }
    let words = writer.finish();
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let target = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo")).join("library.image");
    std::fs::write(target, bytes).expect("the image can be written");
    write_data(library);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/patches.rs");
    println!("cargo:rerun-if-changed=lib");
}

/// Lists the files that are needed and are no modules: the wheels that `ensurepip` installs.
fn write_data(library: &Path) {
    let directory = "ensurepip/_bundled";
    let mut rows = String::new();
    for entry in std::fs::read_dir(library.join(directory)).expect("the library can be read") {
        let path = entry.expect("the library can be read").path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            let name =
                path.file_name().and_then(|name| name.to_str()).expect("library files have ASCII names");
            rows.push_str(&format!("({:?}, include_bytes!({path:?})),\n", format!("{directory}/{name}")));
        }
    }
    let target = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo")).join("data.rs");
    std::fs::write(target, format!("&[\n{rows}]\n")).expect("the list can be written");
}

/// All library files below a directory, relative to the library.
fn collect(library: &Path, directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the library can be read") {
        let path = entry.expect("the library can be read").path();
        let relative = path.strip_prefix(library).expect("below the library").to_owned();
        if path.is_dir() {
            let skipped = SKIPPED.iter().any(|name| relative == Path::new(name));
            if !skipped && path.file_name().is_some_and(|name| name != "__pycache__") {
                collect(library, &path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(relative);
        }
    }
}

fn add(writer: &mut ImageWriter, library: &Path, relative: &Path) {
    let bytes = std::fs::read(library.join(relative)).expect("the library can be read");
    if let Ok(source) = String::from_utf8(bytes) {
        add_source(writer, relative, source);
    }
}

/// The instruction set, as `opcode` and `dis` want it.
fn opcode_metadata() -> String {
    use std::fmt::Write;
    let generic = || taipan_bytecode::op::OPS.iter().filter(|op| !op.info().quickened);
    let tuple = |items: Vec<String>| match items.as_slice() {
        [one] => format!("({one},)"),
        items => format!("({})", items.join(", ")),
    };
    let mut text = String::from("\"\"\"Numbers and operands of the instructions.\"\"\"\n\nopmap = {\n");
    for op in generic() {
        let _ = writeln!(text, "    \"{op}\": {},", *op as u8);
    }
    text.push_str("}\n\noperands = {\n");
    for op in generic() {
        let operand =
            |(role, name): &(taipan_bytecode::op::Role, &str)| format!("(\"{role:?}\", \"{name}\")");
        let _ = writeln!(text, "    \"{op}\": {},", tuple(op.info().operands.iter().map(operand).collect()));
    }
    text.push_str("}\n\nextra_words = {\n");
    for op in generic() {
        let extra = op.info().extra.iter().map(|extra| format!("\"{extra:?}\""));
        let _ = writeln!(text, "    \"{op}\": {},", tuple(extra.collect()));
    }
    text.push_str("}\n");
    text
}

fn add_source(writer: &mut ImageWriter, relative: &Path, mut source: String) {
    let shown = relative.to_str().expect("library files have ASCII names");
    for patch in patches::PATCHES.iter().filter(|patch| patch.file == shown) {
        assert!(source.contains(patch.old), "{shown}: what the patch {:?} replaces is not there", patch.name);
        source = source.replace(patch.old, patch.new);
    }
    let options = Options::new(Mode::Exec, shown);
    let compiled = match compile(&source, &options) {
        Ok(compiled) => compiled,
        Err(error) => panic!("{shown}:{}: {}", error.line, error.message),
    };
    if let Err(error) = taipan_bytecode::verify(&compiled.code) {
        panic!("{shown}: {error}");
    }
    let (name, is_package) = module_name(relative);
    writer.module(&name, is_package, &compiled.code, shown, Some(source.as_bytes()));
}

fn module_name(relative: &Path) -> (String, bool) {
    let parts: Vec<&str> = relative.iter().filter_map(|part| part.to_str()).collect();
    let joined = parts.join(".");
    let name = joined.strip_suffix(".py").unwrap_or(&joined);
    match name.strip_suffix(".__init__") {
        Some(package) => (package.to_owned(), true),
        None => (name.to_owned(), false),
    }
}
