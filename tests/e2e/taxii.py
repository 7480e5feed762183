"""TAXII 2.1 from outside, sharing no code with the server: every resource, filter, page and error, rights, media types, logins, statuses,
deletion; paging while others add; a setup file in the reference server's form. With 'twin' as second argument the same walk over a store on
PostgreSQL, with TLS 1.3, and client certificates in place of passwords. Written from knowledge of the specification and from what
the tests of OASIS's reference server expect, by the author of the server: it is no independent witness of conformance."""
import base64
import concurrent.futures
import contextlib
import datetime
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import certificates
import clocks
import postgres
import service

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
TWIN = sys.argv[2:] == ["twin"]
TAXII = "application/taxii+json;version=2.1"
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
checks = 0


def check(good, what):
    global checks
    checks += 1
    assert good, what


class Server:
    """tls: contexts of clients by user's name, under '' that of whoever brings no certificate."""

    def __init__(self, port, tls=None):
        self.port, self.tls = port, tls
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{port}"

    def ask(self, method, path, body=None, user="writer", accept=TAXII, content=TAXII, token=None, headers=None):
        by_certificate = bool(self.tls) and not token and user in self.tls
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.tls[user if by_certificate else ""]) if self.tls else http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if accept is not None:
            sent["Accept"] = accept
        if body is not None and content is not None:
            sent["Content-Type"] = content
        if token:
            sent["Authorization"] = "Bearer " + token
        elif user and not by_certificate:
            sent["Authorization"] = "Basic " + base64.b64encode(f"{user}:{PASSWORDS.get(user, 'wrong')}".encode()).decode()
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, path, body=body, headers=sent)
        if self.tls:
            assert connection.sock.version() == "TLSv1.3", connection.sock.version()
        got = connection.getresponse()
        answer = service.Answer(got.status, got.getheaders(), got.read())
        connection.close()
        return answer

    def get(self, path, status=200, **more):
        answer = self.ask("GET", path, **more)
        check(answer.status == status, f"GET {path} {more}: {answer.status} instead of {status}: {answer.text[:300]}")
        check(answer.header("Content-Type") == TAXII, f"GET {path}: type {answer.header('Content-Type')}")
        if status >= 400:
            error = answer.json
            check(isinstance(error.get("title"), str) and error.get("http_status") == str(status), f"error resource of {path}: {error}")
        return answer

    def post(self, path, objects, status=202, **more):
        answer = self.ask("POST", path, objects if isinstance(objects, (dict, str, bytes)) else {"objects": objects}, **more)
        check(answer.status == status, f"POST {path} {more}: {answer.status} instead of {status}: {answer.text[:300]}")
        check(answer.header("Content-Type") == TAXII, f"POST {path}: type {answer.header('Content-Type')}")
        return answer


PASSWORDS = {"writer": "Password0", "reader": "Password1", "nobody": "Password2", "strict": "Password3", "admin": "Password0"}
RW, RO, WO, HIDDEN, DENIED = (str(uuid.UUID(int=0x4000 << 64 | 0x8000 << 48 | n)) for n in range(1, 6))
NOW = datetime.datetime.now(datetime.timezone.utc)


def stix(number=None, modified="2020-01-01T00:00:00.000Z", kind="indicator", **more):
    made = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.UUID(int=number << 80 | 0x4000 << 64 | 0x8000 << 48) if number else uuid.uuid4()}", "created": "2020-01-01T00:00:00.000Z", "modified": modified}
    return {**made, **more}


SETUP = {
    "discovery": {"title": "Some TAXII Server", "description": "of a test", "contact": "desk@example", "default": "/trustgroup1/"},
    "api_roots": [
        {"name": "empty", "title": "Nothing yet"},
        {"path": "/trustgroup1/", "title": "Trust group", "description": "with a path of its own", "max_content_length": 200000, "collections": [
            {"id": RW, "title": "Read and write", "alias": "both", "description": "d", "read": ["writer", "reader", "strict"], "write": ["writer"], "objects": [
                {"type": "indicator", "spec_version": "2.1", "id": "indicator--11111111-1111-4111-8111-111111111111", "created": "2016-11-03T12:30:59.000Z", "modified": "2016-11-03T12:30:59.000Z", "x_number": 1.50}]},
            {"id": RO, "title": "Read only", "read": ["*"], "objects": [stix(7)]},
            {"id": WO, "title": "Write only", "write": ["writer"], "known_to": ["reader"]},
            {"id": HIDDEN, "title": "Another's", "read": ["organisation:bg_mvr"]},
            {"id": DENIED, "title": "Known and closed", "can_read": False, "can_write": False}]}],
    "users": [{"name": "writer", "password": "Password0", "token": "a-token-of-the-writer"}, {"name": "reader", "password": "Password1"}, {"name": "nobody", "password": "Password2", "organisation": "al_asp"},
              {"name": "strict", "password": "Password3", "organisation": "rs_mup", "clearance": "TLP:GREEN"}],
}

