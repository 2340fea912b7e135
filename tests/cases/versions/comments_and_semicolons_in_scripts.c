//@ args: -shared -Wl,--version-script=map
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym a@@V1.0_x DEF
int a, b;
//@ file: map
/* A comment. */
V1.0_x {
  # another kind
  global:
    a;   /* here too */
  local: *;
};
