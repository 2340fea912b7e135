//! The value of an expression, given what the link knows so far.
//!
//! A value is a number, an address, or an offset in an output section (GNU ld manual, "Expression Section"):
//! symbols that are defined relative to a section move with it, so the difference matters for `st_shndx`
//! and for what a dynamic loader does with them. All arithmetic is on 64 bits and wraps; division,
//! remainder and nothing else are signed, as in GNU ld.

use std::fmt;

use super::model::Expr;

/// A value and what it is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// The number, the address, or the offset in the section, bytes.
    pub bits: u64,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Absolute,
    /// Relative to the start of this output section.
    Section(u32),
}

impl Value {
    pub fn number(bits: u64) -> Value {
        Value {
            bits,
            kind: Kind::Number,
        }
    }

    pub fn absolute(bits: u64) -> Value {
        Value {
            bits,
            kind: Kind::Absolute,
        }
    }

    /// An offset in the section.
    pub fn relative(bits: u64, section: u32) -> Value {
        Value {
            bits,
            kind: Kind::Section(section),
        }
    }

    /// The address or number, section bases added.
    pub fn resolve(self, scope: &dyn Scope) -> u64 {
        match self.kind {
            Kind::Section(section) => self.bits.wrapping_add(scope.section_base(section)),
            _ => self.bits,
        }
    }
}

/// What is known of an output section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionFacts {
    /// For [`Kind::Section`].
    pub index: u32,
    /// Bytes.
    pub size: u64,
    /// Bytes.
    pub align: u64,
    /// LMA.
    pub load_address: u64,
}

/// What an expression can ask the link. Names are as in the script.
pub trait Scope {
    fn symbol(&self, name: &[u8]) -> Option<Value>;
    /// `DEFINED(name)`: whether an input defines it, or the script has by now.
    fn is_defined(&self, name: &[u8]) -> bool {
        self.symbol(name).is_some()
    }
    /// The location counter; None where there is none.
    fn dot(&self) -> Option<Value>;
    fn section(&self, name: &[u8]) -> Option<SectionFacts>;
    /// Virtual address of the section with this index.
    fn section_base(&self, index: u32) -> u64;
    /// Origin and length of a memory region.
    fn region(&self, name: &[u8]) -> Option<(u64, u64)>;
    /// Size of the ELF header and the program headers, bytes.
    fn headers_size(&self) -> u64;
    /// Bytes: `CONSTANT(MAXPAGESIZE)`.
    fn max_page_size(&self) -> u64;
    /// Bytes: `CONSTANT(COMMONPAGESIZE)`.
    fn common_page_size(&self) -> u64;
    /// The address `-Ttext-segment` and its kin give to `SEGMENT_START(name, …)`.
    fn segment_start(&self, name: &[u8]) -> Option<u64>;
    /// Whether PT_GNU_RELRO is made: DATA_SEGMENT_RELRO_END aligns only then.
    fn relro(&self) -> bool;
    /// `DATA_SEGMENT_ALIGN`: where the data segment starts when `.` is `dot`. The first data page is also the last page
    /// of what is before it in the file, so that no bytes are wasted: the address moves on by a page, and the
    /// offset in the page stays.
    fn data_segment_align(&self, dot: u64, max: u64, common: u64) -> u64 {
        let _ = common;
        align_up(dot, max).wrapping_add(dot & max.wrapping_sub(1))
    }
    /// `DATA_SEGMENT_RELRO_END(offset, end)`: the address that takes the place of `end`.
    fn data_segment_relro_end(&self, offset: u64, end: u64) -> u64 {
        let at = end.wrapping_add(offset);
        if self.relro() {
            align_up(at, self.common_page_size())
        } else {
            at
        }
    }
    /// `DATA_SEGMENT_END(end)`.
    fn data_segment_end(&self, end: u64) {
        let _ = end;
    }
    /// Inside an output section a difference of addresses is a number, outside it is an address.
    fn inside_section(&self) -> bool {
        false
    }
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    UndefinedSymbol(Vec<u8>),
    UndefinedSection(Vec<u8>),
    UndefinedRegion(Vec<u8>),
    UnknownConstant(Vec<u8>),
    /// `.` outside SECTIONS.
    NoLocation,
    DivisionByZero,
    /// The message of an `ASSERT` inside an expression.
    Assertion(Vec<u8>),
    /// A function with the wrong arguments; parsed scripts have none.
    BadCall(Vec<u8>),
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::UndefinedSymbol(name) => {
                write!(f, "undefined symbol: {}", name.escape_ascii())
            }
            EvalError::UndefinedSection(name) => {
                write!(f, "section '{}' is not defined", name.escape_ascii())
            }
            EvalError::UndefinedRegion(name) => {
                write!(f, "memory region '{}' is not defined", name.escape_ascii())
            }
            EvalError::UnknownConstant(name) => {
                write!(f, "unknown constant '{}'", name.escape_ascii())
            }
            EvalError::NoLocation => write!(f, "'.' has no value outside SECTIONS"),
            EvalError::DivisionByZero => write!(f, "division by zero"),
            EvalError::Assertion(text) => write!(f, "{}", String::from_utf8_lossy(text)),
            EvalError::BadCall(name) => {
                write!(f, "wrong arguments of {}", name.escape_ascii())
            }
        }
    }
}

