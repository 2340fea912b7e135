//@ shared: libu.so u.o
//@ args: libu.so
//@ fail: nowhere
int u(void);
int main(void) { return u(); }
//@ file: u.c -fPIC
int nowhere(void);
int u(void) { return nowhere(); }
