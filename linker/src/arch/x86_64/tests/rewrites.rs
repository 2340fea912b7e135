//! Rewritten instruction sequences, and where they stay as they are.

use super::*;

pub const GD: [u8; 16] = [
    0x66, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x66, 0x66, 0x48, 0xe8, 0, 0, 0, 0,
];
pub const GD_NO_PLT: [u8; 16] = [
    0x66, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x66, 0x48, 0xff, 0x15, 0, 0, 0, 0,
];
pub const GD_LARGE: [u8; 22] = [
    0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x01, 0xd8, 0xff, 0xd0,
];

#[test]
fn general_dynamic_becomes_local_exec() {
    let expected = [
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80, 0xe8, 0xff, 0xff, 0xff,
    ];
    for (code, ty) in [(GD, 4), (GD_NO_PLT, 41), (GD_NO_PLT, 9)] {
        let next = Some(reloc(ty, 12, -4));
        let (action, bytes) = link(reloc(19, 4, -4), next, TLS, &output(PIE), &code);
        assert_eq!(action.skip_next, 1);
        assert_eq!(action.needs, Needs::empty());
        assert_eq!(bytes.unwrap(), expected);
    }
}

#[test]
fn general_dynamic_of_an_import_becomes_initial_exec() {
    let next = Some(reloc(4, 12, -4));
    let (action, bytes) = link(reloc(19, 4, -4), next, TLS_IMPORTED, &output(PDE), &GD);
    assert_eq!((action.skip_next, action.needs), (1, Needs::GOTTP));
    // 0x403018 - 0x401010 = 0x2008.
    assert_eq!(
        bytes.unwrap(),
        [
            0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x03, 0x05, 0x08, 0x20, 0, 0
        ]
    );
}

#[test]
fn large_general_dynamic() {
    let next = Some(reloc(31, 9, 0));
    let mut r15 = GD_LARGE;
    r15[17..20].copy_from_slice(&[0x4c, 0x01, 0xf8]);
    for code in [GD_LARGE, r15] {
        let (action, bytes) = link(reloc(19, 3, -4), next, TLS, &output(PDE), &code);
        assert_eq!(action.skip_next, 1);
        assert_eq!(
            bytes.unwrap(),
            [
                0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80, 0xe8, 0xff, 0xff, 0xff,
                0x66, 0x0f, 0x1f, 0x44, 0, 0
            ]
        );
    }
    let out = output(PDE);
    let (action, bytes) = link(reloc(19, 3, -4), next, TLS_IMPORTED, &out, &GD_LARGE);
    assert_eq!(action.needs, Needs::GOTTP);
    assert_eq!(
        bytes.unwrap(),
        [
            0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x03, 0x05, 0x08, 0x20, 0, 0, 0x66,
            0x0f, 0x1f, 0x44, 0, 0
        ]
    );
}

#[test]
fn general_dynamic_stays_where_it_must() {
    let next = reloc(4, 12, -4);
    let mut other = GD;
    other[1] = 0x4c;
    let no_relax = OutputTraits {
        relax: false,
        ..output(PIE)
    };
    for (next, out, code) in [
        (Some(next), output(SHARED), GD),
        (Some(next), no_relax, GD),
        (Some(next), output(PIE), other),
        (None, output(PIE), GD),
        (Some(reloc(4, 13, -4)), output(PIE), GD),
        (Some(reloc(1, 12, -4)), output(PIE), GD),
    ] {
        let (action, bytes) = link(reloc(19, 4, -4), next, TLS, &out, &code);
        assert_eq!((action.needs, action.skip_next), (Needs::TLSGD, 0));
        assert_eq!(bytes.unwrap()[4..8], 0x2010i32.to_le_bytes());
    }
}

#[test]
fn local_dynamic_in_a_program() {
    let mov = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0];
    let lea = [0x48, 0x8d, 0x3d, 0, 0, 0, 0];
    let large = &GD_LARGE[7..];
    for (call, next, pad) in [
        (&[0xe8, 0, 0, 0, 0][..], reloc(4, 8, -4), &[0x66; 3][..]),
        (&[0xff, 0x15, 0, 0, 0, 0], reloc(41, 9, -4), &[0x66; 4]),
        (&[0x67, 0xe8, 0, 0, 0, 0], reloc(4, 9, -4), &[0x66; 4]),
        (
            large,
            reloc(31, 9, 0),
            &[
                0x66, 0x66, 0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0,
            ],
        ),
    ] {
        let code = [&lea[..], call].concat();
        let (action, bytes) = link(reloc(20, 3, -4), Some(next), TLS, &output(PDE), &code);
        assert_eq!((action.skip_next, action.needs), (1, Needs::empty()));
        assert_eq!(bytes.unwrap(), [pad, &mov].concat());
    }
    // The offsets follow.
    for ty in [17, 21] {
        assert_eq!(decide(ty, TLS, &output(PIE)).base, Base::TpOff);
        for sym in [TLS, TLS_IMPORTED] {
            assert_eq!(decide(ty, sym, &output(SHARED)).base, Base::DtpOff);
        }
        let imported = decide(ty, TLS_IMPORTED, &output(PIE));
        assert_eq!(imported.problem, Some(Problem::NotPic));
        let data = OutputTraits {
            writable: true,
            ..output(PIE)
        };
        assert_eq!(decide(ty, TLS, &data).base, Base::DtpOff);
        let debug = OutputTraits {
            alloc: false,
            ..output(PIE)
        };
        assert_eq!(decide(ty, TLS, &debug).base, Base::DtpOff);
    }
}

