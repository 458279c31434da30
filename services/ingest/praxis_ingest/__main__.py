"""``praxis-ingest``: the command of the service's image."""

from praxis_ingest.bootstrap import SERVICE
from praxis_service.command import run_service


def main() -> None:
    run_service(SERVICE)


if __name__ == "__main__":
    main()
