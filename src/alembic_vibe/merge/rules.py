"""What a merge reports."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

UNREADABLE = Rule(
    code="AV852",
    slug="models-unreadable",
    severity=Severity.ERROR,
    summary="A model file that has to be changed is no Python that can be read; nothing was written.",
    why="The models are changed in place, and the place can only be found in a file that can be read. Revisions "
    "without their models would leave the project half changed.",
    fix="Correct the file at that line, and run generate again.",
    bad="class User(Base:\n    ...",
    good="class User(Base):\n    ...",
)
BY_HAND = Rule(
    code="AV853",
    slug="model-change-by-hand",
    severity=Severity.WARNING,
    summary="A change of the specification could not be brought into the models; the message says which and why.",
    why="Only what is certainly understood is changed: a table that no class is found for, SQLModel classes, columns "
    "that a function makes, types that SQLAlchemy has no class for. The revisions do not depend on it.",
    fix="Make the change in the models yourself; `alembic check` on a migrated database then finds no difference.",
    bad="__table_args__ = make_arguments()  # and the specification adds a constraint",
    good='__table_args__ = (UniqueConstraint("email", name="users_email_key"),)',
)
STILL_USED = Rule(
    code="AV854",
    slug="dropped-member-in-use",
    severity=Severity.WARNING,
    summary="The models still use a column or class that the specification has dropped.",
    why="Methods, properties and hybrid expressions are yours and are not changed; with the attribute gone, they fail.",
    fix="Take the use out, or bring it to what replaces the column.",
    bad="@property\ndef label(self) -> str:\n    return self.nickname  # nickname was dropped",
    good="@property\ndef label(self) -> str:\n    return self.name",
)
KEPT_CLASS = Rule(
    code="AV855",
    slug="class-of-dropped-table-kept",
    severity=Severity.WARNING,
    summary="The table of a class was dropped, and the class is left: it holds more than its columns, or is used.",
    why="Nothing that a person wrote is deleted.",
    fix="Move what you need elsewhere and delete the class.",
    bad="class Draft(Base):\n    __tablename__ = 'drafts'  # dropped\n    def publish(self) -> None: ...",
    good="def publish(document: Document) -> None: ...",
)
SHARED = Rule(
    code="AV856",
    slug="column-of-mixin",
    severity=Severity.WARNING,
    summary="A column comes from a mixin or abstract base, and not all classes that use it change the same way.",
    why="A change in the mixin would change other tables, which the specification leaves as they are.",
    fix="Say the column in the class itself, or split the mixin.",
    bad="class Note(Timestamped, Base): ...  # notes.updated_at was dropped, other tables keep theirs",
    good="class Note(Created, Base): ...",
)
RULES = (UNREADABLE, BY_HAND, STILL_USED, KEPT_CLASS, SHARED)
