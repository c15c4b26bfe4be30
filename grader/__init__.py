"""One Delay: graded exercises for asyncio and concurrency."""
