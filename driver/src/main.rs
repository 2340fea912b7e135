//! Dispatch by the name the program was called with: `wcc`, `wcc++`, `ld.wcc`.
fn main() {
    let args: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    std::process::exit(wcc_linker::ld_main(&args));
}
