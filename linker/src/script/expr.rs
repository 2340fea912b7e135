//! Expressions of linker scripts, from text to [`Expr`]: C's operators and precedences on 64-bit
//! values, plus functions such as `ALIGN(…)` (GNU ld manual, "Expressions").

use super::lexer::{Cursor, Error, MAX_DEPTH, is_symbol_byte};
use super::model::{Assignment, Expr};

/// Depth of a tree that a long chain `a + b + c …` builds; every pass over it recurses that deep.
const MAX_CHAIN: u32 = 2000;

/// Binary operators, longest spelling first; greater numbers bind tighter.
static OPERATORS: &[(&str, u8)] = &[
    ("||", 1),
    ("&&", 2),
    ("==", 6),
    ("!=", 6),
    ("<=", 7),
    (">=", 7),
    ("<<", 8),
    (">>", 8),
    ("|", 3),
    ("^", 4),
    ("&", 5),
    ("<", 7),
    (">", 7),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("%", 10),
];

/// How the arguments of a function are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Args {
    /// Expressions.
    Values,
    /// The name of a section, memory region, symbol or constant.
    Name,
    /// A name, then an expression: `SEGMENT_START("text-segment", 0x400000)`.
    NameThenValue,
    /// An expression, then a message: `ASSERT(e, "text")`.
    ValueThenName,
}

/// Name, least and greatest number of arguments, kind.
static FUNCTIONS: &[(&[u8], usize, usize, Args)] = &[
    (b"ABSOLUTE", 1, 1, Args::Values),
    (b"ADDR", 1, 1, Args::Name),
    (b"ALIGN", 1, 2, Args::Values),
    (b"ALIGNOF", 1, 1, Args::Name),
    (b"ASSERT", 2, 2, Args::ValueThenName),
    (b"BLOCK", 1, 1, Args::Values),
    (b"CONSTANT", 1, 1, Args::Name),
    (b"DATA_SEGMENT_ALIGN", 2, 2, Args::Values),
    (b"DATA_SEGMENT_END", 1, 1, Args::Values),
    (b"DATA_SEGMENT_RELRO_END", 2, 2, Args::Values),
    (b"DEFINED", 1, 1, Args::Name),
    (b"LENGTH", 1, 1, Args::Name),
    (b"LOADADDR", 1, 1, Args::Name),
    (b"LOG2CEIL", 1, 1, Args::Values),
    (b"MAX", 2, 2, Args::Values),
    (b"MIN", 2, 2, Args::Values),
    (b"NEXT", 1, 1, Args::Values),
    (b"ORIGIN", 1, 1, Args::Name),
    (b"SEGMENT_START", 2, 2, Args::NameThenValue),
    (b"SIZEOF", 1, 1, Args::Name),
];

/// An expression and the depth of its tree.
type Deep = (Expr, u32);

/// Parses a text that is one expression, such as what `--defsym` gives; `file` is for messages.
pub fn parse_expression(text: &[u8], file: &str) -> Result<Expr, String> {
    let mut cursor = Cursor::new(text, file);
    let expr = expression(&mut cursor)?;
    // GNU ld takes `--defsym='a=b;'`.
    cursor.eat(b';')?;
    if cursor.at_end()? {
        Ok(expr)
    } else {
        Err(cursor.expected("the end of the expression"))
    }
}

/// Reads one expression.
pub fn expression(cursor: &mut Cursor<'_>) -> Result<Expr, Error> {
    conditional(cursor, 0).map(|(expr, _)| expr)
}

fn deeper(cursor: &mut Cursor<'_>, depth: u32, limit: u32) -> Result<u32, Error> {
    if depth >= limit {
        return Err(cursor.error("expression nests too deeply"));
    }
    Ok(depth + 1)
}

fn conditional(cursor: &mut Cursor<'_>, nest: u32) -> Result<Deep, Error> {
    let nest = deeper(cursor, nest, MAX_DEPTH)?;
    let (condition, first) = binary(cursor, 1, nest)?;
    if !cursor.eat(b'?')? {
        return Ok((condition, first));
    }
    let (yes, second) = conditional(cursor, nest)?;
    cursor.expect(b':')?;
    let (no, third) = conditional(cursor, nest)?;
    let depth = deeper(cursor, first.max(second).max(third), MAX_CHAIN)?;
    Ok((
        Expr::Cond(Box::new(condition), Box::new(yes), Box::new(no)),
        depth,
    ))
}

