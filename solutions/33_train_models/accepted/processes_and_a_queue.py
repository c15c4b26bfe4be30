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


def serve(jobs, answers, train):
    for number, config in iter(jobs.get, None):
        try:
            answers.put((number, train(config), None))
        except Exception as error:
            answers.put((number, None, f"{config.name}: {error!r}"))


def train_all(configs, *, workers=4, train=train_model):
    jobs, answers = multiprocessing.SimpleQueue(), multiprocessing.Queue()
    crew = [multiprocessing.Process(target=serve, args=(jobs, answers, train)) for _ in range(workers)]
    for process in crew:
        process.start()
    for job in enumerate(configs):
        jobs.put(job)
    for _ in crew:
        jobs.put(None)
    got = [answers.get() for _ in configs]
    for process in crew:
        process.join()
    for _, _, problem in got:
        if problem:
            raise RuntimeError(problem)
    return [model for _, model, _ in sorted(got, key=lambda answer: answer[0])]
