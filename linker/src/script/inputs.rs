//! The inside of an output section: `KEEP(*(SORT(.init_array.*)))`, `BYTE(1)`, `. = ALIGN(8);` and so on.

use super::expr::{assignment, assignment_operator, wrapped_assignment};
use super::lexer::{Cursor, Error};
use super::linker::{Parser, assertion, end_of_statement, name, one_word};
use super::model::{
    Assignment, Expr, InputSpec, NamePattern, SectionClass, SectionFlag, SectionPattern,
    SectionStatement, Sort,
};
use super::regions::in_parentheses;
use super::sections::fill;

/// Bytes that `ASCII (size)` may ask for.
const MAX_TEXT: u64 = 65536;

/// How deep `SORT(SORT(…))` may nest; GNU ld knows two sort keys and REVERSE.
const MAX_SORT: u32 = 8;

/// The words of sorting, and what they ask for.
static SORTS: &[(&[u8], Sort)] = &[
    (b"SORT", Sort::Name),
    (b"SORT_BY_NAME", Sort::Name),
    (b"SORT_BY_ALIGNMENT", Sort::Alignment),
    (b"SORT_BY_INIT_PRIORITY", Sort::InitPriority),
    (b"SORT_NONE", Sort::None),
];

impl Parser<'_, '_> {
    /// Reads statements up to the `}` of an output section, or to the end of an INCLUDE file.
    pub(super) fn section_body(
        &mut self,
        cursor: &mut Cursor<'_>,
        out: &mut Vec<SectionStatement>,
    ) -> Result<(), Error> {
        while !cursor.at_end()? && cursor.peek() != Some(b'}') {
            if cursor.eat(b';')? || cursor.eat(b',')? {
                continue;
            }
            let start = cursor.clone();
            if cursor.quoted()?.is_none() {
                cursor.word(is_word_byte)?;
            }
            if assignment_operator(cursor)?.is_some() {
                *cursor = start;
                let name = match cursor.quoted()? {
                    Some(name) => name,
                    None => cursor.word(is_word_byte)?,
                };
                let assignment = assignment(cursor, name)?;
                end_of_statement(cursor)?;
                out.push(inside(assignment));
                continue;
            }
            *cursor = start;
            let statement = if cursor.eat_keyword(b"PROVIDE")? {
                inside(wrapped_assignment(cursor, true, false)?)
            } else if cursor.eat_keyword(b"PROVIDE_HIDDEN")? {
                inside(wrapped_assignment(cursor, true, true)?)
            } else if cursor.eat_keyword(b"HIDDEN")? {
                inside(wrapped_assignment(cursor, false, true)?)
            } else if cursor.eat_keyword(b"ASSERT")? {
                let (condition, message, place) = assertion(cursor)?;
                SectionStatement::Assert(condition, message, place)
            } else if cursor.eat_keyword(b"INCLUDE")? {
                let file = name(cursor, "a file name")?;
                self.include(cursor, file, |parser, inner| {
                    parser.section_body(inner, out)
                })?;
                continue;
            } else if cursor.eat_keyword(b"FILL")? {
                cursor.expect(b'(')?;
                let value = fill(cursor)?;
                cursor.expect(b')')?;
                SectionStatement::Fill(value)
            } else if let Some(bytes) = data_width(cursor)? {
                let place = cursor.place();
                let value = in_parentheses(cursor)?;
                SectionStatement::Data {
                    bytes,
                    value,
                    place,
                }
            } else if cursor.eat_keyword(b"ASCIZ")? {
                SectionStatement::Text(text(cursor, true)?)
            } else if cursor.eat_keyword(b"ASCII")? {
                SectionStatement::Text(text(cursor, false)?)
            } else if cursor.eat_keyword(b"CLASS")? {
                let place = cursor.place();
                SectionStatement::Class(one_word(cursor)?, place)
            } else if let Some(word) = plain_keyword(cursor)? {
                SectionStatement::Keyword(word.to_vec())
            } else {
                SectionStatement::Input(input_spec(cursor)?)
            };
            out.push(statement);
        }
        Ok(())
    }
}

/// `(name) { … }` of a class: nothing but input section descriptions.
pub(super) fn section_class(cursor: &mut Cursor<'_>) -> Result<SectionClass, Error> {
    let place = cursor.place();
    let name = one_word(cursor)?;
    let mut inputs = Vec::new();
    cursor.expect(b'{')?;
    while !cursor.eat(b'}')? {
        if cursor.eat_keyword(b"CLASS")? {
            return Err(cursor.error("a section class cannot be made of another"));
        }
        if !cursor.eat(b';')? && !cursor.eat(b',')? {
            inputs.push(input_spec(cursor)?);
        }
    }
    Ok(SectionClass {
        name,
        inputs,
        place,
    })
}

