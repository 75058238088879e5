"""A company is found by any of its names, however its long vowels are typed."""

import re
from functools import lru_cache

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.authoring.checks.run import check
from app.catalogue.search import fold
from app.settings import ROOT
from tests.support.builders import TODAY

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\uff70\u301c\uff5e~"


@lru_cache
def names() -> list[str]:
    """Return every name of the project's own catalogue that has a long vowel."""
    catalogue, _ = check(ROOT / "catalogue", TODAY)
    assert catalogue is not None
    documents = [files.carrier.document for files in catalogue.carriers.values()]
    everything = {
        name
        for document in documents
        for name in (*document.name.values(), *document.aliases, document.operator or "")
    }
    return sorted(name for name in everything if re.search(r"ー(?![a-zA-Z0-9])", name))


@given(st.data())
@settings(deadline=None)  # the first example reads the catalogue
def test_a_dash_for_a_long_vowel_changes_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names()))
    dash = data.draw(st.sampled_from(DASHES))

    assert fold(re.sub(r"ー(?![a-zA-Z0-9])", dash, name)) == fold(name)


@pytest.mark.parametrize("dash", DASHES)
def test_a_name_typed_with_a_dash_is_found(client: httpx.Client, dash: str) -> None:
    found = client.get("/v1/carriers", params={"q": f"グロ{dash}バルWiFi"}).json()["items"]

    assert found[0]["id"] == "global-wifi"


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("b-mobile", "bmobile"),
        ("Wi-Fi", "wifi"),
        ("レンタル-WiFi", "れんたるwifi"),
        ("楽天-モバイル", "楽天もばいる"),
        ("ルータ-", "るーたー"),
        ("ルータ\uff0d", "るーたー"),
        ("ワイモバイル - 解約", "わいもばいる解約"),
        ("グロ--バル", "ぐろーばる"),
    ],
)
def test_a_dash_elsewhere_separates(query: str, folded: str) -> None:
    assert fold(query) == folded


@pytest.mark.parametrize(
    ("wanted", "closest"),
    [
        ("rakuten", "rakuten-mobile"),
        ("rakutn", "rakuten-mobile"),
        ("Rakuten-Mobile", "rakuten-mobile"),
        ("楽天モバイル", "rakuten-mobile"),
        ("らくてんモバイル", "rakuten-mobile"),
        ("乐天移动", "rakuten-mobile"),
        ("グロ-バルWiFi", "global-wifi"),
        ("soft-bank", "softbank"),
        ("dokomo", "ntt-docomo"),
        ("genric", "generic"),
        ("zzzz", None),
        ("x", None),
    ],
)
def test_an_unknown_id_leads_to_what_the_search_finds(
    client: httpx.Client, wanted: str, closest: str | None
) -> None:
    answer = client.get(f"/v1/carriers/{wanted}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)


@pytest.mark.parametrize(
    ("wanted", "closest"),
    [
        ("cancel", "cancel-online-or-app"),
        ("ONLINE", "cancel-online-or-app"),
        ("cancel-online-or-ap", "cancel-online-or-app"),
        ("zzzz", None),
    ],
)
def test_an_unknown_procedure_leads_to_the_nearest(
    client: httpx.Client, wanted: str, closest: str | None
) -> None:
    answer = client.get(f"/v1/carriers/rakuten-mobile/procedures/{wanted}")

    assert (answer.status_code, answer.json().get("closest")) == (404, closest)
