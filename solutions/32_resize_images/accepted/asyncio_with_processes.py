import asyncio
from concurrent.futures import ProcessPoolExecutor

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


async def main(paths, size, out_dir, workers):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(workers) as pool:
        async with asyncio.TaskGroup() as group:
            futures = [loop.run_in_executor(pool, resize_one, path, size, out_dir) for path in paths]
            tasks = [group.create_task(wait_for(future)) for future in futures]
    return [task.result() for task in tasks]


async def wait_for(future):
    return await future


def resize_all(paths, size, out_dir, *, workers=2):
    return asyncio.run(main(paths, size, out_dir, workers))
