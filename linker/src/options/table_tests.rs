use super::*;

fn rows() -> impl Iterator<Item = &'static Row> {
    OPTIONS.iter().flat_map(|(_, rows)| rows.iter())
}

#[test]
fn every_name_is_found_and_no_name_stands_twice() {
    for pair in INDEX.windows(2) {
        assert!(
            pair[0].name() < pair[1].name(),
            "{} stands twice",
            pair[1].name()
        );
    }
    for row in rows() {
        assert!(row.names.len() < 256, "{}", row.names);
        for name in row.names.split(' ') {
            let bare = name.trim_start_matches('-');
            assert!(std::ptr::eq(find(bare.as_bytes()).unwrap(), row), "{name}");
        }
    }
    assert!(find(b"").is_none() && find(b"zzz").is_none() && find(b"gc-section").is_none());
}

#[test]
fn rows_are_complete() {
    for row in rows() {
        assert!(
            !row.help.is_empty() && !row.help.ends_with('.'),
            "{}",
            row.names
        );
        assert_eq!(row.arg == Arg::None, row.meta.is_empty(), "{}", row.names);
        assert!(row.by != 0, "{}", row.names);
        let fits = match row.does {
            Does::Set(_) => row.arg == Arg::None,
            Does::Take(_) => row.arg == Arg::Required,
            Does::May(_) => row.arg == Arg::Optional,
            Does::Nothing(reason) | Does::Missing(reason) | Does::Refused(reason) => {
                !reason.is_empty()
            }
        };
        assert!(fits, "{}", row.names);
    }
}

