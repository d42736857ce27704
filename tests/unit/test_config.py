"""Where a project keeps its things, and how wrong settings are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alembic_vibe.config import SETTINGS, load_project, package_name
from alembic_vibe.config_rules import RULES
from alembic_vibe.diagnostics import ConfigurationError

INI = "[alembic]\nscript_location = %(here)s/migrations\n"


@pytest.fixture(autouse=True)
def _no_alembic_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / {"ini": "alembic.ini", "toml": "pyproject.toml"}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def refused(root: Path, config: Path | None = None) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_project(config, root)
    return caught.value


def test_the_ini_alone_gives_every_path(tmp_path: Path) -> None:
    write(tmp_path, ini=INI)
    project = load_project(None, tmp_path)
    assert project.root == tmp_path
    assert project.script_location == tmp_path / "migrations"
    assert project.version_locations == (tmp_path / "migrations/versions",)
    assert project.spec == tmp_path / "docs/06-technical-specification.md"
    assert project.models == tmp_path / "app/models"
    assert project.models_module == "app.models"
    assert project.seeds == tmp_path / "seeds"
    assert project.tests == tmp_path / "tests/migrations"
    assert project.shown(project.models) == "app/models"


def test_settings_of_pyproject_win(tmp_path: Path) -> None:
    toml = '[tool.alembic-vibe]\nspec = "spec.md"\npackage = "shop.core"\nseeds = "data"\ntests = "t"\n'
    write(tmp_path, ini=INI, toml=toml)
    project = load_project(None, tmp_path)
    assert (project.package, project.spec, project.seeds, project.tests) == (
        "shop.core",
        tmp_path / "spec.md",
        tmp_path / "data",
        tmp_path / "t",
    )
    assert project.models_module == "shop.core.models"


def test_a_package_below_src_is_found(tmp_path: Path) -> None:
    (tmp_path / "src/shop").mkdir(parents=True)
    write(tmp_path, ini=INI, toml='[tool.alembic-vibe]\npackage = "shop"\n')
    project = load_project(None, tmp_path)
    assert project.models == tmp_path / "src/shop/models"
    assert project.models_module == "shop.models"


def test_the_only_package_with_models_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "shop/models").mkdir(parents=True)
    (tmp_path / "shop/__init__.py").touch()
    write(tmp_path, ini=INI)
    assert load_project(None, tmp_path).package == "shop"


def test_pyproject_alone_is_enough(tmp_path: Path) -> None:
    locations = '["%(here)s/db/versions", "%(here)s/more"]'
    write(tmp_path, toml=f'[tool.alembic]\nscript_location = "%(here)s/db"\nversion_locations = {locations}\n')
    project = load_project(None, tmp_path)
    assert project.ini is None
    assert project.script_location == tmp_path / "db"
    assert project.version_locations == (tmp_path / "db/versions", tmp_path / "more")


def test_the_ini_comes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path, ini=INI, toml='[tool.alembic]\nscript_location = "%(here)s/other"\n')
    assert load_project(None, tmp_path).script_location == tmp_path / "migrations"


def test_the_config_option_and_the_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deploy.ini").write_text(INI.replace("migrations", "deploy"))
    write(tmp_path, ini=INI)
    assert load_project(Path("deploy.ini"), tmp_path).script_location == tmp_path / "deploy"
    monkeypatch.setenv("ALEMBIC_CONFIG", "deploy.ini")
    assert load_project(None, tmp_path).script_location == tmp_path / "deploy"
    assert load_project(Path("alembic.ini"), tmp_path).script_location == tmp_path / "migrations"


@pytest.mark.parametrize(
    ("separator", "text"),
    [
        ("path_separator = os\n", os.pathsep.join(["%(here)s/a", "%(here)s/b"])),
        ("path_separator = newline\n", "\n  %(here)s/a\n  %(here)s/b"),
        ("version_path_separator = ;\n", "%(here)s/a;%(here)s/b"),
        ("", "%(here)s/a %(here)s/b"),
        ("", "%(here)s/a, %(here)s/b"),
    ],
)
def test_version_locations_are_split_as_alembic_does(tmp_path: Path, separator: str, text: str) -> None:
    write(tmp_path, ini=f"{INI}{separator}version_locations = {text}\n")
    assert load_project(None, tmp_path).version_locations == (tmp_path / "a", tmp_path / "b")


def test_a_script_location_in_a_package(tmp_path: Path) -> None:
    (tmp_path / "src/shop/db").mkdir(parents=True)
    write(tmp_path, ini="[alembic]\nscript_location = shop.db:migrations\nprepend_sys_path = src\n")
    assert load_project(None, tmp_path).script_location == tmp_path / "src/shop/db/migrations"


def test_no_environment(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (found,) = refused(tmp_path).diagnostics
    assert found.code == "AV001"
    assert "alembic-vibe init" in found.help
    project = load_project(None, tmp_path, require_environment=False)
    assert not project.has_environment
    assert project.spec == tmp_path / "docs/06-technical-specification.md"


def test_an_ini_without_script_location(tmp_path: Path) -> None:
    write(tmp_path, ini="[alembic]\n")
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.path) == ("AV001", "alembic.ini")


def test_a_config_that_does_not_exist(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, Path("nowhere.ini")).diagnostics
    assert found.code == "AV002"
    assert "nowhere.ini" in found.message


@pytest.mark.parametrize("text", ["script_location = x\n", "[alembic]\nscript_location = %(nope)s\n"])
def test_a_broken_ini(tmp_path: Path, text: str) -> None:
    write(tmp_path, ini=text)
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.path) == ("AV002", "alembic.ini")
    assert "\n" not in found.message


def test_broken_toml_points_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, ini=INI, toml='[project]\nname = "x"\n\n[tool.alembic-vibe]\nspec = docs/spec.md\n')
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.shown_path, found.line) == ("AV002", "pyproject.toml", 5)


def test_an_unknown_setting_points_at_its_key(tmp_path: Path) -> None:
    write(tmp_path, ini=INI, toml='[project]\nspecs = "not here"\n\n[tool.alembic-vibe]\nspecs = "a.md"\nfoo = 1\n')
    first, second = refused(tmp_path).diagnostics
    assert (first.code, first.line, first.column) == ("AV003", 5, 1)
    assert "`spec`" in first.help
    assert (second.code, second.line) == ("AV003", 6)
    assert all(setting.name in second.help for setting in SETTINGS)


@pytest.mark.parametrize("value", ["3", "[]", '""', "true", '"a\\u0000b"'])
def test_a_setting_of_the_wrong_type(tmp_path: Path, value: str) -> None:
    write(tmp_path, ini=INI, toml=f"[tool.alembic-vibe]\nseeds = {value}\n")
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.line) == ("AV004", 2)


def test_a_package_that_is_no_identifier(tmp_path: Path) -> None:
    write(tmp_path, ini=INI, toml='[tool.alembic-vibe]\npackage = "my-shop"\n')
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.line) == ("AV004", 2)
    assert "my_shop" in found.help


@pytest.mark.parametrize("key", ["models", "seeds", "tests"])
@pytest.mark.parametrize("value", ["../elsewhere", "/etc", "a/../../b"])
def test_outputs_stay_in_the_project(tmp_path: Path, key: str, value: str) -> None:
    write(tmp_path, ini=INI, toml=f'[tool.alembic-vibe]\n{key} = "{value}"\n')
    (found,) = refused(tmp_path).diagnostics
    assert (found.code, found.line) == ("AV005", 2)


def test_a_link_does_not_lead_out_of_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "seeds").symlink_to(tmp_path / "elsewhere")
    write(root, ini=INI)
    (found,) = refused(root).diagnostics
    assert found.code == "AV005"


@pytest.mark.parametrize("location", ["%(here)s/../migrations", "/tmp"])
def test_a_script_location_outside_the_project(tmp_path: Path, location: str) -> None:
    write(tmp_path, ini=f"[alembic]\nscript_location = {location}\n")
    (found,) = refused(tmp_path).diagnostics
    assert found.code == "AV005"


def test_the_nearest_pyproject_makes_the_root(tmp_path: Path) -> None:
    write(tmp_path, toml="[project]\n")
    write(tmp_path / "db", ini=INI)
    project = load_project(None, tmp_path / "db")
    assert project.root == tmp_path
    assert project.script_location == tmp_path / "db/migrations"


def test_a_folder_below_the_project(tmp_path: Path) -> None:
    write(tmp_path, ini=INI, toml="[project]\n")
    (tmp_path / "docs").mkdir()
    project = load_project(None, tmp_path / "docs")
    assert (project.root, project.ini) == (tmp_path, tmp_path / "alembic.ini")


@pytest.mark.parametrize(
    ("text", "name"),
    [("My Shop!", "my_shop"), ("2024-crm", "app_2024_crm"), ("日本", "app"), ("class", "app_class"), ("shop", "shop")],
)
def test_package_names(text: str, name: str) -> None:
    assert package_name(text) == name


def test_every_rule_has_its_own_code() -> None:
    assert len({rule.code for rule in RULES} | {rule.slug for rule in RULES}) == 2 * len(RULES)


def test_who_only_reads_may_read_revisions_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site/shop/migrations").mkdir(parents=True)
    root = tmp_path / "project"
    write(root, ini="[alembic]\nscript_location = ../elsewhere\n")
    assert refused(root).diagnostics[0].code == "AV005"
    assert load_project(None, root, read_only=True).script_location == tmp_path / "elsewhere"
    write(root, ini="[alembic]\nscript_location = shop:migrations\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert refused(root).diagnostics[0].code == "AV001"
    assert load_project(None, root, read_only=True).script_location == tmp_path / "site/shop/migrations"


def test_what_alembic_imports_from_and_whether_it_goes_into_folders(tmp_path: Path) -> None:
    write(tmp_path, ini=INI)
    project = load_project(None, tmp_path)
    assert (project.import_paths, project.recursive) == ((), False)
    write(tmp_path, ini=INI + "prepend_sys_path = . src\nrecursive_version_locations = true\n")
    project = load_project(None, tmp_path)
    assert (project.import_paths, project.recursive) == ((tmp_path, tmp_path / "src"), True)


SECTIONS = """\
[DEFAULT]
prepend_sys_path = .

