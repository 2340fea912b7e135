# Shared by the scripts of real programs; sourced by run. Sets CC, CXX, LD, JOBS and helps with sources and checks.

export CC=$WCC CXX=$WCCXX LD=$LD_WCC
JOBS=${JOBS:-2}
export DEBIAN_FRONTEND=noninteractive

# Installs Debian packages that are not there yet.
packages() {
    local p lack=()
    for p in "$@"; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || lack+=("$p")
    done
    [ ${#lack[@]} = 0 ] || apt-get install -qy --no-install-recommends "${lack[@]}" >/dev/null
}

# Unpacks a Debian source package and enters its directory; what an earlier run left is removed.
debian_source() {
    packages dpkg-dev
    if ! apt-cache showsrc "$1" >/dev/null 2>&1; then
        sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources
        apt-get update -q >/dev/null
    fi
    rm -rf -- "$1-src"
    mkdir "$1-src"
    cd "$1-src"
    # A mirror may lack the newest version it lists.
    local version
    for version in "" $(apt-cache showsrc "$1" | sed -n 's/^Version: /=/p'); do
        apt-get source -q "$1$version" >source.log 2>&1 && break
    done
    cd -- */
    record "version: ${PWD##*/*-}"
}

# Every program and shared object below the given places must have been linked by wcc: its name stands in .comment,
# and nobody else's does. Prints how many there were; none at all is a failure.
linked_by_wcc() {
    local file header n=0 bad=0
    while IFS= read -r -d '' file; do
        header=$(head -c 18 "$file" | od -An -v -tx1 | tr -d ' \n')
        # An ELF file whose e_type is ET_EXEC or ET_DYN.
        [[ $header =~ ^7f454c46.{24}0[23]00$ ]] || continue
        n=$((n + 1))
        if ! "$LINKDIFF" --expect "$file" 'text .comment wcc' >/dev/null; then
            echo "not linked by wcc: $file"
            bad=1
        fi
        # The program must be sound, not only run.
        "$LINKDIFF" --check "$file" || bad=1
    done < <(find "$@" -type f \( -perm -100 -o -name '*.so*' \) -print0)
    record "files linked by wcc: $n"
    [ $n -gt 0 ] && [ $bad = 0 ]
}

# The compiler behind wcc, which every answer is compared with: gcc, or clang with WCC_CC=clang-19.
REF_CC=${WCC_CC:-gcc}
case $REF_CC in
*clang*) REF_CXX=${REF_CC/clang/clang++} ;;
*) REF_CXX=${REF_CC/gcc/g++} ;;
esac

# Notes a figure of this package for the table in RESULTS.md: record LABEL VALUE...
record() {
    echo "$*"
    echo "$*" >>"$RECORD"
}

# Runs a command and sets WALL and CPU (its and its children's time on the processor) to milliseconds. The second is
# what counts on a machine that does other things too.
measured() {
    local TIMEFORMAT='%3R %3U %3S' status=0 real user sys
    { time "$@" >&3 2>&4; } 3>&1 4>&2 2>"$RECORD.time" || status=$?
    read -r real user sys < <(tail -n 1 "$RECORD.time")
    rm -f "$RECORD.time"
    WALL=$((10#${real/./})) CPU=$((10#${user/./} + 10#${sys/./}))
    return $status
}

# In the tree of the compiler itself and in that of wcc: both LABEL COMMAND... runs the command and records the times. It
# is started from as-wcc. Only with --compare does the compiler have its turn (the first).
both() {
    local label=$1 ref=- ref_cpu=0 ratio=-
    shift
    if [ -n "$COMPARE" ]; then
        (cd ../as-ref && with_ref_compiler measured "$@" >"../as-ref.$label.log" 2>&1 && echo "$WALL $CPU" >../times) || {
            tail -n 20 "../as-ref.$label.log"
            return 1
        }
        read -r ref ref_cpu <../times
    fi
    measured "$@"
    [ "$ref_cpu" = 0 ] || ratio=$(awk "BEGIN { printf \"%.2f\", $CPU / $ref_cpu }")
    record "$label: $REF_CC $ref ms, wcc $WALL ms; processor $ref_cpu ms, $CPU ms: $ratio"
}

# Runs a command with the compiler itself in CC and CXX.
with_ref_compiler() {
    local LD
    unset LD
    CC=$REF_CC CXX=$REF_CXX "$@"
}

# Removes products in both trees and makes them again, which leaves the links: relink "FILES" COMMAND...
relink() {
    local files=$1
    shift
    [ -n "$COMPARE" ] || return 0
    (cd ../as-ref && rm -rf $files)
    rm -rf $files
    both link "$@"
}

# Runs ./configure (or $CONFIGURE) with the compiler itself and with wcc, side by side in as-ref and as-wcc; the
# answers must be the same. Records both times and leaves the shell in as-wcc. With IN_TREE=1 these are copies of the
# sources. $ANSWERS: further files that must be alike.
configure_both() {
    local who command
    rm -rf as-ref as-wcc
    for who in ref wcc; do
        if [ -n "${IN_TREE:-}" ]; then
            mkdir "../as-$who"
            cp -a . "../as-$who"
        else
            mkdir "as-$who"
        fi
    done
    [ -z "${IN_TREE:-}" ] || cd ..
    command=../${CONFIGURE:-configure}
    [ -z "${IN_TREE:-}" ] || command=./${CONFIGURE:-configure}
    cd as-wcc
    COMPARE=1 both configure "$command" "$@" >../as-wcc.configure.log || { tail -n 20 ../as-wcc.configure.log; return 1; }
    cd ..
    tail -n 1 as-wcc.configure.log
    same_answers
    cd as-wcc
}

# Compares config.h and the cache of answers in config.log, without those that name the compiler, the linker and the
# directory.
same_answers() {
    local header who
    while IFS= read -r header; do
        [ -n "$header" ] || continue
        diff <(named_alike ref <"as-ref/$header") <(named_alike wcc <"as-wcc/$header")
    done < <(cd as-ref && find . -name 'config.h' -o -name '*_config.h' -o -name 'config_auto.h'; printf '%s\n' ${ANSWERS:-})
    [ -e as-ref/config.log ] || return 0
    for who in ref wcc; do
        sed -n '/^[a-z]*_cv_/p' "as-$who/config.log" |
            grep -v '^ac_cv_env_\|^ac_cv_path_CXX=\|^ax_cv_gcc_x86_cpuid\|^cf_cv_timestamp\|^ac_cv_prog_\(ac_ct_\)\?\(CC\|CXX\|CPP\|LD\|OBJC\)=\|^lt_cv_path_LD\|^ac_cv_path_ac_pt_LD' |
            named_alike $who >"as-$who.answers"
    done
    [ "$(wc -l <as-ref.answers)" -gt 20 ]
    diff as-ref.answers as-wcc.answers
    record "answers alike: $(wc -l <as-wcc.answers)"
}

# Text with one name for both compilers, both linkers and both directories.
named_alike() {
    sed -e "s|$WCCXX|CXX|g; s|$WCC|CC|g; s|$LD_WCC|LD|g; s|as-$1|as|g" \
        -e "s#\(/usr/bin/\)\?\b$REF_CXX\( \|'\|\$\)#CXX\2#g; s|\b$REF_CC\b|CC|g; s|/usr/bin/ld\b|LD|g"
}
