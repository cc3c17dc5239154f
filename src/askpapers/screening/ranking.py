"""Ranks the papers that are not decided yet by those that are: TF-IDF of words and pairs of words, and a linear SVM.

The features, the loss, `C` and the weight of the two classes are those of ASReview's default model, ELAS u4, so that
figures can be held beside its own. The only module that imports scikit-learn, when a ranking is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.datatypes import Paper
from askpapers.errors import OptionalDependencyError

_C = 0.11
_EXCLUDED_TO_INCLUDED = 9.8  # the weight of all included papers together, as a multiple of that of all excluded ones
_MOST_COMMON = 0.95  # a word that more of the papers have is no feature


class Ranker:
    """Ranks texts, of titles and abstracts, by those that were decided."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Make the features of the texts. Raises OptionalDependencyError where scikit-learn is not installed."""
        vectorizer, self._classifier = _libraries()
        features = vectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=_MOST_COMMON if len(texts) > 1 else 1.0)
        try:
            self._features: Any = features.fit_transform(texts)
        except ValueError:  # no text has a word, or all have the same ones
            self._features = None

    def scores(self, included: Mapping[int, bool]) -> npt.NDArray[np.float64] | None:
        """A score for each text, higher the likelier it is included; None until there is one of both kinds.

        `included` says of the rows of the texts that were decided whether they are included.
        """
        labels = np.array(list(included.values()), dtype=bool)
        if self._features is None or labels.all() or not labels.any():
            return None
        rows = np.array(list(included), dtype=np.int64)
        model = self._classifier(loss="squared_hinge", C=_C, random_state=0)
        model.fit(self._features[rows], labels, sample_weight=_weights(labels))
        scores: npt.NDArray[np.float64] = model.decision_function(self._features)
        return scores


def text_of(paper: Paper) -> str:
    """What a paper is ranked by."""
    return f"{paper.title} {paper.abstract}"


def _weights(labels: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """A weight for each label: excluded papers are many and count less; the mean is 1."""
    of_excluded = labels.sum() / (_EXCLUDED_TO_INCLUDED * (~labels).sum())
    weights = np.where(labels, 1.0, of_excluded)
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def _libraries() -> tuple[Any, Any]:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
    except ImportError as error:
        raise OptionalDependencyError(
            "Ranking by your decisions needs scikit-learn.", hint='Install it: pip install "askpapers[screen]"'
        ) from error
    return TfidfVectorizer, LinearSVC