#[test]
fn local_dynamic_with_unknown_bytes_is_an_error_in_a_program() {
    let (_, bytes) = link(reloc(20, 3, -4), None, TLS, &output(PIE), &[0x90; 16]);
    assert_eq!(bytes, Err(PatchError::BadInstruction));
    let (action, bytes) = link(reloc(20, 3, -4), None, TLS, &output(SHARED), &[0x90; 16]);
    assert_eq!(action.needs, Needs::TLSLD);
    assert!(bytes.is_ok());
}

#[test]
fn initial_exec_becomes_local_exec() {
    let le = [0xe8, 0xff, 0xff, 0xff];
    for (ty, code, expected) in [
        (22, &[0x48, 0x8b, 0x05][..], &[0x48, 0xc7, 0xc0][..]),
        (22, &[0x4c, 0x8b, 0x0d], &[0x49, 0xc7, 0xc1]),
        (22, &[0x4c, 0x03, 0x25], &[0x49, 0x81, 0xc4]),
        (22, &[0x48, 0x03, 0x1d], &[0x48, 0x81, 0xc3]),
        // mov x@gottpoff(%rip), %r16 and add to %r31: R4 and R3 go to B4 and B3.
        (44, &[0xd5, 0x48, 0x8b, 0x05], &[0xd5, 0x18, 0xc7, 0xc0]),
        (44, &[0xd5, 0x4c, 0x03, 0x3d], &[0xd5, 0x19, 0x81, 0xc7]),
        // add x@gottpoff(%rip), %r16, %r17: EVEX.R4 is inverted, B4 is not.
        (
            50,
            &[0x62, 0xe4, 0xf4, 0x10, 0x03, 0x05],
            &[0x62, 0xfc, 0xf4, 0x10, 0x81, 0xc0],
        ),
        // add %r8, x@gottpoff(%rip), %rax.
        (
            50,
            &[0x62, 0x74, 0xfc, 0x18, 0x01, 0x05],
            &[0x62, 0xd4, 0xfc, 0x18, 0x81, 0xc0],
        ),
    ] {
        let r = reloc(ty, code.len() as u64, -4);
        let code = [code, &[0; 4]].concat();
        assert_eq!(linked(r, TLS, PIE, &code), [expected, &le].concat());
        let (action, bytes) = link(r, None, TLS_IMPORTED, &output(PIE), &code);
        assert_eq!((action.rewrite, action.needs), (0, Needs::GOTTP));
        assert!(bytes.is_ok());
        let shared = X86_64::decide(&r, None, TLS, &output(SHARED), &code);
        assert_eq!((shared.base, shared.needs), (Base::GotTp, Needs::GOTTP));
    }
    // xor is not in the psABI's list; the load stays.
    let (action, _) = link(
        reloc(22, 3, -4),
        None,
        TLS,
        &output(PIE),
        &[0x48, 0x33, 0x05, 0, 0, 0, 0],
    );
    assert_eq!(action.base, Base::GotTp);
}

#[test]
fn tls_descriptors() {
    let lea = [0x48, 0x8d, 0x05, 0, 0, 0, 0];
    let r = reloc(34, 3, -4);
    assert_eq!(
        linked(r, TLS, PIE, &lea),
        [0x48, 0xc7, 0xc0, 0xe8, 0xff, 0xff, 0xff]
    );
    assert_eq!(
        linked(r, TLS_IMPORTED, PIE, &lea),
        [0x48, 0x8b, 0x05, 0x11, 0x20, 0, 0]
    );
    assert_eq!(
        linked(
            reloc(45, 4, -4),
            TLS,
            PIE,
            &[0xd5, 0x48, 0x8d, 0x05, 0, 0, 0, 0]
        ),
        [0xd5, 0x18, 0xc7, 0xc0, 0xe8, 0xff, 0xff, 0xff]
    );
    let call = reloc(35, 0, 0);
    assert_eq!(linked(call, TLS, PIE, &[0xff, 0x10]), [0x66, 0x90]);
    assert_eq!(
        linked(call, TLS, PIE, &[0x67, 0xff, 0x10]),
        [0x0f, 0x1f, 0x00]
    );
    assert_eq!(linked(call, TLS, SHARED, &[0xff, 0x10]), [0xff, 0x10]);
    let (_, bad) = link(call, None, TLS, &output(PIE), &[0xff, 0x11]);
    assert_eq!(bad, Err(PatchError::BadInstruction));
    let (_, bad) = link(r, None, TLS, &output(PIE), &[0x48, 0x8b, 0x05, 0, 0, 0, 0]);
    assert_eq!(bad, Err(PatchError::BadInstruction));
    assert_eq!(decide(34, TLS, &output(SHARED)).needs, Needs::TLSDESC);
    let illumos = OutputTraits {
        tlsdesc: false,
        ..output(SHARED)
    };
    assert_eq!(decide(34, TLS, &illumos).problem, Some(Problem::Platform));
    assert_eq!(decide(35, TLS, &illumos).problem, Some(Problem::Platform));
}

