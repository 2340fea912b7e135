//! What mapfiles say: the values that the parsers of both versions make.
//!
//! Linker and Libraries Guide, "Mapfiles" (version 2) and "System V Release 4 Mapfiles" (version 1). All mapfiles
//! of a link add to one [`Mapfile`].

use std::collections::HashMap;

use super::model::{Pattern, VersionNode, VersionScript};

/// Who sees a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymbolScope {
    /// `default`, `global`, `exported`, `singleton`: everybody. (What the last two add, nobody after us sees.)
    #[default]
    Global,
    /// `protected`, `symbolic`: everybody, and this module's own references are bound to it.
    Protected,
    /// `hidden`, `local`.
    Hidden,
    /// `eliminate`: hidden, and in no symbol table.
    Eliminate,
}

/// `TYPE` of a symbol that a mapfile defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolType {
    Function,
    Data,
    Common,
}

/// `FILTER` or `AUXILIARY` of a symbol: the object that really has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtee {
    pub auxiliary: bool,
    pub object: Vec<u8>,
}

/// `ASSERT`: what must be true of a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assertion {
    /// STB_ value.
    pub bind: Option<u8>,
    /// STT_ value.
    pub ty: Option<u8>,
    /// Bytes.
    pub size: Option<u64>,
    /// `SH_ATTR = BITS` (Some(true)) or `NOBITS`.
    pub bits: Option<bool>,
    /// `ALIAS`: another name of the same thing.
    pub alias: Option<Vec<u8>>,
}

/// What stands in braces behind a symbol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    pub ty: Option<SymbolType>,
    pub value: Option<u64>,
    /// Bytes.
    pub size: Option<u64>,
    pub filtee: Option<Filtee>,
    /// References to it are bound directly (`DIRECT`), or it may not be bound to so (`NODIRECT`).
    pub direct: Option<bool>,
    pub interpose: bool,
    /// It may stay undefined: another module has it (`EXTERN`), or this one's parent (`PARENT`).
    pub external: bool,
    pub parent: bool,
    /// `DYNSORT`, `NODYNSORT`.
    pub dynsort: Option<bool>,
    pub assert: Option<Assertion>,
}

impl Attributes {
    /// The mapfile is the symbol's definition.
    pub fn defines(&self) -> bool {
        !self.external
            && !self.parent
            && (self.ty.is_some()
                || self.value.is_some()
                || self.size.is_some()
                || self.filtee.is_some())
            && self.assert.is_none()
    }
}

/// A symbol with its scope, version and attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapSymbol {
    pub name: Vec<u8>,
    pub scope: SymbolScope,
    /// Name of its version; empty for the base version.
    pub version: Vec<u8>,
    pub attributes: Attributes,
    /// Written in quotes: `*` and its like are no wildcards.
    pub quoted: bool,
    pub line: u32,
    /// `file:line:column`.
    pub at: String,
}

/// A version, with those it inherits from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapVersion {
    pub name: Vec<u8>,
    pub parents: Vec<Vec<u8>>,
    pub at: String,
}

/// `CAPABILITY` of the whole object: what to add, and what of the inputs' not to take over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapabilityMask {
    pub set: u64,
    pub remove: u64,
    /// `=`: only `set`, nothing of the inputs'.
    pub replace: bool,
}

/// The same for names of machines or platforms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapabilityNames {
    pub set: Vec<Vec<u8>>,
    pub remove: Vec<Vec<u8>>,
    pub replace: bool,
}

/// Capabilities of the whole object, by tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub hw_1: CapabilityMask,
    pub hw_2: CapabilityMask,
    pub sf_1: CapabilityMask,
    pub machine: CapabilityNames,
    pub platform: CapabilityNames,
    /// `CAPABILITY NAME { … }`: what ld.so.1 and its tools call them.
    pub id: Option<Vec<u8>>,
}

