"""The command line: ``integrator …``. Everything printed is for people, in Portuguese; ``--json`` is for programs."""
