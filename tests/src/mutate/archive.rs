//! How an archive is damaged (ar(5): members of a 60-byte text header each, an index `/`, long names `//`).

use super::elf_mutants;
use super::rng::Rng;

const HEADER: usize = 60;
/// Offset, width of ar_name, ar_date, ar_uid, ar_gid, ar_mode, ar_size, ar_fmag.
const FIELDS: [(usize, usize); 7] = [
    (0, 16),
    (16, 12),
    (28, 6),
    (34, 6),
    (40, 8),
    (48, 10),
    (58, 2),
];

/// Texts that a numeric or name field may hold.
const WORDS: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "/",
    "//",
    "/0",
    "/99999",
    "/SYM64/",
    "#1/20",
    "#1/0",
    "9999999999",
    "4294967296",
    "0x10",
    "18446744",
    "a.o/",
    "../x/",
    "/-1",
    "\u{0}",
];

/// Where the members' headers and their contents start. Thin archives hold the bytes of index and names only.
fn members(bytes: &[u8]) -> Vec<(usize, usize)> {
    let thin = bytes.starts_with(b"!<thin>");
    let mut list = Vec::new();
    let mut at = 8;
    while let Some(h) = bytes.get(at..at + HEADER) {
        let size = String::from_utf8_lossy(h.get(48..58).unwrap_or(&[]))
            .trim()
            .parse::<usize>()
            .unwrap_or(0);
        let special = matches!(h, [b'/', b' ' | b'/', ..]);
        let inside = if thin && !special { 0 } else { size };
        list.push((at, inside));
        at += HEADER + inside + (inside & 1);
    }
    list
}

/// One mutant of a sound archive.
pub fn mutate(sound: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut out = sound.to_vec();
    let members = members(sound);
    for _ in 0..1 + rng.below(2) {
        let Some(&(header, size)) = rng.pick(&members) else {
            break;
        };
        match rng.below(8) {
            0..=3 => {
                let Some((at, width)) = rng.pick(&FIELDS) else {
                    break;
                };
                let word = rng.pick(WORDS).copied().unwrap_or("");
                let text = format!("{word:<width$}");
                for (i, b) in text.bytes().take(*width).enumerate() {
                    if let Some(slot) = out.get_mut(header + at + i) {
                        *slot = b;
                    }
                }
            }
            // The index and the table of names.
            4 | 5 => {
                let (start, len) = members
                    .get(rng.below(2))
                    .map_or((8, 0), |(h, s)| (h + HEADER, *s));
                let reach = if rng.one_in(2) { len.min(16) } else { len };
                let at = start + rng.below(reach);
                if let Some(b) = out.get_mut(at) {
                    *b = rng.value(u64::from(*b), 1, 0) as u8;
                }
            }
            6 => {
                let start = header + HEADER;
                if let Some(member) = sound.get(start..start + size) {
                    let changed = elf_mutants::mutate(member, rng);
                    if changed.len() == size && start + size <= out.len() {
                        out.splice(start..start + size, changed);
                    }
                }
            }
            _ => out = elf_mutants::bytes(&out, rng),
        }
    }
    out
}
