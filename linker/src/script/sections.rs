//! `SECTIONS { … }`: output sections, where they go, and what is around them. What stands inside their
//! braces is read by `inputs.rs`.

use super::expr::{assignment, assignment_operator, expression, parse_digits, wrapped_assignment};
use super::inputs::section_class;
use super::lexer::{Cursor, Error, is_symbol_byte};
use super::linker::{Parser, assertion, end_of_statement, name, one_word};
use super::model::{Constraint, Expr, Fill, OutputSectionType, OutputSpec, Overlay, SectionsItem};
use super::regions::in_parentheses;

/// What may follow the `}` of an output section or overlay.
#[derive(Default)]
struct Tail {
    region: Option<Vec<u8>>,
    load_region: Option<Vec<u8>>,
    phdrs: Vec<Vec<u8>>,
    fill: Option<Fill>,
}

impl Parser<'_, '_> {
    /// Reads statements up to the `}` of SECTIONS, or to the end of an INCLUDE file.
    pub(super) fn sections(
        &mut self,
        cursor: &mut Cursor<'_>,
        out: &mut Vec<SectionsItem>,
    ) -> Result<(), Error> {
        while !cursor.at_end()? && cursor.peek() != Some(b'}') {
            if cursor.eat(b';')? || cursor.eat(b',')? {
                continue;
            }
            let line = cursor.line();
            let quoted = cursor.quoted()?;
            let word = match quoted {
                Some(word) => word,
                None => cursor.word(is_section_byte)?,
            };
            if word.is_empty() && quoted.is_none() {
                return Err(cursor.expected("an output section or a symbol"));
            }
            if assignment_operator(cursor)?.is_some() {
                let assignment = assignment(cursor, word)?;
                end_of_statement(cursor)?;
                out.push(SectionsItem::Assign(assignment));
                continue;
            }
            let item = match word {
                _ if quoted.is_some() => self.output_section(cursor, word, line)?,
                b"ENTRY" => SectionsItem::Entry(one_word(cursor)?),
                b"ASSERT" => {
                    let (condition, message, place) = assertion(cursor)?;
                    SectionsItem::Assert(condition, message, place)
                }
                b"PROVIDE" => SectionsItem::Assign(wrapped_assignment(cursor, true, false)?),
                b"PROVIDE_HIDDEN" => SectionsItem::Assign(wrapped_assignment(cursor, true, true)?),
                b"HIDDEN" => SectionsItem::Assign(wrapped_assignment(cursor, false, true)?),
                b"OVERLAY" => self.overlay(cursor)?,
                b"CLASS" if cursor.peek() == Some(b'(') => {
                    SectionsItem::Class(section_class(cursor)?)
                }
                b"INCLUDE" => {
                    let file = name(cursor, "a file name")?;
                    self.include(cursor, file, |parser, inner| parser.sections(inner, out))?;
                    continue;
                }
                _ => self.output_section(cursor, word, line)?,
            };
            out.push(item);
        }
        Ok(())
    }

    fn output_section(
        &mut self,
        cursor: &mut Cursor<'_>,
        name: &[u8],
        line: u32,
    ) -> Result<SectionsItem, Error> {
        let mut spec = OutputSpec {
            name: name.to_vec(),
            line,
            place: cursor.place(),
            ..OutputSpec::default()
        };
        if !at_type(cursor)? && cursor.peek() != Some(b':') {
            let bound = cursor.eat_keyword(b"BIND")?;
            spec.address = Some(if bound {
                in_parentheses(cursor)?
            } else {
                expression(cursor)?
            });
        }
        if at_type(cursor)? {
            spec.kind = section_type(cursor)?;
        }
        cursor.expect(b':')?;
        loop {
            if cursor.eat_keyword(b"AT")? {
                spec.load_address = Some(in_parentheses(cursor)?);
            } else if cursor.eat_keyword(b"ALIGN")? {
                spec.align = Some(in_parentheses(cursor)?);
            } else if cursor.eat_keyword(b"ALIGN_WITH_INPUT")? {
                spec.align_with_input = true;
            } else if cursor.eat_keyword(b"SUBALIGN")? {
                spec.subalign = Some(in_parentheses(cursor)?);
            } else if cursor.eat_keyword(b"ONLY_IF_RO")? {
                spec.constraint = Constraint::OnlyIfReadOnly;
            } else if cursor.eat_keyword(b"ONLY_IF_RW")? {
                spec.constraint = Constraint::OnlyIfWritable;
            } else {
                break;
            }
        }
        if spec.align.is_some() && spec.align_with_input {
            return Err(cursor.error(
                "ALIGN and ALIGN_WITH_INPUT contradict each other: the latter takes the alignment of the input sections",
            ));
        }
        cursor.expect(b'{')?;
        self.section_body(cursor, &mut spec.body)?;
        cursor.expect(b'}')?;
        let tail = tail(cursor)?;
        spec.region = tail.region;
        spec.load_region = tail.load_region;
        spec.phdrs = tail.phdrs;
        spec.fill = tail.fill;
        Ok(SectionsItem::Output(Box::new(spec)))
    }

