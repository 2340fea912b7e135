//@ compilers: gcc
//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym _ZZ7countervE5value UNIQUE OBJECT
inline int *counter() {
    static int value;
    return &value;
}
int *a() { return counter(); }
