"""Models that people keep are changed where the specification has changed, and nowhere else."""
