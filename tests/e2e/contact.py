"""The contact desk over one server: bulletins, requests, answers, files, consents, corrections and withdrawals to all who had them, digests by
e-mail with faults, signed webhooks with retries. Standard library, loopback. Usage: contact.py <threatlas>"""
import email
import email.policy
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from mail_server import MailServer, certificate
from service import ROOT, Service, first_administrator, member

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
checks = 0


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


def until(find, what, seconds=40):
    end = time.time() + seconds
    while time.time() < end:
        if found := find():
            return found
        time.sleep(0.2)
    raise AssertionError(what)


def run(*arguments, code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, f"threatlas {' '.join(map(str, arguments))}: {done.returncode} {done.stdout[-500:]}{done.stderr[-1500:]}"
    return done.stdout


class Hook:
    """Receives webhooks; answers with `status`."""

    def __init__(self):
        outer = self
        self.got, self.status = [], 200

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.status
                outer.got.append((dict(self.headers), body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def bulletin(title, handling="TLP:GREEN", to=("bg_mvr", "me_up"), **more):
    return {"kind": "new_mo", "title": title, "text": f"Text of {title}.\n.\nДруги ред.", "threats": ["property.vehicle_theft"], "handling": handling, "recipients": list(to), **more}


def told(client, wanted, seconds=8):
    """Whether the stream of events, from its beginning, brings this."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=seconds)
    connection.request("GET", "/api/v1/events", headers={"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items()), "Last-Event-ID": "0"})
    got, text, end = connection.getresponse(), "", time.time() + seconds
    try:
        while wanted not in text and time.time() < end:
            text += got.fp.readline().decode()
    except OSError:
        pass
    connection.close()
    return wanted in text


def made(answer):
    assert answer.status == 201, f"{answer.status} {answer.text}"
    return answer.json


def receipt(shown, organisation):
    return next(r for r in shown["receipts"] if r["organisation"] == organisation)


def whole_life(rs, bg, me, mk):
    one = made(rs.post("/api/v1/bulletins", bulletin("Relay theft", "TLP:AMBER")))
    at = f"/api/v1/bulletins/{one['id']}"
    check(one["version"] == 1 and one["originator"] == "rs_mup" and not one["waits"], "issued in the own name")
    check(mk.get(at).status == 404, "who is not addressed does not know of it")
    check(told(bg, one["id"]) and not told(mk, one["id"], 2), "who is addressed, and watches, is told that there is something")
    listed = bg.get("/api/v1/bulletins").json
    check([b["title"] for b in listed["items"]] == ["Relay theft"] and listed["items"][0]["waits"], "it waits for who is addressed")
    mine = rs.get(at).json
    check(receipt(mine, "bg_mvr")["fetched"] and not receipt(mine, "bg_mvr")["read"], "listed is fetched, not read")
    check(len(bg.get(at).json["receipts"]) == 1, "others see their own receipt alone")
    acknowledged = made(bg.post(f"{at}/acknowledgements", {"note": "Seen"}))
    check(not acknowledged["waits"], "acknowledged: it waits no longer")
    mine = rs.get(at).json
    check(receipt(mine, "bg_mvr")["read"] and receipt(mine, "bg_mvr")["note"] == "Seen" and not receipt(mine, "me_up")["fetched"], "the originator sees, organisation by organisation")
    check(bg.post(f"{at}/versions", {"text": "x", "reason": "y"}).status == 403, "a correction is its originator's")
    check(rs.post(f"{at}/versions", {"originator": "bg_mvr", "reason": "y"}).status == 422, "nobody sends an originator of his own")
    second = made(rs.post(f"{at}/versions", {"text": "Three persons.", "reason": "One more was seen"}))
    check(second["version"] == 2 and second["title"] == "Relay theft" and not receipt(second, "bg_mvr")["acknowledged"], "what is not said stays; the correction is acknowledged by itself")
    check(bg.get(at).json["text"] == "Three persons." and bg.get(f"{at}?version=1").json["version"] == 1, "the newest comes, an earlier one when asked for")
    check(rs.post(f"{at}/withdrawal", {}).status == 422, "a withdrawal says why")
    made(rs.post(f"{at}/withdrawal", {"reason": "It was a film"}))
    gone = bg.get(at).json
    check(gone["state"] == "withdrawn" and gone["text"] == "" and gone["reason"] == "It was a film" and gone["waits"], "the withdrawal reaches who had it, and its text is gone")
    check(bg.get(f"{at}?version=1").status == 404 and rs.get(f"{at}?version=1").status == 200, "earlier versions are the originator's")
    for each in (bg, me):
        made(each.post(f"{at}/acknowledgements", {}))
    check(all(r["acknowledged"] for r in rs.get(at).json["receipts"]), "everyone acknowledged the withdrawal")
    check(rs.post(f"{at}/versions", {"text": "x", "reason": "y"}).status == 409, "what is withdrawn stays so")


def markings(rs, bg, me, mk, low):
    red = made(rs.post("/api/v1/bulletins", bulletin("Red", "TLP:RED H2", ["bg_mvr"])))
    at = f"/api/v1/bulletins/{red['id']}"
    check(bg.get(at).status == 200 and me.get(at).status == 404 and low.get(at).status == 404, "for who is addressed and cleared, alone")
    check("Red" not in bg.get("/api/v1/bulletins?format=csv").text and "Red" in rs.get("/api/v1/bulletins?format=csv").text, "H2 gets into no file without consent")
    check(bg.get("/api/v1/bulletins?format=xlsx").body[:2] == b"PK", "lists come as workbooks")
    check(bg.post(f"{at}/forwards", {"to": ["me_up"]}).status == 403, "passing on needs consent")
    check(bg.post(f"{at}/consents", {"to": "me_up"}).status == 403, "which is the originator's to give")
    made(rs.post(f"{at}/consents", {"to": "me_up"}))
    made(bg.post(f"{at}/forwards", {"to": ["me_up"], "note": "They asked"}))
    check(me.get(at).json["title"] == "Red" and mk.get(at).status == 404, "then it arrives, and only there")
    check(receipt(rs.get(at).json, "me_up")["forwarded_by"] == "bg_mvr" and receipt(rs.get(at).json, "me_up")["read"], "and the originator sees by whom, and that it was read")
    derived = bulletin("Made of red", "", ["me_up"], derived_from=[red["id"]])
    made_of = made(bg.post("/api/v1/bulletins", derived))
    check(made_of["handling"] == "TLP:RED H2" and made_of["originators"] == ["bg_mvr", "rs_mup"], "what is made of it carries its marks")
    check(bg.post("/api/v1/bulletins", {**derived, "handling": "TLP:AMBER"}).status == 403, "and is not marked more mildly")
    check(bg.post("/api/v1/bulletins", {**derived, "recipients": ["mk_mvr"]}).status == 403, "nor sent to others")
    given = bg.get(f"{at}/consents").json["items"]
    check([(c["to"], c["revoked"]) for c in given] == [("me_up", False)] and mk.get(f"{at}/consents").status == 404, "who has it sees who may have it")
    back = f"{at}/consents/{given[0]['id']}/withdrawal"
    for who, where, body, status in ((bg, back, {"reason": "x"}, 403), (rs, back, {}, 422), (rs, f"{at}/consents/C-0000000000/withdrawal", {"reason": "x"}, 404)):
        got = who.post(where, body)
        check(got.status == status, f"taken back by its originator, saying why: {got.status} {got.text}, not {status}")
    check(made(rs.post(back, {"reason": "They published it"}))["revoked"] and rs.post(back, {"reason": "again"}).status == 409, "and once")
    check(me.get(at).status == 404 and red["id"] not in [b["id"] for b in me.get("/api/v1/bulletins").json["items"]] and bg.get(at).status == 200, "whom it admitted reads no more of it, who was addressed does")
    check(bg.get(f"{at}/consents").json["items"][0]["revoked"] and bg.post(f"{at}/forwards", {"to": ["me_up"]}).status == 403, "others see that, and pass it on no more")
    made(rs.post(f"{at}/withdrawal", {"reason": "Over"}))
    check(me.get(at).json["state"] == "withdrawn" and me.get(at).json["waits"], "the withdrawal follows where it was passed on to")


def files(rs, bg, me):
    pdf = b"%PDF-1.4\nnothing in it\n"
    kept = made(rs.post("/api/v1/contact/files", pdf, headers={"X-Filename": "../plan.pdf", "Content-Type": "application/octet-stream"}))
    check(kept["sha256"] == hashlib.sha256(pdf).hexdigest() and kept["name"] == "plan.pdf" and kept["media"] == "application/pdf", "a file is known by its content")
    for bad in (b"MZ\x90\x00", b"<html><script>alert(1)</script>", b"#!/bin/sh\nrm", b"%PDF-1.4 /JavaScript", b""):
        check(rs.post("/api/v1/contact/files", bad, headers={"X-Filename": "x.pdf"}).status == 422, f"not taken: {bad[:20]}")
    check(rs.post("/api/v1/contact/files", b"x" * (4 * 1024 * 1024 + 1), headers={"X-Filename": "x.txt"}).status == 422, "not more than 4 MiB")
    check(me.post("/api/v1/bulletins", bulletin("Stolen", attachments=[{"name": "a", "sha256": kept["sha256"]}], to=["bg_mvr"])).status == 422, "a hash gives nobody another's file")
    with_file = made(rs.post("/api/v1/bulletins", bulletin("With a file", "TLP:AMBER", ["bg_mvr"], attachments=[{"name": "plan.pdf", "sha256": kept["sha256"]}])))
    got = bg.get(f"/api/v1/bulletins/{with_file['id']}/files/{kept['sha256']}")
    check(got.body == pdf and got.header("Content-Type") == "application/octet-stream" and got.header("Content-Disposition").startswith("attachment") and got.header("X-Content-Type-Options") == "nosniff", "it comes to be saved, never to be shown")
    check(me.get(f"/api/v1/bulletins/{with_file['id']}/files/{kept['sha256']}").status == 404, "where the bulletin does not go, its file does not")


def asking(rs, bg, me):
    asked = made(rs.post("/api/v1/requests", {"title": "Grey van", "questions": ["Known?", "Where?"], "recipients": ["bg_mvr", "me_up"], "deadline": "2099-01-31", "handling": "TLP:AMBER"}))
    at = f"/api/v1/requests/{asked['id']}"
    answer = made(bg.post(f"{at}/answers", {"answers": ["Yes", "Sofia"], "handling": "TLP:AMBER"}))
    check(answer["recipients"] == ["rs_mup"], "an answer goes to who asked")
    check(bg.post(f"{at}/answers", {"answers": ["a", "b", "c"]}).status == 422, "not more answers than questions")
    check([a["answers"] for a in rs.get(at).json["answers"]] == [["Yes", "Sofia"]], "the request shows its answers")
    check(me.get(at).json["answers"] == [], "to who asked alone")
    made(bg.post(f"/api/v1/answers/{answer['id']}/versions", {"answers": ["Yes", "Plovdiv"], "reason": "Misread"}))
    check(rs.get(at).json["answers"][0]["answers"][1] == "Plovdiv", "answers are corrected too")
    made(rs.post(f"{at}/closing", {}))
    check(me.post(f"{at}/answers", {"outcome": "nothing_known"}).status == 409, "a closed request takes no answer")


def directory(rs, bg, administrator):
    point = made(rs.post("/api/v1/contact/points", {"desk": "Duty desk", "hours": "24/7", "zone": "Europe/Belgrade", "email": "desk@mup.example", "languages": ["sr", "en"]}))
    shown = bg.get("/api/v1/contact/points").json["items"]
    check([(p["organisation"], p["on_duty"]) for p in shown] == [("rs_mup", True)], "the directory says whose, and that somebody is there")
    check(bg.send("PUT", f"/api/v1/contact/points/{point['id']}", {"desk": "Mine"}).status in (403, 404), "nobody changes another's")
    check(rs.post("/api/v1/contact/points", {"desk": "x", "hours": "sometimes"}).status == 422, "hours are hours")
    check("Duty desk" in bg.get("/api/v1/contact/points?format=csv").text, "the directory as a file")
    check(administrator.send("DELETE", f"/api/v1/contact/points/{point['id']}").status == 204, "an administrator clears up")


def deliveries_of(data):
    with sqlite3.connect(f"file:{data}/threatlas.db?mode=ro", uri=True, timeout=30) as database:
        return [{"channel": c, "target": t, "subject": s, "state": state, "attempts": json.loads(a)} for c, t, s, state, a in database.execute("SELECT channel, target, subject, state, attempts FROM deliveries ORDER BY number")]


def due_now(data):
    with sqlite3.connect(f"{data}/threatlas.db", timeout=30) as database:
        database.execute("UPDATE deliveries SET next = 0 WHERE state = 'waiting' AND attempts <> '[]'")


def mail(rs, bg, me, data, server):
    made(bg.post("/api/v1/subscriptions", {"email": "desk@mvr.example", "digest": "at_once", "threats": ["property.vehicle_theft"], "clearance": "TLP:RED H3"}))
    made(me.post("/api/v1/subscriptions", {"email": "desk@up.example", "digest": "daily"}))
    check(bg.post("/api/v1/subscriptions", {"email": "x@y.example\r\nRCPT TO:<z@q.example>"}).status == 422, "an address is one address")
    title = "Крађа релејем – ноћу, на паркингу испред зграде, већ трећи пут ове недеље"
    made(rs.post("/api/v1/bulletins", bulletin(title, "TLP:GREEN")))
    got = until(lambda: server.messages, "the digest at once comes")[0]
    message = email.message_from_bytes(got["data"], policy=email.policy.default)
    check(got["secure"] and ("AUTH", False) not in server.commands and ("MAIL", False) not in server.commands, "nothing goes before TLS")
    check(got["to"] == ["RCPT TO:<desk@mvr.example>"] and message["To"] == "desk@mvr.example" and message["From"].startswith("Threatlas"), "to the subscription's address")
    text = message.get_content().replace("\r\n", "\n")
    check(title in text and "Други ред." in text and "\n.\n" in text and message["Subject"] == "Threatlas: 1 new", "whole, in its own letters")
    for handling, body, says in (("TLP:AMBER", "Amber title", True), ("TLP:AMBER H1", "Coded title", False), ("TLP:RED", "Red title", False)):
        server.messages.clear()
        one = made(rs.post("/api/v1/bulletins", bulletin(body, handling, ["bg_mvr"])))
        until(lambda: server.messages, f"the digest of {handling} comes")
        text = email.message_from_bytes(server.messages[0]["data"], policy=email.policy.default).get_content()
        check((body in text) == says and "Text of" not in text and (says or ("Something waits" in text and one["id"] not in text and "rs_mup" not in text)), f"{handling} by e-mail: {text}")
    # Faults: later is tried again and comes once; never is given up; a cut is tried again.
    for fault, state in (("later", "waiting"), ("cut", "waiting"), ("never", "given_up")):
        server.messages.clear()
        server.fault = fault
        one = made(rs.post("/api/v1/bulletins", bulletin(f"Fault {fault}", "TLP:GREEN", ["bg_mvr"])))
        tried = until(lambda: next((d for d in deliveries_of(data) if one["id"] in d["subject"] and d["attempts"]), None), f"{fault}: a try is kept")
        check(tried["state"] == state and not server.messages, f"{fault}: {tried}")
        server.fault = ""
        if state == "waiting":
            due_now(data)
            until(lambda: server.messages, f"{fault}: it comes at the next try")
            time.sleep(1)
            check(len(server.messages) == 1, f"{fault}: once")
            kept = next(d for d in deliveries_of(data) if one["id"] in d["subject"] and d["channel"] == "mail")
            check([a["outcome"].startswith("sent") for a in kept["attempts"]] == [False, True], "every try is in the log")
    server.messages.clear()
    server.fault = "inject"
    one = made(rs.post("/api/v1/bulletins", bulletin("Injected", "TLP:GREEN", ["bg_mvr"])))
    until(lambda: any(one["id"] in d["subject"] and d["attempts"] for d in deliveries_of(data)), "a try is kept")
    check(not server.messages and ("MAIL", False) not in server.commands, "who speaks before TLS is not trusted")
    server.fault = ""
    # Daily ones wait for their hour, or for the command; a withdrawal goes to who was told.
    server.messages.clear()
    said = json.loads(run("--json", "bulletin", "digest", "--data", data))
    mine = [m for m in server.messages if m["to"] == ["RCPT TO:<desk@up.example>"]]
    check(said["sent"] >= 1 and len(mine) == 1, f"one digest of all: {said}")
    run("bulletin", "digest", "--data", data)
    check(len([m for m in server.messages if m["to"] == ["RCPT TO:<desk@up.example>"]]) == 1, "and not twice")
    shown = me.get("/api/v1/deliveries").json["items"]
    check(shown and all(d["organisation"] == "me_up" for d in shown), "an organisation sees its own deliveries")


def webhooks(rs, bg, me, data, administrator):
    hook = Hook()
    added = made(bg.post("/api/v1/webhooks", {"url": hook.url, "clearance": "TLP:RED H3"}))
    secret = added["secret"]
    check(secret and bg.get("/api/v1/webhooks").json["items"][0]["secret"] == "", "the secret is shown once")
    check(secret not in (pathlib.Path(data) / "threatlas.db").read_bytes().decode("latin-1"), "and not in the clear in the store")
    for bad in ("http://192.168.1.1/x", "ftp://x.example", "http://mail.example/x", "https://user:pass@x.example/"):
        check(bg.post("/api/v1/webhooks", {"url": bad}).status == 422, f"no webhook: {bad}")
    hook.status = 500
    one = made(rs.post("/api/v1/bulletins", bulletin("Hooked", "TLP:AMBER", ["bg_mvr"])))
    until(lambda: hook.got, "the webhook is called")
    hook.status = 302
    due = until(lambda: next((d for d in deliveries_of(data) if d["channel"] == "webhook" and d["attempts"]), None), "the try is kept")
    check(due["attempts"][0]["outcome"] == "status 500" and due["state"] == "waiting", "a failure is tried again")
    due_now(data)
    until(lambda: len(hook.got) > 1, "it is tried again")
    time.sleep(0.5)
    check(deliveries_of(data)[-1]["attempts"][1]["outcome"] == "status 302", "a redirect is not followed")
    hook.status = 200
    due_now(data)
    until(lambda: deliveries_of(data)[-1]["state"] == "sent", "then it is sent")
    ids = {headers["Threatlas-Id"] for headers, _ in hook.got}
    check(len(ids) == 1, "the same id at every try")
    headers, body = hook.got[-1]
    wanted = "v1=" + hmac.new(secret.encode(), f"{headers['Threatlas-Id']}.{headers['Threatlas-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
    check(hmac.compare_digest(wanted, headers["Threatlas-Signature"]) and abs(time.time() - int(headers["Threatlas-Timestamp"])) < 60, "signed, with its time")
    check(json.loads(body)["record"]["id"] == one["id"] and json.loads(body)["event"] == "bulletin", "and says what it is about")
    hook.got.clear()
    red = made(rs.post("/api/v1/bulletins", bulletin("Red hook", "TLP:RED", ["bg_mvr"])))
    until(lambda: hook.got, "of a red one it is called too")
    check(json.loads(hook.got[0][1])["event"] == "waiting" and red["id"].encode() not in hook.got[0][1] and b"Red hook" not in hook.got[0][1], "and told nothing but that it waits")
    # Loopback that the administrator did not name.
    made(me.post("/api/v1/webhooks", {"url": hook.url.replace("127.0.0.1", "localhost")}))
    settings = pathlib.Path(data) / "contact.json"
    before = settings.read_text()
    settings.write_text(json.dumps({**json.loads(before), "webhooks": {"reachable": []}}))
    hook.got.clear()
    made(rs.post("/api/v1/bulletins", bulletin("Forbidden", "TLP:GREEN", ["me_up"])))
    refused = until(lambda: next((d for d in deliveries_of(data) if d["channel"] == "webhook" and d["attempts"] and "nothing is sent to" in d["attempts"][-1]["outcome"]), None), "what leads into our own network is refused")
    check(refused["state"] == "waiting" and not hook.got, "and nothing was sent")
    settings.write_text(before)
    check(administrator.get("/api/v1/deliveries").json["total"] >= 3, "the administrator sees all deliveries")


def command_line(rs, data):
    """Webhooks on the command line, as the working group: what the API does."""
    hook = Hook()
    check("Nothing was sent" in run("contact", "webhook", "deliveries", "--data", data) and "No webhooks" in run("contact", "webhook", "list", "--data", data), "there is none at first")
    added = json.loads(run("--json", "contact", "webhook", "add", hook.url, "--events", "bulletin", "--clearance", "TLP:AMBER", "--data", data))
    check(added["secret"] and added["organisation"] == "regional", "its secret is printed once")
    listed = run("contact", "webhook", "list", "--data", data)
    check(added["id"] in listed and "runs" in listed and added["secret"] not in listed + run("--json", "contact", "webhook", "list", "--data", data), "and not again")
    run("contact", "webhook", "add", "http://192.168.1.1/x", "--data", data, code=3)
    one = made(rs.post("/api/v1/bulletins", bulletin("For the group", "TLP:GREEN", ["regional"])))
    until(lambda: hook.got, "it is called")
    headers, body = hook.got[0]
    wanted = "v1=" + hmac.new(added["secret"].encode(), f"{headers['Threatlas-Id']}.{headers['Threatlas-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
    check(headers["Threatlas-Signature"] == wanted and json.loads(body)["record"]["id"] == one["id"], "signed with that secret")
    until(lambda: "status 200" in run("contact", "webhook", "deliveries", added["id"], "--data", data), "every try is told")
    check([d["state"] for d in json.loads(run("--json", "contact", "webhook", "deliveries", "--data", data))] == ["sent"], "its own alone")
    run("contact", "webhook", "remove", added["id"], "--data", data)
    check("No webhooks" in run("contact", "webhook", "list", "--data", data), "removed")
    hook.got.clear()
    made(rs.post("/api/v1/bulletins", bulletin("After it", "TLP:GREEN", ["regional"])))
    time.sleep(1)
    check(not hook.got, "and not called any more")
    for each in ("add", "list", "remove", "deliveries"):
        check("Example" in run("contact", "webhook", each, "--help"), f"help of webhook {each} has an example")


def broken_settings(service, bg, data, administrator):
    settings = pathlib.Path(data) / "contact.json"
    before = settings.read_text()
    failing = lambda: "\nthreatlas_contact_desk_failing 1\n" in administrator.get("/metrics").text  # noqa: E731
    check(not failing() and administrator.get("/api/v1/contact/state").json["settings"] == "used" and "Settings    used" in run("contact", "status", "--data", data), "settings that are used")
    settings.write_text(before.replace('"mail"', '"mial"'))
    until(failing, "what breaks after the start is in the metrics")
    check("contact desk: nothing is sent by e-mail or webhook" in service.said() and "mial" in service.said(), "in the log, with its reason")
    for each in (("status",), ("list",), ("webhook", "list"), ("subscriptions",)):
        said = run("contact", *each, "--data", data)
        check("Nothing is sent by e-mail or webhook" in said and "mial" in said, f"contact {' '.join(each)} says it")
    theirs, full = bg.get("/api/v1/contact/state").json, administrator.get("/api/v1/contact/state").json
    check(theirs["settings"] == full["settings"] == "broken" and "mial" in full["problem"] and theirs["problem"] and str(data) not in theirs["problem"], "the dashboard has it for everyone, where it lies for administrators")
    settings.write_text(before)
    until(lambda: not failing(), "and mended it is well again")
    check("contact desk: all is well again" in service.said() and service.said().count("contact desk: nothing is sent") == 1 and "a secret" not in service.said(), "said once, without a secret")


def taken_over(service, rs, bg, administrator):
    leaving = member(service, administrator, "leaving", "contact_point", "bg_mvr", "TLP:RED H3")
    left = made(leaving.post("/api/v1/subscriptions", {"email": "left@mvr.example", "digest": "none", "clearance": "TLP:RED H3"}))["id"]
    find = lambda client: next((s for s in client.get("/api/v1/subscriptions").json["items"] if s["id"] == left), None)  # noqa: E731
    check(not find(bg)["closed"] and bg.post(f"/api/v1/subscriptions/{left}/takeover").status == 409, "while its account is open nobody takes it")
    person = next(p["id"] for p in administrator.get("/api/v1/people?limit=1000").json["items"] if p["id"] == find(bg)["account"])
    check(administrator.send("PATCH", f"/api/v1/people/{person}", {"state": "blocked"}).status == 200, "the account is closed")
    check(find(bg)["closed"] and bg.get("/api/v1/contact/state").json["closed"] == 1, "the others of the organisation see that")
    check(rs.post(f"/api/v1/subscriptions/{left}/takeover").status == 404, "not others")
    taken = made(bg.post(f"/api/v1/subscriptions/{left}/takeover"))
    check(taken["account"] != person and not find(bg)["closed"] and bg.get("/api/v1/contact/state").json["closed"] == 0, "and one of them goes on with it")


def found(rs, bg, me):
    one = made(rs.post("/api/v1/bulletins", bulletin("Преваре са закупом станова", "TLP:AMBER", ["bg_mvr"])))["id"]
    asked = made(rs.post("/api/v1/requests", {"title": "Sumnjivi oglasi za stanove", "questions": ["Known?"], "recipients": ["bg_mvr"], "handling": "TLP:AMBER"}))["id"]
    links = lambda client, words: sorted(i["link"] for i in client.get(f"/api/v1/search?q={words}").json["items"])  # noqa: E731
    check(links(bg, "prevare+zakupom") == [f"/desk/bulletins/{one}"] and links(bg, "%D0%BE%D0%B3%D0%BB%D0%B0%D1%81%D0%B8") == [f"/desk/requests/{asked}"], "search finds both, in either script")
    check(links(me, "prevare+zakupom") == [] and links(me, "oglasi") == [], "for who may read them")
    made(rs.post(f"/api/v1/bulletins/{one}/withdrawal", {"reason": "x"}))
    check(links(bg, "prevare+zakupom") == [] and links(rs, "prevare+zakupom") == [], "and nothing of what is withdrawn")


def main():
    with tempfile.TemporaryDirectory(prefix="threatlas-") as place:
        data = f"{place}/data"
        run("init", "--data", data)
        pem, key = certificate(place)
        server = MailServer(tls=(pem, key), user="desk", password="a secret")
        settings = pathlib.Path(data) / "contact.json"
        settings.write_text(json.dumps({"mail": {"host": "localhost", "port": str(server.port), "user": "desk", "password": "a secret", "authorities": pem, "from": "desk@threatlas.example"}, "webhooks": {"reachable": ["127.0.0.1", "::1"]}, "link": "https://threatlas.example"}))
        os.chmod(settings, 0o644)
        check("chmod 600" in subprocess.run([PROGRAM, "bulletin", "digest", "--data", data], capture_output=True, text=True, timeout=60).stderr, "settings that others may read are refused")
        os.chmod(settings, 0o600)
        with Service(PROGRAM, data) as service:
            administrator = first_administrator(service)
            rs, bg, me, mk = (member(service, administrator, f"desk-{o}", "contact_point", o, "TLP:RED H3") for o in ("rs_mup", "bg_mvr", "me_up", "mk_mvr"))
            low = member(service, administrator, "low", "contact_point", "bg_mvr", "TLP:AMBER")
            seen = service.client().get("/api/v1/openapi.json").json["paths"]
            check("/api/v1/bulletins/{bulletin}/forwards" in seen, "the document names the routes")
            whole_life(rs, bg, me, mk)
            markings(rs, bg, me, mk, low)
            files(rs, bg, me)
            asking(rs, bg, me)
            directory(rs, bg, administrator)
            mail(rs, bg, me, data, server)
            webhooks(rs, bg, me, data, administrator)
            command_line(rs, data)
            broken_settings(service, bg, data, administrator)
            taken_over(service, rs, bg, administrator)
            found(rs, bg, me)
            log = service.said()
            check("a secret" not in log and "Relay theft" not in log, "the log holds no secret and no content")
        run("audit", "verify", "--data", data)
        check("bulletin" in run("bulletin", "--help") and "Example" in run("request", "new", "--help") and "Example" in run("contact", "add", "--help"), "help with examples")
        run("contact", "add", "Night desk", "--data", data, "--organisation", "mk_mvr", "--hours", "Mo-Su 22:00-06:00", "--zone", "Europe/Skopje")
        check("Night desk" in run("contact", "list", "--data", data), "the directory on the command line")
        one = json.loads(run("--json", "bulletin", "new", "From the group", "--kind", "warning", "--text", "Mind this", "--to", "rs_mup", "--data", data))
        check(one["originator"] == "regional" and one["id"] in run("bulletin", "list", "--data", data) and "Mind this" in run("bulletin", "show", one["id"][:14], "--data", data), "the working group speaks on the command line")
        run("bulletin", "correct", one["id"], "--text", "Mind that", "--reason", "Better", "--until", "2098-12-31", "--data", data)
        check("expired" not in run("bulletin", "list", "--data", data) and "Until       2098-12-31\n" in run("bulletin", "show", one["id"], "--data", data), "it has a last day")
        if shutil.which("faketime"):
            later = subprocess.run(["faketime", "2099-01-01 00:00:01", PROGRAM, "bulletin", "list", "--data", data], cwd=ROOT, capture_output=True, text=True, timeout=120).stdout
            check(" expired " in later.splitlines()[-1] and one["id"] in later.splitlines()[-1], "after which it stands last, as expired")
        run("bulletin", "withdraw", one["id"], "--reason", "Over", "--data", data)
        asked = json.loads(run("--json", "request", "new", "A van", "--question", "Known?", "--to", "rs_mup", "--data", data))
        run("request", "close", asked["id"], "--data", data)
        check("closed" in run("request", "list", "--data", data), "a request is closed")
        run("audit", "verify", "--data", data)
    print(f"{checks} checks passed")


main()
