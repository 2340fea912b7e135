//! `.eh_frame` and `.eh_frame_hdr`: call frame records and their sorted look-up table.
//!
//! Format: LSB core specification, "Exception Frames". Pointer encodings are DW_EH_PE_*: low four bits the
//! format, next three what it is relative to, 0x80 indirect, 0xff omitted.

use object::elf;

use super::Findings;
use super::image::{Image, Section};

/// One function's frame description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fde {
    /// Address of the record itself.
    pub at: u64,
    pub start: u64,
    pub len: u64,
    pub lsda: Option<u64>,
    /// The personality routine's address or, when `personality_indirect`, of the word that will hold it.
    pub personality: Option<u64>,
    pub personality_indirect: bool,
}

struct Cie {
    at: u64,
    pointer: u8,
    lsda: u8,
    has_augmentation: bool,
    personality: Option<u64>,
    personality_indirect: bool,
}

/// The `.eh_frame` records of a file.
pub fn read(image: &Image) -> Result<Vec<Fde>, String> {
    let mut all = Vec::new();
    for section in image.sections.iter().filter(|s| s.name == ".eh_frame") {
        read_section(image, section, &mut all)?;
    }
    Ok(all)
}

struct Cursor<'a> {
    image: &'a Image,
    /// File offset and address of the next byte, moved together.
    offset: u64,
    addr: u64,
}

impl Cursor<'_> {
    fn take(&mut self, len: usize) -> Result<u64, String> {
        let v = self
            .image
            .number(self.offset, len)
            .ok_or("record leaves the file")?;
        self.offset += len as u64;
        self.addr += len as u64;
        Ok(v)
    }
    fn uleb(&mut self) -> Result<u64, String> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let b = self.take(1)?;
            value |= (b & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if b & 0x80 == 0 {
                return Ok(value);
            }
        }
    }
    /// A pointer by its encoding; `base` is what DW_EH_PE_datarel adds.
    fn pointer(&mut self, encoding: u8, base: u64) -> Result<Option<u64>, String> {
        if encoding == 0xff {
            return Ok(None);
        }
        let here = self.addr;
        let word = self.image.word_size() as usize;
        let sign = |v: u64, bits: u32| ((v << (64 - bits)) as i64 >> (64 - bits)) as u64;
        let raw = match encoding & 15 {
            0 => self.take(word)?,
            1 => self.uleb()?,
            2 => self.take(2)?,
            3 => self.take(4)?,
            4 | 12 => self.take(8)?,
            10 => sign(self.take(2)?, 16),
            11 => sign(self.take(4)?, 32),
            n => return Err(format!("pointer format {n:#x} is not known")),
        };
        if raw == 0 {
            return Ok(None);
        }
        let value = match encoding & 0x70 {
            0x10 => raw.wrapping_add(here),
            0x30 => raw.wrapping_add(base),
            _ => raw,
        };
        Ok(Some(if self.image.is64 {
            value
        } else {
            value & 0xffff_ffff
        }))
    }
}

fn read_section(image: &Image, section: &Section, all: &mut Vec<Fde>) -> Result<(), String> {
    let mut cies: Vec<Cie> = Vec::new();
    let mut at = 0;
    while at + 4 <= section.size {
        let addr = section.addr + at;
        let mut c = Cursor {
            image,
            offset: section.offset + at,
            addr,
        };
        let len = c.take(4)?;
        if len == 0 {
            // crtend.o's terminator; GNU ld leaves it in the middle when something follows it.
            at += 4;
            continue;
        }
        if len == 0xffff_ffff {
            return Err("64-bit records are not known".into());
        }
        let end = at + 4 + len;
        if end > section.size {
            return Err(format!("record at {addr:#x} runs over the section's end"));
        }
        let id_at = c.addr;
        let id = c.take(4)?;
        if id == 0 {
            cies.push(read_cie(&mut c, addr)?);
        } else {
            let cie_at = id_at.wrapping_sub(id);
            // CIEs are few, and the one of the record before is usually this one's.
            let cie = cies
                .iter()
                .rev()
                .find(|x| x.at == cie_at)
                .ok_or_else(|| format!("FDE at {addr:#x} names no CIE ({cie_at:#x})"))?;
            let start = c.pointer(cie.pointer, 0)?.unwrap_or(0);
            // The range has the pointer's format but is relative to nothing.
            let len = c.pointer(cie.pointer & 15, 0)?.unwrap_or(0);
            let mut lsda = None;
            if cie.has_augmentation {
                c.uleb()?;
                lsda = c.pointer(cie.lsda, 0)?;
            }
            all.push(Fde {
                at: addr,
                start,
                len,
                lsda,
                personality: cie.personality,
                personality_indirect: cie.personality_indirect,
            });
        }
        at = end;
    }
    Ok(())
}

