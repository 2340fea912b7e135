//! End-to-end tests of the built commands.
//!
//! Reading order:
//! - [`linkdiff`]: what a linked ELF file means, whether it is sound, and how two of them differ.
//! - [`case`]: a test case as its directives describe it (`tests/cases/<capability>/NAME.*`).
//! - [`tools`]: the compilers and linkers of this machine, and running them with a time limit.
//! - [`illumos`]: the same for illumos, through a model of its loader.
//! - [`run`]: builds one case with each compiler and linker, runs it and judges the outcome.
//! - [`mutate`]: damaged inputs, and how a linker answers them.
//!
//! The commands under test are seen from outside only: this crate does not depend on them.

pub mod case;
pub mod illumos;
pub mod linkdiff;
pub mod mutate;
pub mod run;
pub mod tools;
