//! Sections built by hand, laid out and read back; broken ones; random ones against a naive walk.

use super::*;
use crate::elf::Elf64Le;
use object::elf::Rela64;
use object::{I64, LittleEndian as Le, U64};

type Raw = Rela64<Le>;

fn rela(offset: usize, sym: u32, addend: i64) -> Raw {
    Raw {
        r_offset: U64::new(Le, offset as u64),
        r_info: U64::new(Le, u64::from(sym) << 32 | 2),
        r_addend: I64::new(Le, addend),
    }
}

/// A section under construction.
#[derive(Clone, Default)]
struct Section {
    data: Vec<u8>,
    relocs: Vec<Raw>,
}

impl Section {
    fn put32(&mut self, v: u32) {
        self.data.extend(v.to_le_bytes());
    }

    /// A CIE with a personality symbol, or without one.
    fn cie(&mut self, personality: Option<u32>) -> usize {
        let at = self.data.len();
        let body: &[u8] = match personality {
            Some(_) => b"\x01zPR\0\x01\x78\x10\x06\x1b\0\0\0\0\x1b\x0c\x07\x08\0\0",
            None => b"\x01zR\0\x01\x78\x10\x01\x1b\x0c\x07\x08",
        };
        if let Some(sym) = personality {
            self.relocs.push(rela(at + 8 + 10, sym, 0));
        }
        self.put32(body.len() as u32 + 4);
        self.put32(0);
        self.data.extend(body);
        at
    }

    /// An FDE for function `sym`, with `extra` bytes of instructions.
    fn fde(&mut self, cie: usize, sym: Option<u32>, extra: usize, extended: bool) -> usize {
        let at = self.data.len();
        let length = 4 + 8 + 1 + extra;
        if extended {
            self.put32(u32::MAX);
            self.put32(length as u32);
            self.put32(0);
        } else {
            self.put32(length as u32);
        }
        self.put32((self.data.len() - cie) as u32);
        if let Some(sym) = sym {
            self.relocs.push(rela(self.data.len(), sym, 0x10));
        }
        self.put32(0);
        self.put32(0x20);
        self.data.push(0);
        self.data
            .extend(std::iter::repeat_n(sym.unwrap_or(0) as u8, extra));
        at
    }

    fn relocs(&self) -> Relocs<'_, Elf64Le> {
        Relocs::Rela(&self.relocs)
    }

    fn split(&self) -> EhFrame {
        EhFrame::split::<Elf64Le>(&self.data, self.relocs()).unwrap()
    }
}

/// Everything from keeping to the bytes. Function `sym` is live when `live(sym)`; symbol numbers mean the
/// same in all sections.
fn link(sections: &[Section], live: impl Fn(u32) -> bool) -> (Vec<EhFrame>, Vec<u8>) {
    let mut frames: Vec<EhFrame> = sections.iter().map(Section::split).collect();
    let mut keys = Vec::new();
    for (frame, section) in frames.iter_mut().zip(sections) {
        let relocs = section.relocs();
        let syms: Vec<u32> = (0..frame.fdes.len())
            .map(|i| frame.reloc(relocs, frame.fdes[i].relocs.start).sym)
            .collect();
        let mut next = syms.into_iter();
        frame.keep(|_| live(next.next().unwrap()));
        keys.push(frame.cie_keys(&section.data, relocs, |r| (u64::from(r.sym), r.addend)));
    }
    let size = layout(frames.iter_mut().zip(keys.iter().map(Vec::as_slice)));
    let mut out = vec![0xee; size as usize];
    let end = size as usize - TERMINATOR_SIZE as usize;
    out[end..].fill(0);
    for (frame, section) in frames.iter().zip(sections) {
        let mut at = frame.start();
        for record in frame.records() {
            assert_eq!(record.output, at);
            at += u64::from(record.size);
            let range = record.output as usize..at as usize;
            put_record::<Elf64Le>(&section.data, &record, &mut out[range]).unwrap();
        }
        assert_eq!(at, frame.end());
    }
    (frames, out)
}

/// An FDE's bytes after its CIE pointer, and its CIE's bytes.
type Pair = (Vec<u8>, Vec<u8>);

