# kind: wire messages
# tries: to claim an inside.py without the functions that the check calls
# exercise: 10_stay_cooperative
# outcome: FAIL broke-the-channel
import gc

gc.unfreeze()

channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
channel.send({"type": "loaded", "names": {"checksum": "async"}, "inside": {}})


async def checksum(blocks, digest):
    return 0
