# kind: exits and signals
# tries: to read address 0 while it is loaded
# exercise: 02_count_async
# outcome: FAIL crashed
import ctypes

ctypes.string_at(0)