fn binary(cursor: &mut Cursor<'_>, weakest: u8, nest: u32) -> Result<Deep, Error> {
    let nest = deeper(cursor, nest, MAX_DEPTH)?;
    let (mut left, mut depth) = unary(cursor, nest)?;
    while let Some((spelling, strength)) = operator(cursor)? {
        if strength < weakest {
            break;
        }
        cursor.advance(spelling.len());
        let (right, right_depth) = binary(cursor, strength + 1, nest)?;
        depth = deeper(cursor, depth.max(right_depth), MAX_CHAIN)?;
        left = Expr::Binary(spelling, Box::new(left), Box::new(right));
    }
    Ok((left, depth))
}

fn operator(cursor: &mut Cursor<'_>) -> Result<Option<(&'static str, u8)>, Error> {
    cursor.skip_space()?;
    let rest = cursor.rest();
    // `=0` may stand before it.
    if rest.starts_with(b"/DISCARD/") {
        return Ok(None);
    }
    let found = OPERATORS
        .iter()
        .find(|(text, _)| rest.starts_with(text.as_bytes()));
    Ok(found.copied())
}

fn unary(cursor: &mut Cursor<'_>, nest: u32) -> Result<Deep, Error> {
    let nest = deeper(cursor, nest, MAX_DEPTH)?;
    cursor.skip_space()?;
    match cursor.peek() {
        Some(sign @ (b'-' | b'!' | b'~')) => {
            cursor.advance(1);
            let (inner, depth) = unary(cursor, nest)?;
            let depth = deeper(cursor, depth, MAX_CHAIN)?;
            Ok((Expr::Unary(sign, Box::new(inner)), depth))
        }
        Some(b'+') => {
            cursor.advance(1);
            unary(cursor, nest)
        }
        Some(b'(') => {
            cursor.advance(1);
            let inner = conditional(cursor, nest)?;
            cursor.expect(b')')?;
            Ok(inner)
        }
        Some(byte) if byte.is_ascii_digit() => number(cursor).map(|value| (Expr::Number(value), 1)),
        // `$ff` is a hexadecimal number, `$x` a symbol.
        Some(b'$') if is_dollar_number(cursor.rest()) => {
            cursor.advance(1);
            let digits = cursor.word(|rest| rest.first().is_some_and(u8::is_ascii_hexdigit))?;
            let value = parse_digits(digits, 16);
            let value = value.ok_or_else(|| cursor.error("number is too large"))?;
            Ok((Expr::Number(value), 1))
        }
        _ => name_or_call(cursor, nest),
    }
}

fn is_dollar_number(text: &[u8]) -> bool {
    let digits = text.get(1..).unwrap_or(&[]);
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    length > 0 && !digits.get(length).is_some_and(|&byte| is_symbol_byte(byte))
}

fn name_or_call(cursor: &mut Cursor<'_>, nest: u32) -> Result<Deep, Error> {
    if let Some(name) = cursor.quoted()? {
        return Ok((Expr::Symbol(name.to_vec()), 1));
    }
    let name = symbol(cursor)?;
    match name {
        b"" => return Err(cursor.expected("an expression")),
        b"." => return Ok((Expr::Dot, 1)),
        b"SIZEOF_HEADERS" | b"sizeof_headers" => {
            return Ok((Expr::Call(b"SIZEOF_HEADERS".to_vec(), Vec::new()), 1));
        }
        _ => {}
    }
    cursor.skip_space()?;
    if cursor.peek() != Some(b'(') {
        return Ok((Expr::Symbol(name.to_vec()), 1));
    }
    let Some(&(_, least, most, kind)) = FUNCTIONS.iter().find(|row| row.0 == name) else {
        return Err(cursor.error(format!("unknown function '{}'", name.escape_ascii())));
    };
    cursor.expect(b'(')?;
    let mut args = Vec::new();
    let mut depth = 1;
    loop {
        let as_name = match kind {
            Args::Values => false,
            Args::Name => true,
            Args::NameThenValue => args.is_empty(),
            Args::ValueThenName => args.len() == 1,
        };
        if as_name {
            args.push(Expr::Symbol(argument_name(cursor)?.to_vec()));
        } else {
            let (arg, arg_depth) = conditional(cursor, nest)?;
            depth = depth.max(arg_depth);
            args.push(arg);
        }
        if args.len() >= most || !cursor.eat(b',')? {
            break;
        }
    }
    cursor.expect(b')')?;
    if args.len() < least {
        let name = name.escape_ascii();
        return Err(cursor.error(format!("{name} needs {least} arguments")));
    }
    let depth = deeper(cursor, depth, MAX_CHAIN)?;
    Ok((Expr::Call(name.to_vec(), args), depth))
}

