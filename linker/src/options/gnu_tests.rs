use super::super::choices::*;
use super::super::settings::*;
use super::*;
use std::path::PathBuf;

fn os(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn parse(text: &str) -> Result<Parsed, Vec<String>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    parse_with_environment("ld.wcc", &os(&words), &|_| None)
}

fn link(text: &str) -> Options {
    match parse(text) {
        Ok(Parsed::Link(options)) => *options,
        other => panic!("{text}: {other:?}"),
    }
}

fn errors(text: &str) -> Vec<String> {
    match parse(text) {
        Err(errors) => errors,
        other => panic!("{text}: {other:?}"),
    }
}

fn print(text: &str) -> String {
    match parse(text) {
        Ok(Parsed::Print { stdout, status: 0 }) => stdout,
        other => panic!("{text}: {other:?}"),
    }
}

/// The inputs in short: `a.o`, `-lx`, with `n` for as-needed, `s` for static, `w` for whole archive.
fn inputs(text: &str) -> Vec<String> {
    let options = link(text);
    let show = |input: &InputArg| {
        let name = match &input.kind {
            InputKind::File(path) => path.display().to_string(),
            InputKind::Library(name) => format!("-l{}", name.display()),
            InputKind::StartGroup => "(".into(),
            InputKind::EndGroup => ")".into(),
            InputKind::StartLib => "[".into(),
            InputKind::EndLib => "]".into(),
            InputKind::Binary(path) => format!("bin:{}", path.display()),
            InputKind::JustSymbols(path) => format!("sym:{}", path.display()),
            InputKind::Defsym { name, expression } => {
                format!("{}={}", values::text(name), values::text(expression))
            }
        };
        let flag = |on: bool, letter: &'static str| if on { letter } else { "" };
        format!(
            "{name}{}{}{}",
            flag(input.mode.as_needed, "+n"),
            flag(input.mode.static_libs, "+s"),
            flag(input.mode.whole_archive, "+w")
        )
    };
    options.inputs.iter().map(show).collect()
}

#[test]
fn a_driver_line_for_a_pie_is_understood() {
    let options = link(
        "-plugin /x/liblto_plugin.so -plugin-opt=/x/lto-wrapper -plugin-opt=-fresolution=/tmp/c.res \
         --build-id --eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed -dynamic-linker /lib64/ld-linux-x86-64.so.2 \
         -pie -z now -z relro -o a.out /usr/lib/Scrt1.o -L/usr/lib/gcc -L/lib/../lib x.o -lgcc --push-state --as-needed -lgcc_s \
         --pop-state -lc /usr/lib/crtn.o",
    );
    assert_eq!(options.kind, OutputKind::Pie);
    assert_eq!(options.build_id, BuildId::Sha1);
    assert_eq!(
        options.hash_style,
        Some(HashStyle {
            sysv: false,
            gnu: true
        })
    );
    assert_eq!(
        options.dynamic_linker.as_deref(),
        Some(&b"/lib64/ld-linux-x86-64.so.2"[..])
    );
    assert!(options.eh_frame_hdr && options.z.now && options.z.relro);
    assert_eq!(options.plugin_opts.len(), 2);
    assert_eq!(
        options.library_dirs,
        [PathBuf::from("/usr/lib/gcc"), "/lib/../lib".into()]
    );
    assert!(options.parse_warnings.is_empty());
}

#[test]
fn names_take_one_dash_or_two_and_values_both_ways() {
    for text in [
        "-soname x.so a.o",
        "-soname=x.so a.o",
        "--soname x.so a.o",
        "--soname=x.so a.o",
        "-hx.so a.o",
        "-h x.so a.o",
    ] {
        assert_eq!(link(text).soname.as_deref(), Some(&b"x.so"[..]), "{text}");
    }
    assert_eq!(
        link("-rpath /a -rpath=/b --rpath /c a.o").rpath,
        [b"/a", b"/b", b"/c"]
    );
    assert_eq!(link("-ox a.o").output, PathBuf::from("x"));
    assert_eq!(link("-omagic a.o").output, PathBuf::from("magic"));
    assert!(link("--omagic a.o").omagic);
    assert_eq!(
        link("-Ttext=1000 -Tbss 0x20 a.o").section_start,
        [(b".text".to_vec(), 0x1000), (b".bss".to_vec(), 0x20)]
    );
    assert_eq!(link("-Ttext-segment=400000 a.o").image_base, Some(0x400000));
    assert_eq!(link("-O2 a.o").optimize, 2);
    assert_eq!(link("-O 1 a.o").optimize, 1);
    assert!(link("-znow a.o").z.now);
    assert_eq!(
        link("-melf_x86_64 a.o").emulation.as_deref(),
        Some("elf_x86_64")
    );
    assert_eq!(link("-estart a.o").entry.as_deref(), Some(&b"start"[..]));
    assert_eq!(link("-usym -ysym2 a.o").trace_symbols, [b"sym2"]);
}

