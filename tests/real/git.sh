# git: its own configure and Makefile; hundreds of objects in a few programs, plain make, a part of its own tests.
packages libcurl4-openssl-dev libexpat1-dev zlib1g-dev libpcre2-dev autoconf gettext perl
debian_source git
make configure >/dev/null
export IN_TREE=1 ANSWERS=config.mak.autogen
configure_both --without-tcltk
both build make -j"$JOBS" CFLAGS='-g -O1' NO_GETTEXT=1
relink "git git-http-fetch git-http-push git-remote-http git-imap-send git-daemon git-sh-i18n--envsubst git-shell git-http-backend scalar t/helper/test-tool" \
    make -j"$JOBS" CFLAGS='-g -O1' NO_GETTEXT=1
[ "$(./git --version | cut -d' ' -f1-2)" = 'git version' ]
export GIT_TEST_OPTS=--no-bin-wrappers
scripts=${GIT_TESTS:-t0000-basic.sh t0001-init.sh t1006-cat-file.sh t3200-branch.sh t5300-pack-object.sh t7001-mv.sh}
make -C t -j"$JOBS" prove T="$scripts" 2>prove.err | tee t.out || make -C t -j"$JOBS" T="$scripts" | tee t.out
record "tests: $(sed -n 's/.*Tests=\([0-9]*\).*/\1/p; s/^success *\([0-9]*\).*/\1/p' t.out | tail -n 1)"
linked_by_wcc git git-http-fetch git-remote-http t/helper
