//! Version scripts and dynamic lists, and which version a name gets.
//!
//! ```text
//! LIB_1 { global: foo; ba*; extern "C++" { ns::*; "ns::f(int)"; }; local: *; };
//! LIB_2 { new; } LIB_1;
//! ```
//!
//! The language is GNU ld's (manual, "VERSION Command"); parsing is a little more liberal, as in lld:
//! `global:` and `local:` may come in any order and repeatedly, and the last `;` of a block may be missing.

use std::collections::HashMap;

use super::glob::{Glob, GlobSet, has_wildcard, unescape};
use super::lexer::{Cursor, Error, MAX_DEPTH};
use super::model::{Pattern, VersionNode, VersionScript};

/// Parses the text of a `--version-script` file.
pub fn parse_version_script(text: &[u8], file: &str) -> Result<VersionScript, Vec<String>> {
    let mut cursor = Cursor::new(text, file);
    cursor.set_slash_comments(true);
    let script = parse_nodes(&mut cursor).map_err(|error| vec![error])?;
    match cursor.peek() {
        None => Ok(script),
        Some(_) => Err(vec![cursor.expected("a version node")]),
    }
}

/// Parses the text of a `--dynamic-list` (or `--export-dynamic-symbol-list`) file: nameless blocks, whose
/// patterns end up as the globals of one nameless node.
pub fn parse_dynamic_list(text: &[u8], file: &str) -> Result<VersionScript, Vec<String>> {
    let mut script = parse_version_script(text, file)?;
    let mut errors = Vec::new();
    let mut list = VersionNode::default();
    for mut node in std::mem::take(&mut script.nodes) {
        if !node.name.is_empty() {
            errors.push(format!(
                "{file}: a dynamic list has no version names, but '{}' is one",
                node.name.escape_ascii()
            ));
        }
        if let Some(pattern) = node.local.first() {
            errors.push(format!(
                "{file}:{}: a dynamic list has no 'local:' part",
                pattern.line
            ));
        }
        list.global.append(&mut node.global);
    }
    script.nodes.push(list);
    if errors.is_empty() {
        Ok(script)
    } else {
        Err(errors)
    }
}

/// Reads version nodes up to the end of the text or a `}` (which is left for the caller: `VERSION { … }`).
pub(super) fn parse_nodes(cursor: &mut Cursor<'_>) -> Result<VersionScript, Error> {
    let mut script = VersionScript {
        file: cursor.file().to_string(),
        nodes: Vec::new(),
        combined: false,
    };
    while !cursor.at_end()? && cursor.peek() != Some(b'}') {
        let name = name(cursor)?;
        let mut node = VersionNode {
            name: name.map(|(text, _)| text.to_vec()).unwrap_or_default(),
            ..VersionNode::default()
        };
        cursor.expect(b'{')?;
        parse_block(cursor, &mut node)?;
        while let Some((parent, _)) = self::name(cursor)? {
            node.parents.push(parent.to_vec());
        }
        cursor.expect(b';')?;
        script.nodes.push(node);
    }
    Ok(script)
}

/// Reads the patterns of a node up to and including its `}`.
fn parse_block(cursor: &mut Cursor<'_>, node: &mut VersionNode) -> Result<(), Error> {
    let mut local = false;
    // The languages of the `extern` blocks we are in.
    let mut blocks: Vec<bool> = Vec::new();
    loop {
        if cursor.eat(b';')? {
            continue;
        }
        if cursor.eat(b'}')? {
            if blocks.pop().is_none() {
                return Ok(());
            }
            continue;
        }
        let line = cursor.line();
        let Some((text, quoted)) = name(cursor)? else {
            return Err(cursor.expected("a symbol, 'global:', 'local:' or '}'"));
        };
        if !quoted {
            if matches!(text, b"global" | b"local") && cursor.eat(b':')? {
                if !blocks.is_empty() {
                    return Err(cursor.error("'global:' and 'local:' cannot stand inside extern"));
                }
                local = text == b"local";
                continue;
            }
            if text == b"extern"
                && let Some(language) = cursor.quoted()?
            {
                if blocks.len() as u32 >= MAX_DEPTH {
                    return Err(cursor.error("extern blocks nest too deeply"));
                }
                blocks.push(match language {
                    b"C++" => true,
                    b"C" => false,
                    _ => {
                        return Err(cursor.error(format!(
                            "unknown language '{}' in extern",
                            language.escape_ascii()
                        )));
                    }
                });
                cursor.expect(b'{')?;
                continue;
            }
        }
        let pattern = Pattern {
            text: text.to_vec(),
            quoted,
            cxx: blocks.last().copied().unwrap_or(false),
            line,
        };
        if local {
            node.local.push(pattern);
        } else {
            node.global.push(pattern);
        }
        if cursor.at_end()? || !matches!(cursor.peek(), Some(b';' | b'}')) {
            return Err(cursor.expected("';'"));
        }
    }
}

