//! The layout commands of all scripts, in one list in the order in which they take effect.
//!
//! GNU ld manual, "SECTIONS", "Overlay Description", "INSERT". Nothing is looked at but the scripts: this is made when
//! they are read, so that the symbols they define are known to resolution.

use super::classes::Classes;
use super::rule::{Rank, Rule};
use crate::input::store::Store;
use crate::options::Options;
use crate::script::{
    Assignment, Constraint, Expr, Fill, MemoryRegion, OutputSectionType, OutputSpec, Overlay,
    PhdrSpec, Place, ScriptCommand, SectionStatement, SectionsItem,
};
use crate::symbols::resolve::collect_names;

/// One step of the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Index into [`Plan::assigns`].
    Assign(usize),
    /// Index into [`Plan::asserts`].
    Assert(usize),
    /// Index into [`Plan::outputs`].
    Output(usize),
}

/// One statement between the braces of an output section.
#[derive(Clone, Debug)]
pub enum Stmt {
    Assign(usize),
    Assert(usize),
    /// The input sections of a rule: index into [`Plan::rules`].
    Input(usize),
    /// A class of sections, until all scripts are read.
    Class(usize),
    /// A number of so many bytes.
    Data(u8, Expr, Place),
    Text(Vec<u8>),
    Fill(Fill),
}

#[derive(Clone, Debug)]
pub struct Assign {
    pub assignment: Assignment,
    /// Its number among all assignments of the link; None for `.`.
    pub index: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Assert {
    pub condition: Expr,
    pub message: Vec<u8>,
    pub place: Place,
}

/// How the load addresses of an overlay's sections follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverlayRole {
    #[default]
    None,
    First,
    /// Loaded behind the section before it.
    Next,
}

/// An output section as a script describes it.
#[derive(Clone, Debug, Default)]
pub struct OutputPlan<'d> {
    pub name: &'d [u8],
    pub place: Place,
    pub address: Option<Expr>,
    pub kind: OutputSectionType,
    pub load_address: Option<Expr>,
    pub align: Option<Expr>,
    pub align_with_input: bool,
    pub subalign: Option<Expr>,
    pub constraint: Constraint,
    pub body: Vec<Stmt>,
    pub region: Option<Vec<u8>>,
    pub load_region: Option<Vec<u8>>,
    pub phdrs: Vec<Vec<u8>>,
    pub fill: Option<Fill>,
    pub overlay: OverlayRole,
    /// The last section of an overlay has the names of all of them: `.` moves behind the longest.
    pub overlaid: Vec<Vec<u8>>,
}

/// `NOCROSSREFS`.
#[derive(Clone, Debug)]
pub struct NoCrossRefs {
    pub to_first: bool,
    pub sections: Vec<Vec<u8>>,
}

/// What the scripts ask for.
#[derive(Clone, Debug, Default)]
pub struct Plan<'d> {
    pub items: Vec<Item>,
    pub outputs: Vec<OutputPlan<'d>>,
    pub assigns: Vec<Assign>,
    pub asserts: Vec<Assert>,
    pub rules: Vec<Rule>,
    pub regions: Vec<MemoryRegion>,
    /// (alias, region)
    pub aliases: Vec<(Vec<u8>, Vec<u8>)>,
    /// None: the linker makes the segments.
    pub phdrs: Option<Vec<PhdrSpec>>,
    pub no_cross_refs: Vec<NoCrossRefs>,
    /// Output sections of OVERWRITE_SECTIONS that no script describes: they go where an orphan would.
    pub adrift: Vec<usize>,
    pub classes: Classes,
    /// What is wrong with the scripts, as far as it was found while they were read.
    errors: Vec<String>,
    /// The linker's own script is the base (a script with INSERT alone).
    pub builtin: bool,
    inserts: Vec<Insert>,
    overwrites: Vec<usize>,
    /// Some script laid something out.
    lays_out: bool,
}

#[derive(Clone, Debug)]
struct Insert {
    after: bool,
    section: Vec<u8>,
    items: Vec<Item>,
}

impl<'d> Plan<'d> {
    /// Whether there is anything the default layout does not do.
    pub fn is_needed(&self) -> bool {
        self.lays_out
    }

