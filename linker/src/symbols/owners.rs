//! From the number of an input section to its object.
//!
//! Sections are numbered object by object, so the owner is the last object that begins at or before the number. The walk and
//! the writer ask for every section: a table with the first object of each block of numbers makes it a step or two through
//! a dense array instead of a binary search through the objects.

use super::SectionId;

/// Section numbers in a block, as a power of two.
const BLOCK: u32 = 6;

/// Where each object's section numbers begin.
#[derive(Debug, Default)]
pub struct Owners {
    bases: Vec<u32>,
    /// By block: the object that owns the block's first number.
    first: Vec<u32>,
}

impl Owners {
    /// `bases`: the objects' first section numbers, ascending from 0; `sections`: how many numbers there are.
    pub fn new(bases: Vec<u32>, sections: u32) -> Owners {
        let mut first = Vec::with_capacity((sections >> BLOCK) as usize + 1);
        let mut object = 0usize;
        for block in 0..=sections >> BLOCK {
            while bases.get(object + 1).is_some_and(|b| *b <= block << BLOCK) {
                object += 1;
            }
            first.push(object as u32);
        }
        Owners { bases, first }
    }

    /// The object a section belongs to, and its number in it.
    #[inline]
    pub fn of(&self, s: SectionId) -> (usize, u32) {
        let block = (s.0 >> BLOCK) as usize;
        let Some(&start) = self.first.get(block).or(self.first.last()) else {
            return (0, s.0);
        };
        let mut object = start as usize;
        while self.bases.get(object + 1).is_some_and(|b| *b <= s.0) {
            object += 1;
        }
        (object, s.0 - self.bases.get(object).map_or(0, |b| *b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_finds_its_object() {
        let sizes = [1u32, 1, 300, 2, 64, 64, 1, 5, 1000, 3];
        let mut bases = Vec::new();
        let mut next = 0;
        for s in sizes {
            bases.push(next);
            next += s;
        }
        let owners = Owners::new(bases.clone(), next);
        for n in 0..next {
            let object = bases.partition_point(|b| *b <= n) - 1;
            assert_eq!(owners.of(SectionId(n)), (object, n - bases[object]));
        }
    }

    #[test]
    fn no_objects_and_numbers_past_the_end_are_no_trouble() {
        assert_eq!(Owners::new(Vec::new(), 0).of(SectionId(7)), (0, 7));
        assert_eq!(
            Owners::new(vec![0], 3).of(SectionId(u32::MAX)),
            (0, u32::MAX)
        );
    }
}
