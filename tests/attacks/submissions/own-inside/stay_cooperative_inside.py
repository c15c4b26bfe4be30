from inside import checksum_beside
