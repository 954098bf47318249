"""What is past its time goes, by the periods of the pack, and nothing else: dianji retention."""

import json
import pathlib
import re
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Seat, Server, Tap, dianji  # noqa: E402

DAY = "2025-10-15T09:00:00+08:00"
UPLOADS_OVER, LOGS_OVER, VIEWS_OVER = "2026-02-01T09:00:00+08:00", "2026-11-01T09:00:00+08:00", "2028-11-01T09:00:00+08:00"
IN_BETWEEN = "2026-06-20T09:00:00+08:00"  # an account that nobody opens for half a year is dormant


def retention(clock, *words):
    """(exit code, what of each kind is past its time, what was said)."""
    code, text, error = dianji("retention", "--db", DATABASE, "--clock", clock, *words)
    lines = re.findall(r"^(.*?) +before (\S+)  (\d+)$", text, re.MULTILINE)
    return code, {name: int(count) for name, _, count in lines}, error


def upload(server):
    """A roster that stays a preview; its path."""
    seat, boundary = Seat("school1").sign_in(server), uuid.uuid4().hex
    rows = json.loads(seat.get("/desk/classes").text)["list"]["rows"]
    path = next(row["path"] for row in rows if row["state"] in ("approved", "in_progress"))
    seat.get(rows[-1]["path"])  # a view of its trainees
    content = "姓名,身份证号\n张晓滇,530102199003070016\n李四,1\n"
    part = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="roster.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n{content}\r\n--{boundary}--\r\n")
    reply = seat.client.request("POST", path + "/roster", part.encode(), Accept="application/json",
                                Content_Type=f"multipart/form-data; boundary={boundary}", X_CSRF_Token=seat.token)
    return json.loads(reply.text)["location"]


def count(server, question):
    return json.loads(Seat("auditor").sign_in(server).get("/desk/audit" + question).text)["list"]["total"]


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "200", "--classes", "10", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Server(clock=DAY) as server:
        path = upload(server)
        Client(server).post("/sign-in", {"login": "school1", "password": "not this one"})
        Client(server).get("/desk/people")
    code, past, error = retention(DAY)
    kinds = {"sessions and failed attempts", "log of sign-ins and refusals", "record of views and exports", "record of changes",
             "uploaded rosters"}
    tap.check("each kind is listed, nothing is past its time today", code == 0 and past.keys() == kinds
              and sum(past.values()) == 0, (past, error))
    code, past, _ = retention(UPLOADS_OVER)
    tap.check("a listing erases nothing", past["uploaded rosters"] >= 1 and retention(UPLOADS_OVER)[1] == past, past)
    tap.check("sessions are over first", past["sessions and failed attempts"] > 0 and past["log of sign-ins and refusals"] == 0, past)
    code, _, error = retention(UPLOADS_OVER, "--apply")
    tap.check("uploads and sessions go when their time is over", code == 0 and sum(retention(UPLOADS_OVER)[1].values()) == 0, error)
    with Server(clock=UPLOADS_OVER) as server:
        seat = Seat("school1").sign_in(server)
        reply = seat.get(path)
        tap.check("that there was an upload stays, who was in it does not", reply.status == 200 and "张晓滇" not in reply.text, reply.text)
        tap.check("nor does the file", seat.get(path + "/marked.csv").status == 404)
        tap.check("refusals are still there", count(server, "?action=refused") > 0)
        trainees = json.loads(seat.get("/desk/classes").text)["list"]["total"]
    code, past, error = retention(VIEWS_OVER, "--apply")
    tap.check("a clock that would take the whole log is doubted", code == 1 and "clock" in error
              and retention(VIEWS_OVER)[1] == past, error)
    for day in (IN_BETWEEN, LOGS_OVER):
        with Server(clock=day) as server:
            Seat("school1").sign_in(server)
            Seat("auditor").sign_in(server)
    code, _, error = retention(LOGS_OVER, "--apply")
    tap.check("the log goes when its time is over", code == 0, error)
    with Server(clock=LOGS_OVER) as server:
        tap.check("refusals are gone", count(server, "?action=refused&until=2025-12-31") == 0)
        tap.check("views stay longer", count(server, "?action=saw") > 0)
        tap.check("so do the classes", json.loads(Seat("school1").sign_in(server).get("/desk/classes").text)["list"]["total"] == trainees)
    code, _, error = dianji("retention", "--db", DATABASE, "--clock", "yesterday")
    tap.check("a clock that is none is refused", code == 2, error)
    tap.finish()


if __name__ == "__main__":
    main()
