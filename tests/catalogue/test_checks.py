"""The checks find every kind of mistake, with its file, line and fix."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest
import yaml

from app.catalogue.authoring.checks.run import check
from app.catalogue.authoring.findings import Finding
from tests.support import builders
from tests.support.builders import TODAY, Content
from tests.support.sample import rule

Files = dict[str, Content]


def findings(folder: Path, files: Files, retired: Content | None = None) -> list[Finding]:
    return check(builders.write(folder, {"example": files}, retired), TODAY)[1]


def test_a_sound_catalogue_has_no_findings(tmp_path: Path) -> None:
    """A valid carrier with a valid procedure has no findings."""
    assert findings(tmp_path, {"cancel": builders.procedure()}) == []


def _procedure(**fields: object) -> Files:
    return {"cancel": builders.procedure(**fields)}


def _step(**fields: object) -> Files:
    return _procedure(steps=[builders.step() | fields])


def _carrier(**fields: object) -> Files:
    return {"carrier": builders.carrier(**fields), "cancel": builders.procedure()}


def _contact(**fields: object) -> Files:
    contact = {
        "channel": "phone",
        "address": "03-1234-5678",
        "label": builders.text(),
        "from_abroad": "unknown",
        "sources": ["S1"],
    }
    return _carrier(contacts=[contact | fields])


class Mistake(NamedTuple):
    """Files with a mistake, and the finding: its file, the end of its field, and its words."""

    files: Files
    file: str
    field: str
    problem: str


class Breakage(NamedTuple):
    """A change that breaks a valid catalogue, and the finding: its file and its words."""

    spoil: Callable[[Path], None]
    file: str
    problem: str


MISTAKES: Final[dict[str, Mistake]] = {
    "an unknown key": Mistake(_procedure(chanel="web"), "cancel.yaml", "chanel", "not a known key"),
    "a missing field": Mistake(
        {"cancel": {name: value for name, value in builders.procedure().items() if name != "goal"}},
        "cancel.yaml",
        "goal",
        "`goal` is missing",
    ),
    "a missing language": Mistake(
        _procedure(title={"en": "Words", "ja": "ことば"}),
        "cancel.yaml",
        "title",
        "missing in zh-Hans",
    ),
    "an empty language": Mistake(
        _procedure(title=builders.text(ja=" ")),
        "cancel.yaml",
        "title",
        "missing in ja",
    ),
    "a code that does not exist": Mistake(
        _procedure(goal="cancel"),
        "cancel.yaml",
        "goal",
        "not one of the allowed values",
    ),
    "a step without a source": Mistake(
        _step(sources=[]),
        "cancel.yaml",
        "steps.0.sources",
        "no source is cited",
    ),
    "a rule without a source": Mistake(
        _procedure(timing=[{"kind": "porting_number", "days": 15, "sources": []}]),
        "cancel.yaml",
        "timing.0.porting_number.sources",
        "no source is cited",
    ),
    "a rule of an unknown kind": Mistake(
        _procedure(timing=[{"kind": "magic", "sources": ["S1"]}]),
        "cancel.yaml",
        "timing.0",
        "not a known kind",
    ),
    "a citation of no source": Mistake(
        _step(sources=["S9"]),
        "cancel.yaml",
        "steps.0.sources.0",
        "no source has the id S9",
    ),
    "a source that nothing cites": Mistake(
        _carrier(sources=[builders.source(), builders.source(id="S2", url="https://example.com/")]),
        "carrier.yaml",
        "sources.1",
        "S2 is never cited",
    ),
    "two sources with one id": Mistake(
        _carrier(sources=[builders.source(), builders.source(url="https://example.com/")]),
        "carrier.yaml",
        "sources.0.id",
        "several sources have the id S1",
    ),
    "two sources with one address": Mistake(
        _carrier(sources=[builders.source(), builders.source(id="S2")]),
        "carrier.yaml",
        "sources.1.url",
        "same URL",
    ),
    "an address that is no address": Mistake(
        _carrier(website="example.jp"),
        "carrier.yaml",
        "website",
        "not a web address",
    ),
    "a date that is no date": Mistake(
        _procedure(compiled_on="yesterday"),
        "cancel.yaml",
        "compiled_on",
        "date",
    ),
    "a date in the future": Mistake(
        _procedure(compiled_on="2030-01-02"),
        "cancel.yaml",
        "compiled_on",
        "in the future",
    ),
    "a copy of the future": Mistake(
        _carrier(sources=[builders.source(copy_dated="2031-02")]),
        "carrier.yaml",
        "sources.0.copy_dated",
        "in the future",
    ),
    "two steps with one key": Mistake(
        _procedure(steps=[builders.step(), builders.step()]),
        "cancel.yaml",
        "steps.1.key",
        "several steps have the key sign-in",
    ),
    "a required step that does not exist": Mistake(
        _step(requires=["nothing"]),
        "cancel.yaml",
        "steps.0.requires.0",
        "no step has the key nothing",
    ),
    "a required step that comes later": Mistake(
        _procedure(steps=[builders.step("a", requires=["b"]), builders.step("b")]),
        "cancel.yaml",
        "steps.0.requires.0",
        "does not come before",
    ),
    "steps that require each other": Mistake(
        _procedure(steps=[builders.step("a", requires=["b"]), builders.step("b", requires=["a"])]),
        "cancel.yaml",
        "requires",
        "require each other",
    ),
    "an unknown need": Mistake(
        _step(needs=["courage"]),
        "cancel.yaml",
        "steps.0.needs.0",
        "not a known need",
    ),
    "a replacement that is no need": Mistake(
        _step(needs=["line_pin"], replaced_by={"line_pin": [["courage"]]}),
        "cancel.yaml",
        "steps.0.replaced_by.1",
        "not a known need",
    ),
    "a replacement for what the step does not need": Mistake(
        _step(replaced_by={"line_pin": [["birth_date"]]}),
        "cancel.yaml",
        "steps.0.replaced_by.line_pin",
        "does not need line_pin",
    ),
    "a paper instead of one that is not listed": Mistake(
        _procedure(documents=[{"code": "passport", "instead_of": ["residence_card"]}]),
        "cancel.yaml",
        "documents.0",
        "residence_card is not a document of this procedure",
    ),
    "a condition of a procedure for everybody": Mistake(
        _procedure(only_lacking=["sim_card"]),
        "cancel.yaml",
        "only_lacking",
        "not conditional",
    ),
    "a cancellation that restores access": Mistake(
        _procedure(restores=["account_login"]),
        "cancel.yaml",
        "restores",
        "restores and the goal restore_access",
    ),
    "access recovery that supports nothing": Mistake(
        _procedure(goal="restore_access", outcome="access_restored", restores=["line_pin"]),
        "cancel.yaml",
        "goal",
        "supports other procedures",
    ),
    "an unknown loss": Mistake(
        _step(loses=["hope"]),
        "cancel.yaml",
        "steps.0.loses.0",
        "not a known loss",
    ),
    "an unknown document": Mistake(
        _procedure(documents=["papyrus"]),
        "cancel.yaml",
        "documents.0",
        "not a known document",
    ),
    "an outcome that contradicts the goal": Mistake(
        _procedure(outcome="paused"),
        "cancel.yaml",
        "outcome",
        "is not an outcome of",
    ),
    "a shop visit from abroad": Mistake(
        _procedure(from_abroad="possible", steps=[builders.step(needs=["shop_visit"])]),
        "cancel.yaml",
        "steps.0.needs",
        "contradicts from_abroad",
    ),
    "a fee without its purpose": Mistake(
        _procedure(fees=[{"what": builders.text(), "amount": None, "sources": ["S1"]}]),
        "cancel.yaml",
        "fees.0",
        "has no kind",
    ),
    "a fee of a plan the carrier does not have": Mistake(
        _procedure(
            fees=[
                {
                    "what": builders.text("Fee", "料金", "费用"),
                    "kind": "early_cancellation",
                    "amount": None,
                    "period": {"plans": ["gold"]},
                    "sources": ["S1"],
                }
            ]
        ),
        "cancel.yaml",
        "fees.0.period.plans.0",
        "no plan with the id gold",
    ),
    "a free month of a plan the carrier does not have": Mistake(
        _procedure(timing=[rule("free_months", month=25, plans=["gold"])]),
        "cancel.yaml",
        "timing.0.plans.0",
        "no plan with the id gold",
    ),
    "a plan the carrier does not have": Mistake(
        _procedure(
            applies_to={"products": ["physical_sim"], "contracts": ["postpaid"], "plans": ["gold"]}
        ),
        "cancel.yaml",
        "applies_to.plans.0",
        "no plan with the id gold",
    ),
    "a product the carrier does not have": Mistake(
        _procedure(applies_to={"products": ["esim"], "contracts": ["postpaid"]}),
        "cancel.yaml",
        "applies_to.products.0",
        "does not list the product esim",
    ),
    "Chinese in Japanese": Mistake(
        _procedure(title=builders.text(ja="请说")),
        "cancel.yaml",
        "title.ja",
        "请说 is not ja script",
    ),
    "Japanese in Chinese": Mistake(
        _procedure(title=builders.text(zh="支払う")),
        "cancel.yaml",
        "title.zh-Hans",
        "払う is not zh-Hans script",
    ),
    "Traditional in Simplified Chinese": Mistake(
        _procedure(title=builders.text(zh="解約")),
        "cancel.yaml",
        "title.zh-Hans",
        "約 is not",
    ),
    "Japanese in English": Mistake(
        _procedure(title=builders.text(en="Press 解約")),
        "cancel.yaml",
        "title.en",
        "解約 is not en script",
    ),
    "a phone number without a source": Mistake(
        _procedure(unknowns=[{"text": builders.text(en="Call 03-1234-5678")}]),
        "cancel.yaml",
        "unknowns.0.text.en",
        "cites no source",
    ),
    "a web address without a source": Mistake(
        _carrier(scope=builders.text(en="See https://example.jp/")),
        "carrier.yaml",
        "scope.en",
        "cites no source",
    ),
    "two phone numbers in one contact": Mistake(
        _contact(address="0120-000-000 / 0570-000-000"),
        "carrier.yaml",
        "contacts.0.address",
        "is not one phone number",
    ),
    "a phone number without its area code": Mistake(
        _contact(address="1234-5678"),
        "carrier.yaml",
        "contacts.0.address",
        "is not one phone number",
    ),
    "a free number that is said to work from abroad": Mistake(
        _contact(address="0120-000-000", from_abroad="possible"),
        "carrier.yaml",
        "contacts.0.from_abroad",
        "cannot be dialled from outside Japan",
    ),
    "a topic that does not exist": Mistake(
        _contact(topics=["weather"]),
        "carrier.yaml",
        "contacts.0.topics.0",
        "not one of the allowed values",
    ),
    "a related procedure that does not exist": Mistake(
        _procedure(related=["nothing"]),
        "cancel.yaml",
        "related.0",
        "no procedure nothing",
    ),
    "a file whose name cannot be an id": Mistake(
        {"Cancel_It": builders.procedure()},
        "Cancel_It.yaml",
        "",
        "cannot be an id",
    ),
}


@pytest.mark.parametrize(("files", "file", "field", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_found_in_its_place(
    tmp_path: Path, files: Files, file: str, field: str, problem: str
) -> None:
    """Each mistake is a finding of its file and field, with a line and a fix."""
    found = findings(tmp_path, files)

    here = [
        finding
        for finding in found
        if finding.file == f"carriers/example/{file}" and finding.field.endswith(field)
    ]
    assert any(problem in finding.problem for finding in here), found
    assert all(finding.line >= 1 and finding.fix for finding in found)


def test_a_quotation_may_be_in_another_script(tmp_path: Path) -> None:
    """Words in Japanese quotation marks may be Japanese in any language."""
    title = builders.text(en="Press 「解約する」", zh="点击「解約する」")

    assert findings(tmp_path, _procedure(title=title)) == []


@pytest.mark.parametrize(
    ("address", "from_abroad"),
    [
        ("03-1234-5678", "possible"),
        ("0120-000-000", "unknown"),
        ("+81-120-000-000", "possible"),
        (None, "possible"),
    ],
)
def test_a_consistent_phone_contact_has_no_findings(
    tmp_path: Path, address: str | None, from_abroad: str
) -> None:
    """A number that can be dialled as `from_abroad` states, or none, is no mistake."""
    assert findings(tmp_path, _contact(address=address, from_abroad=from_abroad)) == []


def test_a_finding_names_the_line_of_the_field(tmp_path: Path) -> None:
    """The line of a finding is that of the field in its file."""
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure(outcome="paused")}})
    lines = (folder / "carriers/example/cancel.yaml").read_text(encoding="utf-8").splitlines()

    (finding,) = check(folder, TODAY)[1]

    assert lines[finding.line - 1] == "outcome: paused"


def _spoil(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return spoil


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _misplace_a_file(folder: Path) -> None:
    (folder / "carriers" / "note.txt").write_text("?")


def _without_app(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "  app: {" not in line)


BROKEN: Final[dict[str, Breakage]] = {
    "a key that is there twice": Breakage(
        _spoil("carriers/example/cancel.yaml", lambda text: f"{text}goal: port_out\n"),
        "carriers/example/cancel.yaml",
        "appears twice",
    ),
    "a file that is not YAML": Breakage(
        _spoil("carriers/example/cancel.yaml", lambda text: f"{text}  : ["),
        "carriers/example/cancel.yaml",
        "not YAML",
    ),
    "an empty file": Breakage(
        _spoil("carriers/example/cancel.yaml", lambda _: ""),
        "carriers/example/cancel.yaml",
        "is empty",
    ),
    "a file in the wrong place": Breakage(
        _misplace_a_file,
        "carriers/note.txt",
        "not part of the catalogue",
    ),
    "a missing file": Breakage(_remove("retired.yaml"), "retired.yaml", "missing"),
    "a carrier's folder without the carrier": Breakage(
        _remove("carriers/example/carrier.yaml"),
        "carriers/example/carrier.yaml",
        "missing",
    ),
    "a code without a name": Breakage(
        _spoil("vocabulary.yaml", _without_app),
        "vocabulary.yaml",
        "app has no name",
    ),
    "a retired procedure that is still there": Breakage(
        _spoil("retired.yaml", lambda _: "procedures: {example/cancel: null}\n"),
        "retired.yaml",
        "still in the catalogue",
    ),
    "a successor that does not exist": Breakage(
        _spoil("retired.yaml", lambda _: "procedures: {example/old: example/nothing}\n"),
        "retired.yaml",
        "does not exist",
    ),
}


@pytest.mark.parametrize(("spoil", "file", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_a_finding(
    tmp_path: Path, spoil: Callable[[Path], None], file: str, problem: str
) -> None:
    """A file that is broken, missing or misplaced is a finding and not an exception."""
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})
    spoil(folder)

    found = check(folder, TODAY)[1]

    assert any(finding.file == file and problem in finding.problem for finding in found), found


def test_all_mistakes_of_several_files_are_found_at_once(tmp_path: Path) -> None:
    """One check lists the mistakes of every file."""
    folder = builders.write(
        tmp_path,
        {
            "one": {"cancel": builders.procedure(goal="cancel", chanel="web")},
            "two": {
                "cancel": builders.procedure(
                    steps=[builders.step(sources=["S9"], needs=["courage"])]
                )
            },
        },
    )

    found = check(folder, TODAY)[1]

    assert {(finding.file, finding.field) for finding in found} >= {
        ("carriers/one/cancel.yaml", "goal"),
        ("carriers/one/cancel.yaml", "chanel"),
        ("carriers/two/cancel.yaml", "steps.0.sources.0"),
        ("carriers/two/cancel.yaml", "steps.0.needs.0"),
    }


def test_yaml_1_1_words_and_times_stay_text(tmp_path: Path) -> None:
    """A time such as 20:00 is text, as in YAML 1.2, and not a number of seconds."""
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})
    path = folder / "carriers/example/cancel.yaml"
    rule = "timing:\n- {kind: acceptance, same_day_until: 20:00, sources: [S1]}\n"
    path.write_text(
        path.read_text(encoding="utf-8").replace("compiled_on", f"{rule}compiled_on"),
        encoding="utf-8",
    )

    catalogue, found = check(folder, dt.date(2027, 1, 1))

    assert found == []
    assert catalogue is not None
    assert (
        catalogue.carriers["example"]
        .procedures["cancel"]
        .document.timing[0]
        .model_dump()["same_day_until"]
        == "20:00"
    )


def _with_glossary(folder: Path, **words: str) -> list[Finding]:
    """Return the findings for a title of these words under a glossary that avoids some."""
    glossary = [
        {
            "term": "end",
            "words": builders.text("cancel", "解約", "解约"),
            "avoid": {"en": ["terminat"], "zh-Hans": ["退订"]},
        }
    ]
    procedure = builders.procedure(title=builders.text(**words))
    return check(
        builders.write(folder, {"example": {"cancel": procedure}}, glossary=glossary), TODAY
    )[1]


@pytest.mark.parametrize(("language", "words"), [("en", "Terminate it"), ("zh", "办理退订")])
def test_a_word_that_the_glossary_avoids_is_a_warning(
    tmp_path: Path, language: str, words: str
) -> None:
    """A word to avoid is a warning on the text, in each language."""
    (found,) = _with_glossary(tmp_path, **{language: words})

    assert found.warning
    assert found.field.startswith("title.")
    assert "the glossary avoids" in found.problem
    assert "warning: " in str(found)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Determinate"),
        ("en", "Press “Terminate”"),
        ("ja", "「退订」を押す"),
        ("zh", "点击“退订”"),
    ],
)
def test_a_quoted_word_is_not_avoided(tmp_path: Path, language: str, words: str) -> None:
    """Quoted words, parts of words and words of another language are not avoided."""
    assert _with_glossary(tmp_path, **{language: words}) == []


def test_an_advice_that_points_nowhere_is_a_finding(tmp_path: Path) -> None:
    """An advice that names a procedure which does not exist is a finding."""
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})
    advice = {
        "key": "see",
        "kind": "precaution",
        "title": builders.text(),
        "text": builders.text(),
        "sources": ["S1"],
    }
    pointing = {
        "advice": [advice | {"procedures": ["example/cancel", "example/nothing"]}],
        "sources": [builders.source()],
    }
    (folder / "advice.yaml").write_text(
        yaml.safe_dump(pointing, allow_unicode=True), encoding="utf-8"
    )

    (found,) = check(folder, TODAY)[1]

    assert (found.file, found.field) == ("advice.yaml", "advice.0.procedures.1")
    assert "no procedure example/nothing" in found.problem


@pytest.mark.parametrize(
    ("name", "typo", "key"),
    [
        ("identification.yaml", "acces_points", "access_points"),
        ("regulation.yaml", "fee_cap", "fee_caps"),
        ("advice.yaml", "advise", "advice"),
        ("example/cancel.yaml", "chanel", "channel"),
    ],
)
def test_a_typo_suggests_a_key_of_its_own_file(
    tmp_path: Path, name: str, typo: str, key: str
) -> None:
    """The fix for an unknown key is the most similar key of the same file."""
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})
    path = folder / (f"carriers/{name}" if "/" in name else name)
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | {typo: []}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")

    found = [finding for finding in check(folder, TODAY)[1] if finding.field == typo]

    assert [finding.fix for finding in found] == [f"did you mean `{key}`?"]
