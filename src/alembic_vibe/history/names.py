"""Names of files beside the revisions, for those who only want to know whether they are there."""

SNAPSHOT = "vibe_snapshot.json"
