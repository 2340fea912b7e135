//@ args: -shared -Wl,--version-script=map
//@ cflags: -fPIC
//@ fail: map:3
int a;
//@ file: map
V1 {
  global: a;
} V0 V1 }
