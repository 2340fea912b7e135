//! Files that say how input sections are to be ordered.
//!
//! `--section-ordering-file` has two forms. GNU ld 2.43's are statements of a linker script's SECTIONS,
//! `.text : { *(.text.hot .text.warm) }`; gold's are patterns for section names, one a line. A brace tells which it is.

use super::choices::OrderRule;
use super::files::read;
use super::gnu::Line;
use super::values;
use crate::script::{self, InputSpec, OutputSpec, ScriptCommand, SectionStatement, SectionsItem};

/// Reads what `line` names, collecting errors there.
pub fn read_all(line: &mut Line) {
    for name in std::mem::take(&mut line.section_order_files) {
        let Some((path, text)) = read(line, &name) else {
            continue;
        };
        if text.contains(&b'{') {
            match statements(&text, &path) {
                Ok(rules) => line.opts.section_order.extend(rules),
                Err(errors) => line.errors.extend(errors),
            }
        } else {
            line.opts.section_order.extend(patterns(&text));
        }
    }
    for name in std::mem::take(&mut line.call_graph_files) {
        let Some((path, text)) = read(line, &name) else {
            continue;
        };
        for (number, row) in text.split(|&byte| byte == b'\n').enumerate() {
            let words: Vec<&[u8]> = row
                .split(u8::is_ascii_whitespace)
                .filter(|word| !word.is_empty())
                .collect();
            match &words[..] {
                [] => {}
                [from, to, weight] if values::number(weight).is_ok() => {
                    let weight = values::number(weight).unwrap_or(0);
                    line.opts
                        .call_graph
                        .push((from.to_vec(), to.to_vec(), weight));
                }
                _ => line.errors.push(format!(
                    "{path}:{}: '{}' is not of the form CALLER CALLEE WEIGHT",
                    number + 1,
                    values::text(row)
                )),
            }
        }
    }
}

/// gold's form.
fn patterns(text: &[u8]) -> Vec<OrderRule> {
    text.split(|&byte| byte == b'\n')
        .map(|row| row.split(|&byte| byte == b'#').next().unwrap_or(row))
        .map(<[u8]>::trim_ascii)
        .filter(|row| !row.is_empty())
        .map(|row| OrderRule {
            section: row.to_vec(),
            ..OrderRule::default()
        })
        .collect()
}

/// GNU ld's form.
fn statements(text: &[u8], path: &str) -> Result<Vec<OrderRule>, Vec<String>> {
    // On one line with the first statement, so that lines in messages are right.
    let whole = [b"SECTIONS { ", text, b"\n}"].concat();
    let mut no_includes = |name: &[u8]| -> Result<(String, Vec<u8>), String> {
        let name = values::text(name);
        Err(format!("{path}: INCLUDE {name} in a section ordering file"))
    };
    let script = script::parse_linker_script_with(&whole, path, &mut no_includes)?;
    let mut rules = Vec::new();
    let mut errors = Vec::new();
    for command in &script.commands {
        let ScriptCommand::Sections(items) = command else {
            continue;
        };
        for item in items {
            match item {
                SectionsItem::Output(output) => rules.extend(rules_of(output)),
                _ => errors.push(format!(
                    "{path}: only output sections with input patterns may stand in a section ordering file"
                )),
            }
        }
    }
    if errors.is_empty() {
        Ok(rules)
    } else {
        Err(errors)
    }
}

fn rules_of(output: &OutputSpec) -> Vec<OrderRule> {
    let inputs = output.body.iter().filter_map(|s| match s {
        SectionStatement::Input(input) => Some(input),
        _ => None,
    });
    let rules = |input: &InputSpec| {
        let any = input.file.text == b"*";
        let file = (!any).then(|| input.file.text.clone());
        input
            .sections
            .iter()
            .map(|s| OrderRule {
                output: Some(output.name.clone()),
                file: file.clone(),
                section: s.pattern.text.clone(),
            })
            .collect::<Vec<_>>()
    };
    inputs.flat_map(rules).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_understood() {
        let gold = patterns(b".text.b\n# comment\n  .text.[ac]*  \n");
        assert_eq!(gold.len(), 2);
        assert_eq!(gold[1].section, b".text.[ac]*");
        let gnu = statements(b".text : { *(.text.b) a.o(.text.c .text.d) }", "order").unwrap();
        let seen: Vec<(Option<&[u8]>, &[u8])> = gnu
            .iter()
            .map(|r| (r.file.as_deref(), &r.section[..]))
            .collect();
        let a_o = Some(&b"a.o"[..]);
        assert_eq!(
            seen,
            [
                (None, &b".text.b"[..]),
                (a_o, b".text.c"),
                (a_o, b".text.d")
            ]
        );
        assert_eq!(gnu[0].output.as_deref(), Some(&b".text"[..]));
        assert!(statements(b"x = 1; .text : { }", "order").is_err());
    }
}
