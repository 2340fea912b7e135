//! What goes into the output sections of a script: for each statement of its description its own part, and the sections
//! its rules took.

use object::elf;

use super::assemble::{Assembled, Member, Part, is_array};
use super::orphans;
use super::plan::{OutputPlan, Plan, Stmt};
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::layout::output::{Content, MergeKey, Nature, join};
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// What the first section that goes into a description is; read-only data when there is none.
pub(super) fn nature<E: Elf>(
    p: &Program<'_, E>,
    described: &OutputPlan<'_>,
    members: &[Vec<Member>],
) -> orphans::Traits {
    let rules = described.body.iter().filter_map(|s| match s {
        Stmt::Input(rule) => members.get(*rule),
        _ => None,
    });
    let first = rules.flatten().next().and_then(|m| {
        let o = p.objects.get(m.object as usize)?;
        o.sections.get(m.shndx as usize)
    });
    orphans::Traits {
        flags: first.map_or(elf::SHF_ALLOC, |s| s.flags).into(),
        ty: first.map_or(elf::SHT_PROGBITS, |s| s.ty),
    }
}

impl<'d> Assembled<'d> {
    /// Makes output section `index` what description `n` of the plan says, with the sections its rules took.
    pub(super) fn fill<E: Elf>(
        &mut self,
        p: &Program<'d, E>,
        plan: &Plan<'d>,
        index: usize,
        n: usize,
        members: &[Vec<Member>],
        merge: &mut impl FnMut(MergeKey, SectionId) -> Option<u32>,
    ) {
        let (Some(described), Some(out)) = (plan.outputs.get(n), self.outs.get_mut(index)) else {
            return;
        };
        out.plan = Some(n);
        // What it does not say stays: one that is adrift goes where its neighbour goes.
        if described.region.is_some() {
            out.region.clone_from(&described.region);
        }
        if described.load_region.is_some() {
            out.load_region.clone_from(&described.load_region);
        }
        if !described.phdrs.is_empty() {
            out.phdrs.clone_from(&described.phdrs);
        }
        let data = |s: &Stmt| matches!(s, Stmt::Data(..) | Stmt::Text(_));
        out.has_data = described.body.iter().any(data);
        out.constant = out.has_data
            && described
                .body
                .iter()
                .find(|s| data(s) || matches!(s, Stmt::Assign(_)))
                .is_some_and(data);
        for (i, statement) in described.body.iter().enumerate() {
            if let Some(out) = self.outs.get_mut(index) {
                out.parts.push(Part::Stmt(i));
            }
            let Stmt::Input(rule) = statement else {
                continue;
            };
            for m in members.get(*rule).into_iter().flatten() {
                self.put(p, index, *m, merge);
            }
        }
        if let Some(out) = self.outs.get_mut(index) {
            out.settle(plan, false);
        }
    }

    pub(super) fn put<E: Elf>(
        &mut self,
        p: &Program<'d, E>,
        index: usize,
        m: Member,
        merge: &mut impl FnMut(MergeKey, SectionId) -> Option<u32>,
    ) {
        let Some(o) = p.objects.get(m.object as usize) else {
            return;
        };
        let (Some(s), Some(out)) = (o.sections.get(m.shndx as usize), self.outs.get_mut(index))
        else {
            return;
        };
        out.mixed |= out.has_input && out.section.ty != s.ty && out.section.ty != elf::SHT_NOBITS;
        join(&mut out.section, Nature::of(s));
        if out.mixed && !is_array(out.section.name) && out.section.ty != elf::SHT_NOBITS {
            out.section.ty = elf::SHT_PROGBITS;
        }
        out.has_input = true;
        if s.flags & elf::SHF_LINK_ORDER != 0 && out.section.link_order.is_none() && s.link != 0 {
            out.section.link_order = Some(o.section_id(s.link));
        }
        if let Some(slot) = self.out_of.get_mut(m.id.index()) {
            *slot = index as u32;
        }
        let content = if s.kind == Kind::Merge {
            let key = MergeKey {
                output: index as u32,
                entsize: s.entsize,
                strings: s.flags & elf::SHF_STRINGS != 0,
                align_log2: s.align_log2,
            };
            match merge(key, m.id) {
                Some(n) => Content::Merged(n),
                None => return,
            }
        } else {
            Content::Section(m.id)
        };
        out.parts.push(Part::Piece {
            content,
            size: s.size,
            align: s.align(),
        });
    }
}
