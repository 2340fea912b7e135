//@ link: script_may_be_given_as_an_input_file.o -shared map.t
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym a@@V1 DEF
//@ expect: no dynsym b
int a, b;
//@ file: map.t
VERSION { V1 { global: a; local: *; }; }
