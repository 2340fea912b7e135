//! GNU symbol versions: `.gnu.version` (one u16 a symbol), `.gnu.version_r` (what is needed of whom) and
//! `.gnu.version_d` (what is defined here). Layout as in the LSB core specification, chapter "Symbol Versioning".

use object::elf;

use super::image::Image;

/// One version needed from one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    pub file: String,
    pub version: String,
    pub hash: u32,
    pub weak: bool,
    pub index: u16,
}

/// One version defined here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defined {
    pub version: String,
    pub parents: Vec<String>,
    pub hash: u32,
    pub flags: u16,
    pub index: u16,
}

/// The version tables of one file.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// One entry a dynamic symbol; the high bit hides a definition from unversioned references.
    pub symbols: Vec<u16>,
    pub needed: Vec<Needed>,
    pub defined: Vec<Defined>,
    /// Broken links and counts met while reading.
    pub errors: Vec<String>,
}

impl Versions {
    pub fn read(image: &Image) -> Versions {
        let mut v = Versions::default();
        // Solaris' files have the table, and no tag for it.
        let section = || {
            let found = image
                .sections
                .iter()
                .find(|s| s.kind == elf::SHT_GNU_VERSYM);
            found.map(|s| s.addr)
        };
        if let Some(at) = image.tag(elf::DT_VERSYM).or_else(section) {
            for i in 0..image.dynsym.len() as u64 {
                match image.offset_of(at + 2 * i).and_then(|o| image.u16(o)) {
                    Some(n) => v.symbols.push(n),
                    None => {
                        v.errors
                            .push("DT_VERSYM is shorter than the dynamic symbol table".into());
                        break;
                    }
                }
            }
        }
        if let Some(at) = image.tag(elf::DT_VERNEED) {
            let count = image.tag(elf::DT_VERNEEDNUM).unwrap_or(0);
            if v.read_needed(image, at, count).is_none() {
                v.errors.push("DT_VERNEED leaves the file".into());
            }
        }
        if let Some(at) = image.tag(elf::DT_VERDEF) {
            let count = image.tag(elf::DT_VERDEFNUM).unwrap_or(0);
            if v.read_defined(image, at, count).is_none() {
                v.errors.push("DT_VERDEF leaves the file".into());
            }
        }
        v
    }

    fn read_needed(&mut self, image: &Image, at: u64, count: u64) -> Option<()> {
        let mut at = image.offset_of(at)?;
        for n in 0..count {
            let auxes = image.u16(at + 2)?;
            let file = image.dyn_string(u64::from(image.u32(at + 4)?))?;
            let mut aux = at.checked_add(u64::from(image.u32(at + 8)?))?;
            for i in 0..auxes {
                self.needed.push(Needed {
                    file: file.clone(),
                    hash: image.u32(aux)?,
                    weak: image.u16(aux + 4)? & elf::VER_FLG_WEAK != 0,
                    index: image.u16(aux + 6)?,
                    version: image.dyn_string(u64::from(image.u32(aux + 8)?))?,
                });
                let next = image.u32(aux + 12)?;
                if (next == 0) != (i + 1 == auxes) {
                    self.errors
                        .push(format!("vna_next and vn_cnt disagree for {file}"));
                }
                if next == 0 {
                    break;
                }
                aux = aux.checked_add(u64::from(next))?;
            }
            let next = image.u32(at + 12)?;
            if (next == 0) != (n + 1 == count) {
                self.errors
                    .push("vn_next and DT_VERNEEDNUM disagree".into());
            }
            if next == 0 {
                break;
            }
            at = at.checked_add(u64::from(next))?;
        }
        Some(())
    }

    fn read_defined(&mut self, image: &Image, at: u64, count: u64) -> Option<()> {
        let mut at = image.offset_of(at)?;
        for n in 0..count {
            let auxes = image.u16(at + 6)?;
            let mut names = Vec::new();
            let mut aux = at.checked_add(u64::from(image.u32(at + 12)?))?;
            for _ in 0..auxes {
                names.push(image.dyn_string(u64::from(image.u32(aux)?))?);
                let next = image.u32(aux + 4)?;
                if next == 0 {
                    break;
                }
                aux = aux.checked_add(u64::from(next))?;
            }
            let mut names = names.into_iter();
            self.defined.push(Defined {
                version: names.next().unwrap_or_default(),
                parents: names.collect(),
                hash: image.u32(at + 8)?,
                flags: image.u16(at + 2)?,
                index: image.u16(at + 4)?,
            });
            let next = image.u32(at + 16)?;
            if (next == 0) != (n + 1 == count) {
                self.errors.push("vd_next and DT_VERDEFNUM disagree".into());
            }
            if next == 0 {
                break;
            }
            at = at.checked_add(u64::from(next))?;
        }
        Some(())
    }

    /// The version of dynamic symbol `index`: `@V` when hidden or needed, `@@V` when it is the default one, empty
    /// when it has none.
    pub fn suffix(&self, index: usize, defined: bool) -> String {
        let Some(raw) = self.symbols.get(index).copied() else {
            return String::new();
        };
        let number = raw & 0x7fff;
        if number < 2 {
            return String::new();
        }
        if defined && let Some(d) = self.defined.iter().find(|d| d.index == number) {
            let at = if raw & 0x8000 != 0 { "@" } else { "@@" };
            return format!("{at}{}", d.version);
        }
        match self.needed.iter().find(|n| n.index == number) {
            Some(n) => format!("@{}", n.version),
            None => format!("@?{number}"),
        }
    }
}
