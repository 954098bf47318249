"""Who acts and what there is, in the simulated province, for the matrix of rights.

Home is one county. Each role has an account there; where the role acts in an organisation, one in another organisation of the
same county; and where it can, one in another region. What the simulation has no account of is made through the administrator's
pages, and workers' accounts at the county's window.
"""

import dataclasses
import http.client
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import Client, Reply, Seat, activate  # noqa: E402

HOME, AWAY, PROVINCE = "530129", "530302", "530000"
CERTIFICATE = f"S900153{HOME}255000002"  # of a junior worker by home's evaluation organisation, in 2025; not worker1's
OWN, ORGANISATION, REGION, NOBODY = "own", "other organisation", "other region", "signed out"

# By what a role acts in. A new role is named here first: until then the matrix does not run.
OF_ORGANISATION = ("institution_clerk", "institution_head", "teacher", "evaluator")
OF_REGION = ("county_officer", "county_chief", "prefecture_officer", "province_officer", "finance_clerk", "finance_chief",
             "auditor", "administrator")
OF_PERSON = ("worker",)
OF_ALL_REGIONS = ("province_officer",)  # has no other region

DEMO = {"school": "institution_clerk", "head": "institution_head", "evaluator": "evaluator", "county": "county_officer",
        "chief": "county_chief", "cashier": "finance_clerk", "treasurer": "finance_chief"}


class Kept(Client):
    """A client that keeps its connection: the matrix asks thousands of times."""

    def __init__(self, server):
        super().__init__(server)
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def request(self, method, path, body=None, seconds=30, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body, sent)
            return Reply(self.connection.getresponse())
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()  # it was idle for too long
            self.connection.request(method, path, body, sent)
            return Reply(self.connection.getresponse())


@dataclasses.dataclass
class Actor:
    role: str
    standing: str
    login: str
    seat: object = None
    region: str = PROVINCE
    organisation: str = ""

    def get(self, path):
        return self.seat.get(path)

    def post(self, path, fields):
        return self.seat.post(path, fields)

    def read(self, path):
        reply = self.get(path)
        if reply.status != 200:
            raise RuntimeError(f"{self.login} reads {path}: {reply.status} {reply.text}")
        return json.loads(reply.text)

    def do(self, path, fields):
        reply = self.post(path, fields)
        if reply.status not in (200, 201):
            raise RuntimeError(f"{self.login} sends {path}: {reply.status} {reply.text}")
        return json.loads(reply.text)


class Visitor:
    """Nobody signed in."""

    role, standing, login, region, organisation = "", NOBODY, "nobody", "", ""

    def __init__(self, server):
        self.client = Kept(server)

    def get(self, path):
        self.client.cookies = {}
        return self.client.get(path, Accept="application/json")

    def post(self, path, fields):
        self.client.cookies = {}
        return self.client.request("POST", path, json.dumps(fields), Content_Type="application/json",
                                   Accept="application/json")


@dataclasses.dataclass
class Thing:
    """What an id in a path names, and whose it is."""

    value: str
    region: str = ""
    organisations: tuple = ()  # logins of the clerks and evaluators whose organisations have it
    owner: str = ""  # the login of the one whom alone it concerns
    is_public: bool = False


def identity_no(body):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def credit_code(body):
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(characters.index(c) * 3 ** i % 31 for i, c in enumerate(body))
    return body + characters[(31 - total % 31) % 31]


def rows(actor, path):
    return actor.read(path)["list"]["rows"]


