//@ args: -shared -Wl,--gc-sections
//@ cflags: -fPIC -ffunction-sections
//@ no-run:
//@ expect: dynsym exported DEF
//@ expect: no symbol hidden_dead
int exported(void) { return 1; }
__attribute__((visibility("hidden"))) int hidden_dead(void) { return 2; }
