//! Puts `wcc++` and `ld.wcc` beside the built `wcc`, as links to it.
//!
//! Cargo names a binary after its crate, and a crate's name can hold neither `+` nor `.`; the program
//! goes by the name it is called by, so a link is all that is needed. An installed `wcc` makes the
//! same links itself (`wcc --wcc-install`).

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // OUT_DIR is <target>/<profile>/build/<package>/out.
    let Some(out) = std::env::var_os("OUT_DIR") else {
        return;
    };
    let Some(profile) = Path::new(&out).ancestors().nth(3) else {
        return;
    };
    for name in ["wcc++", "ld.wcc"] {
        let link = profile.join(name);
        if std::fs::symlink_metadata(&link).is_err()
            && std::os::unix::fs::symlink("wcc", &link).is_err()
        {
            println!("cargo::warning=could not make {}", link.display());
        }
    }
}
