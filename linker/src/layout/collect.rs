//! Which input sections each output section is made of, without a linker script.
//!
//! Objects are sorted in parallel, each by the names of its own sections; then the objects' shares are put one behind the
//! other. What is serial touches names of sections and mergeable sections only.

use std::collections::HashMap;

use object::elf;

use super::map_assign::{self, Assigned, Assignments};
use super::names;
use super::order::Order;
use super::output::{
    Collected, Content, Member, MergeKey, Nature, OutputSection, Piece, join, new_section,
};
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::script::Glob;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Names among which looking at each is faster than hashing.
const FEW_NAMES: usize = 24;

/// What one object gives to one output section.
struct Share<'d> {
    name: &'d [u8],
    /// An output section of its own (`--unique`).
    alone: bool,
    /// The mapfile's segment, by number and one; 0 where it goes by its flags.
    own: u16,
    nature: Nature,
    /// SHF_LINK_ORDER: the section that the first of them is linked to.
    link_order: Option<SectionId>,
    members: Vec<Member>,
    /// Mergeable sections, and the number of members before each.
    merges: Vec<(Member, MergeKey, u32)>,
}

/// Distributes all live input sections over output sections. `merge` is told every mergeable one and answers when a
/// merged part is to stand there.
pub fn collect<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    opts: &Options,
    order: Option<&Order>,
    par: Par,
    mut merge: impl FnMut(MergeKey, SectionId) -> Option<u32>,
) -> Collected<'d> {
    let unique: Vec<Glob> = opts.unique.iter().map(|g| Glob::new(g)).collect();
    let assignments = map_assign::plan(&opts.sunw.mapfile);
    let mut shares = par.map_range(p.objects.len(), |n| {
        shares_of(p, live, opts, &unique, assignments.as_ref(), n)
    });
    let mut index: HashMap<(&'d [u8], u16), u32> = HashMap::new();
    let mut outputs: Vec<OutputSection<'d>> = Vec::new();
    // By output section: whose shares it is made of.
    let mut parts: Vec<Vec<(u32, u32)>> = Vec::new();
    // By object: the output section of each share.
    let mut goes_to: Vec<Vec<u32>> = Vec::with_capacity(shares.len());
    for (n, list) in (0u32..).zip(&mut shares) {
        let mut to = Vec::with_capacity(list.len());
        for (k, share) in (0u32..).zip(list.iter_mut()) {
            let mut open = || {
                let mut s = new_section(b"", elf::SHT_NULL, 0, 1, 0);
                (s.name, s.own) = (share.name, share.own);
                outputs.push(s);
                parts.push(Vec::new());
                outputs.len() as u32 - 1
            };
            let at = if share.alone {
                open()
            } else {
                *index.entry((share.name, share.own)).or_insert_with(open)
            };
            to.push(at);
            let (Some(out), Some(of)) = (outputs.get_mut(at as usize), parts.get_mut(at as usize))
            else {
                continue;
            };
            join(out, share.nature);
            out.link_order = out.link_order.or(share.link_order);
            of.push((n, k));
        }
        merge_in_order(list, &to, &mut merge);
        goes_to.push(to);
    }
    let output_of = number_sections(p, &shares, &goes_to, par);
    let mut work: Vec<_> = outputs.iter_mut().zip(parts).collect();
    par.for_each_mut(&mut work, |_, (out, parts)| {
        let share = |&(n, k): &(u32, u32)| shares.get(n as usize)?.get(k as usize);
        let size = parts
            .iter()
            .filter_map(share)
            .map(|s| s.members.len())
            .sum();
        let mut list: Vec<Member> = Vec::with_capacity(size);
        for s in parts.iter().filter_map(share) {
            list.extend_from_slice(&s.members);
        }
        finish(p, out, list, &output_of, order, par);
    });
    Collected { outputs, output_of }
}

/// One object's sections by output section.
fn shares_of<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    opts: &Options,
    unique: &[Glob],
    assignments: Option<&Assignments<'_>>,
    n: usize,
) -> Vec<Share<'d>> {
    let mut out: Vec<Share<'d>> = Vec::new();
    let Some(o) = p.objects.get(n) else {
        return out;
    };
    let mut known: HashMap<(&[u8], u16), usize> = HashMap::new();
    let mut last = usize::MAX;
    for (i, s) in (0u32..).zip(&o.sections) {
        let id = o.section_id(i);
        if !matches!(s.kind, Kind::Regular | Kind::Merge) || !live.is_live(id) {
            continue;
        }
        let name = o.section_name(i);
        let to = match names::output_name(name, opts.z.keep_text_section_prefix) {
            b".data" if s.is_nobits() && opts.shape.zero_to_bss => b".bss",
            to => to,
        };
        let orphan = || opts.unique_orphans && s.is_alloc() && !names::is_placed(to);
        let alone = unique.iter().any(|g| g.matches(name)) || orphan();
        let assigned = match assignments {
            Some(a) if !alone => a.find(o, s, name),
            _ => Assigned::default(),
        };
        let own = assigned.own;
        let same = |share: &Share<'_>| share.name == to && share.own == own && !share.alone;
        let found = if alone {
            None
        } else if out.get(last).is_some_and(same) {
            Some(last)
        } else if out.len() < FEW_NAMES {
            out.iter().position(same)
        } else {
            if known.is_empty() {
                let named = out.iter().enumerate().filter(|(_, s)| !s.alone);
                known.extend(named.map(|(k, s)| ((s.name, s.own), k)));
            }
            known.get(&(to, own)).copied()
        };
        let at = found.unwrap_or_else(|| {
            if !alone && out.len() >= FEW_NAMES {
                known.insert((to, own), out.len());
            }
            out.push(Share {
                name: if alone { name } else { to },
                alone,
                own,
                nature: Nature::NONE,
                link_order: None,
                members: Vec::new(),
                merges: Vec::new(),
            });
            out.len() - 1
        });
        last = at;
        let Some(share) = out.get_mut(at) else {
            continue;
        };
        share.nature.join(Nature::of(s));
        if s.flags & elf::SHF_LINK_ORDER != 0 && s.link != 0 {
            share.link_order.get_or_insert(o.section_id(s.link));
        }
        let member = Member {
            order: assigned
                .order
                .saturating_add(names::order_in_section(name, to)),
            content: Content::Section(id),
            size: s.size,
            align: s.align(),
        };
        if s.kind == Kind::Merge {
            let key = MergeKey {
                output: 0,
                entsize: s.entsize,
                strings: s.flags & elf::SHF_STRINGS != 0,
                align_log2: s.align_log2,
            };
            share.merges.push((member, key, share.members.len() as u32));
        } else {
            share.members.push(member);
        }
    }
    out
}

