//! Would this platform load this file? A kernel's and a run-time linker's rules, applied to an ELF file.
//!
//! Reading order: [`file`] (the file as a kernel reads it; hostile bytes included), [`conditions`] (what more than one
//! platform asks), then one file a platform, each a table of [`Rule`]s: [`illumos`] with [`illumos_rtld`] (its run-time
//! linker), [`tables`] (hash table, symbols, versions) and [`tls_scan`] (accesses to thread-local variables), [`linux`], [`musl`],
//! [`freebsd`], [`netbsd`], [`openbsd`], [`dragonfly`], [`haiku`]. [`own`] is the check of what this linker is about to write, [`command`] is
//! `--verify-load`.
//!
//! The rules of illumos are those of illumos-gate's `uts/common/exec/elf/elf.c`, `uts/common/os/mmapobj.c`,
//! `cmd/sgs/rtld` and `uts/intel/amd64/krtld/doreloc.c`; the ids (K kernel, R run-time linker, S static, W warning) are
//! stable, so that a message can be looked up.

pub mod command;
pub mod conditions;
pub mod dragonfly;
pub mod file;
pub mod freebsd;
pub mod haiku;
pub mod illumos;
pub mod illumos_rtld;
pub mod linux;
pub mod musl;
pub mod netbsd;
pub mod openbsd;
pub mod own;
pub mod tables;
pub mod tls_scan;

use self::file::{File, Unreadable};

/// The platforms whose rules are known, by the name `--verify-load` takes and [`wcc_targets::LoadRules`] has.
static PLATFORMS: [(&str, &Platform); 9] = [
    ("illumos", &illumos::PLATFORM),
    ("solaris", &illumos::PLATFORM),
    ("linux", &linux::PLATFORM),
    ("musl", &musl::PLATFORM),
    ("freebsd", &freebsd::PLATFORM),
    ("netbsd", &netbsd::PLATFORM),
    ("openbsd", &openbsd::PLATFORM),
    ("dragonfly", &dragonfly::PLATFORM),
    ("haiku", &haiku::PLATFORM),
];

/// One platform's rules.
pub struct Platform {
    /// What is broken when the file has no ELF header this kernel could read.
    pub not_elf: Rule,
    /// What is broken when the program header table cannot be read.
    pub bad_table: Rule,
    /// Tables of rules, in the order they are applied.
    pub rules: &'static [&'static [Rule]],
}

/// What a file is to the loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// exec(2) starts it.
    Program,
    /// The run-time linker maps it.
    Library,
}

/// Which files a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Programs,
    Libraries,
    /// Libraries, and programs with an interpreter: what a run-time linker gets to see.
    Loaded,
    Both,
}

/// What a rule looks at. The check of our own output has headers, the interpreter's name and the dynamic section only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Headers,
    Contents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not load, or computes something else.
    Broken,
    /// It loads; something is likely not as meant.
    Warning,
}

/// One rule.
pub struct Rule {
    pub id: &'static str,
    pub on: On,
    pub needs: Needs,
    pub severity: Severity,
    /// The function that has the rule, as `who: function`.
    pub by: &'static str,
    /// What happens there.
    pub effect: &'static str,
    pub mend: &'static str,
    /// In which way the file breaks the rule; None: it does not.
    pub broken: fn(&File<'_>) -> Option<String>,
}

/// Writes a table of rules, one a paragraph:
/// `id, on, needs, severity, "by", "effect", "mend", condition;`.
macro_rules! rules {
    ($table:ident: $($id:literal, $on:ident, $needs:ident, $severity:ident, $by:literal, $effect:literal, $mend:literal, $broken:expr;)*) => {
        pub static $table: &[$crate::verify::Rule] = &[$($crate::verify::Rule {
            id: $id,
            on: $crate::verify::On::$on,
            needs: $crate::verify::Needs::$needs,
            severity: $crate::verify::Severity::$severity,
            by: $by,
            effect: $effect,
            mend: $mend,
            broken: $broken,
        }),*];
    };
}
pub(crate) use rules;

/// A rule that a file breaks.
pub struct Finding {
    pub rule: &'static Rule,
    /// In which way, with the numbers.
    pub what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let r = self.rule;
        write!(f, "{}: {}; {}: {}", r.id, self.what, r.by, r.effect)?;
        if r.mend.is_empty() {
            return Ok(());
        }
        write!(f, "; to mend: {}", r.mend)
    }
}

/// The platform of that name.
pub fn platform(name: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().find(|(n, _)| *n == name).map(|(_, p)| *p)
}

/// The names that [`platform`] knows.
pub fn platform_names() -> impl Iterator<Item = &'static str> {
    PLATFORMS.iter().map(|(n, _)| *n)
}

/// Every rule of the platform that the file breaks. Never panics, whatever the bytes are.
pub fn check(platform: &'static Platform, bytes: &[u8]) -> Vec<Finding> {
    match File::parse(bytes) {
        Ok(file) => apply(platform, &file, Needs::Contents),
        Err(Unreadable::NotElf(what)) => vec![Finding {
            rule: &platform.not_elf,
            what,
        }],
        Err(Unreadable::BadTable(what)) => vec![Finding {
            rule: &platform.bad_table,
            what,
        }],
    }
}

/// Applies the rules that need no more than `has`.
fn apply(platform: &'static Platform, file: &File<'_>, has: Needs) -> Vec<Finding> {
    let role = file.role();
    let interp = file.segment(object::elf::PT_INTERP).is_some();
    let fits = |r: &Rule| {
        (r.needs == Needs::Headers || has == Needs::Contents)
            && match r.on {
                On::Both => true,
                On::Programs => role == Role::Program,
                On::Libraries => role == Role::Library,
                On::Loaded => role == Role::Library || interp,
            }
    };
    let rules = platform.rules.iter().flat_map(|t| t.iter());
    rules
        .filter(|r| fits(r))
        .filter_map(|rule| (rule.broken)(file).map(|what| Finding { rule, what }))
        .collect()
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
