# Go with cgo: programs and libraries of every build mode, linked through CC.
packages golang-go
rm -rf cgo
mkdir -p cgo/plug cgo/lib
cd cgo
export GOFLAGS=-mod=mod GOCACHE=$PWD/cache CGO_ENABLED=1 GO111MODULE=on
cat >go.mod <<'Y'
module cgo
go 1.19
Y
cat >sum.h <<'Y'
typedef int (*callback)(int);
int sum(const int *v, int n, callback f);
int call(int);
Y
cat >sum.c <<'Y'
#include "sum.h"
#include "_cgo_export.h"
static __thread int calls;
int sum(const int *v, int n, callback f) {
    int s = 0;
    for (int i = 0; i < n; i++) s += f ? f(v[i]) : v[i], calls++;
    return s + 100 * calls;
}
int call(int x) { return double_it(x); }
Y
cat >main.go <<'Y'
package main

// #cgo LDFLAGS: -lm
// #include <math.h>
// #include "sum.h"
import "C"
import ("fmt"; "net"; "os/user")

//export double_it
func double_it(x C.int) C.int { return 2 * x }

func Sum() int {
	v := []C.int{1, 2, 3}
	return int(C.sum(&v[0], 3, (C.callback)(C.call)))
}
func main() {
	_, err := user.Current()
	_, e := net.LookupPort("tcp", "http")
	fmt.Println(Sum(), C.sqrt(16), err == nil, e == nil)
}
Y
cat >main_test.go <<'Y'
package main
import "testing"
func TestSum(t *testing.T) { if Sum()%100 != 12 { t.Fatal(Sum()) } }
Y
cat >plug/plug.go <<'Y'
package main

// static int seven(void) { return 7; }
import "C"

//export Seven
func Seven() int { return int(C.seven()) }
func Exported() int { return int(C.seven()) + 1 }
func main() {}
Y
cat >lib/main.go <<'Y'
package main
import ("fmt"; "plugin")
func main() {
	p, err := plugin.Open("plug.so")
	if err != nil { panic(err) }
	f, err := p.Lookup("Exported")
	if err != nil { panic(err) }
	fmt.Println(f.(func() int)())
}
Y
go test ./
for mode in exe pie; do
    go build -buildmode=$mode -o prog-$mode .
    ./prog-$mode | grep -q '12 4 true true'
done
go build -ldflags '-linkmode external -extldflags -static' -tags netgo,osusergo -o prog-static . 2>/dev/null
./prog-static | grep -q '12 4 true'
go build -buildmode=c-shared -o libplug.so ./plug
go build -buildmode=c-archive -o libplugar.a ./plug
printf 'long Seven(void);\nint main(void) { return Seven() - 7; }\n' >user.c
"$WCC" user.c -L. -lplug -Wl,-rpath,"$PWD" -o user
./user
"$WCC" user.c libplugar.a -pthread -o user-static
./user-static
go build -buildmode=plugin -o plug.so ./plug
go build -o host ./lib
[ "$(./host)" = 8 ]
record "version: $(go version | cut -d" " -f3)"
record "tests: go test, 8 build modes"
linked_by_wcc prog-exe prog-pie prog-static libplug.so user user-static plug.so host
