//! Files that are read as a whole: scripts, lists, response files, and inputs that cannot be mapped.
//!
//! A device such as `/dev/zero` never ends, and the kernel would sooner kill another process than this one: reading stops
//! with an error long before memory does.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// Bytes of a device: a terminal at most.
const DEVICE: u64 = 64 << 20;
/// Bytes of a pipe.
const PIPE: u64 = 4 << 30;

/// The file's bytes.
///
/// # Errors
/// It cannot be opened or read, or has no end.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    read_stream(&mut file, &meta)
}

/// The bytes of what is no regular file.
///
/// # Errors
/// It cannot be read, or has no end.
pub fn read_stream(file: &mut File, meta: &Metadata) -> io::Result<Vec<u8>> {
    let limit = if meta.file_type().is_char_device() {
        DEVICE
    } else {
        PIPE
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let text = format!("no end after {} MiB", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn devices_without_an_end_are_refused() {
        for endless in ["/dev/zero", "/dev/full"] {
            let error = read(endless.as_ref()).unwrap_err();
            assert!(error.to_string().contains("no end"), "{error}");
        }
        assert_eq!(read("/dev/null".as_ref()).unwrap(), b"");
    }
}
