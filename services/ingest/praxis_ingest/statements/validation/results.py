"""Results and scores (xAPI 1.0.3, Data §2.4.5)."""

from msgspec import UNSET

from praxis_ingest.statements.durations import is_duration
from praxis_ingest.statements.model import Result, Score
from praxis_ingest.statements.validation.inspection import Inspection


def check_result(result: Result, at: str, seen: Inspection) -> None:
    if result.score is not UNSET:
        _check_score(result.score, f"{at}/score", seen)
    if result.duration is not UNSET and not is_duration(result.duration):
        seen.fault(f"{at}/duration", "must be an ISO 8601 duration, such as PT4H35M59.14S or P4W")
    if result.extensions is not UNSET:
        seen.extensions(result.extensions, at)


def _check_score(score: Score, at: str, seen: Inspection) -> None:
    """§2.4.5.1: scaled within [-1, 1], min < max, raw within [min, max]."""
    if score.scaled is not UNSET and not -1 <= score.scaled <= 1:
        seen.fault(f"{at}/scaled", "must be between -1 and 1")
    if score.min is not UNSET and score.max is not UNSET and score.min >= score.max:
        seen.fault(f"{at}/max", "must be greater than min")
    if score.raw is UNSET:
        return
    if score.min is not UNSET and score.raw < score.min:
        seen.fault(f"{at}/raw", "must not be less than min")
    if score.max is not UNSET and score.raw > score.max:
        seen.fault(f"{at}/raw", "must not be greater than max")
