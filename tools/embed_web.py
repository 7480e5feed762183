#!/usr/bin/env python3
"""Writes the C++ file that holds the built dashboard: embed_web.py DIST OUT.cpp (DIST may be absent: no files)."""
import gzip
import hashlib
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
         ".json": "application/json", ".geojson": "application/geo+json", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".png": "image/png", ".ico": "image/x-icon", ".txt": "text/plain; charset=utf-8"}
PACKED = (".html", ".js", ".mjs", ".css", ".svg", ".json", ".geojson", ".webmanifest", ".txt")

dist, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
files = sorted(path for path in dist.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.relative_to(dist).parts)) if dist.is_dir() else []
packed_folder = out.parent / "web_packed"
packed_folder.mkdir(parents=True, exist_ok=True)
text = ["// Written by tools/embed_web.py: the built dashboard.", '#include "serve/web_files.hpp"', ""]
rows = []


def embed(name, path):
    symbol = f"threatlas_web_{name}"
    text.append(f'asm(".section .rodata\\n.balign 16\\n{symbol}:\\n.incbin \\"{path}\\"\\n{symbol}_end:\\n.byte 0\\n.previous");')
    text.append(f'extern "C" const char {symbol}[], {symbol}_end[];')
    return f"{{{symbol}, {symbol}_end}}"


for number, path in enumerate(files):
    content = path.read_bytes()
    kind = TYPES.get(path.suffix)
    if kind is None:
        sys.exit(f"{path}: a file of a kind that embed_web.py does not know")
    digest = hashlib.sha256(content).hexdigest()
    plain = embed(str(number), path.resolve())
    packed = "{}"
    if path.suffix in PACKED and len(content) > 512:
        small = packed_folder / f"{digest[:32]}.gz"
        small.write_bytes(gzip.compress(content, 9, mtime=0))
        packed = embed(f"{number}_gz", small.resolve())
    rows.append(f'        {{"/{path.relative_to(dist).as_posix()}", "{kind}", "\\"{digest[:32]}\\"", {plain}, {packed}}},')
text += ["", "namespace threatlas::serve {", "", "const std::vector<WebFile>& web_files() {", "    static const std::vector<WebFile> files{", *rows, "    };", "    return files;", "}", "", "}  // namespace threatlas::serve", ""]
new = "\n".join(text)
if not out.exists() or out.read_text() != new:
    out.write_text(new)
