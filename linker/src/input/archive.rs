//! Unix archives (`.a`), regular and thin, read in place.
//!
//! An archive is `!<arch>\n` (thin: `!<thin>\n`) and members at even offsets, each a 60-byte header of
//! space-padded ASCII fields (ar.h: name 16, date 12, uid 6, gid 6, mode 8, size 10, "`\n") and its bytes.
//! The first members may be special: the symbol index (`/` with 32-bit and `/SYM64/` with 64-bit big-endian
//! offsets, or BSD's `__.SYMDEF` tables in the target's byte order) and the table of long names (`//`).
//! A thin archive stores the bytes of these special members only; the others are files named by paths
//! relative to the archive's directory, `/NAME:ORIGIN` being the member at `ORIGIN` of the archive at NAME.
//!
//! Nothing is allocated: the index and the members are iterators over the borrowed bytes. Every offset and
//! size comes from the file and is checked where it is used; an error says where in the archive it is.

use std::fmt;
use std::ops::Range;

const MAGIC: &[u8] = b"!<arch>\n";
const THIN_MAGIC: &[u8] = b"!<thin>\n";
const HEADER_SIZE: u64 = 60;
/// Bytes of all members' names: so many times the archive's, and more. Members may have one name, but not a long one.
const NAMES_FACTOR: u64 = 8;
const NAMES_MORE: u64 = 16 << 20;

/// What is wrong with an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveFault {
    /// Does not start with an archive's magic.
    NotAnArchive,
    /// Fewer than 60 bytes are left for a member's header.
    HeaderCut,
    /// A member's header does not end in "`\n".
    HeaderEnd,
    /// A member's size is no decimal number.
    Size,
    /// A member's size reaches past the end of the archive.
    SizeTooBig,
    /// A member's name refers to nothing in the table of long names.
    LongName,
    /// Many members share one long name.
    NamesOverlap,
    /// The symbol index is too short for what it announces.
    IndexCut,
    /// A name in the symbol index lies outside of it or has no end.
    IndexName,
    /// The symbol index points outside the archive or into a special member.
    IndexOffset,
}

/// A fault and where in the archive it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveError {
    /// Bytes from the start of the archive.
    pub offset: u64,
    pub fault: ArchiveFault,
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            ArchiveFault::NotAnArchive => "not an archive",
            ArchiveFault::HeaderCut => "member header cut off by the end of the archive",
            ArchiveFault::HeaderEnd => "member header without its end mark",
            ArchiveFault::Size => "member size is not a number",
            ArchiveFault::SizeTooBig => "member reaches past the end of the archive",
            ArchiveFault::LongName => "member name is not in the table of long names",
            ArchiveFault::NamesOverlap => "too many members share one long name",
            ArchiveFault::IndexCut => "symbol index is cut off",
            ArchiveFault::IndexName => "name in the symbol index has no end",
            ArchiveFault::IndexOffset => "symbol index points at no member",
        };
        write!(f, "{what} (at offset {:#x})", self.offset)
    }
}

impl std::error::Error for ArchiveError {}

fn fault<T>(offset: u64, fault: ArchiveFault) -> Result<T, ArchiveError> {
    Err(ArchiveError { offset, fault })
}

/// Where a member's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberData {
    /// In the archive, at this range of it.
    Inside(Range<usize>),
    /// In the file that the name says (thin archives); that file's size in bytes when it was added.
    File { size: u64 },
    /// In the archive that the name says, in the member whose header is at `header` (thin archives).
    Nested { header: u64, size: u64 },
}

/// One member that is not special.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'d> {
    pub header_offset: u64,
    /// Thin archives: a path, relative to the archive's directory unless absolute.
    pub name: &'d [u8],
    pub data: MemberData,
}

/// A parsed archive: its bytes, and where its special members are.
#[derive(Clone, Copy, Debug)]
pub struct Archive<'d> {
    data: &'d [u8],
    pub thin: bool,
    /// The symbol index, if there is one.
    pub index: Option<Index<'d>>,
    /// Contents of `//`.
    long_names: &'d [u8],
    /// Offset of the first member that is not special.
    first: u64,
}

