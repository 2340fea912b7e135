//! Which candidates are equal: partition refinement.
//!
//! A round tells apart all that are still in a class with others, by the classes of what they refer to. Few rounds settle real
//! code. A long chain of references needs as many as it is long, so after some rounds only those are looked at again that
//! refer to something whose class has changed, and of a class that falls apart the largest part keeps its number (Hopcroft,
//! "An n log n Algorithm for Minimizing States in a Finite Automaton", 1971).

use std::collections::HashMap;

use super::describe::short;
use crate::par::Par;

/// Rounds over everybody.
const ROUNDS: usize = 12;

/// What a candidate holds, and the candidates it refers to.
pub type Described = ([u8; 16], Vec<u32>);

/// By candidate: the first one that it is equal to.
pub fn leaders(described: &[Described], par: Par) -> Vec<u32> {
    let mut leader: Vec<u32> = (0..described.len() as u32).collect();
    // Candidates that are still in a class with others.
    let mut active: Vec<u32> = leader.clone();
    let digests: Vec<[u8; 16]> = described.iter().map(|d| d.0).collect();
    let mut count = split(&mut active, digests, &mut leader);
    for _ in 0..ROUNDS {
        let before = (count, active.len());
        let keys = par.map(&active, |i| key(described, &leader, *i));
        count = split(&mut active, keys, &mut leader);
        if (count, active.len()) == before {
            return leader;
        }
    }
    Refinement::new(described, leader, &active).finish(&active, par)
}

/// A candidate's class and those of what it refers to.
fn key(described: &[Described], class: &[u32], i: u32) -> [u8; 16] {
    let mut hash = blake3::Hasher::new();
    let class = |i: u32| class.get(i as usize).copied().unwrap_or(i);
    hash.update(&class(i).to_le_bytes());
    let edges = described.get(i as usize).map_or(&[][..], |d| &d.1);
    for e in edges {
        hash.update(&class(*e).to_le_bytes());
    }
    short(&hash)
}

/// Sorts `active` into classes by key (one for each, in order) and notes everyone's leader; those that are alone leave
/// `active`. Gives the number of classes that are left.
fn split(active: &mut Vec<u32>, keys: Vec<[u8; 16]>, leader: &mut [u32]) -> usize {
    let mut list: Vec<([u8; 16], u32)> = keys.into_iter().zip(active.iter().copied()).collect();
    list.sort_unstable();
    active.clear();
    let mut count = 0;
    for class in list.chunk_by(|a, b| a.0 == b.0) {
        let Some((_, first)) = class.first() else {
            continue;
        };
        for (_, i) in class {
            if let Some(l) = leader.get_mut(*i as usize) {
                *l = *first;
            }
        }
        if class.len() > 1 {
            count += 1;
            active.extend(class.iter().map(|(_, i)| *i));
        }
    }
    count
}

/// Classes that fall apart, with who refers to whom.
struct Refinement<'a> {
    described: &'a [Described],
    /// By candidate: its class. New ones are numbered behind all candidates.
    class: Vec<u32>,
    /// By class: who is in it, in no order; for classes of more than one.
    members: HashMap<u32, Vec<u32>>,
    /// By candidate: its place in `members`.
    place: Vec<u32>,
    /// By candidate: those in `members` that refer to it.
    from: HashMap<u32, Vec<u32>>,
    next_class: u32,
}

/// Part of a class: those whose key is the same.
struct Part {
    members: Vec<u32>,
    /// Those who were not looked at belong to it too.
    rest: bool,
}

impl<'a> Refinement<'a> {
    fn new(described: &'a [Described], class: Vec<u32>, active: &[u32]) -> Self {
        let mut r = Refinement {
            described,
            place: vec![0; class.len()],
            next_class: class.len() as u32,
            class,
            members: HashMap::new(),
            from: HashMap::new(),
        };
        for &i in active {
            r.enter(i, r.class_of(i));
            for e in described.get(i as usize).map_or(&[][..], |d| &d.1) {
                r.from.entry(*e).or_default().push(i);
            }
        }
        r
    }

