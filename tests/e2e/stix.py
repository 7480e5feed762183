"""STIX 2.1, MISP and goAML from the command line; everything written is held against the schemas by another validator (python jsonschema)."""
import csv
import json
import os
import pathlib
import warnings

import jsonschema

from harness import ROOT, finished, folder, run, run_json

warnings.simplefilter("ignore", DeprecationWarning)
checks = 0
schemas = {p.name: json.loads(p.read_text()) for p in (ROOT / "catalogue/schema/stix").glob("*.schema.json")}


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


def faults(bundle):
    """What the second opinion says of a bundle, object by object, extensions of ours included."""
    out = []
    for value in [bundle, *bundle["objects"]]:
        schema = schemas.get(value["type"] + ".schema.json", schemas["any-object.schema.json"])
        validator = jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver("", schema, schemas))
        out += [f"{value['id']}: {error.message}" for error in validator.iter_errors(value)]
        for key, body in value.get("extensions", {}).items() if isinstance(value.get("extensions"), dict) else []:
            for definition in bundle["objects"]:
                if definition["id"] == key:
                    out += [f"{value['id']}: {key}: {error.message}" for error in jsonschema.Draft7Validator(json.loads(definition["schema"])).iter_errors(body)]
    return out


def raw_objects(text):
    """Each object of a bundle exactly as it is written."""
    decoder, out = json.JSONDecoder(), []
    at = text.index('"objects"')
    at = text.index("[", at) + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return out
        _, end = decoder.raw_decode(text, at)
        out.append(text[at:end])
        at = end


for schema in schemas.values():
    jsonschema.Draft7Validator.check_schema(schema)

