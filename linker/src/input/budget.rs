//! How much a file may make the linker do.
//!
//! Sections, names and version records of a damaged file may overlap, and packed contents may be a bomb: a megabyte then
//! stands for hours of work or for all memory. What sound files hold is known within a factor (no tool lets sections overlap;
//! names share ends at most), so each kind of work has a limit by the file's size, and beyond it the file is refused.

/// Bytes of one kind of work that are left.
pub struct Budget {
    left: u64,
    what: &'static str,
}

const MIB: u64 = 1 << 20;

impl Budget {
    fn new(size: usize, factor: u64, more: u64, what: &'static str) -> Budget {
        let left = (size as u64).saturating_mul(factor).saturating_add(more);
        Budget { left, what }
    }

    /// Names in a string table of `size` bytes: a thousand symbols may end alike, a million may not share one long name.
    pub fn names(size: usize) -> Budget {
        Budget::new(
            size,
            64,
            64 * MIB,
            "too many symbols or sections share one long name",
        )
    }

    /// Contents of all sections of a file of `size` bytes.
    pub fn contents(size: usize) -> Budget {
        Budget::new(size, 4, 64 * MIB, "the contents of its sections overlap")
    }

    /// Contents of compressed sections of a file of `size` bytes, unpacked.
    pub fn unpacked(size: usize) -> Budget {
        Budget::new(
            size,
            16,
            192 * MIB,
            "its compressed sections are impossibly large together",
        )
    }

    /// Version records of a file: there are 15 bits to number versions with.
    pub fn versions() -> Budget {
        Budget::new(0, 0, 1 << 16, "it has more versions than can be numbered")
    }

    /// # Errors
    /// More than any sound file asks for; the text says of what.
    #[inline]
    pub fn spend(&mut self, n: u64) -> Result<(), String> {
        match self.left.checked_sub(n) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.what.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn a_budget_ends() {
        let mut b = Budget::contents(10);
        assert_eq!(b.spend(40 + (64 << 20)), Ok(()));
        assert!(b.spend(1).is_err_and(|e| e.contains("overlap")));
    }
}
