//! One output section in a pass: its address, region, load address.
//!
//! GNU ld manual, "Output Section Address", "Output Section LMA", "Output Section Region".

use super::{Engine, MAX_ALIGN, align_up};
use crate::elf::Elf;
use crate::layout::script::plan::{OutputPlan, OverlayRole, Plan};
use crate::script::{Expr, Place};

impl<'a, 'd, E: Elf> Engine<'a, 'd, E> {
    pub(super) fn power(&self, expr: Option<&Expr>, what: &str, place: &Place) -> u64 {
        let Some(expr) = expr else { return 1 };
        let value = self.address(expr, None, self.dot, place);
        if value.is_power_of_two() && value <= MAX_ALIGN {
            value
        } else {
            if self.last && value != 0 {
                self.report.error(format!(
                    "{place}: {what} {value:#x} is not a power of two (at most {MAX_ALIGN:#x})"
                ));
            }
            1
        }
    }

    pub(super) fn section(&mut self, n: usize, plan: &'a Plan<'d>) {
        let Some(out) = self.outs.get(n) else { return };
        let described = out.plan.and_then(|i| plan.outputs.get(i));
        let nothing = Place::default();
        let place = described.map_or(&nothing, |d| &d.place);
        let ignored = self.spots.get(n).is_some_and(|s| s.ignored);
        if ignored && !described.is_some_and(|d| self.defines_symbols(d)) {
            if let Some(spot) = self.spots.get_mut(n) {
                spot.addr = self.dot;
            }
            return;
        }
        let alloc = out.section.is_alloc();
        let fixed = self.fixed_address(n);
        let written = described.and_then(|d| d.address.as_ref());
        let address = match (fixed, written) {
            (Some(at), _) => Some(at),
            (None, Some(expr)) => Some(self.address(expr, None, self.dot, place)),
            // What is not loaded and has no place in the script counts from 0.
            (None, None) if !alloc && described.is_none() => Some(0),
            _ => None,
        };
        let asked = self.power(described.and_then(|d| d.align.as_ref()), "alignment", place);
        let subalign = described
            .and_then(|d| d.subalign.as_ref())
            .map(|e| self.power(Some(e), "subsection alignment", place));
        let named = self.named_region(n, address.is_some(), place);
        let region = match named {
            Some(r) => r,
            None if alloc && address.is_none() => {
                let found = self.regions.for_nature(self.nature(n));
                self.check_has_region(n, found);
                found
            }
            None => 0,
        };
        let inputs_align = self.outs.get(n).map_or(1, |o| o.section.align);
        let align = asked.max(match subalign {
            Some(s) if self.outs.get(n).is_some_and(|o| o.has_input) => s.max(inputs_align),
            _ => inputs_align,
        });
        let (start, to) = match address {
            Some(at) => (at, asked),
            None => (
                self.regions.list.get(region).map_or(0, |r| r.current),
                align,
            ),
        };
        let addr = align_up(start, to);
        let delta = addr.wrapping_sub(start);
        if let Some(spot) = self.spots.get_mut(n) {
            spot.addr = addr;
            spot.align = align;
            spot.region = region;
            spot.pieces.clear();
        }
        let end = self.body(n, described, addr, subalign);
        let size = end.wrapping_sub(addr);
        if let Some(spot) = self.spots.get_mut(n) {
            spot.size = size;
        }
        self.load_address(n, described, region, delta, asked, align, place);
        self.dot = addr;
        if ignored {
            self.dot = end;
            return;
        }
        if alloc && size > 0 {
            self.latest = Some(n);
        }
        let tbss = self.outs.get(n).is_some_and(|o| o.section.is_tbss());
        if !tbss {
            self.dot = end;
        }
        if let Some(all) = described.map(|d| &d.overlaid).filter(|all| !all.is_empty()) {
            let sizes = all.iter().filter_map(|name| {
                let spot = self.spots.get(self.find(name)?)?;
                (!spot.ignored).then_some(spot.size)
            });
            let longest = sizes.max().unwrap_or(0);
            let start = all
                .first()
                .and_then(|name| self.find(name))
                .and_then(|n| self.spots.get(n))
                .map_or(addr, |s| s.addr);
            self.dot = start.wrapping_add(longest);
        }
        // What only the command line places takes nothing from where the others go.
        if fixed.is_none() || described.is_some() {
            self.advance_regions(n, region, address.is_some());
        }
    }

    /// An address from the command line: it takes the place of the script's.
    pub(super) fn fixed_address(&self, n: usize) -> Option<u64> {
        if self.opts.section_start.is_empty() {
            return None;
        }
        let name = self.outs.get(n)?.section.name;
        if self.find(name) != Some(n) {
            return None;
        }
        let (_, at) = self.opts.section_start.iter().find(|(s, _)| s == name)?;
        Some(*at)
    }