    fn class_of(&self, i: u32) -> u32 {
        self.class.get(i as usize).copied().unwrap_or(i)
    }

    fn enter(&mut self, i: u32, class: u32) {
        let list = self.members.entry(class).or_default();
        if let (Some(c), Some(p)) = (
            self.class.get_mut(i as usize),
            self.place.get_mut(i as usize),
        ) {
            (*c, *p) = (class, list.len() as u32);
            list.push(i);
        }
    }

    fn leave(&mut self, i: u32) {
        let at = self.place.get(i as usize).map_or(0, |p| *p as usize);
        let class = self.class_of(i);
        let Some(list) = self.members.get_mut(&class) else {
            return;
        };
        if list.get(at) == Some(&i) {
            list.swap_remove(at);
            if let Some(moved) = list.get(at)
                && let Some(p) = self.place.get_mut(*moved as usize)
            {
                *p = at as u32;
            }
        }
    }

    /// Everybody's leader, when nothing changes any more.
    fn finish(mut self, active: &[u32], par: Par) -> Vec<u32> {
        let mut dirty = active.to_vec();
        while !dirty.is_empty() {
            dirty = self.round(dirty, par);
        }
        let mut leader = self.class;
        for list in self.members.values() {
            let first = list.iter().min().copied().unwrap_or(0);
            for i in list {
                if let Some(l) = leader.get_mut(*i as usize) {
                    *l = first;
                }
            }
        }
        leader
    }

    /// Looks at `dirty`, whose references lead to other classes than before: gives those who are to be looked at next.
    fn round(&mut self, mut dirty: Vec<u32>, par: Par) -> Vec<u32> {
        dirty.sort_unstable_by_key(|i| (self.class_of(*i), *i));
        dirty.dedup();
        // All keys are of one moment: those of `dirty`, and in each class that of somebody else.
        let mut others = Vec::new();
        for list in dirty.chunk_by(|a, b| self.class_of(*a) == self.class_of(*b)) {
            let all = list
                .first()
                .and_then(|i| self.members.get(&self.class_of(*i)));
            let is_dirty = |i: &u32| list.binary_search(i).is_ok();
            others.push(all.and_then(|all| all.iter().find(|i| !is_dirty(i)).copied()));
        }
        let keys = par.map(&dirty, |i| key(self.described, &self.class, *i));
        let rest_keys: Vec<Option<[u8; 16]>> = others
            .iter()
            .map(|o| o.map(|i| key(self.described, &self.class, i)))
            .collect();
        let looked_at: Vec<(u32, [u8; 16], u32)> = dirty
            .iter()
            .zip(keys)
            .map(|(i, key)| (self.class_of(*i), key, *i))
            .collect();
        let mut next = Vec::new();
        for (list, rest) in looked_at.chunk_by(|a, b| a.0 == b.0).zip(rest_keys) {
            self.fall_apart(list, rest, &mut next);
        }
        next
    }

