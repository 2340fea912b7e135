//! Input section descriptions: which files and sections one `*(.text .text.*)` takes, and in which order.
//!
//! GNU ld manual, "Input Section". File patterns are matched against the name a file was given by; a member of an
//! archive goes by its own name and by the archive's, and `archive:member` by both.

use std::cmp::Ordering;
use std::os::unix::ffi::OsStrExt;

use object::elf;

use crate::input::InputName;
use crate::script::{Glob, InputSpec, NamePattern, Place, Sort, parse_number};

/// A pattern for files.
#[derive(Clone, Debug)]
enum FilePattern {
    Any,
    /// Path, name of a member, or path of the archive.
    Name(Glob),
    /// `archive:member`; a missing archive is a file that stands alone, a missing member means all.
    Member {
        archive: Option<Glob>,
        member: Option<Glob>,
    },
}

impl FilePattern {
    fn new(pattern: &[u8]) -> FilePattern {
        let glob = Glob::new;
        match memchr::memchr(b':', pattern) {
            Some(at) => {
                let part = |text: &[u8]| (!text.is_empty()).then(|| glob(text));
                FilePattern::Member {
                    archive: part(pattern.get(..at).unwrap_or(&[])),
                    member: part(pattern.get(at + 1..).unwrap_or(&[])),
                }
            }
            None => {
                let glob = glob(pattern);
                if glob.is_any() {
                    FilePattern::Any
                } else {
                    FilePattern::Name(glob)
                }
            }
        }
    }

    fn matches(&self, file: &InputName) -> bool {
        let path = file.path.as_os_str().as_bytes();
        let member = file.member.as_deref().map(str::as_bytes);
        match self {
            FilePattern::Any => true,
            FilePattern::Name(glob) => {
                glob.matches(path) || member.is_some_and(|member| glob.matches(member))
            }
            FilePattern::Member {
                archive,
                member: wanted,
            } => {
                let own = member.unwrap_or(path);
                let archive_fits = match (archive, member) {
                    (None, None) => true,
                    (Some(glob), Some(_)) => glob.matches(path),
                    _ => false,
                };
                archive_fits && wanted.as_ref().is_none_or(|glob| glob.matches(own))
            }
        }
    }
}

/// One pattern in the parentheses.
#[derive(Clone, Debug)]
struct SectionRule {
    glob: Glob,
    exclude: Vec<FilePattern>,
    sort: Sort,
    then: Sort,
    reverse: bool,
}

/// Which rules are asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Of a section ordering file.
    First,
    /// Stands in OVERWRITE_SECTIONS.
    Overwrites,
    InOrder,
    /// OVERWRITE_SECTIONS replaces the description it stands in: takes nothing.
    Replaced,
    /// Of a class that another output section has first: takes only what does not fit there.
    Copy,
}

/// One input section description.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Index of the output section it stands in.
    pub output: usize,
    pub rank: Rank,
    pub keep: bool,
    /// The file's name when it is no pattern: such a file is an input.
    pub file_name: Option<Vec<u8>>,
    file: FilePattern,
    exclude: Vec<FilePattern>,
    sections: Vec<SectionRule>,
    sort_files: bool,
    reverse_files: bool,
    /// Bits that must be set, and bits that must not be.
    flags: (u32, u32),
    pub line: u32,
    pub place: Place,
}

/// What sorting needs to know of a section.
#[derive(Clone, Copy, Debug)]
pub struct SortKey<'n> {
    pub name: &'n [u8],
    pub file: &'n InputName,
    pub align: u64,
}

impl Rule {
    pub fn new(spec: &InputSpec, output: usize) -> Rule {
        let files = |list: &[Vec<u8>]| list.iter().map(|text| FilePattern::new(text)).collect();
        // Quotes let a name hold spaces; wildcards in them are wildcards, as in GNU ld.
        let glob = |pattern: &NamePattern| Glob::new(&pattern.text);
        let mut flags = (0, 0);
        for flag in &spec.flags {
            let bits = flag_bits(&flag.name);
            if flag.absent {
                flags.1 |= bits;
            } else {
                flags.0 |= bits;
            }
        }
        let plain = |text: &[u8]| !text.contains(&b':') && !crate::script::has_wildcard(text);
        Rule {
            output,
            rank: Rank::InOrder,
            keep: spec.keep,
            file_name: plain(&spec.file.text).then(|| spec.file.text.clone()),
            file: FilePattern::new(&spec.file.text),
            exclude: files(&spec.exclude_files),
            sections: spec
                .sections
                .iter()
                .map(|section| SectionRule {
                    glob: glob(&section.pattern),
                    exclude: files(&section.exclude_files),
                    sort: section.sort,
                    then: section.then,
                    reverse: section.reverse,
                })
                .collect(),
            sort_files: spec.sort_files == Sort::Name,
            reverse_files: spec.reverse_files,
            flags,
            line: spec.line,
            place: Place::default(),
        }
    }

