"""Who is who: identifiers linked to persons in any order, employment as spans."""