    fn fall_apart(
        &mut self,
        list: &[(u32, [u8; 16], u32)],
        rest: Option<[u8; 16]>,
        next: &mut Vec<u32>,
    ) {
        let Some((class, ..)) = list.first().copied() else {
            return;
        };
        let total = self.members.get(&class).map_or(0, Vec::len);
        let rest_count = total.saturating_sub(list.len());
        let mut list: Vec<([u8; 16], u32)> = list.iter().map(|l| (l.1, l.2)).collect();
        list.sort_unstable();
        let mut parts: Vec<Part> = list
            .chunk_by(|a, b| a.0 == b.0)
            .map(|part| Part {
                members: part.iter().map(|p| p.1).collect(),
                rest: part.first().map(|p| p.0) == rest,
            })
            .collect();
        if rest.is_some() && !parts.iter().any(|p| p.rest) {
            parts.push(Part {
                members: Vec::new(),
                rest: true,
            });
        }
        let size = |p: &Part| p.members.len() + if p.rest { rest_count } else { 0 };
        let Some(largest) = (0..parts.len()).max_by_key(|i| parts.get(*i).map_or(0, size)) else {
            return;
        };
        let looked_at: Vec<u32> = {
            let mut all: Vec<u32> = list.iter().map(|l| l.1).collect();
            all.sort_unstable();
            all
        };
        for (n, part) in parts.iter_mut().enumerate() {
            if n == largest {
                continue;
            }
            if part.rest {
                let all = self.members.get(&class).into_iter().flatten();
                let rest = all.filter(|i| looked_at.binary_search(i).is_err());
                part.members.extend(rest.copied());
            }
            let new = self.next_class;
            self.next_class = self.next_class.saturating_add(1);
            for &i in &part.members {
                self.leave(i);
                self.enter(i, new);
                next.extend(self.from.get(&i).into_iter().flatten());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> [u8; 16] {
        [n; 16]
    }

    #[test]
    fn references_tell_candidates_apart_and_cycles_do_not() {
        // 0 and 1 refer to 2 and 3, which differ; 4 and 5 to themselves; 6 and 7 to each other.
        let described = [
            (digest(1), vec![2]),
            (digest(1), vec![3]),
            (digest(2), vec![]),
            (digest(3), vec![]),
            (digest(4), vec![4]),
            (digest(4), vec![5]),
            (digest(5), vec![7]),
            (digest(5), vec![6]),
        ];
        for par in [Par::SERIAL, Par { threads: 2 }] {
            assert_eq!(leaders(&described, par), [0, 1, 2, 3, 4, 4, 6, 6]);
        }
    }

    #[test]
    fn a_difference_far_away_is_found() {
        // Two chains of ten, alike but for their ends.
        let mut described = Vec::new();
        for chain in 0..2u32 {
            for i in 0..10u32 {
                let last = i == 9;
                let edges = if last {
                    vec![]
                } else {
                    vec![chain * 10 + i + 1]
                };
                described.push((digest(if last { 9 + chain as u8 } else { 1 }), edges));
            }
        }
        let leaders = leaders(&described, Par::SERIAL);
        assert_eq!(leaders, (0..20).collect::<Vec<u32>>());
    }

    /// Everybody is looked at in each round until nothing changes: slow, and plainly right.
    fn plain(described: &[Described]) -> Vec<u32> {
        let mut leader: Vec<u32> = (0..described.len() as u32).collect();
        let mut active = leader.clone();
        let digests = described.iter().map(|d| d.0).collect();
        split(&mut active, digests, &mut leader);
        for _ in 0..described.len() {
            let keys = active.iter().map(|i| key(described, &leader, *i)).collect();
            split(&mut active, keys, &mut leader);
        }
        leader
    }

    #[test]
    fn long_chains_and_random_graphs_end_as_the_plain_way_does() {
        let mut seed = 7u64;
        let mut random = |below: u32| {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as u32 % below
        };
        for case in 0..60u32 {
            let n = 40 + random(60);
            let described: Vec<Described> = (0..n)
                .map(|i| {
                    let far = case % 3 == 0 || random(12) == 0;
                    let to = if far { random(n) } else { (i + 1) % n };
                    let second = (random(20) == 0).then(|| random(n));
                    let kind = if i == n - 1 {
                        9
                    } else {
                        1 + (random(40) == 0) as u8
                    };
                    (digest(kind), std::iter::once(to).chain(second).collect())
                })
                .collect();
            assert_eq!(
                leaders(&described, Par::SERIAL),
                plain(&described),
                "{case}"
            );
        }
    }

    #[test]
    fn a_very_long_chain_takes_no_time() {
        let n = 20_000u32;
        let described: Vec<Described> = (0..n)
            .map(|i| (digest(1), if i + 1 < n { vec![i + 1] } else { vec![] }))
            .collect();
        assert_eq!(leaders(&described, Par::SERIAL), (0..n).collect::<Vec<_>>());
    }
}
