//! Which segment of a mapfile takes an input section, and in which order (`ASSIGN_SECTION`, `IS_ORDER`, `OS_ORDER`).
//!
//! Linker and Libraries Guide, "Section To Segment Assignment": entrance criteria are tried in the order in which
//! mapfiles give them, and the first that fits counts; what none fits goes by its flags. An output section belongs to
//! one segment, so sections of one name may stand in several output sections. Thread-local variables, arrays of
//! constructors and the linker's own tables have places that the run-time linker is told of: they are not moved.

use std::collections::HashMap;

use object::elf;

use super::map_segments::{MADE, Natural, natural};
use super::output::OutputSection;
use crate::elf::Elf;
use crate::input::object::{Object, Section};
use crate::options::Options;
use crate::report::Report;
use crate::script::{FileMatch, MapSegment, Mapfile, SectionChoice, SegmentKind};

/// Order of members that no `IS_ORDER` names: behind those that one does.
const UNORDERED: u32 = 1 << 16;
/// Rank of the first segment of one's own: between code and data, as libld has it.
const OWN: u32 = 4_500;
/// Rank of the first one that SEGMENT_ORDER puts behind data.
const BEHIND: u32 = 7_000;
/// More segments than any loader has seen.
pub const MOST: usize = 400;

/// All criteria, in the order in which they are tried.
pub struct Assignments<'m> {
    list: Vec<(u16, &'m MapSegment, &'m SectionChoice)>,
    /// By name, for version 1 and for labels without criteria: place in its segment's `IS_ORDER`.
    names: HashMap<&'m [u8], u32>,
}

/// What becomes of an input section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// The segment's number in the mapfile, plus one; 0 where its flags say the same.
    pub own: u16,
    /// Added to the order it has in its output section.
    pub order: u32,
}

/// None when no mapfile has anything to say.
pub fn plan(map: &Mapfile) -> Option<Assignments<'_>> {
    let mut list = Vec::new();
    let mut names = HashMap::new();
    for (n, s) in (1u16..).zip(&map.segments) {
        if s.disabled || s.kind != SegmentKind::Load {
            continue;
        }
        list.extend(s.choices.iter().map(|c| (n, s, c)));
        for (at, label) in (0u32..).zip(&s.order) {
            if !s.choices.iter().any(|c| c.label == *label) {
                names.insert(&label[..], at);
            }
        }
    }
    list.sort_by_key(|(_, _, c)| c.number);
    (!list.is_empty() || !names.is_empty()).then_some(Assignments { list, names })
}

impl Assignments<'_> {
    /// The order of everything when some sections are ordered.
    fn order(&self, named: Option<u32>) -> u32 {
        named.unwrap_or(UNORDERED)
    }

    pub fn find<E: Elf>(&self, o: &Object<'_, E>, s: &Section, name: &[u8]) -> Assigned {
        if s.flags & elf::SHF_ALLOC == 0 {
            return Assigned::default();
        }
        let fits = |c: &SectionChoice| {
            let flags = u64::from(s.flags);
            c.name.as_ref().is_none_or(|n| n == name)
                && c.ty.is_none_or(|t| t == s.ty)
                && flags & c.flags == c.flags
                && flags & c.no_flags == 0
                && (c.files.is_empty() || c.files.iter().any(|f| fits_file(f, o)))
        };
        let by_name = self.names.get(name).copied();
        let Some((n, segment, choice)) = self.list.iter().find(|(_, _, c)| fits(c)) else {
            return Assigned {
                own: 0,
                order: self.order(by_name),
            };
        };
        let at = segment.order.iter().position(|l| *l == choice.label);
        let at = at.filter(|_| !choice.label.is_empty()).map(|at| at as u32);
        let stays = match segment.name.as_slice() {
            b"text" => natural(s.flags.into()) == Natural::Text,
            b"data" | b"bss" => natural(s.flags.into()) == Natural::Data,
            name => MADE.contains(&name),
        };
        Assigned {
            own: if stays { 0 } else { *n },
            order: self.order(at.or(by_name)),
        }
    }
}

/// Names of an object: its file's last part, the member it is of an archive, the path as it was given.
fn fits_file<E: Elf>(f: &FileMatch, o: &Object<'_, E>) -> bool {
    let path = o.name.path.as_os_str().as_encoded_bytes();
    let base = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
    let member = o.name.member.as_ref().map(|m| m.as_bytes());
    let with_member = |file: &[u8], pattern: &[u8]| match member {
        Some(m) => {
            let rest = pattern
                .strip_prefix(file)
                .and_then(|r| r.strip_prefix(b"("));
            pattern == file || rest.and_then(|r| r.strip_suffix(b")")) == Some(m)
        }
        None => pattern == file,
    };
    match f {
        FileMatch::Base(name) => with_member(base, name),
        FileMatch::Object(name) => member.unwrap_or(base) == &name[..],
        FileMatch::Path(name) => with_member(path, name),
    }
}

