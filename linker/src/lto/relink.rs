//! The second half of a link with IR: the inputs once more, with compiled objects in place of the IR.
//!
//! What resolution has decided stays decided: the objects and archive members it linked come in the order in which it linked
//! them, the compiled objects stand where the first IR file stood, and a COMDAT group that IR has won is theirs even if nothing
//! marks it as a group any more: GCC makes plain definitions of what it knows to prevail. Behind them all archives are there for what compilation newly refers to.

use std::path::Path;

use super::host::Added;
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::load::{Item, Opened, open_inputs};
use crate::input::store::Store;
use crate::options::{InputArg, InputKind, InputMode, Options};
use crate::report::Report;
use crate::symbols::resolve::{Linked, Resolved};

/// Makes the inputs of the second half.
pub fn inputs<'d, E: Elf>(
    opened: &Opened<'d>,
    r: &Resolved<'d, E>,
    added: &Added,
    opts: &Options,
    store: &'d Store,
    report: &Report,
) -> Opened<'d> {
    let mut out = Opened {
        items: Vec::with_capacity(opened.items.len()),
        archives: opened.archives.clone(),
        externs: opened.externs.clone(),
        entry: opened.entry.clone(),
        version_scripts: opened.version_scripts.clone(),
        assignments: opened.assignments.clone(),
        script_names: opened.script_names.clone(),
        layout: opened.layout.clone(),
        asserts: opened.asserts.clone(),
        bytes: opened.bytes,
        machine: opened.machine,
        machine_from: opened.machine_from.clone(),
        paths: opened.paths.clone(),
        ir_groups: r.ir_groups.clone(),
        ir_visibility: r.ir_visibility.clone(),
        bitcode: false,
        dependent: opened.dependent.clone(),
    };
    for &(archive, header) in &r.members {
        if let Some(a) = out.archives.get_mut(archive as usize) {
            a.linked.push(header);
        }
    }
    let mut compiled = Some(open_files(added, store, report));
    let mut objects = r.objects.iter();
    let mut used = vec![false; opened.items.len()];
    for step in &r.order {
        match *step {
            Linked::Object(item) => {
                let Some(o) = objects.next() else { continue };
                if let Some(u) = used.get_mut(item as usize) {
                    *u = true;
                }
                if o.ir.is_some() {
                    out.items.extend(compiled.take().into_iter().flatten());
                } else if let Some(item) = opened.items.get(item as usize)
                    && !matches!(item, Item::Archive { .. })
                {
                    out.items.push(item.clone());
                } else {
                    out.items.push(Item::Linked {
                        name: o.name.clone(),
                        data: o.data,
                        excluded: o.excluded_lib,
                        compiled: false,
                    });
                }
            }
            Linked::Shared(item) => out.items.extend(opened.items.get(item as usize).cloned()),
            Linked::Assign(index) => out.items.push(Item::Assign { index }),
        }
    }
    out.items.push(Item::GroupStart);
    let mut in_lib = false;
    for (item, used) in opened.items.iter().zip(used) {
        match item {
            Item::Archive { archive, mode } => out.items.push(Item::Archive {
                archive: *archive,
                mode: InputMode {
                    whole_archive: false,
                    ..*mode
                },
            }),
            Item::LibStart | Item::LibEnd => {
                in_lib = matches!(item, Item::LibStart);
                out.items.push(item.clone());
            }
            Item::Object { .. } if in_lib && !used => out.items.push(item.clone()),
            _ => {}
        }
    }
    if in_lib {
        out.items.push(Item::LibEnd);
    }
    add_libraries(&mut out, added, opts, store, report);
    out.items.push(Item::GroupEnd);
    out
}

/// Whether an added file is a library (of `-pass-through=`) and no object.
fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "a")
}

/// The objects that compilation made.
fn open_files<'d>(added: &Added, store: &'d Store, report: &Report) -> Vec<Item<'d>> {
    let mut items = Vec::new();
    for path in added.files.iter().filter(|p| !is_archive(p)) {
        match store.open(path) {
            Ok(data) => items.push(Item::Linked {
                name: InputName::file(path),
                data,
                excluded: false,
                compiled: true,
            }),
            Err(e) => report.error(format!("cannot open {}: {e}", path.display())),
        }
    }
    items
}

/// Libraries the plugin wants searched (GCC's `-pass-through=`), behind those that are there.
fn add_libraries<'d>(
    out: &mut Opened<'d>,
    added: &Added,
    opts: &Options,
    store: &'d Store,
    report: &Report,
) {
    let known: Vec<_> = opts
        .inputs
        .iter()
        .filter_map(|i| match &i.kind {
            InputKind::Library(name) => Some(name),
            _ => None,
        })
        .collect();
    let missing = added.libraries.iter().filter(|l| !known.contains(l));
    let mut kinds: Vec<InputKind> = missing.cloned().map(InputKind::Library).collect();
    let archives = added.files.iter().filter(|p| is_archive(p));
    kinds.extend(archives.cloned().map(InputKind::File));
    if kinds.is_empty() {
        return;
    }
    let mut only = only(opts, kinds);
    only.library_dirs.extend(added.directories.iter().cloned());
    let more = open_inputs(&only, store, report);
    out.append(more);
}

/// The same link with these inputs only.
fn only(opts: &Options, kinds: Vec<InputKind>) -> Options {
    Options {
        inputs: kinds
            .into_iter()
            .map(|kind| InputArg {
                kind,
                mode: InputMode {
                    as_needed: true,
                    static_libs: opts.static_output,
                    ..InputMode::default()
                },
            })
            .collect(),
        scripts: Vec::new(),
        ..opts.clone()
    }
}
