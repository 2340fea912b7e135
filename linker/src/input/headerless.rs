//! A shared object without section headers (`-z nosectionheader`, `strip --strip-section-headers`): the headers it would have.
//!
//! What the run-time linker needs is found from PT_DYNAMIC: tables by address, the number of symbols by the hash tables
//! (gABI, "Dynamic Section", "Hash Table"; the GNU table's last chain ends with the last symbol). Nothing but the headers is
//! made here; what they say is checked by whoever reads the tables, as with headers that stand in the file.

use object::elf;
use object::pod::slice_from_all_bytes;
use object::read::elf::{Dyn as _, FileHeader, ProgramHeader as _};

use crate::elf::{Elf, RawShdr, Shdr};
use crate::emit::headers::put_shdr;

/// Where the tables lie, and the segments as sections: what a variable's alignment and protection are known by.
#[derive(Default)]
pub struct Headers {
    tables: Vec<u8>,
    pub segments: Vec<Shdr>,
}

impl Headers {
    /// The headers as they would stand in the file.
    pub fn raw<E: Elf>(&self) -> &[RawShdr<E>] {
        slice_from_all_bytes(&self.tables).unwrap_or(&[])
    }
}

/// An address range in the file: first address, bytes, file offset.
struct Load {
    addr: u64,
    size: u64,
    offset: u64,
}

struct Finder<'d> {
    data: &'d [u8],
    loads: Vec<Load>,
}

impl<'d> Finder<'d> {
    /// The file offset of an address, and how many bytes of its segment follow.
    fn find(&self, addr: u64) -> Option<(u64, u64)> {
        let load = self
            .loads
            .iter()
            .find(|l| addr >= l.addr && addr - l.addr < l.size)?;
        let inside = addr - load.addr;
        Some((load.offset.checked_add(inside)?, load.size - inside))
    }

    fn u32<E: Elf>(&self, at: u64) -> Option<u32> {
        let (offset, _) = self.find(at).filter(|(_, rest)| *rest >= 4)?;
        let offset = usize::try_from(offset).ok()?;
        let bytes = *self.data.get(offset..)?.first_chunk::<4>()?;
        Some(match E::BIG_ENDIAN {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }

    /// DT_HASH: nbucket, nchain; there are as many symbols as chain entries.
    fn sysv_count<E: Elf>(&self, hash: u64) -> Option<u64> {
        self.u32::<E>(hash.checked_add(4)?).map(u64::from)
    }

    /// DT_GNU_HASH: nbuckets, symoffset, bloom_size, bloom_shift, the filter's words, the buckets, the chains.
    fn gnu_count<E: Elf>(&self, hash: u64) -> Option<u64> {
        let at = |n: u64| hash.checked_add(n);
        let buckets = u64::from(self.u32::<E>(at(0)?)?);
        let first = u64::from(self.u32::<E>(at(4)?)?);
        let filter = u64::from(self.u32::<E>(at(8)?)?) * E::WORD as u64;
        let start = at(16 + filter)?;
        let mut last = 0;
        for i in 0..buckets {
            last = last.max(u64::from(self.u32::<E>(start.checked_add(4 * i)?)?));
        }
        if last < first {
            return Some(first);
        }
        let chains = start.checked_add(4 * buckets)?;
        // A chain's last entry has bit 0 set.
        while self.u32::<E>(chains.checked_add(4 * (last - first))?)? & 1 == 0 {
            last += 1;
        }
        Some(last + 1)
    }
}

/// The headers of the tables that `.dynamic` names.
///
/// # Errors
/// A text: there is no PT_DYNAMIC, or its symbols lie outside the file.
pub fn headers<E: Elf>(header: &E::Header, data: &[u8]) -> Result<Headers, String> {
    let e = E::ENDIAN;
    let mut out = Headers::default();
    let phdrs = header
        .program_headers(e, data)
        .map_err(|err| format!("program header table: {err}"))?;
    let mut finder = Finder {
        data,
        loads: Vec::new(),
    };
    for ph in phdrs.iter().filter(|ph| ph.p_type(e) == elf::PT_LOAD) {
        let mut flags = elf::SHF_ALLOC;
        for (segment, section) in [(elf::PF_W, elf::SHF_WRITE), (elf::PF_X, elf::SHF_EXECINSTR)] {
            if ph.p_flags(e) & segment != 0 {
                flags |= section;
            }
        }
        out.segments.push(Shdr {
            sh_type: elf::SHT_PROGBITS,
            flags: u64::from(flags),
            addr: ph.p_vaddr(e).into(),
            size: ph.p_memsz(e).into(),
            align: ph.p_align(e).into(),
            ..Shdr::default()
        });
        finder.loads.push(Load {
            addr: ph.p_vaddr(e).into(),
            size: ph.p_filesz(e).into(),
            offset: ph.p_offset(e).into(),
        });
    }
    let dynamic = phdrs.iter().find_map(|ph| {
        let entries = ph.dynamic(e, data).ok().flatten()?;
        Some((ph, entries))
    });
    let Some((ph, entries)) = dynamic else {
        return Err("has neither section headers nor a dynamic section".into());
    };
    let value = |tag: u32| {
        let mut all = entries.iter().take_while(|d| d.d_tag(e).into() != 0);
        all.find(|d| d.d_tag(e).into() == u64::from(tag))
            .map(|d| d.d_val(e).into())
    };
    let counted = value(elf::DT_HASH)
        .and_then(|at| finder.sysv_count::<E>(at))
        .or_else(|| finder.gnu_count::<E>(value(elf::DT_GNU_HASH)?));
    let count = counted.unwrap_or(0);
    // Sections are referred to by number: 0 is no section, 1 the strings.
    let table = |ty: u32, addr: Option<u64>, size: Option<u64>, info: u64| {
        let Some((offset, rest)) = addr.and_then(|a| finder.find(a)) else {
            return Shdr::default();
        };
        Shdr {
            sh_type: ty,
            flags: u64::from(elf::SHF_ALLOC),
            offset,
            size: size.unwrap_or(rest).min(rest),
            link: 1,
            info: u32::try_from(info).unwrap_or(u32::MAX),
            ..Shdr::default()
        }
    };
    let symbols = count.saturating_mul(E::SYM_SIZE as u64);
    let versions = value(elf::DT_VERSYM).map(|_| count.saturating_mul(2));
    let list = [
        Shdr::default(),
        table(
            elf::SHT_STRTAB,
            value(elf::DT_STRTAB),
            value(elf::DT_STRSZ),
            0,
        ),
        table(elf::SHT_DYNSYM, value(elf::DT_SYMTAB), Some(symbols), 1),
        table(elf::SHT_GNU_VERSYM, value(elf::DT_VERSYM), versions, 0),
        table(
            elf::SHT_GNU_VERDEF,
            value(elf::DT_VERDEF),
            None,
            value(elf::DT_VERDEFNUM).unwrap_or(0),
        ),
        table(
            elf::SHT_GNU_VERNEED,
            value(elf::DT_VERNEED),
            None,
            value(elf::DT_VERNEEDNUM).unwrap_or(0),
        ),
        Shdr {
            sh_type: elf::SHT_DYNAMIC,
            offset: ph.p_offset(e).into(),
            size: ph.p_filesz(e).into(),
            link: 1,
            ..Shdr::default()
        },
    ];
    if list.iter().all(|s| s.sh_type != elf::SHT_DYNSYM) || counted.is_none() {
        return Err("has no section headers, and its dynamic symbols lie outside the file".into());
    }
    for s in &list {
        put_shdr::<E>(s, &mut out.tables);
    }
    Ok(out)
}
