"""What every service's edge shares: settings, app factory, authentication, problem+json, database."""
