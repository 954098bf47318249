"""kill -9 of the serving program at random moments, while offices work in it.

Four schools and their counties open classes, enrol, punch, examine, claim and review over HTTP, from several threads. The
server is killed, sometimes twice while it starts, and started again; nothing else is done to it. Whatever it had answered
must then be there, and every counter must be what a recount says. The default tier kills a few times, the full tier 500
times; DIANJI_KILLS says another number.

seconds: 3600
"""

import collections
import datetime
import http.client
import json
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Seat, Server, Tap, dianji  # noqa: E402

TIER = os.environ.get("DIANJI_TIER", "default")
KILLS = int(os.environ.get("DIANJI_KILLS", "500" if TIER == "full" else "15"))
FIRST_DAY, DAYS = datetime.date(2025, 10, 15), 60  # the last classes end within the plan
ROUNDS_A_DAY = max(1, KILLS // DAYS)
COUNTIES = {1: "530129", 2: "530102", 3: "530302", 4: "530502"}
TRAINEES, OPEN_CLASSES, LOOKS = 3, 60, 8
LIFE = (0.05, 0.8)  # seconds between the first answer and the kill
SITE_ITEMS = ("place", "safety", "equipment", "teacher", "attendance")
STATES = ["draft", "submitted", "approved", "in_progress", "training_done", "closed"]
CLAIM_STATES = ["first_review", "second_review", "publicity", "payable", "settled"]
GONE = (OSError, http.client.HTTPException, ValueError)  # what a client sees of a killed server


class Refused(Exception):
    """The server answered, and not with what the walk expects."""


def identity_no(n):
    """A number of its own for the n-th person of this test, with the check character of GB 11643."""
    born = datetime.date(1980, 1, 1) + datetime.timedelta(days=n % 7000)
    body = f"530102{born:%Y%m%d}{n // 7000:03d}"
    rest = sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(body)) % 11
    return body + "10X98765432"[rest]


NAMES = ("赵钱孙李周吴郑王", "建国志明春燕秀英", "华平芳伟强丽军敏")


