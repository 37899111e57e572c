import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.table import Table, parse_csv
from app.errors import InvalidInput
from app.schemas.data import MAX_SAMPLES

POINTS = [[1.5, -2.0], [3.0, 400.0]]


def faults(text: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as raised:
        parse_csv(text)
    assert raised.value.detail
    return {error.path: error.message for error in raised.value.errors}


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-2,a\n3,4e2,b",
        "1.5;-2;a\n3;4e2;b\n",
        "1.5\t-2\ta\n3\t4e2\tb",
        "1.5|-2|a\r\n3|4e2|b\r\n",
        "1.5 -2 a\n   3    4e2 \t b  ",
        "1.5, -2, a\n3 ,4e2 , b",
        '"1.5","-2","a"\n3,+4E2,"b"',
        "1,5;-2,0;a\n3;400;b",
        "1,5\t-2\ta\n3\t400\tb",
        "\ufeff1.5,-2,a\n\n  \n3,400.,b\n,,\n",
        "1.5,-2,a,,\n3,400,b,,",
        "1.5,-2,a\r3,400,b",
    ],
    ids=repr,
)
def test_delimiters_spaces_and_quotes_do_not_matter(text: str) -> None:
    table = parse_csv(text)
    assert table.points.tolist() == POINTS
    assert table.labels == ("a", "b")
    assert (table.task, table.columns) == (None, ("x1", "x2", "label"))


@pytest.mark.parametrize(
    ("header", "task", "columns"),
    [
        ("x,y,label", "classification", ("x", "y", "label")),
        ("x,y,target", "regression", ("x", "y", "target")),
        ("Age,Weight, Target", "regression", ("Age", "Weight", "Target")),
        ("age,body weight,species", None, ("age", "body weight", "species")),
    ],
)
def test_a_header_names_columns_and_may_say_what_the_third_is(
    header: str, task: str | None, columns: tuple[str, str, str]
) -> None:
    table = parse_csv(f"{header}\n1.5,-2,7\n3,400,9\n")
    assert (table.task, table.columns) == (task, columns)
    assert table.points.tolist() == POINTS
    assert isinstance(table.labels, np.ndarray)
    assert table.labels.tolist() == [7, 9]


def test_labels_are_text_as_soon_as_one_is_no_number() -> None:
    assert parse_csv("1,2,7\n3,4,seven\n5,6,7").labels == ("7", "seven", "7")
    assert parse_csv('1,2,"red, dark"\n3,4,ünï').labels == ("red, dark", "ünï")


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("x,y,label\n1,2,a\nfive,2,a\n3,,b\n", ["line 3, column 1", "line 4, column 2"]),
        ("1,2,a\n\n3,NaN,b\n-inf,4,b", ["line 3, column 2", "line 4, column 1"]),
        ("1,2,0\n3,4,nan", ["line 2, column 3"]),
        ("1,2,a\n3,4,inf", ["line 2, column 3"]),
        ("x,y,target\n1,2,3\n3,4,b", ["line 3, column 3"]),
        ("1,2,a\n3,4,", ["line 2, column 3"]),
        ("1,2,a\n3,4e99,b", ["line 2, column 2"]),
        ("1,2,a\n3,1e999,b", ["line 2, column 2"]),
        ("1,2,a\n1_0,٣,b", ["line 2, column 1", "line 2, column 2"]),
        ("1,2\n3,4,b\n5,6,7,8", ["line 1", "line 3"]),
        ('1,2,"a\n3,4,b', ["line 1"]),
        ("x,,label\n1,2,a\n2,3,b", ["line 1, column 1", "line 1, column 2"]),
        ("x,y,\n1,2,a\n2,3,b", ["line 1, column 3"]),
        ("1,2,a\n3,4,b\x07", ["line 2, column 3"]),
        ("1,2,a\n3,4," + "b" * 61, ["line 2, column 3"]),
        ("1,2,a\n3,4," + "b" * 1000, ["line 2"]),
        ("".join(f"{index},2,class {index}\n" for index in range(10)), ["line 9, column 3"]),
        ("".join(f"{index},2,{index}\n" for index in range(20)) + "1,2,1O", ["line 21, column 3"]),
    ],
)
def test_each_problem_is_told_where_it_is(text: str, paths: list[str]) -> None:
    assert list(faults(text)) == paths


