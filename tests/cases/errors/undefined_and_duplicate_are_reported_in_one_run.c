//@ ref-links:
//@ fail: missing
//@ fail: twice
int missing(void);
int twice(void) { return 1; }
int main(void) { return missing(); }
//@ file: b.c
int twice(void) { return 2; }
