"""A roster of 30,000 rows: answered at once, checked behind the pages, killed while it is, accepted once, undone as a whole.

The server is killed with kill -9 while the file is being checked and while it is being accepted; nothing else is done to it.
"""

import datetime
import http.client
import json
import pathlib
import re
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"
ROWS, BAD_EVERY, KILLS, PATIENCE = 30000, 100, 4, 120
PAGE_BYTES_MOST = 60000
GONE = (OSError, http.client.HTTPException, ValueError)  # what a client sees of a killed server


def identity_no(n):
    """A number of its own for the n-th row, with the check character of GB 11643."""
    born = datetime.date(1985, 1, 1) + datetime.timedelta(days=n % 6000)
    body = f"530102{born:%Y%m%d}{n // 6000:03d}"
    rest = sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(body)) % 11
    return body + "10X98765432"[rest]


NAMES = ("赵钱孙李周吴郑王", "建国志明春燕秀英", "华平芳伟强丽军敏")


def roster():
    """Every hundredth number has been rounded by a spreadsheet."""
    lines = ["某县培训名单,,", "姓名,身份证号,手机号"]
    for n in range(ROWS):
        number = identity_no(n)
        number = "5.30102E+17" if n % BAD_EVERY == BAD_EVERY - 1 else number
        name = NAMES[0][n % 8] + NAMES[1][n // 8 % 8] + NAMES[2][n // 64 % 8]
        lines.append(f"{name},{number},139{10000000 + n * 7919 % 80000000}")
    return "\n".join(lines).encode()


class School:
    """The clerk's browser, which outlives the server."""

    def __init__(self, server):
        self.client = Client(server)
        self.client.post("/sign-in", {"login": "school1", "password": "dianji-2025"})
        self.token = re.search(r'name="csrf" value="([^"]*)"', self.client.get("/account").text).group(1)

    def read(self, path):
        return json.loads(self.client.get(path, Accept="application/json").text)

    def act(self, path):
        return json.loads(self.client.post(path, {"csrf": self.token}, Accept="application/json").text)

    def upload(self, path, content):
        """The import's address."""
        line = uuid.uuid4().hex
        body = (f'--{line}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.token}\r\n--{line}\r\n'
                'Content-Disposition: form-data; name="file"; filename="roster.csv"\r\n\r\n').encode()
        reply = self.client.request("POST", path, body + content + f"\r\n--{line}--\r\n".encode(), Accept="application/json",
                                    Content_Type=f"multipart/form-data; boundary={line}")
        return json.loads(reply.text)["location"]

    def open_class(self):
        rows = self.read("/desk/classes")["list"]["rows"]
        return next(row["path"] for row in rows if row["state"] in ("approved", "in_progress"))

    def trainees(self, path):
        return self.read(path)["trainees"]["total"]


def read_in_spite_of_kills(tap, server, school, path, content):
    """How many rows were seen checked at each kill."""
    began = time.monotonic()
    place = school.upload(path + "/roster", content)
    tap.check("the upload is answered before the file is read through", school.read(place)["state"] == "reading",
              f"{time.monotonic() - began} s")
    page = school.client.get(place)
    tap.check("a browser without scripts asks again by itself", page.headers["Refresh"] == "1" and "id=\"findings\"" not in page.text)
    tap.check("it cannot be accepted before", school.act(place + "/accept")["type"].endswith("roster_accept.reading"))
    tap.check("the same file again is the same import", school.upload(path + "/roster", content) == place)
    seen = []
    for _ in range(KILLS):
        shown = school.read(place)
        until = time.monotonic() + PATIENCE
        while shown["state"] == "reading" and shown["line_count"] <= max(seen, default=0) and time.monotonic() < until:
            time.sleep(0.01)
            shown = school.read(place)
        if shown["state"] != "reading":
            break
        seen.append(shown["line_count"])
        server.kill()
        server.start()
    tap.check("it was killed while it was reading, further on each time", len(seen) >= 2 and seen == sorted(set(seen)), seen)
    until = time.monotonic() + PATIENCE
    while school.read(place)["state"] == "reading" and time.monotonic() < until:
        time.sleep(0.05)
    return place


def count_rows(tap, school, place):
    shown = school.read(place)
    verdicts = ("fresh", "known", "changed", "doubtful", "conflicting", "already", "refused", "enrolled")
    tap.check("every row is there once", shown["state"] == "previewed" and shown["line_count"] == ROWS
              and sum(shown[verdict] for verdict in verdicts) == ROWS, shown["line_count"])
    tap.check("with each of its faults", shown["fault_count"] == ROWS // BAD_EVERY, shown["fault_count"])
    last = school.read(f"{place}?page={shown['pages']}")
    tap.check("the faults are paged, up to the last row", last["page"] == shown["pages"] > 1
              and last["faults"][-1]["row_number"] == ROWS + 2 and last["faults"][-1]["code"] == "id-scientific",
              last["faults"][-1:])
    page = school.client.get(place)
    tap.check("a page of them stays small", len(page.body) < PAGE_BYTES_MOST and page.headers["Refresh"] is None, len(page.body))
    marked = school.client.get(place + "/marked.csv")
    tap.check("the marked copy has them all", marked.status == 200 and marked.text.count("\r\n") == ROWS + 2, marked.status)
    return shown


def accept_in_spite_of_kills(tap, server, school, path, place, seats):
    """Somebody accepts, the server dies, somebody accepts again, until it is answered."""
    before = school.trainees(path)
    for wait in (0.002, 0.01, 0.03):
        def accept():
            try:
                school.act(place + "/accept")
            except GONE:
                pass
        hand = threading.Thread(target=accept)
        hand.start()
        time.sleep(wait)
        server.kill()
        hand.join()
        server.start()
        there = school.trainees(path) - before
        tap.check("after a kill all of them are in the class, or none", there in (0, seats), there)
    school.act(place + "/accept")
    answer = school.act(place + "/accept")
    tap.check("accepted again, it changes nothing", answer.get("outcome") == "roster_accept.already", answer)
    tap.check("everybody is enrolled once", school.trainees(path) == before + seats, school.trainees(path))
    school.act(place + "/undo")
    tap.check("and all leave again together", school.trainees(path) == before, school.trainees(path))


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    content = roster()
    with Server(DATABASE, CLOCK) as server:
        school = School(server)
        path = school.open_class()
        place = read_in_spite_of_kills(tap, server, school, path, content)
        shown = count_rows(tap, school, place)
        accept_in_spite_of_kills(tap, server, school, path, place, shown["fresh"] + shown["known"] + shown["changed"])
    code, out, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("the counters are what a recount says", code == 0, out + error)
    tap.finish()


if __name__ == "__main__":
    main()
