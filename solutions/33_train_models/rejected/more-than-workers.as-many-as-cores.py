import math
import multiprocessing
import random
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
    with multiprocessing.Pool(max(2, multiprocessing.cpu_count())) as pool:  # <-- here
        return pool.map(train, configs)
