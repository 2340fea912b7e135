//! The text of a mapfile: words, statements, and the conditions of version 2.
//!
//! Both versions have one shape: words, perhaps `=`, `+=` or `-=` and values, perhaps a block in braces, perhaps
//! more words, then `;`. In a block a word with a colon is a label (`global:`). Version 2 also has control lines
//! (`$if _ELF64 && _x86`), which decide what of the text counts before any of it has a meaning.

use super::lexer::{Cursor, Error, MAX_DEPTH};

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: Vec<u8>,
    pub quoted: bool,
    pub line: u32,
    pub column: u32,
}

impl Word {
    pub fn is(&self, text: &str) -> bool {
        !self.quoted && self.text == text.as_bytes()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Set,
    Add,
    Remove,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What stands before the operator or the block; never empty, but for a block without a name.
    pub words: Vec<Word>,
    pub op: Option<Op>,
    pub values: Vec<Word>,
    pub block: Option<Vec<Item>>,
    /// What stands between the block and the semicolon.
    pub tail: Vec<Word>,
    pub line: u32,
    pub column: u32,
}

/// A part of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Label(Word),
    Statement(Statement),
}

/// Names that `$if` finds true.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<Vec<u8>>);

impl Names {
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Names {
        Names(names.into_iter().map(|n| n.as_bytes().to_vec()).collect())
    }

    fn has(&self, name: &[u8]) -> bool {
        self.0.iter().any(|n| n == name)
    }
}

/// One `$if`.
struct Branch {
    /// A part of it has counted already.
    taken: bool,
    /// This part counts.
    active: bool,
    line: u32,
}

enum Token {
    Word(Word),
    Mark(Mark, u32, u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    End,
    Colon,
    Op(Op),
}

/// Reads statements.
pub struct Reader<'a> {
    cursor: Cursor<'a>,
    names: Names,
    branches: Vec<Branch>,
    /// Control lines are read.
    controls: bool,
    last_line: u32,
    pending: Option<Token>,
}

impl<'a> Reader<'a> {
    /// `controls`: the text is of version 2, its `$mapfile_version` line already read.
    pub fn new(cursor: Cursor<'a>, names: Names, controls: bool) -> Reader<'a> {
        Reader {
            cursor,
            names,
            branches: Vec::new(),
            controls,
            last_line: 0,
            pending: None,
        }
    }

    pub fn file(&self) -> &'a str {
        self.cursor.file()
    }

    /// `message` with a place before it.
    pub fn error_at(&self, line: u32, column: u32, message: &str) -> Error {
        format!("{}:{line}:{column}: {message}", self.cursor.file())
    }

    /// The next statement, or None at the end of the text.
    pub fn statement(&mut self) -> Result<Option<Statement>, Error> {
        let mut first;
        loop {
            first = self.next()?;
            // An empty statement.
            if !matches!(first, Some(Token::Mark(Mark::End, ..))) {
                break;
            }
        }
        let Some(first) = first else {
            return match self.branches.last() {
                Some(open) => Err(self.error_at(open.line, 1, "$if without $endif")),
                None => Ok(None),
            };
        };
        if let Token::Mark(Mark::Close, line, column) = first {
            return Err(self.error_at(line, column, "'}' without '{'"));
        }
        self.pending = Some(first);
        self.rest_of_statement(0, None).map(Some)
    }

    fn rest_of_statement(&mut self, depth: u32, first: Option<Word>) -> Result<Statement, Error> {
        let mut begun = first.is_some();
        let (line, column) = first.as_ref().map_or((0, 0), |w| (w.line, w.column));
        let mut s = Statement {
            words: first.into_iter().collect(),
            op: None,
            values: Vec::new(),
            block: None,
            tail: Vec::new(),
            line,
            column,
        };
        loop {
            let Some(token) = self.next()? else {
                return Err(self.cursor.expected("';'"));
            };
            let (line, column) = match &token {
                Token::Word(w) => (w.line, w.column),
                Token::Mark(_, line, column) => (*line, *column),
            };
            if !begun {
                (s.line, s.column) = (line, column);
                begun = true;
            }
            match token {
                Token::Word(w) if s.block.is_some() => s.tail.push(w),
                Token::Word(w) if s.op.is_some() => s.values.push(w),
                Token::Word(w) => s.words.push(w),
                Token::Mark(Mark::End, ..) => return Ok(s),
                Token::Mark(Mark::Op(op), ..) => {
                    if s.op.is_some() || s.words.is_empty() || s.block.is_some() {
                        return Err(self.error_at(line, column, "'=' in the wrong place"));
                    }
                    s.op = Some(op);
                }
                Token::Mark(Mark::Colon, ..) => s.words.push(Word {
                    text: b":".to_vec(),
                    quoted: false,
                    line,
                    column,
                }),
                Token::Mark(Mark::Open, ..) => {
                    if s.block.is_some() {
                        return Err(self.error_at(line, column, "a second '{'"));
                    }
                    if depth >= MAX_DEPTH {
                        return Err(self.error_at(line, column, "blocks nest too deeply"));
                    }
                    s.block = Some(self.block(depth + 1)?);
                }
                Token::Mark(Mark::Close, ..) if depth > 0 => {
                    // The semicolon before it may be missing.
                    self.pending = Some(Token::Mark(Mark::Close, line, column));
                    return Ok(s);
                }
                Token::Mark(Mark::Close, ..) => {
                    return Err(self.error_at(line, column, "'}' without '{'"));
                }
            }
        }
    }

