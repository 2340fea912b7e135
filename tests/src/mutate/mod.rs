//! Damaged inputs, the same ones every time, and what a linker made of them.
//!
//! A mutant is named `SEED/NUMBER`: number and seed's name alone decide what is changed, so a find can be made again.
//! Files in reading order:
//! - [`rng`]: the numbers everything follows from, and values that linkers are likely to get wrong.
//! - [`elf`]: where the fields of an ELF file stand, so that they can be set by name.
//! - [`elf_mutants`], [`archive`], [`text`]: how each kind of file is damaged.
//! - [`finds`]: damage that once did harm.
//! - [`seeds`]: the sound inputs and the command lines they are linked with.
//! - [`judge`]: runs one link under limits and says how it ended.

pub mod archive;
pub mod elf;
pub mod elf_mutants;
pub mod finds;
pub mod judge;
pub mod rng;
pub mod seeds;
pub mod text;
