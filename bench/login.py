"""How long others wait for their pages while a crowd guesses passwords, beside the same pages without the crowd.

The crowd comes from as many addresses as it has requests, so that no lock by address saves the work of weighing its passwords.
"""

import contextlib
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from whole import Server, dianji  # noqa: E402

ROUNDS, SECONDS = 3, int(os.environ.get("DIANJI_BENCH_SECONDS", "5"))
CROWD, PAUSE = 200, 0.004
MOST = 2.0
PASSWORD = "dianji-2025"
PAGES = ["/desk/classes", "/classes", "/account"]
GUESSES = """
local n = 0
request = function()
  n = n + 1
  local address = string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256)
  return wrk.format("POST", "/sign-in", {["Content-Type"] = "application/x-www-form-urlencoded",
    ["X-Forwarded-For"] = address, Accept = "application/json"}, "login=nobody" .. n .. "&password=a-wrong-password")
end
response = function(status) counts[status] = (counts[status] or 0) + 1 end
setup = function(thread) thread:set("counts", {}); crowd = thread end
done = function()
  for status, count in pairs(crowd:get("counts")) do io.write("answered ", status, " ", count, "\\n") end
end
"""


@contextlib.contextmanager
def crowd(server, folder):
    """Guesses from everywhere until the block ends; then how they were answered."""
    script = pathlib.Path(folder) / "guesses.lua"
    script.write_text(GUESSES, encoding="utf-8")
    answers = {}
    with subprocess.Popen(["wrk", "-t1", f"-c{CROWD}", f"-d{SECONDS + 2}", "--timeout", "30", "-s", script,
                           f"http://127.0.0.1:{server.port}"], stdout=subprocess.PIPE, text=True) as guesses:
        time.sleep(1)
        yield answers
        out, _ = guesses.communicate(timeout=60)
    for line in out.splitlines():
        if line.startswith("answered "):
            answers[int(line.split()[1])] = answers.get(int(line.split()[1]), 0) + int(line.split()[2])


class Reader:
    """Somebody signed in who opens one page after the other, and notes how long each took."""

    def __init__(self, server):
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"X-Forwarded-For": "192.0.2.1"}
        reply = self.ask("POST", "/sign-in", f"login=school1&password={PASSWORD}")
        self.headers["Cookie"] = "; ".join(line.split(";")[0] for line in reply.headers.get_all("Set-Cookie"))

    def ask(self, method, path, body=None):
        self.line.request(method, path, body, self.headers | {"Content-Type": "application/x-www-form-urlencoded"})
        reply = self.line.getresponse()
        reply.read()
        return reply

    def read(self):
        """Milliseconds of each page during some seconds."""
        took, until = [], time.monotonic() + SECONDS
        while time.monotonic() < until:
            started = time.perf_counter()
            reply = self.ask("GET", PAGES[len(took) % len(PAGES)])
            took.append((time.perf_counter() - started) * 1000)
            if reply.status != 200:
                sys.exit(f"a reader was answered {reply.status}")
            time.sleep(PAUSE)
        return took


def sign_in(server):
    """Milliseconds until somebody with the right password is in, or the status of a refusal."""
    started = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    line.request("POST", "/sign-in", f"login=county1&password={PASSWORD}",
                 {"X-Forwarded-For": "192.0.2.2", "Content-Type": "application/x-www-form-urlencoded"})
    status = line.getresponse().status
    line.close()
    return (time.perf_counter() - started) * 1000, status


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def prepare(folder):
    url = f"sqlite:{folder}/bench.sqlite"
    for words in (["init", "--db", url], ["simulate", "--db", url, "--people", "2000", "--classes", "40", "--seed", "1"]):
        code, _, error = dianji(*words)
        if code:
            sys.exit(error)
    return url


def measure(server, folder):
    """(milliseconds quiet, milliseconds under the flood, answers to the flood, a sign-in amid it)."""
    reader, quiet, flooded, answers, entered = Reader(server), [], [], {}, []
    reader.read()
    for number in range(ROUNDS):
        quiet += reader.read()
        with crowd(server, folder) as answered:
            flooded += reader.read()
            entered.append(sign_in(server))
        for status, count in answered.items():
            answers[status] = answers.get(status, 0) + count
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    return quiet, flooded, answers, entered


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(prepare(folder), clock="2025-10-15T09:00:00+08:00")
        server.options.append("--tls-proxy")
        with server:
            quiet, flooded, answers, entered = measure(server, folder)
    rows, ratios = [], []
    for name, part in (("half of the pages", 0.5), ("99 of 100 pages", 0.99)):
        calm, busy = share(quiet, part), share(flooded, part)
        ratios.append(busy / calm)
        rows.append({"what": f"{name}, without the crowd", "value": round(calm, 2), "unit": "ms at most"})
        rows.append({"what": f"{name}, with it", "value": round(busy, 2), "unit": "ms at most",
                     "beside": f"{busy / calm:.2f} times, {MOST:g} are allowed"})
    seconds = ROUNDS * (SECONDS + 2)
    for status, count in sorted(answers.items()):
        rows.append({"what": f"guesses answered {status}", "value": round(count / seconds, 1), "unit": "a second"})
    for took, status in entered:
        rows.append({"what": f"somebody's sign-in amid them: {status}", "value": round(took), "unit": "ms"})
    print(json.dumps({"about": f"{CROWD} connections guess, one reader opens {len(quiet)} and {len(flooded)} pages, in "
                      f"{ROUNDS} rounds of {SECONDS} s each", "rows": rows}, ensure_ascii=False))
    sys.exit(1 if max(ratios) > MOST else 0)


if __name__ == "__main__":
    main()
