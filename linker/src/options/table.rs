//! Every option: its names, its argument, which linkers know it, what it does and what help says.
//!
//! The rows stand in `table/*.rs` by topic. The parser, `--help` and the manual page all read them, so
//! an option exists in one place. Looking a name up is a binary search in an index that the compiler
//! sorts: nothing is built when the program starts.

use super::gnu::Line;

mod files;
mod foreign;
mod layout;
mod lto;
mod messages;
mod output;
mod peers;
mod symbols;

/// How an option takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// It takes none.
    None,
    /// `-xARG`, `-x ARG`, `--name=ARG`, `--name ARG`.
    Required,
    /// `-xARG`, `--name=ARG`, or nothing.
    Optional,
}

/// The linkers that have an option, as a set.
pub type By = u8;
/// GNU ld 2.44.
pub const G: By = 1;
/// LLVM's lld 20.
pub const L: By = 2;
/// mold 2.42.
pub const M: By = 4;
/// This linker.
pub const W: By = 8;
/// The Solaris and illumos link editor.
pub const S: By = 16;

/// What happens when an option is given.
#[derive(Clone, Copy)]
pub enum Does {
    /// A switch.
    Set(fn(&mut Line)),
    /// Takes its argument.
    Take(fn(&mut Line, &[u8]) -> Result<(), String>),
    /// Takes its argument if there is one.
    May(fn(&mut Line, Option<&[u8]>) -> Result<(), String>),
    /// Accepted; why nothing needs to be done.
    Nothing(&'static str),
    /// Accepted with a warning: it asks for help that is not there, and the output is right without it; why.
    Missing(&'static str),
    /// An error; why.
    Refused(&'static str),
}

/// One option.
pub struct Row {
    /// Names as help shows them, separated by spaces. A name with one character after one dash is a
    /// short option; every other name may be written with one dash or two.
    pub names: &'static str,
    pub arg: Arg,
    /// What help calls the argument.
    pub meta: &'static str,
    pub by: By,
    pub does: Does,
    pub help: &'static str,
}

/// Writes rows, one a line: `"names", Arg "META", linkers, what it does, "help";`.
macro_rules! rows {
    ($table:ident: $($names:literal, $arg:ident $meta:literal, $by:expr, $does:expr, $help:literal;)*) => {
        pub static $table: &[Row] = &[$(Row {
            names: $names,
            arg: Arg::$arg,
            meta: $meta,
            by: $by,
            does: $does,
            help: $help,
        }),*];
    };
}
pub(crate) use rows;

/// All options: a heading and its rows.
pub static OPTIONS: [(&str, &[Row]); 8] = [
    ("Output", output::ROWS),
    ("Input files", files::ROWS),
    ("Symbols", symbols::ROWS),
    ("Sections and layout", layout::ROWS),
    ("Messages and reports", messages::ROWS),
    ("Link-time optimisation", lto::ROWS),
    ("Of GNU ld, without work here", foreign::ROWS),
    ("Of lld and mold", peers::ROWS),
];

/// One name of one row, as a place in the table; small, and without pointers to relocate at start.
#[derive(Clone, Copy)]
struct Entry {
    group: u8,
    row: u16,
    /// Where in `names` the name starts, its dashes skipped, and its length.
    start: u8,
    length: u8,
}

const COUNT: usize = count_names();

static INDEX: [Entry; COUNT] = sorted_index();

const fn count_names() -> usize {
    let (mut count, mut group) = (0, 0);
    while group < OPTIONS.len() {
        let mut row = 0;
        while row < OPTIONS[group].1.len() {
            let names = OPTIONS[group].1[row].names.as_bytes();
            count += 1;
            let mut at = 0;
            while at < names.len() {
                if names[at] == b' ' {
                    count += 1;
                }
                at += 1;
            }
            row += 1;
        }
        group += 1;
    }
    count
}

const fn sorted_index() -> [Entry; COUNT] {
    let none = Entry {
        group: 0,
        row: 0,
        start: 0,
        length: 0,
    };
    let mut index = [none; COUNT];
    let (mut count, mut group) = (0, 0);
    while group < OPTIONS.len() {
        let mut row = 0;
        while row < OPTIONS[group].1.len() {
            let names = OPTIONS[group].1[row].names.as_bytes();
            let mut at = 0;
            while at < names.len() {
                while at < names.len() && names[at] == b'-' {
                    at += 1;
                }
                let start = at;
                while at < names.len() && names[at] != b' ' {
                    at += 1;
                }
                index[count] = Entry {
                    group: group as u8,
                    row: row as u16,
                    start: start as u8,
                    length: (at - start) as u8,
                };
                count += 1;
                at += 1;
            }
            row += 1;
        }
        group += 1;
    }
    // Shell sort: short, and quick enough for the compiler's interpreter.
    let mut gap = COUNT / 2;
    while gap > 0 {
        let mut next = gap;
        while next < COUNT {
            let moving = index[next];
            let mut slot = next;
            while slot >= gap && less(moving, index[slot - gap]) {
                index[slot] = index[slot - gap];
                slot -= gap;
            }
            index[slot] = moving;
            next += 1;
        }
        gap /= 2;
    }
    index
}

const fn less(left: Entry, right: Entry) -> bool {
    let left_names = OPTIONS[left.group as usize].1[left.row as usize]
        .names
        .as_bytes();
    let right_names = OPTIONS[right.group as usize].1[right.row as usize]
        .names
        .as_bytes();
    let mut at = 0;
    while at < left.length && at < right.length {
        let left_byte = left_names[(left.start + at) as usize];
        let right_byte = right_names[(right.start + at) as usize];
        if left_byte != right_byte {
            return left_byte < right_byte;
        }
        at += 1;
    }
    left.length < right.length
}

impl Entry {
    fn row(self) -> &'static Row {
        &OPTIONS[usize::from(self.group)].1[usize::from(self.row)]
    }

    /// The name without dashes.
    fn name(self) -> &'static str {
        let start = usize::from(self.start);
        &self.row().names[start..start + usize::from(self.length)]
    }
}

/// The option with exactly this name (no dashes).
pub fn find(name: &[u8]) -> Option<&'static Row> {
    let at = INDEX
        .binary_search_by(|entry| entry.name().as_bytes().cmp(name))
        .ok()?;
    INDEX.get(at).map(|entry| entry.row())
}

