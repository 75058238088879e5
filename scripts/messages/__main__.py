"""Maintains the texts of the service.

python -m scripts.messages merge            update the translations from the template
python -m scripts.messages merge --add vi   the same, and add a language (a BCP 47 tag)
python -m scripts.messages check            list mistakes in the texts
"""

import argparse
import sys
from pathlib import Path

import langcodes

from app.i18n import LOCALES
from app.settings import ROOT
from scripts.messages import check, files, merge


def main() -> int:
    """Run a command, and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.messages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="list mistakes in the texts")
    merging = commands.add_parser("merge", help="update the translations from the template")
    merging.add_argument("--add", metavar="TAG", help="add a language, by its BCP 47 tag")
    arguments = parser.parse_args()
    if arguments.command == "check":
        return _check()
    return _merge(arguments.add)


def _check() -> int:
    findings = check.check(ROOT, LOCALES, ROOT / "catalogue")
    for finding in findings:
        print(finding, file=sys.stderr)
    print(f"{len(findings)} findings in the texts." if findings else "The texts have no findings.")
    return 1 if findings else 0


def _merge(tag: str | None) -> int:
    if tag:
        standard_tag = langcodes.standardize_tag(tag)
        if not langcodes.tag_is_valid(tag) or standard_tag != tag:
            print(f"{tag} is not a BCP 47 tag in standard form: {standard_tag}", file=sys.stderr)
            return 1
        files.translation_file(LOCALES, tag).parent.mkdir(parents=True, exist_ok=True)
    for path in merge.write(ROOT, LOCALES):
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