/// Walks an output section: how many CIEs, and the FDEs.
fn walk(out: &[u8]) -> (usize, Vec<Pair>) {
    let (mut at, mut cies, mut fdes) = (0, 0, Vec::new());
    while let Some(header) = record_header::<Elf64Le>(out, at).unwrap() {
        if header.id == 0 {
            cies += 1;
        } else {
            let cie = header.id_at - header.id as usize;
            let c = record_header::<Elf64Le>(out, cie).unwrap().unwrap();
            assert_eq!(c.id, 0);
            fdes.push((
                out[header.id_at + 4..header.end].to_vec(),
                out[cie..c.end].to_vec(),
            ));
        }
        at = header.end;
    }
    assert_eq!(at + 4, out.len());
    (cies, fdes)
}

#[test]
fn equal_cies_are_shared_between_files_and_dead_fdes_go() {
    let mut a = Section::default();
    let plain = a.cie(None);
    a.fde(plain, Some(1), 3, false);
    a.fde(plain, Some(2), 7, false);
    let with = a.cie(Some(100));
    a.fde(with, Some(3), 3, false);
    a.put32(0);
    let mut b = Section::default();
    let with = b.cie(Some(100));
    b.fde(with, Some(4), 3, true);
    let other = b.cie(Some(101));
    b.fde(other, Some(5), 3, false);
    let plain = b.cie(None);
    b.fde(plain, Some(6), 3, false);

    let (frames, out) = link(&[a.clone(), b.clone()], |s| s != 2 && s != 5);
    let (cies, fdes) = walk(&out);
    assert_eq!((cies, fdes.len()), (2, 4));
    assert_eq!(frames[0].kept_fdes(), 2);
    let (cies, fdes) = walk(&link(&[a.clone(), b.clone()], |_| true).1);
    assert_eq!((cies, fdes.len()), (3, 6));
    let (_, out) = link(&[a, b], |_| false);
    assert_eq!(out, [0; 4]);
}

#[test]
fn places_of_the_input_are_found_in_the_output() {
    let mut a = Section::default();
    let cie = a.cie(None);
    a.fde(cie, Some(1), 3, false);
    let mut b = Section::default();
    let cie = b.cie(None);
    let dead = b.fde(cie, Some(2), 3, false);
    let live = b.fde(cie, Some(3), 3, false);
    let end = b.data.len();
    let (frames, _) = link(&[a, b, Section::default()], |s| s != 2);
    let b = &frames[1];
    assert_eq!(b.output_offset(0), 0, "the CIE is the first file's");
    assert_eq!(b.output_offset(dead as u64 + 5), b.start());
    assert_eq!(b.output_offset(live as u64), b.start());
    assert_eq!(b.output_offset(live as u64 + 9), b.start() + 9);
    assert_eq!(b.output_offset(end as u64), b.end());
    assert_eq!(frames[2].output_offset(0), b.end());
    assert_eq!(b.fde_output(&b.fdes[0]), None);
    assert_eq!(b.fde_output(&b.fdes[1]), Some(b.start()));
}

#[test]
fn unsorted_relocations_and_fdes_without_function() {
    let mut a = Section::default();
    let cie = a.cie(Some(50));
    a.fde(cie, Some(1), 3, false);
    a.fde(cie, None, 3, false);
    a.fde(cie, Some(2), 3, false);
    let sorted = link(&[a.clone()], |_| true);
    assert_eq!(sorted.0[0].fdes.len(), 2);
    a.relocs.reverse();
    assert_eq!(link(&[a.clone()], |_| true).1, sorted.1);
    let frame = a.split();
    assert_eq!(frame.reloc(a.relocs(), frame.cies[0].relocs.start).sym, 50);
    assert_eq!(frame.reloc(a.relocs(), frame.fdes[1].relocs.start).sym, 2);
}

#[test]
fn broken_sections_say_where() {
    let split = |data: &[u8]| EhFrame::split::<Elf64Le>(data, Relocs::EMPTY).unwrap_err();
    let error = |offset, fault| EhError { offset, fault };
    assert_eq!(split(&[0, 0, 0]), error(0, EhFault::Cut));
    assert_eq!(split(&[0, 0, 0, 0, 9, 0, 0, 0]), error(4, EhFault::Cut));
    assert_eq!(split(&[2, 0, 0, 0, 9, 0, 0, 0]), error(0, EhFault::Cut));
    let mut a = Section::default();
    let cie = a.cie(None);
    let fde = a.fde(cie, Some(1), 3, false);
    let mut bad = a.data.clone();
    bad[fde + 4] ^= 1;
    assert_eq!(split(&bad), error(fde as u64, EhFault::NoCie));
    let mut bad = a.data.clone();
    bad[15] = 0x7f;
    assert_eq!(split(&bad), error(0, EhFault::CieCut));
    assert!(!split(&[0xff; 12]).to_string().is_empty());
}

