"""A roster of 100,000 rows against 1,000,000 registered people, beside the bare parse of the same file and the bare insert."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BENCH = ROOT / "build/roster_bench"
ROWS, ROUNDS = 100000, 5


def measure(*words):
    """(rows a second, peak memory in MiB), the medians of some rounds, each a process of its own."""
    rates, peaks = [], []
    for _ in range(ROUNDS):
        child = subprocess.Popen([BENCH, *words], stdout=subprocess.PIPE, text=True)
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            sys.exit(f"roster_bench {' '.join(map(str, words))} failed")
        rates.append(ROWS * 1_000_000 / int(output))
        peaks.append(usage.ru_maxrss / 1024)
    print(f"{' '.join(map(str, words))}: {statistics.median(rates):,.0f}/s", file=sys.stderr)
    return round(statistics.median(rates)), round(statistics.median(peaks))


def row(what, rate, beside):
    return {"what": what, "value": rate, "unit": "rows/s", "beside": beside}


def main():
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        subprocess.run([BENCH, "fill", folder], check=True)
        sizes = {kind: (pathlib.Path(folder) / f"roster.{kind}").stat().st_size for kind in ("csv", "xlsx")}
        insert, _ = measure("insert", f"{folder}/roster.csv", folder)
        rows = [row("bare insert into SQLite", insert, "")]
        for kind, title in (("csv", "CSV"), ("xlsx", "XLSX")):
            bare, _ = measure("parse", f"{folder}/roster.{kind}", folder)
            rate, peak = measure("check", f"{folder}/roster.{kind}", folder)
            rows.append(row(f"{title}, bare parse", bare, f"{sizes[kind]:,} bytes"))
            rows.append(row(f"{title}, read, checked and looked up", rate,
                            f"{100 * rate / bare:.0f} % of the bare parse, {100 * rate / insert:.0f} % of the bare insert, "
                            f"{peak} MiB"))
    print(json.dumps({"about": "100,000 rows, half of them among 1,000,000 registered people; medians of "
                               f"{ROUNDS} runs; the file is read in a child", "rows": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()
