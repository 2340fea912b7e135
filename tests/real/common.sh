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
    echo "$n files linked by wcc"
    [ $n -gt 0 ] && [ $bad = 0 ]
}

# The compiler behind wcc, which every answer is compared with: gcc, or clang with WCC_CC=clang-19.
REF_CC=${WCC_CC:-gcc}
case $REF_CC in
*clang*) REF_CXX=${REF_CC/clang/clang++} ;;
*) REF_CXX=${REF_CC/gcc/g++} ;;
esac

# Runs ./configure (or $CONFIGURE) with the compiler itself and with wcc, side by side in as-ref and as-wcc; the
# answers must be the same. Prints both times and leaves the shell in as-wcc.
configure_both() {
    local who start times=
    for who in ref wcc; do
        mkdir "as-$who"
        start=$(date +%s%N)
        (
            cd "as-$who"
            if [ $who = ref ]; then
                unset LD
                export CC=$REF_CC CXX=$REF_CXX
            fi
            "../${CONFIGURE:-configure}" "$@"
        ) >"as-$who.configure.log" 2>&1 || { tail -n 20 "as-$who.configure.log"; return 1; }
        times+=" $who $((($(date +%s%N) - start) / 1000000)) ms"
    done
    echo "configure:$times"
    same_answers
    cd as-wcc
}

# Compares config.h and the cache of answers in config.log, without those that name the compiler, the linker and the
# directory.
same_answers() {
    local header who
    while IFS= read -r header; do
        diff <(named_alike ref <"as-ref/$header") <(named_alike wcc <"as-wcc/$header")
    done < <(cd as-ref && find . -name 'config.h' -o -name '*_config.h' -o -name 'config_auto.h')
    for who in ref wcc; do
        sed -n '/^ac_cv_\|^lt_cv_\|^gl_cv_\|^curl_cv_\|^ax_cv_/p' "as-$who/config.log" |
            grep -v '^ac_cv_env_\|^ac_cv_prog_\(ac_ct_\)\?\(CC\|CXX\|CPP\|LD\|OBJC\)=\|^lt_cv_path_LD\|^ac_cv_path_ac_pt_LD' |
            named_alike $who >"as-$who.answers"
    done
    [ "$(wc -l <as-ref.answers)" -gt 20 ]
    diff as-ref.answers as-wcc.answers
    echo "$(wc -l <as-wcc.answers) answers alike"
}

# Text with one name for both compilers, both linkers and both directories.
named_alike() {
    sed -e "s|$WCCXX|CXX|g; s|$WCC|CC|g; s|$LD_WCC|LD|g; s|as-$1|as|g" \
        -e "s|\b$REF_CXX\b|CXX|g; s|\b$REF_CC\b|CC|g; s|/usr/bin/ld\b|LD|g"
}

# Runs a command and prints how long it took: timed LABEL COMMAND...
timed() {
    local label=$1 start
    shift
    start=$(date +%s%N)
    "$@"
    echo "$label: $((($(date +%s%N) - start) / 1000000)) ms"
}