#[test]
fn abbreviations_are_those_gnu_ld_takes() {
    assert!(link("--export-dyn a.o").export_dynamic);
    assert!(link("-export-dyn a.o").export_dynamic);
    assert_eq!(link("-sha a.o").kind, OutputKind::Shared);
    assert_eq!(link("-defs a=1 a.o").inputs.len(), 2);
    assert!(errors("--def a.o")[0].starts_with("unknown command line option: --def (could be "));
}

#[test]
fn libraries_keep_their_place_and_state() {
    assert_eq!(
        inputs(
            "a.o -lc --as-needed -l m -Bstatic -l:libx.a --push-state --whole-archive y.a --pop-state -Bdynamic --no-as-needed -ldl"
        ),
        ["a.o", "-lc", "-lm+n", "-l:libx.a+n+s", "y.a+n+s+w", "-ldl"]
    );
    assert_eq!(
        inputs("-( a.a -lx -) --start-lib b.o --end-lib"),
        ["(", "a.a", "-lx", ")", "[", "b.o", "]"]
    );
    assert_eq!(inputs("--start-group a.a"), ["(", "a.a", ")"]);
    assert_eq!(
        inputs("-b binary x -b default y -libfoo --defsym=a=b+1"),
        ["bin:x", "y", "-libfoo", "a=b+1"]
    );
    assert_eq!(inputs("-- -lx --foo"), ["-lx", "--foo"]);
    assert_eq!(
        inputs("-z ignore -lx -z record -z allextract y.a"),
        ["-lx+n", "y.a+w"]
    );
    assert_eq!(
        errors("-( -( a.o")[0],
        "may not nest groups (--help for usage)"
    );
    assert_eq!(
        errors("--pop-state a.o"),
        ["no state pushed before popping"]
    );
}

#[test]
fn kinds_of_output_are_told_apart() {
    assert_eq!(link("a.o").kind, OutputKind::Executable);
    assert_eq!(link("-pie -no-pie a.o").kind, OutputKind::Executable);
    let options = link("-static -pie --no-dynamic-linker -z text a.o");
    assert!(options.static_output && options.no_dynamic_linker && options.kind == OutputKind::Pie);
    let options = link("-shared -static a.o -lx");
    assert!(!options.static_output && options.inputs[1].mode.static_libs);
    assert_eq!(link("-r -pie a.o").kind, OutputKind::Relocatable);
    assert_eq!(link("-G a.o").kind, OutputKind::Shared);
    assert_eq!(link("-G 8 a.o").kind, OutputKind::Executable);
    assert_eq!(link("-z type=pie a.o").kind, OutputKind::Pie);
    assert!(link("-r a.o -lx").inputs[1].mode.static_libs);
    assert_eq!(errors("-foo a.o"), ["-f may not be used without -shared"]);
    assert_eq!(link("-shared -f x -F y a.o").filter, [b"y"]);
    assert_eq!(
        errors("-r -shared a.o"),
        ["-r and -shared may not be used together"]
    );
}

#[test]
fn all_errors_are_reported_with_the_nearest_name() {
    assert_eq!(
        errors("--gc-sectons --frobnicate -o"),
        [
            "unknown command line option: --gc-sectons (did you mean '--gc-sections'?)",
            "unknown command line option: --frobnicate",
            "option '-o' needs a value",
            "no input files",
        ]
    );
    assert_eq!(
        errors("--hash-style=foo a.o"),
        ["--hash-style: 'foo' is not one of sysv, gnu, both, none"]
    );
    assert_eq!(
        errors("--shared=1 a.o"),
        ["unknown command line option: --shared=1: it takes no value"]
    );
    assert_eq!(errors("-m elf_foo a.o")[0].lines().count(), 2);
    assert_eq!(
        errors("-EB a.o"),
        ["-EB: no big-endian target is supported"]
    );
    assert_eq!(
        link("-z foobar -z norelr a.o").parse_warnings,
        [
            "-z foobar ignored",
            "-z norelr ignored (did you mean '-z norelro'?)"
        ]
    );
}

