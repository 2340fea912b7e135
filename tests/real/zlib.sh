# zlib: a plain configure script and Makefile; static and shared library, its own test programs.
debian_source zlib
export IN_TREE=1 ANSWERS="zconf.h Makefile zlib.pc"
configure_both
both build make -j"$JOBS"
make test | tee test.out
record "tests: $(grep -c 'test OK' test.out) programs"
relink "example minigzip examplesh minigzipsh example64 minigzip64 libz.so*" make -j"$JOBS"
linked_by_wcc .
