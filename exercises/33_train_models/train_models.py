"""33 train_models: pure-Python computing on several cores, with the same models as on one."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple


class ModelConfig(NamedTuple):
    """What to train: *epochs* passes over the points that belong to *seed*, each step as large as *learning_rate*."""

    name: str
    seed: int
    epochs: int
    learning_rate: float


class Model(NamedTuple):
    """A line through points, y = slope * x + intercept, and the mean squared error that is left."""

    name: str
    slope: float
    intercept: float
    loss: float


def train_model(config: ModelConfig) -> Model:
    """Fit one line by gradient descent; ArithmeticError if the steps are too large. It is given: leave it as it is."""
    rng = random.Random(config.seed)
    points = [(rng.random(), rng.gauss(0.0, 1.0)) for _ in range(40)]
    slope = intercept = loss = 0.0
    for _ in range(config.epochs):
        loss = 0.0
        for x, y in points:
            error = slope * x + intercept - y
            loss += error * error / len(points)
            slope -= config.learning_rate * error * x
            intercept -= config.learning_rate * error
    if not math.isfinite(loss):
        raise ArithmeticError("the training diverged")
    return Model(config.name, slope, intercept, loss)


def train_all(
    configs: Sequence[ModelConfig],
    *,
    workers: int = 4,
    train: Callable[[ModelConfig], Model] = train_model,
) -> list[Model]:
    """Return ``train(config)`` for each of *configs*, in their order, computed by several processes at once.

    workers: how many processes may run, at most. If a training fails, raise an exception whose message has the name of
    its config. No process is left when the function ends, however it ends.
    """
    # TODO: a pool of processes; then the name in the error.
    raise NotImplementedError


if __name__ == "__main__":
    import time

    for workers in (1, 2, 4):
        started = time.perf_counter()
        train_all([ModelConfig(f"model {seed}", seed, 20_000, 0.01) for seed in range(8)], workers=workers)
        print(f"{workers} workers: {time.perf_counter() - started:.2f} s")  # noqa: T201
