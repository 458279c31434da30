"""Who may do what: scopes, the table of routes, and how a caller is recognised."""
