//! `-Map` of a `-r` link: the output's sections and what stands in each, in the layout of `listing/map.rs`.

use std::fmt::Write as _;

use super::Job;
use super::sections::Sections;
use crate::arch::Arch;
use crate::input::object::Place;
use crate::listing::map;

/// The text of the map.
pub(super) fn text<A: Arch>(job: Job<'_, '_, A>, sections: &Sections<'_>) -> String {
    let mut out = String::new();
    map::inclusions(job.p, job.opts, &mut out);
    map::commons(job.p, job.opts, &mut out);
    map::memory(&[], &mut out);
    map::loads(job.opened, &mut out);
    for s in &sections.list {
        map::output_line(&mut out, s.name, 0, s.size);
        for piece in s.pieces() {
            let Some(o) = job.p.objects.get(piece.object as usize) else {
                continue;
            };
            let size = o.sections.get(piece.section as usize).map_or(0, |s| s.size);
            let file = o.name.to_string();
            map::input_line(
                &mut out,
                o.section_name(piece.section),
                piece.offset,
                size,
                &file,
            );
            for i in o.globals() {
                let symbol = o.symbol(i);
                if o.place(i, &symbol) == Place::Section(piece.section) {
                    let name = job.opts.shown(o.symbol_name(&symbol));
                    map::symbol_line(&mut out, piece.offset + symbol.value, &name);
                }
            }
        }
    }
    let _ = write!(out, "\n{}", map::output_statement::<A>(job.opts));
    out
}
