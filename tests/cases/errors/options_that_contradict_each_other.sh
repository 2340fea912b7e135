printf '.globl _start\n_start: ret\n' >a.s
as a.s -o a.o
must_fail "$LD" a.o -o out -z common-page-size=0x4000 -z max-page-size=0x1000 2>said
grep -qF 'common page size (0x4000) > maximum page size (0x1000)' said
must_fail "$LD" a.o -o out --no-define-common 2>said
grep -qF -- '--no-define-common may not be used without -shared' said
