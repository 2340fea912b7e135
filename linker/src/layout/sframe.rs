//! Which functions the output's `.sframe` speaks of: those of all objects' tables whose code is linked.

use crate::elf::Elf;
use crate::input::object::{Object, Place};
use crate::live::Liveness;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;
use crate::synth::sframe::{Merged, Table, read};

/// The merged table, and where its functions are: section and offset there.
pub struct SFrame<'d> {
    pub table: Merged<'d>,
    pub functions: Vec<(SectionId, u64)>,
    /// sh_type as the objects have it: SHT_PROGBITS, or SHT_GNU_SFRAME of newer assemblers.
    pub ty: u32,
}

/// None: there is nothing to say. Tables that cannot be read or joined leave the output without one, with a warning.
pub(super) fn merge<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    report: &Report,
    par: Par,
) -> Option<SFrame<'d>> {
    let users: Vec<(usize, u32)> = (p.objects.iter().enumerate())
        .flat_map(|(n, o)| o.sframes.iter().map(move |s| (n, *s)))
        .collect();
    let read = par.map(&users, |(n, shndx)| {
        let o = p.objects.get(*n)?;
        Some(read::<E>(o.section_data(*shndx)))
    });
    let mut out: Option<SFrame<'d>> = None;
    for ((n, shndx), tables) in users.iter().zip(read) {
        let o = p.objects.get(*n)?;
        let tables = match tables? {
            Ok(tables) => tables,
            Err(why) => {
                report.warn(format!(
                    "{}: .sframe cannot be read: {why}; no .sframe will be created",
                    o.name
                ));
                return None;
            }
        };
        let starts = Starts::of(o, *shndx);
        for table in &tables {
            let out = out.get_or_insert_with(|| SFrame {
                table: Merged::new(table),
                functions: Vec::new(),
                ty: o.sections.get(*shndx as usize).map_or(0, |s| s.ty),
            });
            if let Err(what) = out.add(table, &starts, o, live) {
                report.warn(format!(
                    "{}: input SFrame sections with {what} prevent .sframe generation",
                    o.name
                ));
                return None;
            }
        }
    }
    out.filter(|s| !s.table.is_empty())
}

impl<'d> SFrame<'d> {
    fn add<E: Elf>(
        &mut self,
        table: &Table<'d>,
        starts: &Starts,
        o: &Object<'d, E>,
        live: &Liveness,
    ) -> Result<(), &'static str> {
        let SFrame {
            table: merged,
            functions,
            ..
        } = self;
        merged.add(table, |f| {
            let place = starts.place(o, f.field).filter(|p| live.is_live(p.0));
            functions.extend(place);
            place.is_some()
        })
    }
}

/// The relocations of an object's table: for each field the symbol and what is added to it.
struct Starts(Vec<(u64, u32, i64)>);

impl Starts {
    fn of<E: Elf>(o: &Object<'_, E>, shndx: u32) -> Self {
        let records = o.records_for(shndx);
        let mut list: Vec<_> = (0..records.len())
            .map(|i| records.get(i))
            .map(|r| (r.offset, r.sym, r.addend))
            .collect();
        list.sort_by_key(|r| r.0);
        Starts(list)
    }

    /// The section and the offset there that the field at `field` means in this object.
    fn place<E: Elf>(&self, o: &Object<'_, E>, field: u64) -> Option<(SectionId, u64)> {
        let at = self.0.binary_search_by_key(&field, |r| r.0).ok()?;
        let (_, sym, addend) = *self.0.get(at)?;
        if sym as usize >= o.symbols.len() {
            return None;
        }
        let s = o.symbol(sym);
        match o.place(sym, &s) {
            Place::Section(n) => Some((o.section_id(n), s.value.wrapping_add(addend as u64))),
            _ => None,
        }
    }
}
