use super::*;

fn read(text: &str) -> Result<Mapfile, String> {
    let names = Names::new(["_ELF64", "_x86", "_ET_DYN"]);
    let mut map = Mapfile::default();
    parse_mapfile(text.as_bytes(), "m", &names, 8, &mut map).map_err(|e| e.join("\n"))?;
    Ok(map)
}

fn symbol<'m>(map: &'m Mapfile, name: &str) -> &'m MapSymbol {
    let found = map.symbols.iter().find(|s| s.name == name.as_bytes());
    found.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn versions_inherit_and_scopes_are_labels() {
    let map = read(
        "# comment\n$mapfile_version 2\nSYMBOL_VERSION V2 { global: b; protected: p; \"q.r\" } V1;\n\
         SYMBOL_VERSION V1 { a; };\nSYMBOL_SCOPE { hidden: h; eliminate: e; symbolic: s; local: *; };",
    )
    .unwrap();
    assert_eq!(symbol(&map, "p").scope, SymbolScope::Protected);
    assert!(symbol(&map, "q.r").quoted);
    assert_eq!(symbol(&map, "e").scope, SymbolScope::Eliminate);
    assert_eq!(map.reduce, Some(SymbolScope::Hidden));
    let script = map.version_script().unwrap().unwrap();
    let names: Vec<_> = script
        .nodes
        .iter()
        .map(|n| String::from_utf8_lossy(&n.name).into_owned())
        .collect();
    assert_eq!(names, ["V1", "V2", ""]);
    assert_eq!(script.nodes[1].parents, [b"V1".to_vec()]);
    assert_eq!(script.nodes[2].local.last().unwrap().text, b"*");
}

#[test]
fn conditions_choose() {
    let map = read(
        "$mapfile_version 2\n$if _ELF64 && !(_sparc || _ELF32)\nSYMBOL_SCOPE { global: a;\n$if _sparc\nb;\n$else\nc;\n\
         $endif\n};\n$elif _x86\n$error never\n$else\n??? not even words {\n$endif\n$add MINE\n$if MINE\nSTACK { FLAGS = READ \
         WRITE; };\n$endif\n$clear MINE\n$if MINE\nSTACK { FLAGS = EXECUTE; };\n$endif\n",
    )
    .unwrap();
    assert_eq!(map.symbols.len(), 2);
    symbol(&map, "c");
    assert_eq!(map.stack, Some(6));
}

#[test]
fn attributes_of_symbols() {
    let map = read(
        "$mapfile_version 2\nSYMBOL_VERSION ILLUMOS_0.1 { global:\n dlopen { TYPE = FUNCTION; FILTER = \
         /usr/lib/amd64/ld.so.1 };\n table { TYPE=DATA; SIZE = addrsize[10]; FLAGS = NODIRECT DYNSORT; };\n x { \
         AUXILIARY = libx.so.1; };\n abs { VALUE = 0x10; SIZE=4 };\n y { FLAGS = EXTERN };\n z { ASSERT = { TYPE = \
         OBJECT; SIZE = 12; BIND = WEAK; SH_ATTR = NOBITS; }; }; };",
    )
    .unwrap();
    let dlopen = &symbol(&map, "dlopen").attributes;
    assert!(dlopen.defines() && dlopen.filtee.as_ref().is_some_and(|f| !f.auxiliary));
    let table = &symbol(&map, "table").attributes;
    assert_eq!(
        (table.size, table.direct, table.dynsort),
        (Some(80), Some(false), Some(true))
    );
    assert!(symbol(&map, "y").attributes.external && !symbol(&map, "y").attributes.defines());
    let z = symbol(&map, "z").attributes.assert.clone().unwrap();
    assert_eq!((z.size, z.bind, z.bits), (Some(12), Some(2), Some(false)));
}

#[test]
fn the_first_version_of_the_language() {
    let map = read(
        "stack = STACK ?RW;\nhwcap_1 = V0x0 OVERRIDE;\ntext = LOAD ?RX V0x10000000 A0x1000;\nmine:$NOBITS?AW!X .bss.a : \
         foo.o;\nLIBX_1.1 { global: f; g = FUNCTION FILTER libz.so.1 NODIRECT; d = DATA S0x20; protected: p; local: *; } \
         LIBX_1.0;\nLIBX_1.0 { old; };\nlibc.so - SYSVABI_1.3 $ADDVERS=SUNW_1.1;\ntext @ text_size;\ntext | .text.first;\n",
    )
    .unwrap();
    assert_eq!(map.stack, Some(6));
    assert!(map.capabilities.hw_1.replace && map.capabilities.hw_1.set == 0);
    assert_eq!(map.segments[0].address, Some(0x1000_0000));
    assert_eq!(map.segments[0].order, [b".text.first".to_vec()]);
    assert_eq!(map.segments[1].choices[0].no_flags, 4);
    assert_eq!(symbol(&map, "d").attributes.size, Some(32));
    assert_eq!(symbol(&map, "g").attributes.direct, Some(false));
    assert_eq!(map.depend[0].allow, [b"SYSVABI_1.3".to_vec()]);
    assert!(map.version_script().unwrap().is_some());
}

#[test]
fn gnu_scripts_with_wildcards_stay_scripts() {
    let map = read("V { global: foo*; extern \"C++\" { ns::*; }; local: *; };").unwrap();
    assert_eq!((map.scripts.len(), map.symbols.len()), (1, 0));
    let map = read("{ global: a; b; local: *; };").unwrap();
    assert_eq!((map.scripts.len(), map.symbols.len()), (0, 2));
    assert_eq!(map.reduce, Some(SymbolScope::Hidden));
}

#[test]
fn errors_have_places() {
    for (text, message) in [
        ("$mapfile_version 3\n", "m:1:19: $mapfile_version must be 2"),
        (
            "$mapfile_version 2\nSYMBOL_SCOP { };",
            "m:2:1: 'SYMBOL_SCOP' is no mapfile directive",
        ),
        (
            "$mapfile_version 2\nSYMBOL_SCOPE { secret: a; };",
            "m:2:16: 'secret' is no symbol scope",
        ),
        (
            "$mapfile_version 2\nSYMBOL_SCOPE { global: *; };",
            "m:2:24: '*' may stand under",
        ),
        (
            "$mapfile_version 2\nSTACK { FLAGS = READ",
            "expected ';', found the end",
        ),
        (
            "$mapfile_version 2\n$if _x86\n",
            "m:2:1: $if without $endif",
        ),
        (
            "$mapfile_version 2\n$if _x86 &&\n$endif",
            "m:2:1: expected a name in $if",
        ),
        ("$mapfile_version 2\n$endif", "m:2:1: no $if before this"),
        (
            "$mapfile_version 2\n$error give up here\n",
            "m:2:1: give up here",
        ),
        ("$mapfile_version 2\n}", "m:2:1: '}' without '{'"),
        ("V { a = WRONG; };", "m:1:9: 'WRONG' is no symbol flag"),
        ("what is this;", "m:1:1: expected '{'"),
        (
            "V { a; }; W { local: a; };",
            "a has another scope or version at m:1:5",
        ),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(message), "{text}: {error}");
    }
    let map = read("A { a; } B; B { b; } A;").unwrap();
    assert!(map.version_script().unwrap_err()[0].contains("depend on each other"));
    let deep = format!("$mapfile_version 2\nSYMBOL_SCOPE {}", "{ a ".repeat(5000));
    assert!(read(&deep).is_err());
    let deep = format!("$mapfile_version 2\n$if {}", "(".repeat(100_000));
    assert!(read(&deep).is_err());
}
