//! No value hides from the collector in ordinary memory (rule 1 of the heap in ARCHITECTURE.md).
//!
//! A container of the standard library that holds values is a problem in the crates that know values, unless the
//! line, or the one above it, says `// Traced: WHY`. Invariant: what the type names do not show (an inferred
//! `collect()`) is the auditor's to find; this check is the cheap half.

use super::RustFile;

const CRATES: [&str; 7] = [
    "crates/cli/",
    "crates/host/",
    "crates/interp/",
    "crates/runtime/",
    "crates/sqlite/",
    "crates/stdlib/",
    "crates/tls/",
];

const CONTAINERS: [&str; 16] = [
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Box",
    "HashMap",
    "HashSet",
    "LazyLock",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "Rc",
    "RefCell",
    "RwLock",
    "Vec",
    "VecDeque",
];

const MARK: &str = "// Traced: ";

pub(super) fn check(files: &[RustFile]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| is_engine(&file.path)) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, container) in hiding_places(&file.code) {
            let line = file.code[..at].matches('\n').count();
            let here = lines.get(line.saturating_sub(1)..=line).unwrap_or_default();
            if !here.iter().any(|text| text.contains(MARK)) {
                problems.push(format!(
                    "{}:{}: values in a {container}: the collector does not see them",
                    file.path,
                    line + 1
                ));
            }
        }
    }
    problems
}

/// The source of a crate that knows values; its tests are small enough to be read.
fn is_engine(path: &str) -> bool {
    path.contains("/src/") && CRATES.iter().any(|start| path.starts_with(start))
}

/// Where a container of values is named in code, and which.
fn hiding_places(code: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for container in CONTAINERS {
        let opening = format!("{container}<");
        for (at, _) in code.match_indices(&opening) {
            let own_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if own_word && holds_values(arguments(&code[at + opening.len()..])) {
                found.push((at, container));
            }
        }
    }
    found.sort_unstable();
    found
}

/// The text up to the `>` that closes the list.
fn arguments(rest: &str) -> &str {
    let mut depth = 1;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            '{' | ';' if depth > 0 && !rest[..at].contains('[') => return "",
            _ => {}
        }
        if depth == 0 {
            return &rest[..at];
        }
        before = c;
    }
    ""
}

/// Functions over values hold none.
fn holds_values(arguments: &str) -> bool {
    let words = || arguments.split(|c: char| !c.is_alphanumeric() && c != '_');
    words().any(|word| matches!(word, "Value" | "Gc" | "AnyRef"))
        && !words().any(|word| matches!(word, "fn" | "Fn" | "FnMut" | "FnOnce"))
}

#[cfg(test)]
mod tests {
    use super::hiding_places;

    fn check(code: &str, want: usize) {
        assert_eq!(hiding_places(code).len(), want, "{code}");
    }

    #[test]
    fn containers_of_values_are_found() {
        check("let a: Vec<Value> = x;", 1);
        check("let a: std::vec::Vec<(usize, Option<Value>)> = x;", 1);
        check("items: Box<[Value]>", 1);
        check("map: HashMap<String, Vec<Gc<List>>>", 2);
    }

    #[test]
    fn the_rest_is_left_alone() {
        check("let a: GVec<Value> = x;", 0);
        check("type F = Box<dyn Fn(&[Value]) -> Value>;", 0);
        check("names: Vec<String>, value: Value", 0);
        check("fn f(n: Vec<u8>) -> Result<Value> {", 0);
    }
}