@pytest.mark.parametrize("text", ["", "\n \n", "x,y,label", "1,2,3", "x,y,label\n1,2,3\n"])
def test_a_table_needs_two_points(text: str) -> None:
    with pytest.raises(InvalidInput, match="at least two points"):
        parse_csv(text)


def test_messages_say_what_to_do() -> None:
    assert faults("1,2,a\nfive,2,b") == {"line 2, column 1": "must be a number, not 'five'"}
    assert faults("1,2,a\n1,inf,b") == {"line 2, column 2": "must be a finite number, not inf"}
    assert "three columns" in faults("1,2\n3,4")["line 1"]


def test_as_many_rows_as_may_be_and_no_more() -> None:
    rows = "1,2,a\n3,4,b\n" * (MAX_SAMPLES // 2)
    assert parse_csv("x,y,label\n" + rows).points.shape == (MAX_SAMPLES, 2)
    assert list(faults(rows + "5,6,a")) == [f"line {MAX_SAMPLES + 1}"]
    assert list(faults("x,y,label\n" + rows + "\n5,6,a\n" * 9_000)) == [f"line {MAX_SAMPLES + 3}"]


def test_only_the_first_problems_are_told() -> None:
    assert len(faults("1,2,a\n" + "one,two,b\n" * 1000)) == 20


@pytest.mark.parametrize(
    "text", ["9" * 1_900_000, "," * 1_900_000, '"' * 1_900_000, "\n" * 1_900_000, ("1" * 950 + "x,1,2\n") * 1_990]
)
def test_a_large_file_of_nonsense_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(InvalidInput):
        parse_csv(text)
    assert time.process_time() - start < 3


@given(st.text(st.sampled_from("0123456789.,;|\t\n\r\"' -+eExylabtrgnif\ufeff\x00"), max_size=200) | st.text())
def test_any_text_gives_a_table_or_an_error_for_people(text: str) -> None:
    try:
        table = parse_csv(text)
    except InvalidInput:
        return
    assert len(table.points) == len(table.labels) >= 2
    assert np.all(np.isfinite(table.points))


finite = st.floats(-1e12, 1e12)
names = st.from_regex("[A-Za-z][A-Za-z _-]{0,20}[A-Za-z]", fullmatch=True).filter(
    lambda name: name.lower() not in ("inf", "nan", "infinity")
)


@given(
    rows=st.lists(st.tuples(finite, finite), min_size=2, max_size=20),
    choices=st.data(),
    classes=st.lists(names, min_size=1, max_size=8, unique=True),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_was_written_is_read(
    rows: list[tuple[float, float]], choices: st.DataObject, classes: list[str], delimiter: str
) -> None:
    labels = [choices.draw(st.sampled_from(classes)) for _ in rows]
    lines = [delimiter.join([repr(x), repr(y), label]) for (x, y), label in zip(rows, labels, strict=True)]
    table = parse_csv("\n".join(lines))
    assert table.points.tolist() == [list(row) for row in rows]
    assert table.labels == tuple(labels)
    again = Table.from_json(table.to_json())
    assert again.points.tolist() == table.points.tolist()
    assert (again.labels, again.task, again.columns) == (table.labels, table.task, table.columns)


def test_numbers_survive_json_bit_for_bit() -> None:
    table = parse_csv("x,y,target\n0.1,1e-300,0.30000000000000004\n-0.0,3,1e12")
    again = Table.from_json(table.to_json())
    assert isinstance(again.labels, np.ndarray)
    assert isinstance(table.labels, np.ndarray)
    assert again.labels.tobytes() == table.labels.tobytes()
    assert again.points.tobytes() == table.points.tobytes()
