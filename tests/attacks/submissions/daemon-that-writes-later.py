# kind: bombs and daemons
# tries: a daemon that writes results into the channel once the submission has been judged
# exercise: 03_gather_weather
# outcome: FAIL
# needs: full
import os
import select


async def fetch_weather(cities, base_url):
    if os.fork() == 0:
        os.setsid()
        body = b'{"type":"done","id":1,"how":"returned","value":[],"line":null}'
        for _ in range(50):
            select.select([], [], [], 0.1)
            for fd in range(3, 32):
                try:
                    os.write(fd, len(body).to_bytes(4, "big") + body)
                except OSError:
                    pass
        os._exit(0)
    return []