/// The result of looking for an abbreviation.
pub enum Abbreviated {
    Row(&'static Row),
    /// Two of the names it could stand for.
    Ambiguous(&'static str, &'static str),
    Unknown,
}

/// The option of GNU ld whose long name starts with `start`. Only GNU ld's own names count, so that an
/// abbreviation GNU ld takes does not become ambiguous by another linker's option. A name that the
/// others only make longer wins: `--export-dyn` is `--export-dynamic`, not `--export-dynamic-symbol`.
pub fn find_abbreviated(start: &[u8]) -> Abbreviated {
    let first = INDEX.partition_point(|entry| entry.name().as_bytes() < start);
    let candidates = INDEX[first..]
        .iter()
        .take_while(|entry| entry.name().as_bytes().starts_with(start))
        .filter(|entry| entry.row().by & G != 0 && entry.length > 1);
    let mut found: Option<Entry> = None;
    for entry in candidates {
        match found {
            None => found = Some(*entry),
            Some(before) if std::ptr::eq(before.row(), entry.row()) => {}
            Some(before) if entry.name().starts_with(before.name()) => {}
            Some(before) => return Abbreviated::Ambiguous(before.name(), entry.name()),
        }
    }
    found.map_or(Abbreviated::Unknown, |entry| Abbreviated::Row(entry.row()))
}

/// The known name nearest to an unknown one, with its dashes, if any is near enough to be meant.
pub fn nearest(name: &[u8]) -> Option<String> {
    // A typing error leaves most of the name: distances beyond a third of it are not suggestions.
    let limit = (name.len() / 3).clamp(1, 4);
    if name.len() < 3 || name.len() > 60 {
        return None;
    }
    let mut best: Option<(usize, Entry)> = None;
    for entry in INDEX.iter().filter(|entry| entry.length > 1) {
        let known = entry.name().as_bytes();
        if known.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = distance(known, name);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, *entry));
        }
    }
    best.map(|(_, entry)| with_dashes(entry))
}

fn with_dashes(entry: Entry) -> String {
    let names = entry.row().names;
    let start = usize::from(entry.start);
    let from = names[..start].rfind(' ').map_or(0, |space| space + 1);
    names[from..start + usize::from(entry.length)].to_string()
}

/// Edit distance counting insertions, deletions, changes and swaps of neighbours.
pub fn distance(left: &[u8], right: &[u8]) -> usize {
    let width = right.len() + 1;
    let mut before_last: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, b) in right.iter().enumerate() {
            let change = last[j] + usize::from(a != b);
            row[j + 1] = change.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *b && right[j - 1] == *a {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[width - 1]
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
