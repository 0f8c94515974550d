"""The sender numbers: shown, paired, configured, and reached by their servers and by this computer's programs."""
