//@ variant: default
//@ expect: segment GNU_STACK flags RW
int main(void) { return 0; }