#[test]
fn values_are_read() {
    let options = link(
        "-z stack-size=0x100000 -z max-page-size=64K -z start-stop-visibility=hidden -z x86-64-v3 \
         --build-id=0x0123-ab --compress-debug-sections=zstd:3 --threads=4 --icf=all --package-metadata={%22a%22:1} \
         --exclude-libs a.a,b.a:ALL --unresolved-symbols=ignore-all --section-start .foo=10 --image-base=0x10000 a.o",
    );
    assert_eq!(options.z.stack_size, 0x100000);
    assert_eq!(options.z.max_page_size, Some(65536));
    assert_eq!(options.z.start_stop_visibility, 2);
    assert_eq!(options.z.isa_level, 3);
    assert_eq!(options.build_id, BuildId::Hex(vec![1, 0x23, 0xab]));
    assert_eq!(options.compress_debug, CompressDebug::Zstd(3));
    assert_eq!(options.threads, Some(4));
    assert_eq!(options.icf, 2);
    assert_eq!(options.package_metadata.as_deref(), Some(&b"{\"a\":1}"[..]));
    assert_eq!(options.exclude_libs.len(), 3);
    assert_eq!(options.unresolved, Unresolved::IgnoreAll);
    assert_eq!(options.section_start, [(b".foo".to_vec(), 0x10)]);
    assert_eq!(options.image_base, Some(0x10000));
    for bad in [
        "-z max-page-size=3",
        "--threads=0",
        "--build-id=0x1",
        "--compress-debug-sections=zlib:10",
        "--defsym=x",
        "--defsym=x=1+",
        "--image-base=x",
        "-Ttext=zz",
    ] {
        assert_eq!(errors(&format!("{bad} a.o")).len(), 1, "{bad}");
    }
}

#[test]
fn run_paths_are_not_repeated() {
    assert_eq!(
        link("-rpath /a -rpath /a -rpath /a:/b -rpath /b a.o").rpath,
        [&b"/a"[..], b"/a:/b"]
    );
    let words = os(&["a.o"]);
    let environment = |name: &str| (name == "LD_RUN_PATH").then(|| OsString::from("/env"));
    let Ok(Parsed::Link(options)) = parse_with_environment("ld", &words, &environment) else {
        panic!()
    };
    assert_eq!(options.rpath, [b"/env"]);
    let words = os(&["a.o", "-rpath", "/x"]);
    let Ok(Parsed::Link(options)) = parse_with_environment("ld", &words, &environment) else {
        panic!()
    };
    assert_eq!(options.rpath, [b"/x"]);
}

#[test]
fn sysroot_is_put_into_directories() {
    let options = link("-L=/usr/lib -L$SYSROOT/lib -L/plain --sysroot=/sys a.o");
    let want = ["/sys/usr/lib", "/sys/lib", "/plain"].map(PathBuf::from);
    assert_eq!(options.library_dirs, want);
    assert_eq!(
        link("-L=/usr/lib a.o").library_dirs,
        [PathBuf::from("/usr/lib")]
    );
}

#[test]
fn versions_and_help_are_what_build_systems_look_for() {
    let version = format!("GNU ld (wcc {}) 2.44\n", env!("CARGO_PKG_VERSION"));
    assert!(print("--version").starts_with(&version));
    assert_eq!(print("-v"), version);
    assert!(print("-V").contains("\n   elf_x86_64\n"));
    assert_eq!(link("-v a.o").banner, version);
    let help = print("--help");
    assert!(help.contains("ld.wcc: supported targets: elf64-x86-64 "));
    assert!(help.contains("ld.wcc: supported emulations: elf_x86_64 "));
    assert!(print("-m elf_x86_64 --help").contains("--gc-sections"));
}

