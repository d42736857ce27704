"""Public schemas: those of the corpus, more that Debian ships, and files of one's own."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from tests.acceptance.corpus.corpus import PACKAGES, Package, _unpacked
from tests.acceptance.direct import split

if TYPE_CHECKING:
    from pathlib import Path

_RADIUS = "etc/freeradius/3.0/mods-config/sql/{}/postgresql/schema.sql"
_KAMAILIO = (
    "standard acc alias_db auth_db avpops carrierroute cpl dialog dialplan dispatcher domain domainpolicy drouting"
    " group htable imc lcr matrix mohqueue msilo mtree pdt permissions pipelimit presence purple registrar rls"
    " rtpengine rtpproxy sca secfilter siptrace speeddial topos uac userblocklist usrloc"
)

MORE = (
    Package("kea", "debian", "kea-admin", ("usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql",)),
    Package(
        "freeradius",
        "debian",
        "freeradius-config",
        tuple(_RADIUS.format(name) for name in ("main", "cui", "dhcp", "ippool", "ippool-dhcp")),
    ),
    Package("gammu", "debian", "gammu-smsd", ("usr/share/doc/gammu-smsd/examples/pgsql.sql",)),
    Package(
        "kamailio",
        "debian",
        "kamailio-postgres-modules",
        tuple(f"usr/share/kamailio/postgres/{name}-create.sql" for name in _KAMAILIO.split()),
    ),
    Package("prelude", "debian", "libpreludedb7-pgsql", ("usr/share/libpreludedb/classic/pgsql.sql",)),
    Package(
        "mediawiki",
        "debian",
        "mediawiki",
        (
            "usr/share/mediawiki/maintenance/postgres/tables.sql",
            "usr/share/mediawiki/maintenance/postgres/tables-generated.sql",
        ),
    ),
    Package("request_tracker", "debian", "request-tracker5", ("usr/share/request-tracker5/etc/schema.Pg",)),
    Package("zabbix", "debian", "zabbix-server-pgsql", ("usr/share/zabbix-server-pgsql/schema.sql.gz",)),
    Package("davical", "debian", "davical", ("usr/share/davical/dba/davical.sql",)),
    Package("jabberd2", "debian", "jabberd2", ("usr/share/doc/jabberd2/db-setup.pgsql.gz",)),
)

ALL = {package.name: package for package in (*PACKAGES, *MORE)}

_PLACEHOLDER = re.compile(r"/\*(?:_|\$wg\w+)\*/")


def statements_of(package: Package) -> list[str]:
    """Return the statements of a package's schema, downloading it if it is not cached.

    Raises:
        CorpusUnavailableError: The registry or its client cannot be reached.
    """
    folder = _unpacked(package)
    return statements_in(*(folder / name for name in package.files))


def statements_in(*files: Path) -> list[str]:
    """Return the statements of some files; what psql alone understands is left out."""
    texts = []
    for file in files:
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if not line.startswith("\\")]
        texts.append(_PLACEHOLDER.sub("", "\n".join(lines)))
    wrapping = re.compile(r"(BEGIN|COMMIT|START TRANSACTION|SET|ROLLBACK)\b", re.IGNORECASE)
    return [statement for statement in split("\n".join(texts)) if not wrapping.match(statement)]