/// Whether these bytes start an archive, regular or thin.
pub fn is_archive(data: &[u8]) -> bool {
    data.starts_with(MAGIC) || data.starts_with(THIN_MAGIC)
}

/// Finds the special members of an archive.
pub fn parse(data: &[u8]) -> Result<Archive<'_>, ArchiveError> {
    let thin = data.starts_with(THIN_MAGIC);
    if !thin && !data.starts_with(MAGIC) {
        return fault(0, ArchiveFault::NotAnArchive);
    }
    let mut archive = Archive {
        data,
        thin,
        index: None,
        long_names: &[],
        first: MAGIC.len() as u64,
    };
    while let Some(header) = archive.header(archive.first)? {
        let Some(kind) = header.special(data) else {
            break;
        };
        let body = header.body(data)?;
        let at = header.data_start + header.bsd_name_size;
        match kind {
            Special::LongNames => archive.long_names = body,
            // Microsoft's tools write a second `/` with a different table; the first one counts.
            Special::Index(format) if archive.index.is_none() => {
                archive.index = Some(Index::new(format, body, at, data.len() as u64)?);
            }
            Special::Index(_) | Special::Other => {}
        }
        archive.first = header.end();
    }
    Ok(archive)
}

impl<'d> Archive<'d> {
    /// All members but the special ones, in their order. Ends after the first error.
    pub fn members(&self) -> Members<'d> {
        Members {
            archive: *self,
            at: self.first,
            names: (self.data.len() as u64).saturating_mul(NAMES_FACTOR) + NAMES_MORE,
        }
    }

    /// The member whose header is at `header_offset`, as the index says.
    pub fn member_at(&self, header_offset: u64) -> Result<Member<'d>, ArchiveError> {
        match self.header(header_offset)? {
            Some(header) if header_offset >= self.first && header.special(self.data).is_none() => {
                Ok(self.member(&header)?.0)
            }
            _ => fault(header_offset, ArchiveFault::IndexOffset),
        }
    }

    /// Bytes of a member that lies inside the archive; empty for members of thin archives.
    pub fn bytes(&self, member: &Member<'_>) -> &'d [u8] {
        match &member.data {
            MemberData::Inside(range) => self.data.get(range.clone()).unwrap_or_default(),
            MemberData::File { .. } | MemberData::Nested { .. } => &[],
        }
    }

    /// The header at `at`; None at the archive's end.
    fn header(&self, at: u64) -> Result<Option<Header<'d>>, ArchiveError> {
        let Some(rest) = usize::try_from(at).ok().and_then(|at| self.data.get(at..)) else {
            return if at == self.data.len() as u64 + 1 {
                Ok(None) // the last member's padding byte is missing
            } else {
                fault(at, ArchiveFault::HeaderCut)
            };
        };
        let Some(raw) = rest.first_chunk::<{ HEADER_SIZE as usize }>() else {
            return if rest.iter().all(|&b| b == b'\n' || b == 0) {
                Ok(None)
            } else {
                fault(at, ArchiveFault::HeaderCut)
            };
        };
        if raw[58..] != *b"`\n" {
            return fault(at, ArchiveFault::HeaderEnd);
        }
        let Some(size) = decimal(trim(&raw[48..58])) else {
            return fault(at + 48, ArchiveFault::Size);
        };
        let name = trim(&raw[..16]);
        // BSD: `#1/LEN`, the name being the first LEN bytes of the data.
        let bsd_name_size = match name.strip_prefix(b"#1/") {
            Some(len) => match decimal(len) {
                Some(len) if len <= size => len,
                _ => return fault(at, ArchiveFault::LongName),
            },
            None => 0,
        };
        Ok(Some(Header {
            at,
            name,
            size,
            data_start: at + HEADER_SIZE,
            bsd_name_size,
        }))
    }

    /// The member and where the next header is.
    fn member(&self, header: &Header<'d>) -> Result<(Member<'d>, u64), ArchiveError> {
        let mut nested = None;
        let name = if header.bsd_name_size > 0 {
            header.bsd_name(self.data)?
        } else if let Some(number) = header.name.strip_prefix(b"/") {
            // GNU ar leaves a `/` at the end of the field when the path's own name was cut to fit.
            let number = number.split(|b| *b == b' ').next().unwrap_or_default();
            let number = match memchr::memchr(b':', number) {
                Some(colon) if self.thin => {
                    nested = number.get(colon + 1..).and_then(decimal);
                    if nested.is_none() {
                        return fault(header.at, ArchiveFault::LongName);
                    }
                    number.get(..colon).unwrap_or_default()
                }
                _ => number,
            };
            match decimal(number).and_then(|start| self.long_name(start)) {
                Some(name) => name,
                None => return fault(header.at, ArchiveFault::LongName),
            }
        } else {
            header.name.strip_suffix(b"/").unwrap_or(header.name)
        };
        let (data, end) = if self.thin {
            let size = header.size;
            let data = match nested {
                Some(header) => MemberData::Nested { header, size },
                None => MemberData::File { size },
            };
            (data, header.data_start)
        } else {
            let end = header.checked_end(self.data)?;
            let start = header.data_start + header.bsd_name_size;
            (
                MemberData::Inside(start as usize..end as usize),
                header.end(),
            )
        };
        let member = Member {
            header_offset: header.at,
            name,
            data,
        };
        Ok((member, end))
    }

    /// The name at `start` of `//`: up to a newline (or NUL, Microsoft), without the `/` before it.
    fn long_name(&self, start: u64) -> Option<&'d [u8]> {
        let rest = self.long_names.get(usize::try_from(start).ok()?..)?;
        let name = rest.get(..memchr::memchr2(b'\n', 0, rest)?)?;
        let name = name.strip_suffix(b"/").unwrap_or(name);
        (!name.is_empty()).then_some(name)
    }
}

