//! Tables that are neither headers nor dynamic: frames, init arrays, notes.

use object::elf;

use super::image::{Image, Section, Segment};
use super::relocs::{self, Pointers};
use super::{Findings, eh_frame};

pub fn check(image: &Image, found: &mut Findings) {
    eh_frame::check(image, found);
    init_arrays(image, found);
    match notes(image) {
        Ok(notes) => properties(&notes, found),
        Err(e) => found.add("note", e),
    }
}

/// One note record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub section: String,
    pub name: String,
    pub kind: u32,
    pub desc: Vec<u8>,
}

/// The records of every SHT_NOTE section.
pub fn notes(image: &Image) -> Result<Vec<Note>, String> {
    let mut out = Vec::new();
    for s in image.sections.iter().filter(|s| s.kind == elf::SHT_NOTE) {
        let align = if s.align == 8 { 8 } else { 4 };
        let up = |v: u64| v.div_ceil(align) * align;
        let mut at = 0;
        while at + 12 <= s.size {
            let broken = || format!("{}: broken record at {at:#x}", s.name);
            let field = |n: u64| image.u32(s.offset + at + n).map(u64::from);
            let (Some(namesz), Some(descsz), Some(kind)) = (field(0), field(4), field(8)) else {
                return Err(broken());
            };
            let desc_at = up(12 + namesz);
            let bytes = image.section_bytes(s).ok_or_else(broken)?;
            let slice = |from: u64, len: u64| {
                let from = (at + from) as usize;
                bytes.get(from..from.checked_add(len as usize)?)
            };
            let name = slice(12, namesz).ok_or_else(broken)?;
            let desc = slice(desc_at, descsz).ok_or_else(broken)?;
            let name = name.split(|b| *b == 0).next().unwrap_or_default();
            out.push(Note {
                section: s.name.clone(),
                name: String::from_utf8_lossy(name).into_owned(),
                kind: kind as u32,
                desc: desc.to_vec(),
            });
            at += up(desc_at + descsz);
        }
    }
    Ok(out)
}

/// One property array, its records sorted by type (the kernel and glibc stop at the first that is not).
fn properties(notes: &[Note], found: &mut Findings) {
    let of_gnu: Vec<&Note> = notes
        .iter()
        .filter(|n| n.section == ".note.gnu.property" && n.name == "GNU" && n.kind == 5)
        .collect();
    found.need(of_gnu.len() <= 1, "note-property", || {
        format!("{} property notes", of_gnu.len())
    });
    for note in of_gnu {
        let mut last = None;
        let mut rest = note.desc.as_slice();
        while let [a, b, c, d, e, f, g, h, tail @ ..] = rest {
            let kind = u32::from_le_bytes([*a, *b, *c, *d]);
            let size = u32::from_le_bytes([*e, *f, *g, *h]) as usize;
            found.need(last.is_none_or(|l| l < kind), "note-property", || {
                format!("property {kind:#x} is out of order")
            });
            last = Some(kind);
            match tail.get(size.div_ceil(8) * 8..) {
                Some(t) => rest = t,
                None => {
                    return found.add("note-property", format!("property {kind:#x} is cut off"));
                }
            }
        }
    }
}

/// The sections whose words the start-up code calls, in the order in which it calls them.
pub const CALLED: &[&str] = &[".preinit_array", ".init_array", ".fini_array"];

/// The addresses that an array section holds; None for a word that another file decides.
pub fn array(image: &Image, section: &Section, pointers: &Pointers) -> Vec<Option<u64>> {
    // A damaged size must not make this a list of billions.
    let size = section.size.min(image.data.len() as u64);
    (0..size / image.word_size())
        .map(|i| pointers.target(section.addr + i * image.word_size()))
        .collect()
}

fn init_arrays(image: &Image, found: &mut Findings) {
    let relocs = relocs::all(image);
    let pointers = Pointers::new(image, &relocs);
    for section in image
        .sections
        .iter()
        .filter(|s| CALLED.contains(&s.name.as_str()))
    {
        for (i, target) in array(image, section, &pointers).into_iter().enumerate() {
            let Some(target) = target else { continue };
            let ok = image.load_at(target).is_some_and(Segment::executable);
            found.need(ok, "init-array", || {
                format!("{}[{i}] = {target:#x} is not code", section.name)
            });
        }
    }
}
