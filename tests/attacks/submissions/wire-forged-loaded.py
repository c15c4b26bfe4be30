# kind: wire messages
# tries: to claim functions that the file does not define
# exercise: 03_gather_weather
# outcome: FAIL raised
import gc

gc.unfreeze()

channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
channel.send({"type": "loaded", "names": {"fetch_weather": "async", "PASS": "async"}, "inside": {"x": "plain"}})
