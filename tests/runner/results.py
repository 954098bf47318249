"""What a test run found: told as it goes, kept in build-test/results.sqlite, summed up in its last line."""

import sqlite3
import sys
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    group: str  # "unit", "house", …
    name: str  # "base_test/money_rounds_down"
    state: str  # passed, failed, skipped
    engine: str = ""  # sqlite, postgres
    output: str = ""  # shown for what failed


class Results:
    """Collects results from several threads."""

    def __init__(self, path):
        self.all = []
        self.lock = threading.Lock()
        self.started = time.time()
        self.path = path

    def add(self, title, results, seconds):
        """Tells of one piece of work that has ended: its line, and the output of what failed."""
        failed = [r for r in results if r.state == "failed"]
        skipped = sum(r.state == "skipped" for r in results)
        with self.lock:
            self.all += [(r, seconds) for r in results]
            mark = "FAILED" if failed else "ok    "
            note = f", {skipped} skipped" if skipped else ""
            print(f"{mark} {title}  ({len(results)} tests{note}, {seconds:.1f} s)")
            for result in failed:
                print(f"    failed: {result.name}")
            for output in dict.fromkeys(r.output for r in failed if r.output.strip()):
                lines = [line for line in output.rstrip().splitlines() if not line.startswith("ok ")]
                print("    | " + "\n    | ".join(lines[-120:]))
            sys.stdout.flush()

    def keep(self):
        """Writes the run to the results' database, where failures, times and flaky tests are a query."""
        with sqlite3.connect(self.path) as db:
            db.execute("CREATE TABLE IF NOT EXISTS result (run_at INTEGER, tests TEXT, name TEXT,"
                       " engine TEXT, state TEXT, work_ms INTEGER)")
            db.executemany("INSERT INTO result VALUES (?, ?, ?, ?, ?, ?)",
                           [(int(self.started), r.group, r.name, r.engine, r.state, int(seconds * 1000))
                            for r, seconds in self.all])
        db.close()

    def count(self, state):
        return sum(r.state == state for r, _ in self.all)

    def finish(self):
        """Prints the last line; the exit code of the run."""
        self.keep()
        print(f"\nin {time.time() - self.started:.0f} s; {self.path} has each test's state and time")
        print(f"{self.count('passed')} passed, {self.count('failed')} failed, {self.count('skipped')} skipped")
        return 1 if self.count("failed") or not self.count("passed") else 0
