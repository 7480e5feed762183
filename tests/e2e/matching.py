"""Private matching between two members' nodes on loopback: a hit, no hit, and everything that must be refused; what each side's log says,
and that no identifier is in either side's folder, log or output."""
import base64
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import threading
import http.server
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from service import ROOT, Client, Service, first_administrator, free_port, member  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
if not PROGRAM.exists():
    sys.exit(f"{PROGRAM} is not built")
checks, said = 0, []


def check(good, what, answer=None):
    global checks
    checks += 1
    if not good:
        sys.exit(f"FAILED: {what}" + (f": {answer.status} {answer.text[:1500]}" if hasattr(answer, "status") else f": {answer}" if answer is not None else ""))


def run(*arguments, given="", code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, input=given, capture_output=True, text=True, timeout=300)
    # What a person asked for is printed to them; what goes to logs is not.
    said.append(done.stderr if "show" in arguments else done.stdout + done.stderr)
    check(done.returncode == code, f"threatlas {' '.join(map(str, arguments))} ends with {code}", f"{done.returncode} {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout if code == 0 else done.stdout + done.stderr


def run_json(*arguments, given=""):
    return json.loads(run("--json", *arguments, given=given))


PHONE, PLATE, ABSENT, PERSON = "+381641239876", "BG987AB", "+381659998887", "Ђорђе Измишљенић"


class Liar(http.server.BaseHTTPRequestHandler):
    """Stands between: answers of the true node, changed."""
    how, port, token = "", 0, ""

    def pass_on(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = Client(self.port, self.token).send(method, self.path, body=body or None, headers={"Content-Type": "application/json"} if body else {})
        out = answer.body
        if self.how == "proof" and self.path.endswith("/evaluations") and answer.status == 200:
            said_by = json.loads(out)
            message = bytearray(base64.b64decode(said_by["message"]))
            message[-1] ^= 1
            out = json.dumps(said_by | {"message": base64.b64encode(message).decode()}).encode()
        if self.how == "key" and self.path.endswith("/published"):
            said_by = json.loads(out)
            out = json.dumps(said_by | {"public_key": "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"}).encode()
        if self.how == "part" and "/parts/" in self.path:
            out = out[:-1] + bytes([out[-1] ^ 1])
        if self.how == "endless" and self.path.endswith("/published"):
            out = b"[" * (3 << 20)
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def do_GET(self):
        self.pass_on("GET")

    def do_POST(self):
        self.pass_on("POST")

    def log_message(self, *_):
        pass


with tempfile.TemporaryDirectory(prefix="threatlas-matching-") as folder:
    folder = pathlib.Path(folder)
    serbia, montenegro = folder / "rs_mup", folder / "me_up"
    for data, organisation in ((serbia, "rs_mup"), (montenegro, "me_up")):
        run("init", "--data", data)
        run("match", "setup", "--organisation", organisation, "--daily", 60, "--data", data)

    # The holder's list: from a file with two rows that are none, and from the standard input.
    listing = folder / "watch.csv"
    listing.write_text(f"kind,value,country,born,case\nphone,{PHONE.replace('+381', '0')},RS,,DP 1/26\nplate,бг 987-аб,RS,,DP 1/26\nperson,{PERSON},RS,1977-05-04,DP 2/26\nperson,Somebody Else,,,DP 2/26\nimei,123,,,DP 2/26\n")
    out = run("match", "list", "import", listing, "--data", montenegro)
    check("3 put on the list" in out and "2 refused" in out and "row 5 [born]" in out and "row 6 [value]" in out, "good rows are taken, the others named", out)
    run("match", "list", "import", listing, "--data", montenegro)
    listing.unlink()
    run("match", "list", "add", "--kind", "vin", "--case", "DP 3/26", "--data", montenegro, given="1M8GDM9AXKP042788\n")
    shown = run_json("match", "list", "show", "--data", montenegro)
    check(len(shown) == 4 and {PHONE, PLATE} <= {each["value"] for each in shown}, "the list is in its one spelling", shown)
    published = run_json("match", "publish", "--data", montenegro)
    check(published["changed"] and published["epoch"] == 1 and published["values"] >= 6, "it is published", published)
    check(not run_json("match", "publish", "--data", montenegro)["changed"], "nothing came, nothing is published")
    check(os.stat(str(montenegro) + ".matching.key").st_mode & 0o077 == 0, "the key is its owner's alone")

    with Service(PROGRAM, montenegro) as holder, Service(PROGRAM, serbia) as asker:
        ada = first_administrator(holder)
        token = ada.post("/api/v1/tokens", {"name": "node of rs_mup", "organisation": "rs_mup", "role": "contact_point", "scopes": ["match"]})
        check(token.status == 201, "the holder gives the asker's node a token", token)
        token = token.json["token"]
        (folder / "token").write_text(token)
        key = run_json("match", "status", "--data", montenegro)["public_key"]
        run("match", "peer", "add", "me_up", "--address", f"http://127.0.0.1:{holder.port}", "--public-key", key, "--token-file", folder / "token", "--data", serbia)
        run("match", "fetch", "me_up", "--data", serbia)

        ask = ("match", "query", "--case", "KT 77/26", "--basis", "ZKP 286", "--data", serbia)
        # A hit, in another spelling; no hit; a person in another script.
        hit = run_json(*ask, "--kind", "phone", "--country", "RS", given="064/123-98-76\n" + ABSENT + "\n")
        answer = hit["peers"][0]
        check(answer["hits"] == [1] and answer["evaluations"] == 2 and answer["left"] == 58, "one of the two is a hit", hit)
        check(answer["contact_state"] == "sent", "a contact request is opened there too", hit)
        none = run_json(*ask, "--kind", "phone", given=ABSENT + "\n")["peers"][0]
        check(none["hits"] == [] and none["contact_request"] == "", "no hit opens nothing", none)
        check(run_json(*ask, "--kind", "person", "--born", "1977-05-04", given="Djordje Izmisljenic\n")["peers"][0]["hits"] == [1], "a name in another spelling is found")
        check(run_json(*ask, "--kind", "person", "--born", "1977-05-05", given="Djordje Izmisljenic\n")["peers"][0]["hits"] == [], "not on another birth date")
        check(run_json(*ask, "--kind", "plate", "--country", "RS", given="БГ 987 АБ\n")["peers"][0]["hits"] == [1], "a plate in Cyrillic is found")

        # What is refused before anything leaves.
        out = run("match", "query", "--kind", "phone", "--case", "KT 77/26", "--data", serbia, given=PHONE + "\n", code=5)
        check("legal basis" in out, "no query without a legal basis", out)
        out = run("match", "query", "--kind", "phone", "--basis", "ZKP 286", "--data", serbia, given=PHONE + "\n", code=5)
        check("case" in out, "nor without a case", out)
        out = run(*ask, "--kind", "person", given="Djordje Izmisljenic\n", code=5)
        check("names alone" in out, "names alone are refused", out)
        out = run("match", "query", "--kind", "phone", "--case", "re " + PHONE[1:], "--basis", "ZKP 286", "--data", serbia, given=PHONE + "\n", code=3)
        check("two logs" in out, "a case reference is not the identifier", out)
        said.pop()
        # The holder asks for them as well, whatever an asker's node leaves out.
        node = Client(holder.port, token)
        for body in ({"query": "Q-rs_mup-1", "case_reference": "KT 1/26", "legal_basis": "", "message": ""}, {"query": "Q-rs_mup-2", "case_reference": "", "legal_basis": "ZKP 286", "message": ""}):
            refused = node.post("/api/v1/matching/evaluations", body)
            check(refused.status == 403, "the holder refuses without grounds", refused)
        check(node.get("/api/v1/matching/list").status == 403, "a node's token sees no list")
        check(Client(holder.port).get("/api/v1/matching/published").status == 401, "a stranger sees no filter")
        for junk in ("", "!!", base64.b64encode(b"TLVQ" + bytes(40)).decode(), "A" * 300_000):
            check(node.post("/api/v1/matching/evaluations", {"query": "Q-rs_mup-3", "case_reference": "KT 1/26", "legal_basis": "ZKP 286", "message": junk}).status in (400, 413, 422), "no message is no message")
        fake = {"id": "C-rs_mup-0000000000000000", "query": "Q-rs_mup-never", "asker": "rs_mup", "holder": "me_up", "case_reference": "KT 1/26", "legal_basis": "ZKP 286", "hits": 1}
        check(node.post("/api/v1/matching/contacts", fake).status == 404, "a contact request rests on a query")

        # People of the holder: contact point sees that somebody asked, for which case, and the request; not what.
        pera = member(holder, ada, "pera", "contact_point", "me_up")
        served = [each for each in pera.get("/api/v1/matching/queries?limit=1000").json["items"] if each["side"] == "served"]
        check(len(served) == 5 and all(each["case_reference"] == "KT 77/26" and each["party"] == "rs_mup" for each in served), "the holder's log has every query with its case", served)
        contacts = pera.get("/api/v1/matching/contacts").json["items"]
        check(len(contacts) == 3 and all(each["asker"] == "rs_mup" and each["state"] == "open" and each["person"] == "" for each in contacts), "and the contact requests", contacts)
        ours = run_json("match", "contacts", "--data", serbia)
        asked_of = {each["id"]: each["request"] for each in contacts}   # all of one second: their order says nothing
        check(len(ours) == 3 and all(each["request"] == asked_of.get(each["id"]) != "" for each in ours), "the asker has them too, each with a request of its contact desk", ours)
        check(pera.post(f"/api/v1/matching/contacts/{contacts[0]['id']}/close", {"text": "Spoken to."}).json["state"] == "closed", "one is closed")
        mira = member(holder, ada, "mira", "contact_point", "ro_igpr")
        check(mira.get("/api/v1/matching/queries").status == 403 and mira.get("/api/v1/matching/list").status == 403, "people of another member see nothing of it")
        check(mira.post("/api/v1/matching/evaluations", {"query": "Q-x-12345", "case_reference": "KT 1/26", "legal_basis": "ZKP 286", "message": ""}).status == 403, "and ask over their own node")

        # Over the API, by a person; and what an entry taken off means.
        vera = member(asker, first_administrator(asker), "vera", "contact_point", "rs_mup")
        got = vera.post("/api/v1/matching/queries", {"identifiers": [{"kind": "vin", "value": "1M8GDM9AXKP042788"}], "peers": ["me_up"], "case_reference": "KT 78/26", "legal_basis": "ZKP 286"})
        check(got.status == 200 and got.json["peers"][0]["hits"] == [1], "a contact point asks over the API", got)
        vin = next(each["id"] for each in shown if each["kind"] == "vin")
        check(pera.send("DELETE", f"/api/v1/matching/list/{vin}?reason=closed").status == 204, "an entry is taken off")
        done = pera.post("/api/v1/matching/publish", {}).json
        check(done["removed"] == 1 and not done["base"], "the next part takes it out", done)
        got = vera.post("/api/v1/matching/queries", {"identifiers": [{"kind": "vin", "value": "1M8GDM9AXKP042788"}], "peers": ["me_up"], "case_reference": "KT 78/26", "legal_basis": "ZKP 286"}).json
        check(got["peers"][0]["hits"] == [], "and it is found no longer", got)
        done = pera.post("/api/v1/matching/publish", {"rekey": True}).json
        check(done["epoch"] == 2 and done["base"], "a new key", done)
        check(run_json(*ask, "--kind", "phone", given=PHONE + "\n")["peers"][0]["hits"] == [1], "the asker follows it")

        # Trying out a list: seen on the asker's own side, counted on the holder's.
        run(*ask, "--kind", "phone", given="".join(f"+38164555{i:04d}\n" for i in range(4000, 4014)))
        alarms = run_json("match", "alarms", "--data", serbia)
        check(any(each["rule"] == "consecutive" for each in alarms), "numbers that follow each other raise an alarm", alarms)
        out = run(*ask, "--kind", "phone", given="".join(f"+38163{i * 7919 % 9000000 + 1000000}\n" for i in range(1, 60)), code=5)
        check("quota" in out, "the asker's own quota is asked first", out)
        run("match", "setup", "--organisation", "rs_mup", "--daily", 1000, "--data", serbia)
        out = run(*ask, "--kind", "phone", given="".join(f"+38163{i * 7919 % 9000000 + 1000000}\n" for i in range(1, 60)), code=5)
        check("quota" in out and "403" in out, "then the holder's", out)
        alarms = pera.get("/api/v1/matching/alarms").json["items"]
        check(any(each["rule"] == "quota" and each["party"] == "rs_mup" and each["side"] == "served" for each in alarms), "the holder's contact point sees it", alarms)
        aud = member(holder, ada, "aud", "auditor", "me_up")
        check(len(aud.get("/api/v1/matching/alarms").json["items"]) == len(alarms), "and the auditor")
        check(pera.post(f"/api/v1/matching/alarms/{alarms[0]['id']}/steps", {"action": "closed", "text": "A test."}).json["state"] == "closed", "an alarm is closed with what was found")

    # A holder with another quota, and liars in front of it.
    run("match", "setup", "--organisation", "me_up", "--daily", 5000, "--data", montenegro)
    with Service(PROGRAM, montenegro) as holder:
        Liar.port, Liar.token = holder.port, token
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for how in ("proof", "key", "part", "endless"):
            Liar.how = how
            run("match", "peer", "remove", "me_up", "--data", serbia)
            run("match", "peer", "add", "me_up", "--address", f"http://127.0.0.1:{server.server_port}", "--public-key", key, "--token-file", folder / "token", "--data", serbia)
            done = subprocess.run([PROGRAM, *map(str, ask), "--kind", "phone"], cwd=ROOT, input=PHONE + "\n", capture_output=True, text=True, timeout=100)
            said.append(done.stdout + done.stderr)
            check(done.returncode != 0 and "HIT" not in done.stdout, f"a liar ({how}) is not believed", done.stdout + done.stderr)
        check(any(each["rule"] == "proof" and each["party"] == "me_up" for each in run_json("match", "alarms", "--data", serbia)), "and is an alarm")
        # Another public key than the one it was introduced with.
        Liar.how = ""
        run("match", "peer", "remove", "me_up", "--data", serbia)
        run("match", "peer", "add", "me_up", "--address", f"http://127.0.0.1:{server.server_port}", "--public-key", "00" * 32, "--token-file", folder / "token", "--data", serbia)
        out = subprocess.run([PROGRAM, "match", "fetch", "me_up", "--data", serbia], cwd=ROOT, capture_output=True, text=True, timeout=100)
        check(out.returncode != 0 and "not signed" in out.stderr, "a filter of a stranger is not believed", out.stderr)
        server.shutdown()

    # A comparison of lists, agreed by both directors; the holder's server knows the asker's key.
    run("match", "peer", "remove", "me_up", "--data", serbia)
    run("match", "list", "add", "--kind", "phone", "--case", "KT 80/26", "--data", serbia, given=PHONE + "\n" + ABSENT + "\n")
    with Service(PROGRAM, montenegro) as holder, Service(PROGRAM, serbia) as asker:
        run("match", "peer", "add", "me_up", "--address", f"http://127.0.0.1:{holder.port}", "--public-key", key, "--token-file", folder / "token", "--data", serbia)
        their = run_json("match", "status", "--data", serbia)["public_key"]
        run("match", "peer", "add", "rs_mup", "--address", f"http://127.0.0.1:{asker.port}", "--public-key", their, "--token-file", folder / "token", "--data", montenegro)
        for kind, common in (("intersection", 1), ("cardinality", 1)):
            proposed = run_json("match", "session", "propose", "me_up", "--kind", kind, "--kinds", "phone", "--own-cap", 10, "--peer-cap", 10, "--case", "JO Adria", "--basis", "ZKP 286", "--until", "2099-01-01", "--data", serbia)
            session = proposed["terms"]["id"]
            out = run("match", "session", "run", session, "--data", serbia, code=6)
            check("has not agreed" in out, "nothing is compared before both have agreed", out)
            check(run_json("match", "session", "agree", session, "--data", montenegro)["state"] == "agreed", "the holder's director agrees")
            done = run_json("match", "session", "run", session, "--data", serbia)
            check(done["state"] == "done" and done["common"] == common and done["peer_items"] == 1, "the lists have one in common", done)
            check(len(done["entries"]) == (1 if kind == "intersection" else 0), "which, only where that was agreed", done)
            there = next(each for each in run_json("match", "session", "list", "--data", montenegro) if each["terms"]["id"] == session)
            check(there["state"] == "done" and there["peer_items"] == 2 and there["common"] == -1, "the holder learns how many were brought", there)
            run("match", "session", "run", session, "--data", serbia, code=6)

    # Stores that become nodes: peers and keys are those of the cards, and what was signed otherwise is published anew.
    run("match", "peer", "remove", "me_up", "--data", serbia)
    run("match", "peer", "remove", "rs_mup", "--data", montenegro)
    with Service(PROGRAM, montenegro) as holder, Service(PROGRAM, serbia) as asker:
        for data, service in ((serbia, asker), (montenegro, holder)):
            run("node", "init", "--organisation", data.name, "--address", f"http://127.0.0.1:{service.port}", "--data", data)
            (folder / f"{data.name}.card").write_text(run("node", "show", "--data", data))
        token_in = lambda text: re.search(r"tla_[\w-]+", text).group()  # noqa: E731
        for_them = token_in(run("node", "add", folder / "me_up.card", "--data", serbia))
        for_us = token_in(run("node", "add", folder / "rs_mup.card", "--token", for_them, "--data", montenegro))
        run("node", "add", folder / "me_up.card", "--token", for_us, "--data", serbia)
        published = run_json("match", "publish", "--data", montenegro)
        check(published["base"] and published["changed"], "the node's key signs from now on", published)
        hit = run_json(*ask, "--kind", "phone", given=PHONE + "\n")["peers"]
        check([each["peer"] for each in hit] == ["me_up"] and hit[0]["hits"] == [1], "the peers of the node are asked, and nobody named them twice", hit)

    # Logs on both sides hold, say case and basis, and no identifier is anywhere.
    for data in (serbia, montenegro):
        run("audit", "verify", "--data", data)
        log = run_json("audit", "search", "--action", "match", "--limit", "1000", "--data", data)
        text = json.dumps(log, ensure_ascii=False)
        check("KT 77/26" in text and "ZKP 286" in text, "case and basis are in the audit log", text[:500])
    # Who edits the database behind the program's back is found out, row by row.
    with sqlite3.connect(montenegro / "threatlas.db") as database:
        row = database.execute("SELECT * FROM match_queries ORDER BY number LIMIT 1").fetchone()
    name = f"row {row[0]} of the matching log ({row[2]} {row[3]} {row[1]})"
    back = ("INSERT INTO match_queries VALUES (" + ",".join("?" * len(row)) + ")", row)
    for change, undo, told in ((("DELETE FROM match_queries WHERE number = ?", row[:1]), back, "is no longer in the store"),
                               (("UPDATE match_queries SET evaluations = evaluations - 1 WHERE number = ?", row[:1]), ("UPDATE match_queries SET evaluations = evaluations + 1 WHERE number = ?", row[:1]), "differs from entry"),
                               ((back[0], (999, *row[1:3], "nobody", *row[4:])), ("DELETE FROM match_queries WHERE number = 999", ()), f"row 999 of the matching log ({row[2]} nobody {row[1]}) is in the store")):
        for statement, code in ((change, 8), (undo, 0)):
            with sqlite3.connect(montenegro / "threatlas.db") as database:
                database.execute(*statement)
            out = run("audit", "verify", "--data", montenegro, code=code)
            check(code == 0 or (told in out and (name in out or "999" in told)), "the changed row is named", out)
    needles = [PHONE, PHONE[1:], PHONE[4:], PLATE, ABSENT[1:], "Измишљен", "Izmisljen", "izmisljen", "1M8GDM9AXKP042788", token]
    needles += [hashlib.sha256(each.encode()).hexdigest() for each in (PHONE, PLATE, "phone " + PHONE, ABSENT)]
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "token":
            content = file.read_bytes()
            for needle in needles:
                check(needle.encode() not in content, f"{needle} is not in {file.relative_to(folder)}")
    for text in said:
        for needle in needles:
            check(needle not in text, f"{needle} is in no output: {text[:300]}")
    for service in (holder, asker):
        for needle in needles:
            check(needle not in service.said(), f"{needle} is in no server's log")
print(f"{checks} checks passed")