    /// The rest of a block, its `}` included.
    fn block(&mut self, depth: u32) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        loop {
            let Some(token) = self.next()? else {
                return Err(self.cursor.expected("'}'"));
            };
            match token {
                Token::Mark(Mark::Close, ..) => return Ok(items),
                Token::Mark(Mark::End, ..) => continue,
                Token::Word(word) => match self.next()? {
                    Some(Token::Mark(Mark::Colon, ..)) => items.push(Item::Label(word)),
                    Some(token) => {
                        self.pending = Some(token);
                        let rest = self.rest_of_statement(depth, Some(word))?;
                        items.push(Item::Statement(rest));
                    }
                    None => return Err(self.cursor.expected("';'")),
                },
                Token::Mark(_, line, column) => {
                    return Err(self.error_at(line, column, "expected a word or '}'"));
                }
            }
        }
    }

    fn next(&mut self) -> Result<Option<Token>, Error> {
        if let Some(token) = self.pending.take() {
            return Ok(Some(token));
        }
        loop {
            self.cursor.skip_space()?;
            let (line, column) = self.cursor.position();
            let Some(byte) = self.cursor.peek() else {
                return Ok(None);
            };
            if byte == b'$' && self.controls && line != self.last_line {
                self.control()?;
                continue;
            }
            self.last_line = line;
            let next = self.cursor.peek_at(1);
            let mark = match byte {
                b'{' => Some((Mark::Open, 1)),
                b'}' => Some((Mark::Close, 1)),
                b';' => Some((Mark::End, 1)),
                b':' => Some((Mark::Colon, 1)),
                b'=' => Some((Mark::Op(Op::Set), 1)),
                b'+' if next == Some(b'=') => Some((Mark::Op(Op::Add), 2)),
                b'-' if next == Some(b'=') => Some((Mark::Op(Op::Remove), 2)),
                _ => None,
            };
            if let Some((mark, length)) = mark {
                self.cursor.advance(length);
                return Ok(Some(Token::Mark(mark, line, column)));
            }
            let (text, quoted) = match self.cursor.quoted()? {
                Some(text) => (text.to_vec(), true),
                None => (self.plain()?, false),
            };
            return Ok(Some(Token::Word(Word {
                text,
                quoted,
                line,
                column,
            })));
        }
    }

    /// A word without quotes; in version 1 `|`, `@` and the start of `?flags` end one.
    fn plain(&mut self) -> Result<Vec<u8>, Error> {
        let rest = self.cursor.rest();
        let v1 = !self.controls;
        let mut length = 0;
        while let Some(&byte) = rest.get(length) {
            let op = matches!(byte, b'+' | b'-') && rest.get(length + 1) == Some(&b'=');
            let ends = byte.is_ascii_whitespace()
                || b"{};:=\"#".contains(&byte)
                || op
                || (v1 && length > 0 && b"|@?".contains(&byte));
            if ends {
                break;
            }
            length += 1;
            if v1 && length == 1 && b"|@".contains(&byte) {
                break;
            }
        }
        if length == 0 {
            return Err(self.cursor.expected("a word"));
        }
        self.cursor.advance(length);
        Ok(rest.get(..length).unwrap_or(&[]).to_vec())
    }

    /// The rest of the line, without its comment.
    fn line_text(&mut self) -> &'a [u8] {
        let rest = self.cursor.rest();
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or(rest);
        self.cursor.advance(end);
        let comment = memchr::memchr(b'#', line).unwrap_or(line.len());
        line.get(..comment).unwrap_or(line).trim_ascii()
    }

    /// A control line; at its `$`.
    fn control(&mut self) -> Result<(), Error> {
        loop {
            let (line, column) = self.cursor.position();
            let text = self.line_text();
            let end = text
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            let rest = rest.trim_ascii();
            let active = self.branches.iter().all(|b| b.active);
            let file = self.cursor.file();
            let error = |message: &str| format!("{file}:{line}:{column}: {message}");
            match word {
                b"$if" => {
                    let value = active && condition(rest, &self.names).map_err(|e| error(&e))?;
                    self.branches.push(Branch {
                        taken: value || !active,
                        active: value,
                        line,
                    });
                }
                b"$elif" | b"$else" => {
                    // The system's own map.default has `$else _x86` where `$elif` is meant, and then `$else`.
                    let other = word == b"$else" && rest.is_empty();
                    let outer = self.branches.iter().rev().skip(1).all(|b| b.active);
                    let Some(taken) = self.branches.last().map(|b| b.taken) else {
                        return Err(error("no $if before this"));
                    };
                    let value = outer
                        && !taken
                        && (other || condition(rest, &self.names).map_err(|e| error(&e))?);
                    if let Some(branch) = self.branches.last_mut() {
                        branch.active = value;
                        branch.taken |= value;
                    }
                }
                b"$endif" => {
                    if self.branches.pop().is_none() {
                        return Err(error("no $if before this"));
                    }
                }
                _ if !active => {}
                b"$add" if !rest.is_empty() => self.names.0.push(rest.to_vec()),
                b"$clear" if !rest.is_empty() => self.names.0.retain(|n| n != rest),
                b"$add" | b"$clear" => return Err(error("a name is missing")),
                b"$error" => return Err(error(&String::from_utf8_lossy(rest))),
                b"$mapfile_version" => {
                    return Err(error(
                        "$mapfile_version must be the first thing in a mapfile, once",
                    ));
                }
                _ => {
                    return Err(error(&format!(
                        "unknown control line '{}'",
                        word.escape_ascii()
                    )));
                }
            }
            if self.branches.iter().all(|b| b.active) {
                return Ok(());
            }
            self.skip_to_control()?;
            if self.cursor.peek().is_none() {
                return Ok(());
            }
        }
    }

    /// Passes over lines that do not count, up to the next control line.
    fn skip_to_control(&mut self) -> Result<(), Error> {
        while self.cursor.peek().is_some() {
            let rest = self.cursor.rest();
            let blank = rest
                .iter()
                .position(|b| !b.is_ascii_whitespace())
                .unwrap_or(rest.len());
            self.cursor.advance(blank);
            if self.cursor.peek() == Some(b'$') {
                return Ok(());
            }
            self.line_text();
        }
        Ok(())
    }
}

