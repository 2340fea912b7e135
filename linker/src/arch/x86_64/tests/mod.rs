//! Expected bytes, by hand from the psABI. The text is at `TEXT`, the GOT at `GOT`, the symbol at `SYM`, and a
//! thread-local symbol is 0x18 bytes before the thread pointer.

mod decisions;
mod rewrites;

use super::X86_64;
use crate::arch::*;

const TEXT: u64 = 0x40_1000;
const GOT: u64 = 0x40_3000;
const SYM: u64 = 0x40_2000;
const SLOT: u64 = 0x40_3018;
const PLT: u64 = 0x40_1800;
const TP_OFF: i64 = -0x18;

fn output(kind: OutputKind) -> OutputTraits {
    OutputTraits {
        kind,
        is_static: false,
        relax: true,
        copyreloc: true,
        alloc: true,
        writable: false,
        tlsdesc: true,
    }
}

const PDE: OutputKind = OutputKind::Executable;
const PIE: OutputKind = OutputKind::Pie;
const SHARED: OutputKind = OutputKind::Shared;
const LOCAL: SymFlags = SymFlags::empty();
const TLS: SymFlags = SymFlags::TLS;
const TLS_IMPORTED: SymFlags = SymFlags::TLS.union(SymFlags::IMPORTED);
const DATA: SymFlags = SymFlags::IMPORTED;
const FUNC: SymFlags = SymFlags::IMPORTED.union(SymFlags::FUNC);

fn reloc(ty: u32, offset: u64, addend: i64) -> Reloc {
    Reloc {
        offset,
        addend,
        sym: 1,
        ty,
    }
}

fn decide(ty: u32, sym: SymFlags, out: &OutputTraits) -> Action {
    X86_64::decide(&reloc(ty, 4, 0), None, sym, out, &[0; 16])
}

/// The value as the writer computes it.
fn value(r: &Reloc, a: &Action) -> u64 {
    let base = match a.base {
        Base::None => 0,
        Base::Sym => SYM,
        Base::Plt => {
            if a.needs.contains(Needs::PLT) {
                PLT
            } else {
                SYM
            }
        }
        Base::Got | Base::GotTp | Base::TlsGd | Base::TlsLd | Base::TlsDesc => SLOT,
        Base::TpOff => TP_OFF as u64,
        Base::DtpOff => 8,
        Base::Size => 24,
        Base::GotBase => GOT,
    };
    let minus = match a.minus {
        Minus::Nothing => 0,
        Minus::Place => TEXT + r.offset,
        Minus::GotBase => GOT,
    };
    base.wrapping_add(r.addend as u64).wrapping_sub(minus)
}

/// Decides and patches; the action and the bytes.
fn link(
    r: Reloc,
    next: Option<Reloc>,
    sym: SymFlags,
    out: &OutputTraits,
    code: &[u8],
) -> (Action, Result<Vec<u8>, PatchError>) {
    let action = X86_64::decide(&r, next.as_ref(), sym, out, code);
    assert_eq!(action.problem, None);
    let mut bytes = code.to_vec();
    let done = X86_64::patch(&r, &action, value(&r, &action), &mut bytes);
    (action, done.map(|()| bytes))
}

fn linked(r: Reloc, sym: SymFlags, kind: OutputKind, code: &[u8]) -> Vec<u8> {
    link(r, None, sym, &output(kind), code).1.unwrap()
}

#[test]
fn ranges_are_exact() {
    let mut bytes = [0; 8];
    let mut fits = |ty, value: i64| {
        let action = Action::new(Base::Sym, Minus::Nothing);
        X86_64::patch(&reloc(ty, 0, 0), &action, value as u64, &mut bytes).is_ok()
    };
    for (ty, min, max) in [
        (2, i64::from(i32::MIN), i64::from(i32::MAX)),
        (10, 0, i64::from(u32::MAX)),
        (11, i64::from(i32::MIN), i64::from(i32::MAX)),
        (12, i64::from(i16::MIN), i64::from(u16::MAX)),
        // Distances of 16-bit code wrap.
        (13, -0xffff, 0xffff),
        (14, -128, 255),
        (15, -128, 127),
        (32, 0, i64::from(u32::MAX)),
    ] {
        assert!(fits(ty, min) && fits(ty, max), "{ty}");
        assert!(!fits(ty, min - 1) && !fits(ty, max + 1), "{ty}");
    }
    assert!(fits(1, i64::MIN) && fits(1, i64::MAX) && fits(24, i64::MIN));
    let action = Action::new(Base::Sym, Minus::Nothing);
    let r = reloc(10, 0, 0);
    assert_eq!(
        X86_64::patch(&r, &action, 1 << 32, &mut bytes),
        Err(PatchError::Overflow(Overflow {
            value: 1 << 32,
            min: 0,
            max: (1 << 32) - 1
        }))
    );
    assert_eq!(X86_64::patch_data(10, 0, u64::MAX, &mut bytes), Ok(()));
    assert_eq!(X86_64::implicit_addend(15, 0, &[0xfc]), -4);
    assert_eq!(X86_64::implicit_addend(1, 0, &[0xfc]), 0);
}

