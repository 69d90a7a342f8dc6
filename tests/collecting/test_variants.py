"""Archives that are not quite as documented: nobody gets lost in them."""

from __future__ import annotations

import json
import zipfile

import pytest

from benchmarks.class_archives import CHAPTER, packed, solve

N = f"{CHAPTER}.ipynb"


def moodle(name, file=N, kind="file"):
    return f"{name}_assignsubmission_{kind}/{file}"


VARIANTS = {
    "a group of Moodle": lambda w: {moodle("Group A_12"): w},
    "Moodle's group of those without one": lambda w: {moodle("Default group"): w},
    "online text of Moodle beside": lambda w: {
        moodle("Ada L_1"): w,
        moodle("Ada L_1", "onlinetext.html", "onlinetext"): b"<p>see file</p>",
    },
    "a comment in Canvas beside": lambda w: {
        f"adal_1_9_{N}": w,
        "adal_1_text.html": b"<p>done</p>",
    },
    "a name of digits in Canvas": lambda w: {f"student2_LATE_17_99_{N}": w},
    "a name with underscores": lambda w: {f"de_la_cruz_17_99_{N}": w},
    "a name in Chinese": lambda w: {f"李娜_17_99_{N}": w},
    "a name with digits between": lambda w: {f"x_17_99_2026_11_{N}": w},
    "Canvas unpacked into a folder": lambda w: {f"submissions/adal_17_99_{N}": w},
    "Canvas unpacked into folders": lambda w: {f"adal_17_99_work/sub/{N}": w},
    "Blackboard's zip of a zip": lambda w: {
        "HW_al_attempt_2026-11-20-12-00-10_w.zip": packed({f"w/{N}": w})
    },
    "Blackboard without its texts": lambda w: {
        f"Home_work 3_al01_attempt_2026-11-20-12-00-10_{N}": w
    },
    "Gradescope unpacked twice": lambda w: {
        f"a/b/submission_1/x/{N}": w,
        "a/b/submission_metadata.yml": b"submission_1:\n  :submitters:\n"
        b"  - :name: Ada\n    :sid: 7\n    :email: \n  :created_at: 2026-11-20\n",
    },
    "Gradescope with results": lambda w: {
        f"e/submission_1/{N}": w,
        "e/submission_metadata.yml": b"---\nsubmission_1:\n  :submitters:\n"
        b"  - :name: Ada\n    :sid: '7'\n    :email: a@x\n"
        b"  :created_at: 2026-11-20 12:00:00.000000000 -08:00\n  :score: 1.0\n"
        b"  :results:\n    tests:\n    - {name: x, score: 1}\n  :history:\n"
        b"  - :id: 0\n    :created_at: 2026-11-19 12:00:00 Z\n",
    },
    "Forms": lambda w: {f"Upload (File responses)/{CHAPTER} - Ada L.ipynb": w},
    "Forms, twice": lambda w: {f"Upload/{CHAPTER} - Ada L (1).ipynb": w},
    "Classroom": lambda w: {f"Ada L - {CHAPTER}.ipynb": w},
    "Classroom, copied": lambda w: {f"Ada L - Copy of {CHAPTER}.ipynb": w},
    "Classroom, a double name": lambda w: {f"Anne - Marie L - {CHAPTER}.ipynb": w},
    "Drive, a folder for each": lambda w: {f"Homework 3/Ada L/{N}": w},
    "a chapter's folder first": lambda w: {f"{CHAPTER}/ada/{N}": w},
    "a chapter's folder around all": lambda w: {f"x/{CHAPTER}/ada/{N}": w},
    "nbgrader's folders": lambda w: {
        f"submitted/ada/{CHAPTER}/{N}": w,
        f"submitted/bo/{CHAPTER}/timestamp.txt": b"2026-11-20 12:00:00 UTC",
    },
    "a file for each, the chapter behind": lambda w: {f"hw/{CHAPTER}_ada.ipynb": w},
}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_work_reaches_one_person_of_two(variant, release, collected):
    """Whatever the form is: one work, one person, and another one beside."""
    work = solve(release, "mine")
    found = collected(variant(work))
    rows = [row for row in found.rows if row.what == "new"]

    assert len(rows) == 1, found
    assert collected.graded(rows[0].student) == work
    assert "_" not in rows[0].student or found.system != "Moodle"


