"""How measurements are printed, for a person and for a program."""

import math
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from doublebill.core.metrics import Interval
from doublebill.evaluation.measuring import Measured
from doublebill.evaluation.own import OwnReport, words_of

PLACES = 6
COLUMNS: Mapping[str, str] = {
    "ndcg@100": "nDCG@100",
    "recall@20": "recall@20",
    "recall@100": "recall@100",
    "hit_rate@10": "hit rate@10",
    "mrr": "MRR",
    "tail_ndcg@10": "tail nDCG@10",
    "coverage@10": "coverage@10",
    "intra_list_diversity@10": "diversity@10",
    "popularity@10": "popularity@10",
}


def measured_json(measured: Measured) -> dict[str, object]:
    """Give every metric by name; null where it is defined for nobody."""
    return {
        "ndcg@10": _number(measured.ndcg.mean),
        "ndcg@10_ci": [_number(measured.ndcg.low), _number(measured.ndcg.high)],
        **{name: _number(measured.means[name]) for name in COLUMNS},
    }


def show_measured(console: Console, measured: Mapping[str, Measured]) -> None:
    """Print a table, a line for each ranking, with how many times the plain formula it is worth."""
    classic = measured["classic"].ndcg.mean if "classic" in measured else 0
    table = _table("ranking", "nDCG@10", "95 %", *COLUMNS.values(), "x classic")
    for name, each in measured.items():
        times = f"{each.ndcg.mean / classic:.2f}" if classic else ""
        table.add_row(name, f"{each.ndcg.mean:.4f}", _bounds(each.ndcg), *_cells(each), times)
    console.print(table)


def show_own(console: Console, report: OwnReport) -> None:
    """Print what own watches say: a table, and the same in words."""
    if report.worths:
        table = _table("ranking", "found", *(f"{name}, 95 %" for name in report.worths[0].metrics))
        for each in report.worths:
            cells = [f"{metric.mean:.3f} {_bounds(metric)}" for metric in each.metrics.values()]
            table.add_row(each.name, f"{each.found} of {report.held_out}", *cells)
        console.print(table)
    for line in words_of(report):
        console.print(line, markup=False, soft_wrap=True)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    return table


def _cells(measured: Measured) -> list[str]:
    return [f"{measured.means[name]:.3f}" for name in COLUMNS]


def _bounds(found: Interval) -> str:
    return f"{found.low:.3f} to {found.high:.3f}"


def _number(value: float) -> float | None:
    return round(value, PLACES) if math.isfinite(value) else None
