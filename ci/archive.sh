#!/usr/bin/env bash
# Packs the programs of a build into the archive of a release, with its sum beside it.
#
#   archive.sh TARGET FOLDER-OF-PROGRAMS OUTPUT-FOLDER
set -euo pipefail
target=$1 programs=$2 output=$3
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
name=baton-$version-$target
mkdir -p "$output/$name"
for program in baton cargo-baton; do
    for file in "$programs/$program" "$programs/$program.exe"; do
        if [ -f "$file" ]; then cp "$file" "$output/$name/"; fi
    done
done
cp README.md LICENSE-APACHE LICENSE-MIT CHANGELOG.md "$output/$name/"
tar -czf "$output/$name.tar.gz" -C "$output" "$name"
rm -r "${output:?}/$name"
cd "$output"
if command -v sha256sum >/dev/null; then
    sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
else
    shasum -a 256 "$name.tar.gz" >"$name.tar.gz.sha256"
fi
