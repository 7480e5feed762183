"""The API of a running server, walked as a program would: every answer as the document says it, pages complete while data
comes in, exports that open, what is cached told apart, changes done once, rights by role, a graceful end. Loopback only."""
import csv
import io
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
import zipfile

import jsonschema

from service import ROOT, Client, Service, first_administrator, member

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
checks = 0


def check(condition, what, answer=None):
    global checks
    checks += 1
    said = "" if answer is None else f" ({answer.status}: {answer.text[:400]})"
    assert condition, what + said


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"threatlas {' '.join(map(str, arguments))}: {done.stdout[-500:]}{done.stderr[-1500:]}"


def filled(folder):
    """A store with the example region and one assessment; of an earlier one when its folder is given."""
    data = pathlib.Path(folder) / "data"
    if len(sys.argv) > 2:
        shutil.copytree(sys.argv[2], data)
        if pathlib.Path(sys.argv[2] + ".key").exists():
            shutil.copy(sys.argv[2] + ".key", str(data) + ".key")
        return data
    run("init", "--data", data)
    run("ingest", "--data", data, "--package", "examples/see/datapackage.json")
    run("assess", "--data", data, "--output", data / "assessment.json")
    return data


class Document:
    """The OpenAPI document, and whether an answer is as it says."""

    def __init__(self, document):
        self.whole = document
        self.seen = set()

    def schema(self, path, method, status, media):
        answers = self.whole["paths"][path][method]["responses"]
        answer = answers.get(str(status), answers.get("default"))
        return answer.get("content", {}).get(media, {}).get("schema")

    def holds(self, path, method, answer):
        media = (answer.header("Content-Type") or "").split(";")[0]
        schema = self.schema(path, method, answer.status, media)
        check(schema is not None, f"{method} {path} declares {answer.status} as {media}", answer)
        if media.endswith("json"):
            whole = {**schema, "components": self.whole["components"]}
            errors = sorted(jsonschema.Draft202012Validator(whole).iter_errors(answer.json), key=lambda e: list(e.absolute_path))
            check(not errors, f"{method} {path} answers as declared: {[(list(e.absolute_path), e.message[:200]) for e in errors[:3]]}")
        self.seen.add((path, method, answer.status))


def document_is_whole(document):
    check(document["openapi"] == "3.1.0", "the document is OpenAPI 3.1")
    for ref in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)):
        at = document
        for part in ref.removeprefix("#/").split("/"):
            at = at[part.replace("~1", "/").replace("~0", "~")]
        check(at is not None, f"{ref} leads somewhere")
    ids = []
    for path, methods in document["paths"].items():
        for operation in methods.values():
            ids.append(operation["operationId"])
            declared = {p["name"] for p in operation["parameters"] if p.get("in") == "path"}
            check(declared == set(re.findall(r"\{(\w+)\}", path)), f"{path} declares what it asks for: {declared}")
    check(len(ids) == len(set(ids)), "no two operations share a name")
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        check(True, name)


def walk(document, client):
    """Every GET that needs nothing but what the server itself has named."""
    ranking = client.get("/api/v1/assessments/latest/threats?limit=2").json["items"]
    figures = client.get("/api/v1/assessments/latest/figures?limit=1").json["items"]
    submissions = client.get("/api/v1/submissions?limit=1").json["items"]
    known = {"assessment": "latest", "threat": ranking[0]["threat"], "figure": figures[0]["id"] if figures else "none", "submission": submissions[0]["id"]}
    queries = {"/api/v1/series": "?what=" + client.get("/api/v1/observations?limit=1").json["items"][0]["what"], "/api/v1/search": "?q=drug", "/api/v1/profiles/{profile}/changes": "?from=unknown-2", "/api/v1/observations": "?limit=3"}
    walked = refused = 0
    for path, methods in document.whole["paths"].items():
        if "get" not in methods or path in ("/api/v1/events", "/metrics") or path.startswith(("/api/v1/oidc", "/taxii2")):   # TAXII: tests/e2e/taxii.py
            continue
        names = re.findall(r"\{(\w+)\}", path)
        address = re.sub(r"\{(\w+)\}", lambda m: known.get(m.group(1), "unknown-1"), path) + queries.get(path, "")
        answer = client.get(address)
        walked += 1
        check(answer.status in (200, 403, 404, 503), f"GET {address}", answer)
        if answer.status == 200 and all(n in known for n in names):
            document.holds(path, "get", answer)
        elif answer.status != 200:
            refused += 1
            check(answer.header("Content-Type") == "application/problem+json", f"{address} says why as a problem", answer)
            document.holds(path, "get", answer)
    check(walked > 30 and refused < walked / 2, f"{walked} addresses walked, {refused} refused")


