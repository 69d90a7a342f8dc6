"""The data files and what loads them."""

import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest

from autograder.lab import datasets

ROOT = Path(__file__).parents[2]


def images_of_all_parts():
    data = datasets.digits()
    return [data.X, data.X_val, datasets.held_out_digits()[0]]


def listed_files():
    lines = (ROOT / "data" / "SHA256SUMS").read_text().splitlines()
    return [line.split()[1] for line in lines]


def test_digits_have_their_shapes_types_and_scale():
    """Images are float64 from 0 to 1, labels are int64 from 0 to 9."""
    data = datasets.digits()

    assert (data.X.shape, data.X_val.shape) == ((1077, 64), (360, 64))
    assert (data.labels.shape, data.labels_val.shape) == ((1077,), (360,))
    assert data.X.dtype == np.float64
    assert data.labels.dtype == np.int64
    assert (data.X.min(), data.X.max()) == (0.0, 1.0)
    assert set(data.labels) == set(range(10))


def test_split_is_stratified():
    """Validation and held-out parts hold 36 images of each digit."""
    for labels in (datasets.digits().labels_val, datasets.held_out_digits()[1]):
        assert np.bincount(labels).tolist() == [36] * 10


def test_no_image_is_in_two_parts():
    """All 1,797 images of the three parts are different."""
    together = np.concatenate(images_of_all_parts())

    assert len(together) == 1797
    assert len(np.unique(together, axis=0)) == 1797


def test_parts_together_are_the_source():
    """Sums over all images are those of the source, whatever the split.

    Golden numbers: taken from `sklearn.datasets.load_digits`, 1.9.1.
    """
    together = np.concatenate(images_of_all_parts()) * 16

    assert together.sum() == 561718
    assert (together**2).sum() == 6907012


@pytest.mark.parametrize(
    ("load", "shape", "classes"),
    [
        (datasets.wine, (178, 13), (59, 71, 48)),
        (datasets.breast_cancer, (569, 30), (212, 357)),
    ],
)
def test_tables_have_their_columns_and_classes(load, shape, classes):
    """Names and units belong to columns, labels index the classes."""
    table = load()

    assert table.X.shape == shape
    assert len(table.columns) == len(table.units) == len(set(table.columns)) == shape[1]
    assert tuple(np.bincount(table.labels)) == classes
    assert len(table.classes) == len(classes)
    assert np.isfinite(table.X).all()


def test_columns_are_in_the_order_of_the_source():
    """Known means of known columns; UCI's summaries give 13.0 and 746."""
    wine, cancer = datasets.wine(), datasets.breast_cancer()

    assert wine.X[:, wine.columns.index("alcohol")].mean() == pytest.approx(
        13.0, abs=0.1
    )
    assert wine.X[:, wine.columns.index("proline")].mean() == pytest.approx(746, abs=1)
    area = cancer.columns.index("mean area")
    assert (cancer.X[:, area].min(), cancer.X[:, area].max()) == (143.5, 2501.0)
    assert cancer.units[area] == "length^2"


def test_what_is_returned_may_be_spoiled():
    """Each call gives arrays of its own."""
    datasets.digits().X[:] = -1.0

    assert datasets.digits().X.min() == 0.0


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The loader with a copy of the data as its only folder."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setattr(datasets, "_FOLDERS", (tmp_path / "data",))
    return tmp_path / "data"


def test_damaged_file_is_told(copied):
    """One changed pixel is refused, with what to do."""
    file = copied / "digits_train.csv"
    file.write_bytes(file.read_bytes().replace(b"13", b"12", 1))

    with pytest.raises(datasets.DataDamaged, match=r"digits_train\.csv.*Install"):
        datasets.digits()


@pytest.mark.parametrize("name", ["wine.csv", "SHA256SUMS"])
def test_missing_file_is_told(copied, name):
    """The message names the file and where it should be."""
    (copied / name).unlink()

    with pytest.raises(datasets.DataMissing, match=name) as failed:
        datasets.wine()

    assert str(copied) in str(failed.value)


def test_learner_without_the_held_out_part_can_load_the_rest(copied):
    """Leaving `held_out` away takes nothing else away."""
    shutil.rmtree(copied / "held_out")

    assert datasets.digits().X.shape == (1077, 64)
    with pytest.raises(datasets.DataMissing, match="grading"):
        datasets.held_out_digits()


def test_installed_package_is_looked_into_first():
    """A wheel has the data beside the loader."""
    assert datasets._FOLDERS[0] == ROOT / "autograder" / "lab" / "data"


def test_wheel_has_every_file():
    """What the checksums list is what the wheel includes, at the loader's place."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    for name in [*listed_files(), "SHA256SUMS"]:
        assert included[f"data/{name}"] == f"autograder/lab/data/{name}"


def test_every_data_file_is_listed():
    """No file without a checksum."""
    found = {
        p.relative_to(ROOT / "data").as_posix() for p in ROOT.glob("data/**/*.csv")
    }

    assert found == set(listed_files())