[alembic]
script_location = %(here)s/migrations

[billing]
script_location = %(here)s/billing/migrations
version_locations = %(here)s/billing/one %(here)s/billing/two
path_separator = space
"""


def test_the_section_that_is_named_counts(tmp_path: Path) -> None:
    write(tmp_path, ini=SECTIONS, toml='[tool.alembic-vibe]\nsection = "billing"\n')
    project = load_project(None, tmp_path)
    assert project.section == "billing"
    assert project.script_location == tmp_path / "billing/migrations"
    assert project.version_locations == (tmp_path / "billing/one", tmp_path / "billing/two")
    assert project.import_paths == (tmp_path,)


def test_a_section_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, ini=SECTIONS, toml='[tool.alembic-vibe]\n\nsection = "biling"\n')
    problem = refused(tmp_path).diagnostics[0]
    assert (problem.code, problem.line) == ("AV006", 3)
    assert "[alembic], [billing] have one" in problem.message


def test_named_sections_alone_are_told_to_who_chose_none(tmp_path: Path) -> None:
    write(tmp_path, ini=SECTIONS.replace("[alembic]", "[shop]"))
    problem = refused(tmp_path).diagnostics[0]
    assert problem.code == "AV001"
    assert 'section = "shop"' in problem.help


@pytest.mark.parametrize(
    ("models", "package", "module"),
    [
        ("shop/models.py", "shop", "shop.models"),
        ("src/shop/db/tables.py", "shop.db", "shop.db.tables"),
        ("models.py", "app", "models"),
        ("shop/orm", "shop", "shop.orm"),
    ],
)
def test_models_may_be_one_module(tmp_path: Path, models: str, package: str, module: str) -> None:
    write(tmp_path, ini=INI, toml=f'[tool.alembic-vibe]\nmodels = "{models}"\n')
    project = load_project(None, tmp_path)
    assert (project.package, project.models_module) == (package, module)
    assert project.has_models_file is models.endswith(".py")


def test_modules_are_named_from_where_they_are_imported(tmp_path: Path) -> None:
    toml = '[tool.alembic-vibe]\nmodels = "backend/shop/models.py"\n'
    write(tmp_path, ini=f"{INI}prepend_sys_path = %(here)s/backend\n", toml=toml)
    project = load_project(None, tmp_path)
    assert (project.package, project.models_module) == ("shop", "shop.models")


def test_alembic_is_at_home_where_its_script_location_is_found(tmp_path: Path) -> None:
    (tmp_path / "backend/alembic").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    ini = tmp_path / "backend/alembic.ini"
    for location, home in (("alembic", "backend"), ("backend/alembic", "."), ("%(here)s/alembic", "backend")):
        ini.write_text(f"[alembic]\nscript_location = {location}\n", encoding="utf-8")
        project = load_project(Path("backend/alembic.ini"), tmp_path)
        assert project.script_location == tmp_path / "backend/alembic"
        assert project.home == (tmp_path / home)
