"""What the answers about skills and activities mean, as they publish it."""

from praxis_metrics.kpis.application_rate import WINDOW_DAYS
from praxis_metrics.kpis.validations import VALIDATED
from praxis_metrics.programme.matching import LEAST_SCORE, LENGTH, MOST, NAME_WEIGHT, SATURATION

COVERAGE = (
    "Of the employees who at the end of the day `on` are at work (not on leave; contractors are none) in a role whose "
    "newest profile requires the skill, how many hold it: had a validation of it by then. "
    f"{VALIDATED} gap: people - held; coverage: held / people. Groups: all of them, those of one role, those of one "
    "unit with all under it; one about fewer than k people is hidden, and so is what would give it away. taught_by: "
    "activities that the map in force on the day gives the skill, with what /activities/quality says of the two."
)

QUALITY = (
    "Of each activity that a map gives a skill on the day `on`, and of each that somebody has completed and k or more "
    "have begun. began: learners with a statement of their own about it, or within it as a course; completed: those of "
    f"them who completed it. completion: of the employees who began {WINDOW_DAYS} days before or earlier, the share "
    "that has completed it by now; drop_off: the rest. hours_to_complete: median from beginning to completion by "
    "Kaplan and Meier, of all who began; who has not completed is followed until today. feedback: "
    "programme.feedback-given about it; sentiment: their mean, from -2 to 2. application: pairs of an employee and a "
    "skill, by the first completion of this activity to which the map then in force gives it, and whose "
    f"{WINDOW_DAYS} days since are over; numerator: those with accepted evidence of the skill after it and up to "
    f"{WINDOW_DAYS} times 24 hours later, as in application-rate. Intervals of shares: Wilson's. What is about fewer "
    "than k people is hidden."
)

SUGGESTIONS = (
    "Of each activity that k or more have begun and that no map has ever named, the skills whose name, description or "
    "alignments share words with the activity's own name and description (xAPI definition): by BM25 (k1 "
    f"{SATURATION}, b {LENGTH}; the skill's name counts {NAME_WEIGHT} times), score {LEAST_SCORE} or more, at most "
    f"{MOST}. words: those of the activity that the skill has too, whatever their ending. Nothing follows "
    "from a suggestion until a person sends programme.activity-mapped."
)
