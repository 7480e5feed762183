#!/usr/bin/env python3
"""Where the numbers of inhabitants of the catalogue come from.

Two publishers of the example data print the same cell as a count and as a rate per 100,000. Count over rate is the number of
inhabitants they divided by. For each country and year: the median over cells with at least 50 events, rounded to
thousands. No outside table is needed, and rates computed here agree with the publishers' own.

    derive_population.py            print country, year, inhabitants, number of cells
    derive_population.py --check    compare with catalogue/see/countries.yaml: exit 1 when one differs by more than 2 %

Needs python3-yaml.
"""
import collections
import csv
import pathlib
import statistics
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = ROOT / "examples/see/data"
LEAST = 50


def number(text):
    text = text.strip().split(" ")[0].replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def eurostat(pairs):
    with open(DATA / "eurostat_crim_off_cat.tsv") as table:
        rows = list(csv.reader(table, delimiter="\t"))
    years = [cell.strip() for cell in rows[0][1:]]
    keys = rows[0][0].split("\\")[0].split(",")
    for row in rows[1:]:
        key = dict(zip(keys, row[0].split(",")))
        for year, cell in zip(years, row[1:]):
            value = number(cell)
            if value is not None:
                pairs[key["geo"], year, "eurostat", key["iccs"]][key["unit"]] = value


def cts(pairs):
    for name in ("unodc_cts_violent_sexual_see.csv", "unodc_cts_corruption_economic_see.csv"):
        with open(DATA / name, encoding="utf-8-sig", newline="") as table:
            for row in csv.DictReader(table):
                value = number(row["VALUE"])
                if value is not None:
                    cell = (row["Indicator"], row["Dimension"], row["Category"], row["Sex"], row["Age"])
                    pairs[row["Iso3_code"], row["Year"], "cts", cell]["NR" if row["Unit of measurement"] == "Counts" else "P_HTHAB"] = value


def derive():
    countries = yaml.safe_load((ROOT / "catalogue/see/countries.yaml").read_text())
    names = {name: each["id"] for each in countries for name in [each["id"], each.get("iso3", ""), *each.get("aliases", [])]}
    pairs = collections.defaultdict(dict)
    eurostat(pairs)
    cts(pairs)
    people = collections.defaultdict(list)
    for (place, year, _, _), cell in pairs.items():
        if place in names and cell.get("NR", 0) >= LEAST and cell.get("P_HTHAB", 0) > 0:
            people[names[place], year].append(cell["NR"] / cell["P_HTHAB"] * 1e5)
    return countries, {key: (round(statistics.median(values), -3), len(values)) for key, values in people.items()}


def main():
    countries, derived = derive()
    if "--check" not in sys.argv:
        for (place, year), (people, cells) in sorted(derived.items()):
            print(place, year, int(people), cells, sep="\t")
        return 0
    wrong = compared = 0
    for each in countries:
        for year, people in each.get("population", {}).items():
            if (each["id"], year) in derived:
                compared += 1
                found = derived[each["id"], year][0]
                if abs(found / people - 1) > 0.02:
                    wrong += 1
                    print(f"{each['id']} {year}: the catalogue says {people}, the data {found:.0f}")
    print(f"{compared} numbers of inhabitants compared, {wrong} differ by more than 2 %")
    return int(wrong > 0 or compared == 0)


sys.exit(main())
