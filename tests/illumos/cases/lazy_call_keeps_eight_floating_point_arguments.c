//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ out: 36.000
//@ out: 204.000
//@ file: lib.c -fPIC
double add(double a, double b, double c, double d, double e, double f, double g, double h) {
    return a + b + c + d + e + f + g + h;
}
double mix(int i, double a, long j, double b, int k, double c, long l, double d, int m, double e, long n, double f,
           double g, double h) {
    return i * a + j * b + k * c + l * d + m * e + n * f + g * 7 + h * 8;
}
//@ file: main.c
#include <stdio.h>
double add(double, double, double, double, double, double, double, double);
double mix(int, double, long, double, int, double, long, double, int, double, long, double, double, double);
int main(void) {
    printf("%f\n", add(1, 2, 3, 4, 5, 6, 7, 8));
    printf("%f\n", mix(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8));
    return 0;
}
