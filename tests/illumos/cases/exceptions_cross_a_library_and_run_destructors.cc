//@ variant: plain
//@ variant: pie-gnu-only -pie | -fpie
//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ cflags: -frtti -fexceptions
//@ expect: segment GNU_EH_FRAME
//@ allow: *
//@ out: destroyed
//@ out: caught 42
//@ out: nested again
//@ out: cast 1
//@ file: lib.cc -fPIC
extern "C" int puts(const char *);
struct Noisy {
    ~Noisy() { puts("destroyed"); }
};
struct Base {
    virtual ~Base() {}
};
struct Derived : Base {};
Base *make() { return new Derived; }
void thrower(int n) {
    Noisy noisy;
    if (n)
        throw n;
}
//@ file: main.cc
extern "C" int printf(const char *, ...);
struct Base {
    virtual ~Base() {}
};
struct Derived : Base {};
void thrower(int);
static void again() {
    try {
        throw "again";
    } catch (const char *) {
        throw;
    }
}
int main() {
    try {
        thrower(42);
    } catch (int n) {
        printf("caught %d\n", n);
    }
    try {
        again();
    } catch (const char *s) {
        printf("nested %s\n", s);
    }
    Base *b = new Derived;
    printf("cast %d\n", dynamic_cast<Derived *>(b) == b);
    delete b;
    return 0;
}
