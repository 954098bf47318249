"""Who looked at what: signing in, refusals, views of people and exports leave their line; a route that forgets to say whom it shows is found.

seconds: 900
"""

import json
import pathlib
import re
import sys
import time
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, ROOT, Client, Seat, Server, Tap, activate, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"
LOGINS = ("school1", "county1", "chief1", "evaluator1", "cashier1", "treasurer1", "province", "auditor", "admin", "worker1")
PAGES_A_KIND = 3  # of one route, to each account


def rows_of(*words):
    code, text, error = dianji("routes", *words)
    if code != 0:
        raise RuntimeError(error)
    return [tuple(line.split()) for line in text.splitlines()]


class Routes:
    """Which route a path belongs to, as the server finds it: a word before a part."""

    def __init__(self):
        self.table = rows_of()
        self.shown = {(method, path) for method, path, _ in rows_of("--shows")}
        self.gets = sorted((path for method, path, _ in self.table if method == "GET"), key=lambda path: [
            part.startswith(":") for part in path.split("/")])
        self.permissions = {(method, path): permission for method, path, permission in self.table}

    def of(self, path):
        return next((pattern for pattern in self.gets
                     if re.fullmatch(re.sub(r":\w+", "[^/]+", pattern), path)), None)


class Log:
    """What the auditor reads; views are written a moment behind the answer."""

    def __init__(self, server):
        self.seat = Seat("auditor").sign_in(server)

    def rows(self, question=""):
        return json.loads(self.seat.get("/desk/audit" + question).text)["list"]["rows"]

    def all(self):
        """Every line, page by page."""
        found, after = [], ""
        while True:
            page = json.loads(self.seat.get("/desk/audit" + after).text)["list"]
            found += page["rows"]
            if "next_after" not in page:
                return found
            after = "?after=" + page["next_after"]

    def await_row(self, question, fits=lambda row: True, seconds=10):
        until = time.monotonic() + seconds
        while True:
            row = next((row for row in self.rows(question) if fits(row)), None)
            if row or time.monotonic() > until:
                return row
            time.sleep(0.05)


def check_door(tap, server, log):
    client = Client(server)
    client.post("/sign-in", {"login": "school1", "password": "not this one"})
    row = log.await_row("?action=sign_in_failed")
    tap.check("a sign-in that fails is there, with the account that was tried",
              row and row["login"] == "school1" and row["outcome"] == "sign_in.refused", row)
    client.post("/sign-in", {"login": "nobody-at-all", "password": "not this one"})
    row = log.await_row("?action=sign_in_failed", lambda row: row["login"] is None)
    tap.check("also of a login that nobody has, which is not kept", row and "nobody-at-all" not in json.dumps(log.all()), row)
    Seat("school1").sign_in(server)
    row = log.await_row("?action=signed_in&login=school1")
    tap.check("one that succeeds, too, with the address", row and row["address"] == "127.0.0.1", row)


def check_refusals(tap, server, log):
    client = Client(server)
    client.get("/desk/people")
    row = log.await_row("?action=refused", lambda row: row["login"] is None)
    tap.check("a visitor who is led to the door is refused", row and row["route"] == "GET /desk/people", row)
    seat = Seat("school1").sign_in(server)
    seat.get("/desk/accounts")
    row = log.await_row("?action=refused&login=school1", lambda row: row["route"] == "GET /desk/accounts")
    tap.check("who has no right, too", row and row["outcome"] == "web.not_permitted", row)
    other = json.loads(Seat("school3").sign_in(server).get("/desk/classes").text)["list"]["rows"][0]
    seat.get(other["path"])
    row = log.await_row("?action=refused&login=school1", lambda row: row["route"] == "GET /desk/class/:class")
    tap.check("and who asks for another one's class", row and row["subject"] == "class " + other["class"], row)
    seat.client.request("POST", other["path"] + "/submit", "{}", Content_Type="application/json", Accept="application/json")
    row = log.await_row("?action=refused&login=school1", lambda row: row["route"] == "POST /desk/class/:class/submit")
    tap.check("a form without its token, too", row and row["outcome"] == "web.forged", row)
    for login in ("admin", "province", "worker1"):
        status = Seat(login).sign_in(server).get("/desk/audit").status
        tap.check(f"{login} does not read the log", status == 403, status)


