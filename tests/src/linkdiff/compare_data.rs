//! Do two outputs hold the same data and get relocated alike? Addresses differ, so everything is told by symbol:
//! "word 8 of `table` will point to `f`".

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use object::elf;

use super::check_tables::{self, CALLED};
use super::compare::sets;
use super::image::{Image, Place, Symbol};
use super::relocs::{self, Pointers, Reloc};
use super::versions::Versions;
use super::{Findings, eh_frame, names};

pub fn compare(reference: &Image, ours: &Image, found: &mut Findings) {
    let (ra, rb) = (relocs::all(reference), relocs::all(ours));
    let (a, b) = (View::new(reference, &ra), View::new(ours, &rb));
    symbolic(&a, &b, found);
    arrays(&a, &b, found);
    objects(&a, &b, found);
    frames(&a, &b, found);
    notes(reference, ours, found);
}

/// One side, with what is needed to speak of addresses by name.
struct View<'a> {
    image: &'a Image,
    relocs: &'a [Reloc],
    pointers: Pointers<'a>,
    relr: HashSet<u64>,
    /// Address and end of each named thing, ascending; the best name of an address comes first.
    named: Vec<(u64, u64, &'a str)>,
}

impl<'a> View<'a> {
    fn new(image: &'a Image, relocs: &'a [Reloc]) -> Self {
        let mut named: Vec<_> = image
            .symtab
            .iter()
            .chain(&image.dynsym)
            .filter(|s| {
                matches!(s.place, Place::Section(_))
                    && matches!(s.kind, elf::STT_FUNC | elf::STT_OBJECT | elf::STT_GNU_IFUNC)
            })
            .map(|s| (s.value, s.value.saturating_add(s.size), s.name.as_str()))
            .collect();
        // A mark (GNU ld's `_START_`) at the start of something says less than the thing's own name.
        let things: HashSet<u64> = named.iter().filter(|n| n.0 < n.1).map(|n| n.0).collect();
        named.retain(|n| n.0 < n.1 || !things.contains(&n.0));
        named.sort_unstable();
        View {
            image,
            relocs,
            pointers: Pointers::new(image, relocs),
            relr: relocs::relr(image)
                .unwrap_or_default()
                .into_iter()
                .collect(),
            named,
        }
    }

    /// All names whose symbol starts at an address, or "name+offset" of the symbol around it.
    fn names_of(&self, vaddr: u64) -> BTreeSet<String> {
        let from = self.named.partition_point(|n| n.0 < vaddr);
        let here: BTreeSet<String> = self
            .named
            .iter()
            .skip(from)
            .take_while(|n| n.0 == vaddr)
            .map(|n| plain(n.2))
            .collect();
        if !here.is_empty() {
            return here;
        }
        self.named
            .iter()
            .take(from)
            .rev()
            .take(16)
            .filter(|n| vaddr < n.1)
            .map(|n| format!("{}+{:#x}", plain(n.2), vaddr - n.0))
            .collect()
    }
}

fn plain(name: &str) -> String {
    name.split('@').next().unwrap_or(name).to_string()
}

/// Relocations that name a symbol, by type. Whether a function is reached by GLOB_DAT or JUMP_SLOT is the linker's
/// choice (a GOT entry may serve the PLT), so those two count as one.
fn symbolic(a: &View, b: &View, found: &mut Findings) {
    let list = |v: &View| -> BTreeSet<String> {
        let versions = Versions::read(v.image);
        v.relocs
            .iter()
            .filter(|r| r.symbol != 0)
            .map(|r| {
                let kind = match (v.image.machine, r.kind) {
                    (elf::EM_X86_64, elf::R_X86_64_GLOB_DAT | elf::R_X86_64_JUMP_SLOT) => {
                        "GOT or PLT".into()
                    }
                    (machine, kind) => names::reloc(machine, kind),
                };
                let symbol = v.image.dynsym.get(r.symbol as usize);
                let name = symbol.map_or("?", |s| s.name.as_str());
                let defined = symbol.is_some_and(Symbol::defined);
                format!(
                    "{kind} {name}{}",
                    versions.suffix(r.symbol as usize, defined)
                )
            })
            .collect()
    };
    sets(found, "relocs", "dynamic relocation", &list(a), &list(b));
    let count = |v: &View, kind: u32| v.relocs.iter().filter(|r| r.kind == kind).count();
    if a.image.machine == elf::EM_X86_64 {
        for kind in [elf::R_X86_64_IRELATIVE, elf::R_X86_64_COPY] {
            let (x, y) = (count(a, kind), count(b, kind));
            found.need((x == 0) == (y == 0), "relocs-count", || {
                format!(
                    "{}: {x} in the reference, {y} here",
                    names::reloc(elf::EM_X86_64, kind)
                )
            });
        }
    }
}

fn arrays(a: &View, b: &View, found: &mut Findings) {
    for name in CALLED {
        let list = |v: &View| -> Vec<String> {
            let Some(section) = v.image.section(name) else {
                return Vec::new();
            };
            check_tables::array(v.image, section, &v.pointers)
                .into_iter()
                .map(|t| match t {
                    Some(t) => v
                        .names_of(t)
                        .into_iter()
                        .next()
                        .unwrap_or_else(|| "?".into()),
                    None => "(other file)".into(),
                })
                .collect()
        };
        let (x, y) = (list(a), list(b));
        found.need(x == y, "init-order", || {
            format!("{name}: {x:?} in the reference, {y:?} here")
        });
    }
}

