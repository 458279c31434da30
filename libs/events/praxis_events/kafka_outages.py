"""What aiokafka raises while the brokers are away."""

from aiokafka.errors import KafkaError

OUTAGES = (KafkaError, OSError, TimeoutError, RuntimeError)
"""The last one is uvloop's, of a connection that was closed a moment ago."""
