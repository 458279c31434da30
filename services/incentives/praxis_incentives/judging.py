"""The look at a case: which items count, which of them stand together, and what each criterion says of these. Pure."""

from collections.abc import Sequence
from datetime import datetime

from praxis_incentives.cases import Case, Grant
from praxis_incentives.criteria import CRITERIA
from praxis_incentives.evidence import Evidence
from praxis_incentives.exclusions import left_over, sift
from praxis_incentives.findings import Finding
from praxis_incentives.outcomes import Judgement, all_met
from praxis_incentives.policies import Policy
from praxis_incentives.standing import Standing, once, windows


def look(policy: Policy, case: Case, items: Sequence[Evidence], now: datetime) -> Judgement:
    """``items``: by time."""
    usable, excluded = sift(policy, case, items)
    chosen, findings = _best(policy, case, usable, now)
    return Judgement(usable, chosen, [*excluded, *left_over(usable, chosen)], findings)


def _best(
    policy: Policy, case: Case, usable: Sequence[Evidence], now: datetime
) -> tuple[tuple[Evidence, ...], tuple[Finding, ...]]:
    """The earliest window in which all is met, else the latest one: evidence to come can only join that.

    Every criterion only grows with more items: when all items together fail one, no window needs a look.
    """
    found = [once(items) for items in windows(usable, policy.criteria.window_days)] or [()]
    if not all_met(judge(policy, case, once(usable), now), ignoring="window_days"):
        found = found[-1:]
    for chosen in found:
        findings = judge(policy, case, chosen, now)
        if all_met(findings):
            break
    return chosen, findings


def judge(policy: Policy, case: Case, items: tuple[Evidence, ...], now: datetime) -> tuple[Finding, ...]:
    standing = Standing(items, *before(case, now))
    """Each criterion, of items that stand together."""
    return tuple(criterion.judge(policy.criteria, standing) for criterion in CRITERIA)


def before(case: Case, now: datetime) -> tuple[tuple[Grant, ...], datetime]:
    """The grants that came before, and when: for a grant under review, as of the moment that it was given."""
    grant = case.under_review
    given = tuple(each for each in case.grants if each.was_given and each.state != "declined")
    if grant is None:
        return given, now
    return tuple(each for each in given if each.ledger_index < grant.ledger_index), grant.at
