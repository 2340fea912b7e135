//! Reading script text byte by byte: white space, comments, quotes, positions.
//!
//! GNU ld's script languages have no fixed tokens: what is one word in a file list (`a-b.o`) is three
//! in an expression. So a parser asks a [`Cursor`] for the kind of word that its place in the grammar allows.

use super::model::Place;

/// How deep parentheses, blocks and operators may nest. Deeper input is refused, because expressions
/// are walked (and dropped) recursively.
pub const MAX_DEPTH: u32 = 500;

/// A place in a script's text.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a [u8],
    pos: usize,
    /// Line of `counted`, 1-based; kept so that positions cost no rescan.
    line: u32,
    counted: usize,
    line_start: usize,
    file: &'a str,
    /// Whether `//` starts a comment: so in version scripts, not in linker scripts (`//lib/x` is a path there).
    slashes: bool,
}

/// What went wrong, as `file:line:column: message`.
pub type Error = String;

impl<'a> Cursor<'a> {
    pub fn new(text: &'a [u8], file: &'a str) -> Cursor<'a> {
        Cursor {
            text,
            pos: 0,
            line: 1,
            counted: 0,
            line_start: 0,
            file,
            slashes: false,
        }
    }

    /// Takes `//` as the start of a comment, or not.
    pub fn set_slash_comments(&mut self, on: bool) {
        self.slashes = on;
    }

    pub fn file(&self) -> &'a str {
        self.file
    }

    /// 1-based line of the current position.
    pub fn line(&mut self) -> u32 {
        while self.counted < self.pos {
            if self.text.get(self.counted) == Some(&b'\n') {
                self.line = self.line.saturating_add(1);
                self.line_start = self.counted + 1;
            }
            self.counted += 1;
        }
        self.line
    }

    /// The current position.
    pub fn place(&mut self) -> Place {
        let line = self.line();
        let column = self.pos.saturating_sub(self.line_start) + 1;
        Place(format!("{}:{line}:{column}", self.file).into())
    }

    /// 1-based line and column of the current position.
    pub fn position(&mut self) -> (u32, u32) {
        let line = self.line();
        let column = self.pos.saturating_sub(self.line_start) + 1;
        (line, u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// `message` with the current position before it.
    pub fn error(&mut self, message: impl AsRef<str>) -> Error {
        let line = self.line();
        let column = self.pos.saturating_sub(self.line_start) + 1;
        format!("{}:{line}:{column}: {}", self.file, message.as_ref())
    }

    /// `expected WHAT, found …` at the next word.
    pub fn expected(&mut self, what: &str) -> Error {
        let found = match self.peek() {
            None => "the end of the file".to_string(),
            Some(_) => {
                let rest = &self.text[self.pos..];
                let length = rest
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || b";,(){}".contains(byte))
                    .unwrap_or(rest.len())
                    .clamp(1, 40);
                let word = rest.get(..length).unwrap_or(rest);
                format!("'{}'", word.escape_ascii())
            }
        };
        self.error(format!("expected {what}, found {found}"))
    }

    /// The byte here, without skipping anything.
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.pos).copied()
    }

    /// The byte `offset` after this one.
    pub fn peek_at(&self, offset: usize) -> Option<u8> {
        self.text.get(self.pos.checked_add(offset)?).copied()
    }

    /// The text from here on.
    pub fn rest(&self) -> &'a [u8] {
        self.text.get(self.pos..).unwrap_or(&[])
    }

    /// Moves on by `count` bytes, at most to the end.
    pub fn advance(&mut self, count: usize) {
        self.pos = self.pos.saturating_add(count).min(self.text.len());
    }

    /// Skips white space and comments; fails on a comment that does not end.
    pub fn skip_space(&mut self) -> Result<(), Error> {
        // Names end up in string tables, where a zero byte is their end.
        if self.pos == 0
            && let Some(at) = memchr::memchr(0, self.text)
        {
            self.pos = at;
            return Err(self.error("zero byte: this is no text"));
        }
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.pos += 1,
                // A byte-order mark, as editors on Windows leave it.
                0xef if self.pos == 0 && self.rest().starts_with(b"\xef\xbb\xbf") => self.pos = 3,
                b'#' => self.skip_line(),
                b'/' if self.peek_at(1) == Some(b'*') => {
                    let body = self.text.get(self.pos + 2..).unwrap_or(&[]);
                    match memchr::memmem::find(body, b"*/") {
                        Some(end) => self.pos += end + 4,
                        None => return Err(self.error("unclosed comment")),
                    }
                }
                b'/' if self.slashes && self.peek_at(1) == Some(b'/') => self.skip_line(),
                _ => break,
            }
        }
        Ok(())
    }

    fn skip_line(&mut self) {
        self.pos += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    /// Skips space and tells whether the text is at its end.
    pub fn at_end(&mut self) -> Result<bool, Error> {
        self.skip_space()?;
        Ok(self.peek().is_none())
    }

    /// Skips space, and consumes `byte` if it is next.
    pub fn eat(&mut self, byte: u8) -> Result<bool, Error> {
        self.skip_space()?;
        let hit = self.peek() == Some(byte);
        if hit {
            self.pos += 1;
        }
        Ok(hit)
    }

    /// Skips space and consumes `byte`, or fails.
    pub fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.eat(byte)? {
            Ok(())
        } else {
            Err(self.expected(&format!("'{}'", char::from(byte))))
        }
    }

    /// Skips space and consumes as many bytes as `accept` takes; empty if the first is not taken.
    pub fn word(&mut self, accept: impl Fn(&[u8]) -> bool) -> Result<&'a [u8], Error> {
        self.skip_space()?;
        let start = self.pos;
        while self.pos < self.text.len() && accept(self.rest()) {
            self.pos += 1;
        }
        Ok(self.text.get(start..self.pos).unwrap_or(&[]))
    }

    /// If a quote is next: the text inside it. As in GNU ld there are no escapes, and it may span lines.
    pub fn quoted(&mut self) -> Result<Option<&'a [u8]>, Error> {
        self.skip_space()?;
        if self.peek() != Some(b'"') {
            return Ok(None);
        }
        let body = self.text.get(self.pos + 1..).unwrap_or(&[]);
        match memchr::memchr(b'"', body) {
            Some(end) => {
                self.pos += end + 2;
                Ok(body.get(..end))
            }
            None => Err(self.error("quoted name is not closed")),
        }
    }

    /// Whether the next word is exactly `keyword`; consumes it if so.
    pub fn eat_keyword(&mut self, keyword: &[u8]) -> Result<bool, Error> {
        self.skip_space()?;
        let hit = self
            .rest()
            .strip_prefix(keyword)
            .is_some_and(|after| !after.first().is_some_and(|&byte| is_symbol_byte(byte)));
        if hit {
            self.pos += keyword.len();
        }
        Ok(hit)
    }
}

/// A byte of a symbol's name in an expression.
pub fn is_symbol_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$') || byte >= 0x80
}
