//@ sh: head -c 300 b.o >cut.o
//@ link: truncated_object_is_an_error.o cut.o
//@ fail: cut.o
int main(void) { return 0; }
//@ file: b.c
int b[100] = {1};
//@ file: c.c
int c;
