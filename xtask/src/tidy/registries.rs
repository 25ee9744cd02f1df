//! Lists that everybody adds to stay sorted, so that two additions seldom meet on one line.
//!
//! Invariant: a list opens with a line comment `tidy: sorted` and ends with `tidy: end`; its entries are the
//! lines between, compared as text; lines that are comments, attributes or empty do not count.

use super::RustFile;

const OPEN: &str = "// tidy: sorted";
const CLOSE: &str = "// tidy: end";

pub(super) fn check(files: &[RustFile]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        let mut last: Option<&str> = None;
        let mut inside = false;
        for (index, line) in file.text.lines().enumerate() {
            let entry = line.trim();
            match entry {
                OPEN => (inside, last) = (true, None),
                CLOSE => inside = false,
                _ if !inside || entry.is_empty() || entry.starts_with("//") || entry.starts_with('#') => {}
                _ => {
                    if last.is_some_and(|last| last > entry) {
                        problems.push(format!("{}:{}: {entry} is out of order", file.path, index + 1));
                    }
                    last = Some(entry);
                }
            }
        }
        if inside {
            problems.push(format!("{}: a sorted list has no `{CLOSE}`", file.path));
        }
    }
    problems
}
