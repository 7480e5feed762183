"""Early warning as an analyst uses it: watch, walk forward, follow a signal up, score forecasts, read the report."""
import csv
import datetime
import json
import pathlib
import random


from harness import PROGRAM, ROOT, finished, folder, run, run_json  # noqa: F401  (PROGRAM fails early when it is not built)

checks = 0


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


with folder() as made:
    store = pathlib.Path(made) / "store"
    run("init", "--data", store)
    check("series need figures" in run("watch", "--data", store, code=7), "an empty store has nothing to watch, and says so")
    run("ingest", "--data", store, "--package", "examples/see/datapackage.json")

    # The Western Balkan route, as it was known then.
    early = run_json("watch", "--data", store, "--as-of", "2014-11-20", "--step", "month", "--dry-run")[0]
    balkan = [s for s in early["signals"] if s["dims"].get("route") == "western_balkan"]
    check(len(balkan) == 1 and balkan[0]["period"] == "2014-09", "the rise of September 2014 is told in November, a year before the peak")
    check(balkan[0]["seen"] > balkan[0]["high"] and balkan[0]["rows"] and balkan[0]["would_be_false"], "with what was expected, its rows and what would make it false")
    check(len(early["signals"]) <= 3 * early["budget"] and early["expected_false"] <= early["budget"] + 1e-6, "within the budget")
    check(all("citizenship" not in s["series"] for s in early["signals"]), "no signal is of a citizenship")
    check(not run_json("signals", "list", "--data", store)["signals"], "a dry run keeps nothing")

    walked = run_json("watch", "--data", store, "--since", "2014-01-01", "--as-of", "2016-12-31", "--step", "month", "--dry-run")
    on_route = [s for s in walked["signals"] if s["dims"].get("route") == "western_balkan" and s["kind"] != "fall"]
    check(on_route[0]["period"] == "2014-09", "walking forward says the same")
    check(all(s["as_of"] >= s["end"] for s in walked["signals"]), "nothing is judged before it is known")

    # Kept once, followed up, measured.
    said = run("watch", "--data", store, "--as-of", "2014-11-20", "--step", "month")
    check("of which" in said and "new" in said, "the budget is said beside the signals")
    again = run("watch", "--data", store, "--as-of", "2014-11-20", "--step", "month")
    check(again.splitlines()[-1].startswith("0 new, 0 going on"), "the same again changes nothing")
    run("watch", "--data", store, "--as-of", "2014-12-20", "--step", "month")
    signal = next(s for s in run_json("signals", "list", "--data", store)["signals"] if s["signal"]["dims"].get("route") == "western_balkan")
    check(signal["state"] == "new" and [s["action"] for s in signal["steps"]] == ["again"], "a signal that goes on is added to the one before")
    name = signal["signal"]["id"]
    shown = run("signals", "show", name, "--data", store)
    check(all(word in shown for word in ("How sure", "It would be false if", "frontex_monthly_detections.csv:", "Began")), "a signal is shown with all it rests on")
    run("signals", "ack", name, "--data", store, "--note", "seen by the duty analyst")
    check("no word of a yardstick" in run("signals", "assess", name, "--data", store, "--word", "perhaps", "--judgement", "x", code=2), "a judgement takes a yardstick word")
    run("signals", "assess", name, "--data", store, "--word", "likely", "--judgement", "The land route opens.")
    run("signals", "close", name, "--data", store, "--outcome", "maybe", "--reason", "x", code=2)
    run("signals", "close", name, "--data", store, "--outcome", "true", "--reason", "Confirmed.", "--known-on", "2015-06-01")
    check("is closed" in run("signals", "ack", name, "--data", store, code=6), "a closed signal stays closed")
    outcomes = run_json("signals", "list", "--data", store)["outcomes"]
    check(outcomes["closed_true"] == 1 and outcomes["lead_days"] == (datetime.date(2015, 6, 1) - datetime.date(2014, 11, 20)).days, "the outcome and the lead are measured")
    check(run_json("audit", "verify", "--data", store)["whole"], "every step is in the audit chain")
    run("signals", "show", "S-nothing", "--data", store, code=4)

    # A way of working that is known to one member appears in another.
    rows, fixed = [], random.Random(5)
    for month in range(36):
        year, number = 2018 + month // 12, month % 12 + 1
        for member, place in (("al_asp", "AL"), ("bg_gdbop", "BG"), ("ro_igpr", "RO")):
            codes = ["entry.window", "entry.balcony"] + (["tool.explosive"] if member == "ro_igpr" else [])
            for code in codes:
                rows += [[f"{member}{len(rows) + i}", place, f"{year}-{number:02}-{fixed.randint(1, 28):02}", code] for i in range(fixed.randint(6, 9))]
    rows += [[f"new{i}", "AL", f"2020-12-{3 + i:02}", "tool.explosive"] for i in range(5)]
    national = pathlib.Path(made)
    by_member = {}
    for row in rows:
        by_member.setdefault({"AL": "al_asp", "BG": "bg_mvr", "RO": "ro_igpr"}[row[1]], []).append(row)
    for member, own in by_member.items():
        with open(national / f"{member}.csv", "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["No", "Country", "Day", "MO"])
            writer.writerows(own)
        (national / f"{member}.yaml").write_text(
            f"mapping: 1\nid: burglaries_{member}\ntitle: Burglaries by modus operandi (invented)\nsource: member_statistics\nmember: {member}\nknown_after_days: 20\nformat: {{type: delimited}}\n"
            "columns:\n  id: {column: No}\n  what: iccs.ICCS05012\n  place: {column: Country}\n  period: {column: Day, as: day}\n  value: 1\n  unit: count\n  dims:\n    modus_operandi: {column: MO}\n")
        run("ingest", "--data", store, "--map", national / f"{member}.yaml", national / f"{member}.csv")
    spread = run_json("watch", "--data", store, "--as-of", "2021-02-01", "--step", "month", "--dry-run")[0]["signals"]
    found = [s for s in spread if s["kind"] == "spread" and "tool.explosive" in s["modus_operandi"]]
    check(found and (found[0]["member"] == "al_asp" or found[0]["place"] == "AL") and found[0]["row_count"] == 5, "a way of working known in one member appears in another")
    check(found[0]["handling"] != "TLP:CLEAR", "what members gave keeps its handling")

    # Forecasts: stored, scored when their periods have closed, backtested.
    run("assess", "--data", store, "--as-of", "2021-06-30", "--title", "Earlier")
    run("assess", "--data", store, "--as-of", "2021-02-01", "--title", "Earliest")
    run("assess", "--data", store, "--title", "Now", "--bundle", national / "bundle")
    scores = run_json("forecast", "score", "--data", store)
    closed = [s for s in scores if s["fits"] > 0]
    check(closed and all(0 <= s["cover80"] <= 1 and s["crps"] > 0 for s in closed), "forecasts of earlier assessments are scored")
    tested = run_json("forecast", "backtest", "--data", store, "--source", "frontex_detections")
    check([t["method"] for t in tested] == ["combined", "last year again"] and tested[0]["fits"] > 50, "any source can be backtested")
    check(tested[0]["crps"] < tested[1]["crps"], "and the combined forecast beats last year's values on all routes")
    check("WRONG" not in run("verify", national / "bundle"), "the bundle runs again byte for byte, signals and forecasts included")

    run("report", "--data", store, "--html", national / "r.html", "--xlsx", national / "r.xlsx")
    page = (national / "r.html").read_text()
    check("What is arising" in page and "How the forecasts have done" in page and page.count("Past and forecast") > 3, "the report shows signals, scores and fans")
    check("were closed as true" in page, "and how the detector has done")
    run("report", "--data", store, "--edition", "public", "--html", national / "p.html")
    public = (national / "p.html").read_text()
    restricted_ids = {s["signal"]["id"] for s in run_json("signals", "list", "--data", store)["signals"] if s["signal"]["source"] == "member_statistics"} | {s["id"] for s in found}
    check(not [i for i in restricted_ids if i in public] and "al_asp" not in public.split("What is arising")[1].split("<h1")[0], "the public edition holds no signal of a member's own figures")

finished(checks)
