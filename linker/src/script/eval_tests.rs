use super::super::expr::expression;
use super::super::lexer::Cursor;
use super::*;

/// Section 1 is `.text` at 0x1000, section 2 `.data` at 0x5000 (loaded at 0x9000).
struct Fixed {
    dot: Option<Value>,
    inside: bool,
}

impl Scope for Fixed {
    fn symbol(&self, name: &[u8]) -> Option<Value> {
        match name {
            b"n" => Some(Value::number(7)),
            b"a" => Some(Value::absolute(0x4000)),
            b"t" => Some(Value::relative(0x10, 1)),
            b"u" => Some(Value::relative(0x30, 1)),
            b"d" => Some(Value::relative(0x8, 2)),
            _ => None,
        }
    }
    fn dot(&self) -> Option<Value> {
        self.dot
    }
    fn section(&self, name: &[u8]) -> Option<SectionFacts> {
        let facts = |index, size, align, load_address| SectionFacts {
            index,
            size,
            align,
            load_address,
        };
        match name {
            b".text" => Some(facts(1, 0x123, 16, 0x1000)),
            b".data" => Some(facts(2, 0x40, 8, 0x9000)),
            _ => None,
        }
    }
    fn section_base(&self, index: u32) -> u64 {
        if index == 1 { 0x1000 } else { 0x5000 }
    }
    fn region(&self, name: &[u8]) -> Option<(u64, u64)> {
        (name == b"ROM").then_some((0x800_0000, 0x1_0000))
    }
    fn headers_size(&self) -> u64 {
        0x200
    }
    fn max_page_size(&self) -> u64 {
        0x10000
    }
    fn common_page_size(&self) -> u64 {
        0x1000
    }
    fn segment_start(&self, name: &[u8]) -> Option<u64> {
        (name == b"text-segment").then_some(0x40_0000)
    }
    fn relro(&self) -> bool {
        true
    }
    fn inside_section(&self) -> bool {
        self.inside
    }
}

fn eval(text: &str) -> Result<Value> {
    let scope = Fixed {
        dot: Some(Value::absolute(0x1_2345)),
        inside: false,
    };
    let expr = expression(&mut Cursor::new(text.as_bytes(), "t")).unwrap();
    evaluate(&expr, &scope)
}

fn value(text: &str) -> u64 {
    let scope = Fixed {
        dot: None,
        inside: false,
    };
    eval(text).unwrap().resolve(&scope)
}

#[test]
fn numbers_are_computed_as_in_c() {
    for (text, want) in [
        ("1 + 2 * 3", 7),
        ("7 / 2 + 7 % 4", 6),
        ("(0 - 7) / 2", (-3i64).cast_unsigned()),
        ("(0 - 7) % 2", (-1i64).cast_unsigned()),
        ("1 << 63 >> 63", 1),
        ("1 << 64", 0),
        ("~0", u64::MAX),
        ("-1 > 1", 1),
        ("!5 || !0", 1),
        ("0 && nosuch", 0),
        ("1 || nosuch", 1),
        ("1 ? 2 : nosuch", 2),
        ("0xf0 & 0x3c | 1 ^ 3", 0x32),
        ("3 <= 3 && 3 >= 3 && 3 != 4", 1),
        ("LOG2CEIL(1) + LOG2CEIL(5)", 3),
        ("MAX(3, n) + MIN(3, n)", 10),
        ("ALIGN(0x11, 8)", 0x18),
        ("ALIGN(5, 0)", 5),
        ("0xffffffffffffffff + 2", 1),
        ("(0 - 0x7fffffffffffffff - 1) / (0 - 1)", 1 << 63),
    ] {
        assert_eq!(value(text), want, "{text}");
    }
}

#[test]
fn functions_ask_the_link() {
    for (text, want) in [
        ("ADDR(.data)", 0x5000),
        ("LOADADDR(.data)", 0x9000),
        ("SIZEOF(.text)", 0x123),
        ("SIZEOF(.none)", 0),
        ("ALIGNOF(.text)", 16),
        ("SIZEOF_HEADERS", 0x200),
        ("ORIGIN(ROM) + LENGTH(ROM)", 0x801_0000),
        ("CONSTANT(MAXPAGESIZE) + CONSTANT(COMMONPAGESIZE)", 0x11000),
        ("SEGMENT_START(\"text-segment\", 1)", 0x40_0000),
        ("SEGMENT_START(\"data-segment\", 1)", 1),
        ("DEFINED(a) + DEFINED(zz)", 1),
        ("ALIGN(0x1000)", 0x1_3000),
        ("NEXT(0x1000)", 0x1_3000),
        (".", 0x1_2345),
        ("DATA_SEGMENT_ALIGN(0x10000, 0x1000)", 0x2_2345),
        ("DATA_SEGMENT_RELRO_END(0, .)", 0x1_3000),
        ("DATA_SEGMENT_END(.)", 0x1_2345),
        ("ASSERT(5, \"x\")", 5),
    ] {
        assert_eq!(value(text), want, "{text}");
    }
}

#[test]
fn values_keep_what_they_are_relative_to() {
    for (text, want) in [
        ("t + 4", Value::relative(0x14, 1)),
        ("4 + t", Value::relative(0x14, 1)),
        ("u - t", Value::absolute(0x20)),
        ("d - t", Value::absolute(0x3ff8)),
        ("t + a", Value::absolute(0x5010)),
        ("a + 4", Value::absolute(0x4004)),
        ("ABSOLUTE(t)", Value::absolute(0x1010)),
        ("ADDR(.text)", Value::relative(0, 1)),
        ("t < u", Value::number(1)),
        ("ALIGN(t, 0x20)", Value::relative(0x20, 1)),
        ("n * 2", Value::number(14)),
        ("n ? t : u", Value::relative(0x10, 1)),
    ] {
        assert_eq!(eval(text), Ok(want), "{text}");
    }
    let inside = Fixed {
        dot: Some(Value::relative(0x23, 1)),
        inside: true,
    };
    let run = |text: &str| {
        let expr = expression(&mut Cursor::new(text.as_bytes(), "t")).unwrap();
        evaluate(&expr, &inside)
    };
    assert_eq!(run("u - t"), Ok(Value::number(0x20)));
    assert_eq!(run("ALIGN(0x100)"), Ok(Value::relative(0x100, 1)));
    assert_eq!(run(". + 1"), Ok(Value::relative(0x24, 1)));
}

#[test]
fn what_is_not_known_is_an_error() {
    for (text, want) in [
        ("zz + 1", "undefined symbol: zz"),
        ("ADDR(.zz)", "section '.zz' is not defined"),
        ("LENGTH(ZZ)", "memory region 'ZZ' is not defined"),
        ("CONSTANT(ZZ)", "unknown constant 'ZZ'"),
        ("1 / 0", "division by zero"),
        ("1 % (n - 7)", "division by zero"),
        ("ASSERT(0, \"too big\")", "too big"),
    ] {
        assert_eq!(eval(text).unwrap_err().to_string(), want, "{text}");
    }
    let outside = Fixed {
        dot: None,
        inside: false,
    };
    assert_eq!(evaluate(&Expr::Dot, &outside), Err(EvalError::NoLocation));
    let wrong = Expr::Call(b"ADDR".to_vec(), vec![]);
    assert!(evaluate(&wrong, &outside).is_err());
}