fn random(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 33) as usize
}

fn random_sections(seed: &mut u64) -> Vec<Section> {
    let mut function = 0;
    (0..1 + random(seed) % 5)
        .map(|_| {
            let mut s = Section::default();
            let mut cies = Vec::new();
            for _ in 0..random(seed) % 20 {
                match random(seed) % 4 {
                    0 => {
                        let personality = [None, Some(1000), Some(1001)][random(seed) % 3];
                        cies.push(s.cie(personality));
                    }
                    1 if random(seed).is_multiple_of(4) => s.put32(0),
                    _ if !cies.is_empty() => {
                        let cie = cies[random(seed) % cies.len()];
                        function += 1;
                        let sym = (!random(seed).is_multiple_of(5)).then_some(function);
                        let extra = random(seed) % 9;
                        s.fde(cie, sym, extra, random(seed).is_multiple_of(8));
                    }
                    _ => {}
                }
            }
            s
        })
        .collect()
}

#[test]
fn random_sections_keep_every_live_function_once() {
    let mut seed = 5;
    for _ in 0..300 {
        let sections = random_sections(&mut seed);
        let live = |s: u32| !s.is_multiple_of(3);
        let (frames, out) = link(&sections, live);
        let (_, found) = walk(&out);
        let mut expected = Vec::new();
        for section in &sections {
            let mut at = 0;
            while at < section.data.len() {
                let Some(h) = record_header::<Elf64Le>(&section.data, at).unwrap() else {
                    at += 4;
                    continue;
                };
                let start = (h.id_at + 4) as u64;
                let function = section.relocs.iter().find(|r| r.r_offset.get(Le) == start);
                let sym = function.map(|r| (r.r_info.get(Le) >> 32) as u32);
                if h.id != 0 && sym.is_some_and(live) {
                    let cie = h.id_at - h.id as usize;
                    let c = record_header::<Elf64Le>(&section.data, cie)
                        .unwrap()
                        .unwrap();
                    expected.push((
                        section.data[h.id_at + 4..h.end].to_vec(),
                        section.data[cie..c.end].to_vec(),
                    ));
                }
                at = h.end;
            }
        }
        assert_eq!(found, expected);
        for frame in &frames {
            let all: Vec<Record> = frame.records().collect();
            for from in frame.start()..frame.end() + 2 {
                let rest = all.iter().filter(|r| r.output + u64::from(r.size) > from);
                assert!(frame.records_from(from).eq(rest.cloned()));
            }
        }
    }
}

#[test]
fn mutated_sections_never_panic() {
    let mut seed = 77;
    for _ in 0..4000 {
        let mut sections = random_sections(&mut seed);
        let Some(section) = sections.iter_mut().find(|s| !s.data.is_empty()) else {
            continue;
        };
        for _ in 0..1 + random(&mut seed) % 3 {
            let at = random(&mut seed) % section.data.len();
            section.data[at] = [0, 0xff, random(&mut seed) as u8][random(&mut seed) % 3];
        }
        for reloc in &mut section.relocs {
            if random(&mut seed).is_multiple_of(6) {
                reloc.r_offset = U64::new(Le, random(&mut seed) as u64);
            }
        }
        let Ok(mut frame) = EhFrame::split::<Elf64Le>(&section.data, section.relocs()) else {
            continue;
        };
        frame.keep(|f| f.offset % 3 != 0);
        let keys = frame.cie_keys(&section.data, section.relocs(), |r| {
            (r.sym.into(), r.addend)
        });
        let size = layout([(&mut frame, keys.as_slice())]);
        assert_eq!(size, frame.end() + TERMINATOR_SIZE);
        for record in frame.records() {
            let mut out = vec![0; record.size as usize];
            put_record::<Elf64Le>(&section.data, &record, &mut out).unwrap();
        }
        for at in 0..section.data.len() as u64 {
            assert!(frame.output_offset(at) <= frame.end());
        }
    }
}
