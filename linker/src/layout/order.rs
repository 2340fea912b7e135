//! The order of input sections inside their output section, where options ask for another than that of the link.
//!
//! Nothing here runs without such an option. From weakest to strongest: `--sort-section`, `--shuffle-sections` (and
//! `--reverse-sections`), the calls of a profile (`call_graph.rs`), `--section-ordering-file`, `--symbol-ordering-file`.
//! What a list names comes first, in the list's order; everything else keeps its place. Start code is never
//! moved: its order has a meaning.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use object::elf;

use super::call_graph;
use super::names;
use super::output::{Content, Member};
use crate::demangle;
use crate::elf::Elf;
use crate::input::object::{Kind, Object, Place};
use crate::live::Liveness;
use crate::options::{Options, OrderRule, SortSection};
use crate::report::Report;
use crate::script::Glob;
use crate::symbols::bind::Program;
use crate::symbols::{FileRef, SectionId, State};

/// What the options ask for.
pub struct Order {
    sort: SortSection,
    shuffles: Vec<(Glob, u64)>,
    /// By section number: smaller comes first.
    ranks: HashMap<u32, u32>,
}

/// None when sections stay as they are.
pub fn plan<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    report: &Report,
) -> Option<Order> {
    let mut ranks = Ranks::default();
    if !opts.symbol_order.is_empty() {
        by_symbol(p, live, opts, report, &mut ranks);
    }
    if !opts.section_order.is_empty() {
        by_rule(p, &opts.section_order, opts, &mut ranks);
    }
    if opts.call_graph_sort {
        let list = call_graph::order(p, live, opts);
        if let Some(file) = &opts.shape.print_symbol_order {
            crate::listing::symbol_order::write(p, &list, file, report);
        }
        for section in list {
            ranks.add(section);
        }
    }
    let shuffles: Vec<(Glob, u64)> = opts
        .shuffle_sections
        .iter()
        .map(|(glob, seed)| {
            let seed = match seed {
                0 => RandomState::new().build_hasher().finish() | 1,
                n => *n as u64,
            };
            (Glob::new(glob), seed)
        })
        .collect();
    if ranks.of.is_empty() && shuffles.is_empty() && opts.sort_section == SortSection::None {
        return None;
    }
    Some(Order {
        sort: opts.sort_section,
        shuffles,
        ranks: ranks.of,
    })
}

/// Sections in the order in which they are to stand.
#[derive(Default)]
struct Ranks {
    of: HashMap<u32, u32>,
}

impl Ranks {
    fn add(&mut self, section: SectionId) {
        let next = self.of.len() as u32;
        self.of.entry(section.0).or_insert(next);
    }
}

/// Arrays of functions: by priority, and else in link order. Only shuffling moves them, within a priority, so that a
/// program which depends on the order of its constructors is found.
fn is_array(output: &[u8]) -> bool {
    matches!(output, b".init_array" | b".fini_array" | b".preinit_array")
}

/// Sections whose members mean something by their order.
fn is_fixed(output: &[u8]) -> bool {
    matches!(output, b".init" | b".fini")
        || output.starts_with(b".ctors")
        || output.starts_with(b".dtors")
}

impl Order {
    /// Sorts the members of the output section called `output`.
    pub(super) fn sort<E: Elf>(&self, p: &Program<'_, E>, output: &[u8], list: &mut [Member]) {
        if is_fixed(output) {
            return;
        }
        let array = is_array(output);
        match self.sort {
            _ if array => {}
            SortSection::None => {}
            SortSection::Name => list.sort_by_key(|m| (m.order, name_of(p, m))),
            SortSection::Alignment => {
                list.sort_by_key(|m| (m.order, std::cmp::Reverse(m.align)));
            }
        }
        self.arrange(p, output, list);
    }

    /// The same without `--sort-section`, which a script's patterns obey themselves.
    pub(super) fn arrange<E: Elf>(&self, p: &Program<'_, E>, output: &[u8], list: &mut [Member]) {
        if is_fixed(output) {
            return;
        }
        for (glob, seed) in &self.shuffles {
            let places: Vec<usize> = (0..list.len())
                .filter(|i| {
                    list.get(*i)
                        .is_some_and(|m| glob.matches(name_of(p, m).unwrap_or(output)))
                })
                .collect();
            let mut from = places.clone();
            shuffle(&mut from, *seed);
            let old = list.to_vec();
            for (to, from) in places.iter().zip(&from) {
                if let (Some(slot), Some(m)) = (list.get_mut(*to), old.get(*from)) {
                    *slot = *m;
                }
            }
        }
        if is_array(output) {
            list.sort_by_key(|m| m.order);
        } else if !self.ranks.is_empty() {
            let rank = |m: &Member| match m.content {
                Content::Section(id) => self.ranks.get(&id.0).copied().unwrap_or(u32::MAX),
                _ => u32::MAX,
            };
            list.sort_by_cached_key(rank);
        }
    }
}

fn name_of<'d, E: Elf>(p: &Program<'d, E>, m: &Member) -> Option<&'d [u8]> {
    let Content::Section(id) = m.content else {
        return None;
    };
    let (n, shndx) = p.owner(id);
    Some(p.objects.get(n)?.section_name(shndx))
}

/// The same permutation for the same seed on every machine (Fisher and Yates, numbers by SplitMix64); -1 turns the list
/// round, as lld has it.
fn shuffle<T>(list: &mut [T], seed: u64) {
    if seed == u64::MAX {
        list.reverse();
        return;
    }
    let mut state = seed;
    for i in (1..list.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        list.swap(i, (z % (i as u64 + 1)) as usize);
    }
}