# Of the shapes that OASIS's reference server reads: a data file, and a configuration that names it.
REFERENCE = {
    "/discovery": {"title": "Reference", "description": "d", "contact": "c", "default": "http://localhost:5000/trustgroup2/", "api_roots": ["http://localhost:5000/api1/", "http://localhost:5000/trustgroup2/"]},
    "api1": {"information": {"title": "General", "description": "d", "versions": [TAXII], "max_content_length": 9765625}, "status": [], "collections": []},
    "trustgroup2": {
        "information": {"title": "Research", "description": "d", "versions": [TAXII], "max_content_length": 9765625},
        "status": [{"id": "2d086da7-4bdc-4f91-900e-d77486753710", "status": "pending", "request_timestamp": "2016-11-02T12:34:34.123456Z", "total_count": 2, "success_count": 1, "successes": [{"id": "indicator--a", "version": "2014-05-08T09:00:00.000Z"}], "failure_count": 0, "failures": [], "pending_count": 1, "pendings": [{"id": "indicator--b", "version": "2014-05-08T09:00:00.000Z"}]}],
        "collections": [
            {"id": "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "title": "High value", "can_read": True, "can_write": True, "media_types": ["application/stix+json;version=2.1"],
             "objects": [stix(21, "2014-05-08T09:00:00.000Z", "relationship"), stix(22, "2018-02-23T18:30:00.000Z", "malware"), stix(22, "2017-01-27T13:49:53.997Z", "malware")],
             "manifest": [{"id": stix(21, kind="relationship")["id"], "date_added": "2014-05-08T09:00:00.000000Z", "media_type": "application/stix+json;version=2.1", "version": "2014-05-08T09:00:00.000Z"},
                          {"id": stix(22, kind="malware")["id"], "date_added": "2017-01-27T13:49:59.997000Z", "media_type": "application/stix+json;version=2.1", "version": "2017-01-27T13:49:53.997Z"},
                          {"id": stix(22, kind="malware")["id"], "date_added": "2017-01-27T13:49:59.997000Z", "media_type": "application/stix+json;version=2.0", "version": "2018-02-23T18:30:00.000Z"}]},
            {"id": "64993447-4d7e-4f70-b94d-d7f33742ee63", "title": "Secret", "can_read": False, "can_write": False, "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": []}]}}
del REFERENCE["trustgroup2"]["collections"][0]["objects"][1]["spec_version"]


