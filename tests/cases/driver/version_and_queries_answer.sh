"$WCC" --version | head -1 | grep -q .
"$WCC" -dumpmachine | grep -q 'linux'
"$WCC" -print-search-dirs | grep -q 'libraries'
[ -e "$("$WCC" -print-file-name=crt1.o)" ]
[ "$("$WCC" -print-file-name=nonexistent.xyz)" = nonexistent.xyz ]
"$WCC" -print-prog-name=ld | grep -q 'ld'
"$WCC" -print-libgcc-file-name | grep -q 'libgcc.a'
"$LD" --version | head -1 | grep -qi 'ld'
"$LD" -v | grep -qi 'ld'
"$WCC" -Wl,--version | grep -qi 'ld'