/// Tells `merge` an object's mergeable sections as they stand in it, and puts in what is to stand in their places.
fn merge_in_order(
    list: &mut [Share<'_>],
    to: &[u32],
    merge: &mut impl FnMut(MergeKey, SectionId) -> Option<u32>,
) {
    let mut all: Vec<(SectionId, usize, usize)> = Vec::new();
    for (k, share) in list.iter().enumerate() {
        let of = share.merges.iter().enumerate();
        all.extend(of.filter_map(|(i, (m, ..))| match m.content {
            Content::Section(id) => Some((id, k, i)),
            _ => None,
        }));
    }
    all.sort_unstable();
    // Members that were put into a share already shift the places of the later ones.
    let mut shift = vec![0; list.len()];
    for (id, k, i) in all {
        let (Some(share), Some(&output), Some(shift)) =
            (list.get_mut(k), to.get(k), shift.get_mut(k))
        else {
            continue;
        };
        let Some(&(member, key, at)) = share.merges.get(i) else {
            continue;
        };
        if let Some(n) = merge(MergeKey { output, ..key }, id) {
            let at = (at as usize + *shift).min(share.members.len());
            share.members.insert(
                at,
                Member {
                    content: Content::Merged(n),
                    size: 0,
                    ..member
                },
            );
            *shift += 1;
        }
    }
}

/// By section number: the output section.
fn number_sections<E: Elf>(
    p: &Program<'_, E>,
    shares: &[Vec<Share<'_>>],
    goes_to: &[Vec<u32>],
    par: Par,
) -> Vec<u32> {
    let mut output_of = vec![u32::MAX; p.symbols.sections];
    let mut rest = output_of.as_mut_slice();
    let mut done = 0;
    let mut work = Vec::with_capacity(shares.len());
    for ((o, shares), to) in p.objects.iter().zip(shares).zip(goes_to) {
        // Objects' numbers follow each other.
        let first = o.section_id(0).index();
        let (_, after) = std::mem::take(&mut rest)
            .split_at_mut_checked(first.saturating_sub(done))
            .unwrap_or_default();
        let (own, after) = after
            .split_at_mut_checked(o.sections.len())
            .unwrap_or_default();
        rest = after;
        done = first + own.len();
        work.push((first, own, shares, to));
    }
    par.for_each_mut(&mut work, |_, (first, own, shares, to)| {
        for (share, to) in shares.iter().zip(to.iter()) {
            let merged = share.merges.iter().map(|(m, ..)| m);
            for m in share.members.iter().chain(merged) {
                if let Content::Section(id) = m.content
                    && let Some(slot) = own.get_mut(id.index().wrapping_sub(*first))
                {
                    *slot = *to;
                }
            }
        }
    });
    output_of
}

/// Puts the members of an output section into their order, and makes them its pieces.
fn finish<E: Elf>(
    p: &Program<'_, E>,
    out: &mut OutputSection<'_>,
    mut list: Vec<Member>,
    output_of: &[u32],
    order: Option<&Order>,
    par: Par,
) {
    // A section keeps SHF_LINK_ORDER only when all its members are sorted by it.
    if out.link_order.is_some() {
        sort_by_link(p, &mut list, output_of);
    } else if !list.is_sorted_by_key(|m| m.order) {
        par.sort_by_key(&mut list, |m| m.order);
    }
    if let Some(order) = order.filter(|_| out.is_alloc() && out.link_order.is_none()) {
        order.sort(p, out.name, &mut list);
    }
    out.pieces = list
        .iter()
        .map(|m| Piece {
            content: m.content,
            offset: m.align,
            size: m.size,
        })
        .collect();
}

/// SHF_LINK_ORDER: in the order of the sections they are linked to (gABI, "sh_flags").
fn sort_by_link<E: Elf>(p: &Program<'_, E>, list: &mut [Member], output_of: &[u32]) {
    list.sort_by_key(|m| {
        let Content::Section(id) = m.content else {
            return (u32::MAX, u32::MAX);
        };
        let (n, shndx) = p.owner(id);
        let Some(o) = p.objects.get(n) else {
            return (u32::MAX, u32::MAX);
        };
        let link = o.sections.get(shndx as usize).map_or(0, |s| s.link);
        let to = o.section_id(link);
        (output_of.get(to.index()).copied().unwrap_or(u32::MAX), to.0)
    });
}