    /// Whether sections may go to a later place when there is no room in the first.
    pub fn spills(&self, opts: &Options) -> bool {
        opts.shape.non_contiguous || !self.classes.copies.is_empty()
    }

    /// Whether scripts with INSERT, OVERWRITE_SECTIONS or NOCROSSREFS alone were read, so that the linker's own script has to be the base.
    pub fn wants_base(&self) -> bool {
        let adds = !self.inserts.is_empty()
            || !self.overwrites.is_empty()
            || !self.no_cross_refs.is_empty();
        let describes = |item: &Item| matches!(item, Item::Output(_));
        adds && !self.items.iter().any(describes)
    }

    /// Adds the commands of one script. `define` is told every assignment to a symbol and gives its number.
    pub fn add(
        &mut self,
        commands: &[ScriptCommand],
        store: &'d Store,
        define: &mut dyn FnMut(&Assignment) -> usize,
    ) {
        let start = self.items.len();
        for command in commands {
            match command {
                ScriptCommand::Assign(a) => {
                    let n = self.assign(a, define);
                    self.items.push(Item::Assign(n));
                }
                ScriptCommand::Assert(condition, message, place) => {
                    let n = self.assertion(condition, message, place);
                    self.items.push(Item::Assert(n));
                }
                ScriptCommand::Sections(list) => {
                    self.lays_out = true;
                    for item in list {
                        self.sections_item(item, store, define);
                    }
                }
                ScriptCommand::Memory(regions) => {
                    self.lays_out = true;
                    self.regions.extend(regions.iter().cloned());
                }
                ScriptCommand::RegionAlias { alias, region } => {
                    self.aliases.push((alias.clone(), region.clone()));
                }
                ScriptCommand::Phdrs(list) => {
                    self.lays_out = true;
                    self.phdrs
                        .get_or_insert_default()
                        .extend(list.iter().cloned());
                }
                ScriptCommand::Overwrite(list) => {
                    self.lays_out = true;
                    let own = self.items.len();
                    for item in list {
                        self.sections_item(item, store, define);
                    }
                    for item in self.items.split_off(own) {
                        match item {
                            Item::Output(n) => self.overwrites.push(n),
                            other => self.items.push(other),
                        }
                    }
                }
                ScriptCommand::NoCrossRefs { to_first, sections } => {
                    self.lays_out = true;
                    self.no_cross_refs.push(NoCrossRefs {
                        to_first: *to_first,
                        sections: sections.clone(),
                    });
                }
                ScriptCommand::Insert { after, section } => {
                    let items = self.items.split_off(start.min(self.items.len()));
                    self.inserts.push(Insert {
                        after: *after,
                        section: section.clone(),
                        items,
                    });
                }
                _ => {}
            }
        }
    }

    /// Puts what INSERT moves in its place; all scripts have been read.
    pub fn finish(&mut self) -> Vec<String> {
        let mut errors = std::mem::take(&mut self.errors);
        let mut tails: Vec<(Vec<u8>, usize)> = Vec::new();
        for insert in std::mem::take(&mut self.inserts) {
            let name = insert.section.as_slice();
            let found = self.items.iter().position(|item| match item {
                Item::Output(n) => self.outputs.get(*n).is_some_and(|o| o.name == name),
                _ => false,
            });
            let Some(at) = found else {
                errors.push(format!(
                    "INSERT {} {}: the script has no such output section",
                    if insert.after { "AFTER" } else { "BEFORE" },
                    String::from_utf8_lossy(name)
                ));
                continue;
            };
            // Several insertions after one section keep their order.
            let before: usize = tails
                .iter()
                .filter(|(n, _)| insert.after && n == name)
                .map(|(_, count)| count)
                .sum();
            let at = if insert.after {
                self.behind(at) + before
            } else {
                at
            };
            tails.push((insert.section.clone(), insert.items.len()));
            let at = at.min(self.items.len());
            self.items.splice(at..at, insert.items);
        }
        self.overwrite();
        let mut classes = std::mem::take(&mut self.classes);
        classes.expand(&self.items, &mut self.outputs, &mut self.rules, &mut errors);
        self.classes = classes;
        errors
    }

