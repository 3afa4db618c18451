//! The one message a build fails with: where, what, and what to do.

use std::fmt;

#[derive(Debug)]
pub struct Error {
    /// JSON pointer into the document or the overlay; empty for the whole.
    pub pointer: String,
    pub problem: String,
    pub cure: String,
}

impl Error {
    pub fn new(pointer: impl Into<String>, problem: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), problem: problem.into(), cure: cure.into() }
    }

    /// What no document should bring about.
    pub fn bug(problem: impl Into<String>) -> Self {
        Self::new("", problem, "report this as a bug of the pipeline")
    }

    /// The same, of another file than the document.
    pub fn within(mut self, file: &str) -> Self {
        self.problem = format!("in {file}: {}", self.problem);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {}; {}", self.pointer, self.problem, self.cure)
    }
}

impl std::error::Error for Error {}
