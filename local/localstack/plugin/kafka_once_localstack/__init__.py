"""What LocalStack lacks to run as a plain process: functions without containers, and a gateway on one interface."""
