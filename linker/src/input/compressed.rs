//! Compressed debug sections (placeholder until the decoders are in).
use crate::elf::Elf;
pub struct Expanded {
    pub bytes: Vec<u8>,
    pub align_log2: Option<u8>,
}
pub fn expand<E: Elf>(_data: &[u8], _gabi: bool) -> Result<Expanded, String> {
    Err("compressed sections are not read yet".into())
}