/// Why a listed symbol moves nothing; the smallest is the best that was found of all symbols of the name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Section,
    Discarded,
    Absolute,
    Shared,
    Undefined,
    Nothing,
}

/// `--symbol-ordering-file`: every symbol of a listed name, local ones too.
fn by_symbol<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    report: &Report,
    ranks: &mut Ranks,
) {
    let mut index: HashMap<&[u8], usize> = HashMap::new();
    let mut twice = Vec::new();
    for (i, name) in opts.symbol_order.iter().enumerate() {
        if index.contains_key(&name[..]) {
            twice.push(name);
        } else {
            index.insert(name, i);
        }
    }
    let mut found = vec![Found::Nothing; opts.symbol_order.len()];
    let mut sections: Vec<(usize, SectionId)> = Vec::new();
    for (n, o) in p.objects.iter().enumerate() {
        for i in 1..o.symbols.len() as u32 {
            let s = o.symbol(i);
            if s.sym_type() == elf::STT_SECTION || s.sym_type() == elf::STT_FILE {
                continue;
            }
            let Some(&at) = index.get(o.symbol_name(&s)) else {
                continue;
            };
            let (what, section) = symbol_section(p, live, n, o, i);
            if let Some(f) = found.get_mut(at) {
                *f = (*f).min(what);
            }
            if what == Found::Section {
                sections.push((at, section));
            }
        }
    }
    sections.sort_unstable();
    for (_, section) in sections {
        ranks.add(section);
    }
    if !opts.warn_symbol_ordering {
        return;
    }
    let shown = |name: &[u8]| {
        if opts.demangle {
            demangle::display(name).into_owned()
        } else {
            String::from_utf8_lossy(name).into_owned()
        }
    };
    for name in twice {
        report.warn(format!(
            "symbol ordering file: {} is listed more than once",
            shown(name)
        ));
    }
    for (name, what) in opts.symbol_order.iter().zip(&found) {
        if index.get(&name[..]).and_then(|at| found.get(*at)) != Some(what) {
            continue;
        }
        let why = match what {
            Found::Section => continue,
            Found::Nothing => "no such",
            Found::Discarded => "unable to order discarded",
            Found::Absolute => "unable to order absolute",
            Found::Shared => "unable to order shared",
            Found::Undefined => "unable to order undefined",
        };
        report.warn(format!(
            "symbol ordering file: {why} symbol: {}",
            shown(name)
        ));
    }
}

fn symbol_section<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    n: usize,
    o: &Object<'_, E>,
    index: u32,
) -> (Found, SectionId) {
    let none = SectionId::NONE;
    let s = o.symbol(index);
    if index >= o.first_global {
        let info = p.symbols.info(o.symbol_id(index));
        if info.state == State::Shared {
            return (Found::Shared, none);
        }
        if info.file != FileRef::object(n) || info.sym != index {
            // The object with the definition says where it lies.
            return match o.place(index, &s) {
                Place::Undefined if info.state < State::Shared => (Found::Undefined, none),
                _ => (Found::Nothing, none),
            };
        }
    }
    match o.place(index, &s) {
        Place::Section(shndx) => {
            let id = o.section_id(shndx);
            let regular = o
                .sections
                .get(shndx as usize)
                .is_some_and(|s| s.kind == Kind::Regular);
            match live.stands_for(id).filter(|_| regular) {
                Some(id) => (Found::Section, id),
                None => (Found::Discarded, none),
            }
        }
        Place::Absolute => (Found::Absolute, none),
        Place::Undefined | Place::Common | Place::Invalid(_) => (Found::Undefined, none),
    }
}

/// `--section-ordering-file`: rules in the order of the file; within a rule sections stay in link order.
fn by_rule<E: Elf>(p: &Program<'_, E>, rules: &[OrderRule], opts: &Options, ranks: &mut Ranks) {
    let files: Vec<Option<Glob>> = rules
        .iter()
        .map(|r| r.file.as_ref().map(|f| Glob::new(f)))
        .collect();
    let sections: Vec<Glob> = rules.iter().map(|r| Glob::new(&r.section)).collect();
    let fits = |glob: &Glob, path: &[u8], member: Option<&[u8]>| {
        glob.matches(path) || member.is_some_and(|m| glob.matches(m))
    };
    let mut matched: Vec<(usize, SectionId)> = Vec::new();
    for o in &p.objects {
        let path = o.name.path.as_os_str().as_encoded_bytes();
        let member = o.name.member.as_ref().map(|m| m.as_bytes());
        for (i, s) in (0u32..).zip(&o.sections) {
            if s.kind != Kind::Regular {
                continue;
            }
            let name = o.section_name(i);
            let output = names::output_name(name, opts.z.keep_text_section_prefix);
            let at = (0..rules.len()).find(|i| {
                sections.get(*i).is_some_and(|glob| glob.matches(name))
                    && rules
                        .get(*i)
                        .is_some_and(|r| r.output.as_ref().is_none_or(|to| to == output))
                    && files
                        .get(*i)
                        .is_some_and(|f| f.as_ref().is_none_or(|f| fits(f, path, member)))
            });
            if let Some(at) = at {
                matched.push((at, o.section_id(i)));
            }
        }
    }
    matched.sort_unstable();
    for (_, section) in matched {
        ranks.add(section);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_permutation_and_minus_one_turns_round() {
        let shuffled = |seed| {
            let mut list: Vec<u32> = (0..50).collect();
            shuffle(&mut list, seed);
            list
        };
        assert_eq!(shuffled(7), shuffled(7));
        assert_ne!(shuffled(7), shuffled(8));
        let mut sorted = shuffled(7);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<u32>>());
        assert_eq!(shuffled(u64::MAX), (0..50).rev().collect::<Vec<u32>>());
    }
}
