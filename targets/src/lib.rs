//! What a platform is, as data: triples, architectures, start files, libraries, search directories
//! and the rules of its loader.
//!
//! Facts and look-ups only: no policy, no linking. Read in this order:
//! - [`triple`]: names of targets and their many spellings;
//! - [`arch`]: one row an architecture (ELF machine, class, byte order, emulation names);
//! - [`rules`]: what the kernel and the run-time linker of a platform accept ([`LoadRules`]);
//! - [`sysroot`]: the one place that asks the file system, as a trait;
//! - [`gcc`]: finding a GCC installation and the directories it implies;
//! - [`llvm`]: finding compiler-rt and libc++;
//! - [`linkline`]: typed arguments of a link, printed in the GNU or the Solaris dialect;
//! - [`platform`]: one file a platform, all the same shape, from request to link line.

pub mod arch;
pub mod gcc;
pub mod linkline;
pub mod llvm;
pub mod platform;
pub mod rules;
pub mod sysroot;
pub mod triple;

pub use arch::Arch;
pub use linkline::{Dialect, LinkArg, LinkLine};
pub use platform::{
    LinkRequest, OutputMode, platform_for, triple_of_emulation, triple_of_interpreter,
};
pub use rules::LoadRules;
pub use triple::{Env, Os, Triple};