impl Capabilities {
    /// Nothing of the inputs' is taken over.
    pub fn clear(&mut self) {
        for mask in [&mut self.hw_1, &mut self.hw_2, &mut self.sf_1] {
            *mask = CapabilityMask {
                replace: true,
                ..CapabilityMask::default()
            };
        }
        for names in [&mut self.machine, &mut self.platform] {
            *names = CapabilityNames {
                replace: true,
                ..CapabilityNames::default()
            };
        }
        self.id = None;
    }
}

/// A file that sections come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileMatch {
    /// `FILE_BASENAME`: the last part of its path; of a member, of its archive's (`libx.a(x.o)` names one member).
    Base(Vec<u8>),
    /// `FILE_OBJNAME`: as above, but of a member its own name.
    Object(Vec<u8>),
    /// `FILE_PATH`: the path as it was given.
    Path(Vec<u8>),
}

/// What a segment is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SegmentKind {
    #[default]
    Load,
    Note,
    Null,
}

/// `ASSIGN_SECTION`: which input sections a segment takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionChoice {
    /// What `IS_ORDER` calls it.
    pub label: Vec<u8>,
    pub name: Option<Vec<u8>>,
    /// SHT_ value.
    pub ty: Option<u32>,
    /// SHF_ bits that must be set, and that must not.
    pub flags: u64,
    pub no_flags: u64,
    /// Files they come from; empty: any.
    pub files: Vec<FileMatch>,
    /// Its place among all choices of all mapfiles.
    pub number: u32,
}

/// A segment that a mapfile makes or changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapSegment {
    pub name: Vec<u8>,
    pub kind: SegmentKind,
    /// p_vaddr, bytes.
    pub address: Option<u64>,
    /// Bytes.
    pub align: Option<u64>,
    /// Address and size are rounded up to this, bytes.
    pub round: Option<u64>,
    /// Largest size allowed, bytes.
    pub max_size: Option<u64>,
    /// PF_ bits.
    pub flags: Option<u32>,
    pub choices: Vec<SectionChoice>,
    /// `IS_ORDER`: labels of [`SectionChoice`]s (version 1: names of input sections) in the order they are to have.
    pub order: Vec<Vec<u8>>,
    /// `OS_ORDER`: names of output sections.
    pub output_order: Vec<Vec<u8>>,
    /// `PADDR`: p_paddr.
    pub physical: Option<u64>,
    /// `?E`, `?O` of version 1: a segment without sections, sections in the order of the link.
    pub empty: bool,
    pub ordered: bool,
    /// Symbols that get the segment's size.
    pub size_symbols: Vec<Vec<u8>>,
    pub disabled: bool,
    /// `file:line:column`.
    pub at: String,
}

/// `DEPEND_VERSIONS`: a library's versions that may be bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependVersions {
    /// File name or soname.
    pub object: Vec<u8>,
    /// `file:line:column`.
    pub at: String,
    pub allow: Vec<Vec<u8>>,
    /// Recorded as needed whether or not a symbol of it is used.
    pub require: Vec<Vec<u8>>,
}

/// What all mapfiles of a link say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapfile {
    pub versions: Vec<MapVersion>,
    pub symbols: Vec<MapSymbol>,
    /// `*` under `local` or `eliminate`: what no mapfile names is not seen outside.
    pub reduce: Option<SymbolScope>,
    pub segments: Vec<MapSegment>,
    /// `STACK`: PF_ bits.
    pub stack: Option<u32>,
    pub capabilities: Capabilities,
    pub depend: Vec<DependVersions>,
    /// `HDR_NOALLOC`: the headers are in no segment.
    pub hdr_noalloc: bool,
    /// `PHDR_ADD_NULL`: free program headers at the end of the table.
    pub null_headers: u64,
    /// `SEGMENT_ORDER`: names of segments, and where that stands.
    pub segment_order: Option<(Vec<Vec<u8>>, String)>,
    /// Version scripts in GNU ld's language (wildcards, `extern "C++"`) that were given as mapfiles.
    pub scripts: Vec<VersionScript>,
    /// Places in `symbols` and `segments` by name, and how many choices there are.
    pub(super) places: Places,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub symbols: HashMap<Vec<u8>, usize>,
    pub segments: HashMap<Vec<u8>, usize>,
    pub choices: u32,
}

