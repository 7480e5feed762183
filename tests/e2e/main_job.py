"""The main job with the real example region: ingest, assess, report, open, verify, and what silence costs."""
import csv
import gzip
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import zipfile

import jsonschema

from harness import ROOT, finished, folder, run, run_json

checks = 0


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


def rows_of(document, figure):
    """The rows behind a figure: runs (first, last) of the document's table, whose words are numbered."""
    table, runs = document["rows"], figure["rows"]
    for first, last in zip(runs[::2], runs[1::2]):
        for cells in table["table"][first:last + 1]:
            row = dict(zip(table["fields"], cells))
            yield row | {name: table["texts"][row[name]] for name in ("file", "source", "what", "place", "period")}


def widths(document, member):
    """Mean width of the 90 % intervals of a member's scores and ranks."""
    rows = next(m for m in document["members"] if m["member"] == member)["ranking"]
    return sum(r["score"]["q95"] - r["score"]["q05"] for r in rows) / len(rows), sum(r["rank_high"] - r["rank_low"] for r in rows) / len(rows)


PACKAGE = ROOT / "examples/see/datapackage.json"
with folder() as made:
    here = pathlib.Path(made)
    store = here / "store"
    run("init", "--data", store)
    taken = run_json("ingest", "--data", store, "--package", PACKAGE)
    for outcome in taken:
        s = outcome["submission"]
        check(s["rows"] == s["accepted"] + s["rejected"] + s["duplicates"], f"rows of {s['file']} add up: {s}")
        check(s["accepted"] > 0, f"{s['file']} gives something")
    again = run_json("ingest", "--data", store, "--package", PACKAGE)
    check(all(outcome["already_there"] for outcome in again), "a second ingest does nothing")

    run("assess", "--data", store, "--output", here / "one.json", "--bundle", here / "bundle", "--threads", "1")
    run("assess", "--data", store, "--output", here / "two.json", "--bundle", here / "bundle2", "--threads", "2")
    check((here / "one.json").read_bytes() == (here / "two.json").read_bytes(), "one and two threads give the same bytes")
    for file in sorted((here / "bundle").rglob("*")):
        if file.is_file():
            check(file.read_bytes() == (here / "bundle2" / file.relative_to(here / "bundle")).read_bytes(), f"bundle file {file.name} is the same")
    run("verify", here / "bundle")

    # A member's own spreadsheet moves the figures of its country; a second edition replaces the first.
    mine = here / "mine"
    shutil.copytree(store, mine)
    shutil.copy(f"{store}.key", f"{mine}.key")   # of its encrypted fields: a copy needs both
    (here / "thefts.yaml").write_text("mapping: 1\nid: thefts\ntitle: Vehicle theft\nsource: member_statistics\nmember: rs_mup\nknown_after_days: 30\n"
                                      "format: {type: delimited, delimiter: ','}\ncolumns:\n  what: iccs.ICCS05021\n  place: RS\n"
                                      "  period: {column: year, as: year}\n  value: {column: n}\n  unit: count\n")
    def thefts(edition, n):
        (here / edition).write_text("year,n\n" + "".join(f"{year},{n}\n" for year in range(2015, 2024)))
        run("ingest", "--data", mine, "--map", here / "thefts.yaml", here / edition)
        run("assess", "--data", mine, "--output", here / f"{edition}.json")
        made = json.loads((here / f"{edition}.json").read_text())
        return next(f for f in made["figures"] if f["indicator"] == "property.vehicle_theft.scale_rate" and f["place"] == "RS")
    first = thefts("first.csv", 69270)
    check(abs(first["value"]["q50"] / 1000 - 1) < 0.35, f"the member's figure is read: {first['value']}")
    check(not first["already_public"] and first["handling"] == "TLP:AMBER", "and stays the member's")
    second = thefts("second.csv", 138540)
    check(abs(second["value"]["q50"] / 2000 - 1) < 0.35, f"the corrected edition counts once: {second['value']}")
    listed = run_json("submissions", "--data", mine)
    check(next(s for s in listed if s["file"].endswith("first.csv"))["replaced"] == 9, "the first edition is history")
    newest = next(s["id"] for s in listed if s["file"].endswith("second.csv"))
    run("submissions", "withdraw", newest[:12], "--reason", "test", "--data", mine)
    run("assess", "--data", mine, "--output", here / "back.json")
    back = next(f for f in json.loads((here / "back.json").read_text())["figures"] if f["indicator"] == "property.vehicle_theft.scale_rate" and f["place"] == "RS")
    check(back["value"] == first["value"], "without it the first counts again")

    # The same payments handed in unpacked are the same payments.
    unpacked = here / "payments.csv"
    unpacked.write_bytes(gzip.open(ROOT / "examples/see/data/ransom_payments.csv.gz").read())
    run("ingest", "--data", mine, "--source", "ransomwhere", unpacked)
    run("submissions", "restore", newest[:12], "--data", mine)
    run("assess", "--data", mine, "--output", here / "twice.json")
    def payments(path):
        return [f["value"] for f in json.loads(path.read_text())["figures"] if f["indicator"].startswith("cyber.ransomware") and f["basis"] == "measured"]
    check(payments(here / "twice.json") == payments(here / "second.csv.json"), "no payment counts twice")

    whole = json.loads((here / "one.json").read_text())
    for name in ("assessment", "claims", "submissions", "manifest"):
        schema = json.loads((ROOT / f"catalogue/schema/{name}.schema.json").read_text())
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads((here / "bundle" / f"{name}.json").read_text())))
        check(not errors, f"{name}.json follows its schema: {errors[:1]}")
    ranking = {t["threat"]: t for t in whole["ranking"]}
    check(len(ranking) >= 24, "every threat of the catalogue is ranked")
    check(sorted(t["rank"] for t in ranking.values()) == list(range(1, len(ranking) + 1)), "ranks are a permutation")
    for t in ranking.values():
        check(abs(t["measured"] + t["judged"] + t["imputed"] - 1) < 1e-6, f"shares of {t['threat']} sum to one")
        check(abs(sum(t["acceptability"]) - 1) < 1e-6, f"acceptability of {t['threat']} sums to one")

    detections = [f for f in whole["figures"] if f["threat"] == "migration.smuggling" and "frontex_detections" in f["sources"]]
    totals = [p["value"] for f in detections for p in f["series"] if p["period"] == "2015"]
    check(764033 in totals, f"the 2015 Western Balkan total is that of the source file: {totals}")

    figure = next(f for f in whole["figures"] if f["basis"] == "measured" and f["rows"])
    text = run("explain", "--data", store, figure["id"])
    cited = next(rows_of(whole, figure))
    check(f"{cited['file']}:{cited['row']}" in text, "explain shows file and row")
    path = ROOT / "examples/see" / "data" / pathlib.Path(cited["file"]).name
    path = path if path.exists() else next((ROOT / "examples/see").rglob(pathlib.Path(cited["file"]).name))
    lines = (gzip.open(path, "rt") if path.suffix == ".gz" else open(path)).read().splitlines()
    check(1 < cited["row"] <= len(lines), "the row cited is a row of the file shipped")

    # Four fifths of the example's cells are unknown for a single member, and its rank intervals near their
    # ceiling of 24 places: the scores must widen here, and the ranks where the region is well covered.
    for member in ("ro_igpr", "bg_mvr", "rs_mup"):
        run("assess", "--data", store, "--leave-out", member, "--output", here / "without.json")
        before, after = widths(whole, member)[0], widths(json.loads((here / "without.json").read_text()), member)[0]
        check(after > before, f"without the data of {member} its score intervals widen: {before} -> {after}")

    well, simulated = here / "well", here / "simulated"
    run("simulate", simulated, "--observations", "100000", "--seed", "1")
    run("init", "--data", well)
    run("ingest", "--data", well, "--source", "questionnaire", "--known-at", "2024-02-01", simulated / "grades.csv")
    run("assess", "--data", well, "--output", here / "full.json")
    full = json.loads((here / "full.json").read_text())
    for member in ("ro_igpr", "bg_mvr", "al_asp"):
        run("assess", "--data", well, "--leave-out", member, "--output", here / "without.json")
        before, after = widths(full, member), widths(json.loads((here / "without.json").read_text()), member)
        check(after[0] > before[0] and after[1] > before[1], f"without the data of {member} its rank intervals widen: {before} -> {after}")

    run("report", "--data", store, "--html", here / "r.html", "--pdf", here / "r.pdf", "--xlsx", here / "r.xlsx")
    check(subprocess.run(["pdfinfo", here / "r.pdf"], capture_output=True, check=False).returncode == 0, "the PDF opens")
    page = (here / "r.html").read_text()
    check("http://" not in page.replace("http://www.w3.org", "") and "src=\"https:" not in page, "the page asks nothing from outside")
    for t in whole["ranking"][:5]:
        check(t["title"].replace("&", "&amp;") in page, f"{t['title']} stands in the report")
    run("report", "--data", store, "--edition", "public", "--html", here / "p.html")
    public = (here / "p.html").read_text()
    check("Public edition" in public and 'id="members"' not in public, "the public edition says so, and leaves the members out")

    # What a member gave in confidence stands in the restricted edition, in every format, and nowhere in the public one.
    secret = here / "secretfile.csv"
    with open(secret, "w", newline="") as out:
        writer = csv.DictWriter(out, ["id", "threat", "lens", "criterion", "kind", "value", "statement", "scope", "organisation", "dated", "q10", "q50", "q90", "evaluation", "handling"])
        writer.writeheader()
        base = {"threat": "property.cargo_theft", "scope": "rs_mup", "organisation": "rs_mup", "dated": "2024-01-15", "handling": "TLP:AMBER"}
        writer.writerow(base | {"id": "S1", "lens": "modi_operandi", "criterion": "actor_capability", "kind": "mo", "value": "tool.electronic", "statement": "SENTINELSTATEMENT"})
        writer.writerow(base | {"id": "S2", "lens": "state_of_affairs", "criterion": "scale", "kind": "quantiles", "statement": "SENTINELQUANTILES", "q10": "61", "q50": "62", "q90": "63"})
        writer.writerow(base | {"id": "S3", "lens": "future_trends", "criterion": "trend", "kind": "trend", "value": "rising", "statement": "SENTINELTREND", "scope": "region"})
    run("ingest", "--data", mine, "--source", "questionnaire", "--member", "rs_mup", secret)
    run("assess", "--data", mine)
    texts = {}
    for edition in ("restricted", "public"):
        files = [here / f"{edition}.{kind}" for kind in ("html", "pdf", "xlsx")]
        run("report", "--data", mine, "--edition", edition, "--html", files[0], "--pdf", files[1], "--xlsx", files[2])
        with zipfile.ZipFile(files[2]) as book:
            tables = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        texts[edition] = {"html": files[0].read_text(), "pdf": subprocess.run(["pdftotext", files[1], "-"], capture_output=True, text=True, check=True).stdout, "xlsx": tables}
    for word in ("SENTINELSTATEMENT", "SENTINELQUANTILES", "SENTINELTREND", "secretfile.csv"):
        check(any(word in text for text in texts["restricted"].values()), f"{word} is in the restricted edition")
        for kind, text in texts["public"].items():
            check(word not in text, f"{word} is not in the public {kind}")
    check("Modi operandi" in texts["restricted"]["xlsx"] and "Rank probabilities" in texts["restricted"]["xlsx"], "the tables file holds every table")
    cargo = re.compile(r"<c[^>]*><is><t>property\.cargo_theft</t></is></c><c[^>]*><is><t>modus operandi</t></is></c><c[^>]*><is><t>tool\.electronic")
    check(cargo.search(texts["restricted"]["xlsx"]), "the modus operandi of the withheld judgement is in the restricted tables")
    check(not cargo.search(texts["public"]["xlsx"]), "and not in the public ones")

    # Formulas in what somebody hands in stay text in what we hand out.
    hostile = here / "hostile.csv"
    answer = {"id": "Q1", "threat": "drugs.heroin", "lens": "state_of_affairs", "criterion": "scale", "kind": "grade", "value": "high", "statement": '=HYPERLINK("http://example.org")',
              "scope": "region", "organisation": "ro_igpr", "dated": "2024-01-15", "q10": "", "q50": "", "q90": "", "evaluation": "unevaluated", "handling": "TLP:CLEAR"}
    with open(hostile, "w", newline="") as out:
        writer = csv.DictWriter(out, answer)
        writer.writeheader()
        writer.writerow(answer)
    run("ingest", "--data", well, "--source", "questionnaire", "--known-at", "2024-03-01", hostile)
    run("assess", "--data", well)
    run("report", "--data", well, "--xlsx", here / "hostile.xlsx")
    with zipfile.ZipFile(here / "hostile.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
    check(any("HYPERLINK" in text for text in sheets), "the statement is in the tables file")
    check(not any("<f>" in text or "<hyperlink" in text for text in sheets), "and no formula is")

    changed = here / "bundle" / "claims.json"
    changed.write_text(changed.read_text().replace("high", "low", 1))
    run("verify", here / "bundle", code=8)  # negative control: an altered bundle is found out
    run("audit", "verify", "--data", store)
    told = [entry["object"] for entry in run_json("audit", "list", "--data", store, "--last", 1000) if entry["action"] == "disclose"]
    for name in ("one.json", "two.json", "bundle", "bundle2", "r.html", "r.pdf", "r.xlsx", "p.html"):
        check(any(f" to {here / name} " in text and "SHA-256 " in text for text in told), f"the log says that {name} was written out")
    check(any("public edition" in text and "p.html" in text for text in told), "and which edition it was")

    # The database edited behind the program's back: the log tells.
    with sqlite3.connect(pathlib.Path(store) / "threatlas.db") as database:
        database.execute("UPDATE claims SET body = replace(body, 'high', 'low')")
    run("audit", "verify", "--data", store, code=8)
finished(checks)
