//! The compiler command's options: one static table, and look-ups in it.
//!
//! `table.rs` has a row an option; the parser here, `--wcc-help` and the manual page are made from
//! it. Nothing is built at start-up: the table is sorted and searched in place.

mod completion;
mod help;
mod table;

pub use completion::completion;
pub use help::{help_text, man_page};
pub use table::TABLE;

/// How an option takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `-c`: none.
    Flag,
    /// `-std=c11`, `-O2`: glued (may be empty).
    Joined,
    /// `-Xlinker ARG`: the next word.
    Separate,
    /// `-o FILE` or `-oFILE`.
    Either,
}

/// Who reads an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The compiler only.
    Compile,
    /// The link only; kept from compile jobs, where clang would warn about it.
    Link,
    /// Compile jobs and the link both look at it.
    Both,
    /// wcc alone: never passed on.
    Wcc,
    /// A question: the delegate answers it, or wcc does where it knows better.
    Query,
}

/// Which compilers know an option. What a delegate does not know is translated or kept from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    All,
    Clang,
    Gcc,
}

/// What the planner does with an option; `Other` for options that only travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Other,
    /// Stops before linking: `-c -S -E -M -MM -fsyntax-only` and the like.
    NoLink,
    Output,
    Language,
    Library,
    LibraryDir,
    /// Words for the linker that keep their place among the inputs.
    LinkerWords,
    LinkerWord,
    /// `-z KEYWORD`.
    Keyword,
    /// Words that go before the start files, spelled as given.
    Early,
    /// Linker options gcc takes bare, passed on in place.
    Forward,
    Entry,
    Script,
    Prefix,
    Static,
    StaticPie,
    Shared,
    Pie,
    NoPie,
    Relocatable,
    NoStdlib,
    NoDefaultLibs,
    NoStartFiles,
    NoLibc,
    NoStdlibxx,
    StaticLibgcc,
    SharedLibgcc,
    StaticLibstdcxx,
    Rdynamic,
    Pthread,
    Profile,
    FastMath,
    NoFastMath,
    OpenMp,
    NoOpenMp,
    Coverage,
    ProfileRuntime,
    Sanitize,
    NoSanitize,
    /// What changes which sanitizer run-times are linked.
    SanitizeDetail,
    /// Words with a meaning on Solaris only.
    Solaris,
    /// `-Wp,...`: may name a dependency file.
    PreprocessorWords,
    Lto,
    NoLto,
    Specs,
    Offload,
    SplitStack,
    CompressDebug,
    FuseLd,
    LdPath,
    Target,
    M32,
    Mx32,
    Mabi,
    NoRelax,
    Relax,
    StackProtector,
    NoStackProtector,
    M64,
    Sysroot,
    GccToolchain,
    GccInstallDir,
    GccTriple,
    Rtlib,
    Unwindlib,
    Stdlib,
    Standard,
    DriverMode,
    DepGenerate,
    DepFile,
    DepTarget,
    /// Options whose side outputs are named after the output.
    Aux,
    DumpDir,
    /// `-MJ`: an entry for each source, in one file.
    CompilationEntry,
    SaveTemps,
    Verbose,
    DryRun,
    Version,
    PrintFileName,
    PrintProgName,
    PrintSearchDirs,
    PrintLibgcc,
    Explain,
    Help,
    Man,
    Install,
    Completion,
    LdDialect,
    Report,
    Werror,
}

/// One row of the table.
#[derive(Debug)]
pub struct Opt {
    /// With its dashes, and with `=` where that is part of it.
    pub name: &'static str,
    pub kind: Kind,
    pub who: Who,
    pub families: Families,
    pub id: Id,
    pub help: &'static str,
}

/// What a word turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'a> {
    pub index: usize,
    /// The glued argument, if there is one.
    pub joined: Option<&'a [u8]>,
    /// Whether the next word belongs to it.
    pub takes_next: bool,
}

