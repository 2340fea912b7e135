//@ variant: program -Wl,--dynamic-list-data
//@ expect: dynsym data_symbol
//@ expect: no dynsym function_symbol
int data_symbol = 1;
int function_symbol(void) { return 2; }
int main(void) { return 0; }
