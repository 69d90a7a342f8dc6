"""Chapter 04: feature scaling.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Exercise, Misconception, Tolerance
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["CONDITION_NUMBER", "STANDARDIZE"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a - b` instead of `a -= b`: it makes a new array."
)

TRAINING_SET_ONLY = (
    "Both sets are scaled by the means and standard deviations of the training set: "
    "the test set stands for data that have not come yet."
)


# --- standardize ------------------------------------------------------------


def draw_standardize(rng):
    yield (
        "one column, means and deviations in round numbers",
        {
            "X_train": np.array([[1.0], [3.0], [1.0], [3.0]]),
            "X_test": np.array([[2.0], [6.0]]),
        },
    )
    yield (
        "three columns",
        {"X_train": signed(rng, (5, 3)), "X_test": signed(rng, (4, 3))},
    )
    scales = np.array([1000.0, 0.1, 10.0, 1.0])
    shift = np.array([5000.0, 0.4, -20.0, 0.0])
    yield (
        "columns of very different scale, means far from 0, a longer test set",
        {
            "X_train": signed(rng, (6, 4)) * scales + shift,
            "X_test": signed(rng, (9, 4)) * scales + shift,
        },
    )
    yield (
        "a column with one and the same number everywhere",
        _with_constant(rng, (7, 3), (5, 3), 1, float(rng.integers(2, 9))),
    )
    yield (
        "a column of zeros",
        _with_constant(rng, (6, 2), (4, 2), 0, 0.0),
    )
    yield (
        "a test set of one row",
        {
            "X_train": signed(rng, (8, 5)) + between(rng, 1.0, 3.0),
            "X_test": signed(rng, (1, 5)),
        },
    )


def _with_constant(rng, train, test, column, value):
    X_train, X_test = signed(rng, train), signed(rng, test)
    X_train[:, column] = X_test[:, column] = value
    return {"X_train": X_train, "X_test": X_test}


def _scaled(X, mean, scale):
    """(X - mean) / scale, and 0 in columns where scale is 0."""
    return np.where(scale == 0, 0.0, (X - mean) / np.where(scale == 0, 1.0, scale))


def scaled_with_one_for_zero(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[std == 0] = 1
    return (X_train - mean) / std, (X_test - mean) / std


def scaled_column_by_column(X_train, X_test):
    Z_train, Z_test = np.zeros_like(X_train), np.zeros_like(X_test)
    for j in range(X_train.shape[1]):
        centred = X_train[:, j] - np.mean(X_train[:, j])
        std = np.sqrt(np.mean(centred**2))
        if std > 0:
            Z_train[:, j] = centred / std
            Z_test[:, j] = (X_test[:, j] - np.mean(X_train[:, j])) / std
    return Z_train, Z_test


def scaled_by_nan_to_num(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return np.nan_to_num((X_train - mean) / std), np.nan_to_num((X_test - mean) / std)


def scaled_by_moments(X_train, X_test):
    mean = X_train.sum(axis=0) / len(X_train)
    variance = ((X_train - mean) ** 2).sum(axis=0) / len(X_train)
    weight = np.zeros_like(variance)
    weight[variance > 0] = variance[variance > 0] ** -0.5
    return (X_train - mean) * weight, (X_test - mean) * weight


def test_by_its_own(X_train, X_test):
    return (
        _scaled(X_train, X_train.mean(axis=0), X_train.std(axis=0)),
        _scaled(X_test, X_test.mean(axis=0), X_test.std(axis=0)),
    )


def test_by_its_own_mean(X_train, X_test):
    std = X_train.std(axis=0)
    return (
        _scaled(X_train, X_train.mean(axis=0), std),
        _scaled(X_test, X_test.mean(axis=0), std),
    )


def test_by_its_own_std(X_train, X_test):
    mean = X_train.mean(axis=0)
    return (
        _scaled(X_train, mean, X_train.std(axis=0)),
        _scaled(X_test, mean, X_test.std(axis=0)),
    )


def fitted_on_everything(X_train, X_test):
    X = np.concatenate([X_train, X_test])
    mean, std = X.mean(axis=0), X.std(axis=0)
    return _scaled(X_train, mean, std), _scaled(X_test, mean, std)


def fitted_on_test_set(X_train, X_test):
    mean, std = X_test.mean(axis=0), X_test.std(axis=0)
    return _scaled(X_train, mean, std), _scaled(X_test, mean, std)


def test_left_as_it_is(X_train, X_test):
    return _scaled(X_train, X_train.mean(axis=0), X_train.std(axis=0)), X_test.copy()


def sample_std(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    return _scaled(X_train, mean, std), _scaled(X_test, mean, std)


def scaled_only(X_train, X_test):
    std = X_train.std(axis=0)
    return _scaled(X_train, 0.0, std), _scaled(X_test, 0.0, std)


def scaled_only_constants_kept(X_train, X_test):
    std = X_train.std(axis=0)
    std[std == 0] = 1
    return X_train / std, X_test / std


def centred_only(X_train, X_test):
    mean = X_train.mean(axis=0)
    return X_train - mean, X_test - mean


def divided_by_variance(X_train, X_test):
    mean, variance = X_train.mean(axis=0), X_train.var(axis=0)
    return _scaled(X_train, mean, variance), _scaled(X_test, mean, variance)


def divided_before_centring(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[std == 0] = 1
    return X_train / std - mean, X_test / std - mean


def divided_by_range(X_train, X_test):
    mean, span = X_train.mean(axis=0), np.ptp(X_train, axis=0)
    return _scaled(X_train, mean, span), _scaled(X_test, mean, span)


def scaled_from_zero_to_one(X_train, X_test):
    low, span = X_train.min(axis=0), np.ptp(X_train, axis=0)
    return _scaled(X_train, low, span), _scaled(X_test, low, span)


def divided_by_largest(X_train, X_test):
    largest = np.abs(X_train).max(axis=0)
    return _scaled(X_train, 0.0, largest), _scaled(X_test, 0.0, largest)


def divided_by_root_mean_square(X_train, X_test):
    rms = np.sqrt(np.mean(X_train**2, axis=0))
    return _scaled(X_train, 0.0, rms), _scaled(X_test, 0.0, rms)


def centred_by_median(X_train, X_test):
    median, std = np.median(X_train, axis=0), X_train.std(axis=0)
    return _scaled(X_train, median, std), _scaled(X_test, median, std)


def one_mean_for_the_table(X_train, X_test):
    mean, std = X_train.mean(), X_train.std()
    return (X_train - mean) / std, (X_test - mean) / std


def row_by_row(X_train, X_test):
    return tuple(
        _scaled(X, X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True))
        for X in (X_train, X_test)
    )


def rows_for_columns(X_train, X_test):
    mean, std = X_train.mean(axis=1), X_train.std(axis=1)
    return (X_train - mean) / std, (X_test - mean) / std


def constants_not_a_number(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / std, (X_test - mean) / std


def constants_left_as_they_are(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    varies = std > 0
    safe = np.where(varies, std, 1.0)
    return (
        np.where(varies, (X_train - mean) / safe, X_train),
        np.where(varies, (X_test - mean) / safe, X_test),
    )


def constants_dropped(X_train, X_test):
    keep = X_train.std(axis=0) > 0
    mean, std = X_train[:, keep].mean(axis=0), X_train[:, keep].std(axis=0)
    return (X_train[:, keep] - mean) / std, (X_test[:, keep] - mean) / std


def epsilon_in_std(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / std, (X_test - mean) / std


def epsilon_in_variance(X_train, X_test):
    mean, std = X_train.mean(axis=0), np.sqrt(X_train.var(axis=0) + 1e-5)
    return (X_train - mean) / std, (X_test - mean) / std


def sets_swapped(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return _scaled(X_test, mean, std), _scaled(X_train, mean, std)


def sets_in_place(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[std == 0] = 1
    X_train -= mean
    X_train /= std
    X_test -= mean
    X_test /= std
    return X_train, X_test


def test_set_cut_to_length(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    Z_test = _scaled(X_test[: len(X_train)], mean, std)
    return _scaled(X_train, mean, std), Z_test


def train_in_place(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[std == 0] = 1
    X_train -= mean
    X_train /= std
    return X_train, (X_test - mean) / std


STANDARDIZE = Exercise(
    name="standardize",
    points=2,
    reference=kernels.standardize,
    returns=("Z_train", "Z_test"),
    draw=draw_standardize,
    equivalents=(
        scaled_with_one_for_zero,
        scaled_column_by_column,
        scaled_by_nan_to_num,
        scaled_by_moments,
    ),
    misconceptions=(
        Misconception(
            "test_by_its_own",
            test_by_its_own,
            "a test set scaled by its own means and deviations",
            TRAINING_SET_ONLY,
        ),
        Misconception(
            "test_by_its_own_mean",
            test_by_its_own_mean,
            "a test set centred by its own means",
            TRAINING_SET_ONLY,
        ),
        Misconception(
            "test_by_its_own_std",
            test_by_its_own_std,
            "a test set divided by its own standard deviations",
            TRAINING_SET_ONLY,
        ),
        Misconception(
            "fitted_on_everything",
            fitted_on_everything,
            "means and deviations of both sets together",
            "So the test set has its say in what it is tested with. "
            + TRAINING_SET_ONLY,
        ),
        Misconception(
            "fitted_on_test_set",
            fitted_on_test_set,
            "means and deviations of the test set",
            TRAINING_SET_ONLY,
        ),
        Misconception(
            "test_left_as_it_is",
            test_left_as_it_is,
            "a test set that is not scaled",
            "What has learned from scaled columns cannot read others. "
            + TRAINING_SET_ONLY,
        ),
        Misconception(
            "sample_std",
            sample_std,
            "a standard deviation over n - 1",
            "pandas divides by n - 1, NumPy and scikit-learn by n. Here it is n: leave "
            "`ddof` at 0.",
        ),
        Misconception(
            "scaled_only",
            scaled_only,
            "columns that are scaled and not centred",
            "Subtract the mean of each column first.",
        ),
        Misconception(
            "scaled_only_constants_kept",
            scaled_only_constants_kept,
            "columns that are scaled and not centred",
            "Subtract the mean of each column first; that makes constant columns 0.",
        ),
        Misconception(
            "centred_only",
            centred_only,
            "columns that are centred and not scaled",
            "Divide by the standard deviation of each column.",
        ),
        Misconception(
            "divided_by_variance",
            divided_by_variance,
            "a division by the variance",
            "Its root has the column's unit: divide by the standard deviation.",
        ),
        Misconception(
            "divided_before_centring",
            divided_before_centring,
            "a mean subtracted after the division",
            "The mean belongs to the columns before they are divided. Look at your "
            "parentheses.",
        ),
        Misconception(
            "divided_by_range",
            divided_by_range,
            "a division by the range",
            "Two outliers make a range. Divide by the standard deviation.",
        ),
        Misconception(
            "scaled_from_zero_to_one",
            scaled_from_zero_to_one,
            "min-max scaling",
            "That puts columns between 0 and 1. Here they get mean 0 and standard "
            "deviation 1.",
        ),
        Misconception(
            "divided_by_largest",
            divided_by_largest,
            "a division by the largest absolute value",
            "Here columns get mean 0 and standard deviation 1.",
        ),
        Misconception(
            "divided_by_root_mean_square",
            divided_by_root_mean_square,
            "a division by the root mean square, without centring",
            "Subtract the mean first; what remains has the standard deviation as its "
            "root mean square.",
        ),
        Misconception(
            "centred_by_median",
            centred_by_median,
            "columns centred by their medians",
            "Here the mean becomes 0.",
        ),
        Misconception(
            "one_mean_for_the_table",
            one_mean_for_the_table,
            "one mean and one deviation for the whole table",
            "Columns have units of their own: compute both for each column, with "
            "`axis=0`.",
        ),
        Misconception(
            "row_by_row",
            row_by_row,
            "rows with mean 0",
            "A row is one example, with a different unit in each column. Scale the "
            "columns: `axis=0`.",
        ),
        Misconception(
            "rows_for_columns",
            rows_for_columns,
            "means over the wrong axis",
            "Each column has a mean of its own: `axis=0` goes down the columns.",
        ),
        Misconception(
            "constants_not_a_number",
            constants_not_a_number,
            "0 / 0 in a column that does not vary",
            "Its standard deviation is 0. Divide by something else there: the centred "
            "column is 0 already.",
        ),
        Misconception(
            "constants_left_as_they_are",
            constants_left_as_they_are,
            "a constant column that is left as it is",
            "It becomes 0: subtract its mean, and divide by anything but 0.",
        ),
        Misconception(
            "constants_dropped",
            constants_dropped,
            "a table without its constant columns",
            "The tables keep their shapes: a constant column becomes 0.",
        ),
        Misconception(
            "epsilon_in_std",
            epsilon_in_std,
            "an epsilon of 1e-8 in the denominator",
            "Columns then miss the standard deviation 1, small ones by more. Divide by "
            "the standard deviation itself, and treat constant columns on their own.",
        ),
        Misconception(
            "epsilon_in_variance",
            epsilon_in_variance,
            "an epsilon of 1e-5 under the root, as in batch normalisation",
            "Columns of small scale then miss the standard deviation 1. Treat constant "
            "columns on their own.",
        ),
        Misconception(
            "test_set_cut_to_length",
            test_set_cut_to_length,
            "cutting the test set to the length of the training set",
            "The two tables may have different lengths, and each keeps all its rows.",
        ),
        Misconception(
            "sets_swapped",
            sets_swapped,
            "the two results in the wrong order",
            "Return the training set first and the test set second.",
        ),
        Misconception(
            "sets_in_place",
            sets_in_place,
            "a change of both tables in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "train_in_place",
            train_in_place,
            "a change of `X_train` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        (
            "Which numbers do you need for each column, and from which of the two "
            "tables may they come?"
        ),
        (
            "`X.mean(axis=0)` has one entry for each column. What is the standard "
            "deviation of a column that does not vary, and what happens if you "
            "divide by it?"
        ),
        (
            "`mean` and `std` of `X_train`, with `axis=0`; `std[std == 0] = 1`; then "
            "`return (X_train - mean) / std, (X_test - mean) / std`."
        ),
    ),
    read="section 9, equation (4.11)",
    lines=3,
    level=2,
)


# --- condition_number -------------------------------------------------------


def draw_condition_number(rng):
    yield (
        "two columns that are orthogonal",
        {"X": np.array([[3.0, 0.0], [0.0, 1.0], [-3.0, 0.0], [0.0, -1.0]])},
    )
    yield "three columns", {"X": signed(rng, (7, 3))}
    yield (
        "one column is the double of another",
        {"X": _singular(rng, (8, 3), _double_of_first, rounded=1)},
    )
    yield (
        "columns of different scale",
        {"X": signed(rng, (9, 4)) * np.array([1.0, 8.0, 0.5, 3.0])},
    )
    yield (
        "means far from 0",
        {"X": signed(rng, (10, 2)) + np.array([4.0, between(rng, -3.0, -2.0)])},
    )
    yield (
        "one column is the sum of two others",
        {"X": _singular(rng, (9, 4), _sum_of_others, rounded=-1)},
    )
    yield "a table in very large units", {"X": 1e-6 * signed(rng, (8, 3))}
    yield "one column", {"X": signed(rng, (6, 1))}
    yield "fewer rows than columns", {"X": signed(rng, (3, 5))}


def _double_of_first(X):
    X[:, -1] = 2 * X[:, 0]
    return X


def _sum_of_others(X):
    X[:, 1] = X[:, 0] + X[:, -1]
    return X


def _singular(rng, shape, tie, rounded):
    """A table with tied columns whose eigenvalue 0 is rounded to one side of 0.

    So a test for exactly 0, or for below 0, fails on some case.
    """
    tables = [tie(signed(rng, shape)) for _ in range(32)]
    for X in tables:
        if np.linalg.eigvalsh(X.T @ X / len(X))[0] * rounded > 0:
            return X
    return tables[0]


def kappa_of_eigenvalues(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] < 1e-14 * eigenvalues[-1]:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


def kappa_of_eigenvalues_without_n(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    singular = np.isclose(eigenvalues.min() / eigenvalues.max(), 0, atol=1e-12)
    return float("inf") if singular else eigenvalues.max() / eigenvalues.min()


def kappa_of_singular_values(X):
    s = np.linalg.svd(X, compute_uv=False)
    if len(s) < X.shape[1] or s[-1] < 1e-10 * s[0]:
        return np.inf
    return (s[0] / s[-1]) ** 2


def kappa_by_cond_and_rank(X):
    H = X.T @ X / X.shape[0]
    full = np.linalg.matrix_rank(H) == X.shape[1]
    return np.linalg.cond(H) if full else np.inf


def kappa_by_norms(X):
    H = X.T @ X
    if np.linalg.cond(H) > 1e13:
        return np.inf
    return np.linalg.norm(H, 2) * np.linalg.norm(np.linalg.inv(H), 2)


def _is_singular(X):
    return np.linalg.matrix_rank(X) < X.shape[1]


def kappa_of_X_itself(X):
    return np.linalg.cond(X)


def kappa_root(X):
    return np.inf if _is_singular(X) else np.linalg.cond(X)


def kappa_squared_once_more(X):
    return np.inf if _is_singular(X) else np.linalg.cond(X.T @ X) ** 2


def kappa_upside_down(X):
    return 0.0 if _is_singular(X) else np.linalg.cond(X) ** -2


def kappa_upside_down_but_infinite(X):
    return np.inf if _is_singular(X) else np.linalg.cond(X) ** -2


def kappa_after_centring(X):
    X = X - X.mean(axis=0)
    return np.inf if _is_singular(X) else np.linalg.cond(X) ** 2


def kappa_after_scaling(X):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.inf if _is_singular(X) else np.linalg.cond(X) ** 2


def kappa_of_normed_columns(X):
    X = X / np.linalg.norm(X, axis=0)
    return np.inf if _is_singular(X) else np.linalg.cond(X) ** 2


def kappa_of_the_other_product(X):
    return np.inf if _is_singular(X.T) else np.linalg.cond(X) ** 2


def kappa_of_diagonal(X):
    squares = np.mean(X**2, axis=0)
    return squares.max() / squares.min()


def kappa_of_variances(X):
    variances = X.var(axis=0)
    return variances.max() / variances.min()


def kappa_of_deviations(X):
    deviations = X.std(axis=0)
    return deviations.max() / deviations.min()


def kappa_in_norm_one(X):
    return np.inf if _is_singular(X) else np.linalg.cond(X.T @ X, 1)


def kappa_in_frobenius_norm(X):
    return np.inf if _is_singular(X) else np.linalg.cond(X.T @ X, "fro")


def kappa_largest_only(X):
    return np.linalg.eigvalsh(X.T @ X / len(X))[-1]


def kappa_difference(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    return np.inf if _is_singular(X) else eigenvalues[-1] - eigenvalues[0]


def kappa_zeros_left_out(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    positive = eigenvalues[eigenvalues > 1e-12 * eigenvalues[-1]]
    return positive.max() / positive.min()


def kappa_no_test(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    return eigenvalues[-1] / eigenvalues[0]


def kappa_no_test_without_n(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return eigenvalues[-1] / eigenvalues[0]


def kappa_no_test_by_cond(X):
    return np.linalg.cond(X.T @ X / len(X))


def kappa_no_test_by_cond_without_n(X):
    return np.linalg.cond(X.T @ X)


def kappa_no_test_by_squared_cond(X):
    return np.linalg.cond(X) ** 2


def kappa_test_for_exactly_zero(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] <= 0:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


def kappa_test_without_scale(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if np.isclose(eigenvalues[0], 0):
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


def kappa_few_rows_overlooked(X):
    s = np.linalg.svd(X, compute_uv=False)
    return np.inf if s[-1] < 1e-10 * s[0] else (s[0] / s[-1]) ** 2


def kappa_only_few_rows_seen(X):
    n_samples, n_features = X.shape
    return np.inf if n_samples < n_features else np.linalg.cond(X) ** 2


def kappa_zero_if_singular(X):
    return 0.0 if _is_singular(X) else np.linalg.cond(X) ** 2


def kappa_not_a_number(X):
    return np.nan if _is_singular(X) else np.linalg.cond(X) ** 2


def kappa_error_if_singular(X):
    if _is_singular(X):
        raise np.linalg.LinAlgError("singular matrix")
    return np.linalg.cond(X) ** 2


def kappa_eigenvalues_of_X(X):
    eigenvalues = np.linalg.eigvals(X)
    return eigenvalues.max() / eigenvalues.min()


def condition_tolerance(arguments):
    """Wider than usual: eigenvalues are rounded to 1e-16 times the largest."""
    return Tolerance(
        rtol=1e-7,
        reason="a smallest eigenvalue 1e-4 of the largest has 12 digits left, and "
        "computing X^T X first costs some of them",
    )


CONDITION_NUMBER = Exercise(
    name="condition_number",
    points=2,
    reference=kernels.condition_number,
    returns=("kappa",),
    draw=draw_condition_number,
    tolerance=condition_tolerance,
    equivalents=(
        kappa_of_eigenvalues,
        kappa_of_eigenvalues_without_n,
        kappa_of_singular_values,
        kappa_by_cond_and_rank,
        kappa_by_norms,
    ),
    misconceptions=(
        Misconception(
            "kappa_of_X_itself",
            kappa_of_X_itself,
            "`np.linalg.cond(X)`",
            "That is a ratio of singular values of `X`, and finite for tied columns. "
            "The eigenvalues of `X.T @ X` are their squares, and one of them is 0.",
        ),
        Misconception(
            "kappa_root",
            kappa_root,
            "the condition number of `X` instead of `X.T @ X / n`",
            "The eigenvalues of `X.T @ X` are the squares of the singular values of "
            "`X`: square the ratio.",
        ),
        Misconception(
            "kappa_squared_once_more",
            kappa_squared_once_more,
            "a condition number that is squared once too often",
            "Of `X` it has to be squared, of `X.T @ X` no more.",
        ),
        Misconception(
            "kappa_upside_down",
            kappa_upside_down,
            "a ratio upside down",
            "The largest eigenvalue is divided by the smallest: it is at least 1.",
        ),
        Misconception(
            "kappa_upside_down_but_infinite",
            kappa_upside_down_but_infinite,
            "a ratio upside down",
            "The largest eigenvalue is divided by the smallest: it is at least 1, and "
            "`eigvalsh` gives the smallest first.",
        ),
        Misconception(
            "kappa_after_centring",
            kappa_after_centring,
            "the condition number after centring, of the covariance matrix",
            "It is asked for as `X` stands; means far from 0 are part of the trouble.",
        ),
        Misconception(
            "kappa_after_scaling",
            kappa_after_scaling,
            "the condition number after standardising, of the correlation matrix",
            "It is asked for as `X` stands, so that both can be compared.",
        ),
        Misconception(
            "kappa_of_normed_columns",
            kappa_of_normed_columns,
            "the condition number of columns divided by their norms",
            "It is asked for as `X` stands, so that both can be compared.",
        ),
        Misconception(
            "kappa_of_the_other_product",
            kappa_of_the_other_product,
            "the eigenvalues of `X @ X.T`",
            "That has a row for each example, and most of its eigenvalues are 0. The "
            "parameters belong to the columns: `X.T @ X`.",
        ),
        Misconception(
            "kappa_of_diagonal",
            kappa_of_diagonal,
            "the ratio of the diagonal entries",
            "That is right only for orthogonal columns. Take the eigenvalues.",
        ),
        Misconception(
            "kappa_of_variances",
            kappa_of_variances,
            "the ratio of the columns' variances",
            "Columns also have means, and lean on each other. Take the eigenvalues of "
            "`X.T @ X / n`.",
        ),
        Misconception(
            "kappa_of_deviations",
            kappa_of_deviations,
            "the ratio of the columns' standard deviations",
            "Columns also have means, and lean on each other. Take the eigenvalues of "
            "`X.T @ X / n`.",
        ),
        Misconception(
            "kappa_in_norm_one",
            kappa_in_norm_one,
            "a condition number in the 1-norm",
            "Several are called so. Here it is the ratio of eigenvalues.",
        ),
        Misconception(
            "kappa_in_frobenius_norm",
            kappa_in_frobenius_norm,
            "a condition number in the Frobenius norm",
            "Several are called so. Here it is the ratio of eigenvalues.",
        ),
        Misconception(
            "kappa_largest_only",
            kappa_largest_only,
            "the largest eigenvalue",
            "That says how steep the steepest direction is. Divide it by the smallest.",
        ),
        Misconception(
            "kappa_difference",
            kappa_difference,
            "the difference of the largest and the smallest eigenvalue",
            "Divide, so that the unit of `X` cancels.",
        ),
        Misconception(
            "kappa_zeros_left_out",
            kappa_zeros_left_out,
            "a ratio over the eigenvalues that are not 0",
            "An eigenvalue 0 is a direction along which the loss never changes: the "
            "condition number is infinite.",
        ),
        Misconception(
            "kappa_no_test",
            kappa_no_test,
            "a division without a look at the smallest eigenvalue",
            "Of tied columns it is 0, but rounded: 1e-17, perhaps negative. Return "
            "`np.inf` if it is tiny beside the largest.",
        ),
        Misconception(
            "kappa_no_test_without_n",
            kappa_no_test_without_n,
            "a division without a look at the smallest eigenvalue",
            "Of tied columns it is 0, but rounded: 1e-17, perhaps negative. Return "
            "`np.inf` if it is tiny beside the largest.",
        ),
        Misconception(
            "kappa_no_test_by_cond",
            kappa_no_test_by_cond,
            "`np.linalg.cond` alone",
            "For tied columns rounding makes it large instead of infinite. Test the "
            "rank, or the smallest eigenvalue, first.",
        ),
        Misconception(
            "kappa_no_test_by_cond_without_n",
            kappa_no_test_by_cond_without_n,
            "`np.linalg.cond` alone",
            "For tied columns rounding makes it large instead of infinite. Test the "
            "rank, or the smallest eigenvalue, first.",
        ),
        Misconception(
            "kappa_no_test_by_squared_cond",
            kappa_no_test_by_squared_cond,
            "the square of `np.linalg.cond(X)` alone",
            "For tied columns rounding makes it large instead of infinite, and with "
            "fewer rows than columns it leaves zeros out. Test the rank first.",
        ),
        Misconception(
            "kappa_test_for_exactly_zero",
            kappa_test_for_exactly_zero,
            "a test whether the smallest eigenvalue is exactly 0",
            "Rounding leaves 1e-17 where 0 should be. Return `np.inf` if it is tiny "
            "beside the largest.",
        ),
        Misconception(
            "kappa_test_without_scale",
            kappa_test_without_scale,
            "a test whether the smallest eigenvalue is near 0, whatever the units",
            "In large units all numbers of a table are small, and its eigenvalues "
            "too. Compare the smallest eigenvalue with the largest one: "
            "`np.isclose(a, 0)` and `a < 1e-10` do not.",
        ),
        Misconception(
            "kappa_few_rows_overlooked",
            kappa_few_rows_overlooked,
            "a test that overlooks tables with fewer rows than columns",
            "`X.T @ X` is then singular. The singular values of `X` do not show it, "
            "because there are fewer of them than columns, and a determinant may "
            "come out as 1e-17 instead of 0.",
        ),
        Misconception(
            "kappa_only_few_rows_seen",
            kappa_only_few_rows_seen,
            "a test that overlooks tied columns",
            "They make `X.T @ X` singular too, although its determinant may come out "
            "as 1e-17. Look at the smallest eigenvalue, or at the rank.",
        ),
        Misconception(
            "kappa_zero_if_singular",
            kappa_zero_if_singular,
            "0 for a singular matrix",
            "The closer to singular, the larger the condition number: it is infinite "
            "there.",
        ),
        Misconception(
            "kappa_not_a_number",
            kappa_not_a_number,
            "nan for a singular matrix",
            "The closer to singular, the larger the condition number: it is infinite "
            "there.",
        ),
        Misconception(
            "kappa_error_if_singular",
            kappa_error_if_singular,
            "an error for a singular matrix",
            "Here the answer is `np.inf`.",
        ),
        Misconception(
            "kappa_eigenvalues_of_X",
            kappa_eigenvalues_of_X,
            "eigenvalues of a table that is not square",
            "Only square matrices have them: take those of `X.T @ X / len(X)`.",
        ),
    ),
    hints=(
        "Which matrix is the Hessian of linear regression? How large is it?",
        (
            "`np.linalg.eigvalsh` gives its eigenvalues, the smallest first. What is "
            "the smallest if one column is twice another, and what does rounding "
            "make of it?"
        ),
        (
            "`eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))`. If the first is "
            "below `1e-14` times the last, `return np.inf`; otherwise return the "
            "last over the first."
        ),
    ),
    read="section 9, equation (4.12)",
    lines=4,
    level=2,
    harmless={
        "if np.linalg.matrix_rank(X) < X.shape[1]: -> "
        "if np.linalg.matrix_rank(X) < X.shape[-1]:": "a table has two axes",
    },
)