def check_exports(tap, server, log):
    seat = Seat("province").sign_in(server)
    total = json.loads(seat.get("/desk/classes").text)["list"]["total"]
    seat.client.get("/desk/classes?state=closed&as=csv")
    text = seat.client.get("/desk/classes?as=csv&q=%E5%BC%A0%E6%99%93%E6%BB%87").text
    rows = log.rows("?action=exported&login=province")  # written ahead of the file: no waiting
    tap.check("an export is there when its file is", len(rows) == 2 and rows[0]["route"] == "GET /desk/classes", rows)
    tap.check("with its rows", rows and rows[0]["row_count"] == 0 and 0 < rows[1]["row_count"] <= total, (rows, text))
    entry = json.loads(log.seat.get(rows[1]["path"]).text)
    tap.check("and its filter", "state=closed" in entry["filter"], entry)
    entry = json.loads(log.seat.get(rows[0]["path"]).text)
    tap.check("but not what was searched for", entry["filter"] == "as=csv&q=%2A", entry["filter"])
    cashier = Seat("cashier1").sign_in(server)
    batches = json.loads(cashier.get("/desk/payments").text)["batches"]["rows"]
    batch = next(row for row in batches if row["state"] != "made")
    for ending in ("csv", "xlsx"):
        cashier.client.get(f"/desk/batch/{batch['batch']}/file.{ending}")
        row = log.rows("?action=exported&login=cashier1")[0]
        tap.check(f"a file for the bank ({ending}) tells how many lines, and whose", row["route"].endswith("file." + ending)
                  and row["row_count"] == batch["payment_count"] and row["person_count"] > 0, row)
    log.seat.client.get("/desk/audit?as=csv")
    row = log.rows("?action=exported&login=auditor")
    tap.check("the auditor's own export is one", row and row[0]["route"] == "GET /desk/audit", row)


def check_questions(tap, log):
    everything = log.all()
    day = everything[0]["noted_at"][:10]
    tap.check("the log is narrowed by day", len(log.rows(f"?since={day}")) > 0 and log.rows("?since=2999-01-01") == []
              and log.rows("?until=2001-01-01") == [])
    row = next(row for row in everything if row["action"] == "saw")
    people = json.loads(log.seat.get(row["path"]).text)["people"]
    about = log.rows("?person=" + people[0]["person"])
    tap.check("and by person", row["entry"] in [found["entry"] for found in about], about)
    tap.check("and by page", all("/desk/people" in found["route"] for found in log.rows("?route=/desk/people")))


def names_of(server):
    """Trainees' names, from every class of the province."""
    seat, names = Seat("province").sign_in(server), set()
    for row in json.loads(seat.get("/desk/classes").text)["list"]["rows"]:
        names |= {line["name"] for line in json.loads(seat.get(row["path"]).text)["trainees"]["rows"]}
    return names


class Walk:
    """Every page that links lead an account to; those that show somebody, and those that were logged."""

    def __init__(self, server, log, routes, names):
        self.server, self.log, self.routes, self.names = server, log, routes, names
        self.silent, self.seen, self.reached = {}, set(), set()

    def read(self, login):
        seat = Seat(login).sign_in(self.server)
        own = json.loads(seat.get("/me").text).get("name") if login == "worker1" else None
        others = re.compile("|".join(map(re.escape, sorted(self.names - {own}))))
        queue, found, counts = ["/desk", "/me"], set(), {}
        while queue:
            path = queue.pop(0)
            pattern = self.routes.of(path.partition("?")[0])
            if pattern is None or counts.get(pattern, 0) >= PAGES_A_KIND:
                continue
            reply = seat.client.get(path)
            if reply.status != 200:
                continue
            self.reached.add(("GET", pattern))
            if reply.kind != "text/html":
                continue
            counts[pattern] = counts.get(pattern, 0) + 1
            self.look(login, pattern, reply.text, others)
            for link in re.findall(r'href="(/[^"#]*)"', reply.text):
                if link not in found:
                    found.add(link)
                    queue.append(link.replace("&amp;", "&"))

    def look(self, login, pattern, text, others):
        main = text.partition("<main")[2]
        is_public = self.routes.permissions["GET", pattern] == "public"
        name = others.search(main)
        if name and not is_public and ("GET", pattern) not in self.routes.shown:
            self.silent[pattern] = f"{login} reads {name.group()}"
        if name and ("GET", pattern) in self.routes.shown:
            self.seen.add((login, "GET " + pattern))


