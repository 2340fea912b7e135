//! Mapfiles of version 1, the language of System V Release 4.
//!
//! ```text
//! LIB_1.1 { global: foo; bar = FUNCTION FILTER libx.so.1; local: *; } LIB_1.0;
//! text = LOAD ?RX V0x10000;      data : $NOBITS ?AW;      stack = STACK ?RW;
//! hwcap_1 = V0x0 OVERRIDE;       libc.so - SUNW_1.1;
//! ```
//!
//! GNU ld's version scripts look the same as far as they have no wildcards; those are taken as they are.

use object::elf;

use super::lexer::{Cursor, Error};
use super::mapfile::{place, symbol_block, symbol_flag};
use super::mapfile_caps as caps;
use super::mapfile_model::*;
use super::mapfile_segments::segment_index;
use super::mapfile_text::{Names, Reader, Statement, Word};
use super::version::parse_version_script;
use super::{has_wildcard, parse_number};

/// Adds what the text says to `map`. `word`: bytes of an address.
pub(super) fn parse(
    text: &[u8],
    file: &str,
    word: u64,
    map: &mut Mapfile,
) -> Result<(), Vec<String>> {
    if let Ok(script) = parse_version_script(text, file) {
        let patterns = |n: &super::VersionNode| {
            let all = n.global.iter().chain(&n.local);
            all.clone()
                .any(|p| p.cxx || (!p.quoted && has_wildcard(&p.text) && p.text != b"*"))
                || n.global.iter().any(|p| !p.quoted && p.text == b"*")
        };
        if script.nodes.iter().any(patterns) {
            map.scripts.push(script);
            return Ok(());
        }
    }
    let reader = Reader::new(Cursor::new(text, file), Names::default(), false);
    let mut parser = Parser { reader, word, map };
    parser.all().map_err(|e| vec![e])
}

struct Parser<'a, 'm> {
    reader: Reader<'a>,
    word: u64,
    map: &'m mut Mapfile,
}

/// A number after its letter: `V0x1000`.
fn lettered(word: &Word) -> Option<(u8, u64)> {
    let (letter, digits) = word.text.split_first()?;
    Some((letter.to_ascii_uppercase(), parse_number(digits)?))
}

impl Parser<'_, '_> {
    fn all(&mut self) -> Result<(), Error> {
        while let Some(s) = self.reader.statement()? {
            let second = s.words.get(1).map(|w| &w.text[..]);
            match second {
                Some(b"-") => self.depend(&s)?,
                _ if s.block.is_some() => self.version(&s)?,
                _ if s.op.is_some() => self.definition(&s)?,
                Some(b":") => self.mapping(&s)?,
                Some(b"@") => self.size_symbol(&s)?,
                Some(b"|") => self.order(&s)?,
                _ => return Err(self.bad(&s, "'{', '=', ':', '|', '@' or '-' after a name")),
            }
        }
        Ok(())
    }

    fn bad(&self, s: &Statement, what: &str) -> Error {
        self.reader
            .error_at(s.line, s.column, &format!("expected {what}"))
    }

    fn unknown(&self, w: &Word, what: &str) -> Error {
        let text = w.text.escape_ascii();
        self.reader
            .error_at(w.line, w.column, &format!("'{text}' is no {what}"))
    }

    /// `NAME { … } PARENT…;`
    fn version(&mut self, s: &Statement) -> Result<(), Error> {
        let version = match &s.words[..] {
            [] => Vec::new(),
            [name] => {
                self.map.add_version(MapVersion {
                    name: name.text.clone(),
                    parents: s.tail.iter().map(|w| w.text.clone()).collect(),
                    at: place(&self.reader, name),
                });
                name.text.clone()
            }
            _ => return Err(self.bad(s, "one version name before '{'")),
        };
        let block = s.block.as_deref().unwrap_or(&[]);
        let word = self.word;
        symbol_block(&self.reader, self.map, &version, block, &mut |r, s, a| {
            symbol(r, s, word, a)
        })
    }

    /// `NAME = …`: a segment, or capabilities.
    fn definition(&mut self, s: &Statement) -> Result<(), Error> {
        let [name] = &s.words[..] else {
            return Err(self.bad(s, "one name before '='"));
        };
        match name.text.as_slice() {
            b"hwcap_1" => self.capability(s, caps::HW_1, |c| &mut c.hw_1),
            b"hwcap_2" => self.capability(s, caps::HW_2, |c| &mut c.hw_2),
            b"sfcap_1" => self.capability(s, caps::SF_1, |c| &mut c.sf_1),
            b"machcap" => {
                Self::names(s, &mut self.map.capabilities.machine);
                Ok(())
            }
            b"platcap" => {
                Self::names(s, &mut self.map.capabilities.platform);
                Ok(())
            }
            _ => self.segment(s, name),
        }
    }

