#@ needs: distcc distccd
# A daemon on this machine stands for the others.
port=$((20000 + $$ % 20000))
# The daemon runs what this list names, and nothing by a path.
PATH=$PATH:/usr/sbin:/sbin
for name in "$(basename "${CC%% *}")" "$(uname -m)-linux-gnu-gcc"; do
    command -v "$name" || true
done >allowed
# It does not run as root.
user=$(id -un)
[ "$user" != root ] || user=nobody
shared=$(mktemp -d /tmp/wcc-distcc.XXXXXX)
chmod 777 "$shared"
cp allowed "$shared/"
TMPDIR=$shared DISTCC_CMDLIST=$shared/allowed distccd --daemon --no-detach --allow 127.0.0.1 --listen 127.0.0.1 --port $port --jobs 2 --make-me-a-botnet \
    --log-file="$shared/daemon.log" --user "$user" 2>/dev/null &
daemon=$!
trap 'kill $daemon 2>/dev/null; rm -rf "$shared"' EXIT
i=0
while ! (: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do
    i=$((i + 1))
    [ $i -lt 50 ] || { echo 'distccd does not start here'; exit 77; }
    sleep 0.1
done
mkdir state
export DISTCC_HOSTS=127.0.0.1:$port/2 DISTCC_FALLBACK=0 DISTCC_DIR=$PWD/state DISTCC_IO_TIMEOUT=60
echo 'int f(void); int main(void) { return f() - 42; }' >m.c
echo 'int f(void) { return 42; }' >f.c
WCC_LAUNCHER=distcc "$WCC" -O1 m.c f.c -o prog 2>err || { cat err "$shared/daemon.log"; exit 1; }
./prog
[ "$(grep -c 'COMPILE_OK' "$shared/daemon.log")" = 2 ] || { cat "$shared/daemon.log"; exit 1; }
