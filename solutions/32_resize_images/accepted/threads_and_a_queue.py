import queue
import threading

from PIL import Image, ImageOps


def resize_one(path, size, out_dir):
    target = out_dir / path.name
    with Image.open(path) as image:
        ImageOps.exif_transpose(image).resize(size).save(target)
    return target


def resize_all(paths, size, out_dir, *, workers=2):
    todo, done, errors = queue.Queue(), {}, []
    for path in paths:
        todo.put(path)

    def work():
        while not errors:
            try:
                path = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done[path] = resize_one(path, size, out_dir)
            except Exception as error:
                errors.append(RuntimeError(f"{path.name}: {error}"))

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise ExceptionGroup("some images cannot be read", errors)
    return [done[path] for path in paths]
