//@ sh: mkdir -p one two; mv f.o one/a_rather_long_member_name_beyond_sixteen.o; mv g.o two/a_rather_long_member_name_beyond_sixteen.o; ar qcs libx.a one/*.o two/*.o
//@ link: members_with_long_and_equal_names.o libx.a
//@ out: 3
#include <stdio.h>
int f(void), g(void);
int main(void) {
    printf("%d\n", f() + g());
    return 0;
}
//@ file: f.c
int f(void) { return 1; }
//@ file: g.c
int g(void) { return 2; }
