import asyncio

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).resize(size).save(out_dir / path.name)
    return out_dir / path.name


async def resize(path, size, out_dir):
    return resize_one(path, size, out_dir)  # <-- here


async def main(paths, size, out_dir):
    return await asyncio.gather(*(resize(path, size, out_dir) for path in paths))


def resize_all(paths, size, out_dir, *, workers=2):
    return asyncio.run(main(paths, size, out_dir))
