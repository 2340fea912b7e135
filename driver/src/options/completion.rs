//! Completion scripts for shells, made from the table.

use super::{Kind, Opt, TABLE};

/// The script for `bash`, `zsh` or `fish`; `None` for other shells.
pub fn completion(shell: &str) -> Option<String> {
    match shell {
        "bash" => Some(bash()),
        "zsh" => Some(zsh()),
        "fish" => Some(fish()),
        _ => None,
    }
}

fn bash() -> String {
    let mut out = String::from(
        "# bash completion for wcc; made by wcc --wcc-completion=bash\n_wcc() {\n    local cur=${COMP_WORDS[COMP_CWORD]}\n    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W '",
    );
    let names: Vec<&str> = TABLE.iter().map(|o| o.name).collect();
    out.push_str(&names.join(" "));
    out.push_str("' -- \"$cur\"))\n        [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=,] ]] && compopt -o nospace\n    fi\n}\ncomplete -o default -F _wcc wcc wcc++\n");
    out
}

fn zsh() -> String {
    let mut out = String::from(
        "#compdef wcc wcc++\n# zsh completion for wcc; made by wcc --wcc-completion=zsh\n_arguments -S \\\n",
    );
    for o in TABLE {
        let help = o
            .help
            .replace('\'', "")
            .replace('[', "(")
            .replace(']', ")")
            .replace(':', ";");
        let name = o.name.replace(':', "\\:");
        let spec = match o.kind {
            Kind::Flag => format!("'*{name}[{help}]'"),
            Kind::Joined => format!("'*{name}-[{help}]:argument:_files'"),
            Kind::Separate => format!("'*{name}[{help}]:argument:_files'"),
            Kind::Either => format!("'*{name}+[{help}]:argument:_files'"),
        };
        out.push_str(&format!("    {spec} \\\n"));
    }
    out.push_str("    '*:file:_files'\n");
    out
}

fn fish() -> String {
    let mut out = String::from("# fish completion for wcc; made by wcc --wcc-completion=fish\n");
    for o in TABLE {
        out.push_str(&fish_row(o));
    }
    out
}

fn fish_row(o: &Opt) -> String {
    let help = o.help.replace('\'', "\\'");
    // fish calls an option of one dash and several letters "old"; were one letter a "short" one,
    // fish would take -nostdlib for -n -o stdlib.
    let flag = match (o.name.strip_prefix("--"), o.name.strip_prefix('-')) {
        (Some(long), _) => format!("-l '{}'", long.trim_end_matches('=')),
        (None, name) => format!("-o '{}'", name.unwrap_or_default().trim_end_matches('=')),
    };
    let argument = if o.kind == Kind::Flag { "" } else { " -r" };
    format!(
        "complete -c wcc {flag}{argument} -d '{help}'\ncomplete -c wcc++ {flag}{argument} -d '{help}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_learns_every_option() {
        for shell in ["bash", "zsh", "fish"] {
            let script = completion(shell).expect(shell);
            for name in ["nostdlib", "static-pie", "wcc-explain"] {
                assert!(script.contains(name), "{shell} {name}");
            }
        }
        assert!(!completion("fish").is_some_and(|s| s.contains(" -s '")));
        assert_eq!(completion("csh"), None);
    }
}