fn read_cie(c: &mut Cursor, at: u64) -> Result<Cie, String> {
    let version = c.take(1)?;
    if version != 1 && version != 3 {
        return Err(format!("CIE at {at:#x} has version {version}"));
    }
    let mut augmentation = Vec::new();
    loop {
        match c.take(1)? as u8 {
            0 => break,
            b => augmentation.push(b),
        }
    }
    c.uleb()?;
    c.uleb()?;
    if version == 1 {
        c.take(1)?;
    } else {
        c.uleb()?;
    }
    let mut cie = Cie {
        at,
        pointer: 0,
        lsda: 0xff,
        has_augmentation: false,
        personality: None,
        personality_indirect: false,
    };
    for letter in augmentation {
        match letter {
            b'z' => {
                c.uleb()?;
                cie.has_augmentation = true;
            }
            b'R' => cie.pointer = c.take(1)? as u8,
            b'L' => cie.lsda = c.take(1)? as u8,
            b'P' => {
                let encoding = c.take(1)? as u8;
                cie.personality = c.pointer(encoding & 0x7f, 0)?;
                cie.personality_indirect = encoding & 0x80 != 0;
            }
            b'S' | b'B' => {}
            other => return Err(format!("CIE at {at:#x}: augmentation {:?}", other as char)),
        }
    }
    Ok(cie)
}

/// Is every record sound, and does the table find each of them?
pub fn check(image: &Image, found: &mut Findings) {
    let fdes = match read(image) {
        Ok(fdes) => fdes,
        Err(e) => return found.add("eh-frame", e),
    };
    let mut sorted: Vec<&Fde> = fdes.iter().filter(|f| f.len > 0).collect();
    sorted.sort_by_key(|f| f.start);
    for f in &sorted {
        let inside = image
            .loads()
            .any(|s| s.executable() && s.holds(f.start, f.len));
        found.need(inside, "eh-frame-range", || {
            format!(
                "FDE at {:#x} covers {:#x}+{:#x}, not code",
                f.at, f.start, f.len
            )
        });
        if let Some(lsda) = f.lsda {
            found.need(image.offset_of(lsda).is_some(), "eh-frame-lsda", || {
                format!("FDE at {:#x}: LSDA {lsda:#x} is not in the file", f.at)
            });
        }
        if let Some(p) = f.personality {
            found.need(image.load_at(p).is_some(), "eh-frame-personality", || {
                format!("FDE at {:#x}: personality {p:#x} is nowhere", f.at)
            });
        }
    }
    for pair in sorted.windows(2) {
        if let [a, b] = pair {
            found.need(
                a.start.saturating_add(a.len) <= b.start,
                "eh-frame-overlap",
                || {
                    format!(
                        "FDEs for {:#x}+{:#x} and {:#x} overlap",
                        a.start, a.len, b.start
                    )
                },
            );
        }
    }
    if let Some(segment) = image.segment(elf::PT_GNU_EH_FRAME) {
        let (at, size) = (segment.vaddr, segment.filesz);
        if let Err(e) = check_header(image, at, size, &fdes, found) {
            found.add("eh-frame-hdr", e);
        }
    }
}

fn check_header(
    image: &Image,
    at: u64,
    size: u64,
    fdes: &[Fde],
    found: &mut Findings,
) -> Result<(), String> {
    let offset = image.offset_of(at).ok_or("not in the file")?;
    let mut c = Cursor {
        image,
        offset,
        addr: at,
    };
    let version = c.take(1)?;
    if version != 1 {
        return Err(format!("version {version}"));
    }
    let (pointer, count, table) = (c.take(1)? as u8, c.take(1)? as u8, c.take(1)? as u8);
    let frame = c.pointer(pointer, at)?;
    let section = image.section(".eh_frame").map(|s| s.addr);
    found.need(
        frame == section || section.is_none(),
        "eh-frame-hdr",
        || format!("points to {frame:x?}, .eh_frame is at {section:x?}"),
    );
    if count == 0xff || table == 0xff {
        found.need(fdes.is_empty(), "eh-frame-hdr", || {
            "has no look-up table".to_string()
        });
        return Ok(());
    }
    let count = c.pointer(count, at)?.unwrap_or(0);
    // A record of no length finds nothing, so it may be left out.
    let needed = fdes.iter().filter(|f| f.len > 0).count() as u64;
    let possible = fdes.len() as u64;
    found.need((needed..=possible).contains(&count), "eh-frame-hdr", || {
        format!("lists {count} functions, .eh_frame has {needed} ({possible} with empty ones)")
    });
    let by_record: std::collections::HashMap<u64, u64> =
        fdes.iter().map(|f| (f.at, f.start)).collect();
    let mut last = None;
    for i in 0..count {
        let start = c.pointer(table, at)?.unwrap_or(0);
        let record = c.pointer(table, at)?.unwrap_or(0);
        found.need(last.is_none_or(|l| l <= start), "eh-frame-hdr", || {
            format!("entry {i} ({start:#x}) is out of order")
        });
        last = Some(start);
        let ok = by_record.get(&record) == Some(&start);
        found.need(ok, "eh-frame-hdr", || {
            format!("entry {i} ({start:#x} -> {record:#x}) fits no FDE")
        });
    }
    let used = c.addr - at;
    found.need(used <= size, "eh-frame-hdr", || {
        format!("the table takes {used:#x} bytes, PT_GNU_EH_FRAME has {size:#x}")
    });
    Ok(())
}