/// The contents of every global data symbol: bytes, and where its pointers lead.
fn objects(a: &View, b: &View, found: &mut Findings) {
    let data = |i: &'_ Image| -> HashMap<String, Symbol> {
        i.symtab
            .iter()
            .filter(|s| {
                !s.local() && s.kind == elf::STT_OBJECT && matches!(s.place, Place::Section(_))
            })
            .map(|s| (s.name.clone(), s.clone()))
            .collect()
    };
    let pic = a.image.etype == elf::ET_DYN && b.image.etype == elf::ET_DYN;
    let theirs = data(b.image);
    for (name, x) in data(a.image) {
        let Some(y) = theirs.get(&name) else { continue };
        if x.size != y.size || x.size > 1 << 16 || skip_object(&name) {
            continue;
        }
        let word = a.image.word_size();
        let mut at = 0;
        while at < x.size {
            let (px, py) = (x.value + at, y.value + at);
            let relocated = [(a, px), (b, py)]
                .map(|(v, p)| v.relr.contains(&p) || v.pointers.reloc(p).is_some());
            if relocated != [false, false] {
                let (tx, ty) = (target(a, px), target(b, py));
                let comparable = !tx.is_empty() && !ty.is_empty();
                found.need(
                    !comparable || tx.intersection(&ty).next().is_some(),
                    "data-pointer",
                    || format!("{name}+{at:#x} points to {tx:?} in the reference, to {ty:?} here"),
                );
                at += word;
                continue;
            }
            // In a fixed-address program every word may be an address, and addresses differ.
            if pic {
                let (bx, by) = (a.image.bytes_at(px, 1), b.image.bytes_at(py, 1));
                let zero = Some([0u8].as_slice());
                found.need(bx.or(zero) == by.or(zero), "data-bytes", || {
                    format!("{name}+{at:#x}: {bx:x?} in the reference, {by:x?} here")
                });
            }
            at += 1;
        }
    }
}

/// Data that holds self-relative or link-dependent values by nature.
fn skip_object(name: &str) -> bool {
    name.starts_with("_GLOBAL_OFFSET_TABLE_") || name == "_DYNAMIC"
}

/// Where the pointer at an address leads: names of this file's symbols, or the foreign symbol's name.
fn target(v: &View, vaddr: u64) -> BTreeSet<String> {
    if let Some(r) = v.pointers.reloc(vaddr)
        && r.symbol != 0
    {
        let name = v
            .image
            .dynsym
            .get(r.symbol as usize)
            .map(|s| s.name.clone());
        let add = match r.addend {
            0 => String::new(),
            n => format!("+{n:#x}"),
        };
        return name.into_iter().map(|n| n + &add).collect();
    }
    v.pointers
        .target(vaddr)
        .map(|t| v.names_of(t))
        .unwrap_or_default()
}

/// Which functions an unwinder finds, with or without a language-specific area.
fn frames(a: &View, b: &View, found: &mut Findings) {
    let covered = |v: &View| -> BTreeMap<String, bool> {
        let fdes = eh_frame::read(v.image).unwrap_or_default();
        let mut all = BTreeMap::new();
        for f in fdes.iter().filter(|f| f.len > 0) {
            for name in v.names_of(f.start) {
                if !name.contains('+') {
                    all.insert(name, f.lsda.is_some());
                }
            }
        }
        all
    };
    let (x, y) = (covered(a), covered(b));
    let functions = |v: &View| -> HashSet<String> { v.named.iter().map(|n| plain(n.2)).collect() };
    let (fa, fb) = (functions(a), functions(b));
    // The name of an IFUNC may stand for its resolver or for a PLT entry.
    let indirect: HashSet<&str> = a
        .image
        .symtab
        .iter()
        .filter(|s| s.kind == elf::STT_GNU_IFUNC)
        .map(|s| s.name.as_str())
        .collect();
    for (name, lsda) in &x {
        if indirect.contains(name.as_str()) {
            continue;
        }
        match y.get(name) {
            Some(other) => found.need(lsda == other, "frames-lsda", || {
                format!("{name}: LSDA {lsda} in the reference, {other} here")
            }),
            None if fb.contains(name) => found.add("frames", format!("no FDE for {name}")),
            None => {}
        }
    }
    for name in y.keys() {
        found.need(x.contains_key(name) || !fa.contains(name), "frames", || {
            format!("an FDE too many: {name}")
        });
    }
    let hdr = |v: &View| v.image.segment(elf::PT_GNU_EH_FRAME).is_some();
    found.need(hdr(a) == hdr(b), "frames-hdr", || {
        format!(
            "PT_GNU_EH_FRAME: {} in the reference, {} here",
            hdr(a),
            hdr(b)
        )
    });
}

fn notes(reference: &Image, ours: &Image, found: &mut Findings) {
    let list = |i: &Image| -> Vec<String> {
        let mut all: Vec<String> = check_tables::notes(i)
            .unwrap_or_default()
            .into_iter()
            .map(|n| {
                // A build-id is a hash of everything; the property note must be the same, byte by byte.
                let desc = match (n.name.as_str(), n.kind) {
                    // SystemTap's probes hold addresses.
                    ("GNU", 3) | ("stapsdt", _) => format!("{} bytes", n.desc.len()),
                    _ => format!("{:02x?}", n.desc),
                };
                format!("{} {} {desc}", n.name, n.kind)
            })
            .collect();
        all.sort();
        all
    };
    let (x, y) = (list(reference), list(ours));
    found.need(x == y, "notes", || {
        format!("{x:?} in the reference, {y:?} here")
    });
}
