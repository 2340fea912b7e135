//@ shared: libreal.so.1.2 f.o -Wl,-soname,libf.so.1
//@ sh: true
//@ link: soname_is_what_users_need.o libreal.so.1.2
//@ expect libreal.so.1.2: soname libf.so.1
//@ expect: needed libf.so.1 libc.so.6
//@ no-run:
int f(void);
int main(void) { return f(); }
//@ file: f.c -fPIC
int f(void) { return 0; }
