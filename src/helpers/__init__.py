"""The project's own code, one room a subject. Floors import downwards only (see pyproject.toml)."""
