use super::super::model::*;
use super::super::parse_linker_script_with;

fn parse(text: &[u8]) -> Result<LinkerScript, Vec<String>> {
    parse_linker_script_with(text, "t.ld", &mut |_| Err("no file".into()))
}

fn script(text: &str) -> Vec<ScriptCommand> {
    parse(text.as_bytes()).unwrap().commands
}

fn fails(text: &str) -> String {
    parse(text.as_bytes()).unwrap_err().remove(0)
}

fn items(text: &str) -> Vec<SectionsItem> {
    match script(&format!("SECTIONS {{ {text} }}")).remove(0) {
        ScriptCommand::Sections(items) => items,
        other => panic!("{other:?}"),
    }
}

fn output(text: &str) -> OutputSpec {
    match items(text).remove(0) {
        SectionsItem::Output(spec) => *spec,
        other => panic!("{other:?}"),
    }
}

fn body(text: &str) -> Vec<SectionStatement> {
    output(&format!(".x : {{ {text} }}")).body
}

fn input(text: &str) -> InputSpec {
    match body(text).remove(0) {
        SectionStatement::Input(spec) => spec,
        other => panic!("{other:?}"),
    }
}

/// The section patterns in short: name, sort keys.
fn patterns(spec: &InputSpec) -> Vec<(String, Sort, Sort)> {
    let show = |section: &SectionPattern| {
        let text = String::from_utf8_lossy(&section.pattern.text).into_owned();
        (text, section.sort, section.then)
    };
    spec.sections.iter().map(show).collect()
}

#[test]
fn output_sections_take_address_type_and_alignment() {
    let spec = output(".data 0x1000 (NOLOAD) : AT(0x2000) ALIGN(8) SUBALIGN(4) ONLY_IF_RW { }");
    assert_eq!(spec.name, b".data");
    assert_eq!(spec.address, Some(Expr::Number(0x1000)));
    assert_eq!(spec.load_address, Some(Expr::Number(0x2000)));
    assert_eq!(spec.align, Some(Expr::Number(8)));
    assert_eq!(spec.subalign, Some(Expr::Number(4)));
    assert_eq!(spec.constraint, Constraint::OnlyIfWritable);
    assert!(spec.kind.noload);
    assert!(output(".x (NOLOAD) : {}").kind.noload);
    assert!(output(".x(COPY):{}").kind.not_allocated);
    assert_eq!(output(".x () : {}").kind, OutputSectionType::default());
    assert!(output(".x (4 + 4) : {}").address.is_some());
    let kind = output(".x (READONLY (TYPE = SHT_NOTE)) : {}").kind;
    assert!(kind.readonly && kind.section_type == Some(Expr::Number(7)));
    assert_eq!(
        output(".x (TYPE=9) : {}").kind.section_type,
        Some(Expr::Number(9))
    );
    assert!(output(".x : ALIGN_WITH_INPUT {}").align_with_input);
    assert!(matches!(
        output(".x ALIGN(16) : {}").address,
        Some(Expr::Call(..))
    ));
    assert_eq!(output("/DISCARD/ : { *(.note) }").name, b"/DISCARD/");
    assert_eq!(output("\".a b\" : { }").name, b".a b");
}

#[test]
fn regions_segments_and_fill_follow_the_brace() {
    let spec = output(".text : { } >FLASH AT> ROM :text :data =0x9090 .y : {}");
    assert_eq!(spec.region.as_deref(), Some(&b"FLASH"[..]));
    assert_eq!(spec.load_region.as_deref(), Some(&b"ROM"[..]));
    assert_eq!(spec.phdrs, [b"text", b"data"]);
    assert_eq!(spec.fill, Some(Fill::Bytes(vec![0x90, 0x90])));
    assert_eq!(
        output(".x:{}>A AT>B:c=0").region.as_deref(),
        Some(&b"A"[..])
    );
    assert_eq!(
        output(".x : { } =0x00123 /* c */ , .y : {}").fill,
        Some(Fill::Bytes(vec![0, 1, 0x23]))
    );
    assert_eq!(
        output(".x : { } =144").fill,
        Some(Fill::Expr(Expr::Number(144)))
    );
    assert!(matches!(
        output(".x : { } =0x90 + 1").fill,
        Some(Fill::Expr(Expr::Binary(..)))
    ));
    assert!(
        matches!(&body("FILL(0xdeadbeef)")[0], SectionStatement::Fill(Fill::Bytes(bytes)) if bytes.len() == 4)
    );
}

