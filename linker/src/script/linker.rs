//! Linker scripts: the commands that stand outside SECTIONS, MEMORY and PHDRS, and INCLUDE.
//!
//! Most scripts a linker meets are a few lines such as glibc's `libc.so`:
//!
//! ```text
//! OUTPUT_FORMAT(elf64-x86-64)
//! GROUP ( /lib/libc.so.6 /usr/lib/libc_nonshared.a AS_NEEDED ( /lib/ld-linux-x86-64.so.2 ) )
//! ```

use std::collections::HashSet;
use std::path::Path;

use super::expr::{assignment, assignment_operator, expression, wrapped_assignment};
use super::lexer::{Cursor, Error, MAX_DEPTH};
use super::model::{Expr, LinkerScript, Place, ScriptCommand, ScriptInput};
use super::regions::phdrs;
use super::version::parse_nodes;

/// GNU ld's limit of INCLUDE in INCLUDE.
const MAX_INCLUDE_DEPTH: u32 = 10;
/// How many INCLUDE commands one script may run, so that small files cannot multiply without end.
const MAX_INCLUDES: u32 = 10_000;
/// Bytes of INCLUDE files that were read before.
const MAX_AGAIN: usize = 1 << 20;

/// Finds and reads the file of an `INCLUDE`: gets the name as written, gives its path for messages and its text.
pub type Loader<'l> = dyn FnMut(&[u8]) -> Result<(String, Vec<u8>), String> + 'l;

/// Parses a linker script that was given as an input. `INCLUDE` files are looked for in the working directory
/// and beside `file`.
pub fn parse_linker_script(text: &[u8], file: &str) -> Result<LinkerScript, Vec<String>> {
    let directory = Path::new(file)
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    let mut loader = |name: &[u8]| read_include(name, &[&directory]);
    parse_linker_script_with(text, file, &mut loader)
}

