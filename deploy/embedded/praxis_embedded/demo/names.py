"""Names that nobody has."""

_GIVEN = (
    "Alderic", "Bramble", "Cinder", "Dovetail", "Ember", "Fennimore", "Gossamer", "Hollis", "Isolde", "Juniper",
    "Kestrel", "Larkin", "Marigold", "Nettle", "Octavian", "Pimpernel", "Quill", "Rowan", "Saffron", "Tansy",
    "Umber", "Valerian", "Wren", "Xanthe", "Yarrow", "Zinnia", "Barnaby", "Clementine", "Drusilla", "Erasmus",
)  # fmt: skip
_FAMILY = (
    "Applewick", "Brightpenny", "Candlemere", "Dustwhistle", "Everlight", "Fogbottom", "Glimmerton", "Hatterby",
    "Inkwell", "Jollifer", "Kettlewood", "Lampwright", "Mothersole", "Nightingown", "Oddfellow", "Puddlestone",
    "Quickthimble", "Ravenscoop", "Sparkes-Moth", "Thistledown", "Underbough", "Vellumby", "Wickersham", "Xylander",
    "Yellowhammer", "Zephyrine", "Tallowmaker",
)  # fmt: skip


def name(number: int) -> str:
    """Another for each number below 810."""
    turns, given = divmod(number, len(_GIVEN))
    family = (turns + 4 * given) % len(_FAMILY)
    return f"{_GIVEN[given]} {_FAMILY[family]}" + (f" {number}" if number >= len(_GIVEN) * len(_FAMILY) else "")
