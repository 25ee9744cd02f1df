//! Just enough Rust lexing to look at code without its comments, strings and character literals.
//!
//! Invariant: `code_only` keeps every line break, so line numbers stay true.

/// `text` with the insides of comments and literals replaced by spaces.
pub(crate) fn code_only(text: &str) -> String {
    let source: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < source.len() {
        let end = match source[at] {
            '/' if source.get(at + 1) == Some(&'/') => line_end(&source, at),
            '/' if source.get(at + 1) == Some(&'*') => block_end(&source, at),
            '"' => string_end(&source, at),
            'r' if !follows_word(&source, at) && raw_hashes(&source, at).is_some() => raw_end(&source, at),
            '\'' => char_end(&source, at),
            _ => at,
        };
        if end == at {
            code.push(source[at]);
            at += 1;
        } else {
            let end = end.min(source.len());
            code.extend(source[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// The words of code, each with its line number from 1.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        let split = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '!');
        split.filter(|word| !word.is_empty()).map(move |word| (index + 1, word))
    })
}

fn follows_word(source: &[char], at: usize) -> bool {
    at > 0
        && (source[at - 1].is_alphanumeric() || source[at - 1] == '_')
        && source[at - 1] != 'b'
        && source[at - 1] != 'c'
}

fn line_end(source: &[char], at: usize) -> usize {
    source[at..].iter().position(|c| *c == '\n').map_or(source.len(), |length| at + length)
}

fn block_end(source: &[char], at: usize) -> usize {
    let (mut depth, mut at) = (1, at + 2);
    while at < source.len() && depth > 0 {
        match (source[at], source.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

fn string_end(source: &[char], at: usize) -> usize {
    let mut at = at + 1;
    while at < source.len() && source[at] != '"' {
        at += if source[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The number of `#` if a raw string starts here.
fn raw_hashes(source: &[char], at: usize) -> Option<usize> {
    let hashes = source[at + 1..].iter().take_while(|c| **c == '#').count();
    (source.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn raw_end(source: &[char], at: usize) -> usize {
    let hashes = raw_hashes(source, at).unwrap_or(0);
    let mut at = at + hashes + 2;
    while at < source.len() {
        let closing = source[at] == '"'
            && source[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        at += 1;
        if closing {
            return at + hashes;
        }
    }
    at
}

/// A character literal's end; a lifetime is no literal.
fn char_end(source: &[char], at: usize) -> usize {
    match (source.get(at + 1), source.get(at + 2)) {
        (Some('\\'), Some(_)) => {
            let closing = source[at + 3..].iter().position(|c| *c == '\'');
            closing.map_or(at, |length| at + 3 + length + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::{code_only, words};

    fn check(text: &str, want: &str) {
        let code = code_only(text);
        let found: Vec<&str> = words(&code).map(|(_, word)| word).collect();
        assert_eq!(found.join(" "), want, "{text}");
    }

    #[test]
    fn comments_and_literals_are_blank() {
        check("a // unsafe\nb /* x /* y */ z */ c", "a b c");
        check(r#"f("unsafe \" {", 'x', '\'', '\u{41}') g"#, "f g");
        check("r#\"un\"safe\"# after b\"raw\" br\"x\" end", "after b b end");
        check("fn f<'a>(x: &'a str) -> &'static str", "fn f a x a str static str");
        check("for\"x\" r", "for r");
    }
}
