//@ args: -Wl,--dynamic-list=list
//@ expect: dynsym one DEF
//@ expect: dynsym data_x DEF
//@ expect: no dynsym two
int one(void) { return 1; }
int two(void) { return 2; }
int data_x = 3;
int main(void) { return 0; }
//@ file: list
{ one; data_*; };
