# nginx: a configure script of its own, which asks the compiler who it is; a program that its modules take symbols from,
# one of them loaded at run time; it serves a page.
packages libpcre2-dev libssl-dev zlib1g-dev curl
debian_source nginx
cp -a . ../as-ref
options=(--with-http_ssl_module --with-stream=dynamic --with-threads)
(cd ../as-ref && ./configure --with-cc="$REF_CC" "${options[@]}" >answers)
./configure --with-cc="$CC" "${options[@]}" >answers
diff ../as-ref/answers answers
diff <(grep -v NGX_CONFIGURE ../as-ref/objs/ngx_auto_config.h) <(grep -v NGX_CONFIGURE objs/ngx_auto_config.h)
make -j"$JOBS" >make.out
mkdir -p run/logs
cat >run/conf <<PAGE
load_module $PWD/objs/ngx_stream_module.so;
events {}
http { server { listen unix:$PWD/run/socket; location / { return 200 "it runs\n"; } } }
PAGE
objs/nginx -p "$PWD/run" -c "$PWD/run/conf"
for try in 1 2 3 4 5; do [ -e run/logs/nginx.pid ] || sleep 1; done
[ "$(curl -s --unix-socket run/socket http://localhost/)" = 'it runs' ]
kill "$(cat run/logs/nginx.pid)"
record "tests: serves a page with a dynamic module"
linked_by_wcc objs
