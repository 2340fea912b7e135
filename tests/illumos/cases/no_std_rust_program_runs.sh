#@ needs: rustc
# The host's core library is compiled for the same processor; nothing in it speaks to an operating system.
cat >lib.rs <<'X'
#![no_std]
#![no_main]
extern "C" {
    fn puts(s: *const u8) -> i32;
    fn write(fd: i32, p: *const u8, n: usize) -> isize;
}
struct Out;
impl core::fmt::Write for Out {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        unsafe { write(1, s.as_ptr(), s.len()) };
        Ok(())
    }
}
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
#[no_mangle]
extern "C" fn rust_eh_personality() {}
static WORDS: [&str; 3] = ["gnu", "solaris", "rust"];
#[no_mangle]
pub extern "C" fn main(argc: i32, _: *const *const u8) -> i32 {
    use core::fmt::Write;
    for (i, w) in WORDS.iter().enumerate() {
        let _ = write!(Out, "{i} {w:>8} {:?}\n", (argc, 1.5f32));
    }
    unsafe { puts(b"done\0".as_ptr()) };
    0
}
X
rustc --edition 2021 --crate-type staticlib -C panic=abort -O -C relocation-model=pic -o libmain.a lib.rs 2>err ||
    { echo "rustc cannot compile here"; exit 77; }
for mode in -no-pie -pie; do
    $WCC --sysroot="$S" $mode -m64 -std=c99 -Wl,-u,main libmain.a -Wl,-z,ignore -lsocket -lgcc_s -lc -lssp -o prog
    "$LD" --verify-load=illumos prog
    $ILX ./prog >out
    printf '0      gnu (1, 1.5)\n1  solaris (1, 1.5)\n2     rust (1, 1.5)\ndone\n' | cmp - out
done