    fn overlay(&mut self, cursor: &mut Cursor<'_>) -> Result<SectionsItem, Error> {
        let mut overlay = Overlay::default();
        cursor.skip_space()?;
        if cursor.peek() != Some(b':') {
            overlay.address = Some(expression(cursor)?);
        }
        cursor.expect(b':')?;
        overlay.no_cross_refs = cursor.eat_keyword(b"NOCROSSREFS")?;
        if cursor.eat_keyword(b"AT")? {
            overlay.load_address = Some(in_parentheses(cursor)?);
        }
        cursor.expect(b'{')?;
        while !cursor.eat(b'}')? {
            let line = cursor.line();
            let section = match cursor.quoted()? {
                Some(name) => name,
                None => cursor.word(is_section_byte)?,
            };
            if section.is_empty() {
                return Err(cursor.expected("an output section or '}'"));
            }
            cursor.expect(b'{')?;
            let mut spec = OutputSpec {
                name: section.to_vec(),
                line,
                place: cursor.place(),
                ..OutputSpec::default()
            };
            self.section_body(cursor, &mut spec.body)?;
            cursor.expect(b'}')?;
            let tail = tail(cursor)?;
            spec.phdrs = tail.phdrs;
            spec.fill = tail.fill;
            overlay.sections.push(spec);
        }
        let tail = tail(cursor)?;
        overlay.region = tail.region;
        overlay.load_region = tail.load_region;
        overlay.phdrs = tail.phdrs;
        overlay.fill = tail.fill;
        Ok(SectionsItem::Overlay(Box::new(overlay)))
    }
}

/// A byte of an output section's name, or of a symbol at the start of a statement.
fn is_section_byte(rest: &[u8]) -> bool {
    match rest {
        [b'-' | b'/' | b'&' | b'*' | b'+' | b'^' | b'|', b'=', ..] => false,
        [b'<', b'<', b'=', ..] | [b'>', b'>', b'=', ..] => false,
        [byte, ..] => !byte.is_ascii_whitespace() && !b"(){}:;,=\"".contains(byte),
        [] => false,
    }
}

/// Whether a section type in parentheses is next, as opposed to an expression in parentheses.
fn at_type(cursor: &mut Cursor<'_>) -> Result<bool, Error> {
    cursor.skip_space()?;
    if cursor.peek() != Some(b'(') {
        return Ok(false);
    }
    let mut ahead = cursor.clone();
    ahead.advance(1);
    ahead.skip_space()?;
    if ahead.peek() == Some(b')') {
        return Ok(true);
    }
    for word in [
        &b"NOLOAD"[..],
        b"DSECT",
        b"COPY",
        b"INFO",
        b"OVERLAY",
        b"READONLY",
        b"TYPE",
    ] {
        if ahead.eat_keyword(word)? {
            ahead.skip_space()?;
            return Ok(matches!(ahead.peek(), Some(b')' | b'(' | b'=')));
        }
    }
    Ok(false)
}

