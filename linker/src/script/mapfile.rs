//! Mapfiles: the language in which the Solaris link editor is told about versions, scopes and segments.
//!
//! ```text
//! $mapfile_version 2
//! SYMBOL_VERSION LIB_1.1 { global: foo; bar { TYPE = FUNCTION; FILTER = libx.so.1; }; } LIB_1.0;
//! SYMBOL_SCOPE { hidden: helper; local: *; };
//! STACK { FLAGS = READ WRITE; };
//! ```
//!
//! A file that does not start with `$mapfile_version 2` is of version 1 (`mapfile_v1.rs`), of which GNU ld's version
//! scripts are a part. Linker and Libraries Guide, "Mapfiles".

use object::elf;

use super::lexer::{Cursor, Error};
use super::mapfile_caps as caps;
use super::mapfile_model::*;
use super::mapfile_segments::{SEGMENT_FLAGS, flags, segment};
use super::mapfile_text::{Item, Names, Op, Reader, Statement, Word};
use super::parse_number;

/// STB_ and STT_ names of `ASSERT`.
const BINDS: &[(&str, u8)] = &[
    ("LOCAL", elf::STB_LOCAL),
    ("GLOBAL", elf::STB_GLOBAL),
    ("WEAK", elf::STB_WEAK),
];
const TYPES: &[(&str, u8)] = &[
    ("NOTYPE", elf::STT_NOTYPE),
    ("OBJECT", elf::STT_OBJECT),
    ("DATA", elf::STT_OBJECT),
    ("FUNC", elf::STT_FUNC),
    ("FUNCTION", elf::STT_FUNC),
    ("COMMON", elf::STT_COMMON),
    ("TLS", elf::STT_TLS),
];
/// Adds what a mapfile says to `map`. `names` are what `$if` finds true, `word` the bytes of an address.
///
/// # Errors
/// The first thing that is wrong, with file, line and column.
pub fn parse_mapfile(
    text: &[u8],
    file: &str,
    names: &Names,
    word: u64,
    map: &mut Mapfile,
) -> Result<(), Vec<String>> {
    let mut cursor = Cursor::new(text, file);
    let second = version_line(&mut cursor).map_err(|e| vec![e])?;
    if !second {
        return super::mapfile_v1::parse(text, file, word, map);
    }
    let reader = Reader::new(cursor, names.clone(), true);
    let mut parser = Parser { reader, word, map };
    parser.all().map_err(|e| vec![e])
}

/// `$mapfile_version N`: whether the file is of version 2.
fn version_line(cursor: &mut Cursor<'_>) -> Result<bool, Error> {
    cursor.skip_space()?;
    if !cursor.rest().starts_with(b"$mapfile_version") {
        return Ok(false);
    }
    cursor.advance(b"$mapfile_version".len());
    let number = cursor.word(|rest| !rest.first().is_some_and(u8::is_ascii_whitespace))?;
    match number {
        b"2" => Ok(true),
        _ => Err(cursor.error("$mapfile_version must be 2")),
    }
}

struct Parser<'a, 'm> {
    reader: Reader<'a>,
    word: u64,
    map: &'m mut Mapfile,
}

/// The one value of a statement such as `ALIGN = 0x1000`.
pub(super) fn single<'s>(reader: &Reader<'_>, s: &'s Statement) -> Result<&'s Word, Error> {
    match (&s.values[..], s.op) {
        ([value], Some(_)) => Ok(value),
        _ => Err(bad(reader, s, "one value after '='")),
    }
}

/// `expected WHAT` at a statement.
pub(super) fn bad(reader: &Reader<'_>, s: &Statement, what: &str) -> Error {
    reader.error_at(s.line, s.column, &format!("expected {what}"))
}

pub(super) fn number(reader: &Reader<'_>, word: &Word) -> Result<u64, Error> {
    parse_number(&word.text).ok_or_else(|| {
        let text = word.text.escape_ascii();
        reader.error_at(word.line, word.column, &format!("'{text}' is not a number"))
    })
}

