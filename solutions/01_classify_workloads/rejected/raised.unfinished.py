def classify(task):
    verdicts = {
        "fetch_50_weather": ("io", "asyncio", "One thread can wait for fifty answers at once."),
    }
    return verdicts[task]  # <-- here
