//! Gives a library that GNU ld made the form of the real ones: the Solaris flavour of the test sysroot.
//!
//! Solaris' own linker writes EI_OSABI 6, calls the version sections `.SUNW_version` and `.SUNW_versym`, has no
//! DT_VERSYM, and tells filter symbols by DT_SUNW_FILTER and a table with an entry for each dynamic symbol. Everything
//! is patched in place: the table's room and the filter's text (as DT_RUNPATH) were put there by `sysroot.sh`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use object::elf;

use crate::linkdiff::Image;
use crate::linkdiff::image::Place;

const DT_SUNW_FILTER: u64 = 0x6000_000f;
const DT_SYMINFO: u64 = 0x6fff_feff;
const DT_SYMINSZ: u64 = 0x6fff_fdfe;
const DT_SYMINENT: u64 = 0x6fff_fdff;
const SHT_SUNW_SYMINFO: u32 = 0x6fff_fffc;
/// si_flags: the symbol is a filter; si_boundto is the index of its DT_SUNW_FILTER.
const SYMINFO_FLG_FILTER: u16 = 2;

/// Rewrites the file at `path`.
pub fn rewrite(path: &Path) -> Result<()> {
    let image = Image::open(path)?;
    let mut data = image.data.clone();
    let mut put = |at: u64, bytes: &[u8]| -> Result<()> {
        let at = usize::try_from(at)?;
        data.get_mut(at..at + bytes.len())
            .context("a table leaves the file")?
            .copy_from_slice(bytes);
        Ok(())
    };
    // EI_OSABI, EI_ABIVERSION.
    put(7, &[6, 1])?;
    rename(&image, &mut put)?;
    let segment = image
        .segment(elf::PT_DYNAMIC)
        .context("no dynamic section")?;
    let mut dynamic: Vec<(u64, u64)> = image
        .dynamic
        .iter()
        .copied()
        .filter(|d| d.0 != u64::from(elf::DT_VERSYM))
        .collect();
    if let Some(table) = image.sections.iter().find(|s| s.name == ".SUNW_syminfo") {
        filters(&image, table, &mut dynamic, &mut put)?;
    }
    if (dynamic.len() as u64 + 1) * 16 > segment.filesz {
        bail!("{}: no room in .dynamic", path.display());
    }
    dynamic.resize(segment.filesz as usize / 16, (0, 0));
    for (i, (tag, value)) in dynamic.iter().enumerate() {
        put(segment.offset + 16 * i as u64, &tag.to_le_bytes())?;
        put(segment.offset + 16 * i as u64 + 8, &value.to_le_bytes())?;
    }
    std::fs::write(path, data)?;
    Ok(())
}

type Put<'a> = dyn FnMut(u64, &[u8]) -> Result<()> + 'a;

/// The sections' names; those of Solaris are not longer.
fn rename(image: &Image, put: &mut Put<'_>) -> Result<()> {
    let names = image
        .sections
        .iter()
        .find(|s| s.name == ".shstrtab")
        .context("no section names")?;
    for s in &image.sections {
        let new = match s.name.as_str() {
            ".gnu.version" => ".SUNW_versym",
            ".gnu.version_d" | ".gnu.version_r" => ".SUNW_version",
            _ => continue,
        };
        let header = image.shoff + 64 * s.index as u64;
        let name = image.u32(header).context("section headers")?;
        put(
            names.offset + u64::from(name),
            format!("{new}\0").as_bytes(),
        )?;
    }
    Ok(())
}

fn filters(
    image: &Image,
    table: &crate::linkdiff::image::Section,
    dynamic: &mut Vec<(u64, u64)>,
    put: &mut Put<'_>,
) -> Result<()> {
    let filter = dynamic
        .iter()
        .position(|d| d.0 == u64::from(elf::DT_RUNPATH))
        .context("no text for DT_SUNW_FILTER")?;
    dynamic[filter].0 = DT_SUNW_FILTER;
    let size = 4 * image.dynsym.len() as u64;
    if size > table.size {
        bail!("no room in .SUNW_syminfo");
    }
    dynamic.push((DT_SYMINFO, table.addr));
    dynamic.push((DT_SYMINSZ, size));
    dynamic.push((DT_SYMINENT, 4));
    // The first entry has the table's version, 1.
    put(table.offset, &1u16.to_le_bytes())?;
    for (i, s) in image.dynsym.iter().enumerate() {
        let is_filter = s.place == Place::Absolute && s.value == 0 && s.kind == elf::STT_FUNC;
        if is_filter {
            let at = table.offset + 4 * i as u64;
            put(at, &(filter as u16).to_le_bytes())?;
            put(at + 2, &SYMINFO_FLG_FILTER.to_le_bytes())?;
        }
    }
    let number = |kind: u32| {
        let found = image.sections.iter().find(|s| s.kind == kind);
        found.map_or(0, |s| s.index as u32)
    };
    let header = image.shoff + 64 * table.index as u64;
    put(header + 4, &SHT_SUNW_SYMINFO.to_le_bytes())?;
    put(header + 32, &size.to_le_bytes())?;
    put(header + 40, &number(elf::SHT_DYNSYM).to_le_bytes())?;
    put(header + 44, &number(elf::SHT_DYNAMIC).to_le_bytes())?;
    put(header + 56, &4u64.to_le_bytes())
}
