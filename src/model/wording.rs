//! A text ready to be made a mail.

/// Subject, plain text and, where there is one, HTML that says the same.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// One line, no line breaks.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub plain: String,
    /// The same as HTML.
    pub html: Option<String>,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wording({} characters)", self.plain.len())
    }
}
