//@ fail: first_missing
//@ fail: second_missing
//@ fail: third_missing
//@ fail: main
int first_missing(void), second_missing(void), third_missing(void);
int main(void) { return first_missing() + second_missing() + third_missing(); }
