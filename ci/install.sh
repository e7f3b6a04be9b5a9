#!/usr/bin/env bash
# Installs baton into a folder: the release of a version where there is one, or else what lies beside this script.
#
#   install.sh FOLDER
#
# VERSION, or else ACTION_REF, is the release; SERVER and ACTION_REPOSITORY say where releases are.
set -euo pipefail
into=$1
version=${VERSION:-${ACTION_REF:-}}
sources=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$into"

target() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo x86_64-unknown-linux-musl ;;
        Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
        *) return 1 ;;
    esac
}

# Brings the release, and compares it with its sum: a download that is not what was published is no release.
download() {
    local name address
    name="baton-${version#v}-$(target)" || return 1
    address="${SERVER:-https://github.com}/$ACTION_REPOSITORY/releases/download/$version/$name.tar.gz"
    curl --silent --show-error --fail --location --retry 3 --output "$into/baton.tar.gz" "$address" || return 1
    curl --silent --show-error --fail --location --retry 3 --output "$into/baton.sum" "$address.sha256" || return 1
    if [ "$(cut -d ' ' -f 1 "$into/baton.sum")" != "$(sum_of "$into/baton.tar.gz")" ]; then
        echo "the download of $address is not what its sum says" >&2
        exit 2
    fi
    tar -xzf "$into/baton.tar.gz" -C "$into" --strip-components 1
    rm "$into/baton.tar.gz" "$into/baton.sum"
}

sum_of() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

case "$version" in
    v[0-9]*)
        if [ -n "${ACTION_REPOSITORY:-}" ] && download; then
            "$into/baton" --version
            exit
        fi
        # A version that was asked for by name is not replaced by another one.
        if [ -n "${VERSION:-}" ]; then
            echo "there is no release $VERSION for this machine" >&2
            exit 2
        fi
        echo "there is no release $version for this machine: building it"
        ;;
esac
cargo build --release --locked --quiet --manifest-path "$sources/Cargo.toml" --bin baton --target-dir "$into/target"
cp "$into/target/release/baton"* "$into/"
"$into/baton" --version
