//! MEMORY: regions with a cursor each, which sections go where by their nature, and what does not fit.
//!
//! GNU ld manual, "MEMORY Command". Region 0 is the one that has no name: all of memory.

use std::collections::HashMap;

use super::plan::Plan;
use crate::report::Report;
use crate::script::Place;

/// A region of memory.
#[derive(Clone, Debug, Default)]
pub struct Region {
    pub name: Vec<u8>,
    pub origin: u64,
    /// Bytes; None: without end.
    pub length: Option<u64>,
    /// Where the next section goes.
    pub current: u64,
    /// The section that load addresses of the following ones are counted from.
    pub last: Option<usize>,
    wanted: u8,
    unwanted: u8,
    /// Said already that a section does not fit.
    full: bool,
    pub place: Place,
}

/// What does not fit is said before by how much.
const ORDER_FIT: (u32, u64) = (0, 1);
const ORDER_OVERFLOW: (u32, u64) = (0, 2);

const READONLY: u8 = 1;
const WRITABLE: u8 = 2;
const CODE: u8 = 4;
const ALLOC: u8 = 8;
const LOAD: u8 = 16;

/// What a section is to the attributes of a region.
#[derive(Clone, Copy, Debug)]
pub struct Nature {
    pub writable: bool,
    pub code: bool,
    pub alloc: bool,
    pub load: bool,
}

impl Nature {
    fn bits(self) -> u8 {
        let mut bits = 0;
        let mut set = |on: bool, bit: u8| {
            if on {
                bits |= bit;
            }
        };
        set(!self.writable, READONLY);
        set(self.writable && !self.code, WRITABLE);
        set(self.code, CODE);
        set(self.alloc, ALLOC);
        set(self.load, LOAD);
        bits
    }
}

fn attributes(text: &[u8]) -> (u8, u8) {
    let mut sets = [0, 0];
    let mut inverted = 0;
    for c in text {
        let bit = match c.to_ascii_lowercase() {
            b'!' => {
                inverted ^= 1;
                continue;
            }
            b'r' => READONLY,
            b'w' => WRITABLE,
            b'x' => CODE,
            b'a' => ALLOC,
            b'i' | b'l' => LOAD,
            _ => continue,
        };
        sets[inverted] |= bit;
    }
    (sets[0], sets[1])
}

/// All regions of a link.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    pub list: Vec<Region>,
    /// By name and alias: number in the list.
    names: HashMap<Vec<u8>, usize>,
    /// By the bits of a section's nature.
    natures: [usize; 32],
}

impl Regions {
    /// Regions with origin and length still to come.
    pub fn new(plan: &Plan<'_>, report: &Report) -> Regions {
        let mut list = vec![Region::default()];
        let mut names = HashMap::new();
        for region in &plan.regions {
            if region.name.is_empty() || names.contains_key(&region.name) {
                report.warn(format!(
                    "{}: redeclaration of memory region `{}'",
                    region.place,
                    String::from_utf8_lossy(&region.name)
                ));
                continue;
            }
            names.insert(region.name.clone(), list.len());
            let (wanted, unwanted) = attributes(&region.attributes);
            list.push(Region {
                name: region.name.clone(),
                wanted,
                unwanted,
                place: region.place.clone(),
                ..Region::default()
            });
        }
        let takes = |bits: u8| {
            let takes = |r: &Region| r.wanted & bits != 0 && r.unwanted & bits == 0;
            let found = list.iter().skip(1).position(takes);
            found.map_or(0, |n| n + 1)
        };
        let mut regions = Regions {
            natures: std::array::from_fn(|bits| takes(bits as u8)),
            list,
            names,
        };
        for (alias, target) in &plan.aliases {
            if alias == b"*default*" {
                report.error(
                    "REGION_ALIAS: the default memory region, `*default*', cannot be another's name",
                );
                continue;
            }
            let Some(n) = regions.find(target) else {
                report.error(format!(
                    "REGION_ALIAS({}, {}): there is no memory region of the second name",
                    String::from_utf8_lossy(alias),
                    String::from_utf8_lossy(target)
                ));
                continue;
            };
            if regions.names.insert(alias.clone(), n).is_some() {
                report.error(format!(
                    "REGION_ALIAS({}, {}): the first name is taken already",
                    String::from_utf8_lossy(alias),
                    String::from_utf8_lossy(target)
                ));
            }
        }
        regions
    }

    /// The region of a name or alias.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The region that takes sections of this nature by its attributes; region 0 if none does.
    pub fn for_nature(&self, nature: Nature) -> usize {
        let bits = usize::from(nature.bits());
        self.natures.get(bits).copied().unwrap_or(0)
    }

    /// All cursors to the start.
    pub fn reset(&mut self) {
        for region in &mut self.list {
            region.current = region.origin;
            region.last = None;
        }
    }

    /// Reports the section that makes the region's cursor leave it. `explicit`: the section had an address of its own.
    pub fn check(&mut self, n: usize, section: &[u8], explicit: bool, base: u64, report: &Report) {
        let Some(region) = self.list.get_mut(n) else {
            return;
        };
        let Some(length) = region.length else { return };
        let end = region.origin.wrapping_add(length);
        let inside = region.current >= region.origin && region.current - region.origin <= length;
        if inside || (region.current == end && base != 0) {
            return;
        }
        let (section, name) = (
            String::from_utf8_lossy(section),
            String::from_utf8_lossy(&region.name),
        );
        if explicit {
            report.error(format!(
                "address {:#x} of section `{section}' is not within region `{name}'",
                region.current
            ));
        } else if !region.full {
            region.full = true;
            report.error_at(
                ORDER_FIT,
                format!("section `{section}' will not fit in region `{name}'"),
            );
        }
    }

    /// By how many bytes a region is too small.
    pub fn excess(&self, n: usize) -> Option<u64> {
        let region = self.list.get(n)?;
        let used = region.current.checked_sub(region.origin)?;
        used.checked_sub(region.length?).filter(|over| *over > 0)
    }

    /// How much too small the regions are that sections did not fit in.
    pub fn report_overflow(&self, report: &Report) {
        for region in self.list.iter().filter(|r| r.full) {
            let end = region.origin.wrapping_add(region.length.unwrap_or(0));
            let over = region.current.wrapping_sub(end);
            let plural = if over == 1 { "" } else { "s" };
            report.error_at(
                ORDER_OVERFLOW,
                format!(
                    "region `{}' overflowed by {over} byte{plural}",
                    String::from_utf8_lossy(&region.name)
                ),
            );
        }
    }
}
