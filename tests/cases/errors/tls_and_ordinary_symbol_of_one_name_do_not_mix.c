//@ fail: value
extern int value;
int main(void) { return value; }
//@ file: b.c
__thread int value = 3;