def paged(client, address, limit, between=None):
    items, cursor, pages = [], "", 0
    while True:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        check(answer.status == 200, f"page {pages} of {address}", answer)
        items += answer.json["items"]
        pages += 1
        cursor = answer.json.get("next")
        if not cursor:
            return items, pages
        if between:
            between(pages)


def identity(o):
    return json.dumps(o, sort_keys=True)


def pages_while_data_comes_in(service, client, data, folder):
    total = client.get("/api/v1/observations?limit=1&source=" + SOURCE).json["total"]
    for sort in ("period", "-period"):
        whole, _ = paged(client, f"/api/v1/observations?source={SOURCE}&sort={sort}", 1000)
        check(len(whole) == total, f"all {total} come by pages, sorted by {sort}: {len(whole)}")
        starts = [o["period"][:4] for o in whole]
        check(starts == sorted(starts, reverse=sort != "period"), f"in the order of {sort}")
    before = {identity(o) for o in whole}

    def more(page):
        if page not in (1, 2):
            return
        hand_in(data, folder, f"more-{page}", 40)
        for _ in range(80):   # the index follows within a quarter of a second
            if client.get("/api/v1/observations?what=ransom.payment&limit=1&submission=" + newest(client)).json["total"] == 40:
                return
            time.sleep(0.1)
        check(False, "what was handed in is seen")

    after, pages = paged(client, "/api/v1/observations?source=member_statistics," + SOURCE, max(50, total // 8), more)
    check(pages > 3, f"data came in between pages ({pages})")
    texts = [identity(o) for o in after]
    check(len(texts) == len(set(texts)), "no row comes twice")
    check(before <= set(texts), "no row is lost while others come in")


def newest(client):
    return client.get("/api/v1/submissions?sort=-known_at&limit=1&source=member_statistics").json["items"][0]["id"]


def hand_in(data, folder, name, rows):
    """Invented payments of many days, as a contributor would hand them in."""
    base = pathlib.Path(folder) / name
    day = 1 + int(name[-1])
    base.with_suffix(".jsonl").write_text("".join(json.dumps({"paid": f"{day:02d}.{1 + i % 12:02d}.{2008 + i % 16}", "usd": 1000 + i, "group": f"{name}-{i}"}) + "\n" for i in range(rows)))
    base.with_suffix(".yaml").write_text("mapping: 1\nid: test_payments\ntitle: Payments for a test\nsource: member_statistics\nmember: rs_mup\nknown_at: 2026-01-0" + name[-1] + "\nformat: {type: jsonl}\ncolumns:\n  what: ransom.payment\n  place: ''\n"
                                         "  period: {column: paid, as: day, format: dd.mm.yyyy}\n  value: {column: usd}\n  unit: USD\n  dims: {family: {column: group}}\n")
    run("ingest", "--data", data, "--map", base.with_suffix(".yaml"), base.with_suffix(".jsonl"))


SOURCE = ""   # one of the published sources in the store


def exports(client):
    total = client.get("/api/v1/submissions?limit=1").json["total"]
    text = client.get("/api/v1/submissions?format=csv")
    check(text.header("Content-Type").startswith("text/csv") and "attachment" in text.header("Content-Disposition"), "a list comes as CSV", text)
    rows = list(csv.DictReader(io.StringIO(text.body.decode("utf-8-sig"))))
    check(len(rows) == total, f"with every row: {len(rows)} of {total}")
    book = client.get("/api/v1/assessments/latest/threats?format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.body)) as z:
        check(z.testzip() is None and "xl/worksheets/sheet1.xml" in z.namelist(), "and as a workbook that opens")
        check(z.read("xl/worksheets/sheet1.xml").count(b"<row ") == client.get("/api/v1/assessments/latest/threats?limit=1").json["total"] + 1, "with a row each and a heading")
    query = "source=" + SOURCE
    map_ = client.get(f"/api/v1/observations?{query}&format=geojson").json
    total = client.get(f"/api/v1/observations?{query}&limit=1").json["total"]
    check(map_["type"] == "FeatureCollection" and len(map_["features"]) == total, f"observations come as GeoJSON, all {total}")
    places = {f["properties"]["place"]: f["geometry"] for f in map_["features"]}
    if "RS" in places:
        x, y = places["RS"]["coordinates"]
        check(18.5 < x < 23.1 and 41.8 < y < 46.3, f"Serbia is where it is: {x} {y}")
    whole = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/observations?{query}&format=csv").body.decode("utf-8-sig"))))
    check(len(whole) == total, "and as CSV, all of them")
    sheet = workbook(client.get(f"/api/v1/observations?{query}&format=xlsx").body)
    check(len(sheet) == total, f"and as a workbook, all of them: {len(sheet)}")
    for row, line in zip(sheet, whole):
        for name, text in line.items():
            told = row.get(name, "")
            check(told == (float(text) if isinstance(told, float) else text.removeprefix("'")), f"cell for cell: {name} is {told!r} and {text!r}")


def workbook(body):
    """Rows of the first sheet by heading, as a spreadsheet program reads it: parts found by what names them."""
    main, relation = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    with zipfile.ZipFile(io.BytesIO(body)) as z:
        check(z.testzip() is None, "every part is whole")
        types = {e.get("PartName") for e in ET.fromstring(z.read("[Content_Types].xml")) if e.get("PartName")}
        check(types == {"/" + name for name in z.namelist() if not name.endswith(".rels") and not name.startswith("[")}, f"and has its type: {types}")
        sheet = ET.fromstring(z.read("xl/workbook.xml")).find(f".//{main}sheet")
        target = next(e.get("Target") for e in ET.fromstring(z.read("xl/_rels/workbook.xml.rels")) if e.get("Id") == sheet.get(relation))
        root = ET.fromstring(z.read("xl/" + target))
    lines = []
    for row in root.iter(main + "row"):
        line = {}
        for cell in row:
            value = cell.find(main + "v")
            line[re.match("[A-Z]+", cell.get("r"))[0]] = float(value.text) if value is not None else "".join(cell.itertext())
        lines.append(line)
    return [{lines[0][column]: value for column, value in line.items()} for line in lines[1:]]


def remembered(client, threat):
    for path in ("/api/v1/assessments/latest/threats/" + threat, "/api/v1/region", "/api/v1/observations?limit=2"):
        first = client.get(path)
        tag = first.header("ETag")
        check(first.status == 200 and tag, f"{path} has a tag", first)
        again = client.get(path, headers={"If-None-Match": tag})
        check(again.status == 304 and again.body == b"", f"{path}: what is known is not sent again", again)
        other = client.get(path, headers={"If-None-Match": '"other"'})
        check(other.status == 200 and other.body == first.body, f"{path}: what is not known is")
    path = "/api/v1/assessments/latest/threats/" + threat
    check(client.get(path).body == client.get(path + "?").body, "from memory or not, the same")


def problems(client):
    rows = {"bad_input": 422, "not_found": 404, "not_allowed": 403, "bad_usage": 400, "conflict": 409}
    for path, code in (("/api/v1/observations?colour=red", "bad_input"), ("/api/v1/observations?limit=0", "bad_input"), ("/api/v1/observations?cursor=AAAA", "bad_input"), ("/api/v1/observations?from=2020-02-31", "bad_input"),
                       ("/api/v1/observations?format=pdf", "bad_input"), ("/api/v1/series", "bad_input"), ("/api/v1/assessments/none", "not_found"), ("/api/v1/submissions/0000000000", "not_found"), ("/api/v1/nothing", "not_found"), ("/api/v1/assessments/latest/threats/none", "not_found")):
        answer = client.get(path)
        check(answer.json.get("code") == code and answer.status == rows[code] == answer.json["status"], f"{path} is {code}", answer)
        check(answer.json["type"] == "urn:threatlas:error:" + code and answer.json["detail"], f"{path} says what to do")
    answer = client.send("PUT", "/api/v1/region", body={})
    check(answer.status == 405 and answer.header("Allow") == "GET", "another method is told which there are", answer)
    command = subprocess.run([PROGRAM, "--json", "submissions", "withdraw", "0000000000", "--reason", "x", "--data", DATA], cwd=ROOT, capture_output=True, text=True, timeout=60)
    told = json.loads(command.stdout.strip().splitlines()[-1])
    check(command.returncode != 0 and told["error"] == client.get("/api/v1/submissions/0000000000").json["code"], f"the command line names it the same: {command.stdout}")


def done_once(analyst):
    submission = analyst.get("/api/v1/submissions?limit=1").json["items"][0]["id"]
    path = f"/api/v1/submissions/{submission}/withdraw"
    key = {"Idempotency-Key": "withdraw-1"}
    before = analyst.get("/api/v1/observations?limit=1&submission=" + submission).json["total"]
    first = analyst.post(path, {"reason": "by mistake"}, headers=key)
    check(first.status == 200 and first.json["state"] == "withdrawn", "a submission is withdrawn", first)
    check(before > 0 and analyst.get("/api/v1/observations?limit=1&submission=" + submission).json["total"] == 0, "at once its rows are gone")
    again = analyst.post(path, {"reason": "by mistake"}, headers=key)
    check(again.status == 200 and again.body == first.body and again.header("Idempotent-Replay") == "true", "asked again, the same is answered", again)
    check(analyst.post(path, {"reason": "by mistake"}).status == 409, "without the key it is a conflict")
    other = analyst.post(path, {"reason": "another"}, headers=key)
    check(other.status == 409 and other.json["code"] == "conflict", "the key with another body is refused", other)
    check(analyst.post(f"/api/v1/submissions/{submission}/restore").json["state"] == "counted", "and restored")
    check(analyst.get("/api/v1/observations?limit=1&submission=" + submission).json["total"] == before, "with all its rows")


def by_role(service, administrator):
    contributor = member(service, administrator, "vera", "contributor", "rs_mup")
    check(contributor.get("/api/v1/submissions").status == 200, "a contributor sees submissions")
    for each in contributor.get("/api/v1/submissions?limit=1000").json["items"]:
        check(each["member"] == "rs_mup", "its own alone")
    check(all(o["member"] == "rs_mup" for o in contributor.get("/api/v1/observations?limit=1000").json["items"]), "and its own observations")
    check(contributor.get("/api/v1/observations?member=ro_igpr").status == 403, "another's are refused")
    check(contributor.get("/api/v1/audit").status == 403, "nor the log")
    auditor = member(service, administrator, "otto", "auditor")
    log = auditor.get("/api/v1/audit?limit=1000")
    check(log.status == 200, "the auditor reads the log", log)
    check(auditor.get("/api/v1/audit/verify").json["holds"] is True, "and it holds")
    return auditor


def read_is_noted(auditor, administrator, reader, threat):
    reader.get("/api/v1/assessments/latest/threats/" + threat)
    reader.get("/api/v1/assessments/latest/threats/" + threat)
    reader.get("/api/v1/observations?limit=1&state=withheld")
    reader.get("/api/v1/submissions?format=csv")
    time.sleep(2.5)
    log = auditor.get("/api/v1/audit?limit=1000").json["items"]
    check(any(e["action"] == "read" and e["object"].startswith(f"threat {threat} of assessment") for e in log), "a page from memory is in the log")
    check(any(e["action"] == "read" and "state=withheld" in e["object"] for e in log), "a list from memory is")
    check(any(e["action"] == "disclose" and "submissions_list" in e["object"] and "format=csv" in e["object"] for e in log), "a file that left is")


def examples_work(service, administrator, folder):
    """The commands of docs/API.md, as they stand there."""
    made = administrator.post("/api/v1/tokens", {"name": "examples", "organisation": "regional", "role": "analyst", "clearance": "TLP:AMBER", "scopes": ["read"], "days": 1})
    check(made.status in (200, 201), "a token is made", made)
    token = made.json.get("token") or made.json.get("secret")
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/API.md").read_text(), re.S)
    check(len(blocks) >= 4, "docs/API.md has examples")
    script = "set -euo pipefail\n" + "\n".join(blocks).replace("http://127.0.0.1:8080", f"http://127.0.0.1:{service.port}").replace("TOKEN=tla_...", "TOKEN=" + token)
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=120)
    check(done.returncode == 0, f"the examples of docs/API.md work: {done.stdout[-1500:]}{done.stderr[-500:]}")
    check((pathlib.Path(folder) / "threats.xlsx").read_bytes()[:2] == b"PK" and '"FeatureCollection"' in (pathlib.Path(folder) / "routes.geojson").read_text(), "and their files are what they say")


def ends_gracefully(service, reader):
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as s:
        cookie = "; ".join(f"{k}={v}" for k, v in reader.cookies.items())
        s.sendall(f"GET /api/v1/observations?source={SOURCE}&format=csv HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
        got = s.recv(4096)
        service.process.send_signal(signal.SIGTERM)
        while True:
            more = s.recv(65536)
            if not more:
                break
            got += more
        check(got.startswith(b"HTTP/1.1 200") and got.endswith(b"0\r\n\r\n"), f"what was under way is sent whole: {got[-40:]!r}")
    check(service.process.wait(30) == 0, "and the server ends well")


with tempfile.TemporaryDirectory(prefix="threatlas-") as folder:
    DATA = filled(folder)
    with Service(PROGRAM, DATA) as service:
        described = Client(service.port).get("/api/v1/openapi.json").json
        document_is_whole(described)
        document = Document(described)
        administrator = first_administrator(service)
        analyst = member(service, administrator, "ana", "analyst", clearance="TLP:RED")
        SOURCE = next(s["source"] for s in analyst.get("/api/v1/submissions?limit=1000&sort=accepted").json["items"] if analyst.get("/api/v1/observations?limit=1&source=" + s["source"]).json["total"] > 400)
        threat = analyst.get("/api/v1/assessments/latest/threats?limit=1").json["items"][0]["threat"]
        walk(document, analyst)
        pages_while_data_comes_in(service, analyst, DATA, folder)
        exports(analyst)
        remembered(analyst, threat)
        problems(analyst)
        done_once(analyst)
        auditor = by_role(service, administrator)
        read_is_noted(auditor, administrator, analyst, threat)
        examples_work(service, administrator, folder)
        ends_gracefully(service, analyst)
print(f"{checks} checks passed; {len(document.seen)} kinds of answers as declared")