class Province:
    """The accounts and the things of the matrix."""

    def __init__(self, server):
        self.server, self.actors, self.numbers = server, [], 0
        self.seat_demonstration()
        self.make_others()
        self.find_things()

    def add(self, actor, password="dianji-2025"):
        actor.seat = Seat(actor.login, password).sign_in(self.server)
        kept = Kept(self.server)
        kept.cookies = actor.seat.client.cookies
        actor.seat.client = kept
        self.actors.append(actor)
        return actor

    def named(self, login):
        return next(actor for actor in self.actors if actor.login == login)

    def of(self, role, standing):
        return next((actor for actor in self.actors if (actor.role, actor.standing) == (role, standing)), None)

    # --- accounts

    def seat_demonstration(self):
        for number, standing, region in ((1, OWN, HOME), (3, REGION, AWAY)):
            for name, role in DEMO.items():
                of = f"evaluator{number}" if role == "evaluator" else f"school{number}"
                self.add(Actor(role, standing, f"{name}{number}", region=region,
                               organisation=of if role in OF_ORGANISATION else ""))
        self.add(Actor("worker", OWN, "worker1", region=HOME))
        self.add(Actor("province_officer", OWN, "province"))
        self.add(Actor("auditor", OWN, "auditor"))
        self.add(Actor("administrator", OWN, "admin"))
        self.admin = self.named("admin")

    def new_number(self):
        self.numbers += 1
        return identity_no(f"53010219900101{self.numbers:03}")

    def new_person(self, officer, region):
        """Registered at a window; (path, number)."""
        number = self.new_number()
        reply = officer.do("/desk/person/new", {"identity_no": number, "name": f"周小{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'[self.numbers]}",
                                                "region": region})
        return reply["location"], number

    def new_organisation(self, name, kind, region, **more):
        self.numbers += 1
        code = credit_code(f"52530100MATRX{self.numbers:04}")
        self.admin.do("/desk/organisation/new", {"credit_code": code, "name": name, "kind": kind, "region": region, **more})
        return code

    def new_account(self, actor, code="", number="", region=""):
        fields = {"login": actor.login, "name": "矩阵示例", "identity_no": number, "role": actor.role,
                  "organisation_code": code, "region": region}
        given = self.admin.do("/desk/account/new", {name: value for name, value in fields.items() if value})
        own = {"new_password": "five words nobody else has", "repeated": "five words nobody else has"}
        reply = Client(self.server).post("/activate", {"invitation_code": given["invitation_code"], **own})
        if reply.status != 303:
            raise RuntimeError(f"{actor.login} sets a password: {reply.status}")
        return self.add(actor, own["repeated"])

    def new_worker(self, standing, officer, region):
        path, number = self.new_person(officer, region)
        given = officer.do(path + "/account", {})
        return self.add(Actor("worker", standing, number, region=region), activate(self.server, given["invitation_code"]))

    def make_others(self):
        near, far = self.named("county1"), self.named("county3")
        codes = {(row["region"], row["kind"]): row["credit_code"] for row in rows(self.admin, "/desk/organisations?most=200")}
        second = self.new_organisation("第二示例职业培训学校", "training_institution", HOME)
        other = self.new_organisation("第二示例技能评价中心", "evaluation_org", HOME, evaluator_code="9801")
        for role in ("institution_clerk", "institution_head"):
            self.new_account(Actor(role, ORGANISATION, f"second_{role}", region=HOME, organisation="second"), second)
        self.new_account(Actor("evaluator", ORGANISATION, "other_evaluator", region=HOME, organisation="other"), other)
        away = next(code for (region, kind), code in codes.items()
                    if region == AWAY and kind in ("training_institution", "technical_school"))
        for standing, of, code, officer, region in ((OWN, "school1", codes[HOME, "training_institution"], near, HOME),
                                                    (ORGANISATION, "second", second, near, HOME),
                                                    (REGION, "school3", away, far, AWAY)):
            _, number = self.new_person(officer, region)
            self.new_account(Actor("teacher", standing, f"teacher_{of}", region=region, organisation=of), code, number)
        for standing, prefecture in ((OWN, HOME[:4] + "00"), (REGION, AWAY[:4] + "00")):
            code = self.new_organisation(f"示例州市人社局{prefecture}", "hrss_department", prefecture)
            self.new_account(Actor("prefecture_officer", standing, f"prefecture{prefecture}", region=prefecture), code)
        self.new_account(Actor("auditor", REGION, "auditor_away", region=AWAY), codes[AWAY, "hrss_department"])
        self.new_account(Actor("administrator", REGION, "admin_away", region=AWAY), region=AWAY)
        self.new_worker(ORGANISATION, near, HOME)
        self.new_worker(REGION, far, AWAY)
        # Whom the administrators' routes are tried on; it does nothing itself.
        self.new_account(Actor("county_officer", "subject", "subject", region=HOME), codes[HOME, "hrss_department"])
        self.subject = self.actors.pop()

    # --- things

    def find_things(self):
        """A thing of home for each name of a part, by the path that it stands in."""
        school, county, cashier = self.named("school1"), self.named("county1"), self.named("cashier1")
        classes = rows(school, "/desk/classes")
        begins = next(row for row in classes if row["state"] == "approved")
        first = classes[-1]  # the simulation's worker is in it
        detail = school.read(first["path"])
        claim = next(row for row in rows(school, "/desk/claims") if row["state"] == "settled")["claim"]  # no step of it waits
        notice = rows(school, "/notices")[0]["notice"]
        Visitor(self.server).post(f"/notice/{notice}/objection", {"number": "1", "reason": "示例异议"})
        objection = county.read("/desk/objections")["objections"][0]
        subject = next(row for row in rows(self.admin, "/desk/accounts?q=subject"))
        account = self.admin.read(subject["path"])
        progress = school.read("/progress")
        person, _ = self.new_person(county, HOME)
        worker = self.named("worker1")
        worker.do("/me/corrections", {"told_name": "矩阵改", "reason": "示例理由"})
        correction = worker.read("/me/corrections")["corrections"][0]["id"]
        head = self.named("head1")
        head.do("/desk/staff", {"login": "spare.clerk", "name": "示例经办", "role": "institution_clerk"})
        spare = next(line for line in head.read("/desk/staff")["staff"] if line["login"] == "spare.clerk")
        training = {"region": HOME, "organisations": ("school1", "evaluator1")}
        self.claim_line = school.read(f"/desk/claim/{claim}")["lines"][0]["line"]
        self.enrolment = detail["trainees"]["rows"][0]["enrolment"]
        self.things = {
            "/desk/class/:class": Thing(begins["class"], **training),
            "/desk/class/:class/results": Thing(first["class"], HOME, ("evaluator1",)),
            "/desk/session/:session": Thing(detail["sessions"][0]["id"], **training),
            "/desk/claim/:claim": Thing(claim, HOME, ("school1",)),
            "/desk/batch/:batch": Thing(cashier.read("/desk/payments")["batches"]["rows"][0]["batch"], HOME),
            "/desk/objection/:objection": Thing(objection["id"], HOME),
            "/desk/organisation/:organisation": Thing(
                next(row["organisation"] for row in rows(county, "/desk/organisations")), HOME),
            "/desk/account/:account": Thing(subject["account"], HOME),
            "/desk/account/:account/post/:post": Thing(account["posts"][0]["post"], HOME),
            "/desk/post/:post": Thing(account["posts"][0]["post"], HOME),
            "/desk/staff/:post": Thing(spare["post"], HOME, ("school1",)),
            "/desk/person/:person": Thing(person.rpartition("/")[2], HOME),
            "/desk/correction/:correction": Thing(correction, HOME),
            "/me/correction/:correction": Thing(correction, owner="worker1"),
            "/desk/enrolment/:enrolment": Thing(self.enrolment, HOME, ("school1",)),
            "/desk/audit/:entry": Thing(rows(self.named("auditor"), "/desk/audit?login=county1")[0]["entry"], HOME),
            "/desk/roster/:import": Thing(self.new_import(begins["path"]), HOME, ("school1",)),
            "/me/check-in/:session": Thing(detail["sessions"][0]["id"], owner="worker1"),
            "/me/check-in/:session/:enrolment": Thing(self.enrolment, owner="worker1"),
            "/class/:class": Thing(first["class"], is_public=True),
            "/notice/:notice": Thing(notice, is_public=True),
            "/certificate/:number": Thing(CERTIFICATE, is_public=True),
            "/certificate/:number/print": Thing(CERTIFICATE, HOME, ("school1", "evaluator1")),
            "/rules/:decision": Thing("prize", is_public=True),
            "/progress/:item": Thing(str(progress["items"][0]["no"]), is_public=True),
            "/progress/metric/:metric": Thing(progress["items"][0]["metrics"][0]["id"], is_public=True),
        }

    def new_import(self, class_path):
        """A roster that is read and not accepted yet."""
        seat, boundary = self.named("school1").seat, uuid.uuid4().hex
        content = f"姓名,身份证号,联系电话\n李四,{self.new_number()},13908712345\n王五,1,13908712346\n"
        part = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="roster.csv"\r\n'
                f"Content-Type: text/csv\r\n\r\n{content}\r\n--{boundary}--\r\n")
        reply = seat.client.request("POST", class_path + "/roster", part.encode(), Accept="application/json",
                                    Content_Type=f"multipart/form-data; boundary={boundary}", X_CSRF_Token=seat.token)
        return json.loads(reply.text)["location"].rpartition("/")[2]
