"""The public packages whose chains are linted, and where in the package each chain stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Project:
    """A package that carries a chain.

    ``folder`` is the script location within the package's files, ``versions`` where in it the revisions are. ``extras``
    are what the revisions need beside the package itself. A package is left ``alone`` if it cannot share an environment
    with SQLAlchemy 2. ``bare`` are packages that are installed without what they ask for: it is too much.
    """

    name: str
    requirement: str
    folder: str
    versions: str = "versions"
    recursive: bool = False
    extras: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    alone: bool = False


PROJECTS = (
    Project("airflow", "apache-airflow-core==3.3.2", "airflow/migrations"),
    Project("superset", "apache-superset==6.1.0", "superset/migrations", alone=True),
    Project("argilla", "argilla-server==2.8.0", "argilla_server/alembic"),
    Project("phoenix", "arize-phoenix==20.26.1", "phoenix/db/migrations"),
    Project("dagster", "dagster==1.13.29", "dagster/_core/storage/alembic"),
    Project(
        "dstack",
        "dstack==0.22.5",
        "dstack/_internal/server/migrations",
        recursive=True,
        extras=("alembic-postgresql-enum", "sqlalchemy-utils"),
    ),
    Project("fides", "ethyca-fides==2.78.2", "fides/api/alembic/migrations", alone=True),
    Project("jupyterhub", "jupyterhub==6.1.1", "jupyterhub/alembic"),
    Project(
        "langflow",
        "langflow-base==1.13.0",
        "langflow/alembic",
        bare=("langflow-base==1.13.0", "lfx==1.13.0"),
        extras=(
            *("sqlmodel", "loguru", "structlog", "pydantic-settings", "fastapi", "platformdirs", "orjson", "httpx"),
            *(
                "cryptography",
                "passlib",
                "python-jose",
                "bcrypt",
                "aiofiles",
                "aiosqlite",
                "langchain-core",
                "filelock",
            ),
            *("filelock", "pandas", "pillow"),
        ),
    ),
    Project("mlflow", "mlflow==3.17.2", "mlflow/store/db_migrations"),
    Project("neutron", "neutron==29.0.0", "neutron/db/migration/alembic_migrations", recursive=True),
    Project("open-webui", "open-webui==0.12.4", "open_webui/migrations"),
    Project("optuna", "optuna==5.0.0", "optuna/storages/_rdb/alembic"),
    Project("prefect", "prefect==3.8.8", "prefect/server/database/_migrations", versions="versions/postgresql"),
)
