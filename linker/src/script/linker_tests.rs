use super::super::model::{Assignment, Expr};
use super::*;

fn script(text: &str) -> Vec<ScriptCommand> {
    parse_linker_script(text.as_bytes(), "t.ld")
        .unwrap()
        .commands
}

fn fails(text: &[u8]) -> String {
    parse_linker_script(text, "t.ld").unwrap_err().remove(0)
}

fn inputs(list: &[ScriptInput]) -> Vec<(String, bool)> {
    let text = |input: &ScriptInput| String::from_utf8_lossy(&input.name).into_owned();
    list.iter()
        .map(|input| (text(input), input.as_needed))
        .collect()
}

/// The expression in Lisp's notation.
fn show(expr: &Expr) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match expr {
        Expr::Number(value) => value.to_string(),
        Expr::Symbol(name) => text(name),
        Expr::Dot => ".".into(),
        Expr::Unary(sign, inner) => format!("({} {})", char::from(*sign), show(inner)),
        Expr::Binary(op, left, right) => format!("({op} {} {})", show(left), show(right)),
        Expr::Cond(c, yes, no) => format!("(? {} {} {})", show(c), show(yes), show(no)),
        Expr::Call(name, args) => {
            let args: Vec<String> = args.iter().map(show).collect();
            format!("{}[{}]", text(name), args.join(" "))
        }
    }
}

fn value(text: &str) -> String {
    match &script(&format!("x = {text};"))[..] {
        [ScriptCommand::Assign(Assignment { expr, .. })] => show(expr),
        other => panic!("{other:?}"),
    }
}

#[test]
fn glibc_script_is_read() {
    let commands = script(
        "/* GNU ld script\n   Use the shared library, but some functions are only in\n   the static library, so try that secondarily.  */\n\
         OUTPUT_FORMAT(elf64-x86-64)\n\
         GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a  AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )\n",
    );
    assert_eq!(
        commands[0],
        ScriptCommand::OutputFormat(b"elf64-x86-64".to_vec())
    );
    let ScriptCommand::Group(list) = &commands[1] else {
        panic!("{commands:?}")
    };
    assert_eq!(
        inputs(list),
        [
            ("/lib/x86_64-linux-gnu/libc.so.6".into(), false),
            ("/usr/lib/x86_64-linux-gnu/libc_nonshared.a".into(), false),
            ("/lib64/ld-linux-x86-64.so.2".into(), true),
        ]
    );
}

#[test]
fn input_takes_commas_libraries_and_quotes() {
    let commands = script("INPUT(-lncurses, \"a b.o\" c-1.o AS_NEEDED(-ltinfo))");
    let ScriptCommand::Input(list) = &commands[0] else {
        panic!("{commands:?}")
    };
    assert_eq!(
        inputs(list),
        [
            ("-lncurses".into(), false),
            ("a b.o".into(), false),
            ("c-1.o".into(), false),
            ("-ltinfo".into(), true)
        ]
    );
}

#[test]
fn plain_commands_are_read() {
    let commands = script(
        "OUTPUT_FORMAT(\"elf64-x86-64\", \"elf64-big\", \"elf64-x86-64\") OUTPUT_ARCH(i386:x86-64);\n\
         ENTRY(_start) SEARCH_DIR(\"=/usr/lib\"); EXTERN(a b, c) TARGET(binary) OUTPUT(x)\n\
         INHIBIT_COMMON_ALLOCATION VERSION { V { a; // c\n }; } ASSERT(1 == 1, \"no\");",
    );
    assert_eq!(
        commands[1],
        ScriptCommand::OutputArch(b"i386:x86-64".to_vec())
    );
    assert_eq!(commands[2], ScriptCommand::Entry(b"_start".to_vec()));
    assert_eq!(commands[3], ScriptCommand::SearchDir(b"=/usr/lib".to_vec()));
    assert_eq!(
        commands[4],
        ScriptCommand::Extern(vec![b"a".to_vec(), b"b".to_vec(), b"c".to_vec()])
    );
    assert_eq!(
        commands[5],
        ScriptCommand::Other(b"TARGET".to_vec(), b"binary".to_vec())
    );
    let ScriptCommand::Version(version) = &commands[8] else {
        panic!("{commands:?}")
    };
    assert_eq!(version.nodes[0].name, b"V");
    assert!(matches!(&commands[9], ScriptCommand::Assert(_, text, _) if text == b"no"));
}

