from multiprocessing import Process

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
    for first in range(0, len(paths), workers):
        batch = paths[first : first + workers]
        running = [Process(target=resize_one, args=(path, size, out_dir)) for path in batch]
        for process in running:
            process.start()
        for process in running:
            process.join()
        for path, process in zip(batch, running):
            if process.exitcode != 0:
                raise RuntimeError(f"{path.name} could not be resized")
    return [out_dir / path.name for path in paths]
