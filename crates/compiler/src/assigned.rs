//! A set of registers known to be bound. Invariant: only grows on a straight path; meets by intersection.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assigned(Vec<u64>);

impl Assigned {
    pub(crate) fn contains(&self, reg: u32) -> bool {
        self.0.get(reg as usize / 64).is_some_and(|word| word >> (reg % 64) & 1 != 0)
    }

    pub(crate) fn insert(&mut self, reg: u32) {
        let word = reg as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (reg % 64);
    }

    pub(crate) fn remove(&mut self, reg: u32) {
        if let Some(word) = self.0.get_mut(reg as usize / 64) {
            *word &= !(1 << (reg % 64));
        }
    }

    pub(crate) fn intersect(&mut self, other: &Assigned) {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub(crate) fn subtract(&mut self, other: &Assigned) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }
}
