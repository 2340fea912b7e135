//! What the script parsers produce.

/// A name pattern of a version script or dynamic list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The text as written, quotes removed.
    pub text: Vec<u8>,
    /// Written in quotes: no character in it is a wildcard.
    pub quoted: bool,
    /// Inside `extern "C++" { … }`: matched against the demangled name.
    pub cxx: bool,
    /// Line in the script, 1-based.
    pub line: u32,
}

/// One `NAME { global: …; local: …; } PARENT;` of a version script; the nameless node has an empty name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionNode {
    pub name: Vec<u8>,
    pub parents: Vec<Vec<u8>>,
    pub global: Vec<Pattern>,
    pub local: Vec<Pattern>,
}

/// A parsed version script; a dynamic list is one nameless node with only `global` patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionScript {
    /// Where it came from, for messages.
    pub file: String,
    pub nodes: Vec<VersionNode>,
}

/// A parsed linker script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkerScript {
    /// Where it came from, for messages.
    pub file: String,
    pub commands: Vec<ScriptCommand>,
}

/// A top-level command of a linker script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptCommand {
    /// `INPUT(…)`: each file or library, and whether it stood in `AS_NEEDED(…)`.
    Input(Vec<ScriptInput>),
    /// `GROUP(…)`: as `INPUT`, searched repeatedly.
    Group(Vec<ScriptInput>),
    /// `OUTPUT_FORMAT(default[, big, little])`: the first name.
    OutputFormat(Vec<u8>),
    OutputArch(Vec<u8>),
    /// `SEARCH_DIR(path)`.
    SearchDir(Vec<u8>),
    /// `EXTERN(sym …)`.
    Extern(Vec<Vec<u8>>),
    Entry(Vec<u8>),
    /// `VERSION { … }`.
    Version(VersionScript),
    /// `sym = expr;`, `sym += expr;` (operator folded into the expression), `PROVIDE(…)`, `HIDDEN(…)`.
    Assign(Assignment),
    /// `ASSERT(expr, message)`.
    Assert(Expr, Vec<u8>),
    /// `OUTPUT(file)`, `STARTUP(file)`, `TARGET(…)` and others that are read and carry one word.
    Other(Vec<u8>, Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptInput {
    /// A file name, or `-lNAME`.
    pub name: Vec<u8>,
    pub as_needed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: Vec<u8>,
    pub expr: Expr,
    pub provide: bool,
    pub hidden: bool,
}

/// An expression of the linker script language. Values are 64-bit and wrap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    Number(u64),
    Symbol(Vec<u8>),
    /// `.`
    Dot,
    /// Unary `-`, `!`, `~`.
    Unary(u8, Box<Expr>),
    /// Binary operator by its spelling: `+`, `<<`, `&&`, ….
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `c ? a : b`.
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function such as `ALIGN(…)`, `SIZEOF(.text)`, `DEFINED(x)`; names of sections and symbols are
    /// [`Expr::Symbol`].
    Call(Vec<u8>, Vec<Expr>),
}
