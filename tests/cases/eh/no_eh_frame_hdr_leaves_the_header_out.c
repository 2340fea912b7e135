//@ args: -Wl,--no-eh-frame-hdr
//@ expect: no section .eh_frame_hdr
//@ expect: no segment GNU_EH_FRAME
int main(void) { return 0; }
