"""The simulated province: every desk has its work, every prefecture its numbers, and a seed has one province."""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, Client, Seat, Server, Tap, dianji  # noqa: E402

SIZE = ("--people", "2000", "--classes", "60")  # as script/server makes it
CLOCK = "2025-10-15T09:00:00+08:00"
SEATS = ("school1", "head1", "teacher1", "worker1", "county1", "chief1", "cashier1", "treasurer1", "evaluator1", "prefecture1",
         "province", "auditor", "admin")
CLASS_STATES = {"draft", "submitted", "returned", "rejected", "approved", "in_progress", "training_done", "closed"}
CLAIM_STATES = {"first_review", "second_review", "publicity", "payable", "settled", "rejected"}
PREFECTURES = 16
SECONDS_MOST = 60  # a third of that on any machine; the rest is for one that does something else


def make(tap, database, seed):
    """A province, and the seconds that it took."""
    code, _, error = dianji("init", "--db", database)
    started = time.monotonic()
    if code == 0:
        code, _, error = dianji("simulate", "--db", database, *SIZE, "--seed", seed)
    took = time.monotonic() - started
    tap.check(f"dianji simulate --seed {seed}", code == 0, error)
    return took, error


def look(database, seat="province"):
    """What the province's officer sees of it, ids and instants and all."""
    with Server(database, clock=CLOCK) as server:
        person = Seat(seat).sign_in(server)
        return {path: person.get(path).text for path in (
            "/desk/classes", "/desk/classes?state=closed&first=50", "/desk/claims", "/desk/payments", "/notices", "/progress",
            "/progress/metric/T01.training", "/desk/organisations")}


def check_desks(tap, server):
    seats = {login: Seat(login).sign_in(server) for login in SEATS}

    def data(login, path):
        return json.loads(seats[login].get(path).text)

    states = {line["state"] for line in data("county1", "/desk/classes")["list"]["rows"]} | {
        line["state"] for line in data("school1", "/desk/classes")["list"]["rows"]}
    tap.check("the first county has a class in each state", states == CLASS_STATES, states)
    states = {line["state"] for line in data("county1", "/desk/claims")["list"]["rows"]}
    tap.check("and a claim at each step", states == CLAIM_STATES, states)
    waiting = {login: {entry["entry_path"]: entry["count"] for entry in data(login, "/desk")["entries"]} for login in SEATS}
    for login, path in (("county1", "/desk/classes?state=submitted"), ("county1", "/desk/claims?state=first_review"), ("county1", "/desk/objections"),
                        ("chief1", "/desk/claims?state=second_review"), ("evaluator1", "/desk/classes?state=training_done"),
                        ("cashier1", "/desk/payments")):
        tap.check(f"{login} finds work at {path}", waiting[login].get(path, 0) > 0, waiting[login])
    late = [line for line in data("county1", "/desk/classes?state=submitted")["list"]["rows"] if line["starts_on"] < CLOCK[:10]]
    tap.check("an application waits past its first day", len(late) == 1, late)
    notices = data("county1", "/notices")["list"]["rows"]
    tap.check("lists are on view, and others over", {"running", "over"} == {line["phase"] for line in notices}, notices)
    batches = data("treasurer1", "/desk/payments")["batches"]["rows"]
    tap.check("a batch waits for the second person, one for the bank", {"made", "approved", "closed"} ==
              {line["state"] for line in batches}, batches)
    claims = [data("county1", line["path"]) for line in data("county1", "/desk/claims")["list"]["rows"]]
    lines = {line["state"] for claim in claims for line in claim["lines"]}
    tap.check("the bank sent a payment back", "bounced" in lines, lines)
    record = data("worker1", "/me")
    tap.check("the worker has a certificate and the money", record["trainings"][0]["certificate_no"] is not None
              and len(record["entries"]) >= 3, record)
    tap.check("the teacher sees the class", len(data("teacher1", "/desk/classes")["list"]["rows"]) > 0)


def check_progress(tap, server):
    visitor = Client(server)
    metric = json.loads(visitor.get("/progress/metric/T01.training", Accept="application/json").text)
    places = [place["region"] for place in metric["places"] if place["n"] > 0]
    tap.check("every prefecture has moved", len(places) == PREFECTURES, places)
    code, _, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("no counter differs from a recount", code == 0, error)


def main():
    tap = Tap()
    took, said = make(tap, DATABASE, "1")
    tap.check("it is made while one waits", took < SECONDS_MOST, took)
    tap.check("its sign-ins are told", all(login in said for login in SEATS), said)
    with Server(clock=CLOCK) as server:
        check_desks(tap, server)
        check_progress(tap, server)
    first = look(DATABASE)
    again, other = (f"sqlite:{FOLDER}/{name}.sqlite" for name in ("again", "other"))
    make(tap, again, "1")
    second = look(again)
    for path, text in first.items():
        tap.check(f"the same seed shows the same at {path}, on either engine", text == second[path], text[:600])
    make(tap, other, "2")
    tap.check("another seed is another province", look(other)["/desk/claims"] != first["/desk/claims"])
    tap.finish()


if __name__ == "__main__":
    main()
