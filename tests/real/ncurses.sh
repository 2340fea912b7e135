# ncurses: autoconf without libtool; shared libraries with its own version scripts (split in libtinfo and libncursesw), static
# and profiled ones, C++ bindings, programs that make the terminal database.
packages g++
debian_source ncurses
export ANSWERS=include/ncurses_cfg.h
configure_both --with-shared --with-cxx-shared --enable-widec --with-termlib=tinfo --with-versioned-syms --with-profile --without-manpages --without-ada
both build make -j"$JOBS"
nm -D lib/libncursesw.so.6 | grep ' initscr@@NCURSESW6' >/dev/null
nm -D lib/libtinfo.so.6 | grep ' setupterm@@NCURSES6_TINFO' >/dev/null
export LD_LIBRARY_PATH=$PWD/lib TERMINFO=$PWD/info
make -C progs
./progs/tic -x -o "$TERMINFO" ../misc/terminfo.src 2>tic.err
[ "$(./progs/tput -T xterm-256color colors)" = 256 ]
./progs/infocmp -T xterm | grep -c . >/dev/null
# Its test programs, one of them on a terminal.
make -C test -j"$JOBS"
[ "$(TERM=xterm timeout 2 script -qec ./test/firework /dev/null | wc -c)" -gt 100 ]
record "tests: terminal database made, $(find test -maxdepth 1 -type f -perm -100 ! -name '*.*' | wc -l) test programs"
linked_by_wcc .
