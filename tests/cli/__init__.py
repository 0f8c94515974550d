"""The command line, in this process and as a child process."""
