use super::*;

fn script(text: &str) -> VersionScript {
    parse_version_script(text.as_bytes(), "v.map").unwrap()
}

fn fails(text: &[u8]) -> String {
    parse_version_script(text, "v.map").unwrap_err().remove(0)
}

fn texts(patterns: &[Pattern]) -> Vec<String> {
    let text = |pattern: &Pattern| String::from_utf8_lossy(&pattern.text).into_owned();
    patterns.iter().map(text).collect()
}

#[test]
fn nodes_parents_and_both_sections_are_read() {
    let script = script(
        "V1 { global: foo; b[a-c]*; local: *; };\n# comment\nV2 { /* x */ new; } V1; // end\nV3 { } V1 V2;",
    );
    assert_eq!(script.nodes.len(), 3);
    assert_eq!(script.nodes[0].name, b"V1");
    assert_eq!(texts(&script.nodes[0].global), ["foo", "b[a-c]*"]);
    assert_eq!(texts(&script.nodes[0].local), ["*"]);
    assert_eq!(script.nodes[1].parents, [b"V1".to_vec()]);
    assert_eq!(script.nodes[1].global[0].line, 3);
    assert_eq!(script.nodes[2].parents.len(), 2);
}

#[test]
fn sections_may_repeat_and_last_semicolon_may_be_missing() {
    let script = script("{local:*;global:a;b;local:c};");
    assert_eq!(texts(&script.nodes[0].global), ["a", "b"]);
    assert_eq!(texts(&script.nodes[0].local), ["*", "c"]);
}

#[test]
fn extern_blocks_nest_and_quotes_take_wildcards_away() {
    let script = script(
        "V { extern \"C++\" { ns::f*; \"ns::operator*(int)\"; extern \"C\" { c } ; x::y }; global; local; extern; };",
    );
    let node = &script.nodes[0];
    assert_eq!(
        texts(&node.global),
        [
            "ns::f*",
            "ns::operator*(int)",
            "c",
            "x::y",
            "global",
            "local",
            "extern"
        ]
    );
    assert_eq!(
        node.global.iter().map(|p| p.cxx).collect::<Vec<_>>(),
        [true, true, false, true, false, false, false]
    );
    assert!(node.global[1].quoted);
}

#[test]
fn errors_say_where() {
    assert_eq!(
        fails(b"V1 {\n  foo bar;\n};"),
        "v.map:2:7: expected ';', found 'bar'"
    );
    assert_eq!(
        fails(b"V1 { foo; }"),
        "v.map:1:12: expected ';', found the end of the file"
    );
    assert_eq!(
        fails(b"V1 { foo;"),
        "v.map:1:10: expected a symbol, 'global:', 'local:' or '}', found the end of the file"
    );
    assert_eq!(fails(b"/* V1"), "v.map:1:1: unclosed comment");
    assert_eq!(fails(b"{ \"x; };"), "v.map:1:3: quoted name is not closed");
    assert_eq!(
        fails(b"{ extern \"Java\" { x; }; };"),
        "v.map:1:16: unknown language 'Java' in extern"
    );
    assert_eq!(
        fails(b"};"),
        "v.map:1:1: expected a version node, found '}'"
    );
}

#[test]
fn empty_text_is_an_empty_script() {
    assert!(script(" /* nothing */ ").nodes.is_empty());
}

#[test]
fn a_dynamic_list_is_one_nameless_node() {
    let list = parse_dynamic_list(b"{ foo; b*; };\n{ extern \"C++\" { x::*; }; };", "d").unwrap();
    assert_eq!(list.nodes.len(), 1);
    assert_eq!(texts(&list.nodes[0].global), ["foo", "b*", "x::*"]);
    assert!(parse_dynamic_list(b"V { x; };", "d").is_err());
    assert!(parse_dynamic_list(b"{ local: x; };", "d").is_err());
}

#[test]
fn checks_over_all_scripts_are_gnu_lds() {
    let check = |texts: &[&str]| {
        check_version_scripts(&texts.iter().map(|t| script(t)).collect::<Vec<_>>())
    };
    assert!(check(&["V1 { a; local: *; };", "V2 { b; local: *; } V1;"]).is_empty());
    assert!(check(&["{ a; };"]).is_empty());
    assert_eq!(check(&["{ a; };", "V { b; };"]).len(), 1);
    assert_eq!(check(&["V { a; };", "V { b; };"]).len(), 1);
    assert_eq!(check(&["V { a; } W;"]).len(), 1);
    assert_eq!(check(&["V { a; };", "W { local: a; };"]).len(), 1);
    assert!(check(&["V { a; local: a; };"]).is_empty());
}