def test_names_of_an_old_code_page_are_names(work, collected, tmp_path):
    """Windows writes its own letters into a zip and says so by saying nothing."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo(f"N?ez/{N}")
        archive.writestr(info, work)
    data = (tmp_path / "a.zip").read_bytes().replace(b"N?ez", b"N\xa4ez")
    (tmp_path / "a.zip").write_bytes(data)
    found = collected(tmp_path / "a.zip")

    assert [row.student for row in found.rows] == ["Nñez"]


def test_names_of_macos_are_utf_8_though_nothing_says_so(work, collected, tmp_path):
    name = "Zoë".encode()
    (tmp_path / "a.zip").write_bytes(
        packed({f"Z??e/{N}": work}).replace(b"Z??e", b"Zo\xc3\xab")
    )
    found = collected(tmp_path / "a.zip")

    assert [row.student.encode() for row in found.rows] == [name]


def test_two_whose_names_differ_in_capitals_are_two_or_told(release, collected):
    """Some file systems keep only one of such folders."""
    one, two = solve(release, "one"), solve(release, "two")
    found = collected({f"Ada/{N}": one, f"ada/{N}": two})
    kept = {collected.graded(row.student) for row in found.rows if row.what == "new"}

    assert kept | {None} == {one, two, None} or found.code == 1


def test_a_stray_notebook_beside_peoples_folders_is_told(work, collected):
    found = collected({f"ada/{N}": work, f"bo/{N}": work, N: work})

    assert {row.student for row in found.rows} == {"ada", "bo"}
    assert [one.path for one in found.unaccounted] == [N]


def test_what_is_graded_can_be_collected_again(work, collected):
    """`autograder collect grading/submitted` changes nothing."""
    collected({f"ada/{N}": work, f"bo/{N}": work})
    before = collected.everything()
    found = collected(collected.course.submitted)

    assert collected.everything() == before
    assert {row.what for row in found.rows} == {"same"}


def test_nbgraders_time_stamps_come_along(work, collected):
    """In folders as nbgrader's exchange leaves them the stamp is the system's."""
    folder = f"ada/{CHAPTER}"
    found = collected(
        {
            f"{folder}/{N}": work,
            f"{folder}/timestamp.txt": b"2026-11-20 12:00:00.250000 UTC\n",
            f"bo/{CHAPTER}/{N}": work,
        }
    )

    assert collected.stamp("ada") == "2026-11-20 12:00:00.250000 UTC"
    assert collected.stamp("bo") is None
    assert found.code == 0


def test_a_list_with_the_same_login_twice_gives_nobody_the_others_folder(
    release, collected
):
    roster = 'Student,ID,SIS Login ID\n"L, A",1,same\n"B, B",2,same\n'
    one, two = solve(release, "one"), solve(release, "two")
    found = collected({f"la_1_8_{N}": one, f"bb_2_9_{N}": two}, roster)

    assert {collected.graded(row.student) for row in found.rows} == {one, two}


def test_a_person_is_never_put_into_anothers_folder_by_a_number(release, collected):
    """Canvas's number 7 is not the student number 7 of somebody else."""
    roster = 'Student,ID,SIS User ID,SIS Login ID\n"Bo, B",9,7,bo\n'
    found = collected({f"ada_7_1_{N}": solve(release, "ada")}, roster)

    assert [row.student for row in found.rows if row.what == "new"] == ["7"]
    assert "not in the list" in next(r for r in found.rows if r.what == "new").why


def test_a_notebook_of_one_line_and_one_of_many_cells_are_read(work, collected):
    tree = json.loads(work)
    tree["cells"] += [{"cell_type": "code", "metadata": {}, "source": "x"}] * 3000
    data = json.dumps(tree).encode()
    collected({f"ada/{N}": data})

    assert collected.graded("ada") == data
