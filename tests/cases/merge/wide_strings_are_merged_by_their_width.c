//@ out: same 3 same
#include <stdio.h>
#include <wchar.h>
#include <uchar.h>
const wchar_t *other(void);
const char16_t *other16(void);
int main(void) {
    printf("%s %d ", other() == L"abc" ? "same" : "different", (int)wcslen(other()));
    puts(other16() == u"xyz" ? "same" : "different");
    return 0;
}
//@ file: b.c
#include <uchar.h>
#include <wchar.h>
const wchar_t *other(void) { return L"abc"; }
const char16_t *other16(void) { return u"xyz"; }
