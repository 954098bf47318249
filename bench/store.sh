#!/bin/bash
# SQLite through the store beside the bare library: bench/store_bench.c.
set -euo pipefail
folder=$(mktemp -d "$PWD/build/store-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
build/store_bench "$folder"
