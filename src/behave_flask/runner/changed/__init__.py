"""Only what has changed: which scenarios run which functions, and which of them are to be played again."""