#[test]
fn input_patterns_of_all_kinds_are_read() {
    let spec = input("*(.text .text.* COMMON)");
    assert_eq!(spec.file.text, b"*");
    let names: Vec<String> = patterns(&spec).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, [".text", ".text.*", "COMMON"]);
    assert!(input("KEEP (*(.init))").keep);
    assert!(input("foo.o").sections.is_empty());
    assert_eq!(input("lib.a:foo.o(.data)").file.text, b"lib.a:foo.o");
    assert!(input("\"a b.o\"(.data)").file.quoted);
    let spec = input(
        "KEEP (*(SORT_BY_INIT_PRIORITY(.init_array.*) SORT(.a) SORT_BY_NAME(SORT_BY_ALIGNMENT(.b)) SORT_NONE(.c)))",
    );
    assert_eq!(
        patterns(&spec),
        [
            (".init_array.*".into(), Sort::InitPriority, Sort::Default),
            (".a".into(), Sort::Name, Sort::Default),
            (".b".into(), Sort::Name, Sort::Alignment),
            (".c".into(), Sort::None, Sort::Default),
        ]
    );
    let spec = input("*(EXCLUDE_FILE (*crtend.o *crtend?.o ) .ctors .dtors)");
    assert_eq!(spec.sections[0].exclude_files.len(), 2);
    assert!(spec.sections[1].exclude_files.is_empty());
    let spec = input("EXCLUDE_FILE(a.o, b.o) *(.x)");
    assert_eq!(spec.exclude_files, [b"a.o", b"b.o"]);
    let spec = input("SORT(*)(REVERSE(SORT(.x)))");
    assert!(spec.sort_files == Sort::Name && spec.sections[0].reverse);
    let spec = input("INPUT_SECTION_FLAGS (SHF_MERGE & !SHF_STRINGS) *(.x)");
    assert_eq!(spec.flags.len(), 2);
    assert!(spec.flags[1].absent);
    let spec = input("KEEP(*(SORT(EXCLUDE_FILE(*a.o) .x)))");
    assert_eq!(spec.sections[0].exclude_files, [b"*a.o"]);
    assert_eq!(input("*fill*.o(.data.[0-9a-f]* .x$*)").sections.len(), 2);
}

#[test]
fn assignments_and_data_inside_sections_are_read() {
    let statements = body(
        "a = .; .=ALIGN(4); _b += 2; *(.t) c-d = 1; BYTE(1) SHORT(2); LONG(3) QUAD(4) SQUAD(5) PROVIDE(e = .); \
         ASCIZ \"x\\n\\101\" ASCII(\"y\") CONSTRUCTORS SORT(CONSTRUCTORS) CREATE_OBJECT_SYMBOLS ASSERT(. < 10, \"big\"); HIDDEN(f = 1);",
    );
    let widths: Vec<u8> = statements
        .iter()
        .filter_map(|statement| match statement {
            SectionStatement::Data { bytes, .. } => Some(*bytes),
            _ => None,
        })
        .collect();
    assert_eq!(widths, [1, 2, 4, 8, 8]);
    let names: Vec<_> = statements
        .iter()
        .filter_map(|statement| match statement {
            SectionStatement::Assign(assignment) => Some(assignment.name.as_slice()),
            _ => None,
        })
        .collect();
    assert_eq!(names, [&b"a"[..], b".", b"_b", b"c-d", b"e", b"f"]);
    assert!(statements.contains(&SectionStatement::Text(b"x\nA\0".to_vec())));
    assert!(statements.contains(&SectionStatement::Text(b"y".to_vec())));
    assert_eq!(
        statements
            .iter()
            .filter(|s| matches!(s, SectionStatement::Keyword(_)))
            .count(),
        3
    );
}

