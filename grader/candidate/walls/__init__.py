"""What keeps a candidate apart, from within its process: namespaces, mounts, limits, rights. It knows no judge."""
