//! Which rule of the scripts takes each input section: the first one in script order that fits.
//!
//! This comes before the walk over live sections, because `/DISCARD/` decides what there is and KEEP what stays.
//! GNU ld manual, "Input Section", "Output Section Discarding", "Input Section and Garbage Collection".

use std::collections::HashMap;

use object::elf;

use super::plan::Plan;
use super::rule::Rank;
use crate::arch::SymFlags;
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::object::Kind;
use crate::options::Options;
use crate::report::Report;
use crate::script::Constraint;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// No rule takes it.
pub const ORPHAN: u32 = u32::MAX;

/// Everything a script puts here is left out.
pub const DISCARD: &[u8] = b"/DISCARD/";

/// The choice.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// By section number: index of the rule, or [`ORPHAN`].
    pub rule: Vec<u32>,
    /// What KEEP names, in order.
    pub kept: Vec<SectionId>,
    /// By output section of the plan: its ONLY_IF_RO or ONLY_IF_RW does not hold.
    pub disabled: Vec<bool>,
    /// Rules that take a section when the region of the one before has no room.
    pub later: HashMap<SectionId, Vec<u32>>,
}

/// Names that several sections share are matched once.
struct Matcher<'p, 'd> {
    plan: &'p Plan<'d>,
    by_name: HashMap<&'d [u8], Vec<u32>>,
}

impl<'d> Matcher<'_, 'd> {
    /// Rules that take the section, in script order.
    fn rules(
        &mut self,
        file: &InputName,
        name: &'d [u8],
        flags: u32,
    ) -> impl Iterator<Item = u32> + Clone {
        let plan = self.plan;
        let list = self.by_name.entry(name).or_insert_with(|| {
            let mut list: Vec<(Rank, u32)> = (0u32..)
                .zip(&plan.rules)
                .filter(|(_, rule)| rule.takes_name(name))
                .map(|(n, rule)| (rule.rank, n))
                .collect();
            list.sort_unstable();
            list.into_iter().map(|(_, n)| n).collect()
        });
        list.iter().copied().filter(move |n| {
            plan.rules
                .get(*n as usize)
                .is_some_and(|rule| rule.takes(file, name, flags))
        })
    }
}

/// Decides for all sections; those that are discarded are no part of the link any more.
pub fn select<'d, E: Elf>(
    p: &mut Program<'d, E>,
    plan: &Plan<'d>,
    opts: &Options,
    report: &Report,
) -> Selection {
    let mut s = Selection {
        rule: vec![ORPHAN; p.symbols.sections],
        kept: Vec::new(),
        disabled: vec![false; plan.outputs.len()],
        later: HashMap::new(),
    };
    let spills = plan.spills(opts);
    let output = |rule: u32| plan.rules.get(rule as usize).map(|r| r.output);
    let constrained = |rule: u32| {
        output(rule)
            .and_then(|n| plan.outputs.get(n))
            .is_some_and(|o| o.constraint != Constraint::None)
    };
    let mut matcher = Matcher {
        plan,
        by_name: HashMap::new(),
    };
    // Sections that a constrained output section may take: (section, writable, rules that fit).
    let mut open: Vec<(SectionId, bool, Vec<u32>)> = Vec::new();
    for o in &p.objects {
        for (i, section) in (0u32..).zip(&o.sections) {
            if !matches!(section.kind, Kind::Regular | Kind::Merge | Kind::EhFrame) {
                continue;
            }
            let id = o.section_id(i);
            let mut rules = matcher.rules(&o.name, o.section_name(i), section.flags);
            let Some(first) = rules.next() else { continue };
            let keeps = |n: &u32| plan.rules.get(*n as usize).is_some_and(|r| r.keep);
            if plan
                .rules
                .get(first as usize)
                .is_some_and(|r| r.rank == Rank::First)
                && rules.clone().any(|n| keeps(&n))
            {
                s.kept.push(id);
            }
            if spills {
                let rest = rules.clone().filter(|_| opts.shape.non_contiguous);
                let all: Vec<u32> = std::iter::once(first).chain(rest).collect();
                note_later(plan, &all, id, &mut s);
            }
            if constrained(first) {
                let writable = section.flags & elf::SHF_WRITE != 0;
                let all = std::iter::once(first).chain(rules).collect();
                open.push((id, writable, all));
            } else if let Some(slot) = s.rule.get_mut(id.index()) {
                *slot = first;
            }
        }
    }
    for (n, out) in plan.outputs.iter().enumerate() {
        if out.constraint == Constraint::None {
            continue;
        }
        let enabled = |disabled: &[bool], list: &[u32]| {
            list.iter()
                .copied()
                .find(|r| output(*r).is_none_or(|o| disabled.get(o) != Some(&true)))
        };
        let read_only = open
            .iter()
            .filter(|(_, _, list)| enabled(&s.disabled, list).and_then(output) == Some(n))
            .all(|(_, writable, _)| !writable);
        if let Some(slot) = s.disabled.get_mut(n) {
            *slot = read_only != (out.constraint == Constraint::OnlyIfReadOnly);
        }
    }
    for (id, _, list) in &open {
        let chosen = list
            .iter()
            .find(|r| output(**r).is_none_or(|o| s.disabled.get(o) != Some(&true)));
        if let (Some(slot), Some(rule)) = (s.rule.get_mut(id.index()), chosen) {
            *slot = *rule;
        }
    }
    if opts.shape.warn_non_contiguous {
        warn_later(p, plan, &s, report);
    }
    discard(p, plan, &mut s, opts, report);
    s
}

