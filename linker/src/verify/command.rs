//! `ld.wcc --verify-load=PLATFORM FILE…`: says of each file whether the platform would load it.

use std::fmt::Write as _;
use std::path::Path;

use super::{Severity, check, platform, platform_names};
use crate::options::{InputArg, InputKind};

/// What to print, and whether all files are fine.
pub struct Answer {
    pub text: String,
    pub ok: bool,
}

/// Looks at each file; broken rules are one line each.
///
/// # Errors
/// When the platform is unknown, no file is given, or an input is no file.
pub fn run(name: &str, inputs: &[InputArg]) -> Result<Answer, String> {
    let Some(platform) = platform(name) else {
        let names: Vec<&str> = platform_names().collect();
        return Err(format!(
            "--verify-load={name}: the platforms are {}",
            names.join(", ")
        ));
    };
    let mut answer = Answer {
        text: String::new(),
        ok: true,
    };
    if inputs.is_empty() {
        return Err("--verify-load: no file is given".into());
    }
    for input in inputs {
        let InputKind::File(path) = &input.kind else {
            return Err("--verify-load looks at files; -l and groups mean nothing to it".into());
        };
        let findings = check(platform, &read(path)?);
        let broken = findings.iter().any(|f| f.rule.severity == Severity::Broken);
        answer.ok &= !broken;
        let path = path.display();
        for f in &findings {
            let word = match f.rule.severity {
                Severity::Broken => "",
                Severity::Warning => "warning: ",
            };
            let _ = writeln!(answer.text, "{path}: {word}{f}");
        }
        if !broken {
            let _ = writeln!(answer.text, "{path}: ok for {name}");
        }
    }
    Ok(answer)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    crate::input::whole::read(path)
        .map_err(|e| format!("cannot read {}: {}", path.display(), crate::plain(&e)))
}
