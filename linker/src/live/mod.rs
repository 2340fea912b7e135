//! What is kept, and what it needs: garbage collection and the relocation scan in one walk.
//!
//! Reading order: `scan.rs` (one section's relocations), `mark.rs` (the walk over reachable sections), `companions.rs` (what is
//! kept together), `icf.rs` (sections that others can stand for), `frames.rs`
//! (unwind information follows the functions it describes), `errors.rs` (what the scan found wrong, as text),
//! `platform.rs` (what the run-time linker could not carry out).
//!
//! The only shared mutable state during the walk is one atomic byte a section and one atomic word a symbol.

pub mod companions;
pub mod endbr;
pub mod errors;
mod frames;
mod hints;
pub mod icf;
pub mod mark;
pub mod platform;
pub mod scan;
mod source_line;

use std::collections::HashMap;

use crate::arch::Needs;
use crate::symbols::{SectionId, SymbolId};
use crate::synth::eh_frame::EhFrame;

/// The outcome of the walk.
pub struct Liveness {
    /// By section number: the section is linked.
    pub live: Vec<bool>,
    /// By symbol number (globals, then locals).
    pub needs: Vec<Needs>,
    /// What the module as a whole needs (TLSLD, GOTBASE).
    pub module: Needs,
    /// Sections with dynamic relocations, in order, with how many.
    pub dynamic: Vec<DynamicSection>,
    /// By object: its `.eh_frame` taken apart, with the FDEs of live functions kept.
    pub eh_frames: Vec<Vec<(u32, EhFrame)>>,
    /// A read-only section needs dynamic relocations (`-z notext`).
    pub textrel: bool,
    /// Initial-exec TLS in a shared object.
    pub static_tls: bool,
    /// By number of a section that is not linked because an equal one stands for it: that one (`--icf`).
    pub folded: HashMap<u32, SectionId>,
    /// Symbols with needs, ascending.
    pub needy: Vec<SymbolId>,
    /// By section: offsets of ENDBR64 instructions that become NOPs (`-z rewrite-endbr`).
    pub endbr: HashMap<SectionId, Vec<u64>>,
}

/// Dynamic relocations of one input section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DynamicSection {
    pub section: u32,
    /// RELATIVE ones that RELR can carry.
    pub relative: u32,
    /// All others, and RELATIVE ones at odd places.
    pub other: u32,
}

impl Liveness {
    pub fn is_live(&self, s: SectionId) -> bool {
        self.live.get(s.index()).copied().unwrap_or(false)
    }
    /// It is linked, or an equal section is in its place.
    pub fn is_placed(&self, s: SectionId) -> bool {
        self.is_live(s) || !self.folded.is_empty() && self.folded.contains_key(&s.0)
    }
    /// The section that is linked for `s`: itself, an equal one, or none.
    pub fn stands_for(&self, s: SectionId) -> Option<SectionId> {
        if self.is_live(s) {
            return Some(s);
        }
        self.folded.get(&s.0).copied()
    }
    pub fn needs(&self, s: SymbolId) -> Needs {
        self.needs.get(s.index()).copied().unwrap_or_default()
    }
}
