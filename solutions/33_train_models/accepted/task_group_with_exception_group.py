import asyncio
import math
import random
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


async def train_in(pool, train, config):
    try:
        return await asyncio.wrap_future(pool.submit(train, config))
    except ArithmeticError as error:
        raise ArithmeticError(config.name, *error.args) from None


async def main(configs, workers, train):
    with ProcessPoolExecutor(workers) as pool:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(train_in(pool, train, config)) for config in configs]
    return [task.result() for task in tasks]


def train_all(configs, *, workers=4, train=train_model):
    return asyncio.run(main(configs, workers, train))
