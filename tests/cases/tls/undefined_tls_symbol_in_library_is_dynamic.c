//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym elsewhere UND TLS
//@ expect: reloc R_X86_64_DTPMOD64 elsewhere
extern __thread int elsewhere;
int f(void) { return elsewhere; }
