import math
import multiprocessing
import random
import warnings
from concurrent.futures import ProcessPoolExecutor
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
    if "fork" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("fork")
    else:
        context = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            futures = [pool.submit(train, config) for config in configs]
    failed = [config.name for config, future in zip(configs, futures) if future.exception()]
    if failed:
        raise RuntimeError(", ".join(failed))
    return [future.result() for future in futures]
