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
    apt-get source -q "$1" >source.log 2>&1
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
