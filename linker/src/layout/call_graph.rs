//! Functions that call each other often are laid out next to each other.
//!
//! The calls come from `.llvm.call-graph-profile` sections (Clang with a profile: a weight for each pair of symbols that
//! two relocations name) or from `--call-graph-ordering-file`. The order is that of call-chain clustering (Ottoni and
//! Maher, "Optimizing Function Placement for Large-Scale Data-Center Applications", CGO 2017): every function starts as a
//! cluster; from the hottest per byte on, each is put behind the cluster of its most frequent caller, as long as the
//! result stays small and dense; then clusters stand by density.

use std::collections::HashMap;

use object::elf;

use super::names;
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::live::Liveness;
use crate::live::scan::referent;
use crate::options::Options;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, State};

/// A cluster larger than some pages gains nothing by growing.
const MAX_SIZE: u64 = 1 << 20;
/// How many times thinner a cluster may become by a caller's joining.
const MAX_THINNING: f64 = 8.0;

#[derive(Clone, Copy)]
struct Call {
    from: u32,
    to: u32,
    weight: u64,
}

struct Cluster {
    /// Sections, in order.
    members: Vec<u32>,
    size: u64,
    weight: u64,
    /// Weight of all calls to its first member, and of those from the most frequent caller.
    first_weight: u64,
    best: Option<(u32, u64)>,
}

impl Cluster {
    fn density(&self) -> f64 {
        self.weight as f64 / self.size.max(1) as f64
    }
}

/// Code sections in the order that the calls of the program ask for; empty when nothing is known of calls.
pub fn order<E: Elf>(p: &Program<'_, E>, live: &Liveness, opts: &Options) -> Vec<SectionId> {
    let mut calls = HashMap::new();
    for o in p.objects.iter().filter(|o| o.call_graph != 0) {
        let data = o.section_data(o.call_graph);
        // One word of weight for two relocations: caller and callee.
        let records = o.records_for(o.call_graph);
        for (i, weight) in data.chunks_exact(8).enumerate() {
            let Ok(bytes) = <[u8; 8]>::try_from(weight) else {
                continue;
            };
            let weight = if E::BIG_ENDIAN {
                u64::from_be_bytes(bytes)
            } else {
                u64::from_le_bytes(bytes)
            };
            if 2 * i + 1 >= records.len() {
                break;
            }
            let end = |k: usize| {
                let sym = records.get(k).sym;
                match (sym as usize) < o.symbols.len() {
                    true => referent(p, o, sym).target.section,
                    false => SectionId::NONE,
                }
            };
            add(p, live, &mut calls, end(2 * i), end(2 * i + 1), weight);
        }
    }
    for (from, to, weight) in &opts.call_graph {
        let section = |name: &[u8]| {
            p.symbols
                .interner
                .get(name)
                .filter(|id| p.symbols.info(*id).state >= State::DefWeak)
                .map_or(SectionId::NONE, |id| p.symbols.target(id).section)
        };
        add(p, live, &mut calls, section(from), section(to), *weight);
    }
    let mut list: Vec<Call> = calls
        .into_iter()
        .map(|((from, to), weight)| Call { from, to, weight })
        .collect();
    list.sort_unstable_by_key(|c| (c.from, c.to));
    let size = |s: u32| section_size(p, s);
    cluster(&list, size).into_iter().map(SectionId).collect()
}

fn section_size<E: Elf>(p: &Program<'_, E>, s: u32) -> u64 {
    let (n, shndx) = p.owner(SectionId(s));
    p.objects
        .get(n)
        .and_then(|o| o.sections.get(shndx as usize))
        .map_or(0, |s| s.size)
}

fn add<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    calls: &mut HashMap<(u32, u32), u64>,
    from: SectionId,
    to: SectionId,
    weight: u64,
) {
    let linked = |s: SectionId| (s != SectionId::NONE).then(|| live.stands_for(s)).flatten();
    let (Some(from), Some(to)) = (linked(from), linked(to)) else {
        return;
    };
    let output = |s: SectionId| {
        let (n, shndx) = p.owner(s);
        let o = p.objects.get(n)?;
        let section = o.sections.get(shndx as usize)?;
        let code = section.kind == Kind::Regular && section.flags & elf::SHF_EXECINSTR != 0;
        code.then(|| names::output_name(o.section_name(shndx), false))
    };
    if let (Some(a), Some(b)) = (output(from), output(to))
        && a == b
    {
        let sum = calls.entry((from.0, to.0)).or_insert(0);
        *sum = sum.saturating_add(weight);
    }
}

