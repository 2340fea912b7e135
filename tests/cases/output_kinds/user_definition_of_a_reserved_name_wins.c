//@ out: mine
#include <stdio.h>
int end = 7;
int etext(void) { return 8; }
int main(void) {
    puts(end + etext() == 15 ? "mine" : "not mine");
    return 0;
}
