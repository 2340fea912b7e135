//@ args: -shared -Wl,-z,now,-z,origin,-z,nodelete,-z,nodlopen,-z,initfirst,-z,interpose
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynamic FLAGS_1 0x4e9
//@ expect: dynamic FLAGS 9
int f(void) { return 0; }
