"""Every route asked by every role, of a member and of the working group, compared with the table in docs/RIGHTS.md; a route without a
row fails. And every marking against every clearance. Usage: rights_matrix.py <threatlas> [folder of a filled store]"""
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


from service import ROOT, Client, Service, first_administrator, member

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROLES = ["contributor", "analyst", "director", "contact_point", "auditor", "administrator"]
WORDS = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
LAST = {"session_end", "sessions_end"}   # they end what the others need
checks = 0


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"threatlas {' '.join(map(str, arguments))}: {done.stdout[-500:]}{done.stderr[-1500:]}"


def written_table():
    """{route: {role: 'any' | 'own' | 'none'}} as docs/RIGHTS.md has it."""
    rows = {}
    for line in (ROOT / "docs/RIGHTS.md").read_text().splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        found = re.fullmatch(r"`(\w+)`", cells[0]) if len(cells) == 9 else None
        if found:
            rows[found.group(1)] = {role: cells[2 + i].replace("·", "none") for i, role in enumerate(ROLES)} | {"scope": cells[1]}
    return rows


def asked(client, method, path):
    """Status and what the problem says; without waiting for a stream to end."""
    address = re.sub(r"\{(\w+)\}", lambda m: {"assessment": "latest", "member": "rs_mup"}.get(m.group(1), "unknown-1"), path)
    if path.endswith("/events"):
        connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
        connection.request("GET", address, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items())})
        got = connection.getresponse()
        body = got.read() if got.status != 200 else b""
        connection.close()
        return got.status, json.loads(body)["detail"] if body else ""
    answer = client.send(method, address, body=None if method in ("GET", "DELETE") else {})
    kind = answer.header("Content-Type") or ""
    return answer.status, answer.json.get("detail", "") if kind.startswith("application/problem+json") else answer.json.get("description", "") if kind.startswith("application/taxii+json") and answer.status >= 400 else ""


def routes_by_role(service, administrator, table):
    document = Client(service.port).get("/api/v1/openapi.json").json
    routes = [(o["operationId"], m.upper(), p) for p, methods in document["paths"].items() for m, o in methods.items()]
    routes.sort(key=lambda r: r[0] in LAST)
    for name, _, path in routes:
        check(name in table, f"{path} ({name}) has no row in docs/RIGHTS.md: nobody has said who may")
    served = {r["route"]: r for r in administrator.get("/api/v1/rights").json["items"]} if "items" in administrator.get("/api/v1/rights").json else {r["route"]: r for r in administrator.get("/api/v1/rights").json["rights"]}
    for name, row in table.items():
        check(name in served and all(served[name][role] == row[role] for role in ROLES), f"the server and docs/RIGHTS.md say the same of {name}")
    for organisation in ("rs_mup", "regional"):
        for role in ROLES:
            client = member(service, administrator, f"{role}-{organisation}", role, organisation)
            for name, method, path in routes:
                if table[name]["scope"] == "open":
                    continue
                status, detail = asked(client, method, path)
                refused = status == 403 and detail.startswith("this is not for the role")
                check(refused == (table[name][role] == "none"), f"{role} of {organisation}: {method} {path} ({name}) is {status} '{detail}', the table says '{table[name][role]}'")
                check(status not in (401, 500) or name in LAST, f"{role} of {organisation}: {method} {path} is {status} '{detail}'")
    return len(routes)


