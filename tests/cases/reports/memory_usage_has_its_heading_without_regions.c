//@ args: -Wl,--print-memory-usage
//@ says: Memory region         Used Size  Region Size  %age Used
int main(void) { return 0; }
