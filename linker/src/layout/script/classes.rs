//! `CLASS(name) { … }`: input sections that output sections take by the class's name (lld 20, "Section classes").
//!
//! A class stands in the order of the script like an output section: what it takes is not looked at by later patterns.
//! The first output section that names it gets its sections; those that name it later get what did not fit there
//! (`spill.rs`), for which they have copies of its rules.

use std::collections::HashMap;

use super::plan::{Item, OutputPlan, Stmt};
use super::rule::{Rank, Rule};
use crate::script::{Place, SectionClass};

/// The classes of all scripts.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    list: Vec<Class>,
    /// By rule: the copies of it in later output sections.
    pub copies: HashMap<usize, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Class {
    name: Vec<u8>,
    rules: Vec<usize>,
    place: Place,
    /// The places that named it before it was described, or twice in one script.
    described: bool,
    used: bool,
}

impl Classes {
    /// The number of a class, described or not.
    pub fn named(&mut self, name: &[u8], place: &Place) -> usize {
        if let Some(n) = self.list.iter().position(|c| c.name == name) {
            return n;
        }
        self.list.push(Class {
            name: name.to_vec(),
            rules: Vec::new(),
            place: place.clone(),
            described: false,
            used: false,
        });
        self.list.len() - 1
    }

    /// Adds a description; its rules belong to no output section yet.
    pub fn describe(&mut self, class: &SectionClass, rules: &mut Vec<Rule>) -> Result<(), String> {
        let n = self.named(&class.name, &class.place);
        let Some(slot) = self.list.get_mut(n) else {
            return Ok(());
        };
        if slot.described {
            return Err(format!(
                "{}: section class '{}' has been described before",
                class.place,
                String::from_utf8_lossy(&class.name)
            ));
        }
        slot.described = true;
        slot.place.clone_from(&class.place);
        for input in &class.inputs {
            slot.rules.push(rules.len());
            rules.push(Rule::new(input, usize::MAX));
        }
        Ok(())
    }

    /// Puts the rules where the classes are named; `items` are in their final order.
    pub fn expand(
        &mut self,
        items: &[Item],
        outputs: &mut [OutputPlan<'_>],
        rules: &mut Vec<Rule>,
        errors: &mut Vec<String>,
    ) {
        if self.list.is_empty() {
            return;
        }
        for item in items {
            let Item::Output(n) = *item else { continue };
            let Some(out) = outputs.get_mut(n) else {
                continue;
            };
            let mut body = Vec::with_capacity(out.body.len());
            for statement in std::mem::take(&mut out.body) {
                match statement {
                    Stmt::Class(class) => {
                        let rules = self.rules_for(class, n, rules);
                        body.extend(rules.into_iter().map(Stmt::Input));
                    }
                    other => body.push(other),
                }
            }
            out.body = body;
        }
        for class in &self.list {
            let name = String::from_utf8_lossy(&class.name);
            if !class.described {
                errors.push(format!(
                    "{}: section class '{name}' is described nowhere",
                    class.place
                ));
            } else if !class.used {
                errors.push(format!(
                    "{}: no output section takes section class '{name}'",
                    class.place
                ));
            }
        }
    }

    /// The rules of a class for an output section that names it.
    fn rules_for(&mut self, class: usize, output: usize, rules: &mut Vec<Rule>) -> Vec<usize> {
        let Some(class) = self.list.get_mut(class) else {
            return Vec::new();
        };
        let first = !std::mem::replace(&mut class.used, true);
        if first {
            for n in &class.rules {
                if let Some(rule) = rules.get_mut(*n) {
                    rule.output = output;
                }
            }
            return class.rules.clone();
        }
        let mut copies = Vec::new();
        for n in &class.rules {
            let Some(mut copy) = rules.get(*n).cloned() else {
                continue;
            };
            copy.output = output;
            copy.rank = Rank::Copy;
            let number = rules.len();
            rules.push(copy);
            self.copies.entry(*n).or_default().push(number);
            copies.push(number);
        }
        copies
    }
}
