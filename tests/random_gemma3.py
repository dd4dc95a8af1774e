"""EmbeddingGemma's architecture with random weights, made with torch and sentence-transformers, without a network.

``write_gemma3(folder)`` is small, for tests; with ``TRUE_SHAPE`` it is as large as the real one, for measuring. What it
needs comes with the extra ``torch``; ``export_onnx`` also wants ``onnx`` and ``onnxscript``.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import Gemma3TextConfig, Gemma3TextModel, PreTrainedTokenizerFast

PROMPTS = {"query": "task: search result | query: ", "document": "title: none | text: "}
WIDTH = 768
SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>")
LETTERS = tuple("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:|'-")


@dataclass(frozen=True)
class Shape:
    """How large a model is; the fields are those of transformers' Gemma3TextConfig."""

    vocab_size: int = len(SPECIAL) + len(LETTERS)
    hidden_size: int = 64
    intermediate_size: int = 96
    num_hidden_layers: int = 2
    num_attention_heads: int = 2
    head_dim: int = 32
    inner: int = 128


# https://huggingface.co/google/embeddinggemma-300m, config.json and the two Dense layers
TRUE_SHAPE = Shape(262_144, 768, 1152, 24, 3, 256, 3072)


def write_gemma3(folder: Path, shape: Shape = Shape()) -> Path:
    """Write a sentence-transformers folder: backbone, mean pooling, two dense layers, normalisation."""
    torch.manual_seed(7)
    backbone = folder / "backbone"
    _tokenizer().save_pretrained(backbone)
    Gemma3TextModel(_config(shape)).save_pretrained(backbone)
    modules = [
        Transformer(str(backbone)),
        Pooling(shape.hidden_size, pooling_mode="mean"),
        Dense(shape.hidden_size, shape.inner, bias=False, activation_function=torch.nn.Identity()),
        Dense(shape.inner, WIDTH, bias=False, activation_function=torch.nn.Identity()),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save(str(folder / "model"))
    return folder / "model"


class _Sentence(torch.nn.Module):
    """The whole of a model as one function of token ids and mask, with the outputs of the published export."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.backbone = model[0].auto_model if hasattr(model[0], "auto_model") else model[0].model
        self.first, self.second = model[2].linear, model[3].linear

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.backbone(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(self.second(self.first(mean)), dim=-1)


def export_onnx(source: Path, folder: Path) -> Path:
    """Write a model as the published export has it: graph, weights in a file beside it, tokenizer."""
    model = SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"})
    (folder / "onnx").mkdir(parents=True)
    # Two tensors: one that is given twice would become one input of the graph.
    ids, mask = torch.ones((2, 9), dtype=torch.int64), torch.ones((2, 9), dtype=torch.int64)
    tokens = torch.export.Dim("tokens", min=2, max=2048)
    batch = torch.export.Dim("batch", min=1, max=64)
    torch.onnx.export(
        _Sentence(model).eval(),
        (ids, mask),
        str(folder / "onnx" / "model.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_shapes=({0: batch, 1: tokens}, {0: batch, 1: tokens}),
        external_data=True,
        dynamo=True,
        verbose=False,
    )
    (folder / "tokenizer.json").write_text((source / "tokenizer.json").read_text())
    return folder


def _config(shape: Shape) -> Gemma3TextConfig:
    return Gemma3TextConfig(
        vocab_size=shape.vocab_size,
        hidden_size=shape.hidden_size,
        intermediate_size=shape.intermediate_size,
        num_hidden_layers=shape.num_hidden_layers,
        num_attention_heads=shape.num_attention_heads,
        num_key_value_heads=1,
        head_dim=shape.head_dim,
        max_position_embeddings=2048,
        query_pre_attn_scalar=shape.head_dim,
        sliding_window=512,
        use_bidirectional_attention=True,
    )


def _tokenizer() -> PreTrainedTokenizerFast:
    """Give a tokenizer of letters, with blanks and ends as Gemma has them."""
    vocabulary = {token: index for index, token in enumerate((*SPECIAL, *LETTERS))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    ends = [("<bos>", vocabulary["<bos>"]), ("<eos>", vocabulary["<eos>"])]
    tokenizer.post_processor = processors.TemplateProcessing(single="<bos> $A <eos>", special_tokens=ends)
    names = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, padding_side="right", model_max_length=2048, **names)
