must_fail "$LD" -o a 2>err
grep -qi 'no input' err
must_fail [ -e a ]
