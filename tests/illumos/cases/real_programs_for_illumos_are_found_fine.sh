#@ needs: npm
# Programs that run on illumos every day, made by another linker. Fetched once; skipped without a network.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/wcc-tests/npm-sunos
mkdir -p "$cache"
for package in @esbuild/sunos-x64@0.28.2 @expo/ngrok-bin-sunos-x64@2.3.41; do
    dir=$cache/$(echo $package | tr -c 'a-z0-9.\n' _)
    if [ ! -d "$dir" ]; then
        [ -z "${WCC_NO_INSTALL:-}" ] || { echo "the package $package is not in $cache"; exit 77; }
        (cd "$PWD" && timeout 60 npm pack --silent $package >name) || { echo "npm cannot fetch $package"; exit 77; }
        mkdir "$dir.new"
        tar -C "$dir.new" -xf "$(tail -1 name)"
        mv "$dir.new" "$dir"
    fi
    find "$dir" -type f -size +1000k >files
    [ -s files ]
    while read -r file; do
        "$LD" --verify-load=illumos "$file" | grep -q ': ok for illumos'
        must_fail "$LD" --verify-load=linux-none "$file" 2>/dev/null
    done <files
done