    /// `machcap = NAME… [OVERRIDE]`.
    fn names(s: &Statement, to: &mut CapabilityNames) {
        for value in &s.values {
            if value.is("OVERRIDE") {
                to.replace = true;
            } else if !to.set.contains(&value.text) {
                to.set.push(value.text.clone());
            }
        }
    }

    fn capability(
        &mut self,
        s: &Statement,
        table: &[(&str, u64)],
        mask: fn(&mut Capabilities) -> &mut CapabilityMask,
    ) -> Result<(), Error> {
        let mut bits = 0;
        let mut replace = false;
        for value in &s.values {
            let named = table
                .iter()
                .find(|(n, _)| n.as_bytes() == value.text.to_ascii_uppercase());
            match (named, lettered(value)) {
                _ if value.is("OVERRIDE") => replace = true,
                (Some((_, bit)), _) => bits |= bit,
                (None, Some((b'V', number))) => bits |= number,
                _ => return Err(self.unknown(value, "capability, V0x… or OVERRIDE")),
            }
        }
        let mask = mask(&mut self.map.capabilities);
        mask.replace |= replace;
        mask.set = if replace { bits } else { mask.set | bits };
        Ok(())
    }

    fn segment(&mut self, s: &Statement, name: &Word) -> Result<(), Error> {
        let at = place(&self.reader, name);
        let mut segment = MapSegment::default();
        let mut is_stack = false;
        for value in &s.values {
            let text = value.text.to_ascii_uppercase();
            match (text.as_slice(), lettered(value)) {
                (b"LOAD", _) => segment.kind = SegmentKind::Load,
                (b"NOTE", _) => segment.kind = SegmentKind::Note,
                (b"NULL", _) => segment.kind = SegmentKind::Null,
                (b"STACK", _) => is_stack = true,
                (flags, _) if flags.starts_with(b"?") => {
                    let more = self.segment_flags(value)?;
                    segment.flags = Some(segment.flags.unwrap_or(0) | more).filter(|f| *f != 0);
                }
                (_, Some((b'V', n))) => segment.address = Some(n),
                (_, Some((b'A', n))) => segment.align = Some(n),
                (_, Some((b'R', n))) => segment.round = Some(n),
                (_, Some((b'L', n))) => segment.max_size = Some(n),
                (_, Some((b'P', n))) => segment.physical = Some(n),
                _ => {
                    return Err(self.unknown(
                        value,
                        "segment type (LOAD NOTE NULL STACK), ?FLAGS or V P L R A with a number",
                    ));
                }
            }
        }
        if is_stack {
            self.map.stack = segment.flags.or(self.map.stack);
            return Ok(());
        }
        let index = segment_index(self.map, &name.text, at);
        if let Some(known) = self.map.segments.get_mut(index) {
            known.address = segment.address.or(known.address);
            known.align = segment.align.or(known.align);
            known.round = segment.round.or(known.round);
            known.max_size = segment.max_size.or(known.max_size);
            known.flags = segment.flags.or(known.flags);
            known.physical = segment.physical.or(known.physical);
            known.kind = segment.kind;
            let letters = |l: u8| {
                let marks = s.values.iter().filter(|v| v.text.starts_with(b"?"));
                marks
                    .into_iter()
                    .any(|v| v.text.to_ascii_uppercase().contains(&l))
            };
            known.empty |= letters(b'E');
            known.ordered |= letters(b'O');
        }
        Ok(())
    }

    /// `?RWX`, and in either case; `?E`, `?N` (no segment, no headers) and `?O` (ordered) are of version 1 only.
    fn segment_flags(&mut self, word: &Word) -> Result<u32, Error> {
        let mut bits = 0;
        for letter in word.text.iter().skip(1) {
            bits |= match letter.to_ascii_uppercase() {
                b'R' => elf::PF_R,
                b'W' => elf::PF_W,
                b'X' => elf::PF_X,
                b'E' | b'O' => 0,
                b'N' => {
                    self.map.hdr_noalloc = true;
                    0
                }
                _ => return Err(self.unknown(word, "set of segment flags (R W X E N O)")),
            };
        }
        Ok(bits)
    }

