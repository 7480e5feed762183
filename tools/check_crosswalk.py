#!/usr/bin/env python3
"""Says which ICCS codes and MISP tags of a catalogue's threats and codes do not exist where they come from.

    check_crosswalk.py catalogue/see eurostat_iccs.csv misp-taxonomies/ misp-galaxy/

eurostat_iccs.csv: Eurostat's code list of ICCS categories. The folders hold one machinetag file per taxonomy and one
cluster file per galaxy, as the MISP project publishes them. ICCS categories that Eurostat does not collect stand below.
"""
import csv
import json
import pathlib
import sys

import yaml

# UNODC, International Classification of Crime for Statistical Purposes, version 1.0 (2015).
UNODC = {"ICCS02041": "trafficking for forced labour", "ICCS02042": "trafficking for sexual exploitation", "ICCS02049": "trafficking for other purposes",
         "ICCS0702": "forgery and counterfeiting", "ICCS08041": "smuggling of migrants"}

catalogue, iccs, taxonomies, galaxies = map(pathlib.Path, sys.argv[1:])
with open(iccs, newline="", encoding="utf-8") as lines:
    codes = {row["iccs"] for row in csv.DictReader(lines)} | UNODC.keys()
tags = set()
for path in taxonomies.glob("*.json"):
    taxonomy = json.loads(path.read_text(encoding="utf-8"))
    tags.add(taxonomy["namespace"])
    tags |= {f"{taxonomy['namespace']}:{predicate['value']}" for predicate in taxonomy["predicates"]}
    tags |= {f'{taxonomy["namespace"]}:{values["predicate"]}="{entry["value"]}"' for values in taxonomy.get("values") or [] for entry in values["entry"]}
for path in galaxies.glob("*.json"):
    galaxy = json.loads(path.read_text(encoding="utf-8"))
    tags |= {f'misp-galaxy:{galaxy["type"]}="{value["value"]}"' for value in galaxy["values"]}

unknown = 0
for name in ("threats", "codes"):
    records = yaml.safe_load((catalogue / f"{name}.yaml").read_text(encoding="utf-8"))
    for record in records:
        for kind, known in (("iccs", codes), ("misp", tags)):
            for each in record.get(kind, []):
                if each not in known:
                    unknown += 1
                    print(f"{name}.yaml: {record['id']}: there is no {kind} '{each}'")
    print(f"{name}.yaml: of {len(records)} records {sum('iccs' in r for r in records)} have ICCS codes, {sum('misp' in r for r in records)} MISP tags")
sys.exit(unknown != 0)