def markings(service, administrator, data, folder):
    base = pathlib.Path(folder) / "marked"
    base.with_suffix(".jsonl").write_text("".join(json.dumps({"paid": f"0{1 + i}.03.2023", "usd": 100 + i, "tlp": word}) + "\n" for i, word in enumerate(WORDS)))
    base.with_suffix(".yaml").write_text("mapping: 1\nid: test_marked\ntitle: Marked payments for a test\nsource: member_statistics\nmember: rs_mup\nknown_at: 2024-01-31\nformat: {type: jsonl}\ncolumns:\n  what: ransom.payment\n  place: ''\n"
                                         "  period: {column: paid, as: day, format: dd.mm.yyyy}\n  value: {column: usd}\n  unit: USD\n  handling: {column: tlp}\n")
    run("ingest", "--data", data, "--map", base.with_suffix(".yaml"), base.with_suffix(".jsonl"))
    for organisation in ("rs_mup", "ro_igpr", "regional"):
        for rank, clearance in enumerate(WORDS):
            client = member(service, administrator, f"clear-{organisation}-{rank}", "analyst", organisation, clearance)
            seen = {o["handling"].split(" ")[0] for o in client.get("/api/v1/observations?source=member_statistics&member=rs_mup&from=2023-03-01&to=2023-03-31&limit=1000").json["items"]}
            above = {word for i, word in enumerate(WORDS) if i > rank}
            check(not seen & above, f"an analyst of {organisation} cleared for {clearance} sees nothing above: {seen}")
            if organisation == "rs_mup":
                check(seen == set(WORDS[:rank + 1]), f"and of its own all up to it: {seen}")
            check("TLP:CLEAR" in seen, f"{organisation}: what is clear is seen")
            whole = client.get("/api/v1/observations?source=member_statistics&member=rs_mup&from=2023-03-01&to=2023-03-31&format=csv").text
            check(not any(re.search(re.escape(word) + r"[,\r ]", whole) for word in above), f"nor in a file ({organisation}, {clearance})")


MARK = "mark7f3a"


def marked_texts(service, administrator, data, folder):
    """A file, a judgement and a decision for each marking, of rs_mup, whose texts say which it is."""
    analyst = member(service, administrator, "marks-analyst", "analyst", "rs_mup", "TLP:RED")
    director = member(service, administrator, "marks-director", "director", "rs_mup", "TLP:RED")
    ids = []
    for rank, word in enumerate(WORDS):
        base = pathlib.Path(folder) / f"{MARK}-{rank}"
        base.with_suffix(".jsonl").write_text(json.dumps({"paid": f"1{rank}.05.2023", "usd": 900 + rank, "tlp": word, "note": f"{MARK}-{rank}"}) + "\n")
        base.with_suffix(".yaml").write_text("mapping: 1\nid: test_marks\ntitle: Marked payments\nsource: member_statistics\nmember: rs_mup\nknown_at: 2024-01-31\nformat: {type: jsonl}\ncolumns:\n  what: ransom.payment\n  place: ''\n"
                                             "  period: {column: paid, as: day, format: dd.mm.yyyy}\n  value: {column: usd}\n  unit: USD\n  handling: {column: tlp}\n")
        run("ingest", "--data", data, "--map", base.with_suffix(".yaml"), base.with_suffix(".jsonl"))
        made = analyst.post("/api/v1/judgements", {"threat": "drugs.heroin", "lens": "state_of_affairs", "criterion": "scale", "kind": "note", "text": f"{MARK}-{rank} is judged", "scope": "region", "handling": word})
        check(made.status == 201, f"a judgement marked {word}: {made.status} {made.text[:200]}")
        made = director.post("/api/v1/decisions", {"title": f"{MARK}-{rank} is decided", "threat": "drugs.heroin", "members": ["rs_mup"], "measure": f"{MARK}-{rank} is done", "handling": word})
        check(made.status == 201, f"a decision marked {word}: {made.status} {made.text[:200]}")
        ids.append({"decision": made.json["id"]})
        director.post(f"/api/v1/decisions/{made.json['id']}/steps", {"action": "progress", "text": f"{MARK}-{rank} goes on"})
    submissions = analyst.get("/api/v1/submissions?limit=1000").json["items"]
    for rank in range(len(WORDS)):
        ids[rank]["submission"] = next(s["id"] for s in submissions if s["file"] == f"{MARK}-{rank}.jsonl")
    return ids


