from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.stripping import told

STORY = "The town was told on Monday that it will get no money for buses unless it drops its policy on detainers."


def kept(text: str) -> list[str]:
    """Return the lines that a text tells itself."""
    return [text[start:end] for start, end in told(text)]


@pytest.mark.parametrize(
    "dateline",
    [
        "WASHINGTON (CP) \u2014 ",
        "NAPA, Calif. \u2014 ",
        "FORT WORTH, Texas, Aug. 3 (Union News) -- ",
        "(CP) - ",
        "MONTPELIER \u2013 ",
        "FOR IMMEDIATE RELEASE WASHINGTON - ",
    ],
)
def test_a_dateline_is_each_papers_own(dateline: str) -> None:
    """With or without an agency, a state, a day."""
    assert kept(dateline + STORY) == [STORY]


@pytest.mark.parametrize(
    "line",
    [
        "By MARLON EDDY",
        "By Hattie Osgood and wire services",
        "Dee Valladares, Staff Writer",
        "Inquirer staff",
        "Continental Press",
        "FOR IMMEDIATE RELEASE",
        "For Immediate Release Thursday, August 3, 2017",
        "Thursday, August 3, 2017",
        "Feb. 12, 2019, 4:15 p.m.",
        "PRESS RELEASE",
        "Updated 5:40 p.m., April 4, 2025",
        "Published: March 3",
        "Media contact: Jonas Ek, 425-555-0117",
        "Phone: 202-555-0100",
        "press@city.example",
        "https://city.example/news",
        "Press Release Number: 17-855",
        "17-855",
        "(Photo by Ana Ruiz/Ledger)",
        "The bus depot on Tuesday. (Ana Ruiz/Ledger file)",
        "Read more: What the pledge says",
        "RELATED: Who runs the jail",
        "Subscribe to our morning newsletter for more stories like this.",
        "Follow the Ledger on Facebook",
        "Reach Noreen Castle at ncastle@bureau.example or 612-555-0134.",
        "The Associated Press contributed to this report.",
        "Continental Press writer Ana Lucero in Providence contributed to this report.",
        "Noreen Castle covers schools for the Ledger.",
        "\u00a9 2019 Prairie Examiner. All rights reserved.",
        "This story has been corrected to give the right name of the sheriff.",
        "For more information about the program, visit the bureau's website.",
        "An indictment is an accusation, and a defendant is presumed innocent until proven guilty.",
        "* * *",
        "Page 2 of 4",
    ],
)
def test_a_line_of_furniture_is_not_told(line: str) -> None:
    """Above the story and below it, but for what stands only at the top."""
    assert kept(f"{line}\n{STORY}") == [STORY]


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the town will have to answer.",
        "Contacts between officers and agents are what the letter is about, the sheriff said.",
        "Updated rules would have to be in force before the first of May, the department says.",
        "The letter asks for information on the immigration status of everyone who was held.",
        "Release of prisoners is a matter for the county, she said.",
        "Photographs of the booking room were attached to the letter.",
        "About half of the money has been spent already.",
        "Mayor Ada Brook of the Reform Press Party said no.",
    ],
)
def test_a_sentence_of_the_story_is_told(line: str) -> None:
    """Though it begins as furniture does."""
    assert kept(f"{STORY}\n{line}") == [STORY, line]


def test_what_comes_after_the_end_is_about_the_agency() -> None:
    """Three marks, or a heading that begins with "About", in the lower half."""
    for end in ("###", "# # #", "-30-", "About the Office of Grants"):
        assert kept(f"{STORY}\n{STORY}\n{end}\nThe office was founded in 1968 and gives out grants.") == [STORY, STORY]
    assert kept(f"###\n{STORY}") == [STORY]


@given(st.text(st.characters(codec=None), max_size=600))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    """Each is one line without white space at its ends."""
    spans = list(told(text))

    assert spans == sorted(spans)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
