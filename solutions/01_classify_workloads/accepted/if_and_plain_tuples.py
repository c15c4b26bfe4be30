def classify(task):
    if task == "fetch_50_weather":
        return "io", "asyncio", "While one city's answer travels, the other requests can be sent."
    if task == "resize_100_images":
        return "cpu", "processes", "Scaling pixels keeps a core busy, so use all eight cores."
    if task == "query_10_databases":
        return "io", "asyncio", "The servers do the work; the program just waits for rows."
    if task == "train_5_models":
        return "cpu", "processes", "A pure Python loop holds the GIL; five interpreters need five processes."
    if task == "stream_3_llms":
        return "io", "asyncio", "Most of the time all three connections are silent."
    if task == "query_old_sync_database":
        return "io", "threads", "The driver blocks, and a worker thread may block without harm."
    if task == "compute_pi_digits":
        return "cpu", "plain", "Every step needs the previous result, so nothing can be split."
    if task == "transform_one_item":
        return "cpu", "plain", "It is one item and there is nothing to overlap it with."
    if task == "fetch_then_resize":
        return "mixed", "asyncio+processes", "First it waits for the server, then the cores resize."
    if task == "read_one_small_file":
        return "io", "plain", "A single short read from the disk, nothing else to do."
    if task == "hash_10_large_files":
        return "cpu", "threads", "Computing the hash is the slow part and releases the GIL."
    if task == "serve_1000_idle_websockets":
        return "io", "asyncio", "Nearly all sockets are idle; one loop can listen to them."
    raise KeyError(f"no such job: {task}")
