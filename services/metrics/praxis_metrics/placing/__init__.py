"""Where people stood, day by day: employment and memberships, folded from what the directory says of them."""