def routes_by_marking(service, administrator, table, ids):
    """Every GET of every route by organisation, clearance and role: no text above what the marking allows is in any answer."""
    document = Client(service.port).get("/api/v1/openapi.json").json
    routes = [(methods["get"]["operationId"], p) for p, methods in document["paths"].items() if "get" in methods]
    slow = {"report_get", "bundle_get", "events", "region_get", "region_codes", "region_map", "rights_get"}   # or hold nothing that is marked
    askers = [(organisation, rank, "analyst") for organisation in ("rs_mup", "ro_igpr", "regional") for rank in range(len(WORDS))]
    askers += [("ro_igpr", 1, role) for role in ROLES if role != "analyst"] + [("regional", 0, role) for role in ROLES if role != "analyst"]
    asks = 0
    for organisation, rank, role in askers:
        client = member(service, administrator, f"marks-{organisation}-{rank}-{role}", role, organisation, WORDS[rank])
        allowed = {r for r in range(len(WORDS)) if r <= rank and (r < 3 or organisation in ("rs_mup", "regional"))}
        seen = {}
        for name, path in routes:
            if name in slow or table[name]["scope"] == "open" or table[name][role] == "none":
                continue
            known = [{"assessment": "latest", "member": "rs_mup", "threat": "drugs.heroin", **each} for each in ids] if re.search(r"\{(decision|submission)\}", path) else [{"assessment": "latest", "member": "rs_mup", "threat": "drugs.heroin"}]
            for each in known:
                address = re.sub(r"\{(\w+)\}", lambda m: each.get(m.group(1), "unknown-1"), path)
                queries = {"search": [f"?q={MARK}&limit=1000", f"?q={MARK}&format=csv"], "series_get": ["?what=ransom.payment&place="], "observations_list": ["?source=member_statistics&from=2023-05-01&to=2023-05-31&limit=1000", "?source=member_statistics&from=2023-05-01&to=2023-05-31&format=csv"],
                           "audit_list": ["?limit=1000"]}.get(name, ["?limit=1000", "?format=csv"] if any(p.get("name") == "format" for p in document["paths"][path]["get"].get("parameters", [])) else [""])
                for query in queries:
                    text = client.get(address + query).text
                    asks += 1
                    found = {int(r) for r in re.findall(MARK + r"-(\d)", text)}
                    seen.setdefault(name, set()).update(found)
                    check(found <= allowed, f"{role} of {organisation} cleared for {WORDS[rank]}: {path}{query} tells of {[WORDS[r] for r in found - allowed]}: {text[max(0, text.find(MARK) - 200):][:500]}")
        if organisation == "rs_mup" and role == "analyst":
            for name in ("judgements_list", "submissions_list", "search"):
                check(seen[name] == allowed, f"control: {name} tells {organisation} of all up to {WORDS[rank]}: {seen[name]}")
    return asks


with tempfile.TemporaryDirectory(prefix="threatlas-") as folder:
    data = pathlib.Path(folder) / "data"
    if len(sys.argv) > 2:
        shutil.copytree(sys.argv[2], data)
        if pathlib.Path(sys.argv[2] + ".key").exists():
            shutil.copy(sys.argv[2] + ".key", str(data) + ".key")
    else:
        run("init", "--data", data)
        run("ingest", "--data", data, "--package", "examples/see/datapackage.json")
        run("assess", "--data", data, "--output", data / "assessment.json")
    with Service(PROGRAM, data) as service:
        administrator = first_administrator(service)
        walked = routes_by_role(service, administrator, written_table())
        markings(service, administrator, data, folder)
        asks = routes_by_marking(service, administrator, written_table(), marked_texts(service, administrator, data, folder))
print(f"{walked} routes by {len(ROLES)} roles of two organisations, {len(WORDS)} markings by {len(WORDS)} clearances of three, {asks} answers read for texts above the marking: {checks} checks passed")
