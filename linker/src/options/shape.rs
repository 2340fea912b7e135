//! Options, most of them mold's, about what stands where and what fills the gaps, as plain values; part of [`Options`](super::Options).

use super::gnu::Line;
use super::values::{self, Done};

/// Formats of flat files that are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexFormat {
    /// Motorola S-records.
    Srec,
    /// Intel's hexadecimal records.
    Ihex,
}

#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// `--filler`: the byte between the input sections of an output section.
    pub filler: Option<u8>,
    /// `--section-align`: output sections and the least alignment of each, bytes.
    pub section_align: Vec<(Vec<u8>, u64)>,
    /// `--discard-section`: names of input sections that are left out.
    pub discard_sections: Vec<Vec<u8>>,
    /// `--start-stop`: `__start_` and `__stop_` for sections whose names are no C identifiers.
    pub start_stop: bool,
    /// `--pack-dyn-relocs=android`: `.rela.dyn` is packed as bionic's linker reads it.
    pub android_relocs: bool,
    /// `--use-android-relr-tags`: `.relr.dyn` has Android's older type and tags.
    pub android_relr_tags: bool,
    /// `--print-symbol-order`
    pub print_symbol_order: Option<std::path::PathBuf>,
    /// `--force-group-allocation`: `-r` puts members of groups where other sections go, and makes no group.
    pub dissolve_groups: bool,
    /// `--spare-program-headers`: PT_NULL entries at the end of the table.
    pub spare_headers: u32,
    /// `--relocatable-merge-sections`: `-r` names output sections as programs do.
    pub merge_relocatable: bool,
    /// `--execute-only`: segments of code lack PF_R.
    pub execute_only: bool,
    /// `--enable-non-contiguous-regions`: what does not fit goes where a later pattern takes it.
    pub non_contiguous: bool,
    /// `--enable-non-contiguous-regions-warnings`
    pub warn_non_contiguous: bool,
    /// `--oformat=srec|ihex`; `oformat_binary` is set as well.
    pub hex: Option<HexFormat>,
    /// `--chroot`, `-C`
    pub roots: super::root::Roots,
    /// `--zero-to-bss`: writable data that is all zeros takes no room in the file.
    pub zero_to_bss: bool,
    /// `--physical-image-base`: the load address of the image's start.
    pub physical_base: Option<u64>,
}

/// The text format of a name.
pub fn hex_format(name: &[u8]) -> Option<HexFormat> {
    match name {
        b"srec" => Some(HexFormat::Srec),
        b"ihex" => Some(HexFormat::Ihex),
        _ => None,
    }
}

/// `--filler BYTE`.
pub fn filler(line: &mut Line, value: &[u8]) -> Done {
    let byte = values::number(value)?;
    line.opts.shape.filler = Some(u8::try_from(byte).map_err(|_| format!("{byte:#x} is no byte"))?);
    Ok(())
}

/// `--section-align NAME=ALIGN`.
pub fn section_align(line: &mut Line, value: &[u8]) -> Done {
    let Some(at) = memchr::memrchr(b'=', value).filter(|at| *at > 0) else {
        return Err(format!(
            "'{}' is not of the form NAME=ALIGN",
            values::text(value)
        ));
    };
    let align = values::number(&value[at + 1..])?;
    if !align.is_power_of_two() || align > 1 << 40 {
        return Err(format!(
            "alignment {align} must be a power of 2, and not too large"
        ));
    }
    let list = &mut line.opts.shape.section_align;
    list.push((value[..at].to_vec(), align));
    Ok(())
}

/// `--spare-program-headers COUNT`.
pub fn spare_headers(line: &mut Line, value: &[u8]) -> Done {
    let count = values::number(value)?;
    if count > 1000 {
        return Err(format!(
            "{count} is too many program headers (at most 1000)"
        ));
    }
    line.opts.shape.spare_headers = count as u32;
    Ok(())
}
