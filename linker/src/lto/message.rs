//! The formats of a plugin's messages: the part of `printf` they use, with whole numbers and strings.

/// Expands `format`. Arguments are machine words; `string` reads the one behind a `%s`.
pub fn format(format: &[u8], args: &[usize], string: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len());
    let mut args = args.iter().copied();
    let mut rest = format.iter().copied();
    while let Some(c) = rest.next() {
        if c != b'%' {
            out.push(c);
            continue;
        }
        let mut long = false;
        // Flags, width, precision and size come before the conversion.
        let conversion = rest.by_ref().find(|c| {
            long |= matches!(c, b'l' | b'z' | b'j' | b't');
            !matches!(
                c,
                b'l' | b'z' | b'j' | b't' | b'h' | b'#' | b'-' | b'+' | b' ' | b'.' | b'0'..=b'9'
            )
        });
        let mut word = || args.next().unwrap_or(0);
        match conversion {
            Some(b'%') => out.push(b'%'),
            Some(b's') => match word() {
                0 => out.extend_from_slice(b"(null)"),
                s => out.extend_from_slice(&string(s)),
            },
            Some(b'c') => out.push(word() as u8),
            Some(b'd' | b'i') if long => {
                out.extend_from_slice((word() as isize).to_string().as_bytes());
            }
            Some(b'd' | b'i') => out.extend_from_slice((word() as i32).to_string().as_bytes()),
            Some(b'u') if long => out.extend_from_slice(word().to_string().as_bytes()),
            Some(b'u') => out.extend_from_slice((word() as u32).to_string().as_bytes()),
            Some(b'x' | b'X' | b'p') => out.extend_from_slice(format!("{:x}", word()).as_bytes()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(f: &str, args: &[usize]) -> String {
        let strings = |i: usize| {
            [&b""[..], b"one", b"two"]
                .get(i)
                .unwrap_or(&&b"?"[..])
                .to_vec()
        };
        String::from_utf8(format(f.as_bytes(), args, strings)).expect("text")
    }

    #[test]
    fn words_and_strings_are_put_in() {
        assert_eq!(
            text("%s: %d of %lu, 100%%", &[1, 7, 9]),
            "one: 7 of 9, 100%"
        );
        assert_eq!(text("%s%s", &[2, 0]), "two(null)");
        assert_eq!(text("%-5.3d|%zx|%c", &[usize::MAX, 255, 65]), "-1|ff|A");
        assert_eq!(text("cut %", &[]), "cut ");
        assert_eq!(text("more %d %d", &[1]), "more 1 0");
    }
}
