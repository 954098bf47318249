"""People, organisations and accounts through their pages, by everyone whom they concern and some whom they do not.

On a simulated province, whose clock stands in October 2025.
"""

import importlib.util
import json
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from whole import DATABASE, Client, Server, Tap, activate, dianji  # noqa: E402

PASSWORD = "dianji-2025"
OWN = "six words that are my own"
CLOCK = "2025-10-15T09:00:00+08:00"


def load_crawl():
    spec = importlib.util.spec_from_file_location("crawl", TESTS / "crawl/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_character(digits):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]


def credit_code(body):
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(characters.index(c) * 3 ** i % 31 for i, c in enumerate(body))
    return body + characters[(31 - total % 31) % 31]


def csrf(client):
    found = re.search(r'name="csrf" value="([^"]*)"', client.get("/account/password").text)
    return found.group(1) if found else ""


def sign_in(server, login, password=PASSWORD, **headers):
    """(client, reply)"""
    client = Client(server)
    return client, client.post("/sign-in", {"login": login, "password": password}, **headers)


def as_account(server, login, password=PASSWORD):
    client, reply = sign_in(server, login, password)
    if reply.status != 303:
        raise RuntimeError(f"{login} cannot sign in: {reply.status}")
    return client


def act(client, path, fields=None):
    """A POST as a program sends it: (status, what it answered)."""
    reply = client.post(path, {**(fields or {}), "csrf": csrf(client)}, Accept="application/json")
    data = json.loads(reply.text)
    return reply.status, data.get("outcome") or data.get("type", "").rpartition("/")[2] or data


def fill(client, path, fields):
    """A POST as a browser sends it."""
    return client.post(path, {**fields, "csrf": csrf(client)})


def model(client, path):
    return json.loads(client.get(path, Accept="application/json").text)


def walk_door(tap, server):
    _, reply = sign_in(server, "nobody", "something else")
    tap.check("an unknown login is refused on the page", reply.status == 401 and 'role="alert"' in reply.text, reply.status)
    for wish in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"):
        reply = Client(server).post("/sign-in", {"login": "school2", "password": PASSWORD, "next": wish})
        tap.check(f"signing in does not lead to {wish!r}", reply.headers["Location"] == "/desk", reply.headers["Location"])
    reply = Client(server).post("/sign-in", {"login": "school2", "password": PASSWORD, "next": "/desk/classes?state=draft"})
    tap.check("signing in leads to the page that was asked for", reply.headers["Location"] == "/desk/classes?state=draft")
    for attempt in range(5):
        _, reply = sign_in(server, "school3", f"guess number {attempt}")
    _, locked = sign_in(server, "school3", PASSWORD, Accept="application/json")
    tap.check("the sixth attempt finds the door locked", reply.status == 401 and locked.status == 429 and
              json.loads(locked.text)["type"].endswith("sign_in.too_many") and "15" in locked.text, locked.text)
    client = as_account(server, "school2")
    token = dict(client.cookies)
    reply = fill(client, "/sign-out", {})
    stale = Client(server)
    stale.cookies = token
    tap.check("signing out ends the session, not only the cookie", reply.status == 303 and
              stale.get("/account").status == 303)


def walk_organisations(tap, server, admin):
    form = {"credit_code": credit_code("52530129MJ0000001"), "name": "新开职业培训学校", "kind": "training_institution",
            "region": "530129"}
    reply = fill(admin, "/desk/organisation/new", {**form, "credit_code": "123"})
    tap.check("a wrong code is said at its field", reply.status == 422 and 'id="credit_code-error"' in reply.text, reply.status)
    reply = fill(admin, "/desk/organisation/new", form)
    path = reply.headers["Location"]
    tap.check("an organisation is registered", reply.status == 303 and path.startswith("/desk/organisation/"), reply.status)
    status, code = act(admin, "/desk/organisation/new", form)
    tap.check("and only once", (status, code) == (409, "organisation_add.known"), code)
    status, code = act(as_account(server, "county2"), "/desk/organisation/new",
                       {**form, "credit_code": credit_code("52530129MJ0000002")})
    tap.check("nobody registers one elsewhere", (status, code) == (403, "organisation_add.not_your_region"), code)
    officer = as_account(server, "county1")
    programme = model(admin, path)["programmes"][0]["programme"]
    reply = fill(officer, f"{path}/programmes", {programme: "1"})
    allowed = [line["programme"] for line in model(officer, path)["programmes"] if line["is_allowed"]]
    tap.check("the county's officer says what it may teach", reply.status == 303 and allowed == [programme], allowed)
    fill(officer, f"{path}/programmes", {})
    tap.check("and withdraws it", not any(line["is_allowed"] for line in model(officer, path)["programmes"]))
    changed = {"name": "改名职业培训学校", "kind": "training_institution", "region": "530129", "version": "1"}
    tap.check("it is renamed", fill(officer, f"{path}/edit", changed).status == 303 and
              model(officer, path)["name"] == "改名职业培训学校")
    reply = fill(officer, f"{path}/edit", changed)
    tap.check("a stale page changes nothing and keeps what was typed", reply.status == 409 and "改名职业" in reply.text)
    status, code = act(officer, f"{path}/state/suspended", {"note": ""})
    tap.check("a suspension has its reason", (status, code) == (422, "organisation_state_change.note_missing"), code)
    fill(officer, f"{path}/state/suspended", {"note": "抽查不合格"})
    tap.check("which stands in what happened", model(officer, path)["state"] == "suspended" and
              any(line["note"] == "抽查不合格" for line in model(officer, path)["acts"]))
    other = as_account(server, "county2")
    tap.check("another county does not see it", other.get(path).status == 404 and
              other.get(f"{path}/edit").status == 404)


def walk_teacher(tap, server, admin):
    """A teacher's account belongs to a person who is registered; the form says whom."""
    officer = as_account(server, "county1")
    teacher = {"identity_no": number("19800808", 123), "name": "何示例"}
    schools = model(admin, "/desk/organisations?kind=training_institution")["list"]["rows"]
    school = next(line["credit_code"] for line in schools if line["region"] == "530129")
    form = {"login": "new.teacher", "name": "何示例", "role": "teacher", "organisation_code": school}
    status, answer = act(admin, "/desk/account/new", form)
    tap.check("a teacher's account says whose it is", (status, answer) == (422, "post_add.person_needed"), answer)
    form["identity_no"] = teacher["identity_no"]
    status, answer = act(admin, "/desk/account/new", form)
    tap.check("nobody unregistered gets one", (status, answer) == (422, "account_add.person_unknown"), answer)
    fill(officer, "/desk/person/new", {**teacher, "region": "530129"})
    status, answer = act(admin, "/desk/account/new", form)
    tap.check("a registered person gets it", status == 201 and answer["login"] == "new.teacher", answer)
    worker = {"identity_no": number("19820202", 125), "name": "吕示例", "region": "530129"}
    path = fill(officer, "/desk/person/new", worker).headers["Location"]
    given = act(officer, f"{path}/account")[1]
    form = {**form, "login": "worker.teacher", "name": "吕示例", "identity_no": worker["identity_no"]}
    tap.check("a worker's account can have a teacher's post", act(admin, "/desk/account/new", form) == (200, "account_add.joined"))
    client, _ = sign_in(server, "worker.teacher", activate(server, given["invitation_code"]))
    tap.check("and acts as both", {line["role"] for line in model(client, "/account")["posts"]} == {"worker", "teacher"})
    again = act(admin, "/desk/account/new", {**form, "login": "once.more"})
    tap.check("once", again == (409, "account_add.person_has_account"), again)


def walk_accounts(tap, server, admin):
    offices = model(admin, "/desk/organisations?kind=hrss_department")["list"]["rows"]
    office = next(line["credit_code"] for line in offices if line["region"] == "530129")
    form = {"login": "New.Officer", "name": "新来的经办", "role": "county_officer", "organisation_code": office}
    status, answer = act(admin, "/desk/account/new", {**form, "role": "institution_clerk"})
    tap.check("a post that does not fit makes no account", (status, answer) == (422, "post_add.organisation_unfit") and
              model(admin, "/desk/accounts?q=new.officer")["list"]["total"] == 0, answer)
    status, answer = act(admin, "/desk/account/new", form)
    tap.check("an account is made with its first post", status == 201 and answer["login"] == "new.officer", answer)
    code, path = answer["invitation_code"], answer["back_path"]
    wrong = Client(server).post("/activate", {"invitation_code": "nothing", "new_password": OWN, "repeated": OWN})
    tap.check("a wrong invitation sets nothing", wrong.status == 403 and 'role="alert"' in wrong.text, wrong.status)
    wrong = Client(server).post("/activate", {"invitation_code": code, "new_password": "short", "repeated": "short"})
    tap.check("a bad password is said on the page", wrong.status == 422 and "12" in wrong.text, wrong.status)
    reply = Client(server).post("/activate", {"invitation_code": code, "new_password": OWN, "repeated": OWN})
    tap.check("the invited person sets the own password", reply.status == 303 and reply.headers["Location"] == "/sign-in" and
              sign_in(server, "new.officer", OWN)[1].headers["Location"] == "/desk", reply.status)
    reply = Client(server).post("/activate", {"invitation_code": code, "new_password": PASSWORD + "x", "repeated": PASSWORD + "x"})
    tap.check("once", reply.status == 403, reply.status)
    answer = act(admin, f"{path}/password")[1]
    tap.check("a reset shows a code and no password", "password" not in answer and sign_in(server, "new.officer", OWN)[1].status == 401, answer)
    given = activate(server, answer["invitation_code"])
    client, reply = sign_in(server, "new.officer", given)
    tap.check("with which the holder sets one", reply.headers["Location"] == "/account#notices", reply.headers["Location"])
    new = {"password": given, "new_password": "four unrelated words", "repeated": "four unrelated words"}
    reply = fill(client, "/account/password", {**new, "repeated": "other"})
    tap.check("two new passwords must agree", reply.status == 422 and 'id="repeated-error"' in reply.text)
    for wrong, expected in (("short", "too_short"), ("x y " * 40, "too_long"), ("Password12345", "too_common"), ("my-new.officer-1", "like_login")):
        status, code = act(client, "/account/password", {**new, "new_password": wrong, "repeated": wrong})
        tap.check(f"{wrong} will not do", (status, code) == (422, f"password_change.{expected}"), code)
    status, code = act(client, "/account/password", new)
    tap.check("the password is changed", (status, code) == (200, "password_change.done"), code)
    tap.check("no page shows a password again", "four unrelated" not in client.get("/account/password").text)
    other, reply = sign_in(server, "new.officer", "four unrelated words")
    tap.check("the next sign-in tells what was changed", reply.headers["Location"] == "/account#notices" and
              [line["kind"] for line in model(other, "/account")["notices"] if line["is_new"]] ==
              ["password_changed", "password_reset"],
              (reply.headers["Location"], model(other, "/account")["notices"]))
    tap.check("who has read it says so", act(other, "/account/notices") == (200, "notices_see.done"))
    tap.check("until it was read", not model(other, "/account")["has_new_notices"] and
              sign_in(server, "new.officer", "four unrelated words")[1].headers["Location"] == "/desk")
    tap.check("both sessions are listed", len(model(other, "/account")["sessions"]) == 3)
    fill(other, "/account/sessions/end", {})
    tap.check("and the other one ended", client.get("/account").status == 303 and other.get("/account").status == 200)
    status, code = act(admin, f"{path}/post", {"role": "county_officer", "organisation_code": office})
    tap.check("a post is given once", (status, code) == (409, "post_add.known"), code)
    status, code = act(admin, f"{path}/post", {"role": "county_chief", "organisation_code": office})
    tap.check("nobody has both reviews", (status, code) == (409, "post_add.incompatible"), code)
    status, code = act(admin, f"{path}/post", {"role": "administrator", "region": "530000"})
    tap.check("an officer is no administrator", (status, code) == (409, "post_add.administrator_alone"), code)
    status, code = act(admin, f"{path}/state/suspended")
    tap.check("a suspended account is out at once", status == 200 and other.get("/account").status == 303, code)
    own = next(line["path"] for line in model(admin, "/desk/accounts?q=admin")["list"]["rows"] if line["login"] == "admin")
    status, code = act(admin, f"{own}/state/suspended")
    tap.check("nobody suspends the own account", (status, code) == (403, "account_state_change.own_account"), code)


def walk_review(tap, server):
    """Once a year somebody looks at who has what."""
    chief, other = as_account(server, "chief1"), as_account(server, "chief2")
    rows = model(chief, "/desk/posts")["list"]["rows"]
    first = next(line for line in rows if line["login"] == "county1")
    tap.check("the chief sees the posts of the county, with what is due", first["due_on"] == "2026-01-06" and
              first["review"] == "confirmed" and not any(line["login"] == "county2" for line in rows), first)
    tap.check("another county does not see them", other.get(first["path"]).status == 404)
    tap.check("a post is confirmed", act(chief, first["path"] + "/confirm") == (200, "post_confirm.done") and
              model(chief, first["path"])["due_on"] == "2026-10-15")
    own = next(line for line in rows if line["login"] == "chief1")
    tap.check("the own one is not", not model(chief, own["path"])["may_change"] and
              act(chief, own["path"] + "/confirm") == (403, "post_confirm.own_account"))
    clerk = next(line for line in model(chief, "/desk/posts")["list"]["rows"] if line["login"] == "cashier1")
    tap.check("an end has its reason", act(chief, clerk["path"] + "/end") == (422, "post_end.note_missing") and
              act(chief, clerk["path"] + "/end", {"note": "已调离"}) == (200, "post_end.done") and
              chief.get(clerk["path"]).status == 404)
    rows = chief.get("/desk/posts?as=csv").text
    tap.check("the review goes out as a file", "county1" in rows and "2026-10-15" in rows, rows[:200])


def walk_staff(tap, server):
    """A head invites a clerk, who sets a password, works, and leaves."""
    head = as_account(server, "head1")
    form = {"login": "own.clerk", "name": "本校经办", "role": "institution_clerk"}
    tap.check("a head gives no office", fill(head, "/desk/staff", {**form, "role": "county_officer"}).status == 422)
    status, answer = act(head, "/desk/staff", form)
    code = answer["invitation_code"]
    tap.check("a head invites", status == 201 and len(code) == 19 and "password" not in answer, answer)
    tap.check("a login is one account's", act(head, "/desk/staff", form) == (409, "account_add.login_taken"))
    tap.check("a teacher is a person", act(head, "/desk/staff", {**form, "login": "own.teacher", "role": "teacher"}) ==
              (422, "post_add.person_needed"))
    Client(server).post("/activate", {"invitation_code": code, "new_password": OWN, "repeated": OWN})
    clerk = as_account(server, "own.clerk", OWN)
    tap.check("the clerk works for the school", clerk.get("/desk/classes").status == 200 and
              clerk.get("/desk/staff").status == 403)
    member = next(line for line in model(head, "/desk/staff")["staff"] if line["login"] == "own.clerk")
    other = as_account(server, "head2")
    tap.check("another school's head does not reach the clerk", act(other, f"/desk/staff/{member['post']}/end")[0] == 404)
    tap.check("who leaves is out at once", act(head, f"/desk/staff/{member['post']}/end") == (200, "post_end.done") and
              clerk.get("/desk/classes").status == 303 and sign_in(server, "own.clerk", OWN)[1].status == 403)
    own = next(line for line in model(head, "/desk/staff")["staff"] if line["login"] == "head1")
    tap.check("nobody ends the own post", not own["may_end"] and
              act(head, f"/desk/staff/{own['post']}/end") == (403, "post_end.own_account"))


def number(birthday, order):
    digits = f"530129{birthday}{order:03d}"
    return digits + check_character(digits)


def walk_registering(tap, server):
    """At the window: somebody whom no roster has brought."""
    officer = as_account(server, "county1")
    form = {"identity_no": number("19850506", 902), "name": "钱示例", "region": "530129", "phone": "13908710001"}
    reply = fill(officer, "/desk/person/new", {**form, "identity_no": "530129198505069999"})
    tap.check("a wrong number is said at its field", reply.status == 422 and 'id="identity_no-error"' in reply.text)
    reply = fill(officer, "/desk/person/new", form)
    path = reply.headers["Location"] or ""
    tap.check("a person is registered", reply.status == 303 and path.startswith("/desk/person/"), reply.status)
    status, code = act(officer, "/desk/person/new", {**form, "name": "孙示例"})
    tap.check("another name under the number is refused", (status, code) == (409, "person_register.name_differs"), code)
    status, answer = act(officer, f"{path}/account")
    client, reply = sign_in(server, form["identity_no"].lower(), activate(server, answer["invitation_code"]))
    tap.check("and can sign in with the number and an own password", status == 201 and reply.status == 303 and client.get("/me").status == 200,
              reply.status)
    tap.check("but not look around the desk", client.get("/desk/people").status == 403 and
              client.get("/desk/organisations").status == 403)


def walk_corrections(tap, server):
    """Another name under a known number: a case, its owner, its decision, and what the person sees of it."""
    officer, chief, other = (as_account(server, login) for login in ("county1", "chief1", "county2"))
    form = {"identity_no": number("19870708", 912), "name": "郑三示", "region": "530129"}
    person = fill(officer, "/desk/person/new", form).headers["Location"]
    reply = fill(officer, "/desk/person/new", {**form, "name": "郑珊示"})
    tap.check("the form says whose the number is, and asks why the other name is right", reply.status == 409 and
              "郑三示" in reply.text and 'name="correction_reason"' in reply.text, reply.status)
    reply = fill(other, "/desk/person/new", {**form, "name": "郑珊示", "region": "530302"})
    tap.check("an officer elsewhere is told no more than may be", reply.status == 409 and "郑三示" not in reply.text and
              "郑**" in reply.text, reply.status)
    reply = fill(officer, "/desk/person/new", {**form, "name": "郑珊示", "correction_reason": "身份证上是“珊”"})
    tap.check("with a reason it becomes a correction", (reply.status, reply.headers["Location"]) == (303, "/desk/corrections"))
    again = act(officer, "/desk/person/new", {**form, "name": "郑 珊示", "correction_reason": "再来一次"})
    lines = model(chief, "/desk/corrections?state=open&q=%E9%83%91%E7%8F%8A%E7%A4%BA")["list"]["rows"]
    tap.check("once", again == (200, "correction_open.already") and len(lines) == 1, lines)
    path = lines[0]["path"]
    tap.check("with a term", lines[0]["due_on"] == "2025-10-22" and lines[0]["clock"] == "running", lines[0])
    page, own = chief.get(path).text, officer.get(path).text
    tap.check("the chief sees both spellings with their code points", "U+4E09" in page and "U+73CA" in page and
              'value="new_name"' in page)
    tap.check("who opened it cannot decide it", 'value="new_name"' not in own and
              act(officer, path, {"verdict": "variant"}) == (403, "correction_decide.own_case"))
    tap.check("another county does not see it", other.get(path).status == 404 and act(other, path, {"verdict": "variant"})[0] == 404)
    tap.check("a refusal needs words", fill(chief, path, {"verdict": "refuse"}).status == 422 and
              act(chief, path, {"verdict": "refuse"}) == (422, "correction_decide.answer_missing"))
    tap.check("it waits at the desk", any(entry["entry_path"].startswith("/desk/corrections")
                                          for entry in model(chief, "/desk")["entries"]), model(chief, "/desk"))
    version = model(chief, path)["person_version"]
    tap.check("a page that nobody saw decides nothing", act(chief, path, {"verdict": "new_name", "version": "9"}) ==
              (409, "correction_decide.stale"))
    tap.check("the chief decides", act(chief, path, {"verdict": "new_name", "version": version, "answer": "已核对原件"}) ==
              (200, "correction_decide.done"))
    tap.check("once", act(chief, path, {"verdict": "refuse", "answer": "不"}) == (409, "correction_decide.settled"))
    known = model(officer, person)
    tap.check("the person has the new name, and had the old one", known["name"] == "郑珊示" and
              "郑三示" in known["facts"]["other_names"] and any("郑三示 → 郑珊示" == line["note"] for line in known["acts"]), known)
    tap.check("both are known now", act(officer, "/desk/person/new", form) == (200, "person_register.known"))
    answer = act(officer, f"{person}/account")[1]
    worker, _ = sign_in(server, form["identity_no"], activate(server, answer["invitation_code"]))
    walk_own_corrections(tap, worker, chief)
    rows = chief.get("/desk/corrections?as=csv").text
    tap.check("the list goes out as a file", "郑珊示" in rows and "已改为新姓名" in rows, rows[:300])


def walk_own_corrections(tap, worker, chief):
    mine = model(worker, "/me/corrections")
    tap.check("the worker sees what was changed, before and after", [(line["known"], line["told"], line["state"])
              for line in mine["corrections"]] == [("郑三示", "郑珊示", "new_name")] and "已核对原件" in
              worker.get("/me/corrections").text, mine)
    reply = fill(worker, "/me/corrections", {"told_name": "郑3", "reason": ""})
    tap.check("a wrong name is said at its field", reply.status == 422 and 'id="told_name-error"' in reply.text and
              'id="reason-error"' in reply.text, reply.status)
    asked = {"told_name": "鄭珊示", "reason": "银行卡上是繁体"}
    for told, expected in (({**asked, "told_name": "郑 珊示"}, (409, "correction_open.same_name")),
                           (asked, (201, "correction_open.done")),
                           (asked, (200, "correction_open.already")),
                           ({**asked, "told_name": "郑杉示"}, (409, "correction_open.another_open"))):
        found = act(worker, "/me/corrections", told)
        tap.check(f"the worker asks for {told['told_name']}: {expected[1]}", found == expected, found)
    first = model(worker, "/me/corrections")["corrections"][0]
    withdraw = f"/me/correction/{first['id']}/withdraw"
    tap.check("and withdraws", act(chief, withdraw)[0] == 403 and act(worker, withdraw) == (200, "correction_withdraw.done") and
              act(worker, withdraw) == (409, "correction_withdraw.settled") and
              act(worker, withdraw.replace(first["id"], "0000000000001")) == (404, "correction_withdraw.not_found"))
    tap.check("and asks again", act(worker, "/me/corrections", asked) == (201, "correction_open.done"))
    second = model(worker, "/me/corrections")["corrections"][0]
    tap.check("a bank's spelling leaves the name as it is", act(chief, f"/desk/correction/{second['id']}",
              {"verdict": "bank_alias", "version": "1"}) == (200, "correction_decide.done") and
              model(worker, "/me")["name"] == "郑珊示" and
              ("鄭珊示", "bank_alias") in [(line["spelling"], line["kind"]) for line in model(worker, "/me/corrections")["others"]])


def walk_people(tap, server, admin):
    officer, other = as_account(server, "county1"), as_account(server, "county2")
    worker = as_account(server, "worker1")
    me = model(worker, "/me")
    name = me["name"]
    found = json.loads(officer.post("/desk/people", {"wanted": name, "csrf": csrf(officer)}, Accept="application/json").text)
    path = next((f"/desk/person/{line['id']}" for line in found["found"]
                 if (line["name"], line["identity_no"]) == (name, me["identity_no"])), None)
    tap.check("an officer finds a person by name", path is not None, found)
    page = officer.get(path)
    tap.check("numbers are masked, on the page and in JSON", page.status == 200 and
              not re.search(r"\d{17}[\dX]|\d{11}", page.text.split("<main")[1].split("csrf")[0]) and
              "*" in model(officer, path)["facts"]["identity_no"] and "*" in model(officer, path)["facts"]["phone"])
    found = json.loads(other.post("/desk/people", {"wanted": name, "csrf": csrf(other)}, Accept="application/json").text)
    tap.check("an officer elsewhere finds nobody", other.get(path).status == 404 and
              not any(path.endswith(line["id"]) for line in found["found"]))
    for who, client in (("an administrator", admin), ("a worker", worker), ("a school", as_account(server, "school1"))):
        tap.check(f"{who} may not look for people", client.get("/desk/people").status == 403 and
                  client.get(path).status == 403 and act(client, "/desk/people", {"wanted": name})[0] == 403)
    status, code = act(officer, f"{path}/edit", {"version": "1", "phone": "13908719999"})
    tap.check("the officer amends the phone", (status, code) == (200, "person_amend.done"), code)
    status, code = act(officer, f"{path}/edit", {"version": "1", "phone": "13908718888"})
    tap.check("a stale page amends nothing", (status, code) == (409, "person_amend.stale"), code)
    reply = fill(officer, f"{path}/edit", {"version": "2", "phone": "139****9999"})
    tap.check("a masked number is no number", reply.status == 422 and 'id="phone-error"' in reply.text)
    status, answer = act(officer, f"{path}/account")
    tap.check("the worker's password is set anew at the window", status == 200 and answer["login"] is None, answer)
    tap.check("which ends the worker's sessions", worker.get("/me").status == 303)
    _, reply = sign_in(server, "worker1", activate(server, answer["invitation_code"]))
    tap.check("the worker sets another, and is told", reply.headers["Location"] == "/account#notices", reply.headers["Location"])


def walk_pages(tap, server, crawl):
    """Every registry page that two of its readers can reach is sound, in both languages."""
    for who in ("admin", "county1"):
        for language in ("zh-CN", "en"):
            client, seen = as_account(server, who), set()
            queue = ["/account", "/account/password", "/desk/organisations", "/desk/organisation/new"]
            queue += ["/desk/accounts", "/desk/account/new"] if who == "admin" else ["/desk/people", "/desk/person/new", "/desk/corrections"]
            kinds = set()
            while queue:
                path = queue.pop(0)
                kind = crawl.without_number(path)
                if path in seen or (kind in kinds and "/:" in kind):
                    continue
                seen.add(path)
                kinds.add(kind)
                faults, links = crawl.page_faults(client, path, language)
                tap.check(f"{who} {language} {kind}", not faults, "\n".join(sorted(set(faults))))
                queue += [link for link in links
                          if re.match(r"/(account|desk/(organisation|account|person|people|correction|corrections))", link)]
            tap.check(f"{who} {language}: pages of one thing were reached", any("/:" in kind for kind in kinds), kinds)


def walk_idle(tap):
    """Looking at pages keeps a session alive, until it is idle for two hours."""
    client, answers = None, []
    for at in ("09:00", "10:30", "12:00", "14:30"):
        with Server(clock=f"2025-10-16T{at}:00+08:00") as server:
            if client is None:
                client = as_account(server, "school2")
            client.server = server
            answers.append(client.get("/account").status)
    tap.check("a session is kept alive by looking, and ends when it is idle", answers == [200, 200, 200, 303], answers)


def main():
    tap = Tap()
    for command in (("init",), ("simulate", "--people", "60", "--classes", "6", "--seed", "3")):
        code, _, error = dianji(command[0], "--db", DATABASE, *command[1:])
        tap.check(f"dianji {command[0]}", code == 0, error)
    with Server(clock=CLOCK) as server:
        admin = as_account(server, "admin")
        walk_door(tap, server)
        walk_organisations(tap, server, admin)
        walk_accounts(tap, server, admin)
        walk_review(tap, server)
        walk_staff(tap, server)
        walk_teacher(tap, server, admin)
        walk_registering(tap, server)
        walk_corrections(tap, server)
        walk_people(tap, server, admin)
        walk_pages(tap, server, load_crawl())
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    walk_idle(tap)
    tap.finish()


if __name__ == "__main__":
    main()
