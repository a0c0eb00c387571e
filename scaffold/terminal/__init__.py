"""The only door to the terminal: what is asked (ask), shown (show) and said (say)."""
