//! Input sections that go to a later output section because the memory region of the first one is full.
//!
//! GNU ld manual, `--enable-non-contiguous-regions`; lld, "Section classes". As in lld the last sections of the region go
//! first and only those that some later rule takes, so what has nowhere else to go gets the room. Everything keeps its
//! order, and a section that nobody has room for is an overflow of the last region.

use std::collections::HashMap;

use super::assemble::{Member, Part, sort_members};
use super::engine::{Engine, output};
use super::plan::{Plan, Stmt};
use super::select::Selection;
use crate::elf::Elf;
use crate::layout::output::{Content, Nature, join};
use crate::options::Options;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Where sections may go besides the place they are in.
#[derive(Clone, Debug, Default)]
pub struct Spills {
    /// By section: rules that would take it, the next one last.
    later: HashMap<SectionId, Vec<u32>>,
    /// The place of a section among all that a rule might get.
    order: HashMap<(u32, SectionId), u32>,
}

impl Spills {
    /// `members`: what each rule takes now.
    pub(super) fn new<E: Elf>(
        p: &Program<'_, E>,
        plan: &Plan<'_>,
        selection: &Selection,
        opts: &Options,
        members: &[Vec<Member>],
    ) -> Spills {
        let mut spills = Spills::default();
        if selection.later.is_empty() {
            return spills;
        }
        let mut all = members.to_vec();
        for member in members.iter().flatten() {
            let Some(rules) = selection.later.get(&member.id) else {
                continue;
            };
            spills
                .later
                .insert(member.id, rules.iter().rev().copied().collect());
            for rule in rules {
                if let Some(list) = all.get_mut(*rule as usize) {
                    list.push(*member);
                }
            }
        }
        for list in &mut all {
            list.sort_by_key(|m| m.id);
        }
        sort_members(p, plan, opts, &mut all);
        for (rule, list) in (0u32..).zip(&all) {
            let places = (0u32..).zip(list);
            spills.order.extend(places.map(|(n, m)| ((rule, m.id), n)));
        }
        spills
    }

    pub(super) fn is_empty(&self) -> bool {
        self.later.is_empty()
    }
}

/// A section that may leave its place.
struct Candidate {
    out: usize,
    part: usize,
    id: SectionId,
    size: u64,
}

impl<E: Elf> Engine<'_, '_, E> {
    /// Moves what does not fit into its region; false: everything fits, or nothing more can be done.
    pub(super) fn spill(&mut self) -> bool {
        let mut moved = false;
        for region in 1..self.regions.list.len() {
            let Some(mut over) = self.regions.excess(region) else {
                continue;
            };
            let order: Vec<usize> = self.items.iter().filter_map(output).collect();
            for out in order.into_iter().rev() {
                if !self.is_in_region(out, region) {
                    continue;
                }
                for candidate in self.candidates(out) {
                    if over == 0 {
                        break;
                    }
                    if self.move_on(&candidate, region) {
                        over = over.saturating_sub(candidate.size);
                        moved = true;
                    }
                }
            }
        }
        moved
    }

    /// Whether an output section takes room in a region, or is loaded from there.
    fn is_in_region(&self, out: usize, region: usize) -> bool {
        let Some(o) = self.outs.get(out) else {
            return false;
        };
        let loaded = o.load_region.as_ref().and_then(|r| self.regions.find(r));
        let ignored = self.spots.get(out).is_none_or(|s| s.ignored);
        let lies_in = self.spots.get(out).is_some_and(|s| s.region == region);
        !ignored && (lies_in || loaded == Some(region))
    }

    /// The sections of an output section that have somewhere to go, the last first.
    fn candidates(&self, out: usize) -> Vec<Candidate> {
        let parts = self.outs.get(out).map_or(&[][..], |o| &o.parts);
        let parts = parts.iter().enumerate().rev();
        parts
            .filter_map(|(part, p)| match p {
                Part::Piece {
                    content: Content::Section(id),
                    size,
                    ..
                } if *size > 0 && self.spills.later.contains_key(id) => Some(Candidate {
                    out,
                    part,
                    id: *id,
                    size: *size,
                }),
                _ => None,
            })
            .collect()
    }

    /// Moves a section to the next rule that leads out of `full`.
    fn move_on(&mut self, candidate: &Candidate, full: usize) -> bool {
        while let Some(rule) = self.next_rule(candidate.id) {
            let output = self.plan.rules.get(rule as usize).map(|r| r.output);
            let to = self
                .outs
                .iter()
                .position(|o| o.plan.is_some() && o.plan == output);
            let Some(to) = to.filter(|to| *to != candidate.out && !self.leads_to(*to, full)) else {
                continue;
            };
            let from = self.outs.get_mut(candidate.out);
            let Some(part) = from
                .filter(|o| candidate.part < o.parts.len())
                .map(|o| o.parts.remove(candidate.part))
            else {
                return false;
            };
            self.arrive(to, rule, candidate.id, part);
            return true;
        }
        false
    }

    fn next_rule(&mut self, id: SectionId) -> Option<u32> {
        let rules = self.spills.later.get_mut(&id)?;
        let next = rules.pop();
        if rules.is_empty() {
            self.spills.later.remove(&id);
        }
        next
    }

    fn leads_to(&self, out: usize, region: usize) -> bool {
        let names = self
            .outs
            .get(out)
            .map(|o| [&o.region, &o.load_region])
            .into_iter()
            .flatten()
            .flatten();
        let mut regions = names.map(|name| self.regions.find(name));
        regions.any(|r| r == Some(region))
    }

    /// Puts a section where `rule` of the output section says, in the order of that rule.
    fn arrive(&mut self, to: usize, rule: u32, id: SectionId, part: Part) {
        let place = |id: SectionId| self.spills.order.get(&(rule, id)).copied();
        let own = place(id);
        let Some(out) = self.outs.get_mut(to) else {
            return;
        };
        let body = out.plan.and_then(|n| self.plan.outputs.get(n));
        let body = body.map_or(&[][..], |o| &o.body);
        let is_rule = |s: &Stmt| matches!(s, Stmt::Input(r) if *r == rule as usize);
        let marker = out
            .parts
            .iter()
            .position(|part| matches!(part, Part::Stmt(i) if body.get(*i).is_some_and(is_rule)));
        let start = marker.map_or(out.parts.len(), |m| m + 1);
        let stays_before = |part: &Part| match part {
            Part::Piece {
                content: Content::Section(other),
                ..
            } => place(*other) < own,
            Part::Piece { .. } => true,
            Part::Stmt(_) => false,
        };
        let tail = out.parts.iter().skip(start);
        let at = start + tail.take_while(|part| stays_before(part)).count();
        out.parts.insert(at, part);
        let (object, shndx) = self.p.owner(id);
        let section = self
            .p
            .objects
            .get(object)
            .and_then(|o| o.sections.get(shndx as usize));
        if let Some(section) = section {
            if !out.has_input && !out.has_data {
                // So far it was room that the script makes.
                out.section.ty = object::elf::SHT_NULL;
                out.section.flags = 0;
            }
            join(&mut out.section, Nature::of(section));
            out.has_input = true;
            out.settle(self.plan, true);
        }
        if let Some(slot) = self.out_of.get_mut(id.index()) {
            *slot = to as u32;
        }
    }

    /// Spills until every region has room for what is in it, or nothing can leave any more.
    pub(super) fn settle_regions(&mut self) {
        if self.spills.is_empty() {
            return;
        }
        self.converge();
        while self.spill() {
            self.converge();
        }
    }
}
