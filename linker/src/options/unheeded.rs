//! Options that are read and that no stage obeys yet.
//!
//! An option that is accepted and does nothing must say so. Each row here gives a warning when the option was
//! given; whoever makes a stage obey an option removes its row.

use super::settings::{CompressDebug, Options, OutputKind, Severity, SortSection};

/// What warns, and whether it was given.
type Row = (&'static str, fn(&Options) -> bool);

static ROWS: &[Row] = &[
    ("--emit-relocs", |o| o.emit_relocs),
    ("--compress-debug-sections", |o| {
        o.compress_debug != CompressDebug::None
    }),
    ("--cref", |o| o.cref),
    ("--gc-keep-exported", |o| o.gc_keep_exported),
    ("--icf", |o| o.icf > 0),
    ("--symbol-ordering-file", |o| !o.symbol_order.is_empty()),
    ("--shuffle-sections", |o| o.shuffle_sections.is_some()),
    ("--ignore-unresolved-symbol", |o| {
        !o.ignore_unresolved.is_empty()
    }),
    ("--undefined-glob", |o| !o.undefined_globs.is_empty()),
    ("--dynamic-list-data", |o| o.dynamic_list_data),
    ("--unique", |o| {
        (!o.unique.is_empty() || o.unique_orphans) && o.kind != OutputKind::Relocatable
    }),
    ("-Trodata-segment", |o| o.rodata_segment.is_some()),
    ("-Tldata-segment", |o| o.ldata_segment.is_some()),
    ("--error-execstack", |o| o.error_execstack),
    ("--error-rwx-segments", |o| o.error_rwx_segments),
    ("--warn-common", |o| o.warn_common),
    ("--warn-textrel", |o| o.warn_textrel),
    ("--warn-execstack", |o| o.warn_execstack),
    ("--warn-rwx-segments", |o| o.warn_rwx_segments),
    ("--spare-dynamic-tags", |o| o.spare_dynamic_tags != 5),
    ("--sort-section", |o| o.sort_section != SortSection::None),
    ("-z undefs", |o| o.z.undefs && o.kind.is_executable()),
    ("-z extern-protected-data", |o| {
        o.z.extern_protected_data.is_some()
    }),
    ("--apply-dynamic-relocs", |o| o.apply_dynamic_relocs),
    ("--no-define-common", |o| !o.define_common),
    ("-Bgroup", |o| o.z.group),
    ("-z globalaudit", |o| o.z.globalaudit),
    ("-z unique", |o| o.z.unique),
    ("-z unique-symbol", |o| o.z.unique_symbol),
    ("-z lam-u48", |o| o.z.lam_u48),
    ("-z lam-u57", |o| o.z.lam_u57),
    ("-z rewrite-endbr", |o| o.z.rewrite_endbr),
    ("-z cet-report", |o| o.z.cet_report != Severity::Ignore),
];

/// Adds a warning for every such option that was given.
pub fn warn(options: &mut Options) {
    let given = ROWS.iter().filter(|(_, given)| given(options));
    let warnings: Vec<String> = given
        .map(|(name, _)| format!("{name} has no effect yet"))
        .collect();
    options.parse_warnings.extend(warnings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_without_effect_says_so_and_the_defaults_are_silent() {
        let mut options = Options::default();
        warn(&mut options);
        assert!(options.parse_warnings.is_empty());
        options.icf = 2;
        options.cref = true;
        warn(&mut options);
        assert_eq!(
            options.parse_warnings,
            ["--cref has no effect yet", "--icf has no effect yet"]
        );
    }
}
