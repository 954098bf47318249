"""The running server has given up what it does not need: files, programs, processes, and what a dump or a process list would tell."""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, Client, Seat, Server, Tap, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"


def status_of(process, thread=None):
    """The fields of /proc/PID/status."""
    place = f"/proc/{process}/status" if thread is None else f"/proc/{process}/task/{thread}/status"
    lines = pathlib.Path(place).read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def children_of(process):
    place = f"/proc/{process}/task/{process}/children"
    return [int(word) for word in pathlib.Path(place).read_text(encoding="utf-8").split()]


def words_of(process):
    return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[:-1]


def is_alive(process):
    try:
        return status_of(process)["State"][0] not in "ZX"
    except OSError:
        return False


def limits_of(process):
    lines = pathlib.Path(f"/proc/{process}/limits").read_text(encoding="utf-8").splitlines()
    return {line[:26].strip(): line[26:].split()[:2] for line in lines[1:]}


def check_gone(tap, server):
    """What the kernel says of each thread; what it then refuses is src/base/confine_test.c's."""
    process = server.process.pid
    threads = os.listdir(f"/proc/{process}/task")
    filtered = [status_of(process, thread) for thread in threads]
    tap.check("every thread is behind the filter of calls", len(threads) > 3 and all(one["Seccomp"] == "2" for one in filtered))
    tap.check("and can gain no privileges", all(one["NoNewPrivs"] == "1" for one in filtered))
    tap.check("no core is dumped", limits_of(process)["Max core file size"] == ["0", "0"], limits_of(process))
    owner = os.stat(f"/proc/{process}/mem").st_uid
    tap.check("its memory is nobody's to look at", owner == 0, owner)
    children = children_of(process)
    tap.check("one child waits to start readers of uploads", [words_of(child)[1:] for child in children] == [[b"sheet-nursery"]])
    tap.check("that can gain nothing either", all(status_of(child)["NoNewPrivs"] == "1" for child in children))
    return children


def check_work(tap, server):
    """All that a server does it can still do: a new log of the database, a child for an upload."""
    school = Seat("school1").sign_in(server)
    tap.check("pages are answered", school.get("/desk/classes").status == 200)
    rows = json.loads(school.get("/desk/classes").text)["list"]["rows"]
    path = next((row["path"] for row in rows if row["state"] in ("approved", "in_progress")), None)
    body = ("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + school.token + "\r\n"
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
            "姓名,身份证号码\n张晓滇,530102199003070016\n\r\n--x--\r\n").encode()
    reply = school.client.request("POST", f"{path}/roster", body, Content_Type="multipart/form-data; boundary=x",
                                  Accept="application/json", X_CSRF_Token=school.token)
    tap.check("an upload is read", reply.status < 400, f"{reply.status} {reply.text}")
    place = json.loads(reply.text).get("location", path) if reply.status < 400 else path
    until = time.monotonic() + 20
    while time.monotonic() < until and json.loads(school.get(place).text).get("state") == "reading":
        time.sleep(0.05)
    state = json.loads(school.get(place).text).get("state")
    tap.check("to its end, in a child", state not in (None, "reading"), state)


def cut_connections():
    """PostgreSQL ends every connection of the server: it must open new ones."""
    subprocess.run(["psql", "-qXAt", DATABASE, "-c",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid()"], check=True, capture_output=True, timeout=30)


def check_connections(tap, server):
    for _ in range(3):
        cut_connections()
        answers = [Client(server).get("/classes").status for _ in range(12)]
        tap.check("connections that the database ended are opened anew", answers[-1] == 200, answers)


def secrets():
    """What must stand nowhere: the master key, and the password of a PostgreSQL address."""
    key = (FOLDER / "master.key").read_text(encoding="utf-8").strip()
    found = re.search(r"://[^:/@]+:([^@]+)@", DATABASE)
    return [key] + ([found.group(1)] if found else [])


def check_secrets(tap, server):
    """Nobody reads a secret from the list of processes, nor from the environment of a child."""
    for process in [server.process.pid, *children_of(server.process.pid)]:
        told = b" ".join(words_of(process)).decode()
        tap.check(f"no secret among the arguments of {told.split()[1]}", not any(one in told for one in secrets()), told)
    tap.check("the children have no environment", all(pathlib.Path(f"/proc/{child}/environ").read_bytes() == b""
                                                      for child in children_of(server.process.pid)))


def check_addresses(tap):
    """The database's address from a file or the environment, and what is said of a wrong one."""
    place = FOLDER / "database"
    place.write_text(DATABASE + "\n", encoding="utf-8")
    place.chmod(0o400)
    os.environ["DIANJI_TEST_ADDRESS"] = DATABASE
    for source in (f"file:{place}", "env:DIANJI_TEST_ADDRESS", DATABASE):
        code, out, error = dianji("init", "--db", source)
        tap.check(f"the address from {source.partition(':')[0]}", code == 0 and "is ready" in error, error)
        tap.check("and no secret is said", not any(one in out + error for one in secrets()), "it was")
    place.chmod(0o444)
    code, _, error = dianji("init", "--db", f"file:{place}")
    tap.check("a file that others can read is refused", code == 2 and "open to others" in error, error)
    tap.check("so is one that is not there", dianji("init", "--db", f"file:{place}-no")[0] == 2)
    tap.check("and a variable that is not", dianji("init", "--db", "env:NO_SUCH_VARIABLE")[0] == 2)
    for address in ("postgresql://me:s3cr3t@127.0.0.1:1/none", "postgresql://127.0.0.1:1/none?user=me&password=s3cr3t",
                    "postgresql://me:s3cr3t@127.0.0.1:1/none?nonsense=1", "postgresql://me:s3cr3t%zz@127.0.0.1:1/none"):
        code, out, error = dianji("init", "--db", address)
        tap.check("an unreachable database is told without its password", code == 1 and "s3cr3t" not in out + error, error)
    log = (FOLDER / "server.log").read_text(encoding="utf-8")
    tap.check("nothing secret is in the server's log", "serving" in log and not any(one in log for one in secrets()))


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "300", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Server(clock=CLOCK, log=FOLDER / "server.log") as server:
        children = check_gone(tap, server)
        check_secrets(tap, server)
        check_work(tap, server)
        if DATABASE.startswith("postgresql:"):
            check_connections(tap, server)
        tap.check("the server ends when asked", server.stop() == 0)
    until = time.monotonic() + 5
    while time.monotonic() < until and any(is_alive(child) for child in children):
        time.sleep(0.02)
    tap.check("and its child with it", not any(is_alive(child) for child in children))
    with Server(clock=CLOCK) as server:
        children = children_of(server.process.pid)
        server.kill()
        until = time.monotonic() + 5
        while time.monotonic() < until and any(is_alive(child) for child in children):
            time.sleep(0.02)
        tap.check("also where the server is killed", not any(is_alive(child) for child in children))
    check_addresses(tap)
    tap.finish()


if __name__ == "__main__":
    main()
