repos:
  - repo: local
    hooks:
      - id: alembic-vibe-lint
        name: alembic-vibe lint
        entry: alembic-vibe lint${f" -c {config}" if config else ""}
        language: system
        files: ${files}
        pass_filenames: false
      - id: alembic-vibe-check
        name: alembic-vibe check
        entry: alembic-vibe check${f" -c {config}" if config else ""}
        language: system
        types: [markdown]
        pass_filenames: false
