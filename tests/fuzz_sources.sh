#!/bin/sh
# Damaged sources of everything that is written in the language. usage: fuzz_sources.sh FUZZ_SOURCES ROOT WORK COUNT SEED
mkdir -p "$3"
exec "$1" "$3" "$4" "$5" "$2"/tests/cases/*.mnp "$2"/examples/*.mnp "$2"/stdlib/*.mnp "$2"/bench/*/*.mnp