/// The clustering; `calls` are sorted.
fn cluster(calls: &[Call], size: impl Fn(u32) -> u64) -> Vec<u32> {
    let mut numbers: Vec<u32> = calls.iter().flat_map(|c| [c.from, c.to]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let at = |s: u32| numbers.binary_search(&s).unwrap_or(0);
    let mut clusters: Vec<Cluster> = numbers
        .iter()
        .map(|&s| Cluster {
            members: vec![s],
            size: size(s),
            weight: 0,
            first_weight: 0,
            best: None,
        })
        .collect();
    for c in calls {
        let from = at(c.from) as u32;
        let Some(to) = clusters.get_mut(at(c.to)) else {
            continue;
        };
        to.weight = to.weight.saturating_add(c.weight);
        to.first_weight = to.weight;
        if c.from != c.to && to.best.is_none_or(|(_, w)| w < c.weight) {
            to.best = Some((from, c.weight));
        }
    }
    let by_density = |clusters: &[Cluster], list: &mut [usize]| {
        list.sort_by(|a, b| {
            let density = |i: &usize| clusters.get(*i).map_or(0.0, Cluster::density);
            density(b).total_cmp(&density(a))
        });
    };
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    by_density(&clusters, &mut order);
    // By section: the cluster it is in now.
    let mut leader: Vec<usize> = (0..clusters.len()).collect();
    for &i in &order {
        let Some(c) = clusters.get(i) else { continue };
        let Some((caller, weight)) = c.best else {
            continue;
        };
        // A caller among many is no reason to stand beside it.
        if weight.saturating_mul(10) <= c.first_weight {
            continue;
        }
        let to = find(&mut leader, caller as usize);
        let Some(before) = clusters.get(to) else {
            continue;
        };
        let joined = (
            before.size.saturating_add(c.size),
            before.weight.saturating_add(c.weight),
        );
        let thin = joined.1 as f64 / (joined.0.max(1) as f64) < before.density() / MAX_THINNING;
        if to == i || joined.0 > MAX_SIZE || thin {
            continue;
        }
        if let Some(l) = leader.get_mut(i) {
            *l = to;
        }
        let members = clusters
            .get_mut(i)
            .map(|c| std::mem::take(&mut c.members))
            .unwrap_or_default();
        if let Some(before) = clusters.get_mut(to) {
            before.members.extend(members);
            (before.size, before.weight) = joined;
        }
    }
    order.sort_unstable();
    order.retain(|i| clusters.get(*i).is_some_and(|c| !c.members.is_empty()));
    by_density(&clusters, &mut order);
    order
        .iter()
        .filter_map(|i| clusters.get(*i))
        .flat_map(|c| c.members.iter().copied())
        .collect()
}

fn find(leader: &mut [usize], start: usize) -> usize {
    let mut i = start;
    while let Some(&up) = leader.get(i)
        && up != i
    {
        let above = leader.get(up).copied().unwrap_or(up);
        if let Some(l) = leader.get_mut(i) {
            *l = above;
        }
        i = above;
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(from: u32, to: u32, weight: u64) -> Call {
        Call { from, to, weight }
    }

    #[test]
    fn callees_follow_their_most_frequent_callers() {
        // 1 calls 4 often, 4 calls 2, and 3 is called rarely.
        let calls = [call(1, 3, 1), call(1, 4, 100), call(4, 2, 90)];
        assert_eq!(cluster(&calls, |_| 16), [1, 4, 2, 3]);
        assert!(cluster(&[], |_| 16).is_empty());
    }

    #[test]
    fn a_cycle_of_calls_ends() {
        let calls = [call(1, 2, 5), call(2, 3, 5), call(3, 1, 5), call(3, 3, 9)];
        let mut order = cluster(&calls, |_| 8);
        order.sort_unstable();
        assert_eq!(order, [1, 2, 3]);
    }
}
