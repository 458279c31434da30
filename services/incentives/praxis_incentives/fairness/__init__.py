"""Whether a policy's grants fall on groups of people alike. Nothing here is read by a decision."""
