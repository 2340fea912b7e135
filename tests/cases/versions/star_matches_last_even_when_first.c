//@ args: -shared -Wl,--version-script=map
//@ cflags: -fPIC
//@ ref: none
//@ no-run:
//@ expect: dynsym listed@@V1 DEF
//@ expect: no dynsym rest
int listed(void) { return 0; }
int rest(void) { return 0; }
//@ file: map
V1 { local: *; global: list*; };