/// Reads an `INCLUDE` file from the working directory or one of `directories`.
pub fn read_include(name: &[u8], directories: &[&Path]) -> Result<(String, Vec<u8>), String> {
    use std::os::unix::ffi::OsStrExt;
    let name = Path::new(std::ffi::OsStr::from_bytes(name));
    let places =
        std::iter::once(name.to_path_buf()).chain(directories.iter().map(|dir| dir.join(name)));
    let mut first_error = None;
    for path in places {
        match crate::input::whole::read(&path) {
            Ok(text) => return Ok((path.display().to_string(), text)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    let reason = first_error
        .map(|error| error.to_string())
        .unwrap_or_default();
    Err(format!("cannot open {}: {reason}", name.display()))
}

/// Parses any linker script, its `INCLUDE` files coming from `loader`.
pub fn parse_linker_script_with(
    text: &[u8],
    file: &str,
    loader: &mut Loader<'_>,
) -> Result<LinkerScript, Vec<String>> {
    let mut parser = Parser {
        loader,
        depth: 0,
        includes: 0,
        seen: HashSet::new(),
        again: 0,
    };
    let mut commands = Vec::new();
    let mut cursor = Cursor::new(text, file);
    parser
        .commands(&mut cursor, &mut commands)
        .map_err(|error| vec![error])?;
    Ok(LinkerScript {
        file: file.to_string(),
        commands,
    })
}

/// What lasts over the text of a script and its INCLUDE files.
pub(super) struct Parser<'p, 'l> {
    loader: &'p mut Loader<'l>,
    depth: u32,
    includes: u32,
    /// Files that were included, and bytes of those that were once more.
    seen: HashSet<String>,
    again: usize,
}

impl Parser<'_, '_> {
    fn commands(
        &mut self,
        cursor: &mut Cursor<'_>,
        out: &mut Vec<ScriptCommand>,
    ) -> Result<(), Error> {
        while !cursor.at_end()? {
            self.command(cursor, out)?;
        }
        Ok(())
    }

    fn command(
        &mut self,
        cursor: &mut Cursor<'_>,
        out: &mut Vec<ScriptCommand>,
    ) -> Result<(), Error> {
        if cursor.eat(b';')? {
            return Ok(());
        }
        let start = cursor.clone();
        let quoted = cursor.quoted()?;
        let word = match quoted {
            Some(name) => name,
            None => cursor.word(is_command_byte)?,
        };
        if word.is_empty() {
            return Err(cursor.expected("a command"));
        }
        if assignment_operator(cursor)?.is_some() {
            let assignment = assignment(cursor, word)?;
            end_of_statement(cursor)?;
            out.push(ScriptCommand::Assign(assignment));
            return Ok(());
        }
        let command = match word {
            _ if quoted.is_some() => return Err(cursor.expected("'='")),
            b"INPUT" => ScriptCommand::Input(input_list(cursor)?),
            b"GROUP" => ScriptCommand::Group(input_list(cursor)?),
            b"OUTPUT_FORMAT" => ScriptCommand::OutputFormat(first_of_list(cursor)?),
            b"OUTPUT_ARCH" => ScriptCommand::OutputArch(one_word(cursor)?),
            b"SEARCH_DIR" => ScriptCommand::SearchDir(one_word(cursor)?),
            b"ENTRY" => ScriptCommand::Entry(one_word(cursor)?),
            b"EXTERN" => ScriptCommand::Extern(word_list(cursor)?),
            b"PROVIDE" => ScriptCommand::Assign(wrapped_assignment(cursor, true, false)?),
            b"PROVIDE_HIDDEN" => ScriptCommand::Assign(wrapped_assignment(cursor, true, true)?),
            b"HIDDEN" => ScriptCommand::Assign(wrapped_assignment(cursor, false, true)?),
            b"ASSERT" => {
                let (condition, message, place) = assertion(cursor)?;
                ScriptCommand::Assert(condition, message, place)
            }
            b"VERSION" => {
                cursor.expect(b'{')?;
                cursor.set_slash_comments(true);
                let script = parse_nodes(cursor);
                cursor.set_slash_comments(false);
                let script = script?;
                cursor.expect(b'}')?;
                ScriptCommand::Version(script)
            }
            b"INCLUDE" => {
                let file = name(cursor, "a file name")?;
                return self.include(cursor, file, |parser, inner| parser.commands(inner, out));
            }
            b"OUTPUT" | b"STARTUP" | b"TARGET" | b"MAP" | b"LD_FEATURE" | b"FLOAT" | b"SYSLIB"
            | b"HLL" => {
                let value = word_list(cursor)?.into_iter().next().unwrap_or_default();
                ScriptCommand::Other(word.to_vec(), value)
            }
            b"FORCE_COMMON_ALLOCATION"
            | b"FORCE_GROUP_ALLOCATION"
            | b"INHIBIT_COMMON_ALLOCATION"
            | b"NOFLOAT" => ScriptCommand::Other(word.to_vec(), Vec::new()),
            b"SECTIONS" | b"OVERWRITE_SECTIONS" => {
                let mut items = Vec::new();
                cursor.expect(b'{')?;
                self.sections(cursor, &mut items)?;
                cursor.expect(b'}')?;
                match word {
                    b"SECTIONS" => ScriptCommand::Sections(items),
                    _ => ScriptCommand::Overwrite(items),
                }
            }
            b"MEMORY" => {
                let mut regions = Vec::new();
                cursor.expect(b'{')?;
                self.memory(cursor, &mut regions)?;
                cursor.expect(b'}')?;
                ScriptCommand::Memory(regions)
            }
            b"PHDRS" => {
                cursor.expect(b'{')?;
                let phdrs = phdrs(cursor)?;
                cursor.expect(b'}')?;
                ScriptCommand::Phdrs(phdrs)
            }
            b"REGION_ALIAS" => match word_list(cursor)?.as_mut_slice() {
                [alias, region] => ScriptCommand::RegionAlias {
                    alias: std::mem::take(alias),
                    region: std::mem::take(region),
                },
                _ => return Err(cursor.error("REGION_ALIAS needs an alias and a region")),
            },
            b"INSERT" => {
                let after = cursor.eat_keyword(b"AFTER")?;
                if !after && !cursor.eat_keyword(b"BEFORE")? {
                    return Err(cursor.expected("AFTER or BEFORE"));
                }
                let section = name(cursor, "an output section")?.to_vec();
                ScriptCommand::Insert { after, section }
            }
            b"NOCROSSREFS" | b"NOCROSSREFS_TO" => ScriptCommand::NoCrossRefs {
                to_first: word == b"NOCROSSREFS_TO",
                sections: word_list(cursor)?,
            },
            _ => {
                *cursor = start;
                let word = word.escape_ascii();
                return Err(cursor.error(format!("unknown command '{word}' in a linker script")));
            }
        };
        out.push(command);
        Ok(())
    }

    /// Runs `body` over the text of an INCLUDE file.
    pub(super) fn include(
        &mut self,
        cursor: &mut Cursor<'_>,
        file: &[u8],
        body: impl FnOnce(&mut Self, &mut Cursor<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.depth >= MAX_INCLUDE_DEPTH {
            return Err(cursor.error("INCLUDE nests too deeply"));
        }
        if self.includes >= MAX_INCLUDES {
            return Err(cursor.error("too many INCLUDE commands"));
        }
        self.includes += 1;
        let (path, text) = (self.loader)(file).map_err(|error| cursor.error(error))?;
        if !self.seen.insert(path.clone()) {
            self.again += text.len();
        }
        if self.again > MAX_AGAIN {
            return Err(cursor.error("INCLUDE reads the same files too often"));
        }
        self.depth += 1;
        let result = body(self, &mut Cursor::new(&text, &path));
        self.depth -= 1;
        result
    }
}

/// A byte of a command or symbol at the start of a statement: not of an assignment operator.
fn is_command_byte(rest: &[u8]) -> bool {
    match rest {
        [b'-' | b'/' | b'&' | b'*' | b'+' | b'^', b'=', ..] => false,
        [byte, ..] => byte.is_ascii_alphanumeric() || b"_.$-/:@~\\".contains(byte) || *byte >= 0x80,
        [] => false,
    }
}

/// Consumes the `;` (or `,`) that ends an assignment; the end of the text does as well.
pub(super) fn end_of_statement(cursor: &mut Cursor<'_>) -> Result<(), Error> {
    if cursor.eat(b';')? || cursor.eat(b',')? || cursor.at_end()? {
        return Ok(());
    }
    Err(cursor.expected("';'"))
}

/// `(condition, "message")` of ASSERT.
pub(super) fn assertion(cursor: &mut Cursor<'_>) -> Result<(Expr, Vec<u8>, Place), Error> {
    cursor.expect(b'(')?;
    let place = cursor.place();
    let condition = expression(cursor)?;
    cursor.expect(b',')?;
    let message = name(cursor, "a message")?.to_vec();
    cursor.expect(b')')?;
    Ok((condition, message, place))
}

/// A file, symbol or format name: quoted, or up to white space, a comma or a parenthesis.
pub(super) fn name<'a>(cursor: &mut Cursor<'a>, what: &str) -> Result<&'a [u8], Error> {
    if let Some(name) = cursor.quoted()? {
        return Ok(name);
    }
    let stop = |byte: u8| byte.is_ascii_whitespace() || b"(),;{}\"".contains(&byte);
    let name = cursor.word(|rest| rest.first().is_some_and(|&byte| !stop(byte)))?;
    if name.is_empty() {
        return Err(cursor.expected(what));
    }
    Ok(name)
}

/// `( name )`.
pub(super) fn one_word(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    cursor.expect(b'(')?;
    let word = name(cursor, "a name")?.to_vec();
    cursor.expect(b')')?;
    Ok(word)
}

/// `( name, name name … )`, possibly empty.
pub(super) fn word_list(cursor: &mut Cursor<'_>) -> Result<Vec<Vec<u8>>, Error> {
    cursor.expect(b'(')?;
    let mut words = Vec::new();
    while !cursor.eat(b')')? {
        if cursor.eat(b',')? {
            continue;
        }
        words.push(name(cursor, "a name or ')'")?.to_vec());
    }
    Ok(words)
}

fn first_of_list(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    let words = word_list(cursor)?;
    words
        .into_iter()
        .next()
        .ok_or_else(|| cursor.error("expected a name"))
}

/// The list of INPUT or GROUP, `AS_NEEDED(…)` flattened into it.
fn input_list(cursor: &mut Cursor<'_>) -> Result<Vec<ScriptInput>, Error> {
    let mut inputs = Vec::new();
    let mut open = 1u32;
    cursor.expect(b'(')?;
    while open > 0 {
        if cursor.eat(b',')? {
            continue;
        }
        if cursor.eat(b')')? {
            open -= 1;
            continue;
        }
        if cursor.eat_keyword(b"AS_NEEDED")? {
            cursor.expect(b'(')?;
            open += 1;
            if open > MAX_DEPTH {
                return Err(cursor.error("AS_NEEDED nests too deeply"));
            }
            continue;
        }
        let word = name(cursor, "a file name or ')'")?;
        inputs.push(ScriptInput {
            name: word.to_vec(),
            as_needed: open > 1,
        });
    }
    Ok(inputs)
}

#[cfg(test)]
#[path = "linker_tests.rs"]
mod tests;
