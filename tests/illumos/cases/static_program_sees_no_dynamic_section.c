//@ link: main.o -static -nostdlib
//@ expect: no segment PHDR
//@ expect: no segment INTERP
//@ exit: 5
//@ ref: none
//@ file: main.c -ffreestanding
extern char _DYNAMIC[] __attribute__((weak));
static int data = 5;
void _start(void) {
    char *volatile dynamic = _DYNAMIC;
    __asm__ volatile("syscall" : : "a"(60), "D"(dynamic ? 1 : data));
    __builtin_unreachable();
}
