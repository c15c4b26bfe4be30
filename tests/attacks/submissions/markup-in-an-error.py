# kind: markup in output
# tries: HTML, ANSI, bidi and a formula in the class, the message and the notes of an exception, and in its line
# exercise: 03_gather_weather
# outcome: FAIL raised
EVIL = "=HYPERLINK(\"x\")<script>alert(1)</script>\x1b[2J\x1b]8;;x\x07\u202e\u2067"


async def fetch_weather(cities, base_url):
    error = type(EVIL, (Exception,), {"__module__": EVIL, "__qualname__": EVIL})(EVIL)
    error.add_note(EVIL)
    raise error  # <script>alert(1)</script> ‮ ‭ </textarea> [2J
