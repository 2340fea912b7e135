//! The other names of this program: `wcc++` and `ld.wcc` are links to `wcc`.

use std::io::ErrorKind;
use std::path::Path;

/// Makes the links in the directory `wcc` is in; those that exist are left alone.
///
/// # Errors
/// A message that names the link that could not be made.
pub fn links(dir: &Path) -> Result<(), String> {
    for name in ["wcc++", "ld.wcc"] {
        let link = dir.join(name);
        match std::os::unix::fs::symlink("wcc", &link) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(format!("cannot make {}: {e}", link.display())),
        }
    }
    Ok(())
}
