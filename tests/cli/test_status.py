"""`kaiyaku status` counts the catalogue, and compares it with the served edition."""

import json
from pathlib import Path

import pytest

from app.catalogue.codes import Evidence
from app.settings import ROOT
from tests.cli.command import kaiyaku
from tests.support import builders
from tests.support.databases import Databases


def test_status_counts_by_kind_and_names_the_served_edition(url: str, tmp_path: Path) -> None:
    """The report has a row of counts for each kind of carrier, and the served edition."""
    third_party = builders.source(kind="third_party", copy_dated="2021-04")
    one = {
        "carrier": builders.carrier(sources=[third_party]),
        "cancel": builders.procedure(unknowns=[{"text": builders.text()}]),
    }
    other = {
        "carrier": builders.carrier(kind="travel_esim", products=["esim", "physical_sim"]),
        "cancel": builders.procedure(),
    }
    folder = str(builders.write(tmp_path, {"one": one, "other": other}))
    kaiyaku("migrate", database_url=url)
    before = kaiyaku("status", database_url=url, catalogue=folder)
    kaiyaku("publish", database_url=url, catalogue=folder)

    done = kaiyaku("status", database_url=url, catalogue=folder)

    assert done.returncode == 0
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert rows["mvno"] == [
        "1",
        "1",
        "1",
        "en",
        "ja",
        "zh-Hans",
        "0",
        "0",
        "0",
        "1",
        "1",
        "2021-04",
    ]
    assert rows["travel_esim"] == [
        "1",
        "1",
        "1",
        "en",
        "ja",
        "zh-Hans",
        "1",
        "0",
        "0",
        "0",
        "0",
        "2026",
    ]
    assert rows["all"] == ["2", "2", "2", "en", "ja", "zh-Hans", "1", "0", "0", "1", "1", "2021-04"]
    assert "2 carriers, 2 procedures, 2 steps, 0 findings." in done.stdout
    assert (before.returncode, "serves nothing yet" in before.stdout) == (1, True)
    assert "serves these files as edition 1" in done.stdout


def test_status_fails_unless_the_database_serves_the_files(
    databases: Databases, folder: str
) -> None:
    """If the database serves other files, `status` exits with 1 and names the command to run."""
    url = databases.with_sample()

    done = kaiyaku("status", "--json", database_url=url, catalogue=folder)

    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["catalogue"]["folder"] == folder
    assert report["catalogue"]["findings"] == 0
    assert report["catalogue"]["kinds"]["mvno"] == report["catalogue"]["total"]
    assert report["catalogue"]["total"] == {
        "carriers": 1,
        "procedures": 1,
        "steps": 1,
        "languages": ["en", "ja", "zh-Hans"],
        "evidence": dict.fromkeys(Evidence, 0) | {Evidence.OFFICIAL: 1},
        "unknowns": 0,
        "oldest_source": "2026",
    }
    assert report["database"]["current"] is False
    assert report["database"]["edition"] == 1
    assert "differs from these files. Run: kaiyaku publish" in report["database"]["message"]
    databases.drop(url)


@pytest.mark.own_catalogue
def test_status_of_the_own_catalogue_without_a_database(tmp_path: Path) -> None:
    """Without a database the catalogue is still counted, and no folder is created."""
    done = kaiyaku("status", database_url=f"sqlite:///{tmp_path}/nowhere/none.sqlite3")

    assert done.returncode == 1
    carriers = [path for path in (ROOT / "catalogue" / "carriers").iterdir() if path.is_dir()]
    counted = [path for path in carriers if path.name != "generic"]
    assert f"{len(counted)} carriers" in done.stdout
    assert " 0 findings." in done.stdout
    assert f"cannot be read. The folder {tmp_path}/nowhere" in done.stdout
    assert not (tmp_path / "nowhere").exists()
