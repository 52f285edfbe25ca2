"""Addresses that must not be dialled: our own forms of URL, and spellings that hypothesis makes."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

#: Networks of which the made-up spellings take an address, by its first octets.
_PRIVATE = (
    (127,),
    (0,),
    (10,),
    (100, 64),
    (100, 127),
    (168, 63, 129, 16),
    (169, 254),
    (169, 254, 169, 254),
    (172, 16),
    (192, 168),
    (198, 18),
)
_DIGITS = (
    "0123456789",
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "\u24ea\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468",
    "\U0001d7ce\U0001d7cf\U0001d7d0\U0001d7d1\U0001d7d2\U0001d7d3\U0001d7d4\U0001d7d5\U0001d7d6\U0001d7d7",
)
_DOTS = (".", ".", "\u3002", "\uff0e", "\uff61")
_NOTATIONS = ("{}", "{}", "0{:o}", "{:#x}", "000{:o}")

#: Hosts as they may stand in a URL, beside those of the list; `{p}` is ":port".
_HOSTS = (
    # The cloud's own services, in the notations that the list has for loopback.
    "169.254.169.254{p}", "2852039166{p}", "0xa9fea9fe{p}", "0251.0376.0251.0376{p}", "169.16689662{p}",
    "[::ffff:169.254.169.254]{p}", "[::ffff:a9fe:a9fe]{p}", "[64:ff9b::a9fe:a9fe]{p}", "[2002:a9fe:a9fe::]{p}",
    "[fd00:ec2::254]{p}", "168.63.129.16{p}", "192.0.0.192{p}", "169.254.169.254.{p}",
    "169\u3002254\u3002169\u3002254{p}",
    # Private, shared, local, multicast and reserved.
    "10.0.0.1{p}", "10.1{p}", "0xa000001{p}", "012.0.0.1{p}", "[::ffff:a00:1]{p}", "100.64.0.1{p}", "1681915905{p}",
    "172.16.0.1{p}", "192.168.0.1{p}", "192.0.2.1{p}", "198.18.0.1{p}", "224.0.0.1{p}", "240.0.0.1{p}",
    "255.255.255.255{p}", "0.0.0.1{p}", "[fd00::1]{p}", "[fe80::1%25lo]{p}", "[fec0::1]{p}", "[ff02::1]{p}",
    "[2001:0:7f00:1::]{p}", "[64:ff9b:1::7f00:1]{p}", "[::ffff:0:127.0.0.1]{p}", "[2001:db8::1]{p}", "[100::1]{p}",
    "[0000:0000:0000:0000:0000:0000:0000:0001]{p}", "[::0001]{p}", "[2620:0:1::200:5efe:7f00:1]{p}",
    # Letters and digits that become others.
    "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54{p}", "loc\u00adalhost{p}", "local\u200bhost{p}",
    "\U0001d7cf\U0001d7d0\U0001d7d5.\U0001d7ce.\U0001d7ce.\U0001d7cf{p}", "\uff11\uff12\uff17.0.0.1{p}",
    "%6c%6f%63alhost{p}", "127%2e0%2e0%2e1{p}", "%31%32%37.0.0.1{p}", "localhost%2e{p}", "LocalHost.{p}",
    "\u0661\u0662\u0667.\u0660.\u0660.\u0661{p}", "localhost.localdomain{p}", "ip6-localhost{p}",
    "127.0.0.1.nip.example{p}",
    # Who is asked, and who is only named.
    "user:word@127.0.0.1{p}", "127.0.0.1{p}@example.org", "example.org{p}@127.0.0.1{p}", "@127.0.0.1{p}",
    "127.0.0.1{p}\\@example.org", "example.org\\@127.0.0.1{p}", "127.0.0.1{p}#@example.org",
    "127.0.0.1{p}?@example.org",
    "127.0.0.1{p};example.org", "127.0.0.1%00.example.org{p}", "127.0.0.1%23@example.org{p}", "127.0.0.1\t{p}",
    "127.0.0.1%0d%0a{p}", "127.0.0.1\r\nHost:%20example.org{p}", " 127.0.0.1{p}", "127.0.0.1,example.org{p}",
)  # fmt: skip
#: Whole addresses, which name no scheme, two, another one, or a port in another way.
_FORMS = (
    "//127.0.0.1{p}/canary", "///127.0.0.1{p}/canary", "\\\\127.0.0.1{p}\\canary", "/\\127.0.0.1{p}/canary",
    "http:127.0.0.1{p}/canary", "http:/127.0.0.1{p}/canary", "http:///127.0.0.1{p}/canary", "http:\\\\127.0.0.1{p}",
    "hTtP://127.0.0.1{p}/canary", " http://127.0.0.1{p}/canary", "ht\ntp://127.0.0.1{p}/", "http://\t127.0.0.1{p}/",
    "http://127.0.0.1{p}\x00/", "http://127.0.0.1:000{n}/canary", "http://127.0.0.1:{over}/canary",
    "http://127.0.0.1{p}:80/", "http://127.0.0.1:/canary", "http://127.0.0.1: {n}/", "http://127.0.0.1:+{n}/",
    "https://127.0.0.1{p}/canary", "https://[::1]{p}/canary", "http://http://127.0.0.1{p}/", "http://[[::1]]{p}/",
    "url:http://127.0.0.1{p}/", "view-source:http://127.0.0.1{p}/", "jar:http://127.0.0.1{p}!/x", "unix:/tmp/socket",
    "ws://127.0.0.1{p}/", "gopher://127.0.0.1{p}/_GET%20/", "dict://127.0.0.1{p}/info", "ldap://127.0.0.1{p}/",
    "ftp://127.0.0.1{p}/x", "sftp://127.0.0.1{p}/x", "tftp://127.0.0.1{p}/x", "smb://127.0.0.1{p}/x",
    "file:///etc/hostname", "file://127.0.0.1/etc/hostname", "data:text/html,x", "javascript:1", "s3://bucket/key",
    "about:blank", "blob:http://127.0.0.1{p}/x", "netdoc:///etc/hostname", "php://input", "http://", "http://?",
    "http://:",
)  # fmt: skip


def own_forms(port: int) -> list[str]:
    """Return the addresses written for this test."""
    values = {"p": f":{port}", "n": str(port), "over": str(port + 65536)}
    hosts = [f"http://{host.format(**values)}/canary" for host in _HOSTS]
    return hosts + [form.format(**values) for form in _FORMS]


def made_up(port: int, count: int) -> list[str]:
    """Return distinct spellings of private addresses, other ones at each run of the tests."""
    return [f"http://{host}:{port}/canary" for host in _made_up(count)]


@cache
def _made_up(count: int) -> list[str]:
    found: dict[str, None] = {}

    @settings(
        max_examples=2 * count,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(_hosts())
    def collect(host: str) -> None:
        found[host] = None

    collect()
    assert len(found) >= count
    return list(found)[:count]


@st.composite
def _hosts(draw: st.DrawFn) -> str:
    first = draw(st.sampled_from(_PRIVATE))
    rest = draw(st.binary(min_size=4 - len(first), max_size=4 - len(first)))
    address = IPv4Address(bytes(first) + rest)
    host = draw(_version_4(address) if draw(st.booleans()) else st.sampled_from(_version_6(address)))
    return draw(st.sampled_from(("", "", "", "", "", "", "user@", "example.org:80@"))) + host


@st.composite
def _version_4(draw: st.DrawFn, address: IPv4Address) -> str:
    """Spell an address as inet_aton takes it: one to four numbers, decimal, octal or hexadecimal, in odd digits."""
    octets = address.packed
    parts = draw(st.integers(1, 4))
    numbers = [*octets[: parts - 1], int.from_bytes(octets[parts - 1 :], "big")]
    text = ".".join(draw(st.sampled_from(_NOTATIONS)).format(number) for number in numbers)
    text = text.translate(str.maketrans(_DIGITS[0], draw(st.sampled_from((_DIGITS[0], *_DIGITS)))))
    text = text.replace(".", draw(st.sampled_from(_DOTS)))
    text = draw(st.sampled_from((text, text, text.upper(), f"{text}.")))
    if draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(text) - 1))
        text = f"{text[:at]}{''.join(f'%{byte:02x}' for byte in text[at].encode())}{text[at + 1 :]}"
    return text


def _version_6(address: IPv4Address) -> tuple[str, ...]:
    """Return addresses that carry this one inside, and local ones with its bits."""
    high, low = int(address) >> 16, int(address) & 0xFFFF
    return (
        f"[::ffff:{address}]",
        f"[::FFFF:{high:x}:{low:x}]",
        f"[0:0:0:0:0:ffff:{high:04x}:{low:04x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b::{high:x}:{low:x}]",
        f"[64:ff9b:1::{high:x}:{low:x}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[2001:0:{high:x}:{low:x}::]",
        f"[fd00::{high:x}:{low:x}]",
        f"[fe80::{high:x}:{low:x}%25lo]",
        f"[2620:0:1::5efe:{high:x}:{low:x}]",
    )