/// `--enable-non-contiguous-regions-warnings`.
fn warn_later<E: Elf>(p: &Program<'_, E>, plan: &Plan<'_>, s: &Selection, report: &Report) {
    let name = |rule: &u32| {
        let rule = plan.rules.get(*rule as usize);
        let out = rule.and_then(|r| plan.outputs.get(r.output));
        String::from_utf8_lossy(out.map_or(&b""[..], |o| o.name)).into_owned()
    };
    for (n, o) in (0u32..).zip(&p.objects) {
        for i in 0..o.sections.len() as u32 {
            let id = o.section_id(i);
            let (Some(first), Some(later)) = (s.rule.get(id.index()), s.later.get(&id)) else {
                continue;
            };
            let later: Vec<String> = later.iter().map(name).collect();
            report.warn_at(
                (n, u64::from(i)),
                format!(
                    "section `{}' from `{}' is in {} and goes to {} if there is no room (--enable-non-contiguous-regions)",
                    String::from_utf8_lossy(o.section_name(i)),
                    o.name,
                    name(first),
                    later.join(", ")
                ),
            );
        }
    }
}

/// Notes where a section that `rules` take may go when there is no room.
fn note_later(plan: &Plan<'_>, rules: &[u32], id: SectionId, s: &mut Selection) {
    let output = |rule: &u32| plan.rules.get(*rule as usize).map(|r| r.output);
    let is_discard = |rule: &u32| {
        output(rule)
            .and_then(|n| plan.outputs.get(n))
            .is_some_and(|o| o.name == DISCARD)
    };
    if rules.first().is_none_or(is_discard) {
        return;
    }
    let mut all: Vec<u32> = Vec::new();
    for rule in rules {
        all.push(*rule);
        let copies = plan.classes.copies.get(&(*rule as usize));
        all.extend(copies.into_iter().flatten().map(|n| *n as u32));
    }
    let mut seen = vec![all.first().and_then(output)];
    all.retain(|rule| {
        let new = !is_discard(rule) && !seen.contains(&output(rule));
        seen.push(output(rule));
        new
    });
    if !all.is_empty() {
        s.later.insert(id, all);
    }
}

