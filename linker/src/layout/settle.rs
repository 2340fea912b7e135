//! From sized sections to addresses: the order of output sections, and the rounds until sizes that depend on addresses
//! (`.relr.dyn`, packed `.rela.dyn`) hold still.

use std::cmp::Reverse;

use object::elf;
use wcc_targets::rules::PhdrRule;

use super::output::{Content, OutputSection, Synth};
use super::segments::{self, SegmentPlan};
use super::{Layout, limits, names, script, sunw, values};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Symbols, or sections, of one task.
const CHUNK: usize = 1 << 14;

/// illumos, Linker and Libraries Guide, "Program Header": the protection of the stack.
const PT_SUNWSTACK: u32 = 0x6fff_fffb;

/// `-Trodata-segment`, `-Tldata-segment`: where the first section of the kind lies.
pub(super) fn segment_starts(outputs: &mut [OutputSection<'_>], opts: &Options) {
    let large = u64::from(names::SHF_X86_64_LARGE);
    let mut place = |addr: Option<u64>, of_kind: &dyn Fn(&OutputSection<'_>) -> bool| {
        if addr.is_some()
            && let Some(s) = outputs.iter_mut().find(|s| s.is_alloc() && of_kind(s))
        {
            s.fixed_addr = s.fixed_addr.or(addr);
        }
    };
    place(opts.rodata_segment, &|s| s.name == b".rodata");
    place(opts.data_segment, &|s| {
        s.flags & u64::from(elf::SHF_WRITE) != 0
    });
    place(opts.ldata_segment, &|s| {
        s.flags & large != 0 && s.flags & u64::from(elf::SHF_WRITE) != 0
    });
}

/// Sorts the output sections by rank; empty ones go, unless a symbol is defined in one of their (empty) input sections.
/// `output_of` comes back with the new numbers.
pub(super) fn sort_outputs<E: Elf>(
    outputs: &mut Vec<OutputSection<'_>>,
    p: &Program<'_, E>,
    mut output_of: Vec<u32>,
    par: Par,
) -> Vec<u32> {
    let mut keep: Vec<bool> = outputs
        .iter()
        .map(|s| s.size > 0 || !s.is_alloc() && !s.pieces.is_empty())
        .collect();
    if keep.contains(&false) {
        let chunks: Vec<_> = p.symbols.targets.chunks(CHUNK).collect();
        let named = par.map(&chunks, |targets| {
            let mut named: Vec<u32> = Vec::new();
            for t in targets.iter().filter(|t| t.section != SectionId::NONE) {
                if let Some(&o) = output_of.get(t.section.index())
                    && keep.get(o as usize) == Some(&false)
                    && !named.contains(&o)
                {
                    named.push(o);
                }
            }
            named
        });
        for o in named.into_iter().flatten() {
            if let Some(k) = keep.get_mut(o as usize) {
                *k = true;
            }
        }
    }
    let mut order: Vec<usize> = (0..outputs.len())
        .filter(|i| keep.get(*i) == Some(&true))
        .collect();
    // Loaded notes of one alignment stand together: they share a PT_NOTE.
    let note = |s: &OutputSection<'_>| match s.ty == elf::SHT_NOTE && s.is_alloc() {
        true => Reverse(s.align),
        false => Reverse(0),
    };
    order.sort_by_key(|i| outputs.get(*i).map(|s| (s.rank, note(s), s.order)));
    let mut number = vec![u32::MAX; outputs.len()];
    for (new, old) in (0u32..).zip(&order) {
        if let Some(n) = number.get_mut(*old) {
            *n = new;
        }
    }
    let mut old: Vec<Option<OutputSection<'_>>> =
        std::mem::take(outputs).into_iter().map(Some).collect();
    outputs.extend(
        order
            .iter()
            .filter_map(|i| old.get_mut(*i).and_then(Option::take)),
    );
    let mut chunks: Vec<&mut [u32]> = output_of.chunks_mut(CHUNK).collect();
    par.for_each_mut(&mut chunks, |_, chunk| {
        for slot in chunk.iter_mut() {
            *slot = number.get(*slot as usize).copied().unwrap_or(u32::MAX);
        }
    });
    output_of
}

pub(super) fn number_synth(l: &mut Layout<'_>) {
    l.synth.clear();
    for (si, s) in (0u32..).zip(&l.outputs) {
        for (pi, piece) in (0u32..).zip(&s.pieces) {
            if let Content::Synth(what) = piece.content {
                l.synth.insert(what, (si, pi));
            }
        }
    }
}

/// The section name table.
pub(super) fn name_sections(l: &mut Layout<'_>) {
    let mut tab = crate::synth::strtab::StrTab::new();
    let name = |s: &OutputSection<'_>| match s.relocs_of.and_then(|i| l.outputs.get(i as usize)) {
        Some(of) => tab.add(&[s.name, of.name].concat()),
        None => tab.add(s.name),
    };
    l.section_names = l.outputs.iter().map(name).collect();
    l.shstrtab = tab.finish().unwrap_or_default();
    let size = l.shstrtab.len() as u64;
    for s in &mut l.outputs {
        if s.name == b".shstrtab"
            && let Some(p) = s.pieces.first_mut()
        {
            p.size = size;
            s.size = size;
        }
    }
}

