import math
import multiprocessing as mp
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


def job(numbered):
    number, train, config = numbered
    try:
        return number, train(config), None
    except Exception as error:
        return number, None, f"{config.name} failed with {type(error).__name__}: {error}"


def train_all(configs, *, workers=4, train=train_model):
    models = [None] * len(configs)
    with mp.Pool(workers, maxtasksperchild=3) as pool:
        jobs = ((number, train, config) for number, config in enumerate(configs))
        for number, model, problem in pool.imap_unordered(job, jobs):
            if problem:
                raise RuntimeError(problem)
            models[number] = model
    return models
