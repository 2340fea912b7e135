//@ args: -Wl,--gc-sections
//@ cflags: -ffunction-sections -fdata-sections
//@ expect: section .note.test
//@ out: constructed
#include <stdio.h>
__attribute__((constructor)) static void ini(void) { puts("constructed"); }
__asm__(".pushsection .note.test, \"a\", @note\n .long 4, 4, 1\n .asciz \"abc\"\n .long 7\n .popsection");
int main(void) { return 0; }