/// A quoted or plain name, and whether it was quoted. `::` belongs to a name, a single `:` does not.
fn name<'a>(cursor: &mut Cursor<'a>) -> Result<Option<(&'a [u8], bool)>, Error> {
    if let Some(text) = cursor.quoted()? {
        return Ok(Some((text, true)));
    }
    let start = cursor.rest();
    let mut length = 0;
    while let Some(&byte) = start.get(length) {
        match byte {
            b':' if start.get(length + 1) == Some(&b':') => length += 2,
            b'{' | b'}' | b';' | b':' | b'"' | b'#' => break,
            b'/' if matches!(start.get(length + 1), Some(b'*' | b'/')) => break,
            _ if byte.is_ascii_whitespace() => break,
            _ => length += 1,
        }
    }
    cursor.advance(length);
    Ok(start
        .get(..length)
        .filter(|text| !text.is_empty())
        .map(|text| (text, false)))
}

/// What is wrong with the nodes of all scripts of a link together: the checks GNU ld makes.
pub fn check_version_scripts(scripts: &[VersionScript]) -> Vec<String> {
    let mut errors = Vec::new();
    let mut names: HashMap<&[u8], ()> = HashMap::new();
    let count: usize = scripts.iter().map(|script| script.nodes.len()).sum();
    // Pattern text and language → seen as global, seen as local, in an earlier node.
    let mut seen: HashMap<(&[u8], bool), (bool, bool)> = HashMap::new();
    for script in scripts {
        for node in &script.nodes {
            let file = &script.file;
            if node.name.is_empty() && count > 1 && !script.combined {
                errors.push(format!(
                    "{file}: anonymous version tag cannot be combined with other version tags"
                ));
            }
            for parent in &node.parents {
                if !names.contains_key(parent.as_slice()) {
                    errors.push(format!(
                        "{file}: version '{}' depends on '{}', which is not defined before it",
                        node.name.escape_ascii(),
                        parent.escape_ascii()
                    ));
                }
            }
            if names.insert(&node.name, ()).is_some() && !node.name.is_empty() {
                errors.push(format!(
                    "{file}: duplicate version tag '{}'",
                    node.name.escape_ascii()
                ));
            }
            let patterns = (node.global.iter().map(|pattern| (pattern, false)))
                .chain(node.local.iter().map(|pattern| (pattern, true)));
            for (pattern, local) in patterns.clone() {
                let before = seen.get(&(&*pattern.text, pattern.cxx));
                let clash = before.is_some_and(
                    |&(global_before, local_before)| {
                        if local { global_before } else { local_before }
                    },
                );
                if clash && pattern.text != b"*" {
                    errors.push(format!(
                        "{file}:{}: '{}' is global in one version and local in another",
                        pattern.line,
                        pattern.text.escape_ascii()
                    ));
                }
            }
            for (pattern, local) in patterns {
                let slot = seen.entry((&pattern.text, pattern.cxx)).or_default();
                slot.0 |= !local;
                slot.1 |= local;
            }
        }
    }
    errors
}

/// A name without wildcards among the globals of a version: what `--no-undefined-version` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactName {
    pub name: Vec<u8>,
    /// To be compared with demangled names.
    pub cxx: bool,
    /// Index of the node, counted over all scripts.
    pub node: usize,
    /// Where it stands, `file:line`.
    pub place: String,
}

/// The exact global names of all scripts, in order.
pub fn exact_names(scripts: &[VersionScript]) -> Vec<ExactName> {
    let nodes = scripts
        .iter()
        .flat_map(|script| script.nodes.iter().map(move |node| (script, node)));
    let mut out = Vec::new();
    for (index, (script, node)) in nodes.enumerate() {
        for pattern in &node.global {
            if !pattern.quoted && has_wildcard(&pattern.text) {
                continue;
            }
            out.push(ExactName {
                name: plain_text(pattern),
                cxx: pattern.cxx,
                node: index,
                place: format!("{}:{}", script.file, pattern.line),
            });
        }
    }
    out
}

fn plain_text(pattern: &Pattern) -> Vec<u8> {
    if pattern.quoted {
        pattern.text.clone()
    } else {
        unescape(&pattern.text)
    }
}

