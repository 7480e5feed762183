#!/usr/bin/env python3
"""Where the anchors of the measured indicators come from.

An anchor is a value at which the score is 0, 25, 50, 75 or 100. Wherever the example data hold enough
countries, the five anchors are the minimum, the quartiles and the 95 % quantile (type 7) of the
countries' own figures, rounded to two digits, so that 50 means 'as the middle country'.

A level is compared after it has been multiplied by the share of the counted events that belong to the
threat; so its anchors are multiplied by the geometric middle of that range. Then the range lifts no
threat's score, and still widens it. The dark figure needs nothing of the kind: anchors are on the
recorded scale, and the assessment moves value and anchors alike by its middle.

    derive_anchors.py                 print every distribution
    derive_anchors.py --check         compare with the catalogue; exit 1 on a difference
    derive_anchors.py --write         put the derived anchors into the catalogue

An indicator takes part when its anchor_source names this tool and a key:
'tools/derive_anchors.py eurostat:ICCS0401: ...'. Standard library only.

Keys: eurostat:<ICCS code>             recorded per 100,000, mean of the last three years given in 2016-2020
      cts:<category>                   the same from the UNODC Crime Trends Survey, 2014-2020
      glotip:<indicator>.<category>    persons per 100,000, mean of the last four years given in 2014-2020;
                                       '<5' counts as 2.5
      iafq:<indicator>.<category>      arms per 100,000, mean of the years given in 2016-2020
      wastewater:<metabolite>          median city of each country, mean of its years
      child_share:<category>           per cent of victims under 18, 2014-2020
      arms_share:<type>+<type>         per cent of arms seized by type, 2016-2020
      route_share                      per cent of a year's detections on one route, over routes and years
      slopes                           change a year of the recorded counts, over countries and offences
A key may end in ':reversed': then much scores 0 and little scores 100.
"""
import argparse
import collections
import csv
import math
import pathlib
import re
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEVELS = (0.0, 0.25, 0.5, 0.75, 0.95)


def slug(text):
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def quantile(values, p):
    values = sorted(values)
    at = p * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def two_digits(x):
    if x == 0:
        return 0.0
    return round(x, 1 - math.floor(math.log10(abs(x))))


def figure(text):
    """'<5' is 2.5, '1,780' is 1780, ':' and letters are nothing."""
    text = text.strip()
    if text == "<5":
        return 2.5
    text = re.sub(r"[ a-z]+$", "", text).replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def last_mean(by_year, first, last, most):
    years = sorted(y for y in by_year if first <= y <= last)[-most:]
    return statistics.mean(by_year[y] for y in years) if years else None