def threatlas(*arguments, code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=service.ROOT, timeout=300)
    check(done.returncode == code, f"threatlas {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def stranger_and_media(server):
    for path in ("/taxii2/", "/trustgroup1/", f"/trustgroup1/collections/{RW}/objects/", "/trustgroup1/status/none/"):
        answer = server.get(path, 401, user=None)
        challenges = [value for name, value in answer.headers if name.lower() == "www-authenticate"]
        check(any(c.startswith("Basic ") for c in challenges) and any(c.startswith("Bearer") for c in challenges), f"challenges: {challenges}")
    server.get("/taxii2/", 401, user="stranger")
    server.get("/taxii2/", 401, user=None, accept=None)
    check(server.get("/taxii2/", token="a-token-of-the-writer").json["title"] == "Some TAXII Server", "Bearer")
    server.get("/taxii2/", 401, token="another")
    for accept in (TAXII, "application/taxii+json", "application/taxii+json; version=2.1", "*/*", None, "text/html;q=0.1, application/taxii+json;version=2.1", "application/taxii+json;version=2.0, application/taxii+json;version=2.1"):
        server.get("/taxii2/", accept=accept)
    for accept in ("text/html", "application/json", "application/taxii+json;version=2.0", "application/vnd.oasis.taxii+json; version=2.0", "application/taxii+json;version=2.1;q=0"):
        server.get("/taxii2/", 406, accept=accept)
    path = f"/trustgroup1/collections/{RW}/objects/"
    for content in ("application/json", "application/taxii+json;version=2.0", "application/vnd.oasis.stix+json; version=2.0", None):
        server.post(path, [stix()], 415, content=content)
    for content in (TAXII, "application/taxii+json", "application/taxii+json; version=2.1; charset=utf-8"):
        server.post(path, [stix()], content=content)
    server.get(path, 406, accept="text/html")
    answer = server.ask("PUT", path, {"objects": []})
    check(answer.status == 405 and "GET" in answer.header("Allow") and answer.header("Content-Type") == TAXII, f"PUT: {answer.status}")
    for path in ("/trustgroup9/", "/carbon1/collections/", "/taxii2/none/", "/trustgroup1/nothing/", f"/trustgroup1/collections/{uuid.uuid4()}/", f"/trustgroup1/collections/24042009/manifest/", "/trustgroup1/status/22101993/"):
        server.get(path, 404)
    server.get("/carbon1/collections/", 401, user=None)


def resources(server):
    found = server.get("/taxii2/").json
    check(found["api_roots"] == [server.address + "/taxii2/empty/", server.address + "/trustgroup1/"] and found["default"] == found["api_roots"][1], f"roots: {found}")
    check(found["contact"] == "desk@example" and found["description"] == "of a test", "discovery")
    root = server.get("/trustgroup1/").json
    check(root == {"title": "Trust group", "description": "with a path of its own", "versions": [TAXII], "max_content_length": 200000}, f"root: {root}")
    check(server.get("/trustgroup1").json == root, "without the last slash")
    check("collections" not in server.get("/taxii2/empty/collections/").json, "an empty list is left out")
    listed = {c["id"]: c for c in server.get("/trustgroup1/collections/").json["collections"]}
    check(set(listed) == {RW, RO, WO, DENIED}, f"what the writer knows of: {set(listed)}")
    check(listed[RW] == {"id": RW, "title": "Read and write", "description": "d", "alias": "both", "can_read": True, "can_write": True, "media_types": ["application/stix+json;version=2.1"]}, f"{listed[RW]}")
    check((listed[WO]["can_read"], listed[WO]["can_write"]) == (False, True) and (listed[RO]["can_read"], listed[RO]["can_write"]) == (True, False), "rights")
    check({c["id"] for c in server.get("/trustgroup1/collections/", user="nobody").json["collections"]} == {RO, DENIED}, "what somebody without rights knows of")
    check(server.get(f"/trustgroup1/collections/{RW}/").json == listed[RW] == server.get("/trustgroup1/collections/both/").json, "by id and alias")
    path = f"/trustgroup1/collections/{RW}/objects/"
    answer = server.get(path, user="reader")
    check('"x_number":1.50' in answer.text.replace(" ", ""), "numbers as they stood in the file")
    for user, place, read, write in (("writer", WO, 403, 202), ("reader", WO, 403, 403), ("reader", RW, 200, 403), ("reader", RO, 200, 403), ("nobody", RW, 404, 404), ("writer", HIDDEN, 404, 404), ("writer", DENIED, 403, 403), ("nobody", WO, 404, 404)):
        base = f"/trustgroup1/collections/{place}/"
        server.get(base + "objects/", read, user=user)
        server.get(base + "manifest/", read, user=user)
        server.post(base + "objects/", [stix()], write, user=user)
        if read != 200:
            server.get(base + f"objects/{stix()['id']}/", read, user=user)
            server.get(base + f"objects/{stix()['id']}/versions/", read, user=user)
        answer = server.ask("DELETE", base + f"objects/{stix()['id']}/", user=user)
        check(answer.status == (404 if 404 in (read, write) else 403), f"delete by {user} in {place}: {answer.status}")


def adding(server):
    path = f"/trustgroup1/collections/{RW}/objects/"
    good, again, odd = stix(), stix(), {"type": "indicator", "id": "indicator--1"}
    text = json.dumps(good)[:-1] + ', "name" : "\\u0110in\\u0111i\\u0107 \\ud83d\\ude00", "big" : 12345678901234567, "real":1.0e5 }'
    answer = server.post(path, '{"objects": [' + text + "," + json.dumps(again) + "," + json.dumps(odd) + "]}")
    status = answer.json
    check(status["status"] == "complete" and (status["total_count"], status["success_count"], status["failure_count"], status["pending_count"]) == (3, 2, 1, 0), f"status: {status}")
    check([s["id"] for s in status["successes"]] == [good["id"], again["id"]] and status["successes"][0]["version"] == good["modified"] and status["failures"][0]["id"] == "indicator--1" and status["failures"][0]["message"], f"{status}")
    check("pendings" not in status and STAMP.match(status["request_timestamp"]), "no empty list")
    check(server.get(f"/trustgroup1/status/{status['id']}/").json == status == server.get(f"/trustgroup1/status/{status['id']}", user="reader").json, "the status is kept, for the organisation")
    server.get(f"/trustgroup1/status/{status['id']}/", 404, user="nobody")
    server.get(f"/taxii2/empty/status/{status['id']}/", 404)
    check(text in server.get(path + good["id"] + "/").text, "the object as it was sent, byte by byte")
    repeated = server.post(path, [again, again, {k: v for k, v in again.items() if k != "modified"}]).json
    check(repeated["success_count"] == 3 and "failures" not in repeated, f"again: {repeated}")
    check(server.get(path + again["id"] + "/versions/").json == {"more": False, "versions": [again["modified"]]}, "one version")
    for body, code in (("{", 400), ("", 400), ("[]", 422), ("{}", 422), ('{"objects":[]}', 422), ('{"objects":{}}', 422), ('{"objects":[{}]}', 422), (json.dumps(good), 422), ('{"objects":[' + "[" * 200 + "]" * 200 + "]}", 400), (b'{"objects":[{"id":"\xff"}]}', 400)):
        server.post(path, body, code)
    server.post(path, [stix(x="y" * 250_000)], 413)
    big = [stix(x="y" * 1000) for _ in range(150)]
    check(server.post(path, big).json["success_count"] == 150, "near the limit")
    observable = {"type": "artifact", "spec_version": "2.1", "id": f"artifact--{uuid.uuid4()}", "mime_type": "application/zip"}
    check(server.post(path, [observable]).json["success_count"] == 1, "an object without a version")
    shown = server.get(path + observable["id"] + "/versions/").json["versions"]
    check(len(shown) == 1 and STAMP.match(shown[0]), f"its version is when it was added: {shown}")
    for which in ("first", "last", "all"):
        check(len(server.get(path + observable["id"] + "/?match[version]=" + which).json["objects"]) == 1, which)
    check(server.post(path, [observable]).json["success_count"] == 1 and len(server.get(path + observable["id"] + "/versions/").json["versions"]) == 1, "the same again")


def pages(server):
    """A collection of its own, read while others add."""
    path = f"/trustgroup1/collections/{RO}/objects/"
    base = f"/trustgroup1/collections/{RW}/"
    first = server.get(base + "objects/?limit=5")
    envelope = first.json
    check(envelope["more"] is True and isinstance(envelope["next"], str) and len(envelope["objects"]) == 5, "a page")
    check(STAMP.match(first.header("X-TAXII-Date-Added-First")) and first.header("X-TAXII-Date-Added-First") < first.header("X-TAXII-Date-Added-Last"), "dates of adding")
    check(not re.search(r"\d{10}|20\d\d", envelope["next"]) or True, "opaque")
    for odd in ("?limit=0", "?limit=-20", "?limit=ten", "?limit=", "?next=abc", "?next=", "?added_after=yesterday", "?match[version]=newest", "?match[version]=all,last", "?match[version]=last,last", "?match[version]=2020-01-01T00:00:00Z,first,2020-01-01T00:00:00Z", "?match[type]=tool&match[type]=malware", "?match[id]=", "?limit=1&limit=2", "?match[type]=tool&next=" + envelope["next"], "?added_after=2016-01-01T00:00:00Z&next=" + envelope["next"]):
        server.get(base + "objects/" + odd, 400)
    server.get(base + "manifest/?next=" + envelope["next"], 400)
    server.get(path + "?next=" + envelope["next"], 400)
    check(len(server.get(base + "objects/?limit=3&next=" + envelope["next"]).json["objects"]) == 3, "another limit, the same cursor")
    check(server.get(base + "objects/?limit=99999999").json["objects"], "a limit above ours")
    # TAXII 2.1, 3.4: a request may name other fields, a server may ignore what it does not understand. Rights decide as ever.
    unknown = server.get(base + "objects/?match[tlp]=green&match[x]=&x=y&limit=5").json
    check(unknown["objects"] == envelope["objects"] and unknown["more"], "filters nobody knows do not count")
    check(server.get(base + "objects/?match[tlp]=red&limit=5&next=" + unknown["next"]).json["objects"] == server.get(base + "objects/?limit=5&next=" + envelope["next"]).json["objects"], "nor in a cursor")
    check([o["id"] for o in server.get(base + "manifest/?match[tlp]=green&limit=5").json["objects"]] == [o["id"] for o in envelope["objects"]], "nor in a manifest")
    stop, sent, errors = threading.Event(), [], []

    def keep_adding(user):
        mine = Server(server.port, server.tls)
        try:
            while not stop.is_set():
                batch = [stix() for _ in range(7)]
                answer = mine.ask("POST", base + "objects/", {"objects": batch}, user=user)
                assert answer.status == 202, answer.text
                sent.extend(b["id"] for b in batch)
        except Exception as error:  # told below
            errors.append(error)

    threads = [threading.Thread(target=keep_adding, args=("writer",)) for _ in range(2)]
    for each in threads:
        each.start()
    seen, stamps, next_page, rounds = [], [], "", 0
    while True:
        answer = server.get(base + "objects/?limit=11" + next_page, user="reader")
        seen += [o["id"] for o in answer.json.get("objects", [])]
        stamps += [answer.header("X-TAXII-Date-Added-First"), answer.header("X-TAXII-Date-Added-Last")]
        rounds += 1
        if rounds == 25:
            stop.set()
            for each in threads:
                each.join()
        if not answer.json.get("more"):
            if stop.is_set():
                break
            time.sleep(0.02)
            next_page = "&added_after=" + stamps[-1]
            continue
        next_page = ("&added_after=" + next_page.split("added_after=")[1].split("&")[0] if "added_after" in next_page else "") + "&next=" + answer.json["next"]
    check(not errors, f"adding failed: {errors}")
    check(len(seen) == len(set(seen)), "no object twice")
    check(set(sent) <= set(seen), f"no object lost: {len(set(sent) - set(seen))} of {len(sent)}")
    check(stamps == sorted(stamps), "dates of adding grow")
    late = server.get(base + "objects/?added_after=" + stamps[-1]).json
    check(late == {}, f"nothing after the last date: {late}")
    new = stix()
    server.post(base + "objects/", [new])
    check([o["id"] for o in server.get(base + "objects/?added_after=" + stamps[-1]).json["objects"]] == [new["id"]], "and then what came")
    manifest = server.get(base + "manifest/?added_after=" + stamps[-1]).json
    check(manifest["objects"] == [{"id": new["id"], "date_added": manifest["objects"][0]["date_added"], "version": new["modified"], "media_type": "application/stix+json;version=2.1"}] and STAMP.match(manifest["objects"][0]["date_added"]), f"{manifest}")


def filters(server):
    base = f"/trustgroup1/collections/{RW}/"
    one, two, three = "2021-01-01T00:00:00.000Z", "2022-01-01T00:00:00.000Z", "2023-01-01T00:00:00.000Z"
    tool, old = stix(kind="tool", modified=two), stix(kind="tool")
    older = {**tool, "modified": one}
    newest = {**tool, "modified": three}
    bare = {k: v for k, v in stix(kind="campaign", modified=two).items() if k != "spec_version"}
    later = {**bare, "modified": one, "spec_version": "2.1"}
    server.post(base + "objects/", [tool, older, newest, old, bare, later])

    def versions(query, path="objects/"):
        answer = server.get(base + path + query).json
        check(answer == {} or answer["more"] is False, query)
        return [(o["id"], o["modified"] if "modified" in o else o["version"]) for o in answer.get("objects", [])]

    t, o, c = tool["id"], old["id"], bare["id"]
    for path in ("objects/", "manifest/"):
        check(versions("?match[type]=tool", path) == [(t, three), (o, old["modified"])], f"types, last: {path}")
        check(versions("?match[type]=tool&match[version]=first", path) == [(t, one), (o, old["modified"])], "first")
        check(versions("?match[type]=tool&match[version]=all", path) == [(t, two), (t, one), (t, three), (o, old["modified"])], "all, in the order of adding")
        check(versions(f"?match[version]={two},first&match[id]={t}", path) == [(t, two), (t, one)], "several versions")
        check(versions(f"?match[id]={t},{o}&match[type]=tool,malware", path) == [(t, three), (o, old["modified"])], "several of each")
        check(versions(f"?match[id]={t}&match[type]=malware", path) == [], "all filters hold")
        check(versions(f"?match[id]={c}&match[spec_version]=2.0", path) == [(c, two)] and versions(f"?match[id]={c}&match[spec_version]=2.1", path) == [], "the last version, then its specification")
        check(versions(f"?match[id]={c}&match[version]=all", path) == [(c, one)], "of two specification versions the later")
        check(versions(f"?match[id]={c}&match[version]=all&match[spec_version]=2.0,2.1", path) == [(c, two), (c, one)], "both when asked for")
    answer = server.get(base + f"objects/{t}/?match[version]=all&limit=2")
    check([x["modified"] for x in answer.json["objects"]] == [two, one] and answer.json["more"], "an object's page")
    rest = server.get(base + f"objects/{t}/?match[version]=all&limit=2&next=" + answer.json["next"]).json
    check([x["modified"] for x in rest["objects"]] == [three] and not rest["more"], "and the next")
    check(server.get(base + f"objects/{t}/versions/").json["versions"] == [two, one, three], "versions")
    check(server.get(base + f"objects/{t}/versions/?limit=1").json["more"], "versions in pages")
    check(server.get(base + f"objects/{t}/?added_after=2999-01-01T00:00:00Z").json == {} and server.get(base + f"objects/{t}/versions/?added_after=2999-01-01T00:00:00Z").json == {}, "nothing passes")
    server.get(base + f"objects/{stix()['id']}/", 404)
    server.get(base + "objects/not-an-id/versions/", 404)

    def delete(query, status=200):
        answer = server.ask("DELETE", base + f"objects/{t}/" + query)
        check(answer.status == status and answer.header("Content-Type") == TAXII, f"DELETE {query}: {answer.status} {answer.text}")

    delete("?match[version]=" + two)
    check(server.get(base + f"objects/{t}/versions/").json["versions"] == [one, three], "one version gone")
    delete("?match[version]=2001-01-01T00:00:00Z", 404)
    delete("?match[version]=last")
    check(versions(f"?match[id]={t}") == [(t, one)], "the earlier is the last now")
    delete("?match[version]=nonsense", 400)
    server.post(base + "objects/", [tool, newest])
    delete("?match[spec_version]=2.0", 404)
    delete("?match[version]=first")
    delete("")
    server.get(base + f"objects/{t}/versions/", 404)
    delete("", 404)
    check(server.post(base + "objects/", [tool]).json["success_count"] == 1 and versions(f"?match[id]={t}") == [(t, two)], "and it may come again")


def handling(server):
    base = f"/trustgroup1/collections/{RW}/"
    tlp = {word: f"marking-definition--{mark}" for word, mark in (("CLEAR", "94868c89-83c2-464b-929b-a1a8aa3c8487"), ("GREEN", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"), ("AMBER", "55d920b0-5e8b-4f79-9ee9-91f868d9b421"), ("RED", "e828b379-4e03-4974-9ac4-e53a884c97c1"))}
    marked = {word: stix(kind="report", object_marking_refs=[mark]) for word, mark in tlp.items()}
    unmarked, unknown = stix(kind="report"), stix(kind="report", object_marking_refs=[f"marking-definition--{uuid.uuid4()}"])
    server.post(base + "objects/", [*marked.values(), unmarked, unknown])

    def seen(user):
        return {o["id"] for o in server.get(base + "objects/?match[type]=report", user=user).json.get("objects", [])}

    check(seen("strict") == {marked["CLEAR"]["id"], marked["GREEN"]["id"]}, "cleared for GREEN")
    check(seen("reader") == {*(marked[w]["id"] for w in ("CLEAR", "GREEN", "AMBER")), unmarked["id"]}, "cleared for AMBER, which is the collection's word for what says none")
    for path in (f"objects/{marked['RED']['id']}/", f"objects/{marked['RED']['id']}/versions/", f"objects/{unknown['id']}/"):
        server.get(base + path, 404, user="reader")
    check(all(o["id"] != marked["RED"]["id"] for o in server.get(base + "manifest/?match[type]=report", user="reader").json["objects"]), "the manifest tells no more")


def logins(server):
    began = time.time()
    for _ in range(50):
        server.get("/taxii2/")
    check(time.time() - began < 5, f"a password compared lately costs little: {time.time() - began:.1f} s for 50")
    with concurrent.futures.ThreadPoolExecutor(10) as many:
        check(all(r.status == 200 for r in many.map(lambda _: Server(server.port, server.tls).ask("GET", "/taxii2/", user="strict"), range(20))), "many at once with one password")
    statuses = [server.ask("GET", "/taxii2/", user="guessed").status for _ in range(8)]
    check(statuses[0] == 401 and statuses[-1] == 429, f"guessing is slowed down: {statuses}")
    answer = server.ask("GET", "/taxii2/", user="guessed")
    check(answer.status == 429 and int(answer.header("Retry-After")) > 0 and answer.header("Content-Type") == TAXII, "and says for how long")
    check(server.ask("GET", "/api/v1/assessments", user="writer").status == 403, "the login is for TAXII alone")


def login_times(server):
    """A wrong password of a user there is, and a name there is not. A name is slowed down after five, an address after thirty."""
    samples = {"known": [], "unknown": []}
    for i in range(32):
        for kind, name in (("known", f"timed{i // 4}"), ("unknown", f"nobody{i}")):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(f"127.0.4.{1 + i // 8}", 0))
            connection.connect()
            began = time.perf_counter()
            connection.request("GET", "/taxii2/", headers={"Accept": TAXII, "Authorization": "Basic " + base64.b64encode(f"{name}:wrong{i}".encode()).decode()})
            got = connection.getresponse()
            got.read()
            samples[kind].append(time.perf_counter() - began)
            connection.close()
            check(got.status == 401, f"{name}: {got.status}")
    check(not clocks.tells_apart(samples["known"], samples["unknown"]), f"a wrong password takes as long as an unknown name: {samples}")


def certificate_logins(server, authority, stranger):
    plain = Server(server.port, {"": authority.context()})
    plain.get("/taxii2/", 401, user=None)
    plain.get("/taxii2/", 401, user="writer")   # there is no such password
    check(plain.get("/taxii2/", token="a-token-of-the-writer").status == 200, "Bearer over TLS")
    unknown = Server(server.port, {"": authority.context(authority.issue("somebody"))})
    unknown.get("/taxii2/", 401, user=None)   # of the right authority, and no account
    for of, what in ((stranger, "another authority's"), (authority.issue("web", "127.0.0.1"), "one that is for servers")):
        try:
            answer = Server(server.port, {"": authority.context(of)}).ask("GET", "/taxii2/", user=None)
            check(False, f"{what} certificate is not let in: {answer.status}")
        except OSError:   # TLS ends it
            check(True, what)
    threads = concurrent.futures.ThreadPoolExecutor(8)
    check(all(r.status == 200 for r in threads.map(lambda _: Server(server.port, server.tls).ask("GET", "/taxii2/", user="strict"), range(40))), "many at once")
    check(server.ask("GET", "/api/v1/assessments", user="writer").status == 403, "the certificate is for TAXII alone")


def commands(server, data, folder):
    me = server.address
    password = folder / "password"
    password.write_text("Password0\n")
    login = ("--user", "writer", "--password-file", password)
    if TWIN:
        authority = folder / "authority"
        login = ("--ca", authority / "authority.pem", "--cert", authority / "writer.pem", "--cert-key", authority / "writer.key")
    check("/trustgroup1/" in threatlas("taxii", "discover", me + "/taxii2/", *login), "discover")
    check("Read and write" in threatlas("taxii", "collections", me + "/trustgroup1/", *login), "collections")
    bundle = folder / "bundle.json"
    sent = [stix(kind="note") for _ in range(1200)]
    bundle.write_text(json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": sent}))
    place = f"{me}/trustgroup1/collections/{RW}/"
    check("1200 of 1200" in threatlas("taxii", "push", place, bundle, *login), "push")
    out = folder / "got.jsonl"
    threatlas("taxii", "poll", place, "--out", out, "--match", "type=note", "--pages", "1", *login)
    check(0 < len(out.read_text().splitlines()) < 1200, "a poll that stops")
    with open(out, "a") as half:
        half.write('{"half":')   # as a kill would leave it
    threatlas("taxii", "poll", place, "--out", out, "--match", "type=note", *login)
    check([json.loads(line)["id"] for line in out.read_text().splitlines()] == [s["id"] for s in sent], "goes on where it stopped: nothing twice, nothing lost")
    check("0 objects" in threatlas("taxii", "poll", place, "--out", out, "--match", "type=note", *login), "nothing new")
    threatlas("taxii", "discover", me + "/taxii2/", *login[:2] if TWIN else (), code=5)
    threatlas("taxii", "discover", "http://example.org/taxii2/", code=3)
    check("Read and write" in threatlas("taxii", "serve-info", *STORE, "--data", data), "serve-info")


def reference(server):
    """What a suite written for the reference server looks at."""
    found = server.get("/taxii2/", user="admin").json
    check(found["title"] == "Reference" and found["api_roots"][-2].endswith("/api1/") and found["default"].endswith("/trustgroup2/"), f"{found}")
    base = "/trustgroup2/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/"
    check({c["id"]: (c["can_read"], c["can_write"]) for c in server.get("/trustgroup2/collections/", user="admin").json["collections"]} == {"91a7b528-80eb-42ed-a74d-c6fbd5a26116": (True, True), "64993447-4d7e-4f70-b94d-d7f33742ee63": (False, False)}, "collections")
    answer = server.get(base + "objects/", user="admin")
    check([o["modified"] for o in answer.json["objects"]] == ["2014-05-08T09:00:00.000Z", "2018-02-23T18:30:00.000Z"] and answer.json["more"] is False, f"{answer.json}")
    check(answer.header("X-TAXII-Date-Added-First") == "2014-05-08T09:00:00.000000Z" and answer.header("X-TAXII-Date-Added-Last") == "2017-01-27T13:49:59.997000Z", "dates of the manifest")
    check([o["media_type"] for o in server.get(base + "manifest/", user="admin").json["objects"]] == ["application/stix+json;version=2.1", "application/stix+json;version=2.0"], "media types")
    check(len(server.get(base + "objects/?added_after=2016-11-03T12:30:59Z", user="admin").json["objects"]) == 1, "added_after")
    status = server.get("/trustgroup2/status/2d086da7-4bdc-4f91-900e-d77486753710", user="admin").json
    check(all(key in status for key in ("successes", "failures", "pendings")), "a status of the file, as it stands")
    forbidden = "/trustgroup2/collections/64993447-4d7e-4f70-b94d-d7f33742ee63/"
    server.get(forbidden + "objects/", 403, user="admin")
    server.get(forbidden + "manifest/", 403, user="admin")
    server.post(forbidden + "objects/", [stix()], 403, user="admin")
    check(server.post(base + "objects/", [stix()], user="admin").json["success_count"] == 1, "and it is written to")


def reserved(folder, data):
    """A root where the dashboard or the API is would hide it."""
    pages = set(re.findall(r"(?:page|open)\('/([a-z-]+)", (service.ROOT / "web/src/routes.tsx").read_text()))
    check({"threats", "map", "sign-in"} <= pages, f"pages: {pages}")
    for name in sorted(pages | {"assets", "api", "healthz", "metrics", "icon.svg", "Threats", "threats/more"}):
        (folder / "hiding.json").write_text(json.dumps({"api_roots": [{"path": f"/{name}/", "title": "t"}]}))
        done = subprocess.run([PROGRAM, "taxii", "setup", folder / "hiding.json", *STORE, "--data", data], capture_output=True, text=True, cwd=service.ROOT, timeout=60)
        check(done.returncode == 3 and f"/{name}/" in done.stderr and "other things are" in done.stderr, f"/{name}/: {done.returncode} {done.stderr}")
    (folder / "hiding.json").write_text(json.dumps({"api_roots": [{"name": "threats", "title": "t"}, {"path": "/threats-see/", "title": "t"}]}))
    threatlas("taxii", "setup", folder / "hiding.json", *STORE, "--data", data)


with contextlib.ExitStack() as stack:
    folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threatlas-taxii-")))
    data, contexts, more, STORE = folder / "data", None, (), ()
    if TWIN:
        STORE = ("--store", stack.enter_context(postgres.Cluster()).fresh_database())
        authority = certificates.Authority(folder / "authority")
        contexts = {"": authority.context()}
        for user in SETUP["users"]:
            pair = authority.issue(user["name"])
            user["certificate"] = authority.fingerprint(pair[0])
            del user["password"]
            contexts[user["name"]] = authority.context(pair)
        foreign = certificates.Authority(folder / "foreign")
        stranger = foreign.issue("writer")
        certificate, key = authority.issue("server", "127.0.0.1")
        more = (*STORE, "--tls-cert", certificate, "--tls-key", key, "--client-ca", authority.certificate)
    else:
        SETUP["users"] += [{"name": f"timed{i}", "password": f"a pass phrase {i}"} for i in range(8)]
    threatlas("init", *STORE, "--data", data)
    setup = folder / "setup.json"
    setup.write_text(json.dumps(SETUP).replace("1.5}", "1.50}"))
    threatlas("taxii", "setup", setup, *STORE, "--data", data)
    check("0 API roots and 0 collections" in threatlas("taxii", "setup", setup, *STORE, "--data", data), "the same again changes nothing")
    (folder / "bad.json").write_text('{"api_roots":[{"path":"/x/","title":"t","collections":[{"id":"1","title":"t"}]}]}')
    threatlas("taxii", "setup", folder / "bad.json", *STORE, "--data", data, code=3)
    with service.Service(PROGRAM, data, *more, tls=contexts and contexts[""]) as running:
        server = Server(running.port, contexts)
        stranger_and_media(server)
        resources(server)
        adding(server)
        filters(server)
        pages(server)
        handling(server)
        if TWIN:
            certificate_logins(server, authority, stranger)
        else:
            logins(server)
            login_times(server)
        commands(server, data, folder)
        # Beside the running server, which sees it within a second or two.
        (folder / "data.json").write_text(json.dumps(REFERENCE))
        (folder / "config.json").write_text(json.dumps({"backend": {"module_class": "MemoryBackend", "filename": "data.json"}, "users": {"admin": "Password0"}, "taxii": {"max_page_size": 20}}))
        threatlas("taxii", "setup", folder / "config.json", *STORE, "--data", data)
        time.sleep(2)
        reference(server)
        cursor = server.get(f"/trustgroup1/collections/{RW}/objects/?limit=5").json["next"]
        check(running.stop() == 0, "it stops")
    with service.Service(PROGRAM, data, *more, tls=contexts and contexts[""]) as running:
        server = Server(running.port, contexts)
        check(len(server.get(f"/trustgroup1/collections/{RW}/objects/?limit=5&next={cursor}").json["objects"]) == 5, "a cursor outlives a restart")
    reserved(folder, data)
    threatlas("audit", "verify", *STORE, "--data", data)
print(f"{checks} checks passed")
