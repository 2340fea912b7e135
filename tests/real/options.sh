# Every option that the compiler knows by name, in a link of objects: wcc takes what it takes, refuses what it refuses, and
# links with the same words. Prints what differs: halves of names (-fdump-), names of other languages, and values that only
# the whole command makes wrong; one in twenty would be more than those.
packages binutils
rm -rf options
mkdir -p options
cd options
echo 'int main(void) { return 0; }' >m.c
"$REF_CC" -c m.c
# The words of the last line that names a linker, in order of the alphabet, without those for the compiler's own plugin.
link_words() {
    local line words=() out=() i
    while IFS= read -r line; do
        [[ $line =~ ^\ \"?/[^\ ]*/(collect2|ld[^/\ ]*)\"?\  ]] && words=($line)
    done <<<"${1//\"/}"
    for ((i = 1; i < ${#words[@]}; i++)); do
        case ${words[i]} in
        -plugin) i=$((i + 1)) ;;
        -plugin-opt=* | -flto* | -fno-lto | -fuse-ld=*) ;;
        -L*) out+=("-L$(realpath -ms "${words[i]#-L}")") ;;
        /*) out+=("$(realpath -ms "${words[i]}")") ;;
        *) out+=("${words[i]}") ;;
        esac
    done
    printf '%s\n' "${out[@]}" | sort
}
case $REF_CC in
*clang*) names=$("$REF_CC" --autocomplete=- | cut -f1 | grep -v '^-W') ;;
*) names=$(strings -n 2 "$(command -v "$REF_CC")" | grep -xE -- '-[-a-zA-Z0-9][-a-zA-Z0-9_+,.=]*' | grep -v '^--param=' | sort -u) ;;
esac
n=0 differ=()
for name in $names; do
    case $name in *= | *,) name=${name}1 ;; esac
    n=$((n + 1))
    a=0 b=0
    ours=$("$WCC" -### -o out m.o "$name" 2>&1 </dev/null) || b=1
    theirs=$("$REF_CC" -### -o out m.o "$name" 2>&1 </dev/null) || a=1
    if [ $a != $b ]; then
        differ+=("$name: status $a, wcc $b")
    elif [ $a = 0 ] && [ "$(link_words "$theirs")" != "$(link_words "$ours")" ]; then
        differ+=("$name: other words")
    fi
done
printf '%s\n' "${differ[@]}"
[ $((${#differ[@]} * 20)) -lt $n ]
record "tests: $n options, ${#differ[@]} differ"
