async def checksum_beside(module, blocks, digest):
    return [await module.checksum(blocks, digest), 0.0, [], None, True]