/// Gives output sections the rank that their segment and its `OS_ORDER` ask for.
pub(super) fn arrange(outputs: &mut [OutputSection<'_>], opts: &Options, report: &Report) {
    let map = &opts.sunw.mapfile;
    if map.segments.is_empty() {
        return;
    }
    for s in outputs.iter_mut().filter(|s| s.is_alloc()) {
        let segment = match s.own {
            0 => {
                let writable = s.flags & u64::from(elf::SHF_WRITE) != 0;
                let name: &[u8] = if writable { b"data" } else { b"text" };
                map.segments.iter().find(|m| m.name == name)
            }
            own => map.segments.get(usize::from(own) - 1),
        };
        let Some(segment) = segment else {
            continue;
        };
        if s.own != 0 {
            place(s, segment, opts, report);
        }
        let Some(at) = segment.output_order.iter().position(|n| n == s.name) else {
            s.order = if s.is_nobits() { u32::MAX } else { UNORDERED };
            continue;
        };
        s.order = at as u32 + if s.is_nobits() { 1 << 20 } else { 0 };
        // Tables first, then what is named, then the rest; what is not in the file last of all.
        s.rank = match s.rank {
            rank if s.own != 0 && is_own(segment) => rank,
            1_100..=4_499 => 1_900,
            6_000..=6_089 => 6_001,
            6_090..=6_999 => 6_080,
            _ => {
                report.error(format!(
                    "{}: segment {}: OS_ORDER of {}: the linker's tables and thread-local variables keep their places",
                    segment.at,
                    segment.name.escape_ascii(),
                    s.name.escape_ascii()
                ));
                s.rank
            }
        };
    }
}

/// A segment that is made because a mapfile asks for it.
pub(super) fn is_own(s: &MapSegment) -> bool {
    let name = s.name.as_slice();
    !matches!(name, b"text" | b"data" | b"bss") && !MADE.contains(&name)
}

/// A section in a segment that its flags would not have led to.
fn place(s: &mut OutputSection<'_>, segment: &MapSegment, opts: &Options, report: &Report) {
    let say = |what: &str| {
        format!(
            "{}: segment {}: section {} {what}",
            segment.at,
            segment.name.escape_ascii(),
            s.name.escape_ascii()
        )
    };
    let told = matches!(
        s.ty,
        elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY
    ) || matches!(s.name, b".init" | b".fini" | b".eh_frame");
    if s.is_tls() || told {
        report.error(say(
            "cannot be moved: the run-time linker is told where such sections are",
        ));
    }
    let writable = s.flags & u64::from(elf::SHF_WRITE) != 0;
    let flags = flags(segment, opts);
    if writable && flags & elf::PF_W == 0 {
        report.warn(say("is written to, and the segment has no WRITE"));
    }
    if s.flags & u64::from(elf::SHF_EXECINSTR) != 0 && flags & elf::PF_X == 0 {
        report.warn(say("holds code, and the segment has no EXECUTE"));
    }
    s.relro = false;
    s.rank = match segment.name.as_slice() {
        b"text" => 4_450,
        b"data" | b"bss" => 6_042 + if s.is_nobits() { 49 } else { 0 },
        name => own_rank(&opts.sunw.mapfile, name),
    };
}

/// PF_ bits of the segment: READ WRITE EXECUTE is what a mapfile's own have by default.
pub(super) fn flags(s: &MapSegment, opts: &Options) -> u32 {
    let read = elf::PF_R;
    match s.name.as_slice() {
        b"text" => read | elf::PF_X,
        b"data" | b"bss" => read | elf::PF_W | if opts.exec_data { elf::PF_X } else { 0 },
        _ => s.flags.unwrap_or(read | elf::PF_W | elf::PF_X),
    }
}

/// Where a segment of one's own stands: as SEGMENT_ORDER says, or in the order of the mapfile.
fn own_rank(map: &Mapfile, name: &[u8]) -> u32 {
    let listed = map.segment_order.as_ref().map(|(names, _)| names);
    let position = |name: &[u8]| listed.and_then(|l| l.iter().position(|n| n == name));
    let behind = match (
        position(name),
        position(b"data").or_else(|| position(b"bss")),
    ) {
        (Some(own), Some(data)) => own > data,
        _ => false,
    };
    let at = position(name).unwrap_or_else(|| {
        let rest = listed.map_or(0, Vec::len);
        rest + map
            .segments
            .iter()
            .position(|s| s.name == name)
            .unwrap_or(0)
    });
    at as u32 % MOST as u32 + if behind { BEHIND } else { OWN }
}
