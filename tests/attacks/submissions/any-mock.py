# kind: objects that lie
# tries: a mock that answers to everything, awaitable too
# exercise: 03_gather_weather
# outcome: FAIL never-awaited
import unittest.mock

fetch_weather = unittest.mock.AsyncMock(return_value=unittest.mock.MagicMock())
