"""The one decider: it takes facts from three topics in one order, and judges the cases that each may have changed."""
