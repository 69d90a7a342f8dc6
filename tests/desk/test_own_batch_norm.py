"""The best row of chapter 08's table, built of a learner's own layer of chapter 07."""

from __future__ import annotations

import inspect

import nbformat
import numpy as np
import pytest

from autograder.checking.cases import draw_question
from autograder.checking.judging import verdict
from autograder.desk.mine import mine
from autograder.exercises import chapter_of, find
from autograder.lab import datasets, trials

CHAPTER = "07_batch_norm"


def train_classifier(X, labels, X_val, labels_val, rng):
    """Dense, batch norm, ReLU, twice, then dense; small weights, SGD and a cosine."""
    weights = [rng.normal(0, 0.01, size=(64, n)) for n in (64, 64, 10)]
    biases = [np.zeros(W.shape[1]) for W in weights]
    norms = [BatchNorm(64), BatchNorm(64)]  # noqa: F821 -- from the cell that is pasted

    def forward(x, training):
        layers = [x]
        for W, b, norm in zip(weights, biases, [*norms, None], strict=True):
            z = layers[-1] @ W + b
            layers.append(np.maximum(0, norm.forward(z, training)) if norm else z)
        return layers

    n_steps, t = 6 * -(-len(X) // 32), 0
    for _ in range(6):
        order = rng.permutation(len(X))
        for batch in np.split(order, range(32, len(X), 32)):
            layers = forward(X[batch], True)
            p = np.exp(layers[-1] - layers[-1].max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            back = (p - np.eye(10)[labels[batch]]) / len(batch)
            lr, t = 0.1 * (1 + np.cos(np.pi * t / n_steps)), t + 1
            for i in (2, 1, 0):
                if i < 2:
                    back = norms[i].backward(back * (layers[i + 1] > 0))
                    norms[i].gamma = norms[i].gamma - lr * norms[i].dgamma
                    norms[i].beta = norms[i].beta - lr * norms[i].dbeta
                dW, db = layers[i].T @ back, back.sum(axis=0)
                back = back @ weights[i].T
                weights[i], biases[i] = weights[i] - lr * dW, biases[i] - lr * db

    return lambda images: forward(images, False)[-1].argmax(axis=1)


@pytest.fixture
def answer(desk, root, monkeypatch, capsys):
    """What grading runs: the pasted cell of chapter 07, and the answer's."""
    solved = nbformat.read(root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", 4)
    names = {exercise.name for exercise in chapter_of("BatchNorm").exercises}
    for cell in solved.cells:
        if cell.id in names:
            desk.write(CHAPTER, cell.id, cell.source)
    monkeypatch.chdir(desk.folder / "08_classification")
    mine("07", "BatchNorm", paste=True)
    pasted = capsys.readouterr().out.partition("\n")[2]
    namespace: dict = {"np": np}
    source = f"{pasted}\n\n{inspect.getsource(train_classifier)}"
    exec(source, namespace)  # noqa: S102 -- as a notebook would
    return namespace["train_classifier"]


def test_the_best_row_of_the_table_can_be_built(answer):
    """With the table's accuracy, to an image, seed by seed; and it earns points."""
    digits = datasets.digits()
    data = digits.X, digits.labels, digits.X_val, digits.labels_val
    for seed in range(3):
        found = answer(*data, np.random.default_rng(seed))(digits.X_val)
        recorded = trials.trial(seed, "small", "SGD", "cosine", "batch")

        assert np.mean(found == digits.labels_val) == pytest.approx(
            recorded, abs=1.5 / 360
        )

    exercise = find("train_classifier")
    question = draw_question(exercise, chapter_of(exercise.name), (3,))
    assert verdict(answer, question, public=False).score >= 2