/// An assignment between the braces of an output section.
fn inside(assignment: Assignment) -> SectionStatement {
    SectionStatement::Assign(Assignment {
        in_section: true,
        ..assignment
    })
}

fn data_width(cursor: &mut Cursor<'_>) -> Result<Option<u8>, Error> {
    for (word, bytes) in [
        (&b"BYTE"[..], 1),
        (b"SHORT", 2),
        (b"LONG", 4),
        (b"QUAD", 8),
        (b"SQUAD", 8),
    ] {
        if cursor.eat_keyword(word)? {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

fn plain_keyword(cursor: &mut Cursor<'_>) -> Result<Option<&'static [u8]>, Error> {
    for word in [
        &b"CONSTRUCTORS"[..],
        b"CREATE_OBJECT_SYMBOLS",
        b"LINKER_VERSION",
    ] {
        if cursor.eat_keyword(word)? {
            return Ok(Some(word));
        }
    }
    // `SORT(CONSTRUCTORS)`: ELF has no such constructors, so there is nothing to sort.
    let mut ahead = cursor.clone();
    if (ahead.eat_keyword(b"SORT")? || ahead.eat_keyword(b"SORT_BY_NAME")?)
        && ahead.eat(b'(')?
        && ahead.eat_keyword(b"CONSTRUCTORS")?
    {
        ahead.expect(b')')?;
        *cursor = ahead;
        return Ok(Some(b"CONSTRUCTORS"));
    }
    Ok(None)
}

/// The string of ASCII and ASCIZ, in parentheses or not, with C's escapes. `ASCII (size) "…"` takes as many bytes, zeros
/// at the end.
fn text(cursor: &mut Cursor<'_>, zero: bool) -> Result<Vec<u8>, Error> {
    if !zero {
        let mut ahead = cursor.clone();
        if ahead.eat(b'(')? && ahead.quoted()?.is_none() {
            let size = match in_parentheses(cursor)? {
                Expr::Number(n) if n <= MAX_TEXT => n as usize,
                _ => {
                    return Err(cursor.error("the size of ASCII has to be a number, at most 65536"));
                }
            };
            let mut out = text(cursor, true)?;
            if out.len() > size + 1 {
                return Err(cursor.error(format!(
                    "the string of ASCII does not fit into {size} bytes"
                )));
            }
            out.resize(size, 0);
            return Ok(out);
        }
    }
    let open = cursor.eat(b'(')?;
    let quoted = match cursor.quoted()? {
        Some(quoted) => quoted,
        None => name(cursor, "a string")?,
    };
    if open {
        cursor.expect(b')')?;
    }
    let mut out = Vec::with_capacity(quoted.len() + 1);
    let mut rest = quoted;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let digits = tail
            .iter()
            .take(3)
            .take_while(|byte| (b'0'..=b'7').contains(*byte))
            .count();
        if digits > 0 {
            let octal = tail.get(..digits).unwrap_or(&[]);
            out.push(super::expr::parse_digits(octal, 8).unwrap_or(0) as u8);
            rest = tail.get(digits..).unwrap_or(&[]);
            continue;
        }
        let Some((&letter, after)) = tail.split_first() else {
            break;
        };
        rest = after;
        out.push(match letter {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            other => other,
        });
    }
    if zero {
        out.push(0);
    }
    Ok(out)
}

/// A byte of a symbol or file pattern at the start of a statement.
fn is_word_byte(rest: &[u8]) -> bool {
    match rest {
        [b'-' | b'/' | b'&' | b'*' | b'+' | b'^' | b'|', b'=', ..] => false,
        [b'<', b'<', b'=', ..] | [b'>', b'>', b'=', ..] => false,
        [byte, ..] => !byte.is_ascii_whitespace() && !b"(){};,=\"".contains(byte),
        [] => false,
    }
}

/// A byte of a section or file pattern inside parentheses.
fn is_pattern_byte(rest: &[u8]) -> bool {
    let stop = |byte: u8| byte.is_ascii_whitespace() || b"(){};,\"".contains(&byte);
    rest.first().is_some_and(|&byte| !stop(byte))
}

fn pattern(
    cursor: &mut Cursor<'_>,
    accept: fn(&[u8]) -> bool,
    what: &str,
) -> Result<NamePattern, Error> {
    if let Some(text) = cursor.quoted()? {
        return Ok(NamePattern {
            text: text.to_vec(),
            quoted: true,
        });
    }
    let text = cursor.word(accept)?;
    if text.is_empty() {
        return Err(cursor.expected(what));
    }
    Ok(NamePattern {
        text: text.to_vec(),
        quoted: false,
    })
}

/// `KEEP(…)` or what stands in it.
fn input_spec(cursor: &mut Cursor<'_>) -> Result<InputSpec, Error> {
    let mut spec = InputSpec {
        line: cursor.line(),
        ..InputSpec::default()
    };
    spec.keep = cursor.eat_keyword(b"KEEP")?;
    if spec.keep {
        cursor.expect(b'(')?;
    }
    if cursor.eat_keyword(b"INPUT_SECTION_FLAGS")? {
        spec.flags = section_flags(cursor)?;
    }
    file_pattern(cursor, &mut spec, 0)?;
    if cursor.eat(b'(')? {
        while !cursor.eat(b')')? {
            if cursor.eat(b',')? {
                continue;
            }
            section_patterns(cursor, SectionPattern::default(), &mut spec.sections, 0)?;
        }
    }
    if spec.keep {
        cursor.expect(b')')?;
    }
    Ok(spec)
}

/// `(SHF_ALLOC & !SHF_WRITE)`.
fn section_flags(cursor: &mut Cursor<'_>) -> Result<Vec<SectionFlag>, Error> {
    let mut flags = Vec::new();
    cursor.expect(b'(')?;
    loop {
        let absent = cursor.eat(b'!')?;
        let word = cursor.word(|rest| {
            rest.first()
                .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })?;
        if word.is_empty() {
            return Err(cursor.expected("a section flag"));
        }
        flags.push(SectionFlag {
            name: word.to_vec(),
            absent,
        });
        if !cursor.eat(b'&')? {
            break;
        }
    }
    cursor.expect(b')')?;
    Ok(flags)
}

/// The list of `EXCLUDE_FILE(…)`, if that is next.
fn exclude_file(cursor: &mut Cursor<'_>) -> Result<Option<Vec<Vec<u8>>>, Error> {
    if !cursor.eat_keyword(b"EXCLUDE_FILE")? {
        return Ok(None);
    }
    let mut files = Vec::new();
    cursor.expect(b'(')?;
    while !cursor.eat(b')')? {
        if cursor.eat(b',')? {
            continue;
        }
        files.push(pattern(cursor, is_pattern_byte, "a file name or ')'")?.text);
    }
    Ok(Some(files))
}

fn sort_word(cursor: &mut Cursor<'_>) -> Result<Option<Sort>, Error> {
    for (word, sort) in SORTS {
        if cursor.eat_keyword(word)? {
            return Ok(Some(*sort));
        }
    }
    Ok(None)
}

fn file_pattern(cursor: &mut Cursor<'_>, spec: &mut InputSpec, depth: u32) -> Result<(), Error> {
    if depth > MAX_SORT {
        return Err(cursor.error("sorting nests too deeply"));
    }
    let reverse = cursor.eat_keyword(b"REVERSE")?;
    let sort = if reverse { None } else { sort_word(cursor)? };
    if reverse || sort.is_some() {
        spec.reverse_files |= reverse;
        if let Some(sort) = sort {
            spec.sort_files = sort;
        }
        cursor.expect(b'(')?;
        file_pattern(cursor, spec, depth + 1)?;
        return cursor.expect(b')');
    }
    if let Some(files) = exclude_file(cursor)? {
        spec.exclude_files = files;
    }
    spec.file = pattern(cursor, is_word_byte, "an input file pattern")?;
    Ok(())
}

/// A pattern, or several between the parentheses of sorting words, which sort them together.
fn section_patterns(
    cursor: &mut Cursor<'_>,
    mut section: SectionPattern,
    out: &mut Vec<SectionPattern>,
    depth: u32,
) -> Result<(), Error> {
    if depth > MAX_SORT {
        return Err(cursor.error("sorting nests too deeply"));
    }
    let reverse = cursor.eat_keyword(b"REVERSE")?;
    let sort = if reverse { None } else { sort_word(cursor)? };
    if reverse || sort.is_some() {
        section.reverse |= reverse;
        match sort {
            Some(sort) if section.sort == Sort::Default => section.sort = sort,
            Some(sort) => section.then = sort,
            None => {}
        }
        cursor.expect(b'(')?;
        loop {
            section_patterns(cursor, section.clone(), out, depth + 1)?;
            cursor.eat(b',')?;
            if cursor.eat(b')')? {
                return Ok(());
            }
        }
    }
    if let Some(files) = exclude_file(cursor)? {
        section.exclude_files = files;
    }
    section.pattern = pattern(cursor, is_pattern_byte, "a section pattern or ')'")?;
    out.push(section);
    Ok(())
}
