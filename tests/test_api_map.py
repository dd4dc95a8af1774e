"""docs/api.md: its tables name every endpoint, parameter and field of the interface, and tests that exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

from doublebill.store import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "api.md"
PROBLEMS = "Errors"
"""The section about the one shape that all errors have."""

Place = tuple[str, str]
"""A section of the page, such as ``GET /hidden``, and a place in it, such as ``answer hidden[].until``."""


# The page


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Give section, column "where", column "what" and column "checked by" of each row."""
    section = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        elif line.startswith("| ") and not line.startswith("| where |"):
            where, what, checked_by = (cell.strip() for cell in line.strip("|").split("|"))
            yield section, where.replace("`", ""), what, checked_by


def mapped() -> list[Place]:
    return [
        (section, f"{where} {name}") for section, where, what, _ in rows() for name in re.findall(r"`([^`]+)`", what)
    ]


def named_tests() -> set[str]:
    return {test for *_, checked_by in rows() for test in re.findall(r"`([^`]+)`", checked_by)}


# The interface


def refuse() -> NoReturn:
    raise AssertionError("to describe the interface nothing has to be asked")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    store = open_store(tmp_path_factory.mktemp("map") / "doublebill.db")
    app = create_app(Engine(store, Model("none", refuse), refuse), syncs_on_start=False)
    store.close()
    return app.openapi()


def described(document: dict[str, Any]) -> set[Place]:
    """Give all that the interface says of itself."""
    schemas = document["components"]["schemas"]
    places = {(PROBLEMS, f"answer {name}") for name in fields(schemas["Problem"], schemas)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            section = f"{method.upper()} {path}"
            places |= {(section, place) for place in places_of(operation, schemas)}
    return places


def places_of(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield f"{parameter['in']} {parameter['name']}"
    if "requestBody" in operation:
        yield from (f"body {name}" for name in fields(json_schema(operation["requestBody"]), schemas))
    answer = operation["responses"]["200"]
    others = [media_type for media_type in answer["content"] if media_type != "application/json"]
    yield from (f"answer {name}" for name in others or fields(json_schema(answer), schemas))


def json_schema(described: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = described["content"]["application/json"]["schema"]
    return schema


def fields(schema: dict[str, Any], schemas: dict[str, Any], name: str = "") -> Iterator[str]:
    """Give the dotted name of every field below a schema; ``[]`` is an item of a list, ``*`` any key."""
    if "$ref" in schema:
        yield from fields(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    elif "properties" in schema:
        for key, value in schema["properties"].items():
            inner = f"{name}.{key}".removeprefix(".")
            yield inner
            yield from fields(value, schemas, inner)
    elif "items" in schema:
        if not name:
            yield "[]"
        yield from fields(schema["items"], schemas, f"{name}[]")
    elif isinstance(schema.get("additionalProperties"), dict):
        if not name:
            yield "*"
        yield from fields(schema["additionalProperties"], schemas, f"{name}.*".removeprefix("."))
    for choice in schema.get("anyOf", []):
        yield from fields(choice, schemas, name)


# The tests that are named


@cache
def names_in(file: str) -> set[str]:
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return name in names_in(file)


# What has to hold


def spelled(place: Place) -> Place:
    """Give a place as the description says it: "answer hidden[]" and "until" are one name."""
    section, where = place
    kind, *names = where.split(" ")
    return section, " ".join([kind, ".".join(names)])


def test_every_endpoint_parameter_and_field_is_in_the_tables(document: dict[str, Any]) -> None:
    assert sorted(described(document) - {spelled(place) for place in mapped()}) == []


def test_the_tables_name_nothing_that_the_interface_does_not_have(document: dict[str, Any]) -> None:
    assert sorted({spelled(place) for place in mapped()} - described(document)) == []


def test_every_place_is_named_once() -> None:
    places = [spelled(place) for place in mapped()]
    assert sorted({place for place in places if places.count(place) > 1}) == []


def test_every_row_names_tests_that_exist() -> None:
    assert [row for row in rows() if not re.search(r"`[^`]+`", row[3])] == []
    assert sorted(test for test in named_tests() if not exists(test)) == []


def test_every_endpoint_has_a_section_of_its_own(document: dict[str, Any]) -> None:
    endpoints = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert {section for section, *_ in rows()} == endpoints | {PROBLEMS}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"properties": {"a": {"type": "string"}}}, ["a"]),
        ({"items": {"type": "string"}}, ["[]"]),
        ({"properties": {"a": {"items": {"properties": {"b": {}}}}}}, ["a", "a[].b"]),
        ({"additionalProperties": {"$ref": "#/x/One"}}, ["*", "*.c"]),
        ({"anyOf": [{"$ref": "#/x/One"}, {"type": "null"}]}, ["c"]),
    ],
)
def test_the_names_of_fields_are_told_in_full(schema: dict[str, Any], names: list[str]) -> None:
    assert list(fields(schema, {"One": {"properties": {"c": {}}}})) == names