fn look(matcher: &VersionMatcher, name: &str) -> Option<Assigned> {
    matcher.lookup(name.as_bytes(), || match name {
        "_ZN2ns1fEi" => Some("ns::f(int)".into()),
        "_ZN2ns1gEv" => Some("ns::g()".into()),
        _ => None,
    })
}

#[test]
fn precedence_is_gnu_lds() {
    use Assigned::{Local, Node};
    let scripts = [
        script("V0 { foo; a*; loc; local: *; l*; bar; };"),
        script("V1 { bar; a?c; foo; }; V2 { local: loc; lx; ab; global: a*; };"),
    ];
    let matcher = VersionMatcher::new(&scripts);
    // The first node with the exact name wins, even against a later one.
    assert_eq!(look(&matcher, "foo"), Some(Node(0)));
    assert_eq!(look(&matcher, "bar"), Some(Local));
    assert_eq!(look(&matcher, "loc"), Some(Node(0)));
    // An exact local beats a global wildcard.
    assert_eq!(look(&matcher, "ab"), Some(Local));
    // Among wildcards the last node wins.
    assert_eq!(look(&matcher, "abc"), Some(Node(2)));
    assert_eq!(look(&matcher, "lonely"), Some(Local));
    assert_eq!(look(&matcher, "other"), Some(Local));
    let matcher = VersionMatcher::new(&[script("A { *; }; B { *; local: *; x*; }; C { q; };")]);
    assert_eq!(look(&matcher, "any"), Some(Node(1)));
    assert_eq!(look(&matcher, "xyz"), Some(Local));
    let matcher = VersionMatcher::new(&[script("A { q; };")]);
    assert_eq!(look(&matcher, "any"), None);
}

#[test]
fn cxx_patterns_see_demangled_names() {
    use Assigned::{Local, Node};
    let matcher = VersionMatcher::new(&[script(
        "A { extern \"C++\" { ns::*; plain; }; local: *; }; B { extern \"C++\" { \"ns::g()\"; }; };",
    )]);
    assert!(matcher.needs_demangled());
    assert_eq!(look(&matcher, "_ZN2ns1fEi"), Some(Node(0)));
    assert_eq!(look(&matcher, "_ZN2ns1gEv"), Some(Node(1)));
    assert_eq!(look(&matcher, "plain"), Some(Node(0)));
    assert_eq!(look(&matcher, "else"), Some(Local));
}

#[test]
fn exact_names_are_listed_for_undefined_version() {
    let names = exact_names(&[
        script("A { a; b*; \"c*\"; local: d; };"),
        script("B { e\\*; };"),
    ]);
    let plain: Vec<_> = names
        .iter()
        .map(|name| (name.name.as_slice(), name.node))
        .collect();
    assert_eq!(plain, [(&b"a"[..], 0), (b"c*", 0), (b"e*", 1)]);
    assert_eq!(names[2].place, "v.map:1");
}

#[test]
fn hostile_text_is_an_error_and_quick() {
    for text in [
        b"{".repeat(1 << 20),
        b"extern \"C\" {".repeat(1 << 16),
        [b"V {".to_vec(), b" extern \"C\" {".repeat(1 << 16)].concat(),
        b"\"".repeat((1 << 20) + 1),
        b"/*".repeat(1 << 19),
        b"\0".repeat(1 << 20),
        (0..1u32 << 20)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect(),
    ] {
        assert!(parse_version_script(&text, "x").is_err());
        assert!(parse_dynamic_list(&text, "x").is_err());
    }
}

#[test]
fn many_patterns_and_names_are_classified_quickly() {
    let mut text = String::from("V { global: ");
    for i in 0..20_000 {
        text.push_str(&format!("_ZN3lib{i}E*; lib_exact_{i}; "));
    }
    text.push_str("local: *; };");
    let matcher = VersionMatcher::new(&[script(&text)]);
    for i in 0..100_000 {
        let want = if i < 20_000 {
            Assigned::Node(0)
        } else {
            Assigned::Local
        };
        assert_eq!(look(&matcher, &format!("_ZN3lib{i}Efoo")), Some(want));
    }
}
