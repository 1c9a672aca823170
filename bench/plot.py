"""Draws measurements as pictures for the page on performance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.outcome import Picture

COLOURS = ("#9aa5b1", "#5b6b7b", "#2a9d8f", "#1d6f8f", "#e9a23b", "#d1603d", "#7a5195", "#b8577d", "#8a9a3b", "#444444")


def draw(file: Path, picture: Picture) -> None:
    """Draws bars along a logarithmic axis into an SVG file."""
    import matplotlib as library

    library.use("svg")
    # The same figures give the same file: no salted ids, no date, text as text.
    library.rcParams.update({"svg.hashsalt": "measured", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 1.2 + 0.19 * len(picture.groups) * len(picture.series)))
    _bars(axes, picture)
    axes.set_title(picture.title, loc="left")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("requests a second, logarithmic")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def _bars(axes: Any, picture: Picture) -> None:
    height = 0.85 / len(picture.series)
    for at, (name, values) in enumerate(picture.series.items()):
        there = [(group + at * height, value) for group, value in enumerate(values) if value is not None]
        places, shown = [place for place, _ in there], [value for _, value in there]
        drawn = axes.barh(places, shown, height * 0.92, label=name, color=COLOURS[at % len(COLOURS)])
        axes.bar_label(drawn, [f"{value:,.0f}" for value in shown], padding=2, fontsize=7)
    middle = (len(picture.series) - 1) * height / 2
    axes.set_yticks([at + middle for at in range(len(picture.groups))], picture.groups)
    axes.invert_yaxis()
