//! What the script parsers produce.

/// Where a statement stands, as `file:line:column`. Two statements that differ only in this are equal.
#[derive(Clone, Debug, Default)]
pub struct Place(pub Box<str>);

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Eq for Place {}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

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
    /// Made of mapfiles: symbols without version may stand beside versions.
    pub combined: bool,
}

/// A parsed linker script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkerScript {
    /// Where it came from, for messages.
    pub file: String,
    pub commands: Vec<ScriptCommand>,
}

impl LinkerScript {
    /// Whether it has a command that lays sections out; else the layout rules of the linker hold.
    pub fn lays_out(&self) -> bool {
        self.commands.iter().any(|command| {
            matches!(
                command,
                ScriptCommand::Sections(_)
                    | ScriptCommand::Overwrite(_)
                    | ScriptCommand::Memory(_)
                    | ScriptCommand::Phdrs(_)
                    | ScriptCommand::NoCrossRefs { .. }
            )
        })
    }
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
    Assert(Expr, Vec<u8>, Place),
    /// `SECTIONS { … }`.
    Sections(Vec<SectionsItem>),
    /// `OVERWRITE_SECTIONS { … }` (lld): descriptions that take the place of those of the same names, or are put where
    /// an orphan of that nature would go.
    Overwrite(Vec<SectionsItem>),
    /// `MEMORY { … }`.
    Memory(Vec<MemoryRegion>),
    /// `REGION_ALIAS(alias, region)`.
    RegionAlias {
        alias: Vec<u8>,
        region: Vec<u8>,
    },
    /// `PHDRS { … }`.
    Phdrs(Vec<PhdrSpec>),
    /// `INSERT AFTER section` or `INSERT BEFORE section`: the script's SECTIONS commands are put there in the
    /// layout that holds otherwise, instead of replacing it.
    Insert {
        after: bool,
        section: Vec<u8>,
    },
    /// `NOCROSSREFS(…)`: no reference from one of these output sections to another. `NOCROSSREFS_TO`
    /// (`to_first`): none from the others to the first.
    NoCrossRefs {
        to_first: bool,
        sections: Vec<Vec<u8>>,
    },
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
    /// Stands in the braces of an output section: numbers are offsets in it.
    pub in_section: bool,
    pub place: Place,
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

/// One statement of `SECTIONS`, in order. `INCLUDE` is already expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionsItem {
    /// A symbol, or `.` (the location counter).
    Assign(Assignment),
    Assert(Expr, Vec<u8>, Place),
    Entry(Vec<u8>),
    /// `CLASS(name) { … }` (lld): input sections that output sections take by the class's name.
    Class(SectionClass),
    Output(Box<OutputSpec>),
    Overlay(Box<Overlay>),
}

/// A class of input sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionClass {
    pub name: Vec<u8>,
    pub inputs: Vec<InputSpec>,
    pub place: Place,
}

/// `name [address] [(type)] : [AT(lma)] … { … } [>region] [AT>region] [:phdr …] [=fill]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputSpec {
    /// `/DISCARD/` for what is left out.
    pub name: Vec<u8>,
    /// Line in the script, 1-based.
    pub line: u32,
    pub place: Place,
    /// Virtual address.
    pub address: Option<Expr>,
    pub kind: OutputSectionType,
    /// `AT(…)`: load address.
    pub load_address: Option<Expr>,
    /// `ALIGN(…)`, bytes.
    pub align: Option<Expr>,
    /// `ALIGN_WITH_INPUT`: the load address moves by the same gap as the virtual one.
    pub align_with_input: bool,
    /// `SUBALIGN(…)`: alignment of every input section, bytes.
    pub subalign: Option<Expr>,
    pub constraint: Constraint,
    pub body: Vec<SectionStatement>,
    /// `>region`.
    pub region: Option<Vec<u8>>,
    /// `AT>region`.
    pub load_region: Option<Vec<u8>>,
    /// `:phdr`, in order; `NONE` is kept as a name. Empty: those of the section before.
    pub phdrs: Vec<Vec<u8>>,
    /// `=fill`.
    pub fill: Option<Fill>,
}

/// The type in parentheses after an output section's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputSectionType {
    /// `NOLOAD`: no contents in the file.
    pub noload: bool,
    /// `COPY`, `INFO`, `DSECT`, `OVERLAY`: not allocated when the program runs.
    pub not_allocated: bool,
    /// `READONLY`: not writable, whatever its inputs are.
    pub readonly: bool,
    /// `TYPE = …`: sh_type.
    pub section_type: Option<Expr>,
}

