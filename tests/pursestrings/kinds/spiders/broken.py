"""No kind, and it must not be imported to find that out."""

raise RuntimeError
