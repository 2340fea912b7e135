# Kerberos: a dozen shared libraries whose exports are lists in files, plugins opened at run time, lex and yacc, its own
# tests of the libraries.
packages bison pkg-config libverto-dev
debian_source krb5
cd src
./configure --without-system-verto --disable-rpath CFLAGS='-g -O0' >/dev/null
make -j"$JOBS" >/dev/null
for dir in util/support util/et util/profile lib/crypto lib/gssapi; do
    make -C "$dir" check
done
nm -D lib/libkrb5.so | grep ' krb5_init_context@@krb5_3_MIT$' >/dev/null
record "tests: check of util and lib"
linked_by_wcc lib clients kdc plugins
