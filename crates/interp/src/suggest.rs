//! "Did you mean": the candidate that is the fewest edits away. CPython: `Python/suggestions.c`.
//! Invariant: costs and limits are CPython's, so the same candidate is suggested.

const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;
const MOVE: usize = 2;
const CASE: usize = 1;

fn substitution(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

/// Edit distance, or more than `limit`.
fn distance(a: &[u8], b: &[u8], limit: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE;
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return limit + 1;
    }
    let (a, b) = if b.len() < a.len() { (b, a) } else { (a, b) };
    if (b.len() - a.len()) * MOVE > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE).collect();
    let mut result = 0;
    for (index, &code) in b.iter().enumerate() {
        let mut diagonal = index * MOVE;
        result = diagonal;
        let mut minimum = usize::MAX;
        for (column, &other) in a.iter().enumerate() {
            let substitute = diagonal + substitution(code, other);
            diagonal = row[column];
            let insert_or_delete = result.min(diagonal) + MOVE;
            result = insert_or_delete.min(substitute);
            row[column] = result;
            minimum = minimum.min(result);
        }
        if minimum > limit {
            return limit + 1;
        }
    }
    result
}

/// The candidate closest to `wrong`, if one is close enough.
pub(crate) fn closest<'a>(candidates: &[&'a str], wrong: &str) -> Option<&'a str> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let mut best: Option<(&'a str, usize)> = None;
    for candidate in candidates.iter().filter(|candidate| **candidate != wrong) {
        let mut limit = (wrong.len() + candidate.len() + 3) * MOVE / 6;
        if let Some((_, found)) = best {
            limit = limit.min(found - 1);
        }
        let found = distance(wrong.as_bytes(), candidate.as_bytes(), limit);
        if found <= limit && best.is_none_or(|(_, least)| found < least) {
            best = Some((candidate, found));
        }
    }
    best.map(|(candidate, _)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn close_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(closest(&["which", "what"], "whic"), Some("which"));
        assert_eq!(closest(&["first"], "First"), Some("first"));
        assert_eq!(closest(&["alpha", "beta"], "omega"), None);
    }
}
