//! `--wcc-report=FILE`: one self-contained HTML page about a link: time by stage, sizes by section, file and symbol, and what
//! pulled each archive member in.
//!
//! The data stands in the page as JSON; `page.html` draws it and loads nothing from elsewhere. A page of a huge program stays
//! readable: what is smaller than a fixed part of the output is summed up under one name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use object::elf;

use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Object, Place};
use crate::layout::Layout;
use crate::layout::output::Content;
use crate::options::Options;
use crate::symbols::bind::Program;
use crate::symbols::{FileRef, SectionId};
use crate::trace::Trace;

/// The page around the data; the word below is where it goes.
const PAGE: &str = include_str!("page.html");
const DATA: &str = "\"DATA\"";

/// Nodes smaller than the output's size divided by this are summed up.
const DETAIL: u64 = 8000;

/// A box of the size map.
#[derive(Default)]
struct Node {
    size: u64,
    children: BTreeMap<String, Node>,
}

impl Node {
    fn add(&mut self, path: &[&str], size: u64) {
        self.size += size;
        if let [first, rest @ ..] = path {
            match self.children.get_mut(*first) {
                Some(child) => child.add(rest, size),
                None => {
                    let mut child = Node::default();
                    child.add(rest, size);
                    self.children.insert((*first).to_string(), child);
                }
            }
        }
    }

    /// `["name",size,[children]]`, the largest child first.
    fn json(&self, name: &str, least: u64, out: &mut String) {
        out.push('[');
        string(name, out);
        let _ = write!(out, ",{}", self.size);
        let mut list: Vec<(&String, &Node)> = self.children.iter().collect();
        list.sort_by(|a, b| (b.1.size, a.0).cmp(&(a.1.size, b.0)));
        let shown = list.partition_point(|(_, n)| n.size >= least);
        if shown > 0 {
            out.push_str(",[");
            for (i, (name, node)) in list.iter().take(shown).enumerate() {
                if i > 0 {
                    out.push(',');
                }
                node.json(name, least, out);
            }
            let rest: u64 = list.iter().skip(shown).map(|(_, n)| n.size).sum();
            if rest > 0 {
                let name = format!("({} smaller)", list.len() - shown);
                out.push(',');
                Node {
                    size: rest,
                    children: BTreeMap::new(),
                }
                .json(&name, least, out);
            }
            out.push(']');
        }
        out.push(']');
    }
}

/// A JSON string that may stand inside `<script>`.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The whole page.
pub fn html<A: Arch>(
    p: &Program<'_, A::Elf>,
    l: &Layout<'_>,
    opts: &Options,
    trace: &Trace,
) -> String {
    let mut data = String::from("{\"output\":");
    string(&opts.output.display().to_string(), &mut data);
    let _ = write!(data, ",\"size\":{},\"linker\":", l.file_size);
    string(concat!("wcc ", env!("CARGO_PKG_VERSION")), &mut data);
    let _ = write!(
        data,
        ",\"objects\":{},\"libraries\":{},\"stages\":[",
        p.objects.len(),
        p.shared.len()
    );
    for (i, (name, start, length)) in trace.spans().iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            data,
            "{comma}[\"{name}\",{},{}]",
            start.as_micros(),
            length.as_micros()
        );
    }
    data.push_str("],\"tree\":");
    let tree = sizes(p, l, opts);
    tree.json("", (tree.size / DETAIL).max(1), &mut data);
    data.push_str(",\"members\":[");
    members(p, opts, &mut data);
    data.push_str("]}");
    for (path, name) in &opts.called {
        let (mut from, mut to) = (String::new(), String::new());
        string(path, &mut from);
        string(name, &mut to);
        data = data.replace(&from, &to);
    }
    PAGE.replacen(DATA, &data, 1)
}

/// `["member","wanted by","symbol"]` for each file that is linked only because something refers to it.
fn members<E: Elf>(p: &Program<'_, E>, opts: &Options, out: &mut String) {
    for (i, inclusion) in p.inclusions.iter().enumerate() {
        out.push_str(if i == 0 { "[" } else { ",[" });
        string(&file_name(p, inclusion.file), out);
        out.push(',');
        string(&file_name(p, inclusion.by), out);
        out.push(',');
        string(&opts.shown(p.symbols.name(inclusion.symbol)), out);
        out.push(']');
    }
}

fn file_name<E: Elf>(p: &Program<'_, E>, file: FileRef) -> String {
    let object = file.as_object().and_then(|f| p.objects.get(f));
    let shared = file.as_shared().and_then(|f| p.shared.get(f));
    match (object, shared) {
        (Some(o), _) => o.name.to_string(),
        (_, Some(s)) => s.name.to_string(),
        _ => "the command line".into(),
    }
}

