//! What a buffer of expat's would hold.
//!
//! Invariant: only sizes are kept; they decide when a token that is not whole is tried again.

/// What a buffer of expat's would hold, which decides when a token that is not whole is tried again.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Room {
    pub(crate) start: usize,
    pub(crate) end: usize,
    limit: usize,
    pub(crate) requested: usize,
}

impl Room {
    /// How much of what has been parsed is kept.
    const CONTEXT: usize = 1024;

    /// As expat makes room for more.
    pub(crate) fn request(&mut self, length: usize) {
        self.requested = length;
        if length <= self.limit - self.end && self.limit > 0 {
            return;
        }
        let kept = self.start.min(Room::CONTEXT);
        let needed = length + (self.end - self.start) + kept;
        if needed > self.limit {
            let mut size = if self.limit == 0 { 1024 } else { self.limit };
            loop {
                size *= 2;
                if size >= needed {
                    break;
                }
            }
            self.limit = size;
        }
        self.end = self.end - self.start + kept;
        self.start = kept;
    }

    /// What is left before memory must grow.
    pub(crate) fn available(&self) -> usize {
        self.start - self.start.min(Room::CONTEXT) + (self.limit - self.end)
    }
}
