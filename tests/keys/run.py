"""What is personal lies sealed: nothing of it is plain in the database, keys change while people work, a stolen file tells nothing."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, Seat, Server, Tap, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"
NAME, NUMBER, PHONE, CARD = "张晓滇", "530102199003070016", "13908712345", "6217001230001234569"
KEY = FOLDER / "master.key"


def raw():
    """Everything that the database holds, as a thief would have it."""
    if DATABASE.startswith("sqlite:"):
        path = DATABASE.removeprefix("sqlite:")
        return b"".join(pathlib.Path(path + end).read_bytes() for end in ("", "-wal") if os.path.exists(path + end))
    dump = shutil.which("pg_dump") or "/usr/lib/postgresql/15/bin/pg_dump"
    done = subprocess.run([dump, DATABASE], capture_output=True, check=True)
    # bytea is dumped in hexadecimal
    return done.stdout + b"".join(bytes.fromhex(text.decode()) for text in
                                  re.findall(rb"\\\\x((?:[0-9a-f]{2})+)", done.stdout))


def enrol(server):
    """A worker with a number, a phone and a card comes into a class."""
    school = Seat("school1").sign_in(server)
    rows = json.loads(school.get("/desk/classes").text)["list"]["rows"]
    path = next(row["path"] for row in rows if row["state"] in ("approved", "in_progress"))
    return school.post(path + "/enrol", {"identity_no": NUMBER, "name": NAME, "phone": PHONE, "bank_account": CARD,
                                         "bank_name": "示例银行"})


def is_found(server):
    reply = Seat("county1").sign_in(server).post("/desk/people", {"wanted": NUMBER})
    return NAME in reply.text or "/desk/person/" in reply.text


def keys(*words):
    return dianji("keys", *words, "--db", DATABASE)


def check_values(tap):
    with Server(clock=CLOCK) as server:
        reply = enrol(server)
        tap.check("somebody is enrolled with number, phone and card", reply.status == 201, reply.text)
        tap.check("and is found by the number", is_found(server))
    held = raw()
    tap.check("the name is there", NAME.encode() in held)
    for what, text in (("number", NUMBER), ("phone", PHONE), ("card", CARD)):
        tap.check(f"the {what} is nowhere in what the database holds", text.encode() not in held)
    numbers = [text for text in re.findall(rb"(?<![0-9A-Za-z])(\d{17}[\dX])(?![0-9A-Za-z])", held) if is_identity(text.decode())]
    tap.check("nor is anybody else's", not numbers, numbers[:3])


def is_identity(text):
    rest = sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(text[:17])) % 11
    return text[:2] == "53" and text[17] == "10X98765432"[rest]


def check_changes(tap):
    code, out, error = keys("rotate")
    tap.check("a new data key is made", code == 0, error)
    code, out, error = keys("reseal")
    tap.check("what the old one sealed is sealed anew", code == 0 and "values sealed anew" in error, error)
    code, _, error = keys("reseal")
    tap.check("a second time there is nothing to do", code == 0 and " 0 values" in error, error)
    code, out, error = keys("convert", "--suite", "guomi")
    tap.check("the suite is changed to guomi", code == 0 and keys("list")[1].rstrip().endswith("current")
              and "seal guomi" in keys("list")[1], error)
    with Server(clock=CLOCK) as server:
        tap.check("people are found as before", is_found(server))
        tap.check("enrolling again finds the same person", enrol(server).status == 200)
        code, _, error = keys("rotate")
        refused = code == 1 and "dianji:" in error
        tap.check("beside a running server: refused on SQLite, done on PostgreSQL",
                  refused if DATABASE.startswith("sqlite:") else code == 0, error)
        tap.check("and the server goes on", is_found(server) and enrol(server).status == 200)
    code, _, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("the counters are what a recount says", code == 0, error)


def check_master(tap):
    tap.check("the master key is its owner's alone", KEY.stat().st_mode & 0o77 == 0)
    code, _, error = keys("list", "--master-key", "env:NO_SUCH_KEY")
    tap.check("without a master key nothing starts", code == 1 and error.count("\n") == 1, error)
    os.environ["ANOTHER_KEY"] = "ab" * 32
    code, _, error = keys("list", "--master-key", "env:ANOTHER_KEY")
    tap.check("nor with another's", code == 1 and error.count("\n") == 1, error)
    code, _, error = keys("list", "--master-key", f"command:cat {KEY}")
    tap.check("a command may give it", code == 0, error)
    tap.check("a wrong word is a wrong usage", keys("burn")[0] == 2)


def check_selftest(tap):
    code, out, error = dianji("selftest", "--db", DATABASE)
    tap.check("the installation's own test finds all in order", code == 0 and "FAILED" not in out and out.count("ok") >= 8,
              out + error)
    code, out, error = dianji("selftest", "--db", DATABASE, "--master-key", "env:ANOTHER_KEY")
    tap.check("and says what is not", code == 1 and "dianji:" in error, out + error)


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "300", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    check_values(tap)
    check_changes(tap)
    check_master(tap)
    check_selftest(tap)
    tap.finish()


if __name__ == "__main__":
    main()
