# git: its own configure and Makefile; hundreds of objects in a few programs, plain make, a part of its own tests.
packages libcurl4-openssl-dev libexpat1-dev zlib1g-dev libpcre2-dev autoconf gettext perl
debian_source git
make configure >/dev/null
./configure --without-tcltk >configure.log
make -j"$JOBS" CFLAGS='-g -O1' NO_GETTEXT=1 >make.log 2>&1
[ "$(./git --version | cut -d' ' -f1-2)" = 'git version' ]
export GIT_TEST_OPTS=--no-bin-wrappers
make -C t -j"$JOBS" prove 2>/dev/null T="${GIT_TESTS:-t0000-basic.sh t0001-init.sh t1006-cat-file.sh t3200-branch.sh t5300-pack-object.sh t7001-mv.sh}" ||
    make -C t -j"$JOBS" T="${GIT_TESTS:-t0000-basic.sh t0001-init.sh t1006-cat-file.sh t3200-branch.sh t5300-pack-object.sh t7001-mv.sh}"
linked_by_wcc git git-http-fetch git-remote-http t/helper
