"""Invented documents around one story: four letters of August 2017, four answers, and ordinary neighbours."""

from __future__ import annotations

from datetime import UTC, datetime

PUBLISHED = datetime(2017, 8, 3, 21, 0, tzinfo=UTC)
ANSWERED = datetime(2017, 8, 16, 15, 0, tzinfo=UTC)
FOUR = {("Albuquerque", "NM"), ("Baltimore", "MD"), ("San Bernardino", "CA"), ("Stockton", "CA")}

WIRE_TITLE = "Justice Dept. ties crime-fighting program to jail access in four cities"
WIRE = """\
WASHINGTON (Union Wire) — The Justice Department told four cities on Thursday that they will be shut out of a \
federal crime-fighting program unless they show that their jails work with immigration agents.

The letters went to the police chiefs of Albuquerque, N.M., Baltimore, and San Bernardino and Stockton in \
California. Each had asked to join the Public Safety Partnership, which sends federal agents, analysts and money \
to places with high rates of violence.

The cities have until the middle of the month. Answers are due by Aug. 18, the letters say.

Each chief was asked three things. Does the city let immigration officers into its jails to question inmates? \
Does it give at least 48 hours' notice before it frees somebody the officers want? Will it hold such a person \
for up to 48 hours past the release time when asked?

"A city that shields people from the law should not expect a place at this table," said Attorney General Warren \
Halloway in a statement. He did not take questions.

The program was announced in June with 12 cities, Birmingham, Alabama, and Toledo, Ohio, among them. None of \
those was asked about immigration. Officials would not say why the rule had changed.

Homeland Security has long complained of jails that free people it wants to deport. Chicago sued over a similar \
rule and Los Angeles has said it might follow.

The four cities were quick to answer, and they did not speak with one voice.

In Albuquerque, Mayor Teresa Armijo-Lund disputed the premise. Albuquerque is not a sanctuary city, she said, \
and the county runs the jail. "They have written to the wrong address," she told reporters on Civic Plaza.

Baltimore will cooperate, Police Commissioner Darnell Whitcombe said in an e-mail. Baltimore agreed to send its \
answers before the deadline, he wrote, and its officers have worked beside federal agents for years.

San Bernardino said that it was reviewing the letter. City Attorney Paul Okafor-Reyes said his office would \
study the three questions and report to the council next week.

Stockton refused. Mayor Lucia Brandvold said Stockton will not change how its officers do their work in exchange \
for a seat in a program. "We will not be bullied," she said.

Police unions in two of the cities urged calm. A spokeswoman for the governor of New Mexico declined to comment.

Civil rights lawyers said the department was on thin ice. Only Congress may put conditions on money, said \
Harriet Lindqvist, who teaches law at a university in Virginia.

The department has not said when it will choose the next group of cities. It has set aside about $5 million for \
the program this year. The sum is small beside the grants that cities get for officers and equipment.

Violent crime rose in all four cities last year. Baltimore counted 318 killings. Stockton counted 49.
"""

RELEASE_TITLE = "Department of Justice Asks Four Cities About Cooperation With Immigration Authorities"
RELEASE = """\
FOR IMMEDIATE RELEASE
Thursday, August 3, 2017

The Department of Justice today sent letters to four jurisdictions that have applied to take part in the Public \
Safety Partnership, a program that helps cities fight violent crime. The letters tell the jurisdictions that to \
be considered they must show a commitment to keeping criminal aliens off the street.

"By protecting criminals from immigration enforcement, cities with such policies make all of us less safe," \
Attorney General Warren Halloway said. "We urge them to rethink their position."

Letters were sent to Albuquerque, New Mexico; Baltimore, Maryland; San Bernardino, California; and Stockton, California.

Each jurisdiction is asked to answer by August 18, 2017:

1. Does your jurisdiction have a statute, rule or policy that gives federal immigration officers access to any jail?
2. Does it give at least 48 hours' notice, where practicable, before an alien is released?
3. Does it honor a written request to hold an alien for up to 48 hours beyond the scheduled release time?

Copies of the letters are linked below.
"""

