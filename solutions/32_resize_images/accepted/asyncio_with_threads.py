import asyncio

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    try:
        with Image.open(path) as image:
            ImageOps.exif_transpose(image).resize(size).save(target)
    except OSError as error:
        raise OSError(f"{path}: {error}") from error
    return target


def resize_all(paths, size, out_dir, *, workers=2):
    async def main():
        limit = asyncio.Semaphore(workers)

        async def one(path):
            async with limit:
                return await asyncio.to_thread(resize_one, path, size, out_dir)

        return await asyncio.gather(*(one(path) for path in paths))

    return asyncio.run(main())
