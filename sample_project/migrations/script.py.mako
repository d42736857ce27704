<%!
def quoted(value):
    """Write a literal as ruff format would: in double quotes."""
    return repr(value).replace("'", '"')
%>\
"""${message}

Revision ID: ${up_revision}
% if down_revision:
Revises: ${down_revision | comma,n}
% else:
Revises: nothing
% endif
Create Date: ${create_date}
"""

from collections.abc import Sequence
% for line in (imports or "").splitlines():
% if line.startswith("from textwrap "):
${line}
% endif
% endfor

% if not upgrades or "sa." in upgrades + (downgrades or ""):
import sqlalchemy as sa
% endif
from alembic import op
% for line in (imports or "").splitlines():
% if not line.startswith("from textwrap "):
${line}
% endif
% endfor

revision: str = ${quoted(up_revision)}
down_revision: str | Sequence[str] | None = ${quoted(down_revision)}
branch_labels: str | Sequence[str] | None = ${quoted(branch_labels)}
depends_on: str | Sequence[str] | None = ${quoted(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
