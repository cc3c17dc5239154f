"""Groups of papers whose vectors are near: spherical k-means over the means of the papers' passages.

Own code, as it is thirty lines of numpy: scipy's k-means knows no cosine, and scikit-learn is no dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askpapers.index.embedder import Vectors
from askpapers.index.generation import Index

Rows = npt.NDArray[np.int64]

NO_CLUSTER = -1
"""The label of a paper that is near to no centre."""

_FITTED = 20_000  # papers that centres are fitted on; the others are assigned to them
_MEASURED = 1_000  # papers on which numbers of clusters are tried
_MOST_CLUSTERS = 20
_ALIKE = 0.01  # silhouettes that differ by less than chance makes them
_STARTS = 2
_STEPS = 25
_SEED = 20220311  # any number: the same vectors are to give the same clusters
_CHUNK = 2_000  # papers whose passages are read at a time
_FENCE = 1.5  # Tukey's: interquartile ranges below the first quartile
_FEWEST = 2  # papers; a smaller cluster is none


@dataclass(frozen=True, slots=True)
class Clusters:
    """Papers in clusters, of which 0 is the largest: labels, and cosines with the centre, in the order of the rows."""

    labels: Rows
    cosines: npt.NDArray[np.float32]
    centres: Vectors
    fitted: int
    """Papers that the centres were fitted on."""


def cluster(index: Index, rows: Rows) -> Clusters:
    """Cluster the papers at these rows. Their number is chosen by their silhouette (Rousseeuw, 1987)."""
    random = np.random.default_rng(_SEED)
    chosen = np.sort(random.choice(rows, _FITTED, replace=False)) if len(rows) > _FITTED else rows
    fitted = list(paper_vectors(index, chosen))
    centres = fit(np.concatenate(fitted), random)
    near = [_nearest(vectors, centres) for vectors in (fitted if chosen is rows else paper_vectors(index, rows))]
    labels = np.concatenate([labels for labels, _ in near])
    cosines = np.concatenate([cosines for _, cosines in near])
    labels, order = without_outliers(labels, cosines, len(centres))
    return Clusters(labels, cosines, centres[order], len(chosen))


def mean_vector(index: Index, row: int) -> npt.NDArray[np.float32]:
    """The unit vector of any paper: the mean of its passages'."""
    vector: npt.NDArray[np.float32] = _unit(np.add.reduceat(index.vectors_of(row), [0], axis=0))[0]
    return vector


def paper_vectors(index: Index, rows: Rows) -> Iterator[Vectors]:
    """The unit vectors of papers that have some, each the mean of its passages', some thousand papers at a time."""
    for begin in range(0, len(rows), _CHUNK):
        part = rows[begin : begin + _CHUNK]
        ends = index.first_passage[part + 1]
        counts = ends - index.first_passage[part]
        firsts = np.cumsum(counts) - counts
        passages = np.arange(counts.sum()) + np.repeat(index.first_passage[part] - firsts, counts)
        yield _unit(np.add.reduceat(index.vectors[passages].astype(np.float32), firsts, axis=0))


def fit(vectors: Vectors, random: np.random.Generator) -> Vectors:
    """Unit centres for unit vectors, as many of them as can be without a worse silhouette."""
    most = max(2, min(_MOST_CLUSTERS, round(len(vectors) ** 0.5)))
    sample = vectors[np.sort(random.permutation(len(vectors))[:_MEASURED])]
    tried = [_best_of(_STARTS, sample, size, random) for size in range(max(2, most // 2), most + 1)]
    widths = [silhouette(sample, _nearest(sample, centres)[0]) for centres in tried]
    best = next(
        centres for centres, width in zip(tried[::-1], widths[::-1], strict=True) if width >= max(widths) - _ALIKE
    )
    return best if len(sample) == len(vectors) else _k_means(vectors, best)


def silhouette(vectors: Vectors, labels: Rows) -> float:
    """How much nearer vectors are to those of their own cluster than to those of the next: -1 to 1, by cosine."""
    found, own = np.unique(labels, return_inverse=True)
    if len(found) < 2:
        return -1.0
    of_cluster, row = np.eye(len(found), dtype=np.float32)[own], np.arange(len(labels))
    total = (1 - vectors @ vectors.T) @ of_cluster
    count = of_cluster.sum(axis=0)
    inside = total[row, own] / np.maximum(count[own] - 1, 1)
    means = total / count
    means[row, own] = np.inf
    outside = means.min(axis=1)
    width = (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-9)
    return float(np.where(count[own] > 1, width, 0.0).mean())


def without_outliers(labels: Rows, cosines: npt.NDArray[np.float32], clusters: int) -> tuple[Rows, Rows]:
    """Labels from the largest cluster on, without clusters that are tiny and papers far from every centre.

    Far is what lies outside Tukey's lower fence. Also gives the old label of each new one.
    """
    low, high = np.percentile(cosines, [25, 75])
    kept = np.where(cosines < low - _FENCE * (high - low), NO_CLUSTER, labels)
    sizes = np.bincount(kept[kept != NO_CLUSTER], minlength=clusters)
    order = np.array([old for old in np.argsort(-sizes, kind="stable") if sizes[old] >= _FEWEST], dtype=np.int64)
    new = np.full(clusters + 1, NO_CLUSTER)  # the last is that of NO_CLUSTER
    new[order] = np.arange(len(order))
    return new[kept], order


def _best_of(starts: int, vectors: Vectors, size: int, random: np.random.Generator) -> Vectors:
    fitted = [_k_means(vectors, _first_centres(vectors, size, random)) for _ in range(starts)]
    return max(fitted, key=lambda centres: float(_nearest(vectors, centres)[1].sum()))


def _first_centres(vectors: Vectors, size: int, random: np.random.Generator) -> Vectors:
    """k-means++ (Arthur and Vassilvitskii, 2007): vectors that are far from one another."""
    chosen = [int(random.integers(len(vectors)))]
    far = 1 - vectors @ vectors[chosen[0]]
    while len(chosen) < size:
        weights = np.maximum(far, 0).astype(np.float64) + 1e-9
        chosen.append(int(random.choice(len(vectors), p=weights / weights.sum())))
        far = np.minimum(far, 1 - vectors @ vectors[chosen[-1]])
    return vectors[chosen]


def _k_means(vectors: Vectors, centres: Vectors) -> Vectors:
    labels = np.full(len(vectors), NO_CLUSTER)
    for _ in range(_STEPS):
        before, labels = labels, _nearest(vectors, centres)[0]
        if np.array_equal(before, labels):
            break
        members = [vectors[labels == label] for label in range(len(centres))]
        centres = _unit(np.stack([m.sum(axis=0) if len(m) else centres[label] for label, m in enumerate(members)]))
    return centres


def _nearest(vectors: Vectors, centres: Vectors) -> tuple[Rows, npt.NDArray[np.float32]]:
    """The label of the nearest centre of each vector, and the cosine of the two."""
    cosines = vectors @ centres.T
    return cosines.argmax(axis=1), cosines.max(axis=1)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths, dtype=np.float32)
