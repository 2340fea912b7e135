//! What expressions of a script see: sections, regions, symbols and the location counter at one place of one pass.

use super::engine::{DataMode, DataSegment, Engine};
use crate::elf::Elf;
use crate::input::object::{Kind, Place};
use crate::layout::output::Synth;
use crate::script::{Kind as ValueKind, Scope, SectionFacts, Value, align_up};
use crate::symbols::reserved::{Reserved, reserved};
use crate::symbols::{FileRef, State};

/// The view from one place of the script.
pub struct View<'e, 'a, 'd, E: Elf> {
    pub engine: &'e Engine<'a, 'd, E>,
    /// The output section in whose braces the expression stands.
    pub inside: Option<usize>,
    /// The location counter, as an address.
    pub dot: Option<u64>,
}

impl<E: Elf> View<'_, '_, '_, E> {
    fn base(&self, n: usize) -> u64 {
        self.engine.spots.get(n).map_or(0, |s| s.addr)
    }

    /// A symbol as an object defines it.
    fn defined(&self, file: FileRef, sym: u32) -> Option<Value> {
        let e = self.engine;
        let o = e.p.objects.get(file.as_object()?)?;
        let s = o.symbol(sym);
        match o.place(sym, &s) {
            Place::Section(shndx) => {
                let id = o.section_id(shndx);
                let kind = o.sections.get(shndx as usize).map(|s| s.kind)?;
                if kind == Kind::Merge {
                    let (part, offset) = e.merges.lookup(id, s.value)?;
                    let (n, at) = e.merged.get(&part)?;
                    return Some(Value::relative(at.wrapping_add(offset), *n as u32));
                }
                let (n, at) = e.place_of(id)?;
                Some(Value::relative(at.wrapping_add(s.value), n as u32))
            }
            Place::Absolute => Some(Value::absolute(s.value)),
            Place::Common => {
                let id = o.symbol_id(sym);
                let (n, at) = e.commons.get(&id)?;
                Some(Value::relative(*at, *n as u32))
            }
            _ => None,
        }
    }

    /// A symbol that the linker defines by itself.
    fn own(&self, name: &[u8]) -> Option<Value> {
        let e = self.engine;
        let at = |what: Synth| {
            let (n, offset) = e.synth.get(&what)?;
            Some(Value::relative(*offset, *n as u32))
        };
        let edge = |section: &[u8], end: bool| {
            let n = e.find(section)?;
            let size = e.spots.get(n).map_or(0, |s| s.size);
            Some(Value::relative(if end { size } else { 0 }, n as u32))
        };
        match reserved(name) {
            Some(Reserved::Dynamic) => at(Synth::Dynamic),
            Some(Reserved::GotBase) => at(Synth::GotPlt).or_else(|| at(Synth::Got)),
            Some(Reserved::PltBase) => at(Synth::Plt),
            Some(Reserved::EhFrameHdr) => at(Synth::EhFrameHdr),
            Some(Reserved::SectionStart(s)) => edge(&s, false),
            Some(Reserved::SectionEnd(s)) => edge(&s, true),
            Some(_) => None,
            None => {
                let (section, end) = crate::symbols::reserved::enclosed_section(name)?;
                edge(section, end)
            }
        }
    }

    fn value_of(&self, name: &[u8]) -> Option<Value> {
        let e = self.engine;
        let id = e.p.symbols.interner.get(name);
        if !e.assigned.contains(name)
            && let Some((file, sym)) = id.and_then(|id| e.p.symbols.overridden.get(&id))
        {
            // An object's definition counts until the script takes its place.
            return self.defined(*file, *sym);
        }
        if let Some(v) = e.values.get(name) {
            return Some(*v);
        }
        let info = e.p.symbols.info(id?);
        match info.state {
            State::Def | State::DefWeak | State::Common => self.defined(info.file, info.sym),
            _ => self.own(name),
        }
    }
}

