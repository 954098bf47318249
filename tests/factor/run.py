"""The second factor as a browser and a program meet it: asked for, set up, given, lost; and what a session is worth before."""

import base64
import hashlib
import hmac
import html
import json
import pathlib
import re
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from whole import DATABASE, PROGRAM, ROOT, Client, Server, Tap, dianji, free_port  # noqa: E402

PASSWORD = "dianji-2025"
NO_ONE = "0000000000001"
JSON = {"Accept": "application/json"}
STEP = 30


def totp(secret, step):
    """RFC 6238, written a second time."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7FFFFFFF) % 10 ** 6:06}"


class Phone:
    """Gives each code once: of the step before this one, of this one, of the next; then it waits."""

    def __init__(self, secret):
        self.secret, self.last = secret, 0

    def code(self):
        while True:
            step = max(self.last + 1, int(time.time()) // STEP - (time.time() % STEP < STEP - 5))
            if step <= int(time.time()) // STEP + 1:
                break
            time.sleep(0.5)
        self.last = step
        return totp(self.secret, step)


def csrf(text):
    found = re.search(r'name="csrf" value="([^"]*)"', text)
    return found.group(1) if found else ""


def sign_in(server, login, **headers):
    client = Client(server)
    return client, client.post("/sign-in", {"login": login, "password": PASSWORD}, **headers)


def send(client, page, path, fields):
    """A POST as a browser sends it, with the token of the page that it stands on."""
    return client.post(path, {**fields, "csrf": csrf(client.get(page).text)})


def give(client, code):
    return send(client, "/sign-in/code", "/sign-in/code", {"one_time_code": code})


def model(client, path):
    return json.loads(client.get(path, **JSON).text)


def recovery_codes(text):
    return re.findall(r'<b class="code">([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</b>', text)


def walk_setting_up(tap, server):
    """→ (client, phone, recovery codes) of county1."""
    client, reply = sign_in(server, "county1")
    half = dict(client.cookies)
    tap.check("an officer's password leads to the second step", reply.status == 303 and
              reply.headers["Location"] == "/sign-in/code", reply.headers["Location"])
    page = client.get("/sign-in/code")
    shown = model(client, "/sign-in/code")
    uri = html.unescape(re.search(r'otpauth://totp/[^<"]*', page.text).group(0))
    tap.check("which shows the secret as text in groups, as a key address and as a QR code", page.status == 200 and
              shown["secret"] in page.text and re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", shown["secret"]) and
              uri == shown["uri"] and f"secret={shown['secret'].replace(' ', '')}&" in uri and ":county1?" in uri and
              "<svg" in page.text and shown["qr"] in page.text, shown)
    tap.check("without a script", "<script" not in page.text.split("<main")[1].split("</main")[0])
    phone = Phone(shown["secret"])
    reply = give(client, "000000")
    tap.check("a wrong code is said on the page", reply.status == 401 and 'role="alert"' in reply.text and
              "000000" not in reply.text, reply.status)
    reply = give(client, "")
    tap.check("a missing one at its field", reply.status == 422 and 'id="one_time_code-error"' in reply.text, reply.status)
    reply = client.post("/sign-in/code", {"one_time_code": phone.code()})
    tap.check("without the form's token nothing is taken", reply.status == 403, reply.status)
    reply = give(client, phone.code())
    codes = recovery_codes(reply.text)
    tap.check("the right code sets it up, and ten recovery codes are shown", reply.status == 200 and len(set(codes)) == 10, codes)
    tap.check("the cookie changes", client.cookies["session"] != half["session"])
    stale = Client(server)
    stale.cookies = half
    tap.check("and the old one is worth nothing", stale.get("/account").status == 303)
    out = csrf(reply.text)
    tap.check("the session is open", client.get("/desk").status == 200)
    tap.check("the forms of that very page are the new session's", out == csrf(client.get("/account").text), out)
    tap.check("no page shows the recovery codes again", not any(code in client.get(path).text for code in codes
                                                               for path in ("/account", "/account/factor", "/sign-in/code")))
    return client, phone, codes


def walk_giving(tap, server, phone, codes):
    client, reply = sign_in(server, "county1")
    reply = client.get("/desk/classes?state=draft")
    tap.check("a page that was asked for is remembered over both steps", reply.headers["Location"].startswith("/sign-in?next="))
    reply = client.get(reply.headers["Location"])
    tap.check("to the second step", reply.headers["Location"] == "/sign-in/code?next=%2Fdesk%2Fclasses%3Fstate%3Ddraft",
              reply.headers["Location"])
    page = client.get(reply.headers["Location"])
    tap.check("which shows no secret now", page.status == 200 and "otpauth" not in page.text and "<path" not in page.text.split("<main")[1])
    fields = {"csrf": csrf(page.text), "next": re.search(r'name="next" value="([^"]*)"', page.text).group(1)}
    code = phone.code()
    reply = client.post("/sign-in/code", {**fields, "one_time_code": code})
    tap.check("and to the page", reply.status == 303 and reply.headers["Location"] == "/desk/classes?state=draft",
              (reply.status, reply.headers["Location"]))
    again, _ = sign_in(server, "county1")
    tap.check("the same code opens nothing again", give(again, code).status == 401 and again.get("/desk").status == 303)
    reply = give(again, codes[0])
    tap.check("a recovery code does", reply.status == 303 and again.get("/desk").status == 200, reply.status)
    again, _ = sign_in(server, "county1")
    tap.check("once", give(again, codes[0]).status == 401)
    for wish in ("//evil.example", "https://evil.example", "/\\evil.example"):
        other, _ = sign_in(server, "county1")
        reply = other.post("/sign-in/code", {"csrf": csrf(other.get("/sign-in/code").text), "next": wish,
                                             "one_time_code": codes.pop()})
        tap.check(f"the second step does not lead to {wish!r}", reply.headers["Location"] == "/desk", reply.headers["Location"])
    program, reply = sign_in(server, "county1", **JSON)
    answer = json.loads(reply.text)
    tap.check("a program is told what to do", reply.status == 200 and answer["outcome"] == "sign_in.code_asked" and
              answer["location"] == "/sign-in/code", answer)
    token = program.get("/sign-in/code", **JSON).headers["X-CSRF-Token"]
    body = json.dumps({"one_time_code": codes.pop()})
    reply = program.request("POST", "/sign-in/code", body, Content_Type="application/json", X_CSRF_Token=token, **JSON)
    answer = json.loads(reply.text)
    tap.check("and does it", reply.status == 200 and answer["outcome"] == "factor_give.recovered" and
              program.get("/account", **JSON).status == 200, answer)
    return client


def walk_nobody(tap, server):
    """A session that owes its second factor is a visitor to every page, and every page looks as it does to one."""
    half, _ = sign_in(server, "chief1")
    name = "chief1"
    secret = model(half, "/sign-in/code")["secret"]
    visitor, faults, token = Client(server), [], csrf(half.get("/sign-in/code").text)
    _, table, _ = dianji("routes")
    for method, path, permission in (line.split() for line in table.splitlines()):
        if path in ("/sign-in", "/sign-in/code", "/sign-out"):
            continue
        at = re.sub(r":\w+", NO_ONE, path)
        for headers in ({}, JSON):
            if method == "GET":
                mine, theirs = half.get(at, **headers), visitor.get(at, **headers)
            else:
                mine, theirs = half.post(at, {"csrf": token}, **headers), visitor.post(at, {}, **headers)
            if permission != "public" and (mine.status not in (303, 401, 403) or mine.status != theirs.status or
                                           mine.headers["Location"] != theirs.headers["Location"]):
                faults.append(f"{method} {at} {mine.status} {mine.headers['Location']}")
            if permission == "public" and mine.status != theirs.status or name in mine.text or secret in mine.text:
                faults.append(f"{method} {at} knows whose session it is: {mine.status}")
    tap.check("before the second factor every page takes the session for a visitor's", not faults, "\n".join(faults))
    tap.check("the sign-in page leads on", half.get("/sign-in").headers["Location"] == "/sign-in/code")
    reply = send(half, "/sign-in/code", "/sign-out", {})
    tap.check("and one can sign out", reply.status == 303 and half.get("/sign-in/code").headers["Location"] == "/sign-in")
    for path in ("/sign-in/code",):
        tap.check(f"a visitor has nothing to give at {path}", visitor.get(path).headers["Location"] == "/sign-in" and
                  visitor.post(path, {"one_time_code": "123456"}).headers["Location"] == "/sign-in")


def walk_guessing(tap, server):
    for attempt in range(5):
        client, reply = sign_in(server, "treasurer1")
        tap.check(f"guess {attempt + 1}: the password is right, the code is not", reply.status == 303 and
                  give(client, "123456").status == 401)
    tap.check("then the door is locked, at the second step", give(client, "123456").status == 429)
    _, reply = sign_in(server, "treasurer1")
    tap.check("and at the first", reply.status == 429, reply.status)


def walk_own(tap, server, client, codes):
    page = model(client, "/account/factor")
    tap.check("the own account tells how many recovery codes are left", page["is_on"] and page["is_needed"] and
              page["left"] == len(codes) - 1 and page["secret"] is None, page)
    tap.check("and offers no way to turn off what is needed", "/account/factor/remove" not in client.get("/account/factor").text and
              send(client, "/account/factor", "/account/factor/remove", {"one_time_code": codes[-1]}).status == 403)
    reply = send(client, "/account/factor", "/account/factor/codes", {"one_time_code": codes[-1]})
    new = recovery_codes(reply.text)
    tap.check("recovery codes are made anew", reply.status == 200 and len(new) == 10 and not set(new) & set(codes), reply.status)
    reply = send(client, "/account/factor", "/account/factor/codes", {"one_time_code": codes[-2]})
    tap.check("the earlier ones are none any more", reply.status == 403 and 'role="alert"' in reply.text, reply.status)
    reply = send(client, "/account/factor", "/account/factor/offer", {"one_time_code": new[0]})
    phone = Phone(model(client, "/account/factor")["secret"])
    old = client.cookies["session"]
    reply = send(client, "/account/factor", "/account/factor/confirm", {"one_time_code": phone.code()})
    tap.check("it moves to another authenticator", reply.status == 200 and len(recovery_codes(reply.text)) == 10 and
              client.cookies["session"] != old and client.get("/desk").status == 200, reply.status)
    clerk, reply = sign_in(server, "school1")
    tap.check("a school's clerk comes in with the password", reply.headers["Location"] == "/desk", reply.headers["Location"])
    send(clerk, "/account/factor", "/account/factor/offer", {})
    phone = Phone(model(clerk, "/account/factor")["secret"])
    reply = send(clerk, "/account/factor", "/account/factor/confirm", {"one_time_code": phone.code()})
    tap.check("and may have a second step", reply.status == 200 and
              sign_in(server, "school1")[1].headers["Location"] == "/sign-in/code", reply.status)
    reply = send(clerk, "/account/factor", "/account/factor/remove", {"one_time_code": phone.code()})
    tap.check("and turn it off", reply.status == 303 and sign_in(server, "school1")[1].headers["Location"] == "/account#notices", reply.status)


def walk_losing(tap, server, client):
    admin, _ = sign_in(server, "admin")
    tap.check("the administrator sets one up, too",
              give(admin, Phone(model(admin, "/sign-in/code")["secret"]).code()).status == 200)
    rows = model(admin, "/desk/accounts?q=county1")["list"]["rows"]
    path = next(line["path"] for line in rows if line["login"] == "county1")
    own = next(line["path"] for line in model(admin, "/desk/accounts?q=admin")["list"]["rows"] if line["login"] == "admin")
    tap.check("nobody takes away the own", send(admin, own, f"{own}/factor/reset", {}).status == 403)
    tap.check("an officer takes nobody's", client.post(f"{path}/factor/reset", {"csrf": csrf(client.get("/account").text)}).status == 403)
    reply = send(admin, path, f"{path}/factor/reset", {})
    acts = [line["action"] for line in model(admin, path)["acts"]]
    tap.check("an administrator takes a lost one, with a trace", reply.status == 303 and "factor_reset" in str(acts), acts)
    tap.check("which ends the sessions", client.get("/desk").status == 303)
    tap.check("and only once", send(admin, path, f"{path}/factor/reset", {}).status == 409)
    client, _ = sign_in(server, "county1")
    tap.check("the next sign-in sets up another", model(client, "/sign-in/code")["is_offered"])


def walk_pages(tap, server):
    for language, title in (("zh-CN", "第二重验证"), ("en", "Second step")):
        client, _ = sign_in(server, "cashier1")
        text = client.get("/sign-in/code", Accept_Language=language).text
        tap.check(f"the second step speaks {language}", f'lang="{language}"' in text and title in text and "registry." not in text)


def walk_switch(tap):
    """Off is for demonstrations, is said at each start, and opens nothing once it is on again."""
    words = ["serve", "--db", DATABASE, "--listen", f"127.0.0.1:{free_port()}", "--second-factor"]
    done = subprocess.run([PROGRAM, *words, "maybe"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    tap.check("--second-factor is on or off", done.returncode == 2, done.stderr)
    with subprocess.Popen([PROGRAM, *words, "off"], cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stderr.readline(), process.stderr.readline()]
        process.terminate()
    tap.check("off is said on standard error", "a password alone opens every account" in "".join(lines), lines)
    with Server() as server:
        client, reply = sign_in(server, "province")
        tap.check("a password alone opens the door", reply.headers["Location"] == "/desk" and client.get("/desk").status == 200)
        tap.check("nobody is sent to the second step", client.get("/sign-in/code").headers["Location"] == "/desk")
    with Server(second_factor=True) as server:
        client.server = server
        tap.check("such a session is nobody's where it is on", client.get("/desk").status == 303 and
                  client.get("/account").status == 303 and client.get("/sign-in").status == 200)


def main():
    tap = Tap()
    for command in (("init",), ("simulate", "--people", "60", "--classes", "6", "--seed", "3")):
        code, _, error = dianji(command[0], "--db", DATABASE, *command[1:])
        tap.check(f"dianji {command[0]}", code == 0, error)
    with Server(second_factor=True) as server:
        client, phone, codes = walk_setting_up(tap, server)
        client = walk_giving(tap, server, phone, codes)
        walk_nobody(tap, server)
        walk_guessing(tap, server)
        walk_own(tap, server, client, codes)
        walk_losing(tap, server, client)
        walk_pages(tap, server)
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    walk_switch(tap)
    tap.finish()


if __name__ == "__main__":
    main()
