import pytest

from praxis_ingest.statements.iri import is_iri, is_mailto


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%20#f",
        "course-v1:FUN-MOOC+00002+session01",
        "uuid://7d4f3c70-1e79-4243-9b7d-166076ce8bfb",
        "urn:isbn:0451450523",
        "http://example.com/فعل/خواندن",
        "https://exämple.org/Größe",
        "http://[2001:db8::1]:443/",
        "http://user:pass@example.org/",
        "tag:example.org,2026:x",
        "mailto:ann@example.org",
        "file:///etc/hosts",
        "https://example.org/?private=\ue000",
    ],
)
def test_absolute_iris(text: str) -> None:
    assert is_iri(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org/verb",
        "//example.org",
        "/path",
        "should fail",
        "ab=c://should.fail.com",
        "1http://example.org",
        "http://example.org/a b",
        "http://example.org/<x>",
        "http://example.org/{x}",
        'http://example.org/"x"',
        "http://example.org/a\\b",
        "http://example.org/%zz",
        "http://example.org/%2",
        "http://example.org/[x]",
        "http://example.org:port/",
        "http://example.org/#a#b",
        "http://example.org/\n",
        "http://example.org/\x00",
        "http://example.org/\ue000",
        "://example.org",
    ],
)
def test_what_is_no_absolute_iri(text: str) -> None:
    assert not is_iri(text)


def test_a_long_iri_is_judged_in_linear_time_and_not_remembered() -> None:
    assert is_iri("http://example.org/" + "a" * 1_000_000)
    assert not is_iri("http://example.org/" + "a" * 1_000_000 + " ")
    assert not is_iri("http://" + "a:" * 500_000 + " ")


@pytest.mark.parametrize(
    "text",
    [
        "mailto:ann@example.org",
        "MAILTO:Ann@Example.ORG",
        "mailto:ann.o'neill+tag@mail.example.co.uk",
        "mailto:andré@exämple.org",
        "mailto:ann%40home@example.org",
        "mailto:root@localhost",
        "mailto:ann@[192.0.2.1]",
    ],
)
def test_mail_addresses(text: str) -> None:
    assert is_mailto(text)


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "mailto:",
        "mailto:should.fail.com",
        "http://should.fail.com",
        "mailto:ann@",
        "mailto:@example.org",
        "mailto:ann@example.org,ben@example.org",
        "mailto:ann@example.org?subject=x",
        "mailto:ann@b@example.org",
        "mailto:ann smith@example.org",
        "mailto:ann@example..org",
        "mailto:ann@-example.org",
        "mailto:ann@example.org ",
        "mailto:ann@example.org\n",
        "mailto:" + "a" * 100_000,
    ],
)
def test_what_is_no_mail_address(text: str) -> None:
    assert not is_mailto(text)
