//! Sections that are kept together: the members of a section group (gABI, "Section Groups"), and with a section those that
//! are ordered by it (SHF_LINK_ORDER).

use object::elf;

use crate::elf::Elf;
use crate::input::object::{Kind, Object, members};
use crate::par::Par;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Who keeps whom. Most sections are alone, so one bit a section comes before the search.
#[derive(Default)]
pub struct Companions {
    has: Vec<u64>,
    /// (section, what it keeps), sorted.
    pairs: Vec<(SectionId, SectionId)>,
}

impl Companions {
    /// Reads all objects' groups and links.
    pub fn of<E: Elf>(program: &Program<'_, E>, par: Par) -> Companions {
        let parts = par.map(&program.objects, of_object);
        let mut has = vec![0u64; program.symbols.sections / 64 + 1];
        let mut pairs = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            for (s, _) in &part {
                if let Some(word) = has.get_mut(s.index() / 64) {
                    *word |= 1 << (s.index() % 64);
                }
            }
            // Numbers ascend from object to object.
            pairs.extend(part);
        }
        Companions { has, pairs }
    }

    /// What section `s` keeps.
    #[inline]
    pub fn of_section(&self, s: SectionId) -> impl Iterator<Item = SectionId> + '_ {
        let word = self.has.get(s.index() / 64).copied().unwrap_or(0);
        let start = if word >> (s.index() % 64) & 1 == 1 {
            self.pairs.partition_point(|p| p.0 < s)
        } else {
            self.pairs.len()
        };
        let rest = self.pairs.get(start..).unwrap_or(&[]);
        rest.iter().take_while(move |p| p.0 == s).map(|p| p.1)
    }
}

fn of_object<E: Elf>(o: &Object<'_, E>) -> Vec<(SectionId, SectionId)> {
    let mut pairs = Vec::new();
    let mut list: Vec<u32> = Vec::new();
    for g in &o.groups {
        list.clear();
        list.extend(members::<E>(g).filter(|m| {
            o.sections
                .get(*m as usize)
                .is_some_and(|s| s.is_alloc() && matches!(s.kind, Kind::Regular | Kind::Merge))
        }));
        // A ring is enough: whoever is reached reaches the next one.
        for (i, m) in list.iter().enumerate() {
            if let Some(next) = list.get((i + 1) % list.len())
                && next != m
            {
                pairs.push((o.section_id(*m), o.section_id(*next)));
            }
        }
    }
    for (i, s) in (0u32..).zip(&o.sections) {
        if s.flags & elf::SHF_LINK_ORDER != 0 && s.is_alloc() && s.link != 0 {
            pairs.push((o.section_id(s.link), o.section_id(i)));
        }
    }
    pairs.sort_unstable();
    pairs
}
