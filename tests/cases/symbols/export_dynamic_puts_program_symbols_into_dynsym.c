//@ args: -Wl,-E
//@ expect: dynsym f DEF FUNC
//@ expect: dynsym data DEF OBJECT
//@ expect: no dynsym hidden
int data = 1;
int f(void) { return data; }
__attribute__((visibility("hidden"))) int hidden(void) { return 1; }
int main(void) { return f() - hidden(); }
