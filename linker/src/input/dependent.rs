//! Libraries that objects themselves ask for: `.deplibs`, which clang makes of `#pragma comment(lib, "m")`.
//!
//! Each string names a library: as after `-l`, else a file in the library directories, else a file. Which objects are
//! linked is known after resolution only, so a link with new wishes is resolved once more with these libraries behind all
//! others (lld does it while it reads). GNU ld knows no such section, so a library that is not there is an error only where
//! `--dependent-libraries` says so; what is missing then is an undefined symbol.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::InputName;
use super::load::{Opened, open_inputs};
use super::paths::SearchPath;
use super::store::Store;
use crate::LinkError;
use crate::elf::Elf;
use crate::options::{InputArg, InputKind, InputMode, Options};
use crate::report::Report;
use crate::symbols::resolve::Resolved;

/// SHT_LLVM_DEPENDENT_LIBRARIES
pub const DEPENDENT_LIBRARIES: u32 = 0x6fff_4c04;

/// Libraries that are looked for at most: each costs a search through all directories.
const MOST: usize = 1024;

/// A resolution, and the inputs it needed beyond those that were opened.
pub type Complete<'d, E> = (Resolved<'d, E>, Option<Opened<'d>>);

/// A resolution of some inputs.
type Again<'f, 'd, E> = dyn Fn(&Opened<'d>) -> Result<Option<Resolved<'d, E>>, LinkError> + 'f;

/// Resolves until no linked object asks for a library that was not looked for. None: `again` has found intermediate code
/// that needs a plugin first.
///
/// # Errors
/// Those of `again`.
pub fn resolve<'d, E: Elf>(
    opened: &Opened<'d>,
    opts: &Options,
    store: &'d Store,
    report: &Report,
    again: &Again<'_, 'd, E>,
) -> Result<Option<Complete<'d, E>>, LinkError> {
    let mark = report.mark();
    let Some(mut resolved) = again(opened)? else {
        return Ok(None);
    };
    let mut extended: Option<Opened<'d>> = None;
    let mut missing = Vec::new();
    while opts.dependent_libraries != Some(false) {
        let before = extended.as_ref().unwrap_or(opened);
        let Some(more) = with_new(&resolved, before, opts, store, report, &mut missing) else {
            break;
        };
        report.rewind(mark);
        let Some(next) = again(&more)? else {
            return Ok(None);
        };
        resolved = next;
        extended = Some(more);
    }
    for text in missing {
        match opts.dependent_libraries {
            Some(true) => report.error(text),
            _ => report.warn(text),
        }
    }
    Ok(Some((resolved, extended)))
}

/// The inputs with the libraries that linked objects ask for and that were not looked for yet; None: there is none.
fn with_new<'d, E: Elf>(
    r: &Resolved<'d, E>,
    opened: &Opened<'d>,
    opts: &Options,
    store: &'d Store,
    report: &Report,
    missing: &mut Vec<String>,
) -> Option<Opened<'d>> {
    let mut wishes: Vec<(&OsStr, &InputName)> = Vec::new();
    let mut known: HashSet<&OsStr> = opened.dependent.iter().map(OsString::as_os_str).collect();
    for o in r.objects.iter().filter(|o| o.deplibs != 0) {
        let names = o.section_data(o.deplibs).split(|byte| *byte == 0);
        for name in names.filter(|name| !name.is_empty()) {
            let name = OsStr::from_bytes(name);
            if known.len() < MOST && known.insert(name) {
                wishes.push((name, &o.name));
            }
        }
    }
    let (_, last) = wishes.last()?;
    if known.len() == MOST {
        report.error(format!(
            "{last}: the objects ask for {MOST} libraries and more (.deplibs; --no-dependent-libraries ignores it)"
        ));
        return None;
    }
    let search = SearchPath::new(opts);
    let mut kinds = Vec::new();
    for (name, by) in &wishes {
        match find(name, &search, opts, store) {
            Some(kind) => kinds.push(kind),
            None => missing.push(format!(
                "cannot find library '{}', which {by} asks for (.deplibs; --no-dependent-libraries ignores it)",
                name.display()
            )),
        }
    }
    let mode = InputMode {
        static_libs: opts.static_output,
        ..InputMode::default()
    };
    let only = Options {
        inputs: kinds
            .into_iter()
            .map(|kind| InputArg { kind, mode })
            .collect(),
        scripts: Vec::new(),
        ..opts.clone()
    };
    let mut all = opened.clone();
    all.dependent
        .extend(wishes.iter().map(|(name, _)| OsString::from(name)));
    all.append(open_inputs(&only, store, report));
    Some(all)
}

/// What a wish means.
fn find(name: &OsStr, search: &SearchPath, opts: &Options, store: &Store) -> Option<InputKind> {
    let opens = |path: &Path| store.open(path).is_ok().then(|| path.to_path_buf());
    if search.library(name, opts.static_output, opens).is_some() {
        return Some(InputKind::Library(name.to_os_string()));
    }
    let path = Path::new(name);
    let file = search.file(path, opens).or_else(|| opens(path))?;
    Some(InputKind::File(file))
}