/// Iterator over the members of an archive.
#[derive(Clone, Debug)]
pub struct Members<'d> {
    archive: Archive<'d>,
    at: u64,
    /// Bytes of names that may still come.
    names: u64,
}

impl<'d> Iterator for Members<'d> {
    type Item = Result<Member<'d>, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let header = match self.archive.header(self.at) {
                Ok(header) => header?,
                Err(e) => return Some(Err(self.stop(e))),
            };
            if header.special(self.archive.data).is_some() {
                match header.checked_end(self.archive.data) {
                    Ok(_) => self.at = header.end(),
                    Err(e) => return Some(Err(self.stop(e))),
                }
                continue;
            }
            return Some(match self.archive.member(&header) {
                Ok((member, end)) => match self.names.checked_sub(member.name.len() as u64) {
                    Some(left) => {
                        self.at = end;
                        self.names = left;
                        Ok(member)
                    }
                    None => Err(self.stop(ArchiveError {
                        offset: header.at,
                        fault: ArchiveFault::NamesOverlap,
                    })),
                },
                Err(e) => Err(self.stop(e)),
            });
        }
    }
}

impl Members<'_> {
    fn stop(&mut self, e: ArchiveError) -> ArchiveError {
        self.at = self.archive.data.len() as u64;
        e
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    Index(IndexFormat),
    LongNames,
    Other,
}

/// A member's header, its fields parsed.
struct Header<'d> {
    at: u64,
    /// As stored, padding removed.
    name: &'d [u8],
    size: u64,
    data_start: u64,
    /// Bytes at the start of the data that are the name (`#1/LEN`).
    bsd_name_size: u64,
}

