"""Every library that cmake/libraries.cmake finds, and every package installed, is in docs/LICENSES.md with a licence."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
listed = (root / "docs/LICENSES.md").read_text()
rows = dict(re.findall(r"^\|\s*`([^`]+)`\s*\|[^|]*\|\s*([^|]+?)\s*\|", listed, re.M))
packages = re.findall(r"^packages_\w+=\((.*?)\)", (root / "tools/packages.sh").read_text(), re.M | re.S)
wanted = sorted(set(" ".join(packages).split()))
assert len(wanted) > 20, "the package list was not read"
missing = [each for each in wanted if not rows.get(each)]
print("\n".join(f"docs/LICENSES.md does not list '{each}' with its licence" for each in missing) or f"{len(wanted)} packages listed")
libraries = (root / "cmake/libraries.cmake").read_text()
if "igraph" in libraries and "THREATLAS_IGRAPH" not in libraries:
    missing.append("igraph")
    print("igraph is GPL: keep it behind the option THREATLAS_IGRAPH")
sys.exit(bool(missing))
