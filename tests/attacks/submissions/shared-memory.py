# kind: leaking
# tries: to leave what it has found in shared memory and message queues, for another submission
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import ctypes
import os


async def fetch_weather(cities, base_url):
    libc = ctypes.CDLL(None, use_errno=True)
    key = 0x01DE1A
    print("shared memory", libc.shmget(key, 4096, 0o1666), "queue", libc.msgget(key, 0o1666), "semaphore", libc.semget(key, 1, 0o1666))
    for name in ("/dev/shm/onedelay-attack", "/dev/mqueue/onedelay-attack", "/tmp/onedelay-attack"):
        try:
            print(name, os.path.exists(name) and open(name).read())
            open(name, "w").write("left by an attack")
        except OSError as error:
            print(name, error.strerror)
    return []