/// `ONLY_IF_RO`, `ONLY_IF_RW`: the section exists only if all its inputs are so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Constraint {
    #[default]
    None,
    OnlyIfReadOnly,
    OnlyIfWritable,
}

/// What gaps are filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// A hexadecimal number, leading zeros included: repeated bytes.
    Bytes(Vec<u8>),
    /// Its four low bytes, the highest first.
    Expr(Expr),
}

/// One statement inside an output section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionStatement {
    /// A symbol, or `.`, which counts from the section's start here.
    Assign(Assignment),
    Assert(Expr, Vec<u8>, Place),
    Input(InputSpec),
    /// `CLASS(name)`: the input sections of a class.
    Class(Vec<u8>, Place),
    /// `BYTE SHORT LONG QUAD SQUAD`: a number of 1, 2, 4 or 8 bytes in the output's byte order.
    Data {
        bytes: u8,
        value: Expr,
        place: Place,
    },
    /// `ASCII "…"`, `ASCIZ "…"`, escapes taken and the zero byte of ASCIZ included.
    Text(Vec<u8>),
    /// `FILL(…)`: for gaps from here on.
    Fill(Fill),
    /// `CONSTRUCTORS`, `CREATE_OBJECT_SYMBOLS`, `LINKER_VERSION`, by name.
    Keyword(Vec<u8>),
}

/// `KEEP(file(sections …))`: input sections that go here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputSpec {
    /// Line in the script, 1-based.
    pub line: u32,
    /// `KEEP`: these sections are not garbage.
    pub keep: bool,
    /// A glob for file names; `archive:member` as the manual says (either side may be empty).
    pub file: NamePattern,
    /// `EXCLUDE_FILE(…)` before the file: holds for all of `sections`.
    pub exclude_files: Vec<Vec<u8>>,
    /// How files are ordered.
    pub sort_files: Sort,
    pub reverse_files: bool,
    /// Empty: all sections of the file.
    pub sections: Vec<SectionPattern>,
    /// `INPUT_SECTION_FLAGS(…)`: names of SHF_ flags that must be there, or (`!`) must not.
    pub flags: Vec<SectionFlag>,
}

/// A pattern that may have been written in quotes, which take wildcards their meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamePattern {
    pub text: Vec<u8>,
    pub quoted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionFlag {
    /// `SHF_ALLOC` and so on, or a number.
    pub name: Vec<u8>,
    pub absent: bool,
}

/// One section pattern in the parentheses of an [`InputSpec`]; `COMMON` is a name like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionPattern {
    pub pattern: NamePattern,
    /// `EXCLUDE_FILE(…)` for this pattern alone.
    pub exclude_files: Vec<Vec<u8>>,
    pub sort: Sort,
    /// The order within equal keys of `sort`.
    pub then: Sort,
    pub reverse: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As `--sort-section` says.
    #[default]
    Default,
    /// `SORT_NONE`: input order whatever `--sort-section` says.
    None,
    /// `SORT_BY_NAME` or `SORT`.
    Name,
    /// `SORT_BY_ALIGNMENT`: largest first.
    Alignment,
    /// `SORT_BY_INIT_PRIORITY`: by the number at the end of the name.
    InitPriority,
}

/// `OVERLAY [start] : [NOCROSSREFS] [AT(lma)] { name { … } … } [>region] [:phdr] [=fill]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    pub address: Option<Expr>,
    pub load_address: Option<Expr>,
    pub no_cross_refs: bool,
    /// Sections with the same virtual address and load addresses one after the other.
    pub sections: Vec<OutputSpec>,
    pub region: Option<Vec<u8>>,
    pub load_region: Option<Vec<u8>>,
    pub phdrs: Vec<Vec<u8>>,
    pub fill: Option<Fill>,
}

/// `name (attributes) : ORIGIN = …, LENGTH = …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryRegion {
    pub name: Vec<u8>,
    /// As written, such as `rx!w`; empty if none.
    pub attributes: Vec<u8>,
    pub origin: Expr,
    pub length: Expr,
    /// Line in the script, 1-based.
    pub line: u32,
    pub place: Place,
}

/// `name type [FILEHDR] [PHDRS] [AT(…)] [FLAGS(…)];`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhdrSpec {
    pub name: Vec<u8>,
    /// p_type; `PT_…` names are already numbers.
    pub kind: Expr,
    /// The segment holds the ELF header.
    pub filehdr: bool,
    /// The segment holds the program headers.
    pub phdrs: bool,
    pub at: Option<Expr>,
    pub flags: Option<Expr>,
    pub place: Place,
}
