"""Long work over the server, from the outside: a spreadsheet with errors is mended and ingested, assessed, reported, weighed, agreed,
published; work is cancelled; the server is killed and says afterwards what became of what ran."""
import http.client
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from service import ROOT, Service, first_administrator, member  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
if not PROGRAM.exists():
    sys.exit(f"{PROGRAM} is not built")
checks = 0


def check(good, what, answer=None):
    global checks
    checks += 1
    if not good:
        sys.exit(f"FAILED: {what}" + (f": {answer.status} {answer.text[:1500]}" if answer is not None else ""))


def run(*arguments):
    subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, check=True, capture_output=True, timeout=600)


def finished(client, job, seconds=300):
    until = time.time() + seconds
    while time.time() < until:
        answer = client.get(f"/api/v1/jobs/{job}")
        check(answer.status == 200, "a job is shown", answer)
        if answer.json["state"] in ("done", "failed", "cancelled"):
            return answer.json
        time.sleep(0.1)
    sys.exit(f"job {job} did not end")


def upload(client, name, content):
    answer = client.send("POST", "/api/v1/uploads", content, headers={"Content-Type": "application/octet-stream", "X-Filename": urllib.parse.quote(name)})
    check(answer.status == 201, f"{name} is taken", answer)
    return answer.json