/// A value by its name in a table.
pub(super) fn choice<T: Copy>(
    reader: &Reader<'_>,
    word: &Word,
    table: &[(&str, T)],
    what: &str,
) -> Result<T, Error> {
    let found = table
        .iter()
        .find(|(name, _)| name.as_bytes() == word.text.to_ascii_uppercase());
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        let text = word.text.escape_ascii();
        reader.error_at(
            word.line,
            word.column,
            &format!("'{text}' is no {what}; expected one of {}", known.join(" ")),
        )
    })
}

/// The statement's first word, which names what it is about.
pub(super) fn keyword(s: &Statement) -> &[u8] {
    s.words.first().map_or(b"", |w| &w.text)
}

impl Parser<'_, '_> {
    fn all(&mut self) -> Result<(), Error> {
        while let Some(s) = self.reader.statement()? {
            match keyword(&s) {
                b"SYMBOL_SCOPE" | b"SYMBOL_VERSION" => self.symbols(&s)?,
                b"LOAD_SEGMENT" | b"NOTE_SEGMENT" | b"NULL_SEGMENT" => {
                    segment(&self.reader, self.map, &s)?
                }
                b"STACK" => self.stack(&s)?,
                b"CAPABILITY" => self.capability(&s)?,
                b"DEPEND_VERSIONS" => self.depend(&s)?,
                b"HDR_NOALLOC" => self.map.hdr_noalloc = true,
                // Allows the same mapfile to make a stub of the library as well (-z stub), which is not asked for here.
                b"STUB_OBJECT" => {}
                b"PHDR_ADD_NULL" => {
                    let value = single(&self.reader, &s)?;
                    let count = number(&self.reader, value)?;
                    if count > 32 {
                        let text = "more than 32 free program headers";
                        return Err(self.reader.error_at(value.line, value.column, text));
                    }
                    self.map.null_headers = count;
                }
                b"SEGMENT_ORDER" => {
                    let names = s.values.iter().map(|w| w.text.clone()).collect();
                    let at = format!("{}:{}:{}", self.reader.file(), s.line, s.column);
                    self.map.segment_order = Some((names, at));
                }
                other => {
                    let text = other.escape_ascii();
                    let known = "SYMBOL_SCOPE SYMBOL_VERSION LOAD_SEGMENT NOTE_SEGMENT NULL_SEGMENT STACK \
                                 CAPABILITY DEPEND_VERSIONS HDR_NOALLOC PHDR_ADD_NULL SEGMENT_ORDER STUB_OBJECT";
                    return Err(self.reader.error_at(
                        s.line,
                        s.column,
                        &format!("'{text}' is no mapfile directive; expected one of {known}"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// `SYMBOL_SCOPE { … }` and `SYMBOL_VERSION NAME { … } PARENT…`.
    fn symbols(&mut self, s: &Statement) -> Result<(), Error> {
        let Some(block) = &s.block else {
            return Err(bad(&self.reader, s, "'{'"));
        };
        let version = match (keyword(s), &s.words[1..]) {
            (b"SYMBOL_SCOPE", []) if s.tail.is_empty() => Vec::new(),
            (b"SYMBOL_VERSION", [name]) => {
                self.map.add_version(MapVersion {
                    name: name.text.clone(),
                    parents: s.tail.iter().map(|w| w.text.clone()).collect(),
                    at: place(&self.reader, name),
                });
                name.text.clone()
            }
            (b"SYMBOL_VERSION", _) => return Err(bad(&self.reader, s, "the version's name")),
            _ => {
                return Err(bad(
                    &self.reader,
                    s,
                    "nothing but a block after SYMBOL_SCOPE",
                ));
            }
        };
        symbol_block(&self.reader, self.map, &version, block, &mut |r, s, a| {
            attributes(r, s, self.word, a)
        })
    }

    fn stack(&mut self, s: &Statement) -> Result<(), Error> {
        for item in s.block.iter().flatten() {
            match item {
                Item::Statement(f) if keyword(f) == b"FLAGS" => {
                    self.map.stack = Some(flags(
                        &self.reader,
                        f,
                        SEGMENT_FLAGS,
                        self.map.stack.unwrap_or(0),
                    )?);
                }
                _ => return Err(bad(&self.reader, s, "FLAGS in STACK")),
            }
        }
        Ok(())
    }

    fn depend(&mut self, s: &Statement) -> Result<(), Error> {
        let ([_, object], Some(block)) = (&s.words[..], &s.block) else {
            return Err(bad(&self.reader, s, "DEPEND_VERSIONS OBJECT { … }"));
        };
        let mut d = DependVersions {
            object: object.text.clone(),
            at: place(&self.reader, object),
            ..DependVersions::default()
        };
        for item in block {
            match item {
                Item::Statement(v) if keyword(v) == b"ALLOW" => {
                    d.allow.extend(v.values.iter().map(|w| w.text.clone()));
                }
                Item::Statement(v) if keyword(v) == b"REQUIRE" => {
                    d.require.extend(v.values.iter().map(|w| w.text.clone()));
                }
                _ => return Err(bad(&self.reader, s, "ALLOW or REQUIRE")),
            }
        }
        self.map.depend.push(d);
        Ok(())
    }

    fn capability(&mut self, s: &Statement) -> Result<(), Error> {
        let [_, id @ ..] = &s.words[..] else {
            return Ok(());
        };
        let caps = &mut self.map.capabilities;
        let Some(block) = &s.block else {
            caps.clear();
            return Ok(());
        };
        // An empty block takes all capabilities away.
        if block.is_empty() {
            caps.clear();
        }
        match id {
            [] => {}
            [id] => caps.id = Some(id.text.clone()),
            [_, more, ..] => {
                let text = "expected '{' after the name of the capabilities";
                return Err(self.reader.error_at(more.line, more.column, text));
            }
        }
        for item in block {
            let Item::Statement(c) = item else {
                return Err(bad(&self.reader, s, "a statement in CAPABILITY"));
            };
            let (mask, table): (_, &[(&str, u64)]) = match keyword(c) {
                b"HW" | b"HW_1" => (&mut caps.hw_1, caps::HW_1),
                b"HW_2" => (&mut caps.hw_2, caps::HW_2),
                b"SF" | b"SF_1" => (&mut caps.sf_1, caps::SF_1),
                key @ (b"MACHINE" | b"PLATFORM") => {
                    let names = match key {
                        b"MACHINE" => &mut caps.machine,
                        _ => &mut caps.platform,
                    };
                    caps::names(names, c);
                    continue;
                }
                _ => {
                    return Err(bad(
                        &self.reader,
                        c,
                        "HW, HW_1, HW_2, SF, MACHINE or PLATFORM",
                    ));
                }
            };
            let mut bits = 0;
            for v in &c.values {
                // In HW the names of the second word stand too.
                bits |= match parse_number(&v.text) {
                    Some(n) => n,
                    None => choice(&self.reader, v, table, "capability")?,
                };
            }
            match c.op {
                Some(Op::Set) | None => {
                    *mask = CapabilityMask {
                        set: bits,
                        remove: 0,
                        replace: true,
                    };
                }
                Some(Op::Add) => mask.set |= bits,
                Some(Op::Remove) => {
                    mask.set &= !bits;
                    mask.remove |= bits;
                }
            }
        }
        Ok(())
    }
}

/// `file:line:column` of a word.
pub(super) fn place(reader: &Reader<'_>, word: &Word) -> String {
    format!("{}:{}:{}", reader.file(), word.line, word.column)
}

/// What reads the attributes of one symbol.
pub(super) type ReadAttributes<'f> =
    dyn FnMut(&Reader<'_>, &Statement, &mut Attributes) -> Result<(), Error> + 'f;

/// The symbols of a block, with its labels; the same in both versions but for the attributes.
pub(super) fn symbol_block(
    reader: &Reader<'_>,
    map: &mut Mapfile,
    version: &[u8],
    block: &[Item],
    read: &mut ReadAttributes<'_>,
) -> Result<(), Error> {
    let mut scope = SymbolScope::Global;
    for item in block {
        let s = match item {
            Item::Label(label) => {
                scope = match label.text.to_ascii_lowercase().as_slice() {
                    b"default" | b"global" | b"exported" | b"singleton" => SymbolScope::Global,
                    b"protected" | b"symbolic" => SymbolScope::Protected,
                    b"hidden" | b"local" => SymbolScope::Hidden,
                    b"eliminate" => SymbolScope::Eliminate,
                    other => {
                        let text = other.escape_ascii();
                        return Err(reader.error_at(
                            label.line,
                            label.column,
                            &format!("'{text}' is no symbol scope; expected one of default global protected \
                                      symbolic hidden local eliminate exported singleton"),
                        ));
                    }
                };
                continue;
            }
            Item::Statement(s) => s,
        };
        let [name] = &s.words[..] else {
            return Err(bad(reader, s, "one symbol, then ';'"));
        };
        if name.is("*") {
            if !matches!(scope, SymbolScope::Hidden | SymbolScope::Eliminate) {
                return Err(reader.error_at(
                    name.line,
                    name.column,
                    "'*' may stand under local, hidden or eliminate only",
                ));
            }
            map.reduce = Some(scope);
            continue;
        }
        let mut symbol = MapSymbol {
            name: name.text.clone(),
            scope,
            version: version.to_vec(),
            attributes: Attributes::default(),
            quoted: name.quoted,
            line: name.line,
            at: place(reader, name),
        };
        read(reader, s, &mut symbol.attributes)?;
        let place = map.places.symbols.get(&symbol.name);
        if let Some(before) = place.and_then(|at| map.symbols.get_mut(*at)) {
            let clash = before.scope != symbol.scope
                || (before.version != symbol.version
                    && !before.version.is_empty()
                    && !symbol.version.is_empty());
            if clash {
                return Err(reader.error_at(
                    name.line,
                    name.column,
                    &format!(
                        "{} has another scope or version at {}",
                        name.text.escape_ascii(),
                        before.at
                    ),
                ));
            }
            if before.version.is_empty() {
                before.version = symbol.version;
            }
            merge(&mut before.attributes, symbol.attributes);
            continue;
        }
        let at = map.symbols.len();
        map.places.symbols.insert(symbol.name.clone(), at);
        map.symbols.push(symbol);
    }
    Ok(())
}

/// A symbol may be described in several places.
fn merge(to: &mut Attributes, from: Attributes) {
    to.ty = from.ty.or(to.ty);
    to.value = from.value.or(to.value);
    to.size = from.size.or(to.size);
    to.filtee = from.filtee.or(to.filtee.take());
    to.direct = from.direct.or(to.direct);
    to.dynsort = from.dynsort.or(to.dynsort);
    to.assert = from.assert.or(to.assert.take());
    to.interpose |= from.interpose;
    to.external |= from.external;
    to.parent |= from.parent;
}

/// A size: a number, or `addrsize`, `addrsize[COUNT]`.
fn size(reader: &Reader<'_>, value: &Word, word: u64) -> Result<u64, Error> {
    let Some(rest) = value.text.strip_prefix(b"addrsize") else {
        return number(reader, value);
    };
    if rest.is_empty() {
        return Ok(word);
    }
    let count = rest
        .strip_prefix(b"[")
        .and_then(|r| r.strip_suffix(b"]"))
        .and_then(parse_number)
        .and_then(|n| n.checked_mul(word));
    count.ok_or_else(|| {
        reader.error_at(
            value.line,
            value.column,
            "expected a number, addrsize or addrsize[COUNT]",
        )
    })
}

/// The block behind a symbol in version 2.
fn attributes(
    reader: &Reader<'_>,
    s: &Statement,
    word: u64,
    out: &mut Attributes,
) -> Result<(), Error> {
    if s.op.is_some() {
        return Err(bad(reader, s, "'{' or ';' after a symbol"));
    }
    for item in s.block.iter().flatten() {
        let Item::Statement(a) = item else {
            return Err(bad(reader, s, "symbol attributes"));
        };
        match keyword(a) {
            b"ASSERT" => out.assert = Some(assertion(reader, a, word)?),
            key @ (b"AUXILIARY" | b"FILTER") => {
                out.filtee = Some(Filtee {
                    auxiliary: key == b"AUXILIARY",
                    object: single(reader, a)?.text.clone(),
                });
            }
            b"SIZE" => out.size = Some(size(reader, single(reader, a)?, word)?),
            b"VALUE" => out.value = Some(number(reader, single(reader, a)?)?),
            b"TYPE" => {
                const KINDS: &[(&str, SymbolType)] = &[
                    ("FUNCTION", SymbolType::Function),
                    ("FUNC", SymbolType::Function),
                    ("DATA", SymbolType::Data),
                    ("OBJECT", SymbolType::Data),
                    ("COMMON", SymbolType::Common),
                ];
                out.ty = Some(choice(reader, single(reader, a)?, KINDS, "symbol type")?);
            }
            b"FLAGS" => a
                .values
                .iter()
                .try_for_each(|flag| symbol_flag(reader, flag, out))?,
            _ => {
                let known = "ASSERT AUXILIARY FILTER FLAGS SIZE TYPE VALUE";
                return Err(bad(reader, a, &format!("one of {known}")));
            }
        }
    }
    Ok(())
}

/// `DIRECT`, `EXTERN` and so on; words of both versions.
pub(super) fn symbol_flag(
    reader: &Reader<'_>,
    flag: &Word,
    out: &mut Attributes,
) -> Result<(), Error> {
    match flag.text.to_ascii_uppercase().as_slice() {
        b"DIRECT" => out.direct = Some(true),
        b"NODIRECT" => out.direct = Some(false),
        b"DYNSORT" => out.dynsort = Some(true),
        b"NODYNSORT" => out.dynsort = Some(false),
        b"EXTERN" => out.external = true,
        b"INTERPOSE" => out.interpose = true,
        b"PARENT" => out.parent = true,
        other => {
            let text = other.escape_ascii();
            let known = "DIRECT DYNSORT EXTERN INTERPOSE NODIRECT NODYNSORT PARENT";
            return Err(reader.error_at(
                flag.line,
                flag.column,
                &format!("'{text}' is no symbol flag; expected one of {known}"),
            ));
        }
    }
    Ok(())
}

fn assertion(reader: &Reader<'_>, s: &Statement, word: u64) -> Result<Assertion, Error> {
    let mut out = Assertion::default();
    for item in s.block.iter().flatten() {
        let Item::Statement(a) = item else {
            return Err(bad(reader, s, "ALIAS, BIND, TYPE, SIZE or SH_ATTR"));
        };
        match keyword(a) {
            b"ALIAS" => out.alias = Some(single(reader, a)?.text.clone()),
            b"BIND" => out.bind = Some(choice(reader, single(reader, a)?, BINDS, "binding")?),
            b"TYPE" => out.ty = Some(choice(reader, single(reader, a)?, TYPES, "symbol type")?),
            b"SIZE" => out.size = Some(size(reader, single(reader, a)?, word)?),
            b"SH_ATTR" => {
                const BITS: &[(&str, bool)] = &[("BITS", true), ("NOBITS", false)];
                out.bits = Some(choice(
                    reader,
                    single(reader, a)?,
                    BITS,
                    "section attribute",
                )?);
            }
            _ => return Err(bad(reader, a, "one of ALIAS BIND SH_ATTR SIZE TYPE")),
        }
    }
    Ok(out)
}

#[cfg(test)]
#[path = "mapfile_tests.rs"]
mod tests;