class Data:
    def __init__(self, folder):
        self.folder = folder
        self.eurostat = collections.defaultdict(dict)   # (code, unit, geo) -> year -> value
        with open(folder / "eurostat_crim_off_cat.tsv", encoding="utf-8") as lines:
            years = [int(y) for y in next(lines).rstrip("\n").split("\t")[1:]]
            for line in lines:
                key, *cells = line.rstrip("\n").split("\t")
                _, code, unit, geo = key.split(",")
                for year, cell in zip(years, cells):
                    value = figure(cell)
                    if value is not None:
                        self.eurostat[code, unit, geo][year] = value
        self.cts = self.survey("unodc_cts_corruption_economic_see.csv") + self.survey("unodc_cts_violent_sexual_see.csv")
        self.glotip = self.survey("unodc_glotip_see.csv")
        self.iafq = self.survey("unodc_iafq_firearms_see.csv")
        self.people = self.population()

    def survey(self, name):
        with open(self.folder / name, encoding="utf-8", errors="replace", newline="") as file:
            return list(csv.DictReader(file))

    def population(self):
        """Counts and rates of the same cell give the inhabitants; median over cells."""
        cells = collections.defaultdict(list)
        counts = {}
        for row in self.cts:
            key = (row["Iso3_code"], row["Year"], row["Indicator"], row["Category"], row["Sex"], row["Age"])
            value = figure(row["VALUE"])
            if value is None:
                continue
            if row["Unit of measurement"] == "Counts":
                counts[key] = value
        for row in self.cts:
            key = (row["Iso3_code"], row["Year"], row["Indicator"], row["Category"], row["Sex"], row["Age"])
            value = figure(row["VALUE"])
            if row["Unit of measurement"] != "Counts" and value and counts.get(key, 0) >= 20:
                cells[key[0]].append(counts[key] / value * 1e5)
        return {country: statistics.median(values) for country, values in cells.items()}

    def means(self, rows, column, wanted, first, last, most, per_inhabitant):
        series = collections.defaultdict(dict)
        for row in rows:
            value = figure(row[column])
            if value is not None and wanted(row):
                series[row["Iso3_code"]].setdefault(int(row["Year"]), value)   # the first of several, as on ingest
        out = {}
        for country, by_year in series.items():
            mean = last_mean(by_year, first, last, most)
            if mean is not None and (not per_inhabitant or country in self.people):
                out[country] = mean / self.people[country] * 1e5 if per_inhabitant else mean
        return out

    def values(self, key):
        kind, _, name = key.partition(":")
        if kind == "eurostat":
            found = {}
            for (code, unit, geo), by_year in self.eurostat.items():
                if code == name and unit == "P_HTHAB":
                    found[geo] = last_mean(by_year, 2016, 2020, 3)
            return {g: v for g, v in found.items() if v is not None}
        if kind == "cts":
            rate = lambda r: r["Unit of measurement"] != "Counts" and slug(r["Category"]) == name and r["Sex"] == "Total"
            return self.means(self.cts, "VALUE", rate, 2014, 2020, 3, False)
        if kind in ("glotip", "iafq"):
            indicator, category = name.split(".")
            dimension = "Total" if category == "total" else "by form of exploitation" if kind == "glotip" else "by type"
            one = lambda r: (slug(r["Indicator"]) == indicator and slug(r["Category"]) == category and r["Dimension"] == dimension
                             and r["Sex"] in ("Total", "na") and r["Age"] in ("Total", "na"))
            if kind == "glotip":
                return self.means(self.glotip, "txtVALUE", one, 2014, 2020, 4, True)
            return self.means(self.iafq, "VALUE", one, 2016, 2020, 5, True)
        if kind == "wastewater":
            cities = collections.defaultdict(lambda: collections.defaultdict(list))
            with open(self.folder / "euda_wastewater_2020_2024.csv", encoding="utf-8", errors="replace", newline="") as file:
                for row in csv.DictReader(file):
                    value = figure(row["Daily mean"])
                    if slug(row["Metabolite"]) == name and value is not None:
                        cities[row["Country"]][row["City"]].append(value)
            return {c: statistics.median(statistics.mean(v) for v in by_city.values()) for c, by_city in cities.items()}
        if kind == "child_share":
            parts = collections.defaultdict(lambda: [0.0, 0.0])
            for row in self.glotip:
                value = figure(row["txtVALUE"])
                if (value is None or row["Indicator"] != "Detected trafficking victims" or row["Sex"] != "Total" or slug(row["Category"]) != name
                        or row["Dimension"] not in ("Total", "by form of exploitation") or not 2014 <= int(row["Year"]) <= 2020):
                    continue
                if row["Age"] in ("0 to 17 years", "18 years or over"):
                    parts[row["Iso3_code"]][row["Age"] != "0 to 17 years"] += value
            return {c: 100 * a / (a + b) for c, (a, b) in parts.items() if a + b >= 10}
        if kind == "arms_share":
            types = name.split("+")
            parts = collections.defaultdict(lambda: [0.0, 0.0])
            for row in self.iafq:
                value = figure(row["VALUE"])
                if value is not None and row["Indicator"] == "Arms seized" and row["Dimension"] == "by type" and slug(row["Category"]) != "unknown_status_on_type":
                    parts[row["Iso3_code"]][slug(row["Category"]) not in types] += value
            return {c: 100 * a / (a + b) for c, (a, b) in parts.items() if a + b >= 20}
        if kind == "route_share":
            detections = collections.defaultdict(collections.Counter)
            with open(self.folder / "frontex_monthly_detections.csv", encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    detections[row["t"][:4]][row["route"]] += float(row["n"])
            return {f"{y} {r}": 100 * n / sum(routes.values()) for y, routes in detections.items() for r, n in routes.items() if r != "Other"}
        if kind == "slopes":
            found = {}
            for (code, unit, geo), by_year in self.eurostat.items():
                points = [(y, math.log(v)) for y, v in by_year.items() if y >= 2013 and v > 0]
                if unit != "NR" or len(points) < 5 or max(by_year.values()) < 50:
                    continue
                mean_x, mean_y = statistics.mean(p[0] for p in points), statistics.mean(p[1] for p in points)
                slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
                found[f"{code} {geo}"] = 100 * math.expm1(slope)
            return found
        raise SystemExit(f"derive_anchors: unknown key '{key}'")

    def anchors(self, key, factor):
        reverse = key.endswith(":reversed")
        values = list(self.values(key.removesuffix(":reversed")).values())
        if len(values) < 6:
            raise SystemExit(f"derive_anchors: '{key}' has only {len(values)} values; six are wanted")
        out = [two_digits(quantile(values, p) * factor) for p in LEVELS]
        for i in range(1, 5):   # equal neighbours are set apart by a twentieth of the range
            if out[i] <= out[i - 1]:
                out[i] = two_digits(out[i - 1] + max(out[4] / 20, 0.001))
        return out[::-1] if reverse else out


def records(path):
    """The catalogue's lists: one 'key: value' a line, '- ' opens a record. Enough for what is asked."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        found = re.match(r"(- |  )([a-z_]+): (.*)$", line)
        if not found:
            continue
        if found[1] == "- ":
            out.append({"_lines": {}})
        out[-1][found[2]] = found[3].strip().strip('"')
        out[-1]["_lines"][found[2]] = number
    return out


def middle(record, name):
    low, high = float(record.get(name + "_low", 1)), float(record.get(name + "_high", 1))
    return math.sqrt(low * high)


def catalogue(data, folder, write):
    path = folder / "indicators.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = checked = 0
    for indicator in records(path):
        named = re.search(r"derive_anchors\.py (\S+?):? ", indicator.get("anchor_source", "") + " ")
        if not named:
            continue
        factor = 1.0
        if indicator["measure"] in ("rate", "quantity"):
            factor *= middle(indicator, "speaks_for")
        derived = data.anchors(named[1], factor)
        stated = [float(x) for x in indicator["anchors"].strip("[]").split(",")]
        checked += 1
        if any(abs(a - b) > 1e-9 + 1e-6 * abs(a) for a, b in zip(derived, stated)):
            wrong += 1
            print(f"{indicator['id']}: stated {stated}, derived {derived}")
            lines[indicator["_lines"]["anchors"]] = "  anchors: [" + ", ".join(f"{x:g}" for x in derived) + "]"
    if write and wrong:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{checked} indicators checked, {wrong} {'written' if write else 'differ'}")
    return 0 if write or wrong == 0 else 1


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--data", type=pathlib.Path, default=ROOT / "examples/see/data", help="folder of the example data")
    parse.add_argument("--catalogue", type=pathlib.Path, default=ROOT / "catalogue/see", help="catalogue folder")
    parse.add_argument("--check", action="store_true", help="compare with the catalogue")
    parse.add_argument("--write", action="store_true", help="write the derived anchors into the catalogue")
    asked = parse.parse_args()
    data = Data(asked.data)
    if asked.check or asked.write:
        return catalogue(data, asked.catalogue, asked.write)
    keys = sorted({"eurostat:" + code for code, _, _ in data.eurostat} | {"cts:" + slug(r["Category"]) for r in data.cts})
    keys += ["glotip:detected_trafficking_victims." + c for c in ("total", "sexual_exploitation", "forced_labour", "other_forms_of_exploitation")]
    keys += ["glotip:persons_convicted.total", "glotip:offences_of_trafficking_in_persons.total", "iafq:arms_seized.total", "arms_share:machine_gun+submachine_gun"]
    keys += ["wastewater:" + m for m in ("cocaine", "mdma", "methamphetamine")]
    keys += ["child_share:" + c for c in ("total", "sexual_exploitation", "forced_labour", "other_forms_of_exploitation")] + ["route_share", "slopes"]
    print(f"{'key':70} {'n':>4}  " + " ".join(f"{int(100 * p):>8} %" for p in LEVELS))
    for key in keys:
        values = list(data.values(key).values())
        if values:
            print(f"{key:70} {len(values):4}  " + " ".join(f"{quantile(values, p):10.3g}" for p in LEVELS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