/// What a script says about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Global, with the version of this node (counted over all scripts).
    Node(usize),
    /// Local to the output.
    Local,
}

/// Says for any name which version it gets, with GNU ld's precedence:
///
/// 1. an exact name: the first node that has it, `global` before `local` within a node;
/// 2. a wildcard under `global`: the last node that has a match;
/// 3. a wildcard under `local`;
/// 4. `*` under `global`, the last node that has it;
/// 5. `*` under `local`.
#[derive(Clone, Debug, Default)]
pub struct VersionMatcher {
    c: Language,
    cxx: Language,
}

/// The patterns of one language, values being node indices.
#[derive(Clone, Debug, Default)]
struct Language {
    global: GlobSet,
    local: GlobSet,
}

impl Language {
    fn new(scripts: &[VersionScript], cxx: bool) -> Language {
        let nodes = || scripts.iter().flat_map(|script| &script.nodes).zip(0u32..);
        let globs = |patterns: &[Pattern], node: u32| -> Vec<(Glob, u32)> {
            let mine = patterns.iter().filter(|pattern| pattern.cxx == cxx);
            mine.map(|pattern| (compile(pattern), node)).collect()
        };
        Language {
            global: GlobSet::new(nodes().flat_map(|(node, index)| globs(&node.global, index))),
            local: GlobSet::new(nodes().flat_map(|(node, index)| globs(&node.local, index))),
        }
    }

    fn is_empty(&self) -> bool {
        self.global.is_empty() && self.local.is_empty()
    }

    /// The first exact match: (node, is it local).
    fn exact(&self, name: &[u8]) -> Option<(u32, bool)> {
        let global = self.global.exact(name).map(|node| (node, false));
        let local = self.local.exact(name).map(|node| (node, true));
        match (global, local) {
            (Some(global), Some(local)) => Some(global.min(local)),
            (global, local) => global.or(local),
        }
    }
}

fn compile(pattern: &Pattern) -> Glob {
    if pattern.quoted {
        Glob::literal(&pattern.text)
    } else {
        Glob::new(&pattern.text)
    }
}

impl VersionMatcher {
    /// A matcher for all scripts of a link, in their order.
    pub fn new(scripts: &[VersionScript]) -> VersionMatcher {
        VersionMatcher {
            c: Language::new(scripts, false),
            cxx: Language::new(scripts, true),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.c.is_empty() && self.cxx.is_empty()
    }

    /// Whether [`lookup`](Self::lookup) may ask for demangled names.
    pub fn needs_demangled(&self) -> bool {
        !self.cxx.is_empty()
    }

    /// What the scripts say about `name`. `demangled` gives the name as C++ source would write it, with
    /// parameters; it is called at most once, and only if a script has C++ patterns.
    pub fn lookup(
        &self,
        name: &[u8],
        demangled: impl FnOnce() -> Option<String>,
    ) -> Option<Assigned> {
        if self.cxx.is_empty() {
            return self.decide(name, None);
        }
        // A name that is not mangled is compared with C++ patterns as it is.
        match demangled() {
            Some(text) => self.decide(name, Some(text.as_bytes())),
            None => self.decide(name, Some(name)),
        }
    }

    fn decide(&self, name: &[u8], cxx_name: Option<&[u8]>) -> Option<Assigned> {
        let cxx_exact = cxx_name.and_then(|text| self.cxx.exact(text));
        let exact = match (self.c.exact(name), cxx_exact) {
            (Some(c), Some(cxx)) => Some(c.min(cxx)),
            (c, cxx) => c.or(cxx),
        };
        if let Some((node, local)) = exact {
            return Some(if local {
                Assigned::Local
            } else {
                Assigned::Node(node as usize)
            });
        }
        let cxx_wild = cxx_name.and_then(|text| self.cxx.global.wild(text));
        if let Some(node) = self.c.global.wild(name).max(cxx_wild) {
            return Some(Assigned::Node(node as usize));
        }
        let local_wild = self.c.local.wild(name).is_some()
            || cxx_name.is_some_and(|text| self.cxx.local.wild(text).is_some());
        if local_wild {
            return Some(Assigned::Local);
        }
        // `*` inside extern "C++" matches whatever there is too: GNU ld looks no further than the star.
        if let Some(node) = self.c.global.any().max(self.cxx.global.any()) {
            return Some(Assigned::Node(node as usize));
        }
        let star_local = self.c.local.any().or(self.cxx.local.any());
        star_local.map(|_| Assigned::Local)
    }
}

#[cfg(test)]
#[path = "version_tests.rs"]
mod tests;
