//! `--wcc-explain`: the plan as a tree. Which compiler and why, where GCC was found, what compiles,
//! who links, and for each part of the link line who wanted it and which file it names.

use std::ffi::OsString;
use std::path::PathBuf;

use wcc_targets::Dialect;
use wcc_targets::linkline::{LinkArg, Placed};

use crate::compiler::{Delegate, Facts};
use crate::host::Host;
use crate::invocation::Invocation;
use crate::linker_choice::{Linker, LinkerChoice};
use crate::plan::{LinkStep, Plan};
use crate::print::{self, Quote};

/// What stands around the plan.
pub struct About<'a> {
    pub host: &'a Host<'a>,
    pub delegate: &'a Delegate,
    pub facts: Option<&'a Facts>,
}

/// A line and the lines under it.
struct Node {
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn new(text: impl Into<String>) -> Node {
        Node {
            text: text.into(),
            children: Vec::new(),
        }
    }

    fn with(text: impl Into<String>, children: Vec<Node>) -> Node {
        Node {
            text: text.into(),
            children,
        }
    }

    fn print(&self, out: &mut String, indent: &str) {
        for (i, child) in self.children.iter().enumerate() {
            let last = i + 1 == self.children.len();
            let (branch, below) = if last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            out.push_str(&format!("{indent}{branch}{}\n", child.text));
            child.print(out, &format!("{indent}{below}"));
        }
    }
}

/// The tree as text.
pub fn tree(about: &About, inv: &Invocation, plan: &Plan) -> String {
    let mut root = Node::new("");
    root.children.push(compiler(about));
    if !plan.trace.is_empty() {
        let steps = plan.trace.iter().map(Node::new).collect();
        root.children.push(Node::with("GCC installation", steps));
    }
    for job in &plan.jobs {
        let command = print::line(&job.argv, Quote::OnlyProgram);
        let text = format!("compile {}", job.source.display());
        root.children
            .push(Node::with(text, vec![Node::new(command.trim_start())]));
    }
    root.children.push(link(about, inv, plan));
    let output = inv.output.clone().unwrap_or_else(|| "a.out".into());
    let mut out = format!("{}\n", output.display());
    root.print(&mut out, "");
    out
}

fn compiler(about: &About) -> Node {
    let d = about.delegate;
    let mut children = vec![Node::new(format!("chosen by {}", d.chosen_by))];
    if d.real != d.path {
        children.push(Node::new(format!("is {}", d.real.display())));
    }
    match about.facts {
        Some(f) => {
            let pie = if f.defaults.pie {
                "position-independent programs"
            } else {
                "fixed addresses"
            };
            children.push(Node::new(format!(
                "target {}{}",
                f.triple.text,
                if f.cross { " (cross)" } else { "" }
            )));
            children.push(Node::new(format!("configured for {pie}")));
        }
        None => children.push(Node::new("its configuration cannot be read: it is asked")),
    }
    Node::with(format!("compiler {}", d.path.display()), children)
}

fn link(about: &About, inv: &Invocation, plan: &Plan) -> Node {
    let (title, mut children) = match &plan.link {
        LinkStep::Line { choice, words } => {
            let mut children = vec![Node::new(linker(about, choice))];
            match &plan.line {
                Some(line) => children.extend(groups(about, choice, &line.args)),
                None => children.push(Node::new(print::line(words, Quote::OnlyProgram))),
            }
            ("link".to_string(), children)
        }
        LinkStep::Ask {
            argv,
            choice,
            reason,
            ..
        } => (
            "link, by the compiler's own line".to_string(),
            vec![
                Node::new(linker(about, choice)),
                Node::new(reason.clone()),
                Node::new(format!(
                    "asked with {}",
                    print::line(argv, Quote::OnlyProgram)
                )),
            ],
        ),
        LinkStep::Delegate { argv, reason, .. } => (
            "the compiler does it all".to_string(),
            vec![
                Node::new(print::who_links(plan)),
                Node::new(reason.clone()),
                Node::new(print::line(argv, Quote::OnlyProgram)),
            ],
        ),
    };
    children.extend(plan.notes.iter().map(Node::new));
    if inv.rustc_lld {
        children.push(Node::new("the -fuse-ld=lld here is rustc's own"));
    }
    Node::with(title, children)
}

fn linker(about: &About, choice: &LinkerChoice) -> String {
    let dialect = match choice.dialect {
        Dialect::Gnu => "GNU dialect",
        Dialect::Solaris => "Solaris dialect",
    };
    match &choice.linker {
        Linker::Embedded => format!(
            "by the embedded linker ({}, {dialect})",
            about.host.ld_wcc().display()
        ),
        Linker::External(path) => format!("by {} ({dialect})", path.display()),
    }
}

/// Neighbours of one origin share a branch; files and libraries get a line each.
fn groups(about: &About, choice: &LinkerChoice, args: &[Placed]) -> Vec<Node> {
    let dirs: Vec<PathBuf> = args.iter().filter_map(|a| search_dir(&a.arg)).collect();
    let mut nodes: Vec<(&str, Node)> = Vec::new();
    for placed in args {
        let mut words: Vec<OsString> = Vec::new();
        placed.arg.print(choice.dialect, &mut words);
        if words.is_empty() {
            continue;
        }
        let mut text = print::line(&words, Quote::OnlyProgram)
            .trim_start()
            .to_string();
        if let Some(found) = library(&placed.arg).and_then(|name| locate(about, &dirs, &name)) {
            text = format!("{text}  → {found}");
        }
        match nodes.last_mut() {
            Some((origin, node)) if *origin == placed.origin => node.children.push(Node::new(text)),
            _ => nodes.push((
                placed.origin,
                Node::with(placed.origin, vec![Node::new(text)]),
            )),
        }
    }
    nodes.into_iter().map(|(_, n)| n).collect()
}

fn search_dir(arg: &LinkArg) -> Option<PathBuf> {
    match arg {
        LinkArg::SearchDir(d) => Some(d.clone()),
        LinkArg::User(w) => w.to_str()?.strip_prefix("-L").map(PathBuf::from),
        _ => None,
    }
}

fn library(arg: &LinkArg) -> Option<String> {
    match arg {
        LinkArg::Library(name) | LinkArg::LibraryIfNeeded(name, _) => Some(name.clone()),
        LinkArg::User(word) => word.to_str()?.strip_prefix("-l").map(str::to_string),
        _ => None,
    }
}

/// Where the linker will find `-lNAME`: the first directory with a shared object or an archive.
fn locate(about: &About, dirs: &[PathBuf], name: &str) -> Option<String> {
    let names = match name.strip_prefix(':') {
        Some(file) => vec![file.to_string()],
        None => vec![format!("lib{name}.so"), format!("lib{name}.a")],
    };
    let found = dirs
        .iter()
        .flat_map(|d| names.iter().map(move |n| d.join(n)))
        .find(|p| about.host.fs.is_file(p));
    Some(match found {
        Some(path) => wcc_targets::sysroot::tidy(&path).display().to_string(),
        None => format!("not found in {} directories", dirs.len()),
    })
}
