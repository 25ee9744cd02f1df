//! Prints what code objects of files look like from outside (names, counts, variables), as JSON lines, to be compared
//! with CPython's. Invariant: a tool for people; nothing depends on it.

#![allow(clippy::print_stdout)]

use taipan_bytecode::{Code, Const, LocalKind};
use taipan_compiler::{Mode, Options, compile};

fn list(names: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "))
}

fn lines(code: &Code) -> String {
    let mut lines: Vec<u32> =
        code.locations.runs().map(|(_, _, at)| at.line).filter(|&line| line > 0).collect();
    lines.sort();
    lines.dedup();
    format!("{lines:?}")
}

fn dump(code: &Code, out: &mut Vec<String>) {
    let parameters = (code.arg_count + code.kwonly_count) as usize;
    let all = code.parameter_count() as usize;
    let name = |index: usize| code.locals[index].name.to_string();
    let fast = |index: &usize| *index < all || code.locals[*index].kind == LocalKind::Fast;
    let mut varnames: Vec<String> = (parameters..code.locals.len()).filter(fast).map(name).collect();
    for range in code.hidden.iter().filter(|range| !range.cell) {
        if !varnames.contains(&range.name.to_string())
            && !code.locals[..parameters].iter().any(|l| l.name == range.name)
        {
            varnames.push(range.name.to_string());
        }
    }
    varnames.sort();
    let kind =
        |wanted: LocalKind| code.locals.iter().filter(move |l| l.kind == wanted).map(|l| l.name.to_string());
    let mut cells: Vec<String> = kind(LocalKind::Cell).collect();
    for range in code.hidden.iter().filter(|range| range.cell) {
        if !cells.contains(&range.name.to_string()) {
            cells.push(range.name.to_string());
        }
    }
    cells.sort();
    out.push(format!(
        "[\"{}\", \"{}\", {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]",
        code.qualname,
        code.name,
        code.first_line,
        code.arg_count,
        code.posonly_count,
        code.kwonly_count,
        code.flags,
        list(varnames),
        list((0..parameters).map(name)),
        list(kind(LocalKind::Free)),
        list(cells),
        lines(code)
    ));
    for value in &code.consts {
        if let Const::Code(inner) = value {
            dump(inner, out);
        }
    }
}

fn main() {
    for path in std::env::args().skip(1) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
        match compile(&text, &Options::new(Mode::Exec, &path)) {
            Err(_) => println!("[\"{path}\", null]"),
            Ok(compiled) => {
                let mut out = Vec::new();
                dump(&compiled.code, &mut out);
                println!("[\"{path}\", [{}]]", out.join(", "));
            }
        }
    }
}
