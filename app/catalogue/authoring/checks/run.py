"""Applies all rules to a catalogue."""

import datetime as dt
from pathlib import Path

from app.catalogue.authoring.checks.carrier import CARRIER_RULES
from app.catalogue.authoring.checks.catalogue import CATALOGUE_RULES
from app.catalogue.authoring.checks.dates import dates_are_not_in_the_future
from app.catalogue.authoring.checks.procedure import PROCEDURE_RULES
from app.catalogue.authoring.checks.shared import files_of
from app.catalogue.authoring.checks.texts import (
    avoided,
    texts_are_in_their_script,
    texts_keep_to_the_glossary,
)
from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import Catalogue, read


def check(folder: Path, today: dt.date) -> tuple[Catalogue | None, list[Finding]]:
    """Return the catalogue and all findings, sorted by file and line.

    The catalogue is None if it cannot be read (`loader.read`). It can be published if all findings
    are warnings.
    """
    catalogue, findings = read(folder)
    if catalogue is not None:
        avoided_words = avoided(catalogue.glossary.document)
        for rule in CATALOGUE_RULES:
            findings.extend(rule(catalogue))
        for carrier in catalogue.carriers.values():
            for carrier_rule in CARRIER_RULES:
                findings.extend(carrier_rule(carrier))
            for procedure in carrier.procedures.values():
                for procedure_rule in PROCEDURE_RULES:
                    findings.extend(procedure_rule(procedure))
        for file in files_of(catalogue):
            findings.extend(texts_are_in_their_script(file))
            findings.extend(texts_keep_to_the_glossary(file, avoided_words))
            findings.extend(dates_are_not_in_the_future(file, today))
    return catalogue, sorted(set(findings))
