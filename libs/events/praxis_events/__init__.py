"""The log of Praxis: envelope, contracts, the ``EventLog`` port with two adapters, and the projection runner."""