    /// Puts the descriptions of OVERWRITE_SECTIONS in the place of those they replace.
    fn overwrite(&mut self) {
        for new in std::mem::take(&mut self.overwrites) {
            let name = |n: usize| self.outputs.get(n).map(|o| o.name);
            let replaced = |item: &Item| match item {
                Item::Output(n) => name(*n) == name(new),
                _ => false,
            };
            let old = match self.items.iter_mut().find(|item| replaced(item)) {
                Some(item) => match std::mem::replace(item, Item::Output(new)) {
                    Item::Output(old) => Some(old),
                    _ => None,
                },
                None => {
                    self.adrift.push(new);
                    None
                }
            };
            for rule in &mut self.rules {
                if rule.output == new {
                    rule.rank = Rank::Overwrites;
                } else if Some(rule.output) == old {
                    rule.rank = Rank::Replaced;
                }
            }
        }
    }

    /// The symbols that addresses, data and assertions refer to; those of assignments to symbols are looked at when
    /// the assignment counts.
    pub fn names(&self) -> Vec<Vec<u8>> {
        let look = |e: &'_ Expr| {
            let mut names = Vec::new();
            collect_names(e, &mut names);
            names.iter().map(|n| n.to_vec()).collect::<Vec<_>>()
        };
        let mut all: Vec<Vec<u8>> = Vec::new();
        for a in self.assigns.iter().filter(|a| a.index.is_none()) {
            all.extend(look(&a.assignment.expr));
        }
        for a in &self.asserts {
            all.extend(look(&a.condition));
        }
        for r in &self.regions {
            all.extend(look(&r.origin));
            all.extend(look(&r.length));
        }
        for o in &self.outputs {
            let parts = [&o.address, &o.load_address, &o.align, &o.subalign];
            for e in parts.into_iter().flatten() {
                all.extend(look(e));
            }
            for s in &o.body {
                if let Stmt::Data(_, e, _) | Stmt::Fill(Fill::Expr(e)) = s {
                    all.extend(look(e));
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Where something that follows output section item `at` goes: behind the assignments to symbols that follow it,
    /// but before an assignment to `.`, which belongs to what comes next.
    pub fn behind(&self, at: usize) -> usize {
        let mut place = at + 1;
        while let Some(item) = self.items.get(place) {
            match item {
                Item::Output(_) => break,
                Item::Assign(n) if self.assigns.get(*n).is_some_and(|a| a.index.is_none()) => break,
                _ => place += 1,
            }
        }
        place
    }

    fn assign(&mut self, a: &Assignment, define: &mut dyn FnMut(&Assignment) -> usize) -> usize {
        let index = (a.name != b".").then(|| define(a));
        self.assigns.push(Assign {
            assignment: a.clone(),
            index,
        });
        self.assigns.len() - 1
    }

    fn assertion(&mut self, condition: &Expr, message: &[u8], place: &Place) -> usize {
        self.asserts.push(Assert {
            condition: condition.clone(),
            message: message.to_vec(),
            place: place.clone(),
        });
        self.asserts.len() - 1
    }

    fn sections_item(
        &mut self,
        item: &SectionsItem,
        store: &'d Store,
        define: &mut dyn FnMut(&Assignment) -> usize,
    ) {
        match item {
            SectionsItem::Assign(a) => {
                let n = self.assign(a, define);
                self.items.push(Item::Assign(n));
            }
            SectionsItem::Assert(condition, message, place) => {
                let n = self.assertion(condition, message, place);
                self.items.push(Item::Assert(n));
            }
            // Read when the script was opened.
            SectionsItem::Entry(_) => {}
            SectionsItem::Class(class) => {
                let described = self.classes.describe(class, &mut self.rules);
                self.errors.extend(described.err());
            }
            SectionsItem::Output(spec) => {
                let n = self.output(spec, store, define);
                self.items.push(Item::Output(n));
            }
            SectionsItem::Overlay(overlay) => self.overlay(overlay, store, define),
        }
    }

    fn output(
        &mut self,
        spec: &OutputSpec,
        store: &'d Store,
        define: &mut dyn FnMut(&Assignment) -> usize,
    ) -> usize {
        let number = self.outputs.len();
        self.outputs.push(OutputPlan::default());
        let mut body = Vec::with_capacity(spec.body.len());
        for statement in &spec.body {
            body.push(match statement {
                SectionStatement::Assign(a) => Stmt::Assign(self.assign(a, define)),
                SectionStatement::Assert(condition, message, place) => {
                    Stmt::Assert(self.assertion(condition, message, place))
                }
                SectionStatement::Input(input) => {
                    self.rules.push(Rule::new(input, number));
                    Stmt::Input(self.rules.len() - 1)
                }
                SectionStatement::Class(name, place) => {
                    Stmt::Class(self.classes.named(name, place))
                }
                SectionStatement::Data {
                    bytes,
                    value,
                    place,
                } => Stmt::Data(*bytes, value.clone(), place.clone()),
                SectionStatement::Text(text) => Stmt::Text(text.clone()),
                SectionStatement::Fill(fill) => Stmt::Fill(fill.clone()),
                // ELF has no constructor tables of the linker's own making, and the version is in `.comment`.
                SectionStatement::Keyword(_) => continue,
            });
        }
        let plan = OutputPlan {
            name: store.keep(spec.name.clone()),
            place: spec.place.clone(),
            address: spec.address.clone(),
            kind: spec.kind.clone(),
            load_address: spec.load_address.clone(),
            align: spec.align.clone(),
            align_with_input: spec.align_with_input,
            subalign: spec.subalign.clone(),
            constraint: spec.constraint,
            body,
            region: spec.region.clone(),
            load_region: spec.load_region.clone(),
            phdrs: spec.phdrs.clone(),
            fill: spec.fill.clone(),
            overlay: OverlayRole::None,
            overlaid: Vec::new(),
        };
        if let Some(slot) = self.outputs.get_mut(number) {
            *slot = plan;
        }
        number
    }

    /// OVERLAY: sections at one address, loaded one behind the other; then `.` is behind the longest of them.
    fn overlay(
        &mut self,
        overlay: &Overlay,
        store: &'d Store,
        define: &mut dyn FnMut(&Assignment) -> usize,
    ) {
        let Some(first) = overlay.sections.first() else {
            return;
        };
        let call = |function: &[u8], section: &[u8]| {
            Expr::Call(function.to_vec(), vec![Expr::Symbol(section.to_vec())])
        };
        for (i, section) in overlay.sections.iter().enumerate() {
            let n = self.output(section, store, define);
            let Some(out) = self.outputs.get_mut(n) else {
                continue;
            };
            out.region.clone_from(&overlay.region);
            out.load_region.clone_from(&overlay.load_region);
            if out.phdrs.is_empty() {
                out.phdrs.clone_from(&overlay.phdrs);
            }
            out.fill = out.fill.take().or_else(|| overlay.fill.clone());
            if i == 0 {
                out.address.clone_from(&overlay.address);
                out.load_address.clone_from(&overlay.load_address);
                out.overlay = OverlayRole::First;
            } else {
                out.address = Some(call(b"ADDR", &first.name));
                out.overlay = OverlayRole::Next;
            }
            let place = out.place.clone();
            self.items.push(Item::Output(n));
            let size = call(b"SIZEOF", &section.name);
            let word: Vec<u8> = section
                .name
                .iter()
                .copied()
                .filter(|c| c.is_ascii_alphanumeric() || *c == b'_')
                .collect();
            let start = call(b"LOADADDR", &section.name);
            let stop = Expr::Binary("+", Box::new(start.clone()), Box::new(size));
            for (prefix, expr) in [(&b"__load_start_"[..], start), (b"__load_stop_", stop)] {
                let a = Assignment {
                    name: [prefix, &word].concat(),
                    expr,
                    provide: true,
                    hidden: false,
                    in_section: false,
                    place: place.clone(),
                };
                let n = self.assign(&a, define);
                self.items.push(Item::Assign(n));
            }
        }
        if let Some(last) = self.outputs.last_mut() {
            last.overlaid = overlay.sections.iter().map(|s| s.name.clone()).collect();
        }
        if overlay.no_cross_refs {
            self.no_cross_refs.push(NoCrossRefs {
                to_first: false,
                sections: overlay.sections.iter().map(|s| s.name.clone()).collect(),
            });
        }
    }
}
