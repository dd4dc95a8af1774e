"""Write the OpenAPI document of this checkout to a file: ``python tests/ui/describe.py build/openapi.json``."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from doublebill.store import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app


def refuse() -> NoReturn:
    raise AssertionError("to describe the interface nothing has to be asked")


def describe(target: Path) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "doublebill.db")
        app = create_app(Engine(store, Model("none", refuse), refuse), syncs_on_start=False)
        store.close()
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(app.openapi()), encoding="utf-8")


if __name__ == "__main__":
    describe(Path(sys.argv[1]))
