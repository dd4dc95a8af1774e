"""How to speak to a sentence model that nobody told us about, read from the files that come with it.

The files are those of sentence-transformers (https://sbert.net/docs/package_reference/util.html), which nearly every
published sentence model carries. What is not understood is refused: a guess would give vectors that mean nothing.
"""

import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from doublebill.embedding.offers import GRAPHS
from doublebill.embedding.spec import ModelSpec
from doublebill.errors import EmbeddingError

LONGEST_WINDOW = 512
"""The longest text of a title is far shorter."""

USUAL_WINDOW = 256

QUERY_PROMPTS = ("query", "Retrieval-query", "s2p_query")
DOCUMENT_PROMPTS = ("document", "Retrieval-document", "passage")


class _Config(BaseModel):
    """``config.json`` of transformers."""

    hidden_size: int
    max_position_embeddings: int = USUAL_WINDOW


class _Sentences(BaseModel):
    """``sentence_bert_config.json``."""

    max_seq_length: int | None = None


class _Prompts(BaseModel):
    """``config_sentence_transformers.json``."""

    prompts: dict[str, str] = {}


class _Pooling(BaseModel):
    """``1_Pooling/config.json``."""

    pooling_mode_cls_token: bool = False
    pooling_mode_mean_tokens: bool = True
    pooling_mode_max_tokens: bool = False
    pooling_mode_lasttoken: bool = False


class _Dense(BaseModel):
    """``N_Dense/config.json``."""

    out_features: int


class _Module(BaseModel):
    """One entry of ``modules.json``."""

    path: str
    type: str


Described = TypeVar("Described")


def read_spec(name: str, folder: Path) -> ModelSpec:
    """Read how to speak to the model in a folder.

    Raises: EmbeddingError if it does not say, or says something that is not supported.
    """
    config = _read(folder / "config.json", _Config)
    if config is None:
        raise EmbeddingError(
            f"{name} has no config.json", hint="Only sentence models that describe themselves will do."
        )
    window = (_read(folder / "sentence_bert_config.json", _Sentences) or _Sentences()).max_seq_length
    prompts = (_read(folder / "config_sentence_transformers.json", _Prompts) or _Prompts()).prompts
    dense = _dense(folder)
    return ModelSpec(
        name=name,
        dimensions=dense.out_features if dense else config.hidden_size,
        max_tokens=min(LONGEST_WINDOW, window or config.max_position_embeddings),
        document_prompt=f"{_prompt(prompts, DOCUMENT_PROMPTS)}{{body}}",
        query_prompt=f"{_prompt(prompts, QUERY_PROMPTS)}{{text}}",
        sentence_output="sentence_embedding" if dense else None,
        pooling="first" if _takes_first(name, folder) else "mean",
    )


def graph_in(folder: Path) -> Path:
    """Give the graph of a model in a folder; where there is none, the likeliest place."""
    return next((folder / path for path in GRAPHS if (folder / path).is_file()), folder / GRAPHS[0])


def _dense(folder: Path) -> _Dense | None:
    """Give the last layer behind the pooling; a graph of such a model has to end in ``sentence_embedding``."""
    modules = _read(folder / "modules.json", list[_Module]) or []
    dense = [module.path for module in modules if module.type.endswith(".Dense")]
    return _read(folder / dense[-1] / "config.json", _Dense) if dense else None


def _takes_first(name: str, folder: Path) -> bool:
    pooling = _read(folder / "1_Pooling" / "config.json", _Pooling) or _Pooling()
    if pooling.pooling_mode_max_tokens or pooling.pooling_mode_lasttoken:
        raise EmbeddingError(
            f"{name} pools in a way that is not supported", hint="Choose one with mean or CLS pooling."
        )
    return pooling.pooling_mode_cls_token


def _prompt(prompts: dict[str, str], names: tuple[str, ...]) -> str:
    """Give a prompt as a pattern, in which braces are only letters; \"title: none\" has a slot for the title."""
    text = next((prompts[name] for name in names if prompts.get(name)), "")
    escaped = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"^title: none \|", "title: {title} |", escaped)


def _read(path: Path, shape: type[Described]) -> Described | None:
    try:
        return TypeAdapter(shape).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise EmbeddingError(
            f"{path.name} of the model cannot be read", hint="Remove it and fetch it again."
        ) from error
