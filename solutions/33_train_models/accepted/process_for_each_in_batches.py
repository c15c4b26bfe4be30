import math
import random
from multiprocessing import Pipe, Process
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


def child(pipe, train, config):
    try:
        pipe.send((True, train(config)))
    except Exception as error:
        pipe.send((False, str(error)))
    pipe.close()


def train_all(configs, *, workers=4, train=train_model):
    models = []
    for first in range(0, len(configs), workers):
        running = []
        for config in configs[first : first + workers]:
            ours, theirs = Pipe(duplex=False)
            process = Process(target=child, args=(theirs, train, config), daemon=True)
            process.start()
            theirs.close()
            running.append((config, ours, process))
        answers = [(config, *pipe.recv()) for config, pipe, _ in running]
        for _, _, process in running:
            process.join()
        for config, fine, answer in answers:
            if not fine:
                raise RuntimeError(f"{config.name} failed: {answer}")
            models.append(answer)
    return models
