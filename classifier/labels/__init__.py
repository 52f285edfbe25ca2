"""Labels: one file each, with a frozen `Settings` and a class `Label(settings)` whose `score` reads a document."""
