"""What every part agrees on: columns, kinds of drop, how a cell is read."""
