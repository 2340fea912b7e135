# As a distribution's compiler builds programs: position-independent, relocations read-only, no executable stack.
for program in "$WCC" $LD; do
    readelf -hlWd "$program" >headers
    grep -q 'Type: *DYN' headers
    grep -q GNU_RELRO headers
    grep -E 'GNU_STACK .* RW +0' headers
    must_fail grep -E 'LOAD .* RWE ' headers
    must_fail grep TEXTREL headers
    # Nothing is bound late.
    if grep -q '(NEEDED)' headers; then grep -qE 'BIND_NOW|Flags:.* NOW' headers; fi
    must_fail grep -E 'RPATH|RUNPATH' headers
done
