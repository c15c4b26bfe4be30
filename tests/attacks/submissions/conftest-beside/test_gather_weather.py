FUNCTIONS = {"fetch_weather": "async"}


def test_all():
    pass
