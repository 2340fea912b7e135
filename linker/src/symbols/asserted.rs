//! `ASSERT` of mapfiles: what a library promises about its data is checked on every link.
//!
//! Linker and Libraries Guide, "SYMBOL_SCOPE/SYMBOL_VERSION Directives".

use object::elf;

use super::State;
use super::bind::Program;
use crate::elf::Elf;
use crate::input::object::Place;
use crate::options::Options;
use crate::report::Report;

/// Reports every assertion that does not hold.
pub fn check<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report) {
    for s in &opts.sunw.mapfile.symbols {
        let Some(want) = &s.attributes.assert else {
            continue;
        };
        let name = opts.shown(&s.name);
        let fail = |text: String| report.error(format!("{}: ASSERT {name}: {text}", s.at));
        let find = |name: &[u8]| {
            let info = p.symbols.info(p.symbols.interner.get(name)?);
            let o = p.objects.get(info.file.as_object()?)?;
            (info.state >= State::DefWeak).then(|| (o, info.sym, o.symbol(info.sym)))
        };
        let Some((o, index, found)) = find(&s.name) else {
            fail("it is not defined".into());
            continue;
        };
        if let Some(size) = want.size.filter(|size| *size != found.size) {
            fail(format!("its size is {}, not {size}", found.size));
        }
        if want.bind.is_some_and(|bind| bind != found.bind()) {
            fail("it has another binding".into());
        }
        if want.ty.is_some_and(|ty| ty != found.sym_type()) {
            fail("it has another type".into());
        }
        if let Some(bits) = want.bits {
            let nobits = match o.place(index, &found) {
                Place::Section(n) => o
                    .sections
                    .get(n as usize)
                    .is_some_and(|s| s.ty == elf::SHT_NOBITS),
                Place::Common => true,
                _ => false,
            };
            if bits == nobits {
                fail(
                    if nobits {
                        "its section has no bits in the file"
                    } else {
                        "its section has bits in the file"
                    }
                    .into(),
                );
            }
        }
        if let Some(alias) = &want.alias {
            let same = find(alias).is_some_and(|(other, n, a)| {
                std::ptr::eq(other, o)
                    && a.value == found.value
                    && o.place(n, &a) == o.place(index, &found)
            });
            if !same {
                fail(format!("it is not the same as {}", opts.shown(alias)));
            }
        }
    }
}