impl<E: Elf> Scope for View<'_, '_, '_, E> {
    /// Between an output section's braces an absolute symbol is a plain number, which counts from the section's start where
    /// an address is wanted: `. = HEAP_SIZE;` makes room.
    fn symbol(&self, name: &[u8]) -> Option<Value> {
        let value = self.value_of(name)?;
        Some(match (value.kind, self.inside) {
            (ValueKind::Absolute, Some(_)) => Value::number(value.bits),
            _ => value,
        })
    }

    fn is_defined(&self, name: &[u8]) -> bool {
        let e = self.engine;
        // Regions are asked for before anything is assigned in a pass.
        if e.assigned.contains(name) || self.dot.is_none() && e.values.contains_key(name) {
            return true;
        }
        let Some(id) = e.p.symbols.interner.get(name) else {
            return false;
        };
        let info = e.p.symbols.info(id);
        e.p.symbols.overridden.contains_key(&id)
            || matches!(info.state, State::Def | State::DefWeak | State::Common)
    }

    fn dot(&self) -> Option<Value> {
        let dot = self.dot?;
        Some(match self.inside {
            Some(n) => Value::relative(dot.wrapping_sub(self.base(n)), n as u32),
            None => Value::absolute(dot),
        })
    }

    fn section(&self, name: &[u8]) -> Option<SectionFacts> {
        let n = self.engine.find(name)?;
        let spot = self.engine.spots.get(n)?;
        Some(SectionFacts {
            index: n as u32,
            size: if spot.ignored { 0 } else { spot.size },
            align: spot.align,
            load_address: spot.lma,
        })
    }

    fn section_base(&self, index: u32) -> u64 {
        self.base(index as usize)
    }

    fn region(&self, name: &[u8]) -> Option<(u64, u64)> {
        let regions = &self.engine.regions;
        let region = regions.list.get(regions.find(name)?)?;
        Some((region.origin, region.length.unwrap_or(0)))
    }

    fn headers_size(&self) -> u64 {
        self.engine.headers
    }

    fn max_page_size(&self) -> u64 {
        self.engine.page
    }

    fn common_page_size(&self) -> u64 {
        self.engine.common_page
    }

    fn segment_start(&self, name: &[u8]) -> Option<u64> {
        let e = self.engine;
        let start = |section: &[u8]| {
            e.opts
                .section_start
                .iter()
                .find(|(n, _)| n == section)
                .map(|(_, at)| *at)
        };
        match name {
            b"text-segment" if e.plan.builtin => Some(e.image_base),
            b"text-segment" => e.opts.image_base,
            b"rodata-segment" => e.opts.rodata_segment,
            b"ldata-segment" => e.opts.ldata_segment,
            b"text" => start(b".text"),
            b"data" => start(b".data"),
            b"bss" => start(b".bss"),
            _ => None,
        }
    }

    fn relro(&self) -> bool {
        self.engine.relro
    }

    fn inside_section(&self) -> bool {
        self.inside.is_some()
    }

    fn data_segment_align(&self, dot: u64, max: u64, common: u64) -> u64 {
        let cell = &self.engine.data;
        let mut data: DataSegment = cell.get();
        let at = match data.mode {
            DataMode::At(at) => at,
            DataMode::SavePage if common < max => align_up(dot, max)
                .wrapping_add(dot.wrapping_add(common.wrapping_sub(1)) & max.wrapping_sub(common)),
            DataMode::SavePage => align_up(dot, max),
            DataMode::First => align_up(dot, max).wrapping_add(dot & max.wrapping_sub(1)),
        };
        data.seen = true;
        data.base = at;
        data.page = max;
        data.common_page = common;
        cell.set(data);
        at
    }

    fn data_segment_relro_end(&self, offset: u64, end: u64) -> u64 {
        let cell = &self.engine.data;
        let mut data = cell.get();
        data.relro_offset = offset;
        data.relro_end = end.wrapping_add(offset);
        let mut result = end;
        if matches!(data.mode, DataMode::At(_)) {
            data.relro_end = align_up(data.relro_end, data.page);
            result = data.relro_end.wrapping_sub(offset);
        }
        cell.set(data);
        result
    }

    fn data_segment_end(&self, end: u64) {
        let cell = &self.engine.data;
        let mut data = cell.get();
        data.end = end;
        cell.set(data);
    }
}