def check_walk(tap, server, log):
    routes = Routes()
    Seat("worker1").sign_in(server).post("/me/corrections", {"told_name": "示例别名", "reason": "姓名登记有误"})
    walk = Walk(server, log, routes, names_of(server))
    for login in LOGINS:
        walk.read(login)
    tap.check("whoever's page names a person says so in its route", not walk.silent, walk.silent)
    log.await_row("?action=saw&login=school1")
    time.sleep(1)
    lines = {(row["login"], row["route"]) for row in log.all() if row["action"] == "saw" and row["person_count"] > 0}
    # The walk's own accounts are known by their login; a worker has none.
    missing = {pair for pair in walk.seen if pair not in lines and pair[0] != "worker1"}
    tap.check("and each such page is in the log", not missing, missing)
    unread = {route for route in routes.shown if route[0] == "GET"} - walk.reached - NOT_WALKED
    tap.check("every route that shows people was read", not unread, unread)
    return walk


# Only where there is something to correct or to prepare; each is asked in check_rest().
NOT_WALKED = {("GET", "/desk/class/:class/edit"), ("GET", "/desk/class/:class/results"), ("GET", "/desk/roster/:import"),
              ("GET", "/desk/person/:person"), ("GET", "/desk/person/:person/edit"),
              ("GET", "/certificate/:number/print")}


def check_rest(tap, server, log):
    """The routes that no link leads to here, and those that are posted."""
    school, county, evaluator = (Seat(login).sign_in(server) for login in ("school1", "county1", "evaluator1"))
    classes = json.loads(school.get("/desk/classes").text)["list"]["rows"]
    name = json.loads(school.get(classes[-1]["path"]).text)["trainees"]["rows"][0]["name"]
    school.get(classes[-1]["path"] + "/edit")
    row = log.await_row("?action=saw&login=school1", lambda row: row["route"] == "GET /desk/class/:class/edit")
    tap.check("the form of a class shows its teacher", row and row["person_count"] == 1, row)
    reply = county.post("/desk/people", {"wanted": name})
    person = json.loads(reply.text)["found"][0]["id"]
    row = log.await_row("?action=saw&login=county1", lambda row: row["route"] == "POST /desk/people")
    tap.check("whom a search found", row and row["person_count"] >= 1, row)
    for path, route in ((f"/desk/person/{person}", "GET /desk/person/:person"),
                        (f"/desk/person/{person}/edit", "GET /desk/person/:person/edit")):
        county.get(path)
        row = log.await_row("?login=county1&person=" + person, lambda row, route=route: row["route"] == route)
        tap.check(f"{route}: who was looked at", row and row["action"] == "saw", row)
    county.post(f"/desk/person/{person}/edit", {"phone": "1"})
    row = log.await_row("?login=county1&person=" + person, lambda row: row["route"] == "POST /desk/person/:person/edit")
    tap.check("a form with faults shows as much", row and row["action"] == "saw", row)
    done = next((row for row in classes if row["state"] == "training_done"), None)
    if done:
        evaluator.get(done["path"] + "/results")
        row = log.await_row("?login=evaluator1", lambda row: row["route"] == "GET /desk/class/:class/results")
        tap.check("the sheet of results", row and row["person_count"] > 0, row)
    return person


REASON = {"field": "identity_no", "reason": "complaint", "note": "核对异议中的证件号码"}


