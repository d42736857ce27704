"""Discovery on projects that public packages carry: what it finds is compared with what their sources say."""
