//! Command-line words of a task: `--flag`, `--option VALUE`, and the rest.
//!
//! Invariant: a task takes what it knows and then calls `rest`, which refuses every option left over.

/// The words after the task's name.
pub(crate) struct Args {
    words: Vec<String>,
}

impl Args {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        Ok(Args { words: words.collect() })
    }

    /// Takes `--name`; whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.words.iter().position(|word| word == name) {
            Some(at) => {
                self.words.remove(at);
                true
            }
            None => false,
        }
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>, String> {
        let joined = format!("{name}=");
        let Some(at) = self.words.iter().position(|word| word == name || word.starts_with(&joined)) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        if let Some(value) = word.strip_prefix(&joined) {
            return Ok(Some(value.to_string()));
        }
        if at == self.words.len() {
            return Err(format!("{name} needs a value"));
        }
        Ok(Some(self.words.remove(at)))
    }

    /// Takes every `--name VALUE`, in order.
    pub(crate) fn options(&mut self, name: &str) -> Result<Vec<String>, String> {
        let mut values = Vec::new();
        while let Some(value) = self.option(name)? {
            values.push(value);
        }
        Ok(values)
    }

    /// Takes `--name N`.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        self.option(name)?
            .map(|text| text.parse().map_err(|_| format!("{name}: {text:?} is no number")))
            .transpose()
    }

    /// The plain words; an option that nobody took is an error.
    pub(crate) fn rest(self) -> Result<Vec<String>, String> {
        match self.words.iter().find(|word| word.starts_with("--")) {
            Some(unknown) => Err(format!("unknown option {unknown}")),
            None => Ok(self.words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args { words: line.split_whitespace().map(str::to_string).collect() }
    }

    #[test]
    fn options_are_taken_and_the_rest_is_left() {
        let mut args = args("one --python a --list --python=b two");
        assert!(args.flag("--list") && !args.flag("--list"));
        assert_eq!(args.options("--python").unwrap(), ["a", "b"]);
        assert_eq!(args.rest().unwrap(), ["one", "two"]);
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        assert!(args("--nope").rest().is_err());
        assert!(args("--seed").number("--seed").is_err());
        assert!(args("--seed x").number("--seed").is_err());
        assert_eq!(args("--seed 5").number("--seed").unwrap(), Some(5));
    }
}