/// Finds the row for a word that starts with `-`: of the rows that fit, the longest.
pub fn find(word: &[u8]) -> Option<Match<'_>> {
    // Rows that can be a prefix of the word share its first two bytes (`-` alone is no option).
    let head = word.get(..2)?;
    let start = TABLE.partition_point(|o| o.name.as_bytes().get(..2).unwrap_or_default() < head);
    let rows = TABLE
        .get(start..)?
        .iter()
        .take_while(|o| o.name.as_bytes().get(..2) == Some(head));
    let mut best: Option<Match> = None;
    let mut best_len = 0;
    for (offset, row) in rows.enumerate() {
        let Some(rest) = word.strip_prefix(row.name.as_bytes()) else {
            continue;
        };
        let fits = match row.kind {
            Kind::Flag | Kind::Separate => rest.is_empty(),
            Kind::Joined | Kind::Either => true,
        };
        if fits && row.name.len() >= best_len {
            best_len = row.name.len();
            let next = match row.kind {
                Kind::Separate => true,
                Kind::Either => rest.is_empty(),
                _ => false,
            };
            let joined = matches!(row.kind, Kind::Joined | Kind::Either) && !next;
            best = Some(Match {
                index: start + offset,
                joined: joined.then_some(rest),
                takes_next: next,
            });
        }
    }
    best
}

/// The known name nearest to an unknown word, if one is near enough to be meant.
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = word.split('=').next().unwrap_or(word);
    TABLE
        .iter()
        .filter(|o| o.name.len() > 2 && o.name.trim_end_matches('=') != word)
        .map(|o| {
            (
                distance(word.as_bytes(), o.name.trim_end_matches('=').as_bytes()),
                o.name,
            )
        })
        .filter(|(d, _)| *d <= 1 + word.len() / 5)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// Edits (insert, delete, replace) between two words.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (slot, y) in row.iter_mut().skip(1).zip(b) {
            let above = *slot;
            left = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *slot = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(word: &str) -> Option<Id> {
        find(word.as_bytes())
            .and_then(|m| TABLE.get(m.index))
            .map(|o| o.id)
    }

    #[test]
    fn the_table_is_sorted_without_doubles() {
        for pair in TABLE.windows(2) {
            if let [a, b] = pair {
                assert!(a.name < b.name, "{} comes before {}", b.name, a.name);
            }
        }
    }

    #[test]
    fn every_row_has_help() {
        for o in TABLE {
            assert!(!o.help.is_empty(), "{}", o.name);
        }
    }

    #[test]
    fn the_longest_row_wins() {
        assert_eq!(id("-static"), Some(Id::Static));
        assert_eq!(id("-static-pie"), Some(Id::StaticPie));
        assert_eq!(id("-std=c99"), Some(Id::Standard));
        assert_eq!(id("-fuse-ld=bfd"), Some(Id::FuseLd));
        assert_eq!(id("-fsanitize=address"), Some(Id::Sanitize));
        assert_eq!(id("-Wl,-x"), Some(Id::LinkerWords));
        assert_eq!(id("-Wall"), Some(Id::Other));
        assert_eq!(id("-lm"), Some(Id::Library));
        assert_eq!(id("-m32"), Some(Id::M32));
        assert_eq!(id("-mtune=native"), Some(Id::Other));
        assert_eq!(id("-r"), Some(Id::Relocatable));
        assert_eq!(id("-rdynamic"), Some(Id::Rdynamic));
        assert_eq!(id("-MD"), Some(Id::DepGenerate));
        assert_eq!(id("-MM"), Some(Id::NoLink));
        assert_eq!(id("-Ofast"), Some(Id::FastMath));
        assert_eq!(id("-O2"), Some(Id::Other));
        assert_eq!(id("-zzz-nonsense"), Some(Id::Keyword));
        assert_eq!(id("--nonsense"), None);
        assert_eq!(id("-"), None);
    }

    #[test]
    fn joined_and_separate_arguments() {
        let m = find(b"-ofile").expect("-o");
        assert_eq!((m.joined, m.takes_next), (Some(&b"file"[..]), false));
        let m = find(b"-o").expect("-o");
        assert_eq!((m.joined, m.takes_next), (None, true));
        let m = find(b"-Xlinker").expect("-Xlinker");
        assert!(m.takes_next);
    }

    #[test]
    fn a_typing_error_finds_its_option() {
        assert_eq!(nearest("-nostlib"), Some("-nostdlib"));
        assert_eq!(nearest("-statc-pie"), Some("-static-pie"));
        assert_eq!(nearest("--completely-else"), None);
    }
}