/// What the peers' own option tables list (GNU ld 2.44's lexsup.c and ELF emulations, lld 20's
/// Options.td, mold 2.42's cmdline.cc), one-letter options left out.
const PEERS: &[(By, &str)] = &[
    (
        G,
        "architecture format mri-script dc dp dependency-file force-group-allocation entry export-dynamic \
         no-export-dynamic enable-non-contiguous-regions enable-non-contiguous-regions-warnings EB EL auxiliary \
         filter gpsize soname dynamic-linker no-dynamic-linker library library-path sysroot print-map nmagic \
         omagic no-omagic output out-implib plugin plugin-opt plugin-save-temps flto flto-partition fuse-ld \
         map-whole-files no-map-whole-files Qy emit-relocs relocatable just-symbols remap-inputs-file \
         remap-inputs strip-all strip-debug strip-discarded no-strip-discarded trace script default-script dT \
         undefined require-defined unique Ur version discard-all discard-locals discard-none trace-symbol \
         start-group end-group accept-unknown-input-arch no-accept-unknown-input-arch add-needed no-add-needed \
         as-needed no-as-needed assert Bdynamic dy call_shared Bstatic dn non_shared static Bno-symbolic \
         Bsymbolic Bsymbolic-functions check-sections no-check-sections copy-dt-needed-entries \
         no-copy-dt-needed-entries cref defsym demangle disable-multiple-abs-defs embedded-relocs \
         fatal-warnings no-fatal-warnings fini force-exe-suffix gc-sections no-gc-sections print-gc-sections \
         no-print-gc-sections gc-keep-exported hash-size help init Map no-define-common no-demangle \
         no-keep-memory no-undefined no-warnings allow-shlib-undefined no-allow-shlib-undefined \
         allow-multiple-definition error-handling-script undefined-version no-undefined-version \
         default-symver default-imported-symver no-warn-mismatch no-warn-search-mismatch no-whole-archive \
         no-link-mapless end-lib noinhibit-exec noinhibit_exec nostdlib oformat print-output-format \
         print-sysroot qmagic reduce-memory-overheads max-cache-size relax no-relax retain-symbols-file rpath \
         rpath-link shared Bshareable pie pic-executable no-pie sort-common sort_common sort-section \
         section-ordering-file spare-dynamic-tags split-by-file split-by-reloc stats no-stats target-help \
         task-link traditional-format section-start image-base Tbss Tdata Ttext Ttext-segment \
         Trodata-segment Tldata-segment unresolved-symbols verbose dll-verbose version-script \
         version-exports-section dynamic-list-data dynamic-list-cpp-new dynamic-list-cpp-typeinfo \
         dynamic-list export-dynamic-symbol export-dynamic-symbol-list warn-common warn-constructors \
         error-execstack no-error-execstack warn-execstack-objects warn-execstack no-warn-execstack \
         error-rwx-segments no-error-rwx-segments warn-rwx-segments no-warn-rwx-segments warn-multiple-gp \
         warn-once warn-section-align warn-textrel warn-shared-textrel warn-alternate-em \
         warn-unresolved-symbols error-unresolved-symbols whole-archive link-mapless start-lib wrap \
         ignore-unresolved-symbol push-state pop-state print-memory-usage orphan-handling \
         print-map-discarded no-print-map-discarded print-map-locals no-print-map-locals ctf-variables \
         no-ctf-variables ctf-share-types build-id package-metadata compress-debug-sections audit depaudit \
         Bgroup disable-new-dtags enable-new-dtags eh-frame-hdr no-eh-frame-hdr exclude-libs hash-style \
         ld-generated-unwind-info no-ld-generated-unwind-info rosegment no-rosegment enable-linker-version \
         disable-linker-version",
    ),
    (
        L,
        "auxiliary be8 Bno-symbolic Bsymbolic Bsymbolic-non-weak Bsymbolic-functions \
         Bsymbolic-non-weak-functions Bdynamic Bstatic build-id check-sections no-check-sections \
         compress-debug-sections compress-sections defsym optimize-bb-jumps no-optimize-bb-jumps \
         fortran-common no-fortran-common split-stack-adjust-size cmse-implib in-implib out-implib Tbss Tdata \
         Ttext Ttext-segment allow-multiple-definition no-allow-multiple-definition allow-shlib-undefined \
         no-allow-shlib-undefined apply-dynamic-relocs no-apply-dynamic-relocs dependent-libraries \
         no-dependent-libraries as-needed no-as-needed call-graph-ordering-file call-graph-profile-sort \
         no-call-graph-profile-sort irpgo-profile bp-compression-sort bp-startup-sort \
         bp-compression-sort-startup-functions no-bp-compression-sort-startup-functions \
         verbose-bp-section-orderer chroot color-diagnostics no-color-diagnostics cref debug-names \
         no-debug-names default-script demangle no-demangle dependency-file disable-new-dtags discard-all \
         discard-locals discard-none dynamic-linker dynamic-list EB EL eh-frame-hdr no-eh-frame-hdr \
         emit-relocs enable-new-dtags enable-non-contiguous-regions end-group end-lib entry error-limit \
         error-unresolved-symbols error-handling-script exclude-libs execute-only no-execute-only \
         export-dynamic no-export-dynamic export-dynamic-symbol export-dynamic-symbol-list fatal-warnings \
         no-fatal-warnings filter fini fix-cortex-a53-843419 fix-cortex-a8 force-group-allocation format \
         gc-sections no-gc-sections gdb-index no-gdb-index gnu-unique no-gnu-unique hash-style help icf \
         ignore-function-address-equality ignore-data-address-equality image-base init just-symbols \
         keep-unique library library-path Map merge-exidx-entries no-merge-exidx-entries mmap-output-file \
         no-mmap-output-file nmagic nostdlib no-dynamic-linker noinhibit-exec no-warn-mismatch no-nmagic \
         no-omagic no-undefined no-warnings oformat omagic orphan-handling pack-dyn-relocs \
         use-android-relr-tags no-use-android-relr-tags pic-veneer pie no-pie print-gc-sections \
         no-print-gc-sections print-icf-sections no-print-icf-sections print-archive-stats \
         print-symbol-order pop-state push-state print-map print-memory-usage relax no-relax relax-gp \
         no-relax-gp remap-inputs remap-inputs-file reproduce rosegment no-rosegment xosegment no-xosegment \
         rpath relocatable retain-symbols-file script section-start shared randomize-section-padding soname \
         sort-section start-group start-lib strip-all strip-debug symbol-ordering-file sysroot target1-rel \
         target1-abs target2 threads time-trace time-trace-granularity toc-optimize no-toc-optimize \
         pcrel-optimize no-pcrel-optimize trace trace-symbol undefined undefined-glob unique \
         unresolved-symbols undefined-version no-undefined-version rsp-quoting verbose version \
         power10-stubs no-power10-stubs version-script warn-backrefs no-warn-backrefs \
         warn-backrefs-exclude warn-common no-warn-common warn-ifunc-textrel no-warn-ifunc-textrel \
         warn-symbol-ordering no-warn-symbol-ordering warn-unresolved-symbols whole-archive \
         no-whole-archive why-extract why-live wrap vs-diagnostics package-metadata dT call_shared dy dn \
         non_shared static pic-executable Bshareable lto lto-aa-pipeline lto-debug-pass-manager \
         lto-emit-asm lto-emit-llvm lto-newpm-passes lto-O0 lto-O1 lto-O2 lto-O3 lto-CGO0 lto-CGO3 \
         lto-partitions lto-cs-profile-generate lto-cs-profile-file lto-pgo-warn-mismatch \
         no-lto-pgo-warn-mismatch lto-known-safe-vtables lto-obj-path lto-sample-profile \
         lto-validate-all-vtables-have-type-infos no-lto-validate-all-vtables-have-type-infos \
         lto-whole-program-visibility no-lto-whole-program-visibility disable-verify mllvm \
         opt-remarks-filename opt-remarks-hotness-threshold opt-remarks-passes opt-remarks-with-hotness \
         opt-remarks-format save-temps lto-basic-block-sections lto-basic-block-address-map \
         no-lto-basic-block-address-map lto-unique-basic-block-section-names \
         no-lto-unique-basic-block-section-names shuffle-sections thinlto-cache-dir thinlto-cache-policy \
         thinlto-emit-imports-files thinlto-emit-index-files thinlto-index-only thinlto-jobs \
         thinlto-object-suffix-replace thinlto-prefix-replace thinlto-single-module fat-lto-objects \
         no-fat-lto-objects plugin plugin-opt long-plt no-add-needed no-copy-dt-needed-entries \
         no-ctors-in-init-array no-keep-memory rpath-link secure-plt sort-common stats warn-execstack \
         warn-once warn-shared-textrel mips-got-size check-dynamic-relocations \
         no-check-dynamic-relocations load-pass-plugin android-memtag-stack no-android-memtag-stack \
         android-memtag-heap no-android-memtag-heap android-memtag-mode",
    ),
    (
        M,
        "help version start-group end-group directory export-dynamic no-export-dynamic filter dynamic-linker \
         no-dynamic-linker library-path print-map omagic no-omagic depaudit strip-debug script discard-locals \
         entry auxiliary soname library output emit-relocs relocatable strip-all undefined trace-symbol \
         Bdynamic dy Bstatic dn static Bsymbolic Bsymbolic-functions Bsymbolic-non-weak \
         Bsymbolic-non-weak-functions Bno-symbolic Map Tbss Tdata Ttext allow-multiple-definition \
         apply-dynamic-relocs no-apply-dynamic-relocs as-needed no-as-needed audit build-id no-build-id \
         chroot color-diagnostics compress-debug-sections dc dependency-file defsym demangle no-demangle \
         detach no-detach enable-new-dtags disable-new-dtags execute-only dp dynamic-list dynamic-list-data \
         eh-frame-hdr no-eh-frame-hdr exclude-libs export-dynamic-symbol export-dynamic-symbol-list \
         fatal-warnings no-fatal-warnings fini fork no-fork gc-sections no-gc-sections gdb-index no-gdb-index \
         hash-style icf no-icf ignore-data-address-equality image-base init nmagic no-nmagic no-undefined \
         noinhibit-exec oformat pack-dyn-relocs package-metadata perf pie pic-executable no-pie \
         no-pic-executable nopie pop-state print-gc-sections no-print-gc-sections print-icf-sections \
         no-print-icf-sections push-state quick-exit no-quick-exit relax no-relax repro require-defined \
         retain-symbols-file reverse-sections rosegment no-rosegment rpath rpath-link run section-start \
         separate-debug-file no-separate-debug-file shared Bshareable shuffle-sections sort-common \
         sort-section spare-dynamic-tags spare-program-headers start-lib end-lib stats sysroot thread-count \
         threads no-threads trace undefined-glob undefined-version no-undefined-version unique \
         unresolved-symbols version-script warn-common no-warn-common warn-once warn-shared-textrel \
         warn-textrel warn-unresolved-symbols error-unresolved-symbols whole-archive no-whole-archive wrap \
         mllvm print-dependencies start-stop default-symver filler relocatable-merge-sections section-align \
         section-order discard-section no-discard-section physical-image-base plugin plugin-opt \
         lto-cs-profile-generate lto-cs-profile-file lto-debug-pass-manager disable-verify lto-emit-asm \
         no-legacy-pass-manager lto-partitions no-lto-legacy-pass-manager lto-obj-path \
         opt-remarks-filename opt-remarks-format opt-remarks-hotness-threshold opt-remarks-passes \
         opt-remarks-with_hotness lto-O2 lto-pseudo-probe-for-profiling lto-sample-profile save-temps \
         thinlto-emit-imports-files thinlto-index-only thinlto-object-suffix-replace \
         thinlto-prefix-replace thinlto-cache-dir thinlto-cache-policy thinlto-jobs be8 be32 format fuse-ld \
         allow-shlib-undefined no-allow-shlib-undefined EB EL verbose nostdlib no-add-needed \
         no-call-graph-profile-sort no-copy-dt-needed-entries fix-cortex-a53-835769 fix-cortex-a53-843419 \
         nodefaultlibs warn-constructors warn-execstack no-warn-execstack long-plt secure-plt \
         no-keep-memory max-cache-size mmap-output-file no-mmap-output-file",
    ),
];

