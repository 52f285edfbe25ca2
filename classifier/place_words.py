"""Words around names of places: what makes one a newspaper, a person or a government, and who lives where."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.words import word_set

_PRESS = word_set(
    "sun eagle times post journal tribune chronicle herald gazette star bee record news press globe daily examiner "
    "register dispatch observer inquirer ledger courier sentinel telegram banner magazine republic statesman mercury "
    "advocate beacon monitor patch reporter review newspaper weekly sun-times express-news world-herald union-tribune "
    "radio television tv podcast"
)
_GROUND = word_set(
    "street avenue ave boulevard blvd road rd drive lane highway parkway plaza bridge river island lake bay hotel "
    "creek canyon mountains valley turnpike tunnel hill square"
)
_LEARNING = word_set("university college institute academy seminary a&m tech polytechnic")
#: After a state's name; "Colorado River", "Texas Tribune".
AFTER_NOT_STATE = _PRESS | _GROUND | _LEARNING
#: After a city's name.
AFTER_NOT_CITY = AFTER_NOT_STATE | word_set("inc corp llc bank airlines company act amendment rule circuit")
#: Capitalised after a name, these are a government or go on with the sentence.
AFTER_GOVERNMENT = word_set(
    "police mayor mayors city county council councilman councilwoman councilmember councilor sheriff sheriffs gov "
    "governor public schools school department dept fire housing metro metropolitan board boards officials chief "
    "commissioner commissioners commission attorney attorneys superintendent transit democrat democrats republican "
    "republicans state secretary supervisor supervisors town parish borough district districts municipal "
    "manager clerk lawmakers legislature senate house ag mayoral and or alderman alderwoman aldermen solicitor health "
    "education dateline law is was has says said unified independent isd area regional transportation water port "
    "airport utilities sanitation parks library community joint consolidated charter common interim acting deputy "
    "assistant vice select selectmen trustees trustee office department's township executive elections election "
    "registrar board's council's authority administrator treasurer controller comptroller assembly ald corporation "
    "human emergency homeless rescue pd monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december jan feb mar apr aug sept oct nov dec i "
    "city's mayor's county's freeholders jail central elementary high middle rapid streets planning finance budget "
    "general legal"
)
BEFORE_PERSON = word_set(
    "mr ms mrs dr judge justice officer detective sgt lt capt det secretary president sen rep senator representative "
    "mayor sheriff gov governor commissioner councilman councilwoman chief attorney general spokesman spokeswoman "
    "reporter professor rev pastor father sister coach congressman congresswoman superintendent director chairman "
    "chairwoman chair supervisor"
)
#: Capitalised before a name, these say nothing of a person.
BEFORE_FINE = word_set(
    "in the from and but of for to at city cities mayor downtown greater metro metropolitan police chief chiefs both "
    "while like when after as if near with only even then so county state states meanwhile also by on neither where "
    "officials sheriff former across that this north south east west northern southern eastern western central dear "
    "re st saint attorney mayors leaders yes no what why how later earlier today yesterday now each every just about "
    "around against monday tuesday wednesday thursday friday saturday sunday will can is are was were says said "
    "unlike u.s us neighboring nearby tiny little suburban rural liberal conservative democratic republican would "
    "should could did does do has have had may might must once since until because though although still yet than "
    "or nor plus per among between within without under over inside outside toward towards through throughout during "
    "before upstate downstate coastal northwest northeast southeast southwest metropolitan another all any some "
    "which who whether not including tell told ask asked make send give let not it they he she we you its their "
    "residents authorities voters lawmakers governors prosecutors more most other others say instead elsewhere "
    "federal local urban largest today's cc bcc subject governments jurisdictions recipient grantee applicant "
    "location place places jan feb mar apr may june july aug sept oct nov dec january february march april august "
    "september october november december two three four five six seven eight nine ten twelve blue red here there "
    "a an my our his her your these those eleven fifteen eighteen twenty hundreds dozens thousands "
    "acting interim vice deputy assistant updated plaintiffs plaintiff defendants defendant respondent counties schools"
)
#: What a city has, behind its name: "Evanston's mayor", "Fargo schools".
AFTER_CITY = word_set(
    "mayor council councilors councilmembers alderman aldermen alderwoman ald selectmen selectboard city town village "
    "solicitor mayoral police cops cop trustees mayor's council's"
)
#: What a county has.
AFTER_COUNTY = word_set("county sheriff sheriff's supervisors commissioners parish counties freeholders sheriffs")
#: What any place has.
AFTER_PLACE = word_set(
    "officials schools school residents leaders lawyer lawyers attorney attorneys manager clerk board department "
    "spokesman spokeswoman spokesperson government ordinance ordinances resolution budget taxpayers voters suburb area "
    "district superintendent public unified housing library transit fire firefighters health administrator policy "
    "policies jail executive registrar deputies commission governor legislature lawmakers law state agency delegation"
)
#: After two capital letters that may be a state.
AFTER_POSTAL = word_set(
    "gov governor gov's ag ag's attorney health dept department lawmakers legislature dot senate house democrats gop "
    "law officials schools state supt secretary governor's budget medicaid voters"
)
#: Postal codes that are words too, or as often something else.
POSTAL_WORDS = word_set("IN OR ME OK HI OH PA MA LA ID DE CO AL MS MD VA PR AS MP VI GU")
#: "Along the Mississippi" is the river.
RIVERS = word_set("mississippi missouri ohio colorado delaware connecticut tennessee illinois arkansas")
#: States that are given names too.
GIVEN_NAMES = word_set("virginia georgia carolina dakota montana indiana tennessee")
#: Places that the Associated Press names without their state: US cities of its list, and New York.
STAND_ALONE = word_set(
    "atlanta baltimore boston chicago cincinnati cleveland dallas denver detroit honolulu houston indianapolis miami "
    "milwaukee minneapolis philadelphia phoenix pittsburgh seattle nyc philly"
) | {
    "las vegas", "los angeles", "new orleans", "oklahoma city", "st louis", "salt lake city", "san antonio",
    "san diego", "san francisco", "new york city",
}  # fmt: skip
#: Parts of New York City.
BOROUGHS = frozenset({"Manhattan", "Brooklyn", "Queens", "The Bronx", "Staten Island"})
#: State capitals speak for their states and are meant before namesakes.
CAPITALS = frozenset(
    {
        "albany NY", "annapolis MD", "augusta ME", "austin TX", "baton rouge LA", "bismarck ND", "boise ID",
        "carson city NV", "charleston WV", "cheyenne WY", "columbia SC", "columbus OH", "concord NH", "des moines IA",
        "dover DE", "frankfort KY", "harrisburg PA", "hartford CT", "helena MT", "jackson MS", "jefferson city MO",
        "juneau AK", "lansing MI", "lincoln NE", "little rock AR", "madison WI", "montgomery AL", "montpelier VT",
        "nashville TN", "olympia WA", "pierre SD", "providence RI", "raleigh NC", "richmond VA", "sacramento CA",
        "st paul MN", "salem OR", "santa fe NM", "springfield IL", "tallahassee FL", "topeka KS", "trenton NJ",
    }
)  # fmt: skip
#: Who lives in a state names it.
PEOPLE_OF: Mapping[str, str] = {
    "alabamians": "AL", "alaskans": "AK", "arizonans": "AZ", "arkansans": "AR", "californians": "CA",
    "coloradans": "CO", "delawareans": "DE", "floridians": "FL", "georgians": "GA", "hoosiers": "IN", "idahoans": "ID",
    "illinoisans": "IL", "iowans": "IA", "kansans": "KS", "kentuckians": "KY", "louisianans": "LA", "mainers": "ME",
    "marylanders": "MD", "michiganders": "MI", "minnesotans": "MN", "mississippians": "MS", "missourians": "MO",
    "montanans": "MT", "nebraskans": "NE", "nevadans": "NV", "new jerseyans": "NJ", "new mexicans": "NM",
    "north carolinians": "NC", "north dakotans": "ND", "ohioans": "OH", "oklahomans": "OK", "oregonians": "OR",
    "pennsylvanians": "PA", "rhode islanders": "RI", "south carolinians": "SC", "south dakotans": "SD",
    "tennesseans": "TN", "texans": "TX", "utahns": "UT", "vermonters": "VT", "virginians": "VA",
    "west virginians": "WV", "wisconsinites": "WI", "wyomingites": "WY",
}  # fmt: skip