#[test]
fn loads_through_the_got_become_direct() {
    for (ty, code, expected) in [
        // 0x402000 - 0x401007 = 0xff9.
        (
            42,
            &[0x4c, 0x8b, 0x0d, 0, 0, 0, 0][..],
            &[0x4c, 0x8d, 0x0d, 0xf9, 0x0f, 0, 0][..],
        ),
        (
            9,
            &[0x48, 0x8b, 0x0d, 0, 0, 0, 0],
            &[0x48, 0x8d, 0x0d, 0xf9, 0x0f, 0, 0],
        ),
        (
            41,
            &[0x8b, 0x05, 0, 0, 0, 0],
            &[0x8d, 0x05, 0xfa, 0x0f, 0, 0],
        ),
        (
            41,
            &[0xff, 0x15, 0, 0, 0, 0],
            &[0x67, 0xe8, 0xfa, 0x0f, 0, 0],
        ),
        (
            41,
            &[0xff, 0x25, 0, 0, 0, 0],
            &[0xe9, 0xfb, 0x0f, 0, 0, 0x90],
        ),
        (
            43,
            &[0xd5, 0x48, 0x8b, 0x05, 0, 0, 0, 0],
            &[0xd5, 0x48, 0x8d, 0x05, 0xf8, 0x0f, 0, 0],
        ),
    ] {
        let r = reloc(ty, code.len() as u64 - 4, -4);
        for kind in [PDE, PIE, SHARED] {
            assert_eq!(linked(r, LOCAL, kind, code), expected);
        }
        let stays = [
            SymFlags::IMPORTED,
            SymFlags::IFUNC,
            SymFlags::ABS,
            SymFlags::UNDEF_WEAK | SymFlags::ABS,
            SymFlags::FAR,
        ];
        for sym in stays {
            let (action, bytes) = link(r, None, sym, &output(PIE), code);
            assert_eq!((action.base, action.needs), (Base::Got, Needs::GOT));
            let n = code.len() - 4;
            assert_eq!(bytes.unwrap()[..n], code[..n]);
        }
        let no_relax = OutputTraits {
            relax: false,
            ..output(PIE)
        };
        assert_eq!(link(r, None, LOCAL, &no_relax, code).0.needs, Needs::GOT);
        let other_word = Reloc { addend: 4, ..r };
        assert_eq!(
            link(other_word, None, LOCAL, &output(PIE), code).0.needs,
            Needs::GOT
        );
    }
}

#[test]
fn arithmetic_on_the_got_becomes_immediate_at_low_addresses() {
    let imm = [0x00, 0x20, 0x40, 0x00];
    for (ty, code, expected) in [
        (42, &[0x4c, 0x85, 0x15][..], &[0x49, 0xf7, 0xc2][..]),
        (42, &[0x4c, 0x03, 0x15], &[0x49, 0x81, 0xc2]),
        (42, &[0x48, 0x2b, 0x1d], &[0x48, 0x81, 0xeb]),
        (41, &[0x3b, 0x0d], &[0x81, 0xf9]),
        (43, &[0xd5, 0x48, 0x3b, 0x05], &[0xd5, 0x18, 0x81, 0xf8]),
    ] {
        let r = reloc(ty, code.len() as u64, -4);
        let code = [code, &[0; 4]].concat();
        assert_eq!(
            linked(r, SymFlags::LOW, PDE, &code),
            [expected, &imm].concat()
        );
        for (sym, kind) in [(SymFlags::LOW, PIE), (LOCAL, PDE)] {
            assert_eq!(link(r, None, sym, &output(kind), &code).0.needs, Needs::GOT);
        }
    }
}

#[test]
fn loads_that_nobody_may_rewrite_stay() {
    let jump = [0x90, 0x90, 0xff, 0x25, 0, 0, 0, 0];
    let (action, _) = link(reloc(9, 4, -4), None, SymFlags::LOW, &output(PDE), &jump);
    assert_eq!(action.needs, Needs::GOT);
    for ty in [46, 49] {
        assert_eq!(decide(ty, LOCAL, &output(PIE)).needs, Needs::GOT);
    }
    assert_eq!(decide(47, TLS, &output(PIE)).needs, Needs::GOTTP);
}