/// What lies in the file and in memory, section by section.
fn sizes<E: Elf>(p: &Program<'_, E>, l: &Layout<'_>, opts: &Options) -> Node {
    let mut root = Node::default();
    let mut symbols = SymbolSizes::default();
    for s in &l.outputs {
        let section = String::from_utf8_lossy(s.name).into_owned();
        let mut within = 0;
        for piece in &s.pieces {
            within += piece.size;
            match piece.content {
                Content::Section(id) => symbols.piece(p, opts, &mut root, &section, id, piece.size),
                Content::Merged(_) => {
                    root.add(&[&section, "merged strings and constants"], piece.size)
                }
                Content::EhFrame(object, _)
                | Content::SymtabLocals(object)
                | Content::SymtabGlobals(object)
                | Content::Strtab(object) => {
                    let file = p.objects.get(object as usize).map(|o| o.name.to_string());
                    root.add(&[&section, &file.unwrap_or_default()], piece.size);
                }
                Content::Common(id) => {
                    let file = file_name(p, p.symbols.info(id).file);
                    let symbol = opts.shown(p.symbols.name(id));
                    root.add(&[&section, &file, &symbol], piece.size);
                }
                Content::Synth(_)
                | Content::Made
                | Content::Relocs(_)
                | Content::FrameRelocs(..) => {
                    root.add(&[&section, "made by the linker"], piece.size)
                }
                Content::Text(_) => root.add(&[&section, "written by a script"], piece.size),
                Content::Gap(_) => root.add(&[&section, "padding"], piece.size),
            }
        }
        // Pieces of one output section do not overlap, so the rest is padding.
        let padding = s.size.saturating_sub(within);
        if padding > 0 {
            root.add(&[&section, "padding"], padding);
        }
    }
    root
}

/// Symbols of one object by the section they lie in, kept while pieces of that object follow each other.
#[derive(Default)]
struct SymbolSizes {
    object: Option<usize>,
    by_section: BTreeMap<u32, Vec<(u64, String)>>,
}

impl SymbolSizes {
    /// An input section: its symbols, and under its own name what no symbol covers.
    fn piece<E: Elf>(
        &mut self,
        p: &Program<'_, E>,
        opts: &Options,
        root: &mut Node,
        section: &str,
        id: SectionId,
        size: u64,
    ) {
        let (n, shndx) = p.owner(id);
        let Some(o) = p.objects.get(n) else { return };
        if self.object != Some(n) {
            self.object = Some(n);
            self.by_section = symbols_of(o, opts);
        }
        let file = o.name.to_string();
        let mut left = size;
        for (length, name) in self.by_section.get(&shndx).into_iter().flatten() {
            // Aliases and overlapping sizes cannot make a section larger than it is.
            let length = (*length).min(left);
            if length > 0 {
                root.add(&[section, &file, name], length);
                left -= length;
            }
        }
        if left > 0 {
            let own = String::from_utf8_lossy(o.section_name(shndx)).into_owned();
            root.add(&[section, &file, &own], left);
        }
    }
}

/// Sized symbols by section; of several at one address one is enough.
fn symbols_of<E: Elf>(o: &Object<'_, E>, opts: &Options) -> BTreeMap<u32, Vec<(u64, String)>> {
    let mut found: BTreeMap<(u32, u64), (u64, u32)> = BTreeMap::new();
    for i in 1..o.symbols.len() as u32 {
        let sym = o.symbol(i);
        if sym.size == 0 || matches!(sym.sym_type(), elf::STT_SECTION | elf::STT_FILE) {
            continue;
        }
        if let Place::Section(shndx) = o.place(i, &sym) {
            found.entry((shndx, sym.value)).or_insert((sym.size, i));
        }
    }
    let mut by_section: BTreeMap<u32, Vec<(u64, String)>> = BTreeMap::new();
    for ((shndx, _), (size, i)) in found {
        let name = opts.shown(o.symbol_name(&o.symbol(i)));
        by_section.entry(shndx).or_default().push((size, name));
    }
    by_section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_place_for_the_data() {
        assert_eq!(PAGE.matches(DATA).count(), 1);
        assert!(
            !PAGE.contains("http://") && !PAGE.contains("https://"),
            "self-contained"
        );
    }

    #[test]
    fn small_boxes_are_summed_up() {
        let mut root = Node::default();
        root.add(&[".text", "a.o", "main"], 1000);
        root.add(&[".text", "a.o", "tiny"], 1);
        root.add(&[".text", "b.o", "tinier"], 2);
        let mut out = String::new();
        root.json("", 10, &mut out);
        assert_eq!(
            out,
            r#"["",1003,[[".text",1003,[["a.o",1001,[["main",1000],["(1 smaller)",1]]],["(1 smaller)",2]]]]]"#
        );
    }

    #[test]
    fn names_cannot_leave_the_script() {
        let mut out = String::new();
        string("</script>\"\\\n", &mut out);
        assert_eq!(out, "\"\\u003c/script\\u003e\\\"\\\\\\u000a\"");
    }
}
