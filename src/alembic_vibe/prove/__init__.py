"""Prove: run a plan on a scratch database before anything is written."""
