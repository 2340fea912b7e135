//! Orders that options ask for in a layout that a script describes.
//!
//! GNU ld's `--section-ordering-file` names output sections and what comes first in them (manual, 2.43): such rules stand in
//! front of all statements of the section's description. What only says an order (`--symbol-ordering-file`,
//! `--shuffle-sections`, gold's form of the former, the calls of a profile) holds among the sections that one rule takes, as
//! in lld: a script decides more than an order.

use super::assemble::Member;
use super::plan::{Plan, Stmt};
use super::rule::{Rank, Rule};
use super::select::DISCARD;
use crate::elf::Elf;
use crate::layout::order::Order;
use crate::layout::output::{self, Content};
use crate::options::OrderRule;
use crate::script::{InputSpec, NamePattern, SectionPattern};
use crate::symbols::bind::Program;

impl Plan<'_> {
    /// Puts the rules that name an output section in front of its statements.
    pub fn put_first(&mut self, rules: &[OrderRule]) {
        let pattern = |text: &[u8]| NamePattern {
            text: text.to_vec(),
            quoted: false,
        };
        let mut added = vec![0; self.outputs.len()];
        for order in rules {
            let Some(name) = &order.output else { continue };
            let found = self.outputs.iter().position(|o| o.name == name);
            let Some((n, out)) = found.and_then(|n| Some((n, self.outputs.get_mut(n)?))) else {
                continue;
            };
            if out.name == DISCARD {
                continue;
            }
            let spec = InputSpec {
                file: pattern(order.file.as_deref().unwrap_or(b"*")),
                sections: vec![SectionPattern {
                    pattern: pattern(&order.section),
                    ..SectionPattern::default()
                }],
                ..InputSpec::default()
            };
            let mut rule = Rule::new(&spec, n);
            rule.rank = Rank::First;
            // A file that is named here is no input by that.
            rule.file_name = None;
            if let Some(at) = added.get_mut(n) {
                out.body.insert(*at, Stmt::Input(self.rules.len()));
                *at += 1;
            }
            self.rules.push(rule);
        }
    }
}

/// Sorts what each rule takes.
pub(super) fn arrange<E: Elf>(
    p: &Program<'_, E>,
    plan: &Plan<'_>,
    order: &Order,
    members: &mut [Vec<Member>],
) {
    for (rule, list) in plan.rules.iter().zip(members) {
        let Some(out) = plan.outputs.get(rule.output).filter(|_| list.len() > 1) else {
            continue;
        };
        let mut places: Vec<output::Member> = (0u64..)
            .zip(list.iter())
            .map(|(at, m)| output::Member {
                order: 0,
                content: Content::Section(m.id),
                size: 0,
                align: at,
            })
            .collect();
        order.arrange(p, out.name, &mut places);
        // `align` has carried the place in the list.
        let old = list.clone();
        let sorted = places.iter().filter_map(|m| old.get(m.align as usize));
        *list = sorted.copied().collect();
    }
}
