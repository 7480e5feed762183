"""Outside-in security pass over a running server: each attack is a check that it fails, each with a control that the
honest way works. Standard library only, loopback only, bounded."""
import http.client
import io
import json
import pathlib
import random
import re
import socket
import statistics
import sys
import tempfile
import time
import zipfile

from clocks import rank_p, tells_apart
from service import PASSWORD, Client, Service, first_administrator, member

PROGRAM = sys.argv[1]
MARK = "xss7f3a"
SCRIPT = f"<script>{MARK}()</script>\"'><img src=x onerror={MARK}()>"
checks = 0
failures = []


def check(condition, what, answer=None):
    """Goes on after a failure, so that one run shows all of them; the end of the run fails."""
    global checks
    checks += 1
    if not condition:
        failures.append(what + ("" if answer is None else f" ({answer.status}: {answer.text[:300]})"))
        print("failed:", failures[-1], flush=True)


def raw(port, sent, wait=3.0):
    """What comes back for these very bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as s:
        out = b""
        try:
            s.sendall(sent)
            while len(out) < 1 << 20:
                got = s.recv(65536)
                if not got:
                    break
                out += got
        except OSError:
            pass
        return out


def status_of(answer):
    found = re.match(rb"HTTP/1\.[01] (\d+)", answer)
    return int(found.group(1)) if found else 0


def xlsx(sheet, extra=None, shared=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", sheet)
        if shared:
            z.writestr("xl/sharedStrings.xml", shared)
        for name, content in (extra or {}).items():
            z.writestr(name, content)
    return out.getvalue()


def cells(rows):
    body = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows)
    return f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fill(pattern):
    return re.sub(r"\{(\w+)\}", lambda m: {"assessment": "latest", "threat": "drugs.heroin"}.get(m.group(1), "unknown-1"), pattern)


OPEN = {"/healthz", "/readyz", "/api/v1/openapi.json"}
DOORS = ("/api/v1/session", "/api/v1/setup", "/api/v1/invitations/{", "/api/v1/oidc")   # how one comes in


def strangers(service):
    document = Client(service.port).get("/api/v1/openapi.json").json
    walked = 0
    for pattern, methods in document["paths"].items():
        for method in (m.upper() for m in methods if m in ("get", "post", "put", "patch", "delete")):
            if pattern in OPEN or pattern.startswith(DOORS):
                continue
            if pattern == "/metrics":
                continue   # open to this machine itself
            answer = Client(service.port).send(method, fill(pattern), body=None if method == "GET" else {})
            walked += 1
            check(answer.status == 401, f"a stranger's {method} {pattern} is answered 401", answer)
            check(answer.header("Content-Type", ).startswith("application/taxii+json" if pattern.startswith("/taxii2") else "application/problem+json"), f"{method} {pattern} says so as a problem", answer)
    check(walked > 40, f"the document names the routes ({walked})")
    check(Client(service.port).get("/api/v1/nothing-of-the-kind").status == 401, "a stranger does not learn which paths exist")
    for header in ({"Authorization": "Bearer tla_0000"}, {"Authorization": "Basic YWRhOnB3"}, {"Cookie": "threatlas_session=AAAA"}, {"X-Forwarded-User": "ada"}, {"X-Original-URL": "/healthz"}):
        check(Client(service.port).get("/api/v1/people", headers=header).status == 401, f"{header} opens nothing")


def bypass(service, contributor):
    check(contributor.get("/api/v1/session").status == 200, "control: the contributor is signed in")
    for method, path in (("GET", "/api/v1/people"), ("GET", "/api/v1/audit"), ("POST", "/api/v1/tokens"), ("POST", "/api/v1/invitations")):
        answer = contributor.send(method, path, body=None if method == "GET" else {"role": "administrator", "organisation": "regional", "name": "x", "scopes": ["read"]})
        check(answer.status == 403, f"a contributor's {method} {path} is refused", answer)
    for path in ("/api/v1//people", "/api/v1/./people", "/api/v1/assessments/../people", "/api/v1/%2e%2e/api/v1/people", "/api/v1/people/", "/API/v1/people", "/api/v1/people%00", "/api/v1/people;x=1", "/api/v1/people%2f", "/healthz/../api/v1/people"):
        answer = raw(service.port, f"GET {path} HTTP/1.1\r\nHost: a\r\nCookie: {'; '.join(f'{k}={v}' for k, v in contributor.cookies.items())}\r\nConnection: close\r\n\r\n".encode())
        check(status_of(answer) in (400, 403, 404) or (status_of(answer) == 200 and b"<!doctype html>" in answer and b'"items"' not in answer), f"{path} is no way around the table: {answer[:80]!r}")
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"):
        check(contributor.send("GET", "/api/v1/people", headers={header: "/healthz"}).status == 403, f"{header} changes nothing")
    raised = contributor.send("PATCH", "/api/v1/account", body={"role": "administrator", "clearance": "TLP:RED", "organisation": "regional", "language": "en"})
    me = contributor.get("/api/v1/session").json
    check(me["role"] == "contributor" and me["organisation"] == "rs_mup", "nobody raises themselves by extra fields", raised)


def foreign_objects(service, contributor, other, administrator):
    made = contributor.send("POST", "/api/v1/uploads", body=b"a,b\n1,2\n", headers={"X-Filename": "own.csv", "Content-Type": "text/csv"})
    check(made.status in (200, 201), "control: the contributor uploads", made)
    mine = made.json["id"]
    check(contributor.get(f"/api/v1/uploads/{mine}").status == 200, "control: and sees it")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/check"), ("POST", "/ingest"), ("GET", "/refused?format=csv")):
        answer = other.send(method, f"/api/v1/uploads/{mine}{path}", body=None if method in ("GET", "DELETE") else {"mapping": {}})
        check(answer.status in (403, 404), f"another organisation's {method} of an upload is refused", answer)
    check(contributor.get(f"/api/v1/uploads/{mine}").status == 200, "it is still there")
    sessions = contributor.get("/api/v1/sessions").json["items"]
    check(sessions, "control: own sessions are listed")
    check(other.send("DELETE", f"/api/v1/sessions/{sessions[0]['id']}").status in (403, 404), "another's session is not ended")
    check(contributor.get("/api/v1/session").status == 200, "the session goes on")
    token = administrator.post("/api/v1/tokens", {"name": "reader", "organisation": "regional", "role": "analyst", "scopes": ["read"], "days": 1})
    check(token.status in (200, 201), "control: a token is made", token)
    check(other.send("DELETE", f"/api/v1/tokens/{token.json['id']}").status in (403, 404), "a contributor ends no token")
    machine = service.client(token.json.get("token") or token.json.get("secret"))
    check(machine.get("/api/v1/assessments").status == 200, "control: the token reads")
    check(machine.post("/api/v1/decisions", {"title": "x"}).status == 403, "a token to read does not write")
    check(machine.get("/api/v1/people").status == 403, "nor reads what its role may not")
    return machine


def forged(service, contributor):
    answer = contributor.send("POST", "/api/v1/uploads", body=b"a,b\n1,2\n", headers={"X-Filename": "f.csv"}, csrf=False)
    check(answer.status == 403, "a change by cookie without the token is refused", answer)
    answer = contributor.send("POST", "/api/v1/uploads", body=b"a,b\n1,2\n", headers={"X-Filename": "f.csv", "X-CSRF-Token": "0" * 43}, csrf=False)
    check(answer.status == 403, "so is one with a wrong token", answer)
    answer = contributor.send("POST", "/api/v1/uploads", body=b"a,b\n1,2\n", headers={"X-Filename": "f.csv", "Origin": "https://elsewhere.example"})
    check(answer.status == 403, "and one from another origin, token or not", answer)
    check(contributor.send("DELETE", "/api/v1/session", csrf=False).status == 403, "signing somebody out as well")
    cookie = next(v for k, v in Client(service.port).post("/api/v1/session", {"name": "vera", "password": PASSWORD}).headers if k.lower() == "set-cookie")
    check("HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie, f"the cookie is out of reach of scripts and other sites: {cookie}")


def headers_of(service, contributor):
    page = Client(service.port).get("/")
    policy = page.header("Content-Security-Policy") or ""
    check("script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, f"the page's policy: {policy}")
    check(not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|<style", page.text), "the page holds no inline script, handler or style")
    for answer in (page, contributor.get("/api/v1/session"), Client(service.port).get("/api/v1/people")):
        check(answer.header("X-Content-Type-Options") == "nosniff", "types are not guessed", answer)
        check((answer.header("Server") or "").count("/") == 0, "no version is told")
    check("no-store" in (contributor.get("/api/v1/session").header("Cache-Control") or ""), "who is signed in is not kept by caches")
    check(contributor.get("/api/v1/session", headers={"Origin": "https://elsewhere.example"}).header("Access-Control-Allow-Origin") is None, "no other origin may read")


def cells_and_fields(service, contributor, analyst, administrator):
    rows = [["Kind", "Place", "Year", "Value"], [escaped(SCRIPT), "RS", "2023", "7"], ["=HYPERLINK(&quot;http://x&quot;)", "RS", "2023", "7"], ["@SUM(1)", "RS", "x" + escaped(SCRIPT), "7"]]
    made = contributor.send("POST", "/api/v1/uploads", body=xlsx(cells(rows)), headers={"X-Filename": f"{SCRIPT}.xlsx"})
    check(made.status in (200, 201), "control: the workbook is taken", made)
    check(made.header("Content-Type").startswith("application/json") and made.header("X-Content-Type-Options") == "nosniff", "what it says comes back as JSON that no browser takes for a page", made)
    own = made.json["id"]
    mapping = {"mapping": 1, "id": "m", "title": SCRIPT, "source": "member_statistics", "member": "rs_mup", "known_at": "2024-01-31",
               "columns": {"what": {"column": "Kind", "table": {"burglary": "iccs.ICCS0501"}, "unknown": "refuse"}, "place": {"column": "Place"}, "period": {"column": "Year", "as": "year"}, "value": {"column": "Value"}, "unit": "count"}}
    seen = contributor.post(f"/api/v1/uploads/{own}/check", {"mapping": mapping, "member": "rs_mup"})
    check(seen.status == 200 and seen.json["refused"] >= 3, "the rows are refused", seen)
    check(seen.header("Content-Type").startswith("application/json") and seen.header("X-Content-Type-Options") == "nosniff", "and told as JSON that no browser takes for a page")
    refused = contributor.get(f"/api/v1/uploads/{own}/refused?format=csv")
    check(refused.status == 200 and "attachment" in (refused.header("Content-Disposition") or ""), "refused rows are a download", refused)
    for line in refused.text.splitlines()[1:]:
        for cell in re.findall(r'(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))', line):
            text = cell[0] or cell[1]
            check(text[:1] not in ("=", "+", "@", "\t"), f"no cell of the download is a formula: {text[:40]}")
    judge = member(service, administrator, "lara", "analyst", "rs_mup")
    made = judge.post("/api/v1/judgements", {"threat": "drugs.heroin", "lens": "state_of_affairs", "criterion": "scale", "kind": "note", "text": SCRIPT, "scope": "region"})
    check(made.status in (200, 201, 202), "control: a note with mark-up is a note", made)
    made = analyst.post("/api/v1/decisions", {"title": SCRIPT, "threat": "drugs.heroin", "members": ["rs_mup"], "measure": SCRIPT, "due": "2027-01-01"})
    if made.status == 403:
        director = member(service, administrator, "dora", "director")
        made = director.post("/api/v1/decisions", {"title": SCRIPT, "threat": "drugs.heroin", "members": ["rs_mup"], "measure": SCRIPT, "due": "2027-01-01"})
    check(made.status in (200, 201), "control: so is a decision", made)
    for path in ("/api/v1/decisions", "/api/v1/judgements", f"/api/v1/search?q={MARK}"):
        answer = analyst.get(path)
        check(answer.status == 200 and answer.header("Content-Type").startswith("application/json"), f"{path} answers JSON", answer)
    exported = analyst.get("/api/v1/decisions?format=csv")
    check(exported.status == 200 and "attachment" in (exported.header("Content-Disposition") or ""), "lists are downloads", exported)
    report = analyst.get("/api/v1/assessments/latest/report?format=html")
    if report.status == 200:
        check(f"<script>{MARK}" not in report.text and f"onerror={MARK}" not in report.text, "the report holds none of it")
        check("sandbox" in (report.header("Content-Security-Policy") or "") or "attachment" in (report.header("Content-Disposition") or ""), "and is shown apart from the page's origin", report)


def injections(service, analyst):
    tries = ("' OR '1'='1", "'; DROP TABLE people;--", "\" OR 1=1 --", "1 UNION SELECT * FROM people", "%' AND sleep(5) AND '%", "\\'; SELECT pg_sleep(5);--", "a\x00b", "NEAR(", "\"*", "(((((((")
    import urllib.parse
    for path in ("/api/v1/observations?what=", "/api/v1/observations?sort=", "/api/v1/observations?fields=", "/api/v1/observations?cursor=", "/api/v1/search?q=", "/api/v1/submissions?source=", "/api/v1/signals?state=", "/api/v1/assessments/", "/api/v1/signals/", "/api/v1/submissions/", "/api/v1/assessments/latest/figures/"):
        for each in tries:
            began = time.monotonic()
            answer = analyst.get(path + urllib.parse.quote(each, safe=""))
            check(answer.status < 500, f"{path}{each!r} breaks nothing", answer)
            check(time.monotonic() - began < 4, f"{path}{each!r} does not wait")
            check("syntax" not in answer.text.lower() or "sqlite" not in answer.text.lower(), f"{path}{each!r} tells nothing of the database", answer)
            check("argon2" not in answer.text, "nor of the people in it")
    for name in tries:
        answer = Client(service.port).post("/api/v1/session", {"name": name, "password": "x' OR '1'='1"})
        check(answer.status in (400, 401, 429), f"{name!r} does not sign in", answer)
    check(analyst.get("/api/v1/submissions").status == 200, "everything is still there")


def traversal(service, contributor):
    for path in ("/../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../threatlas.db", "/assets/..%5c..%5cthreatlas.db", "/assets/%252e%252e/threatlas.db", "//etc/passwd", "/\\etc\\passwd", "/%c0%ae%c0%ae/etc/passwd"):
        answer = raw(service.port, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        check(b"root:" not in answer and b"SQLite format" not in answer, f"{path} opens no file: {answer[:60]!r}")
    for name in ("../../../../tmp/threatlas-escaped", "/tmp/threatlas-escaped", "..\\..\\x.csv", "a\x01b.csv", "con.csv" * 100):
        answer = contributor.send("POST", "/api/v1/uploads", body=b"a,b\n1,2\n", headers={"X-Filename": name.encode("latin-1", "replace").decode("latin-1")}) if "\x01" not in name else None
        if answer is not None:
            check(answer.status in (200, 201, 400, 422), "a file's name is a name", answer)
    check(not pathlib.Path("/tmp/threatlas-escaped").exists(), "and no path")


def bombs(service, contributor):
    def upload(content, name):
        return contributor.send("POST", "/api/v1/uploads", body=content, headers={"X-Filename": name})

    def refused(content, name, what):
        began = time.monotonic()
        answer = upload(content, name)
        if answer.status in (200, 201):   # the preview may stop early; reading all of it must not
            answer = contributor.post(f"/api/v1/uploads/{answer.json['id']}/check", {"mapping": {"mapping": 1, "id": "m", "title": "t", "source": "member_statistics", "member": "rs_mup", "known_at": "2024-01-31", "columns": {"what": "iccs.ICCS0501", "place": "RS", "period": 2020, "value": {"column": "a"}, "unit": "count"}}, "member": "rs_mup"})
        check(answer.status in (400, 413, 422), f"{what} is refused", answer)
        check(time.monotonic() - began < 20, f"{what} takes no time")

    deep = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + ']>'
    sheet = deep + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
    refused(xlsx(sheet), "laughs.xlsx", "a billion laughs")
    outside = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    refused(xlsx(outside), "outside.xlsx", "an outside entity")
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row><row><c t="inlineStr"><is><t>'
    refused(xlsx(head + "9" * (300 << 20) + "</t></is></c></row></sheetData></worksheet>"), "bomb.xlsx", "300 MiB in 300 kB")
    check(upload(b"PK\x03\x04" + b"\x00" * 1000, "broken.xlsx").status in (400, 422), "a broken workbook is refused and breaks nothing")
    check(contributor.get("/api/v1/session").status == 200, "the server is there after all of it")


def boundary(service):
    good = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    check(status_of(raw(service.port, good)) == 200, "control: an honest request is answered")
    hidden = b"GET /api/v1/people HTTP/1.1\r\nHost: a\r\n\r\n"
    smuggled = {
        "length and chunks": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        "two lengths": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + hidden,
        "a space before the colon": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + hidden,
        "a folded line": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + hidden,
        "an unknown coding": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        "a signed length": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc" + hidden,
        "a bad chunk": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n" + hidden,
        "no host": b"GET /api/v1/session HTTP/1.1\r\n\r\n" + hidden,
        "two hosts": b"GET /api/v1/session HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + hidden,
        "a null byte": b"GET /api/v1/session HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n" + hidden,
    }
    for what, sent in smuggled.items():
        answer = raw(service.port, sent)
        check(status_of(answer) in (0, 400, 501), f"{what}: refused: {answer[:60]!r}")
        check(answer.count(b"HTTP/1.1 ") <= 1, f"{what}: what follows is not taken for a request")
    check(status_of(raw(service.port, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"a" * 40000 + b"\r\n\r\n")) in (431, 0), "a header of 40 kB is refused")
    check(status_of(raw(service.port, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(2000)) + b"\r\n")) in (431, 0), "so are 2,000 headers")
    check(status_of(raw(service.port, b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")) in (414, 431, 0), "and a target of 20 kB")
    check(status_of(raw(service.port, b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{")) in (413, 0), "a body of 100 GB is refused before it is sent")
    check(status_of(raw(service.port, b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n" + b"[" * 200000)) in (400, 401, 413, 422), "200,000 brackets are no stack")
    check(status_of(raw(service.port, good)) == 200, "the server is there after all of it")


def sessions(service):
    planted = Client(service.port)
    planted.cookies["threatlas_session"] = "A" * 43
    answer = planted.sign_in("vera", PASSWORD)
    check(answer.status == 200 and planted.cookies["threatlas_session"] != "A" * 43, "signing in gives a new session, whatever was planted", answer)
    first = dict(planted.cookies)
    planted.sign_in("vera", PASSWORD)
    check(planted.cookies != first, "and another one each time")
    kept = dict(planted.cookies)
    check(planted.send("DELETE", "/api/v1/session").status in (200, 204), "signing out")
    after = Client(service.port)
    after.cookies = kept
    check(after.get("/api/v1/session").status == 401, "ends the session at the server")
    many = {Client(service.port).post("/api/v1/session", {"name": "vera", "password": PASSWORD}).header("Set-Cookie").split(";")[0] for _ in range(8)}
    check(len(many) == 8 and all(len(each.split("=", 1)[1]) >= 43 for each in many), "sessions are 256 random bits")


def timing(service, administrator, names):
    """Names: of a person who knows their password wrong, of one who is blocked, of one who is locked out."""
    people = {each["name"]: each["id"] for each in administrator.get("/api/v1/people?limit=1000").json["items"]}
    known, blocked, locked = names
    check(administrator.send("PATCH", f"/api/v1/people/{people[blocked]}", body={"state": "blocked"}).status == 200, "control: an account is blocked")

    def attempt(name, number):
        """From an address of its own each few times: one address is slowed down as well."""
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60, source_address=(f"127.0.3.{1 + number // 4}", 0))
        connection.connect()
        body = json.dumps({"name": name, "password": f"wrong but of some length {number}"})
        began = time.perf_counter()
        connection.request("POST", "/api/v1/session", body=body, headers={"Content-Type": "application/json"})
        got = connection.getresponse()
        text = got.read().decode()
        took = time.perf_counter() - began
        connection.close()
        return took, got.status, re.sub(r'"instance":"[^"]*"|in \d+ seconds', "", text)

    samples, said = {}, {}

    def compare(kinds, between=lambda number: None):
        """In turns, so that whatever else the machine does falls on all; the first two of each warm up."""
        for i in range(SAMPLES + 2):
            for kind, name in kinds.items():
                took, *answer = attempt(name(i), 100 + i)
                said.setdefault(kind, set()).add(tuple(answer))
                samples.setdefault(kind, []).extend([took] if i > 1 else [])
            between(i)

    def unlock(i):   # else these would be locked out as well
        for name in (known, blocked) if i % 3 == 2 else ():
            check(administrator.post(f"/api/v1/people/{people[name]}/unlock").status == 200, "control: unlocked")

    compare({"wrong password": lambda i: known, "unknown name": lambda i: f"nobody-{i}", "blocked account": lambda i: blocked}, unlock)
    for i in range(6):
        attempt(locked, i), attempt("nobody-locked", i)
    compare({"locked account": lambda i: locked, "locked unknown name": lambda i: "nobody-locked"})
    medians = {kind: statistics.median(each) for kind, each in samples.items()}
    print("login: " + ", ".join(f"{kind} {1000 * each:.1f} ms" for kind, each in medians.items()), flush=True)
    for kind in ("unknown name", "blocked account"):
        check(not tells_apart(samples["wrong password"], samples[kind]), f"a wrong password takes as long as with a {kind}: {medians}, p {rank_p(samples['wrong password'], samples[kind]):.1e}")
        check(len(said[kind]) == 1 and said[kind] == said["wrong password"], f"and is answered in the same words: {said[kind]} {said['wrong password']}")
    check(all(status == 401 for status, _ in said["wrong password"]), f"which are those of a 401: {said['wrong password']}")
    check(not tells_apart(samples["locked account"], samples["locked unknown name"]), f"who is locked out does not learn whether the name is known: {medians}")
    check(said["locked account"] == said["locked unknown name"] and all(status == 429 for status, _ in said["locked account"]), f"nor from the words: {said['locked account']} {said['locked unknown name']}")
    # What the check is worth: an answer without a hash is told apart, so are samples as a leak would make them, and equal ones are not.
    check(tells_apart(samples["wrong password"], samples["locked account"]), f"control: an answer without a hash is told apart: {medians}")
    dice = random.Random(7)
    made = lambda factor: [0.1 * factor * (1 + abs(dice.gauss(0, 0.1)) + (dice.random() < 0.1) * dice.random()) for _ in range(SAMPLES)]
    check(all(tells_apart(made(1), made(1.4)) and tells_apart(made(1.4), made(1)) for _ in range(20)), "control: two fifths more are told apart, whichever it is")
    check(not any(tells_apart(made(1), made(1)) for _ in range(200)), "control: nothing is told from nothing")


SAMPLES = 30


def lock_out(service):
    answers = [Client(service.port).post("/api/v1/session", {"name": "lena", "password": f"wrong{i}"}).status for i in range(15)]
    check(429 in answers, f"guessing is slowed down ({answers})")
    check(Client(service.port).post("/api/v1/session", {"name": "lena", "password": PASSWORD}).status != 200, "for the right password too, for a while")


def leaks(service, data, secrets):
    said = service.said()
    stored = b"".join(path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file())
    for what, secret in secrets.items():
        check(secret not in said or what == "setup link", f"the log holds no {what}")   # that one is printed, for whoever starts the server
        check(secret.encode() not in stored, f"the data folder holds no {what}")
    check(PASSWORD not in said and PASSWORD.encode() not in stored, "nor a password")


def main():
    with tempfile.TemporaryDirectory(prefix="threatlas-") as made:
        data = pathlib.Path(made) / "store"
        import subprocess
        for arguments in (["init", "--data", data], ["ingest", "--data", data, "--package", "examples/see/datapackage.json"], ["assess", "--data", data, "--draws", "500", "--title", "Security"]):
            subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, cwd=pathlib.Path(__file__).resolve().parents[2])
        with Service(PROGRAM, data) as service:
            setup = service.setup_token()
            administrator = first_administrator(service)
            check(Client(service.port).post("/api/v1/setup", {"token": setup, "name": "eve", "password": PASSWORD}).status in (400, 401, 403, 404, 409), "the setup link works once")
            analyst = member(service, administrator, "anna", "analyst", clearance="TLP:RED")
            contributor = member(service, administrator, "vera", "contributor", "rs_mup")
            other = member(service, administrator, "mila", "contributor", "me_up")
            for name in ("timo", "lena", "bora", "lora"):
                member(service, administrator, name, "contributor", "bg_mvr")
            strangers(service)
            bypass(service, contributor)
            machine = foreign_objects(service, contributor, other, administrator)
            forged(service, contributor)
            headers_of(service, contributor)
            cells_and_fields(service, contributor, analyst, administrator)
            injections(service, analyst)
            traversal(service, contributor)
            bombs(service, contributor)
            boundary(service)
            sessions(service)
            timing(service, administrator, ("timo", "bora", "lora"))
            lock_out(service)
            leaks(service, data, {"token": machine.token, "session": next(iter(contributor.cookies.values())), "CSRF token": contributor.csrf, "setup link": setup})
            check(service.stop() == 0, "the server ends in order")
    assert not failures, f"{len(failures)} of {checks} security checks failed"
    print(f"{checks} security checks passed")


main()