    pub(super) fn check_has_region(&self, n: usize, found: usize) {
        let size = self.spots.get(n).map_or(0, |s| s.size);
        if self.last && found == 0 && self.regions.list.len() > 1 && size > 0 {
            let name = self.outs.get(n).map_or(&b""[..], |o| o.section.name);
            self.report.error(format!(
                "no memory region specified for loadable section `{}'",
                String::from_utf8_lossy(name)
            ));
        }
    }

    pub(super) fn region_or_error(&self, name: &[u8], place: &Place) -> Option<usize> {
        let found = self.regions.find(name);
        if found.is_none() && name != b"*default*" && self.last {
            // An orphan has its neighbour's region, whose name stands elsewhere.
            let at = if place.0.is_empty() {
                String::new()
            } else {
                format!("{place}: ")
            };
            self.report.error(format!(
                "{at}memory region `{}' is not declared",
                String::from_utf8_lossy(name)
            ));
        }
        found
    }

    /// The region that the script names; the load region stands for a missing one.
    pub(super) fn named_region(&self, n: usize, has_address: bool, place: &Place) -> Option<usize> {
        let out = self.outs.get(n)?;
        match (&out.region, &out.load_region) {
            (Some(name), _) => self.region_or_error(name, place),
            (None, Some(name)) if !has_address => self.region_or_error(name, place),
            _ => None,
        }
    }

    pub(super) fn advance_regions(&mut self, n: usize, region: usize, explicit: bool) {
        let Some(out) = self.outs.get(n) else { return };
        if !out.section.is_alloc() {
            return;
        }
        let name = out.section.name;
        let nobits = out.section.is_nobits();
        let load = out.load_region.as_ref().and_then(|r| self.regions.find(r));
        let Some((addr, lma, size)) = self.spots.get(n).map(|s| (s.addr, s.lma, s.size)) else {
            return;
        };
        if let Some(r) = self.regions.list.get_mut(region) {
            r.current = self.dot;
        }
        let (last, report) = (self.last, self.report);
        if last {
            self.regions.check(region, name, explicit, addr, report);
        }
        // What `.tbss` is aligned to moves what follows, in memory and where it is loaded from.
        let tbss = self.outs.get(n).is_some_and(|o| o.section.is_tbss());
        if let Some(load) = load.filter(|l| *l != region)
            && (!nobits || tbss)
        {
            if let Some(r) = self.regions.list.get_mut(load) {
                r.current = if tbss { lma } else { lma.wrapping_add(size) };
            }
            if last {
                self.regions.check(load, name, false, lma, report);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn load_address(
        &mut self,
        n: usize,
        described: Option<&OutputPlan<'_>>,
        region: usize,
        delta: u64,
        asked: u64,
        align: u64,
        place: &Place,
    ) {
        let Some(out) = self.outs.get(n) else { return };
        let alloc = out.section.is_alloc();
        let Some((addr, size, ignored)) = self.spots.get(n).map(|s| (s.addr, s.size, s.ignored))
        else {
            return;
        };
        let load_region = out
            .load_region
            .as_ref()
            .and_then(|r| self.region_or_error(r, place));
        let overlay = described.map_or(OverlayRole::None, |d| d.overlay);
        let to = if described.is_some_and(|d| d.address.is_some()) {
            asked
        } else {
            align
        };
        let last = self
            .regions
            .list
            .get(region)
            .and_then(|r| r.last)
            .and_then(|l| self.spots.get(l));
        let explicit = described.and_then(|d| d.load_address.as_ref());
        let mut lma = addr;
        if let Some(expr) = explicit {
            lma = self.address(expr, None, self.dot, place);
        } else if let Some(r) = load_region {
            lma = self.regions.list.get(r).map_or(0, |r| r.current);
            lma = if described.is_some_and(|d| d.align_with_input) {
                lma.wrapping_add(delta)
            } else if r != region {
                align_up(lma, asked)
            } else {
                align_up(lma, to)
            };
        } else if let Some(last) = last.filter(|_| alloc) {
            let backwards = addr < last.addr && size != 0 && addr.wrapping_add(size) <= last.addr;
            if backwards {
                if self.last && last.addr != last.lma {
                    let name = out.section.name;
                    self.report.warn(format!(
                        "dot moved backwards before `{}'; its load address is its address",
                        String::from_utf8_lossy(name)
                    ));
                }
            } else {
                lma = if overlay == OverlayRole::Next {
                    last.lma.wrapping_add(last.size)
                } else {
                    addr.wrapping_add(last.lma).wrapping_sub(last.addr)
                };
                lma = align_up(lma, to);
            }
        }
        let counts = alloc
            && (size != 0
                || match last {
                    None => addr != lma,
                    Some(last) => addr >= last.addr,
                })
            || overlay == OverlayRole::First;
        if let Some(spot) = self.spots.get_mut(n) {
            spot.lma = lma;
        }
        if counts
            && !ignored
            && load_region.is_none()
            && let Some(r) = self.regions.list.get_mut(region)
        {
            r.last = Some(n);
        }
    }
}
