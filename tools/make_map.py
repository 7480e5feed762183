#!/usr/bin/env python3
"""Makes catalogue/see/map.geojson from Natural Earth's countries (TopoJSON, public domain).

    make_map.py countries-50m.json > map.geojson

Countries of South-East Europe, their neighbours and what lies behind them, cut to a frame of longitude
11..32.2 and latitude 34..50, simplified arc by arc (Douglas and Peucker 1973), so that two
neighbours keep one border between them. Borders are the publisher's and say nothing about status.
Standard library only.
"""
import json
import math
import sys

FRAME = (11.0, 34.0, 32.2, 50.0)         # west, south, east, north
TOLERANCE = 0.004                       # degrees; some 400 metres
SMALLEST = 0.002                        # square degrees; islands below are left out
IDS = {"008": "AL", "040": "AT", "070": "BA", "100": "BG", "112": "BY", "191": "HR", "203": "CZ", "276": "DE", "300": "GR", "348": "HU",
       "380": "IT", "498": "MD", "499": "ME", "807": "MK", "616": "PL", "642": "RO", "643": "RU", "688": "RS", "703": "SK", "705": "SI",
       "792": "TR", "804": "UA", "674": "SM", "756": "CH", "438": "LI", "012": "DZ", "788": "TN", "434": "LY", "818": "EG",
       "760": "SY", "422": "LB"}
NAMES = {"Kosovo": "XK"}
TITLES = {"BA": "Bosnia and Herzegovina", "MK": "North Macedonia", "XK": "Kosovo*", "TR": "Türkiye", "CZ": "Czechia"}
MEMBERS = {"AL", "BA", "BG", "MD", "ME", "MK", "RO", "RS"}


def decoded(topology):
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def distance(p, a, b):
    """In degrees, longitude shrunk as at 42 degrees north."""
    k = math.cos(math.radians(42))
    (px, py), (ax, ay), (bx, by) = [(q[0] * k, q[1]) for q in (p, a, b)]
    dx, dy = bx - ax, by - ay
    size = dx * dx + dy * dy
    t = 0 if size == 0 else max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / size))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


def simplified(points):
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    todo = [(0, len(points) - 1)]
    if points[0] == points[-1] and len(points) > 3:   # a closed arc: keep its farthest point as well
        far = max(range(len(points)), key=lambda i: distance(points[i], points[0], points[0]))
        keep[far] = True
        todo = [(0, far), (far, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda i: distance(points[i], points[first], points[last]))
        if distance(points[far], points[first], points[last]) > TOLERANCE:
            keep[far] = True
            todo += [(first, far), (far, last)]
    return [p for p, k in zip(points, keep) if k]


def ring(arcs, indices):
    points = []
    for index in indices:
        part = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += part if not points else part[1:]
    return points


def clipped(points):
    """Sutherland and Hodgman (1974) against the frame."""
    west, south, east, north = FRAME
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        out = []
        for a, b in zip(points, points[1:] + points[:1]):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a:
                out.append(a)
            if inside_a != inside_b:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                cut = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
                cut[axis] = limit
                out.append(tuple(cut))
        points = out
        if not points:
            return []
    return points


def area(points):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1])) / 2


def outline(arcs, polygon, member):
    rings = []
    for number, indices in enumerate(polygon):
        points = ring(arcs, indices)
        points = clipped(points[:-1] if points[0] == points[-1] else points)
        if len(points) < 3 or abs(area(points)) < (0 if member and number == 0 else SMALLEST):
            if number == 0:
                return None
            continue
        if (area(points) > 0) != (number == 0):   # RFC 7946: outer rings run against the clock
            points.reverse()
        rounded = []
        for x, y in points:
            point = [round(x, 3), round(y, 3)]
            if not rounded or rounded[-1] != point:
                rounded.append(point)
        if rounded[0] != rounded[-1]:
            rounded.append(rounded[0])
        if len(rounded) >= 4:
            rings.append(rounded)
    return rings or None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        topology = json.load(file)
    arcs = [simplified(a) for a in decoded(topology)]
    shapes = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        code = NAMES.get(name) or IDS.get(country.get("id"))
        if code is None:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        made = [m for p in polygons if (m := outline(arcs, p, code in MEMBERS)) is not None]
        if made:
            entry = shapes.setdefault(code, {"name": TITLES.get(code, name), "polygons": []})
            entry["polygons"] += made
    features = [{"type": "Feature", "id": code, "properties": {"id": code, "name": shape["name"], "member": code in MEMBERS},
                 "geometry": {"type": "MultiPolygon", "coordinates": shape["polygons"]}} for code, shape in sorted(shapes.items())]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    print('{"type":"FeatureCollection","bbox":' + json.dumps(list(FRAME)) + ',"attribution":"Natural Earth, public domain","features":[\n' + lines + "\n]}")


if __name__ == "__main__":
    main()
