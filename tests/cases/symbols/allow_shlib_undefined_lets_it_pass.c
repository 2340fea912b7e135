//@ shared: libu.so u.o
//@ args: libu.so -Wl,--allow-shlib-undefined
//@ no-run:
int u(void);
int main(void) { return u(); }
//@ file: u.c -fPIC
int nowhere(void);
int u(void) { return nowhere(); }
