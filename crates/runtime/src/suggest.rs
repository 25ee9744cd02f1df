//! "Did you mean": the candidate that the fewest edits turn into the name. CPython: `Python/suggestions.c`.
//!
//! Invariant: costs and limits are CPython's, so the same candidate is suggested.

const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;
/// Cost of inserting, deleting or replacing a byte; replacing by the other case costs half.
const MOVE: usize = 2;
const CASE: usize = 1;

/// The candidate closest to `wrong`, if one is close enough and the list is not too long.
pub fn closest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = None;
    let mut best_distance = usize::MAX;
    for (index, candidate) in candidates.into_iter().enumerate() {
        if index + 1 >= MAX_CANDIDATES {
            return None;
        }
        if candidate == wrong {
            continue;
        }
        // No more than a third of the involved bytes should need changing.
        let allowed = (wrong.len() + candidate.len() + 3) * MOVE / 6;
        let allowed = allowed.min(best_distance.saturating_sub(1));
        let distance = distance(wrong.as_bytes(), candidate.as_bytes(), allowed);
        if distance <= allowed && distance < best_distance {
            best = Some(candidate);
            best_distance = distance;
        }
    }
    best
}

fn replacement(a: u8, b: u8) -> usize {
    match a == b {
        true => 0,
        false if a.eq_ignore_ascii_case(&b) => CASE,
        false => MOVE,
    }
}

/// The cheapest way from `a` to `b`; anything above `allowed` where it costs more than that.
fn distance(a: &[u8], b: &[u8], allowed: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE;
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH || a.len().abs_diff(b.len()) * MOVE > allowed {
        return allowed + 1;
    }
    let mut row: Vec<usize> = (0..=a.len()).map(|column| column * MOVE).collect();
    for (line, to) in b.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (line + 1) * MOVE;
        let mut least = row[0];
        for (column, from) in a.iter().enumerate() {
            let replaced = diagonal + replacement(*from, *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal.min(row[column]) + MOVE);
            least = least.min(row[column + 1]);
        }
        if least > allowed {
            return allowed + 1;
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_names_are_found() {
        assert_eq!(closest("appned", ["append", "extend", "pop"]), Some("append"));
        assert_eq!(closest("Blech", ["blech", "bluch"]), Some("blech"));
        assert_eq!(closest("nme", ["name", "obj"]), Some("name"));
        assert_eq!(closest("whic", ["which", "what"]), Some("which"));
        assert_eq!(closest("First", ["first"]), Some("first"));
    }

    #[test]
    fn far_names_are_not() {
        assert_eq!(closest("xyzzy", ["append", "extend"]), None);
        assert_eq!(closest("append", ["append"]), None);
        assert_eq!(closest("a", ["b", "c"]), None);
        assert_eq!(closest("omega", ["alpha", "beta"]), None);
    }
}