def check_reveal(tap, server, log):
    """worker1 is in the first class: what is revealed of her, she sees with its reason."""
    school, worker = Seat("school1").sign_in(server), Seat("worker1").sign_in(server)
    name = json.loads(worker.get("/me").text)["name"]
    path = json.loads(school.get("/desk/classes").text)["list"]["rows"][-1]["path"]
    trainee = next(line for line in json.loads(school.get(path + "?q=" + quote(name)).text)["trainees"]["rows"])
    reveal = trainee["path"]
    tap.check("a number is masked", "*" in trainee["identity_no"], trainee)
    tap.check("the form to reveal it is there", school.get(reveal).status == 200)
    for missing in REASON:
        reply = school.post(reveal, {key: value for key, value in REASON.items() if key != missing})
        tap.check(f"without {missing} nothing is revealed", reply.status == 422 and not re.search(r"\d{17}", reply.text), reply.text)
    for login, status in (("school3", 404), ("county3", 404), ("evaluator1", 403), ("auditor", 403), ("admin", 403),
                          ("cashier1", 403), ("worker1", 403), ("province", 403)):
        reply = Seat(login).sign_in(server).post(reveal, REASON)
        tap.check(f"{login} reveals nothing", reply.status == status and not re.search(r"\d{17}", reply.text), reply.status)
    tap.check("nor is anything written of it", log.rows("?action=revealed") == [])
    reply = school.post(reveal, REASON)
    rows = log.rows("?action=revealed")  # written ahead of the answer: no waiting
    value = json.loads(reply.text).get("value") or ""
    tap.check("with a reason the school sees the number", re.fullmatch(r"\d{17}[\dX]", value), reply.text)
    tap.check("and that it did is written", len(rows) == 1 and rows[0]["login"] == "school1"
              and rows[0]["outcome"] == "person_reveal.done" and rows[0]["person_count"] == 1, rows)
    entry = json.loads(log.seat.get(rows[0]["path"]).text)
    tap.check("with the reason, without the number", REASON["note"] in entry["note"] and value not in str(entry), entry)
    county = Seat("county1").sign_in(server)
    person = entry["people"][0]["person"]
    reply = county.post(f"/desk/person/{person}/reveal", {**REASON, "field": "phone", "reason": "contact"})
    tap.check("the county's officer, too, at the person's page", reply.status == 200
              and re.fullmatch(r"\d{11}", json.loads(reply.text)["value"]), reply.text)
    stranger = county.post("/desk/person/new", {"identity_no": "530102199003070016", "name": "张晓滇", "region": "530129"})
    reply = county.post(json.loads(stranger.text)["location"] + "/reveal", {**REASON, "field": "bank_account"})
    tap.check("what is not on file is said so", reply.status == 409 and "person_reveal.not_known" in reply.text, reply.text)
    for login in ("county3", "school1", "auditor"):
        status = Seat(login).sign_in(server).post(f"/desk/person/{person}/reveal", REASON).status
        tap.check(f"{login} reveals nothing at that page", status in (403, 404), status)
    lines = json.loads(worker.get("/me/seen").text)["lines"]
    shown = [line for line in lines if line["action"] == "revealed"]
    tap.check("the worker sees both, with office, role and reason", len(shown) == 2
              and all(line["office"] and line["reason"] for line in shown)
              and {line["role"] for line in shown} == {"institution_clerk", "county_officer"}, lines)
    tap.check("and who only looked", any(line["action"] == "saw" and line["role"] == "institution_clerk" for line in lines), lines)
    tap.check("no officer by name", "school1" not in json.dumps(lines) and "county1" not in json.dumps(lines))
    tap.check("her own looks are not among them", not any(line["role"] == "worker" for line in lines), lines)
    tap.check("nobody else reads them", county.get("/me/seen").status == 403)


def check_copy(tap, server, log):
    """Everything that is held about oneself, whole, for oneself alone."""
    worker = Seat("worker1").sign_in(server)
    told = json.loads(worker.get("/me").text)
    reply = worker.client.get("/me/data?as=json")
    copy = json.loads(reply.text)
    tap.check("a worker takes everything away as a file", reply.kind == "application/json"
              and "attachment" in reply.headers["Content-Disposition"] and copy["format"] == "dianji.own-data.1", reply.headers)
    tap.check("with the whole number", re.fullmatch(r"\d{17}[\dX]", copy["identity_no"]) and copy["name"] == told["name"])
    tap.check("each training, lesson and entry", len(copy["trainings"]) == len(told["trainings"]) > 0 and len(copy["lessons"]) > 0
              and len(copy["entries"]) == len(told["entries"]))
    tap.check("who looked, and what one did oneself", any(look["action"] == "revealed" for look in copy["looks"])
              and any(deed["action"] == "signed_in" for deed in copy["deeds"]))
    documented = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in (ROOT / "docs/own-data.md").read_text(
        encoding="utf-8").splitlines() if line.startswith("| `"))))
    tap.check("in the shape that is documented", documented == copy.keys(), documented ^ copy.keys())
    row = log.rows("?action=exported&role=worker")
    tap.check("the copy is recorded", row and row[0]["route"] == "GET /me/data", row)
    html = worker.client.get("/me/data").text
    tap.check("the same is a page to print", copy["identity_no"] in html and copy["trainings"][0]["class_name"] in html)
    for login in ("school1", "county1", "auditor", "admin"):
        tap.check(f"{login} takes no such copy", Seat(login).sign_in(server).get("/me/data?as=json").status == 403)