    /// Whether a section of this name may be meant, whatever file it is in.
    pub fn takes_name(&self, name: &[u8]) -> bool {
        self.rank < Rank::Replaced
            && (self.sections.is_empty() || self.sections.iter().any(|s| s.glob.matches(name)))
    }

    /// Whether the section `name` with these flags of `file` is meant.
    pub fn takes(&self, file: &InputName, name: &[u8], flags: u32) -> bool {
        if flags & self.flags.0 != self.flags.0 || flags & self.flags.1 != 0 {
            return false;
        }
        if !self.file.matches(file) || self.exclude.iter().any(|e| e.matches(file)) {
            return false;
        }
        self.sections.is_empty()
            || self.sections.iter().any(|s| {
                s.glob.matches(name) && !s.exclude.iter().any(|exclude| exclude.matches(file))
            })
    }

    /// Whether it takes sections of the linker's own making, which stand in no file.
    pub fn takes_synthetic(&self, name: &[u8], flags: u32, first: Option<&InputName>) -> bool {
        if flags & self.flags.0 != self.flags.0
            || flags & self.flags.1 != 0
            || self.rank >= Rank::Replaced
        {
            return false;
        }
        let file = match &self.file {
            FilePattern::Any => true,
            file => first.is_some_and(|first| file.matches(first)),
        };
        file && !self.sections.is_empty() && self.sections.iter().any(|s| s.glob.matches(name))
    }

    /// Whether anything here puts sections in another order than that of the inputs.
    pub fn sorts(&self, default: Sort) -> bool {
        self.sort_files
            || self.reverse_files
            || self
                .sections
                .iter()
                .any(|s| !matches!(effective(s.sort, default), Sort::None | Sort::Default))
    }

    /// The order of two sections that this rule took; equal ones stay in input order.
    pub fn order(&self, a: &SortKey<'_>, b: &SortKey<'_>, default: Sort) -> Ordering {
        if self.sort_files || self.reverse_files {
            let name = |key: &SortKey<'_>| key.file.path.as_os_str().as_bytes().to_vec();
            let files = name(a)
                .cmp(&name(b))
                .then_with(|| a.file.member.cmp(&b.file.member));
            let files = if self.reverse_files {
                files.reverse()
            } else {
                files
            };
            if files != Ordering::Equal {
                return files;
            }
        }
        let Some(section) = self
            .sections
            .iter()
            .find(|s| s.glob.matches(a.name))
            .or(self.sections.first())
        else {
            return Ordering::Equal;
        };
        let order = compare(effective(section.sort, default), a, b)
            .then_with(|| compare(section.then, a, b));
        if section.reverse {
            order.reverse()
        } else {
            order
        }
    }
}

fn effective(sort: Sort, default: Sort) -> Sort {
    if sort == Sort::Default { default } else { sort }
}

fn compare(sort: Sort, a: &SortKey<'_>, b: &SortKey<'_>) -> Ordering {
    match sort {
        Sort::Default | Sort::None => Ordering::Equal,
        Sort::Name => a.name.cmp(b.name),
        Sort::Alignment => b.align.cmp(&a.align),
        Sort::InitPriority => {
            let priority = crate::layout::names::init_priority;
            priority(a.name)
                .cmp(&priority(b.name))
                .then_with(|| a.name.cmp(b.name))
        }
    }
}

/// The bits of an SHF_ name, or a number.
fn flag_bits(name: &[u8]) -> u32 {
    match name {
        b"SHF_WRITE" => elf::SHF_WRITE,
        b"SHF_ALLOC" => elf::SHF_ALLOC,
        b"SHF_EXECINSTR" => elf::SHF_EXECINSTR,
        b"SHF_MERGE" => elf::SHF_MERGE,
        b"SHF_STRINGS" => elf::SHF_STRINGS,
        b"SHF_INFO_LINK" => elf::SHF_INFO_LINK,
        b"SHF_LINK_ORDER" => elf::SHF_LINK_ORDER,
        b"SHF_OS_NONCONFORMING" => elf::SHF_OS_NONCONFORMING,
        b"SHF_GROUP" => elf::SHF_GROUP,
        b"SHF_TLS" => elf::SHF_TLS,
        b"SHF_COMPRESSED" => elf::SHF_COMPRESSED,
        b"SHF_EXCLUDE" => elf::SHF_EXCLUDE,
        b"SHF_X86_64_LARGE" => crate::layout::names::SHF_X86_64_LARGE,
        number => parse_number(number).map_or(0, |bits| bits as u32),
    }
}
