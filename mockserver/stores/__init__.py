"""Where worlds are kept beyond the process: commits and what refers to them, in SQL."""