    /// `SEGMENT : $TYPE ?FLAGS .section : FILE…;`
    fn mapping(&mut self, s: &Statement) -> Result<(), Error> {
        let Some(name) = s.words.first() else {
            return Ok(());
        };
        let mut choice = SectionChoice::default();
        let mut files = false;
        for word in s.words.iter().skip(2) {
            match word.text.split_first() {
                _ if word.is(":") => files = true,
                Some((b'*', base)) if files => choice.files.push(FileMatch::Base(base.to_vec())),
                _ if files => choice.files.push(FileMatch::Path(word.text.clone())),
                Some((b'$', ty)) => {
                    const TYPES: &[(&str, u32)] = &[
                        ("PROGBITS", elf::SHT_PROGBITS),
                        ("SYMTAB", elf::SHT_SYMTAB),
                        ("STRTAB", elf::SHT_STRTAB),
                        ("REL", elf::SHT_REL),
                        ("RELA", elf::SHT_RELA),
                        ("NOTE", elf::SHT_NOTE),
                        ("NOBITS", elf::SHT_NOBITS),
                    ];
                    let found = TYPES
                        .iter()
                        .find(|(n, _)| n.as_bytes() == ty.to_ascii_uppercase());
                    match found {
                        Some((_, ty)) => choice.ty = Some(*ty),
                        None => return Err(self.unknown(word, "section type")),
                    }
                }
                Some((b'?', letters)) => {
                    let mut not = false;
                    for letter in letters {
                        let bit = match letter.to_ascii_uppercase() {
                            b'!' => {
                                not = true;
                                continue;
                            }
                            b'A' => elf::SHF_ALLOC,
                            b'W' => elf::SHF_WRITE,
                            b'X' => elf::SHF_EXECINSTR,
                            _ => return Err(self.unknown(word, "set of section flags (A W X)")),
                        };
                        if std::mem::take(&mut not) {
                            choice.no_flags |= u64::from(bit);
                        } else {
                            choice.flags |= u64::from(bit);
                        }
                    }
                }
                _ => choice.name = Some(word.text.clone()),
            }
        }
        let at = place(&self.reader, name);
        let index = segment_index(self.map, &name.text, at);
        self.map.add_choice(index, choice);
        Ok(())
    }

    fn size_symbol(&mut self, s: &Statement) -> Result<(), Error> {
        let [segment, _, symbol] = &s.words[..] else {
            return Err(self.bad(s, "SEGMENT @ SYMBOL"));
        };
        let index = segment_index(self.map, &segment.text, place(&self.reader, segment));
        if let Some(known) = self.map.segments.get_mut(index) {
            known.size_symbols.push(symbol.text.clone());
        }
        Ok(())
    }

    fn order(&mut self, s: &Statement) -> Result<(), Error> {
        let [segment, _, section] = &s.words[..] else {
            return Err(self.bad(s, "SEGMENT | SECTION"));
        };
        let index = segment_index(self.map, &segment.text, place(&self.reader, segment));
        if let Some(known) = self.map.segments.get_mut(index) {
            known.order.push(section.text.clone());
        }
        Ok(())
    }

    /// `libc.so - VERSION…;`
    /// `$ADDVERS=VERSION` and `$SPECVERS=VERSION` record a version as needed besides.
    fn depend(&mut self, s: &Statement) -> Result<(), Error> {
        let Some(object) = s.words.first() else {
            return Ok(());
        };
        let mut d = DependVersions {
            object: object.text.clone(),
            at: place(&self.reader, object),
            ..DependVersions::default()
        };
        for word in s.words.iter().skip(2) {
            let text = &word.text[..];
            match text {
                b"$ADDVERS" | b"$SPECVERS" if s.op.is_some() => {
                    d.require.extend(s.values.iter().map(|v| v.text.clone()));
                }
                _ if text.starts_with(b"$") => {
                    return Err(
                        self.unknown(word, "version, $ADDVERS=VERSION or $SPECVERS=VERSION")
                    );
                }
                _ => d.allow.push(text.to_vec()),
            }
        }
        self.map.depend.push(d);
        Ok(())
    }
}

/// `NAME = FUNCTION V0x… S0x… FILTER OBJECT DIRECT …`
fn symbol(
    reader: &Reader<'_>,
    s: &Statement,
    word: u64,
    out: &mut Attributes,
) -> Result<(), Error> {
    let _ = word;
    let mut values = s.values.iter();
    while let Some(value) = values.next() {
        let text = value.text.to_ascii_uppercase();
        match (text.as_slice(), lettered(value)) {
            (b"FUNCTION", _) => out.ty = Some(SymbolType::Function),
            (b"DATA", _) => out.ty = Some(SymbolType::Data),
            (b"COMMON", _) => out.ty = Some(SymbolType::Common),
            (key @ (b"FILTER" | b"AUXILIARY"), _) => {
                let auxiliary = key == b"AUXILIARY";
                let Some(object) = values.next() else {
                    return Err(reader.error_at(
                        value.line,
                        value.column,
                        "expected the filtee's name after this",
                    ));
                };
                out.filtee = Some(Filtee {
                    auxiliary,
                    object: object.text.clone(),
                });
            }
            (_, Some((b'V', n))) => out.value = Some(n),
            (_, Some((b'S', n))) => out.size = Some(n),
            _ => symbol_flag(reader, value, out)?,
        }
    }
    Ok(())
}
