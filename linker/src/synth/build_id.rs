//! `.note.gnu.build-id`: a hash of the output.
//!
//! The output is made in windows by several threads, so its hash is a tree: each window is hashed by the
//! thread that made it, while it is in that thread's cache ([`digest`]; BLAKE3), and the hashes of all
//! windows in their order are hashed by what `--build-id` names ([`finish`]). The result depends on the bytes
//! and the window size only. The window that holds the note is hashed with zeros in the place of the id.

use std::io::{self, Read};

use blake3::Hasher;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::elf::{Elf, PutElf};
use crate::options::BuildId;

/// The hash of one window of the output.
pub type WindowDigest = [u8; 32];

/// Hash of the bytes of one window.
pub fn digest(window: &[u8]) -> WindowDigest {
    *blake3::hash(window).as_bytes()
}

/// Bytes of the id; 0 when there is none.
pub fn id_size(kind: &BuildId) -> usize {
    match kind {
        BuildId::None => 0,
        BuildId::Fast | BuildId::Sha1 => 20,
        BuildId::Md5 | BuildId::Uuid => 16,
        BuildId::Sha256 => 32,
        BuildId::Hex(bytes) => bytes.len(),
    }
}

/// Whether the id depends on the output's bytes, so that windows have to be hashed.
pub fn needs_digests(kind: &BuildId) -> bool {
    match kind {
        BuildId::Fast | BuildId::Md5 | BuildId::Sha1 | BuildId::Sha256 => true,
        BuildId::None | BuildId::Uuid | BuildId::Hex(_) => false,
    }
}

/// The id, of [`id_size`] bytes, from the hashes of the windows in their order. Fails only for
/// [`BuildId::Uuid`], when the system has no random bytes.
pub fn finish(kind: &BuildId, digests: &[WindowDigest]) -> io::Result<Vec<u8>> {
    let bytes = digests.as_flattened();
    Ok(match kind {
        BuildId::None => Vec::new(),
        BuildId::Fast => {
            let mut id = vec![0; id_size(kind)];
            Hasher::new().update(bytes).finalize_xof().fill(&mut id);
            id
        }
        BuildId::Md5 => Md5::digest(bytes).to_vec(),
        BuildId::Sha1 => Sha1::digest(bytes).to_vec(),
        BuildId::Sha256 => Sha256::digest(bytes).to_vec(),
        BuildId::Uuid => {
            let mut id = [0u8; 16];
            std::fs::File::open("/dev/urandom")?.read_exact(&mut id)?;
            // RFC 9562: version 4 (random), variant 10.
            id[6] = id[6] & 0x0f | 0x40;
            id[8] = id[8] & 0x3f | 0x80;
            id.to_vec()
        }
        BuildId::Hex(id) => id.clone(),
    })
}

/// Type of the note: NT_GNU_BUILD_ID.
pub const NT_GNU_BUILD_ID: u32 = 3;
/// Bytes before the id in its note.
pub const ID_OFFSET: u64 = 16;

/// Appends a note (gABI "Note Section"; words of 4 bytes in both classes). `name` with its NUL.
pub fn put_note<E: Elf>(name: &[u8], note_type: u32, descriptor: &[u8], out: &mut Vec<u8>) {
    out.put32::<E>(name.len() as u32);
    out.put32::<E>(descriptor.len() as u32);
    out.put32::<E>(note_type);
    out.extend_from_slice(name);
    out.resize(out.len() + name.len().wrapping_neg() % 4, 0);
    out.extend_from_slice(descriptor);
    out.resize(out.len() + descriptor.len().wrapping_neg() % 4, 0);
}

/// Bytes of a note.
pub fn note_size(name: &[u8], descriptor_size: usize) -> u64 {
    (12 + name.len().next_multiple_of(4) + descriptor_size.next_multiple_of(4)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    #[test]
    fn ids_have_their_sizes_and_depend_on_every_window() {
        let windows = [digest(b"one"), digest(b"two")];
        let changed = [digest(b"one"), digest(b"twO")];
        for kind in [BuildId::Fast, BuildId::Md5, BuildId::Sha1, BuildId::Sha256] {
            assert!(needs_digests(&kind));
            let id = finish(&kind, &windows).unwrap();
            assert_eq!(id.len(), id_size(&kind));
            assert_eq!(id, finish(&kind, &windows).unwrap());
            assert_ne!(id, finish(&kind, &changed).unwrap());
            assert_ne!(id, finish(&kind, &windows[..1]).unwrap());
        }
        let uuid = finish(&BuildId::Uuid, &[]).unwrap();
        assert_eq!((uuid.len(), uuid[6] >> 4, uuid[8] >> 6), (16, 4, 2));
        assert_eq!(finish(&BuildId::Hex(vec![1, 2]), &[]).unwrap(), [1, 2]);
        assert!(finish(&BuildId::None, &[]).unwrap().is_empty());
    }

    #[test]
    fn known_hashes() {
        let empty = |kind| finish(&kind, &[]).unwrap();
        assert_eq!(empty(BuildId::Md5)[..4], [0xd4, 0x1d, 0x8c, 0xd9]);
        assert_eq!(empty(BuildId::Sha1)[..4], [0xda, 0x39, 0xa3, 0xee]);
        assert_eq!(empty(BuildId::Sha256)[..4], [0xe3, 0xb0, 0xc4, 0x42]);
        assert_eq!(empty(BuildId::Fast)[..4], [0xaf, 0x13, 0x49, 0xb9]);
    }

    #[test]
    fn notes_are_padded_to_words() {
        let mut out = Vec::new();
        put_note::<Elf64Le>(b"GNU\0", NT_GNU_BUILD_ID, &[1, 2, 3, 4, 5], &mut out);
        assert_eq!(
            out,
            *b"\x04\0\0\0\x05\0\0\0\x03\0\0\0GNU\0\x01\x02\x03\x04\x05\0\0\0"
        );
        assert_eq!(out.len() as u64, note_size(b"GNU\0", 5));
        assert_eq!(ID_OFFSET, note_size(b"GNU\0", 0));
        for name in [&b"stapsdt\0"[..], b"FDO\0", b"LLVM\0", b"Xen\0"] {
            let mut out = Vec::new();
            put_note::<Elf64Le>(name, 1, &[0; 6], &mut out);
            assert_eq!(out.len() as u64, note_size(name, 6));
            assert_eq!(out.len() % 4, 0);
        }
    }
}
