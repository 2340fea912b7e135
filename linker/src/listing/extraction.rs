//! Why files are part of the link: `--why-extract`, `--print-archive-stats`, `--print-dependencies`, `--warn-backrefs`, `-t -t`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::elf::Elf;
use crate::input::archive;
use crate::input::load::Opened;
use crate::input::object::Place;
use crate::options::Options;
use crate::report::Report;
use crate::script::{Glob, GlobSet};
use crate::symbols::FileRef;
use crate::symbols::bind::Program;

/// What a file is called; the command line for none.
pub fn file_name<E: Elf>(p: &Program<'_, E>, file: FileRef) -> String {
    let object = file.as_object().and_then(|f| p.objects.get(f));
    let shared = file.as_shared().and_then(|f| p.shared.get(f));
    match (object, shared) {
        (Some(o), _) => o.name.to_string(),
        (_, Some(s)) => s.name.to_string(),
        _ => "<command line>".into(),
    }
}

/// `--why-extract`: lld's three columns, separated by tabs.
pub fn why<E: Elf>(p: &Program<'_, E>, opts: &Options) -> String {
    let mut out = String::from("reference\textracted\tsymbol\n");
    for i in p.inclusions.iter().filter(|i| i.file.as_object().is_some()) {
        let (by, file) = (file_name(p, i.by), file_name(p, i.file));
        let symbol = opts.shown(p.symbols.name(i.symbol));
        let _ = writeln!(out, "{by}\t{file}\t{symbol}");
    }
    out
}

/// `--print-archive-stats`: members, and how many of them are linked, by archive; lld's columns.
pub fn archive_stats<E: Elf>(p: &Program<'_, E>, opened: &Opened<'_>) -> String {
    let mut linked: HashMap<&Path, usize> = HashMap::new();
    for o in p.objects.iter().filter(|o| o.name.member.is_some()) {
        *linked.entry(&o.name.path).or_default() += 1;
    }
    let mut out = String::from("members\textracted\tarchive\n");
    for a in &opened.archives {
        let members = archive::parse(a.data).map_or(0, |a| a.members().flatten().count());
        let extracted = linked.get(a.path.as_path()).copied().unwrap_or(0);
        let _ = writeln!(out, "{members}\t{extracted}\t{}", a.path.display());
    }
    out
}

/// `--print-dependencies`: which file uses which symbol of which other file; mold's columns.
pub fn dependencies<E: Elf>(p: &Program<'_, E>, opts: &Options) -> String {
    let mut out = String::from("# user\tdefiner\tsymbol\n");
    for (n, o) in p.objects.iter().enumerate() {
        for i in o.globals() {
            let info = p.symbols.info(o.symbol_id(i));
            let refers = matches!(o.place(i, &o.symbol(i)), Place::Undefined);
            let defined = info.file.as_object().is_some() || info.file.as_shared().is_some();
            let known = info.state >= crate::symbols::State::Shared && defined;
            if !refers || !known || info.file == FileRef::object(n) {
                continue;
            }
            let symbol = opts.shown(p.symbols.name(o.symbol_id(i)));
            let _ = writeln!(out, "{}\t{}\t{symbol}", o.name, file_name(p, info.file));
        }
    }
    out
}

/// `--warn-backrefs`: members that only a second look at their archive found, because what refers to them stands after it.
/// GNU ld without `--start-group` would not have linked them.
pub fn warn_backrefs<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report) {
    let excluded = opts.backrefs_exclude.iter().map(|g| (Glob::new(g), 0));
    let excluded = GlobSet::new(excluded);
    for i in p.inclusions.iter().filter(|i| i.backward) {
        let Some(o) = i.file.as_object().and_then(|f| p.objects.get(f)) else {
            continue;
        };
        let path = o.name.path.to_string_lossy();
        if !excluded.is_empty() && excluded.matches(path.as_bytes()) {
            continue;
        }
        report.warn(format!(
            "backward reference detected: {} in {} refers to {}",
            opts.shown(p.symbols.name(i.symbol)),
            file_name(p, i.by),
            o.name
        ));
    }
}

/// `-t -t`: the members that are linked, too.
pub fn members<E: Elf>(p: &Program<'_, E>) -> String {
    let members = p.objects.iter().filter(|o| o.name.member.is_some());
    members.map(|o| format!("{}\n", o.name)).collect()
}