#[test]
fn assignments_of_all_kinds_are_read() {
    let commands = script(
        "a = 1; b += 2; c <<= 3; PROVIDE(d = a); PROVIDE_HIDDEN(\"e\" = b) HIDDEN(f = 0x10); g=h; .x-y = 1; \"q r\" = 7",
    );
    let got: Vec<_> = commands
        .iter()
        .map(|command| match command {
            ScriptCommand::Assign(a) => {
                let name = String::from_utf8_lossy(&a.name).into_owned();
                (name, show(&a.expr), a.provide, a.hidden)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let want = [
        ("a", "1", false, false),
        ("b", "(+ b 2)", false, false),
        ("c", "(<< c 3)", false, false),
        ("d", "a", true, false),
        ("e", "b", true, true),
        ("f", "16", false, true),
        ("g", "h", false, false),
        (".x-y", "1", false, false),
        ("q r", "7", false, false),
    ];
    let want: Vec<_> = want
        .map(|(n, e, p, h)| (n.to_string(), e.to_string(), p, h))
        .into();
    assert_eq!(got, want);
}

#[test]
fn operators_bind_as_in_c() {
    for (text, want) in [
        ("1 + 2 * 3", "(+ 1 (* 2 3))"),
        ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        ("1 - 2 - 3", "(- (- 1 2) 3)"),
        (
            "a||b&&c|d^e&f==g<h<<i+j%k",
            "(|| a (&& b (| c (^ d (& e (== f (< g (<< h (+ i (% j k))))))))))",
        ),
        ("- ~ ! a", "(- (~ (! a)))"),
        ("+5", "5"),
        ("a ? b : c ? d : e", "(? a b (? c d e))"),
        (". + 4", "(+ . 4)"),
        ("ALIGN(16)", "ALIGN[16]"),
        (
            "ALIGN (., 0x10) + SIZEOF(.text.foo-bar)",
            "(+ ALIGN[. 16] SIZEOF[.text.foo-bar])",
        ),
        (
            "DEFINED(foo) ? foo : SIZEOF_HEADERS",
            "(? DEFINED[foo] foo SIZEOF_HEADERS[])",
        ),
        (
            "SEGMENT_START(\"text-segment\", 0x400000)",
            "SEGMENT_START[text-segment 4194304]",
        ),
        ("CONSTANT (MAXPAGESIZE)", "CONSTANT[MAXPAGESIZE]"),
        ("MAX(a, MIN(b, 3))", "MAX[a MIN[b 3]]"),
        ("4K + 1M", "(+ 4096 1048576)"),
        ("010 + 0ffh + $ff + 101b", "(+ (+ (+ 8 255) 255) 5)"),
        ("a /* c */ / 2 # d\n", "(/ a 2)"),
        ("0xffffffffffffffff", "18446744073709551615"),
    ] {
        assert_eq!(value(text), want, "{text}");
    }
}

#[test]
fn errors_say_where() {
    for (text, want) in [
        (
            "FOO(1)",
            "t.ld:1:1: unknown command 'FOO' in a linker script",
        ),
        ("a = ;", "t.ld:1:5: expected an expression, found ';'"),
        ("a = 1 b = 2;", "t.ld:1:7: expected ';', found 'b'"),
        (
            "\n\nINPUT(a",
            "t.ld:3:8: expected a file name or ')', found the end of the file",
        ),
        ("a = FOO(1);", "t.ld:1:8: unknown function 'FOO'"),
        ("a = MAX(1);", "t.ld:1:11: MAX needs 2 arguments"),
        (
            "a = 99999999999999999999;",
            "t.ld:1:25: '99999999999999999999' is not a number (or too large)",
        ),
        ("a = 1 /* x", "t.ld:1:7: unclosed comment"),
        ("PROVIDE(a += 1)", "t.ld:1:11: expected '=', found '+='"),
        (
            "INCLUDE /nonexistent/f",
            "t.ld:1:23: cannot open /nonexistent/f: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(fails(text.as_bytes()), want, "{text}");
    }
}

#[test]
fn include_reads_files_and_ends_on_loops() {
    let mut loader = |name: &[u8]| match name {
        b"one" => Ok(("one".to_string(), b"a = 1; INCLUDE two".to_vec())),
        b"two" => Ok(("two".to_string(), b"INPUT(x)".to_vec())),
        b"loop" => Ok(("loop".to_string(), b"INCLUDE loop".to_vec())),
        _ => Ok(("many".to_string(), b"INCLUDE empty ".repeat(20_000))),
    };
    let script = parse_linker_script_with(b"INCLUDE one b = 2;", "t", &mut loader).unwrap();
    assert_eq!(script.commands.len(), 3);
    let error = parse_linker_script_with(b"INCLUDE loop", "t", &mut loader).unwrap_err();
    assert_eq!(error[0], "loop:1:13: INCLUDE nests too deeply");
    assert!(parse_linker_script_with(b"INCLUDE many", "t", &mut loader).is_err());
}

#[test]
fn hostile_text_is_an_error_and_quick() {
    for text in [
        [b"a = ".to_vec(), b"(".repeat(1 << 20)].concat(),
        [b"a = ".to_vec(), b"-".repeat(1 << 20)].concat(),
        [b"a = ".to_vec(), b"1+".repeat(1 << 19), b"1;".to_vec()].concat(),
        [b"a = ".to_vec(), b"1?".repeat(1 << 19)].concat(),
        [b"a = ".to_vec(), b"1?1:".repeat(1 << 18)].concat(),
        [b"a = ".to_vec(), b"MAX(".repeat(1 << 18)].concat(),
        [b"INPUT".to_vec(), b"(AS_NEEDED".repeat(1 << 17)].concat(),
        [b"VERSION {".to_vec(), b"{".repeat(1 << 20)].concat(),
        b"\"".repeat((1 << 20) + 1),
        b"/*".repeat(1 << 19),
        b"\0".repeat(1 << 20),
        (0..1u32 << 20)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect(),
    ] {
        assert!(parse_linker_script(&text, "x").is_err());
    }
}