/// Addresses; repeated until the sizes that depend on them hold still.
pub(super) fn settle<'d, A: Arch>(
    p: &Program<'d, A::Elf>,
    live: &Liveness,
    opts: &Options,
    mut placer: Option<&mut script::Placer<'_, 'd, A::Elf>>,
    report: &Report,
    par: Par,
    l: &mut Layout<'d>,
) {
    let plan = segment_plan::<A>(p, opts, l);
    let mut rounds = 0;
    loop {
        match &mut placer {
            None => {
                l.placement = segments::place::<A>(&mut l.outputs, &plan, opts);
                if limits::contain(p, opts, report, l) {
                    break;
                }
            }
            Some(placer) => {
                placer.place::<A>(l, &plan);
                number_synth(l);
            }
        }
        l.segments = l.placement.segments.clone();
        l.values = values::compute::<A>(p, live, opts, l, par);
        if let Some(placer) = &placer {
            placer.symbols(l);
        }
        sunw::dtrace(p, opts, l);
        rounds += 1;
        let mut moved = false;
        if opts.shape.android_relocs && p.dynamic && l.synth.contains_key(&Synth::RelaDyn) {
            let packed = crate::emit::dynrel::android::<A>(p, live, opts, l, par);
            moved |= resize(l, &mut placer, Synth::RelaDyn, packed.len() as u64, rounds);
        }
        if l.synth.contains_key(&Synth::RelrDyn) {
            let word = A::Elf::WORD as u64;
            let addresses = crate::emit::dynrel::relr_addresses::<A>(p, live, opts, l, par);
            match crate::synth::relr::encode(&addresses, word) {
                Ok(encoded) => l.relr = encoded,
                Err(e) => {
                    report.error(format!(".relr.dyn: address {:#x} cannot be packed", e.0));
                    break;
                }
            }
            let size = l.relr.len() as u64 * word;
            moved |= resize(l, &mut placer, Synth::RelrDyn, size, rounds);
            // A word of 1 says nothing.
            let have = l.synth_range(Synth::RelrDyn).map_or(0, |r| r.1);
            l.relr.resize((have / word) as usize, 1);
        }
        if !moved {
            break;
        }
    }
    l.place_headers::<A::Elf>(opts);
}

/// Gives a table that depends on addresses its size; after a few rounds it only grows. Whether that moves anything.
fn resize<E: Elf>(
    l: &mut Layout<'_>,
    placer: &mut Option<&mut script::Placer<'_, '_, E>>,
    what: Synth,
    size: u64,
    rounds: u32,
) -> bool {
    let Some(&(si, pi)) = l.synth.get(&what) else {
        return false;
    };
    let Some(s) = l.outputs.get_mut(si as usize) else {
        return false;
    };
    let have = s.pieces.get(pi as usize).map_or(0, |p| p.size);
    let want = if rounds > 3 { have.max(size) } else { size };
    if want == have {
        return false;
    }
    // A script may have put other things beside it.
    s.size = s.size.saturating_add(want).saturating_sub(have);
    if let Some(piece) = s.pieces.get_mut(pi as usize) {
        piece.size = want;
    }
    if let Some(placer) = placer {
        placer.resize(what, want);
    }
    true
}

fn segment_plan<A: Arch>(p: &Program<'_, A::Elf>, opts: &Options, l: &Layout<'_>) -> SegmentPlan {
    let stack = match opts.z.execstack {
        Some(x) => x,
        None if l.rules.ignore_missing_stack_note => false,
        // GNU ld on x86: an object that asks for it makes the stack executable; silence is no request any more.
        None => p.objects.iter().any(|o| o.stack == Some(true)),
    };
    let stack_flags = elf::PF_R | elf::PF_W | if stack { elf::PF_X } else { 0 };
    let base = opts
        .image_base
        .unwrap_or(if opts.kind.is_pic() { 0 } else { A::IMAGE_BASE });
    SegmentPlan {
        interp: !l.interp.is_empty(),
        phdr: match l.rules.phdr {
            PhdrRule::Always => opts.kind.is_executable() && opts.kind.is_pic(),
            PhdrRule::WithInterp | PhdrRule::BothOrNeitherFirst => false,
        } || !l.interp.is_empty(),
        dtrace: sunw::dtrace_header(opts),
        wxneeded: opts.z.wxneeded,
        nobtcfi: opts.z.nobtcfi,
        null_headers: opts.sunw.mapfile.null_headers as usize + opts.shape.spare_headers as usize,
        stack: if l.rules.sunw_stack {
            opts.z.execstack.map(|_| (PT_SUNWSTACK, stack_flags))
        } else if l.rules.gnu_stack && !opts.z.nognustack {
            Some((elf::PT_GNU_STACK, stack_flags))
        } else {
            None
        },
        stack_size: opts.z.stack_size,
        physical_base: opts.shape.physical_base,
        // A section put below the image leaves no place for them.
        headers_loaded: !opts.sunw.mapfile.hdr_noalloc
            && !l
                .outputs
                .iter()
                .any(|s| s.is_alloc() && s.fixed_addr.is_some_and(|a| a < base)),
    }
}
