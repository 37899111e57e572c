"""The arithmetic of a unit in words with numbers, step by step, for a person."""

from collections.abc import Iterator

from app.schemas.unit import Answer, Arithmetic, Convolution, Norm, PassedOn, Place, Pooling, ResidualSum, WeightedSum


def terms(arithmetic: Arithmetic, activation: str, value: float | None) -> tuple[str, ...]:
    """One sentence for each step, the activation last."""
    return (*_steps(arithmetic), *_activation(arithmetic, activation, value))


def _steps(arithmetic: Arithmetic) -> Iterator[str]:
    match arithmetic:
        case Convolution():
            yield from _convolution(arithmetic)
        case WeightedSum():
            yield from _weighted_sum(arithmetic)
        case Pooling():
            yield from _pooling(arithmetic)
        case Norm():
            yield from _norm(arithmetic)
        case PassedOn():
            yield f"It is {_told(arithmetic.result)}, as it comes from {_where(arithmetic.source)} of the layer before."
        case ResidualSum():
            yield "The block's first convolution, norm and activation make maps, of which the second sees a patch."
            yield from _convolution(arithmetic.convolution)
            yield from _norm(arithmetic.norm)
            yield from _past(arithmetic)
        case Answer():
            yield from _weighted_sum(arithmetic.weighted_sum)


def _convolution(told: Convolution) -> Iterator[str]:
    channels, height, width = told.patch["shape"]
    lines, columns = (f"{_told(places[0])} to {_told(places[-1])}" for places in (told.rows, told.columns))
    yield (
        f"A patch of {height} × {width} of {_counted(channels, 'map')}, lines {lines} and columns {columns}, is "
        "multiplied by the filter, place by place."
    )
    yield f"The {channels * height * width:,} products add up to {_told(told.sum)}."
    yield f"Plus the bias: {_told(told.sum)} + {_told(told.bias)} = {_told(told.result)}."


def _weighted_sum(told: WeightedSum) -> Iterator[str]:
    (inputs,) = told.inputs["shape"]
    yield f"Each of {_counted(inputs, 'input')} is multiplied by its weight."
    for product in told.largest[:3]:
        yield f"Input {product.input}: {_told(product.value)} × {_told(product.weight)} = {_told(product.product)}."
    yield f"All products add up to {_told(told.sum)}."
    yield f"Plus the bias: {_told(told.sum)} + {_told(told.bias)} = {_told(told.result)}."


def _pooling(told: Pooling) -> Iterator[str]:
    window = f"the window of {len(told.rows)} × {len(told.columns)}"
    if told.winner is None:
        yield f"The mean of {window} is {_told(told.result)}."
    else:
        yield f"The largest of {window} is {_told(told.result)}, in line {told.winner.y}, column {told.winner.x}."


def _norm(told: Norm) -> Iterator[str]:
    yield (
        f"({_told(told.value)} − the mean {_told(told.mean)}) / √(the variance {_told(told.variance)} + "
        f"{told.epsilon:g}) = {_told(told.normalised)}."
    )
    yield (
        f"Scaled and shifted: {_told(told.normalised)} × {_told(told.scale)} + {_told(told.shift)} = "
        f"{_told(told.result)}."
    )


def _past(told: ResidualSum) -> Iterator[str]:
    beside = told.past_norm or told.past
    if isinstance(told.past, Convolution):
        yield f"What came in goes past by way of a 1 × 1 convolution, which makes {_told(told.past.result)} of it."
    if told.past_norm is not None:
        yield from _norm(told.past_norm)
    else:
        yield f"What came in here, {_told(beside.result)}, goes past."
    yield f"Both are added: {_told(told.norm.result)} + {_told(beside.result)} = {_told(told.result)}."


def _activation(arithmetic: Arithmetic, name: str, value: float | None) -> Iterator[str]:
    if name == "softmax" and isinstance(arithmetic, Answer):
        yield (
            f"Softmax: its share of exp(logit − largest logit) among {len(arithmetic.exponentials)} classes, which add "
            f"up to {_told(arithmetic.total)}, is {_told(value)}."
        )
    elif name != "linear":
        yield f"{name}({_told(arithmetic.result)}) = {_told(value)}."
    if isinstance(arithmetic, Answer) and arithmetic.loss is not None:
        yield f"Against its label, the picture's loss is {_told(arithmetic.loss)}."


def _where(place: Place) -> str:
    if place.unit is not None:
        return f"unit {place.unit}"
    return f"map {place.channel}, line {place.y}, column {place.x},"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _told(number: float | None) -> str:
    return "no number" if number is None else f"{number:.4g}".replace("-", "−")
