//! All of wcc's commands: which one is decided by the name this program is called by.

fn main() {
    std::process::exit(wcc::main_with(std::env::args_os().collect()));
}
