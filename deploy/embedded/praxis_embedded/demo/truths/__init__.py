"""What is planted: each module says in numbers what holds, where to see it, and what changes when it is left out."""
