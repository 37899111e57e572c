"""In what runs differ: the columns of the table, and what runs are called for it."""

from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.run import RunDocument
from app.web.compare.differences import differences, names_of, seeds_alone


def run(**experiment: object) -> RunDocument:
    given = parse_value(PlaneExperiment, experiment)
    return RunDocument(
        id="0" * 12,
        status="created",
        message="",
        experiment=given,
        resolved=given,
        revision=0,
        origin=0,
        step=0,
        epoch=0,
        speed=None,
        playing=False,
        undo=None,
        redo=None,
        metrics=None,
        parameters=1,
    )


def optimizer(kind: str, **fields: object) -> RunDocument:
    return run(training={"optimizer": {"kind": kind, **fields}})


def test_runs_that_are_the_same_differ_in_nothing() -> None:
    assert differences([run(), run(seed=0)]) == (), "a default that is given is the default"
    assert names_of([run(), run()]) == ("", "")


def test_only_what_differs_is_a_column() -> None:
    [column] = differences([optimizer("sgd", learning_rate=0.1), optimizer("adam", learning_rate=0.1)])
    assert (column.path, column.title, column.texts) == ("training.optimizer.kind", "Optimiser", ("SGD", "Adam"))


def test_a_default_differs_from_what_is_given_and_a_field_that_a_kind_lacks_from_all() -> None:
    columns = differences([run(), optimizer("adam", beta1=0.5)])
    assert [(column.title, column.texts) for column in columns] == [
        ("Optimiser", ("SGD", "Adam")),
        ("Beta 1", ("–", "0.5")),
    ]


def test_layers_are_told_apart_by_their_places() -> None:
    one, two = (run(network={"layers": [{"units": 4}, {"activation": name}]}) for name in ("tanh", "relu"))
    [column] = differences([one, two])
    assert (column.title, column.texts) == ("Layer 2 activation", ("Tanh", "ReLU"))


def test_words_alone_are_names_and_numbers_say_of_what() -> None:
    assert names_of([optimizer("sgd"), optimizer("rmsprop")]) == ("SGD", "RMSprop")
    assert names_of([run(seed=1), run(seed=2)]) == ("Seed 1", "Seed 2")
    many = run(seed=2, training={"batch_size": 3, "regularization": {"l1": 0.1}})
    assert names_of([run(), many]) == ("", ""), "too many to be a name"


def test_seeds_are_known_as_such() -> None:
    assert seeds_alone(differences([run(seed=1), run(seed=2)]))
    assert not seeds_alone(differences([run(seed=1), run(seed=2, training={"batch_size": 5})]))
    assert not seeds_alone(differences([run(), run()]))