/// `(NOLOAD)`, `(READONLY)`, `(TYPE = SHT_NOTE)`, `(READONLY (TYPE = 7))`, `()`.
fn section_type(cursor: &mut Cursor<'_>) -> Result<OutputSectionType, Error> {
    let mut kind = OutputSectionType::default();
    cursor.expect(b'(')?;
    if cursor.eat_keyword(b"NOLOAD")? {
        kind.noload = true;
    } else if cursor.eat_keyword(b"READONLY")? {
        kind.readonly = true;
        if cursor.eat(b'(')? {
            kind.section_type = Some(type_number(cursor)?);
            cursor.expect(b')')?;
        }
    } else {
        for word in [&b"DSECT"[..], b"COPY", b"INFO", b"OVERLAY"] {
            kind.not_allocated |= cursor.eat_keyword(word)?;
        }
        cursor.skip_space()?;
        if !kind.not_allocated && cursor.peek() != Some(b')') {
            kind.section_type = Some(type_number(cursor)?);
        }
    }
    cursor.expect(b')')?;
    Ok(kind)
}

/// `TYPE = expression`; `SHT_…` names become their numbers.
fn type_number(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    if !cursor.eat_keyword(b"TYPE")? {
        return Err(cursor.expected("TYPE"));
    }
    cursor.expect(b'=')?;
    let value = expression(cursor)?;
    let Expr::Symbol(word) = &value else {
        return Ok(value);
    };
    let number = match word.as_slice() {
        b"SHT_PROGBITS" => 1,
        b"SHT_STRTAB" => 3,
        b"SHT_NOTE" => 7,
        b"SHT_NOBITS" => 8,
        b"SHT_INIT_ARRAY" => 14,
        b"SHT_FINI_ARRAY" => 15,
        b"SHT_PREINIT_ARRAY" => 16,
        _ => {
            let word = word.escape_ascii().to_string();
            return Err(cursor.error(format!("unknown section type '{word}'")));
        }
    };
    Ok(Expr::Number(number))
}

/// Reads `>region AT>region :phdr … =fill` and a comma, each of which may be missing.
fn tail(cursor: &mut Cursor<'_>) -> Result<Tail, Error> {
    let mut tail = Tail::default();
    if cursor.eat(b'>')? {
        tail.region = Some(tail_name(cursor)?);
    }
    if cursor.eat_keyword(b"AT")? {
        cursor.expect(b'>')?;
        tail.load_region = Some(tail_name(cursor)?);
    }
    while cursor.eat(b':')? {
        tail.phdrs.push(tail_name(cursor)?);
    }
    if cursor.eat(b'=')? {
        tail.fill = Some(fill(cursor)?);
    }
    cursor.eat(b',')?;
    Ok(tail)
}

fn tail_name(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    if let Some(name) = cursor.quoted()? {
        return Ok(name.to_vec());
    }
    let stop = |byte: u8| byte.is_ascii_whitespace() || b"()<>:=,;{}\"".contains(&byte);
    let name = cursor.word(|rest| rest.first().is_some_and(|&byte| !stop(byte)))?;
    if name.is_empty() {
        return Err(cursor.expected("a name"));
    }
    Ok(name.to_vec())
}

/// The value of `=fill` and `FILL(…)`: a lone hexadecimal number is a string of bytes of its length.
pub(super) fn fill(cursor: &mut Cursor<'_>) -> Result<Fill, Error> {
    cursor.skip_space()?;
    let mut ahead = cursor.clone();
    let word = ahead.word(|rest| rest.first().is_some_and(|&byte| is_symbol_byte(byte)))?;
    ahead.skip_space()?;
    let digits = word
        .strip_prefix(b"0x")
        .or(word.strip_prefix(b"0X"))
        .or(word.strip_prefix(b"$"))
        .filter(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit));
    if digits.is_some_and(|d| d.len() > 16) {
        // No number is that large, so it is no expression.
        *cursor = ahead.clone();
    } else {
        let expr = expression(cursor)?;
        cursor.skip_space()?;
        if digits.is_none() || ahead.rest().len() != cursor.rest().len() {
            return Ok(Fill::Expr(expr));
        }
    }
    let digits = digits.unwrap_or_default();
    // An odd number of digits has a zero before it.
    let padded = if digits.len() % 2 == 1 {
        [b"0", digits].concat()
    } else {
        digits.to_vec()
    };
    let (pairs, _) = padded.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| parse_digits(pair, 16).unwrap_or(0) as u8;
    Ok(Fill::Bytes(pairs.iter().map(byte).collect()))
}

#[cfg(test)]
#[path = "sections_tests.rs"]
mod tests;
