"""The Textual application. Importing this package loads nothing; `board.run` does."""
