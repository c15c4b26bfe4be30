import math
import random
from concurrent.futures import ProcessPoolExecutor, wait
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


class TrainingError(RuntimeError):
    def __init__(self, config, cause):
        super().__init__(config, cause)
        self.config = config

    def __str__(self):
        return f"could not train {self.config.name}"


class Trainer:
    def __init__(self, workers):
        self.pool = ProcessPoolExecutor(workers)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.pool.shutdown(wait=True, cancel_futures=True)

    def run(self, train, configs):
        futures = [self.pool.submit(train, c) for c in configs]
        wait(futures)
        for config, future in zip(configs, futures):
            if (error := future.exception()) is not None:
                raise TrainingError(config, error)
        return [future.result() for future in futures]


def train_all(configs, *, workers=4, train=train_model):
    with Trainer(workers) as trainer:
        return trainer.run(train, configs)
