//@ args: -shared -Wl,--version-script=map,--no-undefined-version
//@ cflags: -fPIC
//@ fail: not_here
int here(void) { return 0; }
//@ file: map
V1 { global: here; not_here; local: *; };
