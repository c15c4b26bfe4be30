import os


async def breakfast(dishes, cook):
    for number in range(3, 20):
        try:
            os.write(number, b"breakfast is ready")
        except OSError:
            pass
    return [f"fresh {dish}" for dish in dishes]
