"""Pictures of the outputs of a deep network's layers: histograms in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.lab import figures
from autograder.lab.drawing import naming, svg
from autograder.lab.widgets import Picture
from autograder.language import _

__all__ = ["by_layer", "histograms", "layer_sizes"]

_BARS, _ENDS = "#0072B2", "#D55E00"
_N_BINS = 30
# Those of Xavier and Kaiming first: their variances are 1/n and 2/n.
_COLOURS = ("#7E57C2", "#00796B", "#A63603", "#555555")


def histograms(
    networks: Mapping[str, Sequence[np.ndarray]],
    *,
    which: Sequence[int],
    title: str,
    reach: float = 1.0,
    positive: Sequence[str] = (),
) -> Figure:
    """Histograms of activations: a row for each network, a column for each layer.

    Parameters
    ----------
    networks : mapping of str to list of ndarray
        The output of each layer, the first one first, by the network's name.
    which : sequence of int
        The layers to show, counted from 1.
    title : str
        A finding.
    reach : float
        Values from -reach to reach are shown; what lies beyond is counted in
        the outermost bins.
    positive : sequence of str
        Networks whose values are shown from 0 to 3 * reach instead, as those
        of ReLU; what is 0 is left out and told as a number.

    Returns
    -------
    figure : matplotlib.figure.Figure
        Each panel says its root mean square, and has a height of its own: the
        part of all values that is in its fullest bin.
    """
    figure = Figure(figsize=(8.0, 0.9 + 1.05 * len(networks)))
    naming.head(figure, title)
    panels = figure.subplots(len(networks), len(which), squeeze=False)
    for row, (name, layers) in zip(panels, networks.items(), strict=True):
        low, high = (0.0, 3 * reach) if name in positive else (-reach, reach)
        for axes, number in zip(row, which, strict=True):
            values = layers[number - 1]
            edges, shares = _shares(values, low, high)
            told = _("RMS {size}").format(size=_short(_rms(values)))
            if name in positive:
                zero = np.mean(values == 0)
                shares[0] -= zero
                told += "\n" + _("{part:.0f} % are 0").format(part=100 * zero)
            axes.bar(
                edges[:-1], shares, np.diff(edges), align="edge", color=_BARS, lw=0
            )
            top = max(shares.max(), 0.01)
            axes.set(xlim=(low, high), ylim=(0, 1.5 * top))
            ticks = [low, high] if low == 0 else [low, 0.0, high]
            axes.set_xticks(ticks, [f"{tick:g}".replace("-", "−") for tick in ticks])
            axes.set_yticks([0, top], ["0", f"{100 * top:.0f} %"])
            axes.text(
                0.97,
                0.93,
                told,
                transform=axes.transAxes,
                ha="right",
                va="top",
                fontsize=8,
            )
        row[0].set_ylabel(name)
    for axes, number in zip(panels[0], which, strict=True):
        axes.set_title(_("layer {number}").format(number=number), fontsize=9)
    for axes in panels[-1]:
        axes.set_xlabel(_("activation"), fontsize=8.5)
    return figure


def by_layer(
    measured: Mapping[str, np.ndarray],
    predicted: Mapping[str, np.ndarray] | None = None,
    *,
    title: str,
    ylabel: str,
) -> Figure:
    """Sizes on a logarithmic axis against the layer, with dashed predictions.

    Parameters
    ----------
    measured : mapping of str to ndarray of shape (depth,)
        At most four, by the names that their lines carry.
    predicted : mapping, optional
        Predictions under the same names.
    title, ylabel : str
        A finding; the quantity.
    """
    figure, axes = figures.single(title)
    axes.set(xlabel=_("layer"), ylabel=ylabel, yscale="log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    for colour, (name, sizes) in zip(_COLOURS, measured.items(), strict=False):
        number = np.arange(1, len(sizes) + 1)
        axes.plot(number, sizes, color=colour)
        naming.name_at_end(axes, name, (number[-1], sizes[-1]), colour)
        if predicted:
            axes.plot(number, predicted[name], color="black", lw=0.9, dashes=(4, 3))
    return figure


def layer_sizes(layers: Sequence[np.ndarray], *, which: Sequence[int], note: str):
    """Histograms of some layers between -1 and 1, next to every layer's size.

    Parameters
    ----------
    layers : list of ndarray
        The output of each layer, the first one first.
    which : sequence of three int
        The layers whose histograms are shown, counted from 1.
    note : str
        One sentence on what these settings do, with a number.

    Returns
    -------
    picture : Picture
        For `widgets.explore`; in red what lies beyond 0.95 in size.
    """
    parts: list = [
        f'<text x="12" y="20" font-weight="bold">{escape(note)}</text>',
    ]
    words = [note]
    for turn, number in enumerate(which):
        left = 50 + 150 * turn
        edges, shares = _shares(layers[number - 1], -1.0, 1.0)
        panel = svg.Panel(
            (left, 62, 115, 190), (-1.0, 1.0), (0.0, 0.5), _("activation"), ""
        )
        for start, stop, share in zip(edges[:-1], edges[1:], shares, strict=True):
            middle = (start + stop) / 2
            colour = _ENDS if abs(middle) > 0.95 else _BARS
            panel.line([(middle, 0.0), (middle, share)], colour, width=3.4)
        parts.append(panel)
        told = _("layer {number}, share").format(number=number)
        parts.append(f'<text x="{left}" y="50">{escape(told)}</text>')
        far = np.mean(np.abs(layers[number - 1]) > 0.95)
        said = _("Layer {number}: {part:.0f} % of all values beyond 0.95 in size.")
        words.append(said.format(number=number, part=100 * far))
    sizes = np.array([_rms(layer) for layer in layers])
    panel = svg.Panel(
        (570, 62, 165, 190),
        (1, len(sizes)),
        (1e-9, 1e9),
        _("layer"),
        _("root mean square"),
        log=True,
    )
    points = np.column_stack([np.arange(1, len(sizes) + 1), sizes])
    panel.line(points, _BARS)
    panel.dots(points, _BARS)
    parts.append(panel)
    said = _("Root mean square {first} in layer 1, {last} in layer {n}.")
    first, last = _short(sizes[0]), _short(sizes[-1])
    words.append(said.format(first=first, last=last, n=len(sizes)))
    return Picture(svg.document(750, 300, parts, " ".join(words)), " ".join(words))


def _shares(values, low, high):
    """Edges of bins, and the share of the values in each; none is left out."""
    edges = np.linspace(low, high, _N_BINS + 1)
    counts = np.histogram(np.clip(values, low, high), edges)[0]
    return edges, counts / np.size(values)


def _rms(values):
    largest = np.max(np.abs(values))
    if largest == 0 or not np.isfinite(largest):
        return float(largest)
    # Scaled, so that no square overflows.
    return float(largest * np.sqrt(np.mean(np.square(values / largest))))


def _short(value):
    """Two digits, with a power of ten that reads well."""
    if value == 0 or 0.001 <= value < 1000 or not np.isfinite(value):
        return f"{value:.2g}"
    digit, power = f"{value:.0e}".split("e")
    raised = f"{int(power)}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit}·10{raised}"