impl<'d> Header<'d> {
    fn special(&self, data: &'d [u8]) -> Option<Special> {
        let name = if self.bsd_name_size > 0 {
            self.bsd_name(data).ok()?
        } else {
            self.name
        };
        Some(match name {
            b"/" => Special::Index(IndexFormat::Gnu32),
            b"/SYM64/" => Special::Index(IndexFormat::Gnu64),
            b"//" => Special::LongNames,
            b"__.SYMDEF" | b"__.SYMDEF/" | b"__.SYMDEF SORTED" => {
                Special::Index(IndexFormat::Bsd32)
            }
            b"__.SYMDEF_64" | b"__.SYMDEF_64 SORTED" => Special::Index(IndexFormat::Bsd64),
            _ if name.starts_with(b"/<") => Special::Other,
            _ => return None,
        })
    }

    /// The name at the start of the data, padding NULs removed.
    fn bsd_name(&self, data: &'d [u8]) -> Result<&'d [u8], ArchiveError> {
        bsd_name(data, self.data_start, self.bsd_name_size).ok_or(ArchiveError {
            offset: self.at,
            fault: ArchiveFault::SizeTooBig,
        })
    }

    /// Bytes of a member stored inside the archive, without a BSD name.
    fn body(&self, data: &'d [u8]) -> Result<&'d [u8], ArchiveError> {
        let end = self.checked_end(data)?;
        let start = self.data_start + self.bsd_name_size;
        Ok(data.get(start as usize..end as usize).unwrap_or_default())
    }

    /// End of the bytes of a member stored inside the archive.
    fn checked_end(&self, data: &[u8]) -> Result<u64, ArchiveError> {
        match self.data_start.checked_add(self.size) {
            Some(end) if end <= data.len() as u64 => Ok(end),
            _ => fault(self.at + 48, ArchiveFault::SizeTooBig),
        }
    }

    /// Offset of the next header when this member's bytes are in the archive.
    fn end(&self) -> u64 {
        let end = self.data_start.saturating_add(self.size);
        end.saturating_add(end & 1)
    }
}

fn bsd_name(data: &[u8], start: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    let name = data.get(start..start.checked_add(usize::try_from(size).ok()?)?)?;
    name.get(..memchr::memchr(0, name).unwrap_or(name.len()))
}

/// Layout of a symbol index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IndexFormat {
    /// Count, offsets, names one after another; big endian.
    Gnu32,
    Gnu64,
    /// Size, pairs (name, offset), size, names.
    Bsd32,
    Bsd64,
}

impl IndexFormat {
    fn word(self) -> usize {
        match self {
            IndexFormat::Gnu32 | IndexFormat::Bsd32 => 4,
            IndexFormat::Gnu64 | IndexFormat::Bsd64 => 8,
        }
    }

    fn is_bsd(self) -> bool {
        matches!(self, IndexFormat::Bsd32 | IndexFormat::Bsd64)
    }
}

/// The symbol index of an archive: which member defines which name.
#[derive(Clone, Copy, Debug)]
pub struct Index<'d> {
    format: IndexFormat,
    big_endian: bool,
    /// Offsets (GNU) or pairs (BSD), whole words.
    entries: &'d [u8],
    names: &'d [u8],
    /// Where in the archive `entries` and `names` start.
    entries_at: u64,
    names_at: u64,
    archive_size: u64,
}

impl<'d> Index<'d> {
    fn new(
        format: IndexFormat,
        body: &'d [u8],
        at: u64,
        archive_size: u64,
    ) -> Result<Self, ArchiveError> {
        let cut = ArchiveError {
            offset: at,
            fault: ArchiveFault::IndexCut,
        };
        let word = format.word();
        let index = |big_endian, entries: &'d [u8], names: &'d [u8]| Index {
            format,
            big_endian,
            entries,
            names,
            entries_at: at + word as u64,
            names_at: at + (body.len() - names.len()) as u64,
            archive_size,
        };
        if body.is_empty() {
            // `ar` on some systems writes an empty member for "no symbols".
            return Ok(index(true, &[], &[]));
        }
        if !format.is_bsd() {
            let count = word_at(body, 0, word, true).ok_or(cut)?;
            let size = count.checked_mul(word as u64).ok_or(cut)?;
            let rest = body.get(word..).unwrap_or_default();
            let size = usize::try_from(size).map_err(|_| cut)?;
            let (entries, names) = rest.split_at_checked(size).ok_or(cut)?;
            return Ok(index(true, entries, names));
        }
        // The target's byte order: the one in which the sizes make sense.
        [false, true]
            .into_iter()
            .find_map(|big_endian| {
                let size = usize::try_from(word_at(body, 0, word, big_endian)?).ok()?;
                let (entries, rest) = body.get(word..)?.split_at_checked(size)?;
                let names_size = usize::try_from(word_at(rest, 0, word, big_endian)?).ok()?;
                let names = rest.get(word..)?.get(..names_size)?;
                if size % (2 * word) != 0 {
                    return None;
                }
                Some(Index {
                    names_at: at + (2 * word + size) as u64,
                    ..index(big_endian, entries, names)
                })
            })
            .ok_or(cut)
    }