def open_trainee(server, school, county, rows, state):
    """A seat for some trainee in this state: the county looks up the number and opens the account."""
    path = next(line["path"] for row in rows
                for line in json.loads(school.get(f"{row['path']}?state={state}").text)["trainees"]["rows"]
                if state != "completed" or is_settled(county, row, line["name"]))
    number = json.loads(county.post(path, {**REASON, "reason": "identity_check"}).text)["value"]
    person = json.loads(county.post("/desk/people", {"wanted": number}).text)["found"][0]["id"]
    given = json.loads(county.post(f"/desk/person/{person}/account", {}).text)
    return Seat(number, activate(server, given["invitation_code"])).sign_in(server)


def is_settled(county, row, name):
    """Whether the subsidy of a class's trainee is paid: nothing is under way any more."""
    claims = json.loads(county.get("/desk/claims").text)["list"]["rows"]
    claim = next((claim for claim in claims if claim["class_name"] == row["name"]), None)
    lines = json.loads(county.get(claim["path"]).text)["lines"] if claim else []
    return any(line["name"] == name and line["state"] == "paid" for line in lines)


def check_erasure(tap, server):
    """What must be kept is kept, with the day; what nobody needs is gone."""
    worker, county = Seat("worker1").sign_in(server), Seat("county1").sign_in(server)
    reply = worker.post("/me/data/erase", {})
    tap.check("nothing is erased unasked", reply.status == 422 and "own_data_erase.not_chosen" in reply.text, reply.text)
    school = Seat("school1").sign_in(server)
    rows = [row for row in json.loads(school.get("/desk/classes").text)["list"]["rows"] if row["state"] in ("closed", "in_progress")]
    for state, outcome in (("completed", "own_data_erase.certificate"), ("failed", "own_data_erase.kept"),
                           ("enrolled", "own_data_erase.under_way")):
        seat = open_trainee(server, school, county, rows, state)
        reply = seat.post("/me/data/erase", {"kind": "everything"})
        tap.check(f"who has {state} a training stays: {outcome}", reply.status == 409
                  and outcome in reply.text, reply.text)
        if state == "failed":
            tap.check("until a day that is named", re.search(r"20[23]\d-\d\d-\d\d", json.loads(reply.text)["title"]), reply.text)
        if state == "enrolled":
            reply = seat.post("/me/data/erase", {"kind": "contact"})
            tap.check("contact, too, while the training lasts", "own_data_erase.under_way" in reply.text, reply.text)
    place, number = "/desk/person/new", "530102199003070032"
    person = county.post(place, {"identity_no": number, "name": "周小滇", "region": "530129", "phone": "13908712345"})
    person = json.loads(person.text)["location"]
    given = json.loads(county.post(person + "/account", {}).text)
    seat = Seat(number, activate(server, given["invitation_code"])).sign_in(server)
    tap.check("contact is erased at once", "own_data_erase.contact_done" in seat.post("/me/data/erase", {"kind": "contact"}).text
              and json.loads(seat.get("/me/data").text)["phone"] is None)
    reply = seat.post("/me/data/erase", {"kind": "everything"})
    tap.check("who has no record is erased altogether", "own_data_erase.everything_done" in reply.text, reply.text)
    tap.check("the session is over", seat.get("/me").status == 401)
    again = Client(server).post("/sign-in", {"login": number, "password": seat.password})
    tap.check("nobody signs in with the number", again.status == 401, again.status)
    found = json.loads(county.post("/desk/people", {"wanted": number}).text)["found"]
    tap.check("or is found under it", found == [], found)
    page = county.get(person).text
    tap.check("the row is nobody's", "周小滇" not in page and "530102" not in page, page)
    reply = county.post(place, {"identity_no": number, "name": "周小滇", "region": "530129"})
    tap.check("the same person may begin anew", reply.status == 201 and json.loads(reply.text)["location"] != person, reply.text)


def check_secrets(tap, log, names):
    text = json.dumps(log.all(), ensure_ascii=False)
    tap.check("nobody's name or number stands in it", not any(name in text for name in names)
              and not re.search(r"(?<!\d)\d{17}[\dX](?!\d)", text))


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Server(clock=CLOCK) as server:
        log = Log(server)
        check_door(tap, server, log)
        check_refusals(tap, server, log)
        check_exports(tap, server, log)
        walk = check_walk(tap, server, log)
        check_rest(tap, server, log)
        check_reveal(tap, server, log)
        check_copy(tap, server, log)
        check_erasure(tap, server)
        check_questions(tap, log)
        check_secrets(tap, log, walk.names)
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    tap.finish()


if __name__ == "__main__":
    main()