impl std::error::Error for EvalError {}

type Result<T> = std::result::Result<T, EvalError>;

/// The value of `expr` in `scope`.
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Value> {
    match expr {
        Expr::Number(bits) => Ok(Value::number(*bits)),
        Expr::Symbol(name) => scope
            .symbol(name)
            .ok_or_else(|| EvalError::UndefinedSymbol(name.clone())),
        Expr::Dot => scope.dot().ok_or(EvalError::NoLocation),
        Expr::Unary(sign, inner) => {
            let value = evaluate(inner, scope)?;
            Ok(match sign {
                b'-' => Value {
                    bits: value.bits.wrapping_neg(),
                    ..value
                },
                b'~' => Value {
                    bits: !value.bits,
                    ..value
                },
                _ => Value::number(u64::from(value.resolve(scope) == 0)),
            })
        }
        Expr::Binary(operator, left, right) => binary(operator, left, right, scope),
        Expr::Cond(condition, yes, no) => {
            let chosen = if truth(condition, scope)? { yes } else { no };
            evaluate(chosen, scope)
        }
        Expr::Call(name, args) => call(name, args, scope),
    }
}

/// The value as an address or number.
pub fn evaluate_address(expr: &Expr, scope: &dyn Scope) -> Result<u64> {
    Ok(evaluate(expr, scope)?.resolve(scope))
}

fn truth(expr: &Expr, scope: &dyn Scope) -> Result<bool> {
    Ok(evaluate_address(expr, scope)? != 0)
}

fn binary(operator: &str, left: &Expr, right: &Expr, scope: &dyn Scope) -> Result<Value> {
    match operator {
        "&&" => return Ok(number(truth(left, scope)? && truth(right, scope)?)),
        "||" => return Ok(number(truth(left, scope)? || truth(right, scope)?)),
        _ => {}
    }
    let (left, right) = (evaluate(left, scope)?, evaluate(right, scope)?);
    // Addresses of one section, or an address and a number, are computed with as offsets; anything else
    // becomes an absolute address first.
    let (a, b, kind) = match (left.kind, right.kind) {
        (Kind::Number, Kind::Number) => (left.bits, right.bits, Kind::Number),
        (Kind::Section(one), Kind::Section(other)) if one == other => {
            let kind = if scope.inside_section() {
                Kind::Number
            } else {
                Kind::Absolute
            };
            (left.bits, right.bits, kind)
        }
        (Kind::Section(section), Kind::Number) | (Kind::Number, Kind::Section(section)) => {
            (left.bits, right.bits, Kind::Section(section))
        }
        _ => (left.resolve(scope), right.resolve(scope), Kind::Absolute),
    };
    let bits = match operator {
        "==" => return Ok(number(a == b)),
        "!=" => return Ok(number(a != b)),
        "<" => return Ok(number(a < b)),
        ">" => return Ok(number(a > b)),
        "<=" => return Ok(number(a <= b)),
        ">=" => return Ok(number(a >= b)),
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" | "%" if b == 0 => return Err(EvalError::DivisionByZero),
        "/" => a
            .cast_signed()
            .wrapping_div(b.cast_signed())
            .cast_unsigned(),
        "%" => a
            .cast_signed()
            .wrapping_rem(b.cast_signed())
            .cast_unsigned(),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "<<" => u32::try_from(b)
            .ok()
            .and_then(|count| a.checked_shl(count))
            .unwrap_or(0),
        ">>" => u32::try_from(b)
            .ok()
            .and_then(|count| a.checked_shr(count))
            .unwrap_or(0),
        other => return Err(EvalError::BadCall(other.as_bytes().to_vec())),
    };
    Ok(Value { bits, kind })
}

fn number(condition: bool) -> Value {
    Value::number(u64::from(condition))
}

/// `value` rounded up to a multiple of `align`; 0 and 1 leave it.
pub fn align_up(value: u64, align: u64) -> u64 {
    match align {
        0 | 1 => value,
        _ => match value % align {
            0 => value,
            rest => value.wrapping_add(align - rest),
        },
    }
}

