//! Every case that `CAPABILITIES.md` names exists: a claim without its proof is a defect.

use std::path::Path;

#[test]
fn every_capability_is_backed_by_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("CAPABILITIES.md")).expect("the page exists");
    let cases = root.join("../tests/cases");
    let mut named = 0;
    for row in text.lines().filter(|l| l.starts_with("| ")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(capability), Some(last)) = (cells.first(), cells.last()) else {
            continue;
        };
        if last.starts_with("wcc") || *last == "-" {
            continue;
        }
        let case = last.split('`').nth(1).unwrap_or_default();
        let found = ["c", "cc", "s", "sh"]
            .iter()
            .any(|ending| cases.join(format!("{case}.{ending}")).is_file());
        assert!(found, "{capability}: there is no case `{case}`");
        named += 1;
    }
    assert!(named > 50, "only {named} rows were understood");
}

#[test]
fn every_probe_measures_a_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("CAPABILITIES.md")).expect("the page exists");
    let probes = root.join("../tests/capabilities/probes.sh");
    let probes = std::fs::read_to_string(probes).expect("the probes exist");
    for line in probes.lines().filter_map(|l| l.strip_prefix("cap '")) {
        // The name ends at the quote that a space follows; `'"'"'` is a quote in it.
        let name = line.replace("'\"'\"'", "\u{1}");
        let name = name.split('\'').next().unwrap_or_default();
        let name = name.replace('\u{1}', "'");
        assert!(
            text.contains(&format!("| {name} |")),
            "no row is called {name}"
        );
    }
}
