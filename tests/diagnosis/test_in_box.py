"""What is looked for where student code runs, in the language of who asks."""

from __future__ import annotations

from autograder.calling.packing import unpack
from autograder.diagnosis.in_box import answer, packed
from autograder.language import speaking, spoken
from tests.helpers.written_answers import written

WRONG = """
    def rms_step(theta, sum_sq, t, grad, lr):
        sum_sq = sum_sq + grad**2
        sigma = np.sqrt(sum_sq / (t + 3))
        return theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq
"""


def test_the_question_says_in_which_language_it_is_answered():
    """The process that answers has none of its own."""
    english = packed("rms_step")
    with speaking("zh_CN"):
        chinese = packed("rms_step")
    told = [unpack(answer(written(WRONG), one))["told"] for one in (english, chinese)]

    ((first,), (second,)) = told
    assert "with `1` in place of `3`, all 8 cases come right." in first["text"]
    assert "把 `3` 换成 `1`，全部 8 个用例就都正确了。" in second["text"]
    assert first["line"] == second["line"] == 3
    assert spoken() == "en"
