"""Pages a second under wrk: libmicrohttpd alone, an empty page of the server, and public pages beside it, in one run."""

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from whole import Server, dianji, free_port  # noqa: E402

SECONDS = int(os.environ.get("DIANJI_BENCH_SECONDS", "5"))
CLIENTS = 32
PEOPLE, CLASSES = "2000", "40"
PAGES = {"certificate check": "/certificate/{number}", "class list": "/classes", "progress": "/progress", "home": "/"}


def wrk(url):
    """(requests a second, the latency that 99 % stay below), of one wrk thread."""
    done = subprocess.run(["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}", "--latency", url], capture_output=True, text=True,
                          check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"{url}: {done.stdout}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    print(f"{url} {rate:,.0f}/s", file=sys.stderr)
    return rate, re.search(r"99%\s+(\S+)", done.stdout).group(1)


def length_of(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return len(answer.read())


def wait_for(url):
    """Until it answers."""
    for _ in range(100):
        try:
            return length_of(url)
        except urllib.error.URLError:
            time.sleep(0.05)
    sys.exit(f"{url} does not answer")


def prepare(folder):
    """A small province; (database URL, the number of a certificate in it)."""
    url = f"sqlite:{folder}/bench.sqlite"
    for words in (["init", "--db", url], ["simulate", "--db", url, "--people", PEOPLE, "--classes", CLASSES, "--seed", "1"]):
        code, _, error = dianji(*words)
        if code:
            sys.exit(error)
    base = sqlite3.connect(f"file:{folder}/bench.sqlite?mode=ro", uri=True)
    number, = base.execute("SELECT certificate_no FROM certificate ORDER BY certificate_no LIMIT 1").fetchone()
    base.close()
    return url, number


def measure_bare(length):
    port = free_port()
    with subprocess.Popen([ROOT / "build/pages_bench", str(port), str(length), str(os.cpu_count())],
                          stdin=subprocess.PIPE) as bare:
        wait_for(f"http://127.0.0.1:{port}/")
        found = wrk(f"http://127.0.0.1:{port}/")
        bare.stdin.close()
    return found


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        url, number = prepare(folder)
        with Server(url) as server:
            site = f"http://127.0.0.1:{server.port}"
            bare, _ = measure_bare(length_of(f"{site}/empty"))
            empty, late = wrk(f"{site}/empty")
            rows.append({"what": "libmicrohttpd alone, as many bytes", "value": round(bare), "unit": "requests/s"})
            rows.append({"what": "empty page", "value": round(empty), "unit": "requests/s",
                         "beside": f"{empty / bare:.0%} of the bare library, 99% within {late}"})
            for what, path in PAGES.items():
                rate, late = wrk(site + path.format(number=number))
                rows.append({"what": what, "value": round(rate), "unit": "requests/s",
                             "beside": f"{rate / empty:.0%} of an empty page, 99% within {late}"})
    print(json.dumps({"about": f"one wrk thread, {CLIENTS} connections, {SECONDS} s each, on the same machine", "rows": rows},
                     ensure_ascii=False))


if __name__ == "__main__":
    main()