/// A section's, region's or symbol's name between parentheses; such names may hold `-`, `/` and so on.
fn argument_name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Error> {
    if let Some(name) = cursor.quoted()? {
        return Ok(name);
    }
    let stop = |byte: u8| byte.is_ascii_whitespace() || b"(),;{}\"".contains(&byte);
    let name = cursor.word(|rest| rest.first().is_some_and(|&byte| !stop(byte)))?;
    if name.is_empty() {
        return Err(cursor.expected("a name"));
    }
    Ok(name)
}

/// A symbol's name; empty if none is next.
pub fn symbol<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Error> {
    cursor.skip_space()?;
    if cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        return Ok(&[]);
    }
    cursor.word(|rest| rest.first().is_some_and(|&byte| is_symbol_byte(byte)))
}

/// A number: decimal, `0x…`, octal `0…`, `0ffh`-like suffixes, and `K`/`M`.
fn number(cursor: &mut Cursor<'_>) -> Result<u64, Error> {
    let text = cursor.word(|rest| rest.first().is_some_and(|&byte| is_symbol_byte(byte)))?;
    parse_number(text).ok_or_else(|| {
        cursor.error(format!(
            "'{}' is not a number (or too large)",
            text.escape_ascii()
        ))
    })
}

/// The value of a number as linker scripts and numeric options write it.
pub fn parse_number(text: &[u8]) -> Option<u64> {
    let (digits, scale) = match text {
        [digits @ .., b'k' | b'K'] => (digits, 1 << 10),
        [digits @ .., b'm' | b'M'] => (digits, 1 << 20),
        _ => (text, 1),
    };
    let value = match digits {
        [b'0', b'x' | b'X', hex @ ..] => parse_digits(hex, 16)?,
        [body @ .., b'h' | b'H'] => parse_digits(body, 16)?,
        [body @ .., b'o' | b'O'] => parse_digits(body, 8)?,
        [b'0', octal @ ..] if !octal.is_empty() && octal.iter().all(u8::is_ascii_digit) => {
            parse_digits(octal, 8)?
        }
        [body @ .., b'b' | b'B'] => parse_digits(body, 2)?,
        [body @ .., b'd' | b'D'] => parse_digits(body, 10)?,
        _ => parse_digits(digits, 10)?,
    };
    value.checked_mul(scale)
}

/// The value of `digits` in the given base; None when empty, too large or not digits.
pub fn parse_digits(digits: &[u8], base: u32) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |value, &byte| {
        let digit = char::from(byte).to_digit(base)?;
        value.checked_mul(base.into())?.checked_add(digit.into())
    })
}

/// The assignment operator that is next, as the binary operator inside it (`""` for plain `=`).
pub fn assignment_operator(cursor: &mut Cursor<'_>) -> Result<Option<&'static str>, Error> {
    cursor.skip_space()?;
    let rest = cursor.rest();
    if rest.starts_with(b"=") && !rest.starts_with(b"==") {
        return Ok(Some(""));
    }
    let folded = ["+", "-", "*", "/", "&", "|", "^", "<<", ">>"]
        .into_iter()
        .find(|text| {
            rest.strip_prefix(text.as_bytes())
                .is_some_and(|after| after.starts_with(b"="))
        });
    Ok(folded)
}

/// Reads `= expr`, `+= expr` and so on after the symbol `name`.
pub fn assignment(cursor: &mut Cursor<'_>, name: &[u8]) -> Result<Assignment, Error> {
    let Some(operator) = assignment_operator(cursor)? else {
        return Err(cursor.expected("'='"));
    };
    let place = cursor.place();
    cursor.advance(operator.len() + 1);
    let mut expr = expression(cursor)?;
    if !operator.is_empty() {
        let before = if name == b"." {
            Expr::Dot
        } else {
            Expr::Symbol(name.to_vec())
        };
        expr = Expr::Binary(operator, Box::new(before), Box::new(expr));
    }
    Ok(Assignment {
        name: name.to_vec(),
        expr,
        provide: false,
        hidden: false,
        in_section: false,
        place,
    })
}

/// Reads `(name = expr)` of PROVIDE, PROVIDE_HIDDEN and HIDDEN.
pub fn wrapped_assignment(
    cursor: &mut Cursor<'_>,
    provide: bool,
    hidden: bool,
) -> Result<Assignment, Error> {
    cursor.expect(b'(')?;
    let name = match cursor.quoted()? {
        Some(name) => name,
        None => symbol(cursor)?,
    };
    if name.is_empty() {
        return Err(cursor.expected("a symbol"));
    }
    if assignment_operator(cursor)? != Some("") {
        return Err(cursor.expected("'='"));
    }
    let assignment = assignment(cursor, name)?;
    cursor.expect(b')')?;
    Ok(Assignment {
        provide,
        hidden,
        ..assignment
    })
}