LETTER_TITLE = "Letter to the Albuquerque Police Department"
LETTER_TEXT = """\
U.S. Department of Justice
Office of Justice Programs

Washington, D.C. 20531

August 3, 2017

Chief Ramon Estrella
Albuquerque Police Department
400 Example Avenue NW
Albuquerque, New Mexico 87102

Dear Chief Estrella:

Thank you for the interest of the City of Albuquerque in the Public Safety
Partnership. The Department looks for partners that share its commitment to
reducing violent crime, and the number of places is limi-
ted.

Before your application can be considered, please tell us in writing whether your
jurisdiction meets the following requirements, and attach the statutes, rules or
policies that say so:

1. Does your jurisdiction give officers of the Department of Homeland Security
access to any jail or detention facility in order to meet an alien and ask
about his right to be in the United States?

2. Does your jurisdiction give at least 48 hours' notice, where practicable,
before the release of an alien whom the Department of Homeland Security seeks?

3. Does your jurisdiction hold an alien for up to 48 hours beyond the scheduled
release time when the Department of Homeland Security asks for it in writing?

Please send your answers by August 18, 2017. Jurisdictions that do not answer will
not be eligible for the program.

Sincerely,

Philip Harrowgate
Acting Assistant Attorney General
"""

#: One local answer a city: (title, text, place, stance).
ANSWERS: tuple[tuple[str, str, str, str], ...] = (
    (
        "Mayor: Albuquerque is no sanctuary city, and the jail isn't ours",
        """\
ALBUQUERQUE — The city told the Justice Department on Wednesday that it had the wrong place.

In a two-page reply, Mayor Teresa Armijo-Lund disputed the suggestion that Albuquerque is a sanctuary city and \
pointed out that Bernalillo County, not the city, runs the Metropolitan Detention Center.

"We don't have a jail. We can't open a door we don't own," she said at City Hall.

The department wrote to Albuquerque and three other cities earlier this month. It asked whether immigration \
agents may enter their jails and set an Aug. 18 deadline for anyone who wants to join the Public Safety \
Partnership.

The mayor said the city would still like the help. Police Chief Ramon Estrella, who signed the application in \
May, said he had not heard back.

City councilors are on recess until September.
""",
        "Albuquerque, NM",
        "disputes",
    ),
    (
        "Baltimore says it will comply with federal jail questions",
        """\
Baltimore's police commissioner said Tuesday that the city will comply with a federal request about its jail, a \
step meant to keep it in line for help against violent crime.

Commissioner Darnell Whitcombe said he had agreed to give the Justice Department all the answers it wants. "We \
cooperate with our federal partners every day, and we will cooperate here," he said.

The state of Maryland, he noted, holds the people whom his officers arrest, so part of the answer must come \
from Annapolis.

Earlier this month the department told Baltimore and three other cities that they could lose their chance at a \
federal crime-fighting program if they did not let immigration agents into their jails.

Members of the City Council said that they learned of the reply from the news.
""",
        "Baltimore, MD",
        "complies",
    ),
    (
        "San Bernardino studies reply to sanctuary letter",
        """\
SAN BERNARDINO, Calif. — City officials said Monday that they are still reviewing a letter from the Justice \
Department that asks how the city deals with immigration agents.

City Attorney Paul Okafor-Reyes told the council he is studying the three questions and consulting the county, \
which operates the jail. "We will respond, but we have not yet decided what we will say," he said.

Chief Irene Castellanos said the department's letter puzzled her staff. San Bernardino asked in the spring to be \
part of the Public Safety Partnership, a federal program for cities with a lot of violence, and heard nothing \
until last week, when it was told to answer by Aug. 18 or be left out.

The council meets again on Wednesday.
""",
        "San Bernardino, CA",
        "reviews",
    ),
    (
        "Stockton rejects Justice Department terms",
        """\
STOCKTON — This city will not trade the trust of its residents for a place in a federal program, Mayor Lucia \
Brandvold said Friday.

She refused to sign a statement that the Justice Department had sought on access to jails and on holds for \
immigration agents. "The answer is no," Brandvold said. "We reject the idea that police help comes with \
strings."

Stockton's jail is run by San Joaquin County. The city has no say over who walks in.

The letter was dated Aug. 3 and gave the city two weeks. It said that the Public Safety Partnership would be \
open only to places that let agents into jails and give 48 hours' notice of releases.

Council members backed the mayor, 6-1.
""",
        "Stockton, CA",
        "refuses",
    ),
)