#[test]
fn memory_phdrs_and_the_rest_are_read() {
    let commands = script(
        "MEMORY { FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 256K\n RAM(!rx):org=0x20000000,len=64K-4 }\n\
         PHDRS { headers PT_PHDR PHDRS; text PT_LOAD FILEHDR PHDRS FLAGS(5); note 4 AT(0x1000); }\n\
         REGION_ALIAS(\"R\", RAM) INSERT AFTER .text; NOCROSSREFS(.a .b) NOCROSSREFS_TO(.a .b)",
    );
    let ScriptCommand::Memory(regions) = &commands[0] else {
        panic!("{commands:?}")
    };
    assert_eq!(regions[0].name, b"FLASH");
    assert_eq!(regions[0].attributes, b"rx");
    assert_eq!(regions[0].length, Expr::Number(256 << 10));
    assert_eq!(regions[1].attributes, b"!rx");
    let ScriptCommand::Phdrs(phdrs) = &commands[1] else {
        panic!("{commands:?}")
    };
    assert_eq!(phdrs[0].kind, Expr::Number(6));
    assert!(phdrs[0].phdrs && !phdrs[0].filehdr && phdrs[1].filehdr);
    assert_eq!(phdrs[1].flags, Some(Expr::Number(5)));
    assert_eq!(phdrs[2].at, Some(Expr::Number(0x1000)));
    assert!(matches!(&commands[2], ScriptCommand::RegionAlias { alias, .. } if alias == b"R"));
    assert!(matches!(
        &commands[3],
        ScriptCommand::Insert { after: true, .. }
    ));
    assert!(matches!(
        &commands[4],
        ScriptCommand::NoCrossRefs {
            to_first: false,
            ..
        }
    ));
}

#[test]
fn overlays_are_read() {
    let items = items(
        "OVERLAY 0x1000 : NOCROSSREFS AT (0x4000) { .t0 { a.o(.text) } .t1 { b.o(.text) } :x =0 } >RAM . = 4;",
    );
    let SectionsItem::Overlay(overlay) = &items[0] else {
        panic!("{items:?}")
    };
    assert_eq!(overlay.sections.len(), 2);
    assert_eq!(overlay.sections[1].phdrs, [b"x"]);
    assert!(overlay.no_cross_refs);
    assert_eq!(overlay.region.as_deref(), Some(&b"RAM"[..]));
    assert_eq!(items.len(), 2);
}

#[test]
fn include_may_stand_in_every_block() {
    let mut loader = |name: &[u8]| match name {
        b"s" => Ok(("s".to_string(), b".x : { INCLUDE b } y = 1;".to_vec())),
        b"b" => Ok(("b".to_string(), b"*(.text)".to_vec())),
        _ => Ok(("m".to_string(), b"R : ORIGIN = 0, LENGTH = 1".to_vec())),
    };
    let text = b"SECTIONS { INCLUDE s } MEMORY { INCLUDE m }";
    let script = parse_linker_script_with(text, "t", &mut loader).unwrap();
    let ScriptCommand::Sections(items) = &script.commands[0] else {
        panic!()
    };
    assert_eq!(items.len(), 2);
    assert!(matches!(&script.commands[1], ScriptCommand::Memory(regions) if regions.len() == 1));
}

#[test]
fn errors_say_where() {
    for (text, want) in [
        (
            "SECTIONS { .x { } }",
            "t.ld:1:15: expected an expression, found '{'",
        ),
        (
            "SECTIONS { .x : { *(.text) }",
            "t.ld:1:29: expected '}', found the end of the file",
        ),
        (
            "SECTIONS { .x : { *( } }",
            "t.ld:1:22: expected a section pattern or ')', found '}'",
        ),
        (
            "MEMORY { R (q) : ORIGIN = 0, LENGTH = 1 }",
            "t.ld:1:15: unknown attribute 'q' of a region",
        ),
        (
            "MEMORY { R : ORIGIN = 0 }",
            "t.ld:1:25: expected 'LENGTH', found '}'",
        ),
        (
            "PHDRS { x PT_FOO; }",
            "t.ld:1:17: unknown segment type 'PT_FOO'",
        ),
        (
            "INSERT .x;",
            "t.ld:1:8: expected AFTER or BEFORE, found '.x'",
        ),
    ] {
        assert_eq!(fails(text), want, "{text}");
    }
}

#[test]
fn hostile_text_is_an_error_and_quick() {
    let nest = |text: &[u8]| [b"SECTIONS { .x : { ".to_vec(), text.repeat(1 << 16)].concat();
    for text in [
        nest(b"*(SORT("),
        nest(b"SORT("),
        nest(b"KEEP("),
        nest(b"EXCLUDE_FILE("),
        nest(b"REVERSE("),
        nest(b"INPUT_SECTION_FLAGS("),
        nest(b"FILL(("),
        nest(b"BYTE(("),
        nest(b"a=b?"),
        nest(b"*(a) "),
        nest(b"{"),
        b"SECTIONS {".repeat(1 << 16),
        b"SECTIONS { OVERLAY : { ".repeat(1 << 15),
        b"SECTIONS { .x (".repeat(1 << 15),
        b"MEMORY { A (".repeat(1 << 15),
        b"PHDRS { x ".repeat(1 << 15),
    ] {
        assert!(parse(&text).is_err());
    }
}
