"""Papers in clusters: what is apart is kept apart, the same vectors give the same clusters, and no vectors break it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.engine import Corpus
from askpapers.index import clusters
from askpapers.index.clusters import NO_CLUSTER, cluster, fit, paper_vectors, silhouette, without_outliers
from askpapers.index.embedder import Vectors


def around(centres: int, each: int, spread: float) -> Vectors:
    """Unit vectors around orthogonal centres, the first `each` around the first."""
    random = np.random.default_rng(7)
    vectors = np.repeat(np.eye(32)[:centres], each, axis=0) + spread * random.standard_normal((centres * each, 32))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def labels_of(vectors: Vectors) -> tuple[list[int], int]:
    centres = fit(vectors, np.random.default_rng(0))
    return (vectors @ centres.T).argmax(axis=1).tolist(), len(centres)


@pytest.mark.parametrize(("centres", "each"), [(3, 12), (4, 12), (5, 20), (8, 30), (12, 30)])
def test_what_is_apart_is_one_cluster_each(centres: int, each: int) -> None:
    labels, count = labels_of(around(centres, each, 0.05))
    assert count == centres
    assert all(len(set(labels[first : first + each])) == 1 for first in range(0, centres * each, each))


def test_the_silhouette_is_the_definition() -> None:
    vectors = around(3, 5, 0.4)
    labels = np.array([0, 1, 2] * 5)
    distances = 1 - vectors @ vectors.T
    widths = []
    for i, own in enumerate(labels):
        means = {k: distances[i][(labels == k) & (np.arange(15) != i)].mean() for k in range(3)}
        inside, outside = means.pop(own), min(means.values())
        widths.append((outside - inside) / max(inside, outside))
    assert silhouette(vectors, labels) == pytest.approx(np.mean(widths), abs=1e-5)


@given(st.integers(2, 40), st.integers(1, 6), st.integers(0, 10_000), st.booleans())
@settings(max_examples=60)
def test_any_vectors_can_be_clustered(count: int, dimension: int, seed: int, all_alike: bool) -> None:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    if all_alike:
        vectors[:] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels, centres = labels_of(vectors)
    assert (labels, centres) == labels_of(vectors)
    assert set(labels) <= set(range(centres))


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1, 1, width=32)), min_size=1, max_size=60))
def test_outliers_have_no_cluster_and_the_largest_cluster_is_the_first(near: list[tuple[int, float]]) -> None:
    labels, cosines = np.array([label for label, _ in near]), np.array([cosine for _, cosine in near], dtype=np.float32)
    new, order = without_outliers(labels, cosines, 5)
    sizes = np.bincount(new[new != NO_CLUSTER], minlength=len(order)).tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert all(size > 1 for size in sizes)
    assert all(order[label] == labels[row] for row, label in enumerate(new) if label != NO_CLUSTER)
    if (new == NO_CLUSTER).any() and len(order) == len(set(labels.tolist())):
        assert cosines[new == NO_CLUSTER].max() < np.median(cosines)


def test_a_paper_is_the_mean_of_its_passages(corpus: Corpus) -> None:
    index = corpus.index
    rows = np.array([3, 0, 33])
    (vectors,) = paper_vectors(index, rows)
    for row, vector in zip(rows, vectors, strict=True):
        mean = index.vectors[index.first_passage[row] : index.first_passage[row + 1]].astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_centres_that_are_fitted_on_a_sample_take_all_papers(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_FITTED", 20)
    monkeypatch.setattr(clusters, "_CHUNK", 7)
    found = cluster(corpus.index, np.arange(34))
    assert found.fitted == 20
    assert len(found.labels) == len(found.cosines) == 34
    again = cluster(corpus.index, np.arange(34))
    np.testing.assert_array_equal(found.labels, again.labels)