#: More voices for the letter: (title, text, source's place or None, places addressed).
LETTER_STORIES: tuple[tuple[str, str, str | None, frozenset[tuple[str, str]]], ...] = (
    (
        "Feds to Albuquerque: Open jail to ICE or forget crime help",
        """\
The U.S. Justice Department on Thursday warned Albuquerque that it will not get into a federal crime-fighting \
program unless the city gives immigration agents access to jail inmates.

The letter, addressed to the police chief, demands written answers by Aug. 18. It says that cities must also \
give two days' notice before releasing people whom agents want.

Albuquerque applied in May. Its murder rate has climbed for three years.

A police spokesman said that the chief was traveling.
""",
        "Albuquerque, NM",
        frozenset({("Albuquerque", "NM")}),
    ),
    (
        "Four cities get letters on immigration holds",
        """\
Four cities that want federal help with shootings got letters from the Department of Justice instead \
of checks this week.

Albuquerque, Baltimore, Stockton and San Bernardino must say by Aug. 18 if they let agents of Homeland Security \
into their jails, warn them two days before a release, and hold people on request. If they don't, they won't be \
eligible for the Public Safety Partnership, the letters say.

Twelve other cities joined the program in June without such questions.

A department official said that more letters may follow.
""",
        None,
        frozenset(FOUR),
    ),
    (
        "DOJ letter threatens Stockton's federal grants",
        """\
STOCKTON, Calif. — Stockton stands to lose federal grants worth $1.2 million if it keeps a policy that limits \
what officers tell immigration agents, the Justice Department said in a letter made public Monday.

The city has 30 days to certify that it complies with 8 U.S.C. 1373, a law that bars cities from hiding a \
person's immigration status.

The letter is signed by an acting assistant attorney general. It says past awards under the Byrne program may \
have to be repaid.

Officials at City Hall had no immediate comment.
""",
        "Stockton, CA",
        frozenset({("Stockton", "CA")}),
    ),
    (
        "Inland city among four put on notice by Justice Department",
        """\
Good evening. New tonight: San Bernardino is one of four cities in the country put on notice by the Justice Department.

The department says it'll keep the city out of a program that fights gun crime, and the federal money that comes \
with it, unless its police help immigration agents get at people in jail.

The letter arrived this afternoon. It wants an answer by August 18th.

The other three are Stockton, Baltimore and Albuquerque. We've asked all of them for comment.
""",
        "San Bernardino, CA",
        frozenset(FOUR),
    ),
)

#: More voices for the answer: (title, text, source's place, stance).
ANSWER_STORIES: tuple[tuple[str, str, str, str], ...] = (
    (
        "City of Stockton responds to Department of Justice",
        """\
FOR IMMEDIATE RELEASE

The City of Stockton today answered the U.S. Department of Justice. In its reply the City asks the department to \
explain what it wants and to give it an extension until October.

"We asked for clarification because the questions concern a jail that the City does not operate," said City \
Manager Joan Petrakis.

The City applied for federal assistance under the Public Safety Partnership in May. A letter of August 3 made \
that help depend on cooperation with immigration authorities.

The reply is on the City's web page.
""",
        "Stockton, CA",
        "asks",
    ),
    (
        "Council votes to sue over grant terms",
        """\
BALTIMORE — The City Council voted 9-2 Monday night to sue the Justice Department over terms that tie police \
grants to help for immigration agents.

City Solicitor Ada Brightwater said that she would file the lawsuit in federal court this week. "We will see \
them in court," she said.

At stake is about $1 million a year that pays for overtime and a camera program. The department announced in \
July that cities must give immigration agents access to jails to get the money.

Two members said that the city could not afford the fight.
""",
        "Baltimore, MD",
        "sues",
    ),
    (
        "Chief answers Washington in one page",
        """\
San Bernardino does not run a jail, is not a sanctuary city and does not know why it was asked, Police Chief \
Irene Castellanos wrote to the Justice Department in a one-page answer released Friday.

Castellanos disputes that the city has any policy that limits her officers. The county sheriff runs the lockup \
and has let immigration agents in for years, she wrote.

The department had asked San Bernardino and three other cities about their jails before it would let them into a \
program that brings federal agents and funds to places with high crime.
""",
        "San Bernardino, CA",
        "disputes",
    ),
    (
        "Albuquerque won't sign jail pledge",
        """\
Albuquerque will not sign a pledge to help immigration agents, the mayor's office said Thursday, even if it \
means losing a place in a federal crime program.

"We refuse to make our officers do another agency's job," Mayor Teresa Armijo-Lund said in a statement.

The Justice Department had demanded the pledge from four cities as a condition of joining the Public Safety \
Partnership. Its deadline is Friday.
""",
        "Albuquerque, NM",
        "refuses",
    ),
)

