#!/bin/sh
# bootstrap.sh: from a clean clone on Debian 12 to a running program.
#
#   ./bootstrap.sh run [FILE.mnp [ARGS...]]   installs what is missing, builds, compiles and runs
#   ./bootstrap.sh test                       the same, then all tests
#   ./bootstrap.sh bench [NAMES...]           the same, then the benchmarks (adds clang-19 and Python 3)
#   ./bootstrap.sh build                      only builds; prints where the compiler is
set -e
cd "$(dirname "$0")"
LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT

step() {
    echo "mnp: $1" >&2
    shift
    "$@" > "$LOG" 2>&1 || {
        echo "mnp: this failed: $*" >&2
        tail -20 "$LOG" >&2
        exit 1
    }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q "ok installed" || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    command -v apt-get > /dev/null || {
        echo "mnp: install these packages first:$missing" >&2
        exit 1
    }
    apt-cache show llvm-19-dev > /dev/null 2>&1 || step "reading the list of packages" as_root apt-get update
    # shellcheck disable=SC2086
    step "installing$missing" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

build() {
    install_missing gcc libc6-dev cmake ninja-build re2c lemon llvm-19-dev
    [ -f build/release/build.ninja ] || step "configuring" cmake --preset release
    step "building" cmake --build --preset release
}

command=${1:-run}
[ $# -gt 0 ] && shift
case $command in
run)
    build
    if [ $# -eq 0 ]; then
        exec build/release/bin/mnp run examples/convolve.mnp
    fi
    exec build/release/bin/mnp run "$@"
    ;;
test)
    build
    ctest --preset release -j "$(nproc)" "$@"
    ;;
bench)
    build
    install_missing clang-19 python3
    exec bench/run "$@"
    ;;
build)
    build
    echo build/release/bin/mnp
    ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
