"""What the operating system and Qt require: threads, settings, crash reports, and files handed over by the system."""
