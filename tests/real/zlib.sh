# zlib: a plain configure script and Makefile; static and shared library, its own test programs.
debian_source zlib
./configure
make -j"$JOBS"
make test
linked_by_wcc .