/// `a && (b || !c)`. `!` binds tightest, then `&&`, then `||`.
fn condition(text: &[u8], names: &Names) -> Result<bool, String> {
    let mut rest = text;
    let value = either(&mut rest, names, 0)?;
    match rest.trim_ascii_start().first() {
        None => Ok(value),
        Some(byte) => Err(format!("unexpected '{}' in $if", byte.escape_ascii())),
    }
}

fn eat(rest: &mut &[u8], text: &[u8]) -> bool {
    *rest = rest.trim_ascii_start();
    match rest.strip_prefix(text) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

fn either(rest: &mut &[u8], names: &Names, depth: u32) -> Result<bool, String> {
    let mut value = both(rest, names, depth)?;
    while eat(rest, b"||") {
        value |= both(rest, names, depth)?;
    }
    Ok(value)
}

fn both(rest: &mut &[u8], names: &Names, depth: u32) -> Result<bool, String> {
    let mut value = single(rest, names, depth)?;
    while eat(rest, b"&&") {
        value &= single(rest, names, depth)?;
    }
    Ok(value)
}

fn single(rest: &mut &[u8], names: &Names, depth: u32) -> Result<bool, String> {
    if depth > MAX_DEPTH {
        return Err("the condition nests too deeply".into());
    }
    if eat(rest, b"!") {
        return Ok(!single(rest, names, depth + 1)?);
    }
    if eat(rest, b"(") {
        let value = either(rest, names, depth + 1)?;
        return if eat(rest, b")") {
            Ok(value)
        } else {
            Err("expected ')' in $if".into())
        };
    }
    let length = rest
        .iter()
        .position(|b| !b.is_ascii_alphanumeric() && *b != b'_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    if name.is_empty() {
        return Err("expected a name in $if".into());
    }
    *rest = after;
    Ok(name == b"true" || names.has(name))
}