def name_of(n):
    return NAMES[0][n % 8] + NAMES[1][n // 8 % 8] + NAMES[2][n // 64 % 8]


def evaluator_code(number):
    """The credit code of the organisation that examines in the simulation's n-th county."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"52530100{(3 * (number - 1) + 2) * 1237 + 88:09d}"
    total = sum(alphabet.index(c) * 3 ** i % 31 for i, c in enumerate(body))
    return body + alphabet[-total % 31]


class Worker(Seat):
    """A seat whose refusals end the walk."""

    def read(self, path):
        reply = self.get(path)
        if reply.status != 200:
            raise Refused(f"{self.login} GET {path}: {reply.status} {reply.text[:300]}")
        return json.loads(reply.text)

    def act(self, path, fields):
        """Where it leads, once the server has answered."""
        reply = self.post(path, fields)
        if reply.status == 503:
            raise ValueError("busy")
        if reply.status >= 400:
            raise Refused(f"{self.login} POST {path}: {reply.status} {reply.text[:300]}")
        return json.loads(reply.text).get("location") or ""


class Kept:
    """What the server has answered about one class: it may know more than this, never less."""

    def __init__(self):
        self.state, self.claim, self.claim_path = 0, -1, None
        self.trainees, self.hours = set(), {}

    def missing(self, place, path):
        """What of it is not there."""
        shown = place.school.read(path)
        if STATES.index(shown["state"]) < self.state:
            yield f"{path} is {shown['state']}, was {STATES[self.state]}"
        there = {line["name"]: line["attended"] for line in shown["trainees"]["rows"]}
        for name in self.trainees - set(there):
            yield f"{path}: {name} is not enrolled"
        for name, hours in self.hours.items():
            if there.get(name, 0) < hours:
                yield f"{path}: {name} attended {there.get(name)} of {hours}"
        if self.claim >= 0:
            claim = place.county.read(self.claim_path)
            if CLAIM_STATES.index(claim["state"]) < self.claim:
                yield f"{self.claim_path} is {claim['state']}, was {CLAIM_STATES[self.claim]}"


class Place:
    """A school and its county: what they have been answered, and their next step."""

    def __init__(self, number):
        self.number, self.region = number, COUNTIES[number]
        self.school, self.county, self.chief = (Worker(f"{kind}{number}") for kind in ("school", "county", "chief"))
        self.evaluator = Worker(f"evaluator{number}")
        self.kept, self.open, self.touched = {}, collections.deque(), set()
        self.answers, self.made, self.signed_in_on = 0, 0, None

    def serve(self, server, today):
        """Steps until the server is gone."""
        if self.signed_in_on == today:
            for seat in (self.school, self.county, self.chief):
                seat.client.server = server
        else:
            for seat in (self.school, self.county, self.chief):
                seat.sign_in(server)
            self.signed_in_on = today
        while True:
            self.step(today)

    def answered(self, path):
        self.answers += 1
        self.touched.add(path)
        return self.kept.setdefault(path, Kept())

    def step(self, today):
        """Moves a class that is under way, each in its turn; where none can move today, opens one."""
        for _ in range(min(len(self.open), LOOKS)):
            path = self.open.popleft()
            self.open.append(path)
            if self.advance(path, today):
                return
        self.open_class(today)

    def next_person(self):
        self.made += 1
        return self.number * 1000000 + self.made

    def open_class(self, today):
        if len(self.open) >= OPEN_CLASSES:
            time.sleep(0.01)
            return
        n = self.next_person()
        path = self.school.act("/desk/class/new", {
            "name": f"示例班{n}", "programme": "T01-COOK", "occupation": "4-03-02-01", "level": "junior",
            "region": self.region, "place": f"实训楼{n}", "teacher_no": identity_no(n), "teacher_name": name_of(n),
            "starts_on": (today + datetime.timedelta(days=1)).isoformat(), "starts_at": "09:00", "lesson_hours": "56",
            "daily_hours": "8", "capacity": "20", "evaluator_code": evaluator_code(self.number),
            "exam_kind": "both", "exam_on": (today + datetime.timedelta(days=7)).isoformat(), "exam_place": "示例考核站"})
        self.answered(path)
        self.open.append(path)

    def advance(self, path, today):
        """One step of a class, as the server now shows it; False where there is none today."""
        shown = self.school.read(path)
        state, is_ahead = shown["state"], shown["starts_on"] > today.isoformat()
        if not is_ahead and (state in ("draft", "submitted") or not shown["trainees"]["rows"]):
            self.open.remove(path)  # a day without a server went by
            return False
        if state == "draft" and not shown["sessions"][0].get("subject"):
            self.plan(path, shown)
        elif state == "draft":
            self.move(path, self.school, "/submit", {"version": str(shown["version"])}, "submitted")
        elif state == "submitted" and not shown.get("checked_on"):
            self.county.act(path + "/site-check", {
                "checked_on": today.isoformat(), **{f"finding-{item}": "passed" for item in SITE_ITEMS}})
            self.answered(path)
        elif state == "submitted":
            self.move(path, self.county, "/review", {"version": str(shown["version"]), "decision": "approve"}, "approved")
        elif is_ahead and len(shown["trainees"]["rows"]) < TRAINEES:
            self.enrol(path)
        elif state in ("approved", "in_progress"):
            return self.teach(path, shown, today)
        elif state == "training_done":
            scores = {f"score-{line['enrolment']}": "88" for line in shown["trainees"]["rows"]}
            self.evaluator.sign_in(self.school.client.server)  # who comes seldom, and was idle for too long
            self.move(path, self.evaluator, "/results", scores, "closed")
        else:
            return self.claim(path, shown)
        return True

    def move(self, path, seat, step, fields, state):
        seat.act(path + step, fields)
        kept = self.answered(path)
        kept.state = max(kept.state, STATES.index(state))

    def plan(self, path, shown):
        """Each lesson as it was laid out, with a subject."""
        fields = {"version": str(shown["version"])}
        for n, lesson in enumerate(shown["sessions"], 1):
            day, hour = lesson["starts_at"][:10], lesson["starts_at"][11:16]
            fields.update({f"day-{n}": day, f"from-{n}": hour, f"hours-{n}": str(lesson["lesson_hours"]),
                           f"kind-{n}": "practice", f"subject-{n}": "示例内容"})
        self.school.act(path + "/plan", fields)
        self.answered(path)

    def enrol(self, path):
        n = self.next_person()
        self.school.act(path + "/enrol", {"identity_no": identity_no(n), "name": name_of(n)})
        self.answered(path).trainees.add(name_of(n))

    def teach(self, path, shown, today):
        over = [session for session in shown["sessions"] if session["ends_at"][:10] < today.isoformat()]
        hours = sum(session["lesson_hours"] for session in over)
        if all(line["attended"] >= hours for line in shown["trainees"]["rows"]):
            if len(over) < len(shown["sessions"]):
                return False
            self.move(path, self.school, "/finish", {"version": str(shown["version"])}, "training_done")
            return True
        done = min(line["attended"] for line in shown["trainees"]["rows"])
        session = over[done // 8]
        ticks = {f"{kind}-{line['enrolment']}": "1" for line in shown["trainees"]["rows"] for kind in ("in", "out")}
        self.school.act(f"/desk/session/{session['id']}", ticks)
        kept = self.answered(path)
        for line in shown["trainees"]["rows"]:
            kept.hours[line["name"]] = max(kept.hours.get(line["name"], 0), done + 8)
        return True

    def claim(self, path, shown):
        kept = self.kept.setdefault(path, Kept())
        if kept.claim_path is None:
            made = [line for line in self.school.read("/desk/claims")["list"]["rows"] if line["class_name"] == shown["name"]]
            if made:  # by a request whose answer was lost
                kept.claim_path = made[0]["path"]
            else:
                kept.claim_path = self.school.act(path + "/claim", {})
                self.answered(path).claim = 0
        claim = self.county.read(kept.claim_path)
        stage = CLAIM_STATES.index(claim["state"])
        if stage > 1:
            self.open.remove(path)
            return False
        seat = (self.county, self.chief)[stage]
        seat.act(kept.claim_path + "/review", {"version": str(claim["version"]), "decision": "approve"})
        self.answered(path).claim = stage + 1
        return True

    def missing(self, paths):
        try:
            return [fault for path in paths for fault in self.kept[path].missing(self, path)]
        except Refused as refusal:
            return [str(refusal)]


def work(place, server, today, wrong):
    try:
        place.serve(server, today)
    except GONE:
        if server.process.poll() is None and not server.is_dying:
            wrong.append(f"{place.school.login}: a living server was not reached")
    except Refused as refusal:
        if not server.is_dying:
            wrong.append(str(refusal))


def one_life(server, places, today, dice, wrong):
    """The offices work until the server is killed."""
    server.is_dying = False
    threads = [threading.Thread(target=work, args=(place, server, today, wrong)) for place in places]
    for thread in threads:
        thread.start()
    time.sleep(dice.uniform(*LIFE))
    server.is_dying = True
    server.kill()
    for thread in threads:
        thread.join()


def start_again(server, today, dice):
    """As a supervisor does; now and then it is killed while it starts."""
    server.options = ["--clock", f"{today}T09:00:00+08:00"]
    if dice.random() < 0.2:
        server.launch()
        time.sleep(dice.uniform(0, 0.08))
        server.kill()
    server.start()


def is_sound():
    if not DATABASE.startswith("sqlite:"):
        return True
    with sqlite3.connect(f"file:{DATABASE.removeprefix('sqlite:')}?mode=ro", uri=True) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def look(server, places, paths_of, today, lost):
    """What was answered is there, and the counters are what a recount says."""
    for place in places:
        for seat in (place.school, place.county, place.chief):
            seat.sign_in(server)
        place.signed_in_on = today
        lost += place.missing(paths_of(place))
    code, _, error = dianji("ledger", "recount", "--db", DATABASE)
    return [] if code == 0 else [f"{today}: {error}"]


def kill_again_and_again(tap, server):
    dice = random.Random(28)
    places, wrong, lost, differing = [Place(number) for number in COUNTIES], [], [], []
    today = FIRST_DAY
    start_again(server, today, dice)
    for kill in range(KILLS):
        one_life(server, places, today, dice, wrong)
        today = FIRST_DAY + datetime.timedelta(days=(kill + 1) // ROUNDS_A_DAY)
        start_again(server, today, dice)
        if kill % ROUNDS_A_DAY == ROUNDS_A_DAY - 1:
            differing += look(server, places, lambda place: sorted(place.touched), today, lost)
            for place in places:
                place.touched.clear()
            print(f"# {kill + 1} kills, {sum(place.answers for place in places)} answers", file=sys.stderr, flush=True)
    differing += look(server, places, lambda place: list(place.kept), today, lost)
    answers = sum(place.answers for place in places)
    claimed = sum(kept.claim >= 0 for place in places for kept in place.kept.values())
    tap.check(f"after {KILLS} kills nothing of {answers} answers is missing", not lost, "\n".join(lost[:20]))
    tap.check("no counter differs from a recount", not differing, "\n".join(differing[:20]))
    tap.check("nothing that is answered is refused afterwards", not wrong, "\n".join(wrong[:20]))
    tap.check(f"there was work: {claimed} classes came to their claim", answers > 5 * KILLS and claimed > 0, answers)
    tap.check("the database file is sound", is_sound())


def main():
    tap, server = Tap(), Server()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "60", "--classes", "6", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    try:
        kill_again_and_again(tap, server)
    finally:
        server.kill()
    tap.finish()


if __name__ == "__main__":
    main()
