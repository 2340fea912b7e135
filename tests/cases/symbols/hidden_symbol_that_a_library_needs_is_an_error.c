//@ shared: libu.so u.o
//@ args: libu.so
//@ fail: wanted
int u(void);
__attribute__((visibility("hidden"))) int wanted(void) { return 1; }
int main(void) { return u() + wanted(); }
//@ file: u.c -fPIC
int wanted(void);
int u(void) { return wanted(); }
