#!/bin/bash
# PostgreSQL through the store beside bare libpq: bench/store_bench.c, on a private server.
set -euo pipefail
export DIANJI_POSTGRES=$PWD/build/store-postgres
trap 'script/postgres stop' EXIT
DIANJI_TEST_DB=$(script/postgres start) build/store_bench
