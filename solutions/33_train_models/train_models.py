"""33 train_models: the reference solution."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple


class ModelConfig(NamedTuple):
    """What to train."""

    name: str
    seed: int
    epochs: int
    learning_rate: float


class Model(NamedTuple):
    """A line through points."""

    name: str
    slope: float
    intercept: float
    loss: float


def train_model(config: ModelConfig) -> Model:
    """Fit one line by gradient descent."""
    # A generator of its own, with the seed of the config: the global one would be another in each worker.
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
    """Train all models, in processes."""
    # Made here and not at the top of the module, which each worker imports. The block ends when all jobs have ended,
    # also after an exception, and the processes end with it.
    with ProcessPoolExecutor(workers) as pool:
        # All are handed over before the first result is asked for.
        futures = [pool.submit(train, config) for config in configs]
        models = []
        for config, future in zip(configs, futures, strict=True):
            try:
                models.append(future.result())
            except Exception as error:
                # In the parent we still know which config it was, and this exception needs no pickling.
                raise RuntimeError(f"{config.name}: {error}") from error
        return models
