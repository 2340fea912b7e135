//! Options that are read and that no stage obeys yet.
//!
//! An option that is accepted and does nothing must say so. Each row here gives a warning when the option was
//! given; whoever makes a stage obey an option removes its row.

use super::choices::OutputKind;
use super::settings::Options;

/// What warns, and whether it was given.
type Row = (&'static str, fn(&Options) -> bool);

static ROWS: &[Row] = &[("-z unique-symbol with -r", |o| {
    o.z.unique_symbol && o.kind == OutputKind::Relocatable
})];

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
        options.z.unique_symbol = true;
        options.kind = OutputKind::Relocatable;
        warn(&mut options);
        assert_eq!(
            options.parse_warnings,
            ["-z unique-symbol with -r has no effect yet"]
        );
    }
}
