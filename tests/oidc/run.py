"""A province's single sign-on: against npm's oidc-provider, and against a provider that signs what no honest one would."""
# seconds: 400

import base64
import contextlib
import hashlib
import html
import http.client
import http.cookies
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from whole import DATABASE, FOLDER, Client, Seat, Server, Tap, dianji, free_port  # noqa: E402

SECRET = "a secret: 100% of it/+"
RETRY_SECONDS = 10
NUMBER = "530102199003070016"
SETTINGS, LOG = FOLDER / "oidc.conf", FOLDER / "server.log"


class Provider:
    """One of the two programs beside this file."""

    def __init__(self, program, *words, port=None):
        self.port = port or free_port()
        self.process = subprocess.Popen(["node", HERE / program, str(self.port), *words], cwd=HERE, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in self.process.stdout:
            if "ready" in line:
                return
        raise RuntimeError(f"{program} does not start")

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def tell(self, path, value=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET" if value is None else "POST", path, None if value is None else json.dumps(value))
        text = connection.getresponse().read().decode()
        connection.close()
        return json.loads(text) if text.startswith("{") else text

    def stop(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()


def configure(house, issuer, **more):
    secret = FOLDER / "oidc.secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    secret.chmod(0o600)
    lines = {"issuer": issuer, "client_id": "dianji", "client_secret": f"file:{secret}", "address": house,
             "name_zh": "全省统一身份认证", "name_en": "the province's single sign-on", **more}
    SETTINGS.write_text("# of a test\n" + "".join(f"{name} = {value}\n" for name, value in lines.items()), encoding="utf-8")


@contextlib.contextmanager
def house_of(provider_issuer, port, second_factor=False, **more):
    server = Server(log=LOG, second_factor=second_factor)
    server.port = port
    configure(f"http://127.0.0.1:{port}", provider_issuer, **more)
    server.options += ["--oidc", str(SETTINGS)]
    with server:
        yield server


class Browser:
    """Follows redirects between the house and the provider, with the cookies of each."""

    def __init__(self):
        self.jars, self.policy = {}, ""

    def ask(self, method, url, fields=None, **headers):
        parts = urllib.parse.urlsplit(url)
        jar = self.jars.setdefault(parts.netloc, {})
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        sent = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target or "/", None if fields is None else urllib.parse.urlencode(fields), sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.policy = answer.headers.get("Content-Security-Policy") or ""
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                jar[name] = morsel.value
                if not morsel.value or morsel["max-age"] == "0":
                    del jar[name]
        where = answer.headers.get("Location")
        return answer.status, urllib.parse.urljoin(url, where) if where else None, text

    def follow(self, method, url, fields=None, until=None):
        """To the first page that is no redirect, or whose address begins with `until`; (status, address, text)."""
        for _ in range(12):
            if until and url.startswith(until):
                return 0, url, ""
            status, where, text = self.ask(method, url, fields)
            if where is None:
                return status, url, text
            method, url, fields = "GET", where, None
        raise RuntimeError("round and round")

    def form(self, url, text, **more):
        """Sends the page's form on."""
        action = html.unescape(re.search(r'<form[^>]*action="([^"]*)"', text).group(1))
        fields = {html.unescape(name): html.unescape(value)
                  for name, value in re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', text)}
        return self.follow("POST", urllib.parse.urljoin(url, action), {**fields, **more})


def csrf(text):
    return html.unescape(re.search(r'name="csrf" value="([^"]*)"', text).group(1))


def through_provider(browser, url, login):
    """The provider's own pages, as a person clicks through them, and back to the house."""
    status, where, text = browser.follow("GET", url)
    for _ in range(3):
        if "/interaction/" not in where:
            break
        more = {"login": login, "password": "x", "prompt": "login"} if 'name="login"' in text else {"prompt": "consent"}
        status, where, text = browser.form(where, text, **more)
    return status, where, text


def sign_in_with_password(browser, house, login):
    status, where, text = browser.follow("POST", f"{house}/sign-in", {"login": login, "password": "dianji-2025"})
    return browser.ask("GET", f"{house}/account")[2]


def is_in(browser, house):
    return browser.ask("GET", f"{house}/account", None)[0] == 200


def link(browser, house, login, subject):
    text = sign_in_with_password(browser, house, login)
    status, where, _ = browser.ask("POST", f"{house}/account/single/link", {"csrf": csrf(text)})
    return through_provider(browser, where, subject) if where else (status, "", "")


# --- the real provider

def check_real(tap, algorithm, is_whole):
    port = free_port()
    house = f"http://127.0.0.1:{port}"
    with Provider("provider.mjs", house, algorithm) as provider, house_of(provider.issuer, port, algorithms=algorithm):
        browser = Browser()
        status, where, text = through_provider(browser, f"{house}/sign-in/single?next=%2Faccount", f"stranger-{algorithm}")
        tap.check(f"{algorithm}: a stranger is told to link first", status == 403 and "not linked" in text, f"{status} {where} {text}")
        tap.check("and is not in", not is_in(browser, house))
        browser = Browser()
        status, where, text = link(browser, house, "county1", f"subject-{algorithm}")
        tap.check("the signed-in person links", status == 200 and where.split("#")[0] == f"{house}/account", f"{status} {where}")
        browser = Browser()
        status, where, text = through_provider(browser, f"{house}/sign-in/single?next=%2Faccount", f"subject-{algorithm}")
        tap.check("and comes in by the provider, where they wished to go", status == 200 and where.split("#")[0] == f"{house}/account",
                  f"{status} {where} {text}")
        if is_whole:
            check_linked(tap, provider, house, browser, algorithm)
        unlinked = browser.ask("POST", f"{house}/account/single/unlink", {"csrf": csrf(browser.ask("GET", f"{house}/account")[2])})
        tap.check("the link is taken away", unlinked[0] == 303, unlinked)


def check_linked(tap, provider, house, browser, algorithm):
    other = Browser()
    status, _, text = link(other, house, "school1", f"subject-{algorithm}")
    tap.check("nobody else links the same identity", status == 409 and "another account" in text, f"{status} {text}")
    status, where, _ = link(Browser(), house, "county1", "somebody-else")
    tap.check("nor one account two", status == 409, f"{status} {where}")
    provider.tell("/test/rotate", {})
    time.sleep(RETRY_SECONDS)
    again = Browser()
    status, where, text = through_provider(again, f"{house}/sign-in/single", f"subject-{algorithm}")
    tap.check("new keys are learnt without a restart", status == 200 and is_in(again, house), f"{status} {where} {text}")
    # Signing out here ends the session there, which ends the other session here.
    second = Browser()
    second.jars = {name: dict(jar) for name, jar in again.jars.items()}
    second.jars.pop(urllib.parse.urlsplit(house).netloc)
    status, where, _ = through_provider(second, f"{house}/sign-in/single", f"subject-{algorithm}")
    tap.check("a second session of the same one there", status == 200 and is_in(second, house), f"{status} {where}")
    token = csrf(again.ask("GET", f"{house}/account")[2])
    status, where, _ = again.ask("POST", f"{house}/sign-out", {"csrf": token})
    tap.check("signing out leads to the provider", status == 303 and where.startswith(provider.issuer) and "id_token_hint=" in where, where)
    tap.check("and has ended the session here", not is_in(again, house))
    status, where, text = again.follow("GET", where)
    status, where, text = again.form(where, text, logout="yes")
    tap.check("and back to the house", where == f"{house}/", where)
    until = time.monotonic() + 10
    while is_in(second, house) and time.monotonic() < until:
        time.sleep(0.1)
    tap.check("the provider's notice ended the other session", not is_in(second, house))
    tap.check("but not one that began at another of its sessions", is_in(browser, house))
    password = Browser()
    sign_in_with_password(password, house, "county1")
    tap.check("nor one of a password", is_in(password, house))


# --- the forger

class Forgery:
    """What a good token of the forger says, and how one is taken to the house."""

    def __init__(self, forger, house):
        self.forger, self.house, self.browser, self.where = forger, house, Browser(), ""

    def set_out(self):
        status, self.where, text = self.browser.ask("GET", f"{self.house}/sign-in/single")
        if status != 303:
            raise RuntimeError(f"{status} {text}")
        self.policy = self.browser.policy
        self.asked = {name: values[0] for name, values in urllib.parse.parse_qs(urllib.parse.urlsplit(self.where).query).items()}
        return self

    def claims(self, **other):
        now = int(time.time())
        all_of_them = {"iss": self.forger.issuer, "sub": "forged", "aud": "dianji", "exp": now + 300, "iat": now,
                       "nonce": self.asked["nonce"], "auth_time": now - 60, **other}
        return {name: value for name, value in all_of_them.items() if value is not None}

    def come_back(self, header=None, key="a", sign=None, state=None, query="", accept="text/html", **claims):
        self.forger.tell("/test/next", {"header": {"alg": "RS256", **(header or {})}, "claims": self.claims(**claims), "key": key,
                                        "sign": sign})
        state = self.asked["state"] if state is None else state
        status, where, text = self.browser.ask("GET", f"{self.house}/sign-in/single/return?code=c0de&state={state}{query}", None,
                                             Accept=accept)
        return status, text

    def is_in(self):
        return is_in(self.browser, self.house)


def check_refused(tap, forger, house):
    now = int(time.time())
    refused = {
        "another nonce": {"nonce": "other"},
        "no nonce": {"nonce": None},
        "another audience": {"aud": "somebody"},
        "no audience": {"aud": None},
        "two audiences and no party": {"aud": ["dianji", "other"]},
        "another party": {"azp": "other"},
        "another issuer": {"iss": "http://127.0.0.1:1"},
        "an issuer with a slash more": {"iss": f"{forger.issuer}/"},
        "a time that is over": {"exp": now - 61},
        "no end": {"exp": None},
        "an end that is a text": {"exp": str(now + 300)},
        "a time to come": {"iat": now + 300},
        "one of yesterday": {"iat": now - 86400, "exp": now + 300},
        "not before tomorrow": {"nbf": now + 86400},
        "no subject": {"sub": None},
        "nothing of when the person signed in": {"auth_time": None},
        "a sign-in of long ago": {"auth_time": now - 13 * 3600},
        "a sign-in to come": {"auth_time": now + 3600},
        "algorithm none": {"header": {"alg": "none"}, "sign": "none"},
        "algorithm None": {"header": {"alg": "None"}, "sign": "none"},
        "HS256 with the public key": {"header": {"alg": "HS256"}, "sign": "public"},
        "no signature": {"sign": "none"},
        "another key under the same name": {"sign": "other"},
        "a key of another kind": {"header": {"alg": "ES256"}},
        "an algorithm that is not listed": {"header": {"alg": "EdDSA"}, "key": "d"},
        "a key that is too short": {"key": "w"},
        "what must be understood": {"header": {"crit": ["exp"], "exp": now}},
        "a key that it brings along": {"header": {"jwk": {"kty": "RSA"}}, "sign": "other"},
        "an unknown key": {"key": "b"},
    }
    forger.tell("/test/known", ["a", "e", "d", "w"])
    for name, how in refused.items():
        forgery = Forgery(forger, house).set_out()
        status, text = forgery.come_back(**how, accept="application/json")
        tap.check(f"refused: {name}", status == 401 and "/sign_in.unproven" in text and not forgery.is_in(), f"{status} {text}")
    status, text = Forgery(forger, house).set_out().come_back(nonce="other")
    tap.check("and a person is told so", status == 401 and "could not be verified" in text and 'name="password"' in text, text)
    before = forger.tell("/test/asked")["keys"]
    for _ in range(5):
        Forgery(forger, house).set_out().come_back(key="b")
    tap.check("unknown keys do not have them fetched each time", forger.tell("/test/asked")["keys"] <= before + 1)


def check_states(tap, forger, house):
    forgery = Forgery(forger, house).set_out()
    status, _ = forgery.come_back(state="other")
    tap.check("refused: another state", status == 401 and not forgery.is_in(), status)
    status, text = forgery.come_back(accept="application/json")
    tap.check("refused: a second return", status == 400 and "/sign_in.expired" in text and not forgery.is_in(), text)
    there, victim = Forgery(forger, house).set_out(), Forgery(forger, house).set_out()
    victim.asked = there.asked
    status, _ = victim.come_back()
    tap.check("refused: the return of another browser", status == 401 and not victim.is_in(), status)
    nobody = Forgery(forger, house)
    nobody.asked = there.asked
    status, text = nobody.come_back()
    tap.check("refused: a browser that never set out", status == 400 and "did not begin" in text, status)
    forged = Forgery(forger, house).set_out()
    jar = forged.browser.jars[urllib.parse.urlsplit(house).netloc]
    jar["carried"] = jar["carried"][:-2] + ("A" if jar["carried"][-2] != "A" else "B") + jar["carried"][-1]
    tap.check("refused: what it carried was changed", forged.come_back()[0] == 400)
    said_no = Forgery(forger, house).set_out()
    status, _, text = said_no.browser.ask("GET", f"{house}/sign-in/single/return?error=access_denied&state={said_no.asked['state']}",
                                          None, Accept="application/json")
    tap.check("a no is a no", status == 403 and "/sign_in.denied" in text, text)
    mixed = Forgery(forger, house).set_out()
    tap.check("refused: the answer of another issuer", mixed.come_back(query="&iss=https%3A%2F%2Fother.example")[0] == 401)


def check_good(tap, forger, house):
    """So that what is refused is refused for its fault alone."""
    administrator = Seat("admin")
    administrator.client, administrator.token = seat_of(house, "admin")
    accounts = json.loads(administrator.get("/desk/accounts?q=school1").text)
    path = next(row["path"] for row in accounts["list"]["rows"] if row["login"] == "school1")
    reply = administrator.post(f"{path}/link", {"subject": ""})
    tap.check("a link needs a subject", reply.status == 422, reply.status)
    reply = administrator.post(f"{path}/link", {"subject": "forged"})
    tap.check("the administrator links", reply.status == 200, f"{reply.status} {reply.text}")
    for name, how in {"as it should be": {}, "PS256": {"header": {"alg": "PS256"}}, "ES256": {"header": {"alg": "ES256"}, "key": "e"},
                      "several audiences": {"aud": ["x", "dianji"], "azp": "dianji"},
                      "a minute of another clock": {"exp": int(time.time()) - 30}}.items():
        forgery = Forgery(forger, house).set_out()
        status, text = forgery.come_back(**how)
        tap.check(f"taken: {name}", status == 303 and forgery.is_in(), f"{status} {text}")
    asked = forger.tell("/test/asked")
    body = {name: values[0] for name, values in urllib.parse.parse_qs(asked["body"]).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(body["code_verifier"].encode()).digest()).decode().rstrip("=")
    tap.check("the code is bound to who asked for it", challenge == forgery.asked["code_challenge"], body)
    given = base64.b64decode(asked["authorization"].split()[1]).decode()
    tap.check("the house proves itself", [urllib.parse.unquote(one) for one in given.split(":")] == ["dianji", SECRET], given)
    tap.check("the address holds no secret", SECRET not in urllib.parse.unquote(forgery.where))
    return path, administrator


def seat_of(house, login):
    server = Server()
    server.port = urllib.parse.urlsplit(house).port
    seat = Seat(login).sign_in(server)
    return seat.client, seat.token


def logout_token(forger, **other):
    now = int(time.time())
    claims = {"iss": forger.issuer, "aud": "dianji", "iat": now, "exp": now + 120, "jti": str(now), "sub": "forged",
              "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **other}
    sign = claims.pop("sign_as", None)
    return forger.tell("/test/sign", {"header": {"alg": "RS256", "typ": "logout+jwt"}, "key": "a", "sign": sign,
                                      "claims": {name: value for name, value in claims.items() if value is not None}})["token"]


def notice(house, token):
    """What is said of it: "done", or why not."""
    status, _, text = Browser().ask("POST", f"{house}/sign-in/single/logout", {"logout_token": token}, Accept="application/json")
    found = re.search(r"/(provider_logout\.\w+)", text)
    return "done" if status == 200 else found and found.group(1)


def check_logout(tap, forger, house):
    forgery = Forgery(forger, house).set_out()
    forgery.come_back(sid="there-1")
    other = Forgery(forger, house).set_out()
    other.come_back(sid="there-2")
    tap.check("two sessions", forgery.is_in() and other.is_in())
    for name, how in {"of nobody": {"sub": None, "sid": None}, "with a nonce": {"nonce": "x"}, "without its event": {"events": {}},
                      "for another": {"aud": "other"}, "of another": {"iss": "http://127.0.0.1:1"},
                      "of yesterday": {"iat": int(time.time()) - 86400}, "that is over": {"exp": int(time.time()) - 61},
                      "forged": {"sign_as": "other"}}.items():
        tap.check(f"refused: a notice {name}", notice(house, logout_token(forger, **how)) == "provider_logout.refused")
    tap.check("nothing is ended by them", forgery.is_in() and other.is_in())
    tap.check("no notice at all", Browser().ask("POST", f"{house}/sign-in/single/logout", {})[0] == 400)
    tap.check("a notice of one session", notice(house, logout_token(forger, sid="there-1")) == "done")
    tap.check("ends that one", not forgery.is_in() and other.is_in())
    tap.check("a notice of somebody unknown is taken", notice(house, logout_token(forger, sub="nobody")) == "done")
    tap.check("and ends nothing", other.is_in())
    tap.check("a notice of the person", notice(house, logout_token(forger)) == "done")
    tap.check("ends all of them", not other.is_in())


def check_account(tap, forger, house, path, administrator):
    """What a right identity opens is still the account, with its state."""
    suspended = administrator.post(f"{path}/state/suspended", {"note": "x"})
    status, text = Forgery(forger, house).set_out().come_back()
    tap.check("a suspended account stays shut", suspended.status == 200 and status == 403 and "suspended" in text.lower(), f"{status} {text}")
    administrator.post(f"{path}/state/active", {"note": "x"})
    tried = [Browser().ask("POST", f"{house}/sign-in", {"login": "school1", "password": "wrong"})[0] for _ in range(6)]
    status, _ = Forgery(forger, house).set_out().come_back()
    tap.check("so does one that is locked", status == 429, f"{tried} {status}")
    tap.check("the administrator unlinks", administrator.post(f"{path}/unlink", {}).status == 200)
    status, _ = Forgery(forger, house).set_out().come_back()
    tap.check("an identity without its link opens nothing", status == 403, status)


def check_factor(tap, forger, port):
    """The provider's second factor counts where the operator says so, ours is asked where not."""
    house = f"http://127.0.0.1:{port}"
    with house_of(forger.issuer, port, algorithms="RS256"):
        administrator = Seat("admin")
        administrator.client, administrator.token = seat_of(house, "admin")
        rows = json.loads(administrator.get("/desk/accounts?q=county1").text)["list"]["rows"]
        path = next(row["path"] for row in rows if row["login"] == "county1")
        tap.check("an officer is linked", administrator.post(f"{path}/link", {"subject": "officer"}).status == 200)
    with house_of(forger.issuer, port, second_factor=True, algorithms="RS256", factor_amr="otp hwk", factor_acr="level-3",
                  required_acr="level-2 level-3"):
        for name, how, wanted in (("one factor there", {"amr": ["pwd"], "acr": "level-2"}, "/sign-in/code"),
                                  ("two by their methods", {"amr": ["pwd", "otp"], "acr": "level-2"}, ""),
                                  ("two by their level", {"acr": "level-3"}, "")):
            forgery = Forgery(forger, house).set_out()
            status, _ = forgery.come_back(sub="officer", **how)
            tap.check(f"{name}: {wanted or 'in'}", status == 303 and forgery.is_in() == (not wanted), status)
        tap.check("the level is asked for", forgery.asked["acr_values"] == "level-2 level-3", forgery.asked)
        status, _ = Forgery(forger, house).set_out().come_back(sub="officer", acr="level-1")
        tap.check("refused: too low a level", status == 401, status)


def open_worker(tap, house):
    """A worker with an account, by the county: the number."""
    county = Seat("county1")
    county.client, county.token = seat_of(house, "county1")
    region = json.loads(county.get("/desk/people").text)["people"]["rows"][0]["region"]
    reply = county.post("/desk/person/new", {"identity_no": NUMBER, "name": "张晓滇", "region": region[:6]})
    found = re.search(r"/desk/person/\w+", reply.text)
    opened = county.post(f"{found.group(0)}/account", {}) if found else reply
    tap.check("a worker has an account", opened.status in (200, 201), f"{reply.status} {reply.text} {opened.text}")
    return NUMBER


def check_number(tap, forger, port):
    """A verified number finds the worker's account, once and for all."""
    house = f"http://127.0.0.1:{port}"
    with house_of(forger.issuer, port, algorithms="RS256", identity_claim="identity_no", required_acr="real-name"):
        worker = open_worker(tap, house)
        forged = Forgery(forger, house).set_out()
        tap.check("a number without a real-name level opens nothing", forged.come_back(sub="by-number", identity_no=worker)[0] == 401)
        forgery = Forgery(forger, house).set_out()
        status, text = forgery.come_back(sub="by-number", identity_no=worker, acr="real-name")
        tap.check("a verified number opens its person's account", status == 303 and forgery.is_in(), f"{status} {text}")
        forgery = Forgery(forger, house).set_out()
        status, _ = forgery.come_back(sub="another", identity_no=worker, acr="real-name")
        tap.check("and no second identity does", status == 403 and not forgery.is_in(), status)
        forgery = Forgery(forger, house).set_out()
        tap.check("the first is linked", forgery.come_back(sub="by-number", acr="real-name")[0] == 303 and forgery.is_in())
        status, _ = Forgery(forger, house).set_out().come_back(sub="third", identity_no="1", acr="real-name")
        tap.check("what is no number finds nobody", status == 403, status)
    with house_of(forger.issuer, port, algorithms="RS256"):
        status, _ = Forgery(forger, house).set_out().come_back(sub="fourth", identity_no=worker)
        tap.check("nor does one that the operator does not trust", status == 403, status)


def check_down(tap, forger, house):
    forger.stop()
    browser = Browser()
    page = browser.ask("GET", f"{house}/sign-in")
    tap.check("the door stands with the provider down", page[0] == 200 and "/sign-in/single" in page[2])
    late = Forgery(forger, house).set_out()
    status, _, text = late.browser.ask("GET", f"{house}/sign-in/single/return?code=x&state={late.asked['state']}")
    tap.check("down: a clear page", status == 502 and "cannot be reached" in text and 'name="password"' in text, f"{status} {text}")
    late = Forgery(forger, house).set_out()
    status, _, text = late.browser.ask("GET", f"{house}/sign-in/single/return?code=x&state={late.asked['state']}", None,
                                       Accept_Language="zh-CN")
    tap.check("in the reader's language", status == 502 and "连不上统一身份认证" in text, text)
    sign_in_with_password(browser, house, "county1")
    tap.check("a password still opens", is_in(browser, house))


def check_never_up(tap):
    port, nobody = free_port(), free_port()
    house = f"http://127.0.0.1:{port}"
    with house_of(f"http://127.0.0.1:{nobody}", port):
        status, _, text = Browser().ask("GET", f"{house}/sign-in/single")
        tap.check("never up: a clear page, too", status == 502 and "cannot be reached" in text, f"{status} {text}")
        tap.check("and notices are to come again", notice(house, "a.b.c") == "provider_logout.down")
        status, _, text = Browser().ask("GET", f"{house}/sign-in/single", None, Accept="application/json")
        tap.check("as a program reads it", status == 502 and "/sign_in.down" in text, text)
    with Provider("forger.mjs") as forger:
        for name, other in (("of another issuer", {"issuer": "https://other.example"}),
                            ("with places that are no addresses", {"authorization_endpoint": "javascript:alert(1)"}),
                            ("in the clear", {"token_endpoint": "http://192.0.2.1/token"}),
                            ("without S256", {"code_challenge_methods_supported": ["plain"]})):
            forger.tell("/test/say", other)
            with house_of(forger.issuer, free_port()) as server:
                status = Browser().ask("GET", f"http://127.0.0.1:{server.port}/sign-in/single")[0]
                tap.check(f"a description {name} is none", status == 502, status)


def check_off(tap):
    """Nothing of it where it is not configured, and no start where it is configured badly."""
    with Server(log=LOG) as server:
        house = f"http://127.0.0.1:{server.port}"
        page = Browser().ask("GET", f"{house}/sign-in")[2]
        tap.check("without it the door has no such button", "/sign-in/single" not in page)
        for name, path in (("there", "single"), ("back", "single/return?code=x&state=y")):
            status, where, _ = Browser().ask("GET", f"{house}/sign-in/{path}")
            tap.check(f"no way {name}", status == 303 and where == f"{house}/sign-in", where)
        tap.check("no notices", notice(house, "a.b.c") == "provider_logout.refused")
        browser = Browser()
        token = csrf(sign_in_with_password(browser, house, "county1"))
        _, _, text = browser.ask("POST", f"{house}/account/single/link", {"csrf": token}, Accept="application/json")
        tap.check("and nothing to link", "/account_link.off" in text, text)
    good = {"issuer": "https://sso.example"}
    for name, wrong in {"an issuer in the clear": {"issuer": "http://sso.example"}, "HS256": {"algorithms": "RS256 HS256"},
                        "none": {"algorithms": "none"}, "an unknown key": {"isuer": "x"}, "no scope of ours": {"scopes": "profile"},
                        "a number without a level": {"identity_claim": "identity_no"}, "a secret in plain": {"client_secret": "abc"}, "no secret": {"client_secret": "env:NO_SUCH"}}.items():
        configure("https://house.example", **{**good, **wrong})
        code, _, error = dianji("serve", "--db", DATABASE, "--listen", f"127.0.0.1:{free_port()}", "--oidc", str(SETTINGS), seconds=60)
        tap.check(f"no start with {name}", code == 1 and "oidc.conf" in error, f"{code} {error}")
    configure("https://house.example", **good)
    for mode in (0o644, 0o640, 0o620):
        (FOLDER / "oidc.secret").chmod(mode)
        code, _, error = dianji("serve", "--db", DATABASE, "--listen", f"127.0.0.1:{free_port()}", "--oidc", str(SETTINGS), seconds=60)
        tap.check(f"nor with a secret of mode {mode:o}", code == 1 and "oidc.secret" in error and "chmod 600" in error, error)


def check_forged(tap):
    port = free_port()
    house = f"http://127.0.0.1:{port}"
    with Provider("forger.mjs") as forger:
        with house_of(forger.issuer, port, algorithms="RS256 PS256 ES256"):
            forger.tell("/test/known", ["a", "e", "d", "w"])
            path, administrator = check_good(tap, forger, house)
            check_fresh(tap, forger, house, path)
            check_refused(tap, forger, house)
            check_states(tap, forger, house)
            check_logout(tap, forger, house)
            check_account(tap, forger, house, path, administrator)
            check_down(tap, forger, house)
    with Provider("forger.mjs") as forger:
        check_factor(tap, forger, free_port())
        check_number(tap, forger, free_port())


def check_fresh(tap, forger, house, path):
    """Where somebody is to sign in anew, an open session at the provider is no proof of it."""
    forgery = Forgery(forger, house).set_out()
    tap.check("who comes in need not sign in there anew", "prompt" not in forgery.asked and forgery.asked["max_age"] == "43200", forgery.asked)
    forgery.come_back()
    page = forgery.browser.ask("GET", f"{house}/account")[2]
    tap.check("the holder reads who linked", "By " in page and "was linked to the single sign-on" in page, page)
    again = Forgery(forger, house)
    again.browser = forgery.browser
    again.set_out()
    tap.check("who comes out of a session is to sign in there anew", again.asked.get("prompt") == "login", again.asked)
    status, _ = again.come_back(auth_time=int(time.time()) - 600)
    tap.check("refused: the sign-in of before", status == 401, status)
    again.set_out()
    tap.check("a new one is taken", again.come_back(auth_time=int(time.time()))[0] == 303 and again.is_in())


def check_elsewhere(tap):
    """People sign in, and out, at other addresses than the issuer's: forms may lead there, and nowhere else."""
    with Provider("forger.mjs") as forger:
        port = free_port()
        house = f"http://127.0.0.1:{port}"
        forger.tell("/test/say", {"authorization_endpoint": "https://login.example/authorize?a=b",
                                  "end_session_endpoint": "https://out.example:8443/end"})
        with house_of(forger.issuer, port):
            browser = Browser()
            wanted = ["'self'", forger.issuer, "https://login.example", "https://out.example:8443"]
            targets = []
            for _ in range(50):  # the description is read while the first pages are served already
                browser.ask("GET", f"{house}/sign-in")
                targets = re.search(r"form-action ([^;]*)", browser.policy).group(1).split()
                if targets == wanted:
                    break
                time.sleep(0.2)
            tap.check("forms may lead to where people sign in and out", targets == wanted, browser.policy)
        forger.tell("/test/say", {"authorization_endpoint": "https://login.example;script-src/x",
                                  "end_session_endpoint": "https://out.example,*/end"})
        with house_of(forger.issuer, port):
            browser.ask("GET", f"{house}/sign-in")
            targets = re.search(r"form-action ([^;]*)", browser.policy).group(1).split()
            tap.check("an address writes nothing else into the policy", targets == ["'self'", forger.issuer] and "login" not in browser.policy,
                      browser.policy)


def check_slow(tap):
    """Neither a provider that takes its time, nor one that talks without end, holds the house up."""
    with Provider("forger.mjs") as forger:
        port = free_port()
        house = f"http://127.0.0.1:{port}"
        with house_of(forger.issuer, port, algorithms="RS256"):
            for name, how in (("slow", {"/token": {"wait": 20000}}), ("huge", {"/token": {"bytes": 5_000_000}}),
                              ("no JSON", {"/token": {"text": "<html>"}}), ("broken", {"/token": {"status": 500}})):
                forgery = Forgery(forger, house).set_out()
                forger.tell("/test/ill", how)
                began = time.monotonic()
                status, text = forgery.come_back(accept="application/json")
                took = time.monotonic() - began
                wanted = "/sign_in.unproven" if name == "no JSON" else "/sign_in.down"
                tap.check(f"a token's place that is {name} is refused in time", wanted in text and took < 10 and not forgery.is_in(),
                          f"{status} {text} {took}")
                forger.tell("/test/ill", {})
            for name, how in (("slow", {"/keys": {"wait": 20000}}), ("huge", {"/keys": {"bytes": 5_000_000}})):
                forger.tell("/test/ill", how)
                forgery = Forgery(forger, house).set_out()
                status, text = forgery.come_back(accept="application/json")
                tap.check(f"keys that are {name} open nothing", status in (401, 502) and not forgery.is_in(), f"{status} {text}")
                forger.tell("/test/ill", {})
                time.sleep(RETRY_SECONDS)
            forgery = Forgery(forger, house).set_out()
            status, _ = forgery.come_back(accept="application/json")
            tap.check("and when it is well again, so is the house", status == 403, status)
        for name, how in (("slow", {"wait": 20000}), ("huge", {"bytes": 5_000_000})):
            forger.tell("/test/ill", {"/.well-known/openid-configuration": how})
            with house_of(forger.issuer, port):
                status = Browser().ask("GET", f"{house}/sign-in/single")[0]
                tap.check(f"a description that is {name}: the house starts, and says that it is down", status == 502, status)


def check_log(tap):
    log = LOG.read_text(encoding="utf-8")
    tap.check("the log says which check failed", "refused: nonce" in log and "refused: signature" in log and "refused: state" in log)
    tap.check("and no token, code, subject or secret", not re.search(r"eyJ|c0de|forged|" + re.escape(SECRET), log))


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "300", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    check_off(tap)
    for algorithm in ("RS256", "ES256", "PS256", "EdDSA"):
        check_real(tap, algorithm, is_whole=algorithm == "RS256")
    check_forged(tap)
    check_never_up(tap)
    check_elsewhere(tap)
    check_slow(tap)
    check_log(tap)
    tap.finish()


if __name__ == "__main__":
    main()
