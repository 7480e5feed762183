"""A server whose database goes away and comes back: /readyz says 503 and why, the program stays, and nobody has to start it again."""
import contextlib
import pathlib
import subprocess
import sys
import tempfile
import time

from postgres import Cluster
from service import PASSWORD, ROOT, Service, first_administrator

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
checks = 0


def check(condition, what, answer=None):
    global checks
    checks += 1
    assert condition, what + ("" if answer is None else f" ({answer.status}: {answer.text[:400]})")


with Cluster() as cluster, tempfile.TemporaryDirectory(prefix="threatlas-ready-") as folder:
    data, store = pathlib.Path(folder) / "data", cluster.fresh_database()
    done = subprocess.run([PROGRAM, "init", "--store", store, "--data", data], cwd=ROOT, capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, f"the store is made: {done.stdout}{done.stderr}")
    with Service(PROGRAM, data, "--store", store) as service:
        administrator = first_administrator(service)
        for how in ("fast", "immediate"):
            ready = service.client().get("/readyz")
            check(ready.status == 200 and ready.text == "ok\n", "control: ready while the database is there", ready)
            check(administrator.get("/api/v1/people").status == 200, "control: and answers")
            cluster.stop(how)
            for _ in range(3):
                began = time.monotonic()
                ready = service.client().get("/readyz")
                check(ready.status == 503 and ready.header("Content-Type") == "application/problem+json", f"its database stopped ({how}): not ready", ready)
                check(time.monotonic() - began < 5, "and says so at once")
                check(ready.json["code"] == "unavailable" and "database" in ready.json["detail"], "in a sentence that names the cause", ready)
                check(str(cluster.folder) in service.said(), "the log has all of it")
                check(str(cluster.folder) not in ready.text and "threatlas_owner" not in ready.text, "and not where it lies or who signs in there", ready)
            check(service.client().get("/healthz").status == 200, "the program runs")
            refused = service.client().post("/api/v1/session", {"name": "ada", "password": PASSWORD})
            check(refused.status == 503, "what needs the database says the same", refused)
            cluster.start()
            for _ in range(100):
                ready = service.client().get("/readyz")
                if ready.status == 200:
                    break
                time.sleep(0.1)
            check(ready.status == 200, "the database is back: ready again, by itself", ready)
            check(administrator.get("/api/v1/people").status == 200, "and who was signed in still is")
            check(service.client().sign_in("ada", PASSWORD).status == 200, "and others can sign in")
        with contextlib.suppress(AssertionError):
            cluster.stop()
        check(service.stop() == 0, "a server without its database ends in order")
print(f"{checks} checks passed")
