//@ expect: symbol _end
//@ expect: symbol _edata
//@ expect: symbol __bss_start
//@ expect: no dynsym _end
int main(void) { return 0; }
