#@ needs: npm
# Programs that run on their systems every day, made by another linker. Fetched once; skipped without a network.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/wcc-tests/npm
mkdir -p "$cache"
for row in illumos:@esbuild/sunos-x64@0.28.2 illumos:@expo/ngrok-bin-sunos-x64@2.3.41 freebsd:@esbuild/freebsd-x64@0.28.2 \
    netbsd:@esbuild/netbsd-x64@0.28.2 openbsd:@esbuild/openbsd-x64@0.28.2; do
    platform=${row%%:*} package=${row#*:}
    dir=$cache/$(echo "$package" | tr -c 'a-z0-9.\n' _)
    if [ ! -d "$dir" ]; then
        [ -z "${WCC_NO_INSTALL:-}" ] || { echo "the package $package is not in $cache"; exit 77; }
        timeout 60 npm pack --silent "$package" >name || { echo "npm cannot fetch $package"; exit 77; }
        mkdir -p "$dir.new"
        tar -C "$dir.new" -xf "$(tail -1 name)"
        mv "$dir.new" "$dir"
    fi
    find "$dir" -type f -size +1000k >files
    [ -s files ]
    while read -r file; do
        "$LD" --verify-load=$platform "$file" >says
        grep -q ": ok for $platform" says
        # And for no other: the brands and interpreters differ.
        for other in illumos netbsd openbsd; do
            [ $other = $platform ] || must_fail "$LD" --verify-load=$other "$file" >says
        done
    done <files
done
