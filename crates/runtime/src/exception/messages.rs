//! Wording that several natives share, so that it is spelled once.
//!
//! Invariant: pure functions from names to text; whoever raises decides about the class.

/// `function takes exactly 5 arguments (1 given)`, as the argument parser words a missing tuple item.
pub fn takes_exactly(function: &str, expected: usize, given: usize) -> String {
    let plural = if expected == 1 { "" } else { "s" };
    format!("{function} takes exactly {expected} argument{plural} ({given} given)")
}

/// The message of an operating system error number, as `os.strerror` gives it.
pub fn strerror(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strerror_has_no_suffix() {
        assert_eq!(strerror(libc::ENOENT), "No such file or directory");
        assert_eq!(strerror(99999), "Unknown error 99999");
    }
}