/// Takes what is discarded out of the link, and notes what KEEP holds.
fn discard<E: Elf>(
    p: &mut Program<'_, E>,
    plan: &Plan<'_>,
    s: &mut Selection,
    opts: &Options,
    report: &Report,
) {
    let mode = opts.orphan_handling.as_deref().unwrap_or(b"place");
    let mut gone = vec![false; p.symbols.sections];
    let mut any = false;
    for (n, o) in (0u32..).zip(&mut p.objects) {
        for i in 0..o.sections.len() as u32 {
            let id = o.section_id(i);
            let Some(kind) = o.sections.get(i as usize).map(|s| s.kind) else {
                continue;
            };
            if !matches!(kind, Kind::Regular | Kind::Merge | Kind::EhFrame) {
                continue;
            }
            let rule = s.rule.get(id.index()).copied().unwrap_or(ORPHAN);
            let out = match plan.rules.get(rule as usize) {
                Some(rule) => {
                    let out = plan.outputs.get(rule.output);
                    if rule.keep && out.is_some_and(|o| o.name != DISCARD) {
                        s.kept.push(id);
                    }
                    out.is_some_and(|o| o.name == DISCARD)
                }
                None if mode == b"error" => {
                    report.error_at(
                        (n, u64::from(i)),
                        format!(
                            "unplaced orphan section `{}' from `{}': the script puts it nowhere (--orphan-handling=error)",
                            String::from_utf8_lossy(o.section_name(i)),
                            o.name
                        ),
                    );
                    false
                }
                None => mode == b"discard",
            };
            if out {
                any = true;
                if let Some(slot) = gone.get_mut(id.index()) {
                    *slot = true;
                }
                if let Some(section) = o.sections.get_mut(i as usize) {
                    section.kind = Kind::Discarded;
                }
            }
        }
    }
    if any {
        discard_followers(p, &mut gone);
        forget(p, &gone);
    }
}

/// Sections that describe a discarded one (SHF_LINK_ORDER) go with it, and those that describe them.
fn discard_followers<E: Elf>(p: &mut Program<'_, E>, gone: &mut [bool]) {
    for o in &mut p.objects {
        let mut found = true;
        while found {
            found = false;
            for i in 0..o.sections.len() as u32 {
                let id = o.section_id(i);
                let Some(s) = o.sections.get(i as usize).filter(|s| {
                    s.flags & elf::SHF_LINK_ORDER != 0
                        && matches!(s.kind, Kind::Regular | Kind::Merge)
                }) else {
                    continue;
                };
                let target = gone.get(o.section_id(s.link).index()) == Some(&true);
                if target && s.link != 0 {
                    found = true;
                    if let Some(slot) = gone.get_mut(id.index()) {
                        *slot = true;
                    }
                    if let Some(s) = o.sections.get_mut(i as usize) {
                        s.kind = Kind::Discarded;
                    }
                }
            }
        }
    }
}

/// `--discard-section`: leaves out the sections of these names.
pub fn discard_named<E: Elf>(p: &mut Program<'_, E>, names: &[Vec<u8>]) {
    if names.is_empty() {
        return;
    }
    let mut gone = vec![false; p.symbols.sections];
    for o in &mut p.objects {
        for i in 0..o.sections.len() as u32 {
            if !names.iter().any(|n| n == o.section_name(i)) {
                continue;
            }
            if let Some(slot) = gone.get_mut(o.section_id(i).index()) {
                *slot = true;
            }
            if let Some(section) = o.sections.get_mut(i as usize) {
                section.kind = Kind::Discarded;
            }
        }
    }
    forget(p, &gone);
}

/// Symbols of sections that are gone are undefined.
fn forget<E: Elf>(p: &mut Program<'_, E>, gone: &[bool]) {
    for (t, exported) in p.symbols.targets.iter_mut().zip(&mut p.symbols.exported) {
        if gone.get(t.section.index()) == Some(&true) {
            t.flags |= SymFlags::UNDEFINED;
            *exported = false;
        }
    }
}