#: What surrounds the story and must raise nothing: (title, text).
ORDINARY: tuple[tuple[str, str], ...] = (
    (
        "Public Safety Partnership Adds Training for Three Cities",
        """\
WASHINGTON — The Department of Justice today announced $2.4 million in awards to three cities under the Public \
Safety Partnership. Milwaukee, Memphis and Toledo will receive training, analysts and equipment.

"These grants will help our partners reduce violent crime," the department's program director said.

Memphis will hire two analysts. Toledo will buy cameras. Milwaukee plans to train 60 detectives.

The awards were made after a competitive review. The cities will report on their progress each quarter.

More about the program is on the department's web page.
""",
    ),
    (
        "Former Housing Director Indicted for Stealing Grant Money",
        """\
A federal grand jury indicted the former director of a county housing office on Wednesday, charging that he \
stole $310,000 in federal grant money, the United States Attorney announced.

According to the indictment, Lyle Brannigan, 51, signed false certifications so that the county would receive \
funds under a HUD program. He faces up to 20 years in prison if convicted.

Brannigan must surrender his passport. A trial date has not been set.

The case was investigated by the agency's inspector general. An indictment is an accusation and not proof of guilt.
""",
    ),
    (
        "Judge blocks immigration conditions on police grants",
        """\
CHICAGO — A federal judge on Friday blocked the Justice Department from attaching immigration conditions to \
police grants.

In a 41-page opinion, the judge ruled that the attorney general lacks the power to require cities to give agents \
access to jails or notice of releases. The injunction covers the whole country while the case goes on.

The ruling is the second in a month. A court in Philadelphia reached the same result.

The department said it would appeal. Legal scholars called the opinion thorough.
""",
    ),
    (
        "Texas bill would cut off state money to cities that defy it",
        """\
AUSTIN, Texas — The state Senate passed a bill on Tuesday that would strip state grants from any city that \
limits how its police work with immigration agents.

The measure goes to the House. Under the bill, the state comptroller could withhold sales tax payments from a \
city for each day that it broke the law.

Mayors packed the gallery at the Capitol. The lieutenant governor called the vote a victory for public safety.

The legislature adjourns at the end of May.
""",
    ),
    (
        "University told to change admissions or lose research funds",
        """\
The Education Department has told a private university that it will lose federal research grants unless it \
changes how it admits students.

The letter gives the university 20 days. Its president told professors and students that lawyers were reading it.

The university received $310 million in research money last year. Faculty leaders asked the trustees to refuse.

The company that runs the campus hospital said its own contracts were not affected.
""",
    ),
    (
        "Mayors urge Congress to save block grants",
        """\
WASHINGTON — Mayors from 80 cities urged Congress on Wednesday to reject a proposed budget cut that would end \
community development block grants.

In a letter to the leaders of both appropriations committees, the bipartisan group said the money repairs \
streets and feeds the elderly. "We ask our delegation to stand with us," said the mayor of Dayton.

The House subcommittee takes up the bill in two weeks. Senators said that they expected changes.
""",
    ),
    (
        "What to know about sanctuary cities: an explainer",
        """\
What is a sanctuary city? Here's what to know.

There is no legal definition. The word is used for places that limit what their police do for immigration \
agents. The history goes back to churches in the 1980s.

How many are there? Counts range from a few dozen to several hundred, depending on who does the counting.

Scholars have studied what such policies do to crime. Most studies find no effect, according to one analysis.
""",
    ),
    (
        "County fair opens with pie and a parade",
        """\
The county fair opened on Thursday with a parade that ran long. The mayor rode a tractor. Some 400 pies were entered.

Tickets cost $10, or $6 for children. The money pays for scholarships that the fair board will award in the fall.

The police chief said that parking would be tight. Sunday's demolition derby is sold out.
""",
    ),
    (
        "City council accepts $1.2 million COPS grant for ten officers",
        """\
The council voted unanimously on Monday to accept a federal grant that will pay for ten new officers over three years.

The award from the Justice Department covers three quarters of their pay. The city must keep the officers for a \
year after the grant ends, as in every year.

"We are grateful for the help," the chief said. The officers will start in the spring.
""",
    ),
)
