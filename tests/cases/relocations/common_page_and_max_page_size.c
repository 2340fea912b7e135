//@ variant: big -Wl,-z,max-page-size=0x200000
//@ expect: segment LOAD align 0x200000
int data = 1;
int main(void) { return data - 1; }
