//! All of wcc's commands: which one is decided by the name this program is called by.

use std::alloc::System;

use wcc_linker::memory::{Reporting, leave};

/// When memory ends, that is said, and the exit status is 1.
#[global_allocator]
static ALLOCATOR: Reporting<System> = Reporting(System);

fn main() {
    leave(wcc::main_with(std::env::args_os().collect()));
}
