"""The tools' settings cover the whole tree: nothing escapes a check because it is new."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT, own_files, text_of

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Packages on JAX and scikit-learn, where pyright is strict but for the types that those libraries leave unknown.
LOOSE = {"data", "engine", "families", "nn", "probes"}


@pytest.mark.parametrize(
    ("contract", "packages"),
    [
        ("No JAX in schemas, data and storage", ("schemas", "data", "storage")),
        (
            "No web framework below web",
            ("runs", "exporters", "storage", "engine", "probes", "families", "nn", "data", "schemas"),
        ),
    ],
)
def test_import_contract_names_every_package_it_is_meant_for(contract: str, packages: tuple[str, ...]) -> None:
    contracts = {entry["name"]: entry for entry in PROJECT["tool"]["importlinter"]["contracts"]}
    expected = {f"app.{package}" for package in packages if own_files(f"app/{package}")}
    assert expected <= set(contracts[contract]["source_modules"])


def test_pyright_is_strict_on_every_package_but_those_on_untyped_libraries() -> None:
    strict = set(PROJECT["tool"]["pyright"]["strict"])
    folders = {
        Path(*path.parts[:2]) for path in own_files("app", "tests") if path.suffix == ".py" and len(path.parts) > 2
    }
    missing = {str(folder) for folder in folders if folder.name not in LOOSE} - strict
    assert not missing, "\n".join(sorted(missing))


def test_every_javascript_test_has_the_name_that_make_test_looks_for() -> None:
    unseen = [
        str(path)
        for path in own_files("tests/js")
        if '"node:test"' in text_of(path) and not path.name.endswith(".test.js")
    ]
    assert not unseen, "\n".join(unseen)


def test_no_second_settings_file_overrides_pyproject() -> None:
    rivals = {
        "ruff.toml",
        ".ruff.toml",
        "pytest.toml",
        "pytest.ini",
        "pyrightconfig.json",
        ".importlinter",
        ".djlintrc",
        "setup.cfg",
    }
    assert not [str(path) for path in own_files() if path.name in rivals]
