"""Every route × every role × own, other organisation, other region, signed out: allowed exactly where the table of permissions says.

The routes and who holds which permission come from the program itself, so that a new route is asked for as soon as it is there,
and a new part of a path or a new role has to be told here whose it is. POSTs carry a valid token and as good as nothing: where
they may be sent, what answers is the rule, which refuses for another reason (422, 409) or does its work.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import province as scene  # noqa: E402
from province import NOBODY, ORGANISATION, OWN, REGION, Province, Visitor  # noqa: E402
from whole import DATABASE, Seat, Server, Tap, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"
NO_ONE = "0000000000001"
REFUSED = (401, 403, 404)

# Parts that are words, not ids.
WORDS = {"/problems/:code": "web.sign_in_first", "/desk/organisation/:organisation/state/:state": "active",
         "/desk/account/:account/state/:state": "active", "/desk/roster/:import/:format": "marked.xlsx",
         "/me/check-in/:session/:enrolment/:kind": "check_in"}
# What a form must have to be one at all; it still changes nothing, or as little as possible.
BODIES = {"/desk/class/:class/review": {"decision": "approve"}, "/desk/claim/:claim/review": {"decision": "approve"},
          "/desk/objection/:objection": {"verdict": "clear"}, "/desk/correction/:correction": {"verdict": "refuse"},
          "/notice/:notice/objection": {"number": "2"}}
# These end sessions or posts: last, and in this order.
LAST = ("/desk/account/:account/post/:post/end", "/account/sessions/end", "/sign-out")


def routes():
    """[(method, path, permission)], as the program has them."""
    code, text, error = dianji("routes")
    if code != 0:
        raise RuntimeError(error)
    return [tuple(line.split()) for line in text.splitlines()]


def holders():
    """permission → roles; of the two that no table has, what they mean."""
    code, text, error = dianji("routes", "--roles")
    if code != 0:
        raise RuntimeError(error)
    table = {words[0]: set(words[1:]) for words in map(str.split, text.splitlines())}
    every = set(scene.OF_ORGANISATION + scene.OF_REGION + scene.OF_PERSON)
    return {**table, "public": every | {""}, "signed_in": every}


def prefix(region):
    return re.sub(r"(00)+$", "", region)


class Matrix:
    def __init__(self, province, tap):
        self.province, self.tap, self.holders = province, tap, holders()
        self.bodies = {**BODIES, "/desk/claim/:claim/pay-again": {"line": province.claim_line},
                       "/desk/session/:session/correct": {"enrolment": province.enrolment}}

    def own_part(self, pattern, actor):
        """The part of /account/…: each has their own, and is tried on the subject's."""
        actor = actor or self.province.subject
        if "/post/" in pattern:
            return actor.read("/account")["posts"][0]["id"]
        Seat(actor.login, actor.seat.password).sign_in(self.province.server)  # a session that may end
        return next(session["id"] for session in actor.read("/account")["sessions"] if not session["is_current"])

    def thing(self, pattern, full):
        """Whose the last part of the pattern is; a longer pattern tells more exactly."""
        for at in (full, pattern):
            if at in self.province.things:
                return self.province.things[at]
        raise KeyError(f"say in tests/matrix/province.py whose the last part of {pattern} is")

    def fill(self, path):
        """(path with ids of home, the things that it names)."""
        things, filled, pattern = [], [], ""
        for part in path.split("/")[1:]:
            pattern += "/" + part
            if not part.startswith(":"):
                filled.append(part)
            elif pattern in WORDS:
                filled.append(WORDS[pattern])
            else:
                things.append(self.thing(pattern, path))
                filled.append(things[-1].value)
        return "/" + "/".join(filled), things

    def reaches(self, actor, thing):
        if thing.is_public:
            return True
        if thing.owner:
            return actor.login == thing.owner
        if actor.role in scene.OF_ORGANISATION:
            return actor.organisation in thing.organisations
        return actor.role in scene.OF_REGION and thing.region.startswith(prefix(actor.region))

    def ask(self, actor, method, path, pattern):
        if method == "GET":
            return actor.get(path).status
        return actor.post(path, self.bodies.get(pattern, {})).status

    def try_route(self, method, path, permission):
        """The faults of one route, by standing."""
        faults = {standing: [] for standing in (OWN, ORGANISATION, REGION, NOBODY, "no such thing")}
        allowed = self.holders[permission]
        is_personal = path.startswith("/account/") and ":" in path
        filled, things = (path, []) if is_personal else self.fill(path)
        # Those who may not come first: what the others do must not be what stops them.
        for may in (False, True):
            for actor in [Visitor(self.province.server), *self.province.actors]:
                expects = actor.role in allowed and (is_personal or all(self.reaches(actor, thing) for thing in things))
                if expects != may:
                    continue
                at = filled
                if is_personal:
                    at = re.sub(r":\w+", self.own_part(path, actor) if may else NO_ONE, path)
                status = self.ask(actor, method, at, path)
                is_right = status < 500 and (status not in REFUSED) == may and (status != 401 or actor.standing == NOBODY)
                if not is_right:
                    faults[actor.standing].append(f"{actor.role or 'a visitor'} ({actor.login}) gets {status} from {at}, "
                                                  f"which is {'theirs' if may else 'not theirs'}")
                if may and (is_personal or any(not thing.is_public for thing in things)):
                    self.try_others(actor, method, path, is_personal, faults)
        return faults

    def try_others(self, actor, method, path, is_personal, faults):
        """Who has the right, without the thing: an id of nothing, and what is somebody else's alone."""
        wrong = [("no such thing", re.sub(r":(?!state|format|kind)\w+", NO_ONE, path))]
        if is_personal:
            wrong.append((ORGANISATION, re.sub(r":\w+", self.own_part(path, None), path)))
        for standing, at in wrong:
            at = at.replace(":state", "active").replace(":format", "marked.xlsx").replace(":kind", "check_in")
            status = self.ask(actor, method, at, path)
            if status not in (403, 404):
                faults[standing].append(f"{actor.role} ({actor.login}) gets {status} from {at}")

    def run(self, table):
        late = {path: place for place, path in enumerate(LAST, 1)}
        for method, path, permission in sorted(table, key=lambda route: late.get(route[1], 0)):
            for standing, faults in self.try_route(method, path, permission).items():
                self.tap.check(f"{method} {path}: {standing}", not faults, "\n".join(faults))


def check_actors(tap, province, table):
    """Nobody is missing: every role of the table has who stands at home, and elsewhere where it can."""
    roles = set().union(*holders().values()) - {""}
    told = set(scene.OF_ORGANISATION + scene.OF_REGION + scene.OF_PERSON)
    tap.check("every role of the permissions is one that the matrix knows", roles == told, roles ^ told)
    for role in sorted(roles):
        wanted = [OWN] + [REGION] * (role not in scene.OF_ALL_REGIONS) + [ORGANISATION] * (role in scene.OF_ORGANISATION)
        missing = [standing for standing in wanted if province.of(role, standing) is None]
        tap.check(f"{role} stands everywhere", not missing, missing)
    unknown = {permission for _, _, permission in table} - holders().keys()
    tap.check("every route has a permission of the table", not unknown, unknown)


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    table = routes()
    with Server(clock=CLOCK) as server:
        province = Province(server)
        check_actors(tap, province, table)
        Matrix(province, tap).run(table)
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    tap.finish()


if __name__ == "__main__":
    main()