#[test]
fn plt_bytes() {
    // As GNU ld lays out a shared object with .plt at 0x1000 and .got.plt at 0x2fe8.
    let e = PltEntry {
        index: 1,
        address: 0x1020,
        got_word: 0x3008,
        header: 0x1000,
        got_base: 0x2fe8,
        pic: true,
    };
    let mut out = Vec::new();
    let header = PltEntry {
        address: 0x1000,
        ..e
    };
    X86_64::write_plt_header(PltStyle::Lazy, &header, &mut out);
    assert_eq!(
        out,
        [
            0xff, 0x35, 0xea, 0x1f, 0, 0, 0xff, 0x25, 0xec, 0x1f, 0, 0, 0x0f, 0x1f, 0x40, 0
        ]
    );
    out.clear();
    X86_64::write_plt_entry(PltStyle::Lazy, &e, &mut out);
    assert_eq!(
        out,
        [
            0xff, 0x25, 0xe2, 0x1f, 0, 0, 0x68, 1, 0, 0, 0, 0xe9, 0xd0, 0xff, 0xff, 0xff
        ]
    );
    out.clear();
    X86_64::write_plt_entry(PltStyle::LazyIbt, &e, &mut out);
    assert_eq!(
        out,
        [
            0xf3, 0x0f, 0x1e, 0xfa, 0x68, 1, 0, 0, 0, 0xe9, 0xd2, 0xff, 0xff, 0xff, 0x66, 0x90
        ]
    );
    let sec = PltEntry {
        address: 0x1040,
        ..e
    };
    let ibt = [
        0xf3, 0x0f, 0x1e, 0xfa, 0xff, 0x25, 0xbe, 0x1f, 0, 0, 0x66, 0x0f, 0x1f, 0x44, 0, 0,
    ];
    out.clear();
    X86_64::write_plt_sec_entry(PltStyle::LazyIbt, &sec, &mut out);
    assert_eq!(out, ibt);
    out.clear();
    X86_64::write_plt_entry(PltStyle::NowIbt, &sec, &mut out);
    assert_eq!(out, ibt);
    out.clear();
    X86_64::write_plt_entry(PltStyle::Now, &e, &mut out);
    assert_eq!(out, [0xff, 0x25, 0xe2, 0x1f, 0, 0, 0x66, 0x90]);
}

#[test]
fn plt_sizes_are_those_of_the_bytes() {
    let e = PltEntry {
        index: 0,
        address: 0,
        got_word: 0,
        header: 0,
        got_base: 0,
        pic: true,
    };
    for style in [
        PltStyle::Lazy,
        PltStyle::LazyIbt,
        PltStyle::Now,
        PltStyle::NowIbt,
    ] {
        let mut out = Vec::new();
        X86_64::write_plt_header(style, &e, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_header_size(style));
        out.clear();
        X86_64::write_plt_entry(style, &e, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_entry_size(style));
        out.clear();
        X86_64::write_plt_sec_entry(style, &e, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_sec_entry_size(style));
    }
    assert_eq!(X86_64::lazy_got_offset(PltStyle::Lazy), 6);
}

#[test]
fn thread_pointer_is_at_the_rounded_end_of_the_tls_block() {
    assert_eq!(X86_64::tp_offset(0x1000, 0x1000, 0x14, 16), -0x20);
    assert_eq!(X86_64::tp_offset(0x1008, 0x1000, 0x14, 4), -0xc);
    assert_eq!(X86_64::tp_offset(0x1000, 0x1000, 0x10, 0), -0x10);
    // The block starts as misaligned as its address is.
    assert_eq!(X86_64::tp_offset(0x1008, 0x1008, 0x10, 16), -0x18);
}

/// Any bytes, any type, any place: an answer or an error.
#[test]
fn hostile_input_is_no_panic() {
    let mut state = 1u64;
    let mut random = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        state >> 33
    };
    let pieces: [&[u8]; 8] = [
        &rewrites::GD,
        &rewrites::GD_LARGE,
        &rewrites::GD_NO_PLT,
        &[0x48, 0x8b, 0x05],
        &[0xd5, 0x48, 0x8b, 0x05],
        &[0xff, 0x25],
        &[0x67, 0xff],
        &[0xe8],
    ];
    for _ in 0..200_000 {
        let code = pieces[random() as usize % 8];
        let code = &code[..random() as usize % (code.len() + 1)];
        let offset = match random() % 8 {
            0 => u64::MAX - random() % 32,
            _ => random() % 24,
        };
        let r = reloc(
            random() as u32 % 54,
            offset,
            [-4, 0, i64::MIN][random() as usize % 3],
        );
        let next = reloc(
            [4, 41, 31][random() as usize % 3],
            offset.wrapping_add(8),
            -4,
        );
        let out = OutputTraits {
            is_static: random() % 2 == 0,
            relax: random() % 2 == 0,
            ..output([PDE, PIE, SHARED][random() as usize % 3])
        };
        let sym = SymFlags::from_bits_truncate(random() as u16);
        let mut bytes = code.to_vec();
        let action = X86_64::decide(&r, Some(&next), sym, &out, code);
        for rewrite in [action.rewrite, random() as u8 % 16] {
            let action = Action { rewrite, ..action };
            let _ = X86_64::patch(&r, &action, value(&reloc(0, 0, 0), &action), &mut bytes);
        }
        let _ = X86_64::patch_data(r.ty, offset, 0, &mut bytes);
        let _ = X86_64::implicit_addend(r.ty, offset, &bytes);
    }
}