impl Mapfile {
    /// Versions and scopes in the form the rest of the linker has: one script, a version after those it depends on.
    ///
    /// # Errors
    /// Versions that depend on unknown ones or on each other.
    pub fn version_script(&self) -> Result<Option<VersionScript>, Vec<String>> {
        if self.symbols.is_empty() && self.versions.is_empty() && self.reduce.is_none() {
            return Ok(None);
        }
        let mut script = VersionScript {
            file: "mapfile".into(),
            combined: true,
            nodes: Vec::new(),
        };
        for version in self.in_order()? {
            script.nodes.push(VersionNode {
                name: version.name.clone(),
                parents: version.parents.clone(),
                ..VersionNode::default()
            });
        }
        let base = script.nodes.len();
        script.nodes.push(VersionNode::default());
        // The first of a name counts.
        let named = script.nodes.iter().enumerate().rev();
        let places: HashMap<Vec<u8>, usize> = named.map(|(i, n)| (n.name.clone(), i)).collect();
        for symbol in &self.symbols {
            let at = places.get(&symbol.version).copied();
            let at = at.filter(|_| !symbol.version.is_empty());
            let Some(node) = script.nodes.get_mut(at.unwrap_or(base)) else {
                continue;
            };
            let list = match symbol.scope {
                SymbolScope::Global | SymbolScope::Protected => &mut node.global,
                SymbolScope::Hidden | SymbolScope::Eliminate => &mut node.local,
            };
            list.push(Pattern {
                text: symbol.name.clone(),
                quoted: symbol.quoted,
                cxx: false,
                line: symbol.line,
            });
        }
        if self.reduce.is_some()
            && let Some(node) = script.nodes.get_mut(base)
        {
            node.local.push(Pattern {
                text: b"*".to_vec(),
                quoted: false,
                cxx: false,
                line: 0,
            });
        }
        Ok(Some(script))
    }

    /// The versions, each after its parents.
    fn in_order(&self) -> Result<Vec<&MapVersion>, Vec<String>> {
        let mut errors = Vec::new();
        for version in &self.versions {
            for parent in &version.parents {
                if !self.versions.iter().any(|v| v.name == *parent) {
                    errors.push(format!(
                        "{}: version {} depends on {}, which no mapfile defines",
                        version.at,
                        version.name.escape_ascii(),
                        parent.escape_ascii()
                    ));
                }
            }
        }
        let mut done: Vec<&MapVersion> = Vec::new();
        let mut left: Vec<&MapVersion> = self.versions.iter().collect();
        while errors.is_empty() && !left.is_empty() {
            let known = |v: &&MapVersion| {
                let seen = |p: &Vec<u8>| done.iter().any(|d| d.name == *p);
                v.parents.iter().all(seen)
            };
            match left.iter().position(known) {
                Some(at) => done.push(left.remove(at)),
                None => {
                    let names: Vec<String> = left
                        .iter()
                        .map(|v| v.name.escape_ascii().to_string())
                        .collect();
                    errors.push(format!(
                        "versions depend on each other: {}",
                        names.join(", ")
                    ));
                }
            }
        }
        if errors.is_empty() {
            Ok(done)
        } else {
            Err(errors)
        }
    }

    /// Adds a choice to a segment, numbered in the order of their coming.
    pub fn add_choice(&mut self, segment: usize, mut choice: SectionChoice) {
        choice.number = self.places.choices;
        if let Some(segment) = self.segments.get_mut(segment) {
            segment.choices.push(choice);
            self.places.choices += 1;
        }
    }

    /// Adds a version, or parents to one that is there.
    pub fn add_version(&mut self, version: MapVersion) {
        match self.versions.iter_mut().find(|v| v.name == version.name) {
            Some(known) => {
                for parent in version.parents {
                    if !known.parents.contains(&parent) {
                        known.parents.push(parent);
                    }
                }
            }
            None => self.versions.push(version),
        }
    }
}
