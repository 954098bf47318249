#!/bin/bash
# Rosters read row by row, beside the bare libraries: bench/sheet_bench.c.
set -euo pipefail
build/sheet_bench