    /// How many names the index has.
    pub fn len(&self) -> usize {
        let entry = self.format.word() * if self.format.is_bsd() { 2 } else { 1 };
        self.entries.len() / entry
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names and the offsets of the headers of the members that define them, as stored (a name may occur
    /// more than once). Ends after the first error.
    pub fn iter(&self) -> IndexIter<'d> {
        IndexIter {
            index: *self,
            next: 0,
            name_start: 0,
        }
    }

    fn entry(&self, i: usize, name_start: &mut usize) -> Result<(&'d [u8], u64), ArchiveError> {
        let word = self.format.word();
        let bsd = self.format.is_bsd();
        let place = i * word * if bsd { 2 } else { 1 };
        let cut = ArchiveError {
            offset: self.entries_at + place as u64,
            fault: ArchiveFault::IndexCut,
        };
        let read = |at| word_at(self.entries, at, word, self.big_endian).ok_or(cut);
        let (start, offset) = if bsd {
            (read(place)?, read(place + word)?)
        } else {
            (*name_start as u64, read(place)?)
        };
        if offset < MAGIC.len() as u64 || offset.saturating_add(HEADER_SIZE) > self.archive_size {
            return Err(ArchiveError {
                fault: ArchiveFault::IndexOffset,
                ..cut
            });
        }
        let bad_name = ArchiveError {
            offset: self.names_at.saturating_add(start),
            fault: ArchiveFault::IndexName,
        };
        let start = usize::try_from(start).map_err(|_| bad_name)?;
        let rest = self.names.get(start..).ok_or(bad_name)?;
        let end = memchr::memchr(0, rest).ok_or(bad_name)?;
        *name_start = start + end + 1;
        Ok((rest.get(..end).unwrap_or_default(), offset))
    }
}

/// Iterator over a symbol index.
#[derive(Clone, Debug)]
pub struct IndexIter<'d> {
    index: Index<'d>,
    next: usize,
    /// Where the next name starts (GNU: names are in the order of the offsets).
    name_start: usize,
}

impl<'d> Iterator for IndexIter<'d> {
    type Item = Result<(&'d [u8], u64), ArchiveError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.index.len() {
            return None;
        }
        let entry = self.index.entry(self.next, &mut self.name_start);
        self.next = match entry {
            Ok(_) => self.next + 1,
            Err(_) => usize::MAX,
        };
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.index.len().saturating_sub(self.next)))
    }
}

fn word_at(data: &[u8], at: usize, size: usize, big_endian: bool) -> Option<u64> {
    let bytes = data.get(at..at.checked_add(size)?)?;
    Some(if let Ok(b) = <[u8; 4]>::try_from(bytes) {
        u64::from(if big_endian {
            u32::from_be_bytes(b)
        } else {
            u32::from_le_bytes(b)
        })
    } else {
        let b = <[u8; 8]>::try_from(bytes).ok()?;
        if big_endian {
            u64::from_be_bytes(b)
        } else {
            u64::from_le_bytes(b)
        }
    })
}

/// Removes the padding of a header field.
fn trim(field: &[u8]) -> &[u8] {
    field.trim_ascii_end()
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |n, &c| {
        let digit = c.is_ascii_digit().then(|| u64::from(c - b'0'))?;
        n.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
