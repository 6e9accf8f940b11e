"""What the operating system and Qt want of the program: threads, settings, crashes, files that come from outside."""
