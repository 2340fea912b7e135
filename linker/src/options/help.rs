//! `--help`, `--version` and their kin. Build systems read these texts: libtool wants `: supported targets:` with
//! an ELF name and a first line of version output with `GNU ld` and a number outside parentheses.

use super::settings::Options;
use super::table::{Arg, By, Does, G, L, M, OPTIONS, Row, S, W};
use super::values::EMULATIONS;
use super::z::{KEYWORDS, Means};
use crate::arch::Arch as _;
use crate::arch::x86_64::X86_64;
use crate::input::paths::SearchPath;

/// The version of GNU ld whose command line and behaviour this linker has.
const GNU_VERSION: &str = "2.44";

/// `GNU ld (wcc X.Y.Z) 2.44`, with a line end.
pub fn version_line() -> String {
    format!("GNU ld (wcc {}) {GNU_VERSION}\n", env!("CARGO_PKG_VERSION"))
}

/// What `--version` prints.
pub fn version_text() -> String {
    version_line()
        + "This is wcc's linker, with GNU ld's command line.\n\
           It is free software, under the Apache License 2.0 or the MIT License;\n\
           there is no warranty.\n"
}

/// What `-V` prints after the version.
pub fn emulations_text() -> String {
    let mut text = String::from("  Supported emulations:\n");
    for name in EMULATIONS {
        text.push_str(&format!("   {name}\n"));
    }
    text
}

/// What `--help` prints.
pub fn help_text(program: &str) -> String {
    let mut text = format!("Usage: {program} [options] file...\n");
    for (title, rows) in &OPTIONS {
        text.push_str(&format!("\n{title}:\n"));
        for row in *rows {
            entry(&mut text, &names(row), &description(row));
        }
    }
    text.push_str(
        "  @FILE                       Read arguments from FILE\n\nIn the Solaris dialect (--wcc-ld-dialect=solaris):\n",
    );
    for row in super::solaris_table::ROWS {
        entry(&mut text, &names(row), &description(row));
    }
    text.push_str("\nKeywords of -z:\n");
    for keyword in KEYWORDS {
        let value = if keyword.meta.is_empty() {
            String::new()
        } else {
            format!("={}", keyword.meta)
        };
        let help = match keyword.means {
            Means::Nothing(reason) => format!("{}. Nothing to do: {reason}", keyword.help),
            Means::Missing(reason) => {
                format!("{}. No effect but a warning: {reason}", keyword.help)
            }
            Means::Refused(reason) => format!("{}. Refused: {reason}", keyword.help),
            _ => keyword.help.to_string(),
        };
        entry(&mut text, &format!("-z {}{value}", keyword.name), &help);
    }
    text.push_str(&format!(
        "\nLong options may be written with one dash or two, and abbreviated.\n\
         {program}: supported targets: elf64-x86-64 elf64-x86-64-sol2 elf64-x86-64-freebsd binary\n\
         {program}: supported emulations: {}\n",
        EMULATIONS.join(" ")
    ));
    text
}

/// The names of an option with its argument, as help shows them.
pub fn names(row: &Row) -> String {
    let name = |name: &str| {
        let short = name.len() == 2;
        match (row.arg, short) {
            (Arg::None, _) => name.to_string(),
            (Arg::Required, true) => format!("{name} {}", row.meta),
            (Arg::Required, false) => format!("{name}={}", row.meta),
            (Arg::Optional, true) => format!("{name}[{}]", row.meta),
            (Arg::Optional, false) => format!("{name}[={}]", row.meta),
        }
    };
    let names: Vec<String> = row.names.split(' ').map(name).collect();
    names.join(", ")
}

/// What help says about an option, the reason included if it does nothing or is refused.
pub fn description(row: &Row) -> String {
    match row.does {
        Does::Nothing(reason) => format!("{}. Nothing to do: {reason}", row.help),
        Does::Missing(reason) => format!("{}. No effect but a warning: {reason}", row.help),
        Does::Refused(reason) => format!("{}. Refused: {reason}", row.help),
        _ => row.help.to_string(),
    }
}

/// The linkers that have an option, for the manual page.
pub fn origin(by: By) -> String {
    let all = [
        (G, "GNU ld"),
        (L, "lld"),
        (M, "mold"),
        (S, "Solaris ld"),
        (W, "wcc"),
    ];
    let names: Vec<&str> = all
        .iter()
        .filter(|(bit, _)| by & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    names.join(", ")
}

fn entry(text: &mut String, names: &str, help: &str) {
    if names.len() < 26 {
        text.push_str(&format!("  {names:26}  {help}\n"));
    } else {
        text.push_str(&format!("  {names}\n{:30}{help}\n", ""));
    }
}

/// What `--verbose` says of the script that is followed. Build systems cut the text between the two lines out and use it.
pub fn script_text(opts: &Options) -> String {
    if !opts.scripts.is_empty() {
        return String::from("using external linker script\n");
    }
    let rule = "=".repeat(50);
    let base = if opts.kind.is_pic() {
        0
    } else {
        X86_64::IMAGE_BASE
    };
    let script = crate::layout::script::builtin(opts.z.now, base);
    let dirs: String = SearchPath::new(opts)
        .dirs()
        .iter()
        .map(|dir| format!("SEARCH_DIR(\"{}\"); ", dir.display()))
        .collect();
    format!(
        "using internal linker script:\n{rule}\nENTRY(_start)\n{}\n{}{rule}\n",
        dirs.trim_end(),
        String::from_utf8_lossy(&script)
    )
}