fn call(name: &[u8], args: &[Expr], scope: &dyn Scope) -> Result<Value> {
    let bad = || EvalError::BadCall(name.to_vec());
    let word = |at: usize| match args.get(at) {
        Some(Expr::Symbol(word)) => Ok(word.as_slice()),
        _ => Err(bad()),
    };
    let address = |at: usize| evaluate_address(args.get(at).ok_or_else(bad)?, scope);
    let section = || {
        let word = word(0)?;
        scope
            .section(word)
            .ok_or_else(|| EvalError::UndefinedSection(word.to_vec()))
    };
    let region = || {
        let word = word(0)?;
        scope
            .region(word)
            .ok_or_else(|| EvalError::UndefinedRegion(word.to_vec()))
    };
    match name {
        b"ABSOLUTE" => Ok(Value::absolute(address(0)?)),
        b"ADDR" => Ok(Value::relative(0, section()?.index)),
        b"LOADADDR" => Ok(Value::absolute(section()?.load_address)),
        // A section that does not exist is empty, so that `SIZEOF(.x) == 0` can be asked.
        b"SIZEOF" => Ok(Value::number(
            scope.section(word(0)?).map_or(0, |facts| facts.size),
        )),
        b"ALIGNOF" => Ok(Value::number(
            scope.section(word(0)?).map_or(0, |facts| facts.align),
        )),
        b"SIZEOF_HEADERS" => Ok(Value::number(scope.headers_size())),
        b"DEFINED" => Ok(number(scope.is_defined(word(0)?))),
        b"ORIGIN" => Ok(Value::absolute(region()?.0)),
        b"LENGTH" => Ok(Value::number(region()?.1)),
        b"CONSTANT" => match word(0)? {
            b"MAXPAGESIZE" => Ok(Value::number(scope.max_page_size())),
            b"COMMONPAGESIZE" => Ok(Value::number(scope.common_page_size())),
            other => Err(EvalError::UnknownConstant(other.to_vec())),
        },
        b"SEGMENT_START" => match scope.segment_start(word(0)?) {
            Some(start) => Ok(Value::absolute(start)),
            None => evaluate(args.get(1).ok_or_else(bad)?, scope),
        },
        b"ALIGN" | b"BLOCK" | b"NEXT" => match args {
            [align] => {
                let align = evaluate_address(align, scope)?;
                move_dot(scope, |dot| align_up(dot, align))
            }
            [value, align] => {
                let value = evaluate(value, scope)?;
                let aligned = align_up(value.resolve(scope), evaluate_address(align, scope)?);
                Ok(same_kind(value, aligned, scope))
            }
            _ => Err(bad()),
        },
        b"MAX" => choose(args, scope, |a, b| a >= b),
        b"MIN" => choose(args, scope, |a, b| a <= b),
        b"LOG2CEIL" => {
            let value = address(0)?;
            let bits = if value <= 1 {
                0
            } else {
                64 - (value - 1).leading_zeros()
            };
            Ok(Value::number(bits.into()))
        }
        b"ASSERT" => {
            let value = evaluate(args.first().ok_or_else(bad)?, scope)?;
            if value.resolve(scope) == 0 {
                return Err(EvalError::Assertion(word(1)?.to_vec()));
            }
            Ok(value)
        }
        b"DATA_SEGMENT_ALIGN" => {
            let (max, common) = (address(0)?, address(1)?);
            move_dot(scope, |dot| scope.data_segment_align(dot, max, common))
        }
        b"DATA_SEGMENT_RELRO_END" => {
            let end = evaluate(args.get(1).ok_or_else(bad)?, scope)?;
            let at = scope.data_segment_relro_end(address(0)?, end.resolve(scope));
            Ok(same_kind(end, at, scope))
        }
        b"DATA_SEGMENT_END" => {
            let end = evaluate(args.first().ok_or_else(bad)?, scope)?;
            scope.data_segment_end(end.resolve(scope));
            Ok(end)
        }
        _ => Err(bad()),
    }
}

/// `address` as a value of the kind of `like`.
fn same_kind(like: Value, address: u64, scope: &dyn Scope) -> Value {
    match like.kind {
        Kind::Section(section) => {
            Value::relative(address.wrapping_sub(scope.section_base(section)), section)
        }
        kind => Value {
            bits: address,
            kind,
        },
    }
}

/// `.` moved by a rule for addresses, in `.`'s own kind.
fn move_dot(scope: &dyn Scope, rule: impl Fn(u64) -> u64) -> Result<Value> {
    let dot = scope.dot().ok_or(EvalError::NoLocation)?;
    Ok(same_kind(dot, rule(dot.resolve(scope)), scope))
}

fn choose(args: &[Expr], scope: &dyn Scope, first: fn(u64, u64) -> bool) -> Result<Value> {
    let [left, right] = args else {
        return Err(EvalError::BadCall(b"MAX".to_vec()));
    };
    let (left, right) = (evaluate(left, scope)?, evaluate(right, scope)?);
    let chosen = first(left.resolve(scope), right.resolve(scope));
    Ok(if chosen { left } else { right })
}

#[cfg(test)]
#[path = "eval_tests.rs"]
mod tests;
