//@ expect: section .eh_frame_hdr
//@ expect: segment GNU_EH_FRAME
//@ expect: fde main
//@ expect: fde other
int other(void);
int main(void) { return other(); }
//@ file: b.c
int other(void) { return 0; }
