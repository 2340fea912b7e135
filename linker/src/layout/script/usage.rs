//! `--print-memory-usage`: how full each region of MEMORY is, in GNU ld's columns.

use std::fmt::Write as _;

use super::MemoryUse;

/// The table's text.
pub fn memory_usage(regions: &[MemoryUse]) -> String {
    let mut out = String::from("Memory region         Used Size  Region Size  %age Used\n");
    for r in regions {
        let _ = write!(out, "{:>16}: ", String::from_utf8_lossy(&r.name));
        out.push_str(&amount(r.used));
        if r.length != 0 {
            let percent = r.used as f64 * 100.0 / r.length as f64;
            let _ = write!(out, "{}    {percent:6.2}%", amount(r.length));
        }
        out.push('\n');
    }
    out
}

/// A number of bytes in the largest unit that divides it.
fn amount(bytes: u64) -> String {
    for (shift, unit) in [(30, "GB"), (20, "MB"), (10, "KB")] {
        if bytes & ((1 << shift) - 1) == 0 && (bytes != 0 || shift == 30) {
            return format!("{:>10} {unit}", bytes >> shift);
        }
    }
    format!(" {bytes:>10} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_gnu_lds() {
        let r = |name: &str, used, length| MemoryUse {
            name: name.into(),
            used,
            length,
            ..MemoryUse::default()
        };
        let text = memory_usage(&[r("FLASH", 1000, 64 << 10), r("RAM", 0, 1 << 20)]);
        assert_eq!(
            text,
            "Memory region         Used Size  Region Size  %age Used\n\
             \x20          FLASH:        1000 B        64 KB      1.53%\n\
             \x20            RAM:          0 GB         1 MB      0.00%\n"
        );
    }
}
