//@ args: -Wl,-y,f
//@ says: definition of f
//@ says: reference to f
int f(void);
int main(void) { return f(); }
//@ file: f.c
int f(void) { return 0; }