def events_until(client, wanted, seconds=30, after=None):
    """Reads server-sent events until one satisfies `wanted`; returns all."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=seconds)
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items()), "Accept": "text/event-stream"}
    if after:
        headers["Last-Event-ID"] = str(after)
    connection.request("GET", "/api/v1/events", headers=headers)
    got = connection.getresponse()
    check(got.status == 200, "events are served")
    seen, one, until = [], {}, time.time() + seconds
    while time.time() < until:
        line = got.readline().decode().rstrip("\n")
        if not line and one.get("data"):
            seen.append({"id": one.get("id"), "type": one.get("event"), "data": json.loads(one["data"])})
            if wanted(seen[-1]):
                connection.close()
                return seen
            one = {}
        elif ":" in line and not line.startswith(":"):
            key, _, value = line.partition(":")
            one[key] = value.strip()
    sys.exit(f"the event did not come; seen: {seen[-5:]}")


with tempfile.TemporaryDirectory(prefix="threatlas-jobs-") as folder:
    data = pathlib.Path(folder) / "data"
    run("init", "--data", data)
    run("ingest", "--data", data, "--package", "examples/see/datapackage.json")
    service = Service(PROGRAM, data)
    try:
        ada = first_administrator(service)
        ana = member(service, ada, "ana", "analyst")
        cem = member(service, ada, "cem", "contributor", "rs_mup")
        dora = member(service, ada, "dora", "director", "rs_mup")
        mira = member(service, ada, "mira", "analyst", "me_up")

        # A spreadsheet in the words of the region, with three errors.
        rows = ["Држава;Година;Месец;Врста;Количина;Јединица"]
        rows += [f"Србија;{2016 + i // 12};{i % 12 + 1};heroin;{10 + i % 7},5;kg" for i in range(60)]
        rows += ["Србија;2022;1;heroin;=1+1;kg", "Атлантида;2022;2;heroin;3,5;kg", "Србија;2022;3;heroin;десет;kg"]
        taken = upload(cem, "Заплене 2016-2022.csv", ("\n".join(rows) + "\n").encode())
        check(taken["file"] == "Заплене 2016-2022.csv", "the file keeps its name")
        check(taken["headings"][:3] == ["Држава", "Година", "Месец"], "headings are read")
        check(len(taken["sample"]) == 20, "twenty rows are shown")
        check(taken["format"]["delimiter"] == ";", "the delimiter is told")
        mapping = taken["guess"]
        check(mapping["numbers"]["decimal"] == ",", f"the decimal comma is told: {mapping}")
        check(mapping["columns"]["value"]["column"] == "Количина", f"the figures are found: {mapping}")
        mapping["columns"]["what"] = "seizure.heroin"
        mapping["columns"]["place"] = {"column": "Држава", "table": {"Србија": "RS"}}
        mapping["columns"]["period"] = {"year": {"column": "Година"}, "month": {"column": "Месец"}}
        mapping["columns"]["unit"] = "kg"
        path = f"/api/v1/uploads/{taken['id']}"
        answer = cem.post(path + "/check", {"mapping": mapping})
        check(answer.status == 200, "an upload is checked", answer)
        check(answer.json["accepted"] == 60 and answer.json["refused"] == 3, "sixty rows are good and three are not", answer)
        check({each["row"] for each in answer.json["first_refused"]} == {62, 63, 64}, "refused rows are named", answer)
        check(mira.get(path).status in (403, 404), "another organisation does not see it")
        check(mira.post(path + "/check", {"mapping": mapping}).status in (403, 404), "nor checks it")
        refused = cem.get(path + "/refused?format=xlsx")
        check(refused.status == 200 and refused.body[:2] == b"PK", "refused rows come as a workbook", refused)
        as_text = cem.get(path + "/refused?format=csv").text
        check("'=1+1" in as_text and "threatlas_reason" in as_text, f"a formula does not run: {as_text}")
        other = dict(mapping, member="me_up")
        check(cem.post(path + "/check", {"mapping": other}).status in (400, 403, 422), "nobody hands in for another member")

        # Mended and handed in again, under the same mapping, and ingested with the first.
        mended = as_text.replace("'=1+1", "2").replace("Атлантида", "Србија").replace("десет", "10")
        again = upload(cem, "mended.csv", mended.encode())
        check(again["corrected"], "a mended file is known again")
        answer = cem.post(f"/api/v1/uploads/{again['id']}/check", {"mapping": mapping})
        check(answer.status == 200 and answer.json["accepted"] == 3 and answer.json["refused"] == 0, "mended rows are accepted", answer)
        for each in (taken, again):
            answer = cem.post(f"/api/v1/uploads/{each['id']}/ingest", {"mapping": mapping})
            check(answer.status == 202, "an ingest is a job", answer)
            done = finished(cem, answer.json["id"])
            check(done["state"] == "done", f"it is done: {done}")
        check(cem.post("/api/v1/jobs", {"kind": "assess"}).status in (400, 403), "a contributor does not assess")

        # Assessed, with events as it goes.
        answer = ana.post("/api/v1/jobs", {"kind": "assess", "title": "Over the server", "draws": 4000})
        check(answer.status == 202, "an assessment is a job", answer)
        job = answer.json["id"]
        done = finished(ana, job)
        check(done["state"] == "done", f"it is done: {done}")
        assessment = done["outcome"]["assessment"]
        check(len(ana.get(f"/api/v1/jobs/{job}/log").json["items"]) >= 2, "it has a log")
        check(mira.get(f"/api/v1/jobs/{job}").status == 404, "another organisation does not see the job")
        seen = events_until(ana, lambda each: each["type"] == "job" and each["data"]["id"] == job and each["data"]["state"] == "done", after=1)
        check(any(each["type"] == "assessment" and each["data"]["id"] == assessment for each in seen), "the assessment is told")
        check(all(each["type"] != "job" or each["data"]["id"] != job for each in events_until(mira, lambda each: each["type"] == "assessment", after=1)), "another organisation's jobs are not")
        last = seen[-1]["id"]

        answer = ana.post("/api/v1/jobs", {"kind": "report", "assessment": assessment, "format": "xlsx"})
        check(answer.status == 202, "a report is a job", answer)
        done = finished(ana, answer.json["id"])
        check(done["state"] == "done", f"it is done: {done}")
        link = done["results"][0]["link"]
        check(ana.get(link).body[:2] == b"PK", "its result is fetched")
        check(mira.get(link).status in (403, 404), "not by others")
        check(events_until(ana, lambda each: each["data"].get("state") == "done", after=last)[-1]["data"]["id"] == done["id"], "events resume after the last seen")

        # The workbench: live, agreed on, dissented from, frozen, published.
        bench = f"/api/v1/workbench/{assessment}"
        opened = ana.get(bench)
        check(opened.status == 200 and opened.json["draws"] == 4000, "the workbench opens", opened)
        criteria = [each["id"] for each in opened.json["criteria"]]
        own = {each["threat"]: each["rank"] for each in ana.post(bench + "/rank", {"weights": opened.json["weights"], "kappa": 40}).json["ranking"]}
        stored = {each["threat"]: each["rank"] for each in ana.get(f"/api/v1/assessments/{assessment}/threats?limit=1000").json["items"]}
        check(sum(abs(own[each] - stored[each]) for each in own) <= len(own), "its own weights give the assessment's ranking, but for ties")
        one_sided = {each: 0.9 if each == criteria[0] else 0.1 / (len(criteria) - 1) for each in criteria}
        started = time.time()
        answer = ana.post(bench + "/rank", {"weights": one_sided, "kappa": 400})
        check(answer.status == 200 and time.time() - started < 2, "other weights rank at once", answer)
        check({each["threat"]: each["rank"] for each in answer.json["ranking"]} != own, "and otherwise")
        check(ana.post(bench + "/rank", {"weights": {criteria[0]: 1}}).status == 422, "incomplete weights are refused")
        answer = dora.send("PUT", bench + "/weights/rs_mup", {"weights": one_sided, "note": "What grows first."})
        check(answer.status == 200, "a director sets the member's weights", answer)
        check(dora.send("PUT", bench + "/weights/me_up", {"weights": one_sided}).status == 403, "and no other's")
        answer = mira.send("PUT", bench + "/weights/me_up", {"weights": {each: 1 / len(criteria) for each in criteria}})
        check(answer.status == 200, "another member sets its own", answer)
        agreed = ana.get(bench + "/consensus")
        check(agreed.status == 200 and {"rs_mup", "me_up"} <= {each["weights"]["member"] for each in agreed.json["members"]}, "both are in the consensus", agreed)
        check(agreed.json["concordance"] < 1, "they do not agree wholly")
        hostile = "<script>alert(1)</script> We see twice as much of it."
        check(dora.post(bench + "/dissent", {"threat": "", "text": hostile}).status == 201, "dissent is recorded")
        check(dora.post(bench + "/publish", {"edition": "public"}).status == 409, "what is not frozen is not published")
        frozen = dora.post(bench + "/freeze")
        check(frozen.status == 201 and frozen.json["consensus"]["dissent"][0]["text"] == hostile, "it is frozen with its dissent", frozen)
        check(dora.send("PUT", bench + "/weights/rs_mup", {"weights": one_sided}).status == 409, "weights stay as they were")
        check(ana.post(bench + "/publish", {"edition": "public"}).status == 403, "a director publishes")
        answer = dora.send("POST", bench + "/publish", {"edition": "public"}, headers={"Threatlas-Purpose": "publication"})
        check(answer.status == 202, "publishing is a job", answer)
        done = finished(dora, answer.json["id"])
        check(done["state"] == "done" and len(done["results"]) == 4, f"it is published: {done}")
        check(b"<html" in dora.get(done["results"][0]["link"]).body[:2000].lower(), "the page is there")

        # A judgement with evidence, and one that replaces it; a decision.
        figure = ana.get(f"/api/v1/assessments/{assessment}/figures?limit=1").json["items"][0]["id"]
        claim = {"threat": "drugs.heroin", "lens": "future_trends", "criterion": criteria[0], "kind": "grade", "value": "high", "text": "It grows.", "word": "likely", "scope": "me_up", "evidence": [figure], "assessment": assessment}
        first = mira.post("/api/v1/judgements", claim)
        check(first.status == 201 and first.json["evidence"] == [figure], "a judgement is kept with its evidence", first)
        second = mira.post("/api/v1/judgements", dict(claim, value="medium", replaces=first.json["submission"]))
        check(second.status == 201, "a better one replaces it", second)
        standing = [each for each in mira.get("/api/v1/judgements").json["items"] if each["organisation"] == "me_up"]
        check([each["value"] for each in standing] == ["medium"], f"one stands: {standing}")
        answer = dora.post("/api/v1/decisions", {"title": "Joint checks", "threat": "drugs.heroin", "members": ["rs_mup"], "measure": "Checks at two crossings", "indicator": "", "place": "RS"})
        check(answer.status == 201, "a decision is recorded", answer)
        decision = answer.json["id"]
        check(dora.post(f"/api/v1/decisions/{decision}/steps", {"action": "progress", "text": "One crossing"}).status == 201, "a step is added")
        check(dora.get(f"/api/v1/decisions/{decision}").json["works"]["word"] == "not assessed", "without an indicator nothing is claimed")

        # Cancelled: nothing of it stays.
        before = len(ana.get("/api/v1/assessments").json["items"])
        job = ana.post("/api/v1/jobs", {"kind": "assess", "title": "Never", "draws": 60000, "seed": 4}).json["id"]
        check(ana.send("DELETE", f"/api/v1/jobs/{job}").status == 202, "a job is cancelled")
        check(finished(ana, job)["state"] == "cancelled", "and says so")
        check(ana.send("DELETE", f"/api/v1/jobs/{job}").status == 409, "once")
        check(len(ana.get("/api/v1/assessments").json["items"]) == before, "it left nothing")

        # Killed: what ran says so, what was done is still there.
        job = ana.post("/api/v1/jobs", {"kind": "assess", "title": "Killed", "draws": 60000, "seed": 5}).json["id"]
        service.stop(signal.SIGKILL)
        service = Service(PROGRAM, data)
        ana.port = dora.port = service.port
        found = ana.get(f"/api/v1/jobs/{job}")
        if found.status == 401:
            ana = service.client()
            from service import PASSWORD
            check(ana.sign_in("ana", PASSWORD).status == 200, "ana signs in again")
            found = ana.get(f"/api/v1/jobs/{job}")
        check(found.status == 200 and found.json["state"] == "failed" and "stopped" in found.json["error"], "a killed job says so", found)
        check(any(each["kind"] == "assess" and each["state"] == "done" for each in ana.get("/api/v1/jobs").json["items"]), "what was done is listed")
        check(len(ana.get("/api/v1/assessments").json["items"]) == before, "the killed one left nothing")
    finally:
        service.stop()
    run("audit", "verify", "--data", data)
print(f"{checks} checks passed")