with folder() as made:
    made = pathlib.Path(made)
    store = made / "store"
    run("init", "--data", store)
    run("ingest", "--data", store, "--package", "examples/see/datapackage.json")
    run("watch", "--data", store, "--as-of", "2014-11-20", "--step", "month")
    run("assess", "--data", store, "--draws", 500)
    run("decisions", "new", "Joint checks", "--data", store, "--threat", "property.vehicle_theft", "--measure", "Checks at two crossings")
    said = run_json("stix", "export", made / "all.json", "--data", store)
    text = (made / "all.json").read_text()
    bundle = json.loads(text)
    check(said["objects"] == len(bundle["objects"]) > 300, said)
    check(set(said["types"]) >= {"attack-pattern", "location", "identity", "grouping", "relationship", "report", "note", "opinion", "sighting", "course-of-action", "marking-definition", "extension-definition"}, said["types"])
    check(faults(bundle) == [], faults(bundle)[:5])
    ids = {o["id"] for o in bundle["objects"]}
    check(len(ids) == len(bundle["objects"]), "every id once")
    refs = {(o["id"], r) for o in bundle["objects"] for k, v in o.items() if k.endswith(("_ref", "_refs")) for r in ([v] if isinstance(v, str) else v)}
    check({r for _, r in refs} <= ids, sorted(r for _, r in refs if r not in ids)[:5])
    check("all valid" in run("stix", "validate", made / "all.json"), "our own validator says so too")
    run("stix", "export", made / "again.json", "--data", store)
    check((made / "again.json").read_text() == text, "the same store gives the same bytes")
    check("all.json" in run("audit", "search", "--data", store, "--action", "disclose"), "what left is in the log")
    ranks = sorted((o["extensions"][k]["record"]["rank"], o["abstract"]) for o in bundle["objects"] if o["type"] == "note" for k in o.get("extensions", {}) if o["extensions"][k].get("kind") == "threat_result")
    check([r for r, _ in ranks] == list(range(1, len(ranks) + 1)) and len(ranks) > 20, "the ranking is in it, whole")
    check('"person"' not in text, "nobody's name travels")
    run("stix", "export", made / "list.csv", "--data", store, "--format", "csv")
    rows = list(csv.DictReader((made / "list.csv").read_text("utf-8-sig").splitlines()))
    check(len(rows) == len(bundle["objects"]) and {"attack-pattern", "report"} <= {r["type"] for r in rows}, "as a list too")
    run("stix", "export", made / "list.xlsx", "--data", store, "--format", "xlsx")
    check((made / "list.xlsx").read_bytes()[:2] == b"PK", "and as a workbook")
    run("stix", "export", made / "x.json", "--data", store, "--only", "everything", code=2)

    # Another node takes it in: nothing is lost, and what it says is in the words of the catalogue.
    other = made / "other"
    run("init", "--data", other)
    taken = run_json("stix", "import", made / "all.json", "--data", other)
    check(taken["added"] == len(bundle["objects"]) and taken["refused"] == 0 and taken["problems"] == [], taken)
    check("property.vehicle_theft" in taken["threats"], taken["threats"])
    run("stix", "export", made / "back.json", "--data", other, "--only", "library")
    check(sorted(raw_objects((made / "back.json").read_text())) == sorted(raw_objects(text)), "given back byte for byte")
    check(run_json("stix", "import", made / "all.json", "--data", other)["present"] == len(bundle["objects"]), "the same again changes nothing")

    # Objects from elsewhere; a person is left out unless asked for, number spellings stay.
    theirs = "examples/stix/sighting.json"
    taken = run_json("stix", "import", theirs, "--data", store)
    check(taken["added"] == 6 and taken["persons_left_out"] == 1 and taken["codes"] == ["forgery.vin"], taken)
    check(taken["judgements"] >= 2, "seen and used by others: judgements that score nothing")
    check(run_json("stix", "import", theirs, "--data", store, "--with-persons")["added"] == 1, "the person, asked for")
    run("stix", "export", made / "theirs.json", "--data", store, "--only", "library")
    back = raw_objects((made / "theirs.json").read_text())
    for each in raw_objects((ROOT / theirs).read_text()):
        check(each in back, each)
    check("123456789012345678901234567890" in "".join(back) and '"x_confidence_of_ours": 1.0' in "".join(back), "numbers as they were written")
    listed = run_json("stix", "list", "--data", store)
    check(any(r["codes"] == "forgery.vin" and r["type"] == "sighting" and r["places"] == "RS" and r["handling"] == "TLP:AMBER" for r in listed), listed)
    unmarked = next(r for r in listed if r["type"] == "intrusion-set")
    check(unmarked["handling"] == "", "an unmarked object is the strictest")

    # What is no STIX.
    (made / "broken.json").write_text('{"type":"bundle","id":"x","objects":[{"type":"note"},]}')
    check("broken.json" in run("stix", "validate", made / "broken.json", code=3), "where it is broken")
    (made / "wrong.json").write_text(json.dumps({"type": "bundle", "id": bundle["id"], "objects": [dict(bundle["objects"][0], modified="2001-01-01T00:00:00.000Z", created="2002-01-01T00:00:00.000Z"), {"type": "note", "id": "nonsense"}]}))
    check("is before" in run("stix", "validate", made / "wrong.json", code=8), "what is wrong is named")
    taken = run_json("stix", "import", made / "wrong.json", "--data", other)
    check(taken["refused"] == 2 and taken["added"] == 0, taken)

    # The published examples, where they are.
    examples = sorted((ROOT / "tests/oracle/stix").glob("*.json")) + sorted(pathlib.Path(os.environ.get("THREATLAS_CTI", ROOT.parent / "shared/data/cti")).glob("stix/examples/threat-reports/*.json"))
    third = made / "third"
    run("init", "--data", third)
    for file in examples:
        check("all valid" in run("stix", "validate", file), file)
        taken = run_json("stix", "import", file, "--data", third, "--with-persons")
        check(taken["refused"] == 0 and taken["problems"] == [], taken)
    run("stix", "export", made / "third.json", "--data", third, "--only", "library")
    kept = [json.loads(o) for o in raw_objects((made / "third.json").read_text())]
    for file in examples:
        content = json.loads(file.read_text())
        for each in content.get("objects", [content]):
            check(each in kept, f"{file.name}: {each['id']}")

    # MISP.
    taken = run_json("misp", "import", "examples/misp/event.json", "--data", store)
    check(taken["kind"] == "events" and taken["read"] == 1 and "tool.explosive" in taken["codes"] and taken["judgements"] >= 1, taken)
    run("misp", "export", made / "events.json", "--data", store)
    events = json.loads((made / "events.json").read_text())["response"]
    original = json.loads((ROOT / "examples/misp/event.json").read_text())
    check(original in events, "an event comes back with all it had")
    ours = [e["Event"] for e in events if e != original]
    check(ours and all(e["uuid"] and e["info"] and e["date"] and e["distribution"] in "0123" and any(t["name"].startswith("tlp:") for t in e["Tag"]) for e in ours), ours[:1])
    check(run_json("misp", "import", made / "events.json", "--data", other)["refused"] == 0, "what we write as MISP, we read")
    run("misp", "export", made / "events.csv", "--data", store, "--format", "csv")
    check(len(list(csv.DictReader((made / "events.csv").read_text("utf-8-sig").splitlines()))) == len(events), "events as a list")
    galaxy = pathlib.Path("fuzz/corpus/misp_words/galaxy")
    taken = run_json("misp", "import", galaxy, "--data", store)
    check(taken["kind"] == "galaxy" and taken["codes"] == ["tool.explosive"], taken)
    run("misp", "import", "examples/stix/sighting.json", "--data", store, code=3)
    run("stix", "export", made / "whole.json", "--data", store)
    check(faults(json.loads((made / "whole.json").read_text())) == [], faults(json.loads((made / "whole.json").read_text()))[:5])

    # goAML: counts and nothing else.
    out = run_json("ingest", "--source", "fiu_goaml", "--member", "rs_mup", "--known-at", "2026-04-10", "examples/goaml/reports.xml", "--data", store)
    check(out[0]["submission"]["rows"] == 42 and out[0]["submission"]["rejected"] == 0, out)
    for path in store.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            check(not any(word in content for word in (b"Clerk", b"Novigrad", b"TRADE_PRICE</")), path)

finished(checks)
