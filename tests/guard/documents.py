"""Links between documents lead somewhere, and no document or source names a machine's own folders."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")


def anchors(text):
    found = set()
    for heading in re.findall(r"^#+\s+(.+)$", text, re.M):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.add(slug)
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def broken(path, text):
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if not there.exists():
            wrong.append(f"{path}: link to '{target}' leads nowhere")
        elif anchor and there.suffix == ".md" and anchor not in anchors(there.read_text()):
            wrong.append(f"{path}: '{target}' has no such heading")
    return wrong


assert broken(root / "README.md", "[x](no/such/file.md)"), "the guard is blind"
wrong = []
for name in filter(None, tracked):
    path = root / name
    if not path.is_file() or path.suffix in {".png", ".xlsx", ".gz", ".pdf"}:
        continue
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        continue
    if path.suffix == ".md":
        wrong += broken(path, text)
    if path.suffix in {".md", ".hpp", ".cpp", ".py", ".yaml", ".cmake", ".txt"} and "guard" not in path.parts:
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"(?<![\w.])/(work|root|farm)/\w", line):
                wrong.append(f"{name}:{number}: names a folder of one machine")
print("\n".join(wrong) or "documents: every link leads somewhere")
sys.exit(bool(wrong))
