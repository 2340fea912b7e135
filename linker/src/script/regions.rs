//! `MEMORY { … }` and `PHDRS { … }` of linker scripts.

use super::expr::expression;
use super::lexer::{Cursor, Error};
use super::linker::{Parser, name};
use super::model::{Expr, MemoryRegion, PhdrSpec};

/// p_type by name (ELF gABI; the GNU ones from binutils' elf/common.h).
static SEGMENT_TYPES: &[(&[u8], u64)] = &[
    (b"PT_NULL", 0),
    (b"PT_LOAD", 1),
    (b"PT_DYNAMIC", 2),
    (b"PT_INTERP", 3),
    (b"PT_NOTE", 4),
    (b"PT_SHLIB", 5),
    (b"PT_PHDR", 6),
    (b"PT_TLS", 7),
    (b"PT_GNU_EH_FRAME", 0x6474_e550),
    (b"PT_GNU_STACK", 0x6474_e551),
    (b"PT_GNU_RELRO", 0x6474_e552),
    (b"PT_GNU_PROPERTY", 0x6474_e553),
    (b"PT_GNU_SFRAME", 0x6474_e554),
];

impl Parser<'_, '_> {
    /// Reads the regions of MEMORY up to its `}`, or to the end of an INCLUDE file.
    pub(super) fn memory(
        &mut self,
        cursor: &mut Cursor<'_>,
        out: &mut Vec<MemoryRegion>,
    ) -> Result<(), Error> {
        while !cursor.at_end()? && cursor.peek() != Some(b'}') {
            if cursor.eat(b';')? || cursor.eat(b',')? {
                continue;
            }
            let line = cursor.line();
            let place = cursor.place();
            let word = region_name(cursor)?;
            if word == b"INCLUDE" {
                let file = name(cursor, "a file name")?;
                self.include(cursor, file, |parser, inner| parser.memory(inner, out))?;
                continue;
            }
            let attributes = if cursor.eat(b'(')? {
                let text = cursor.word(|rest| rest.first().is_some_and(|&byte| byte != b')'))?;
                let text = text.trim_ascii_end().to_vec();
                cursor.expect(b')')?;
                if let Some(bad) = text.iter().find(|byte| !b"rwxailRWXAIL! \t".contains(byte)) {
                    let bad = bad.escape_ascii();
                    return Err(cursor.error(format!("unknown attribute '{bad}' of a region")));
                }
                text
            } else {
                Vec::new()
            };
            cursor.expect(b':')?;
            let origin = quantity(cursor, &[b"ORIGIN", b"org", b"o"])?;
            cursor.eat(b',')?;
            let length = quantity(cursor, &[b"LENGTH", b"len", b"l"])?;
            out.push(MemoryRegion {
                name: word.to_vec(),
                attributes,
                origin,
                length,
                line,
                place,
            });
        }
        Ok(())
    }
}

/// A region's name: as [`name`], and `:` ends it.
fn region_name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Error> {
    if let Some(name) = cursor.quoted()? {
        return Ok(name);
    }
    let stop = |byte: u8| byte.is_ascii_whitespace() || b"():,;{}\"".contains(&byte);
    let name = cursor.word(|rest| rest.first().is_some_and(|&byte| !stop(byte)))?;
    if name.is_empty() {
        return Err(cursor.expected("a memory region"));
    }
    Ok(name)
}

/// `WORD = expression`.
fn quantity(cursor: &mut Cursor<'_>, words: &[&[u8]]) -> Result<Expr, Error> {
    for word in words {
        if cursor.eat_keyword(word)? {
            cursor.expect(b'=')?;
            return expression(cursor);
        }
    }
    let first = words.first().copied().unwrap_or(b"");
    Err(cursor.expected(&format!("'{}'", first.escape_ascii())))
}

/// Reads the segments of PHDRS up to its `}`.
pub(super) fn phdrs(cursor: &mut Cursor<'_>) -> Result<Vec<PhdrSpec>, Error> {
    let mut out = Vec::new();
    while !cursor.at_end()? && cursor.peek() != Some(b'}') {
        if cursor.eat(b';')? {
            continue;
        }
        let segment = name(cursor, "a segment")?;
        let mut kind = expression(cursor)?;
        if let Expr::Symbol(word) = &kind {
            match SEGMENT_TYPES
                .iter()
                .find(|(known, _)| *known == word.as_slice())
            {
                Some((_, value)) => kind = Expr::Number(*value),
                None => {
                    let word = word.escape_ascii().to_string();
                    return Err(cursor.error(format!("unknown segment type '{word}'")));
                }
            }
        }
        let mut spec = PhdrSpec {
            name: segment.to_vec(),
            kind,
            filehdr: false,
            phdrs: false,
            at: None,
            flags: None,
            place: cursor.place(),
        };
        while !cursor.eat(b';')? {
            if cursor.eat_keyword(b"FILEHDR")? {
                spec.filehdr = true;
            } else if cursor.eat_keyword(b"PHDRS")? {
                spec.phdrs = true;
            } else if cursor.eat_keyword(b"AT")? {
                spec.at = Some(in_parentheses(cursor)?);
            } else if cursor.eat_keyword(b"FLAGS")? {
                spec.flags = Some(in_parentheses(cursor)?);
            } else {
                return Err(cursor.expected("FILEHDR, PHDRS, AT, FLAGS or ';'"));
            }
        }
        out.push(spec);
    }
    Ok(out)
}

/// `( expression )`.
pub(super) fn in_parentheses(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    cursor.expect(b'(')?;
    let expr = expression(cursor)?;
    cursor.expect(b')')?;
    Ok(expr)
}