#[test]
fn every_option_of_the_peers_is_in_the_table() {
    let mut missing = Vec::new();
    for (by, names) in PEERS {
        for name in names.split_whitespace() {
            match find(name.as_bytes()) {
                None => missing.push(format!("{name} is missing")),
                Some(row) if row.by & by == 0 => missing.push(format!("{name} lacks origin {by}")),
                Some(_) => {}
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn short_options_are_all_there() {
    for name in "aAbcdeEfFgGhIlLmMnNoOqrRsStTuvVwxXyYzPi()".bytes() {
        assert!(
            find(&[name]).is_some_and(|row| row.by & G != 0),
            "-{}",
            char::from(name)
        );
    }
}

#[test]
fn suggestions_are_near_names() {
    assert_eq!(nearest(b"gc-section").as_deref(), Some("--gc-sections"));
    assert_eq!(nearest(b"as-neded").as_deref(), Some("--as-needed"));
    assert_eq!(nearest(b"sonmae").as_deref(), Some("-soname"));
    assert_eq!(nearest(b"frobnicate"), None);
    assert_eq!(nearest(&vec![b'a'; 1 << 20]), None);
    assert_eq!(distance(b"kitten", b"sitting"), 3);
    assert_eq!(distance(b"ab", b"ba"), 1);
}
