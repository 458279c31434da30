"""Typed views over what was said: what KPIs read. In an order in which they can be made."""

from praxis_metrics.said.views import people, programme, skills, voices, work

SAID_VIEWS = (*people.VIEWS, *skills.VIEWS, *work.VIEWS, *programme.VIEWS, *voices.VIEWS)