#[test]
fn version_scripts_and_lists_are_read_from_files() {
    let dir = std::env::temp_dir().join(format!("wcc-options-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(dir.join(name), text).unwrap();
        dir.join(name).display().to_string()
    };
    let map = write("v.map", "V1 { a; local: *; };");
    let list = write("d.list", "{ x; \"y*\"; };");
    let script = write("s.ld", "ENTRY(foo) INCLUDE more.ld");
    write(
        "more.ld",
        "EXTERN(bar) OUTPUT(out.bin) OUTPUT_FORMAT(binary)",
    );
    let options = link(&format!(
        "-shared -version-script {map} --dynamic-list={list} --export-dynamic-symbol-list {list} -T {script} a.o @{}",
        write("r", "'-soname' \"a b\" c\\ d.o")
    ));
    assert_eq!(options.version_scripts[0].nodes[0].name, b"V1");
    assert_eq!(options.dynamic_list.unwrap().nodes[0].global.len(), 2);
    assert_eq!(options.export_list.unwrap().nodes[0].global.len(), 2);
    assert_eq!(
        options
            .scripts
            .iter()
            .map(|s| s.commands.len())
            .sum::<usize>(),
        4
    );
    assert!(options.output == *"out.bin" && options.oformat_binary);
    assert_eq!(options.soname.as_deref(), Some(&b"a b"[..]));
    assert_eq!(options.inputs[1].kind, InputKind::File("c d.o".into()));
    let bad = write("bad.map", "V1 { a b; };");
    let got = errors(&format!(
        "--version-script={bad} --dynamic-list=/nonexistent/x a.o"
    ));
    assert_eq!(got.len(), 2);
    assert!(
        got[0].ends_with("bad.map:1:8: expected ';', found 'b'"),
        "{got:?}"
    );
    let knot = write("loop", &format!("@{}", dir.join("loop").display()));
    assert!(errors(&format!("@{knot} a.o"))[0].starts_with("too many @-files"));
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn what_is_missing_gives_a_warning_and_what_is_refused_an_error() {
    let options = link("--debug-names --no-debug-names -z retpolineplt a.o");
    assert_eq!(options.parse_warnings.len(), 2);
    assert!(options.parse_warnings[0].starts_with("--debug-names has no effect: "));
    assert_eq!(errors("--be8 a.o"), ["--be8: for ARM"]);
}

#[test]
fn options_for_lto_become_the_plugins() {
    let options =
        link("--lto-O2 -mllvm -x -plugin-opt=O1 --thinlto-jobs=4 --thinlto-index-only a.o");
    assert_eq!(
        options.plugin_opts,
        ["O2", "-x", "O1", "jobs=4", "thinlto-index-only"]
    );
}

#[test]
fn inputs_are_remapped() {
    let text = "--remap-inputs=x*.o=y.o --remap-inputs=gone.o=/dev/null xa.o gone.o b.o";
    assert_eq!(inputs(text), ["y.o", "b.o"]);
    assert_eq!(
        link("-Map=%.m -o dir/out a.o").map_file,
        Some(PathBuf::from("out.m"))
    );
    assert_eq!(
        link("-Map=/ -o dir/out a.o").map_file,
        Some(PathBuf::from("/out.map"))
    );
}

#[test]
fn hostile_arguments_are_errors_and_quick() {
    let long = "a".repeat(1 << 20);
    let mut words: Vec<OsString> = ["-", "--", "--=", "-=", "--=x", "-z", "-z=", "-zz=", "-o"]
        .map(OsString::from)
        .into();
    words.push(format!("--{long}").into());
    words.push(format!("-{long}={long}").into());
    words.push(format!("-z{long}").into());
    for option in [
        "--rpath",
        "--defsym",
        "--build-id",
        "--section-start",
        "-m",
        "--exclude-libs",
        "-Ttext",
        "--package-metadata",
    ] {
        words.push(format!("{option}={long}").into());
        words.push(format!("{option}=0x{}", "%".repeat(1 << 16)).into());
    }
    for word in &words {
        let line = [word.clone(), OsString::from("a.o")];
        let _ = parse_with_environment("ld", &line, &|_| None);
    }
    use std::os::unix::ffi::OsStringExt;
    let mut state = 1u32;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..8)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"-=oOzlLTGsrx(@\xff:,%0"[(state >> 24) as usize % 19]
            })
            .collect();
        if bytes[0] != b'@' {
            let _ = parse_with_environment("ld", &[OsString::from_vec(bytes)], &|_| None);
        }
    }
}

#[test]
fn run_paths_in_great_number_stay_quick() {
    let words: Vec<OsString> = (0..3000)
        .map(|i| format!("-rpath=/very/long/directory/name/{i}").into())
        .collect();
    assert!(parse_with_environment("ld", &words, &|_| None).is_err());
}
