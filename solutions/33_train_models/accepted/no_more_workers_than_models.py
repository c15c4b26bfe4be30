import math
import os
import random
from concurrent import futures
from typing import NamedTuple


class ModelConfig(NamedTuple):
    name: str
    seed: int
    epochs: int
    learning_rate: float


class Model(NamedTuple):
    name: str
    slope: float
    intercept: float
    loss: float


def train_model(config):
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


def train_all(configs, *, workers=4, train=train_model):
    if not configs:
        return []
    if workers == 1:
        return [attempt(train, config) for config in configs]
    with futures.ProcessPoolExecutor(min(workers, len(configs), max(os.cpu_count() or 1, 2))) as pool:
        return list(pool.map(attempt, [train] * len(configs), configs))


def attempt(train, config):
    try:
        return train(config)
    except Exception as error:
        raise type(error)(f"{error} ({config})") from None
