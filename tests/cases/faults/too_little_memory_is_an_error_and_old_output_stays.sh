# From too little address space to enough: each link succeeds, or fails with status 1 and a word.
# (Below what the program itself needs it cannot even be started.)
[ -z "${WCC_SANITIZED:-}" ] || { echo 'a sanitizer takes address space of its own'; exit 77; }
printf 'char big[3000000] = {1}; int main(void) { return big[0]; }\n' >a.c
$CC -fPIC -c a.c
limit=4000
until (ulimit -v $limit; "$LD" --version >/dev/null 2>&1); do limit=$((limit + 500)); done
refused=0
status=1
for more in 100 200 400 700 1000 2000 3000 4000 $(seq 5000 200 7000) 8000 12000 16000 24000 50000 400000; do
    echo old >prog
    status=0
    (ulimit -v $((limit + more)); "$LD" -shared --threads=4 a.o -o prog 2>err) || status=$?
    case $status in
    0) [ "$(stat -c %s prog)" -gt 3000000 ] ;;
    1)
        refused=$((refused + 1))
        grep -q 'emory' err
        [ "$(cat prog)" = old ]
        ;;
    *)
        echo "$more KiB more than the program needs: status $status"
        cat err
        exit 1
        ;;
    esac
done
[ $refused -gt 0 ]
[ $status = 0 ]
