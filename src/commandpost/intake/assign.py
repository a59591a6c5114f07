"""Pairs with the best total, each row and each column used once (the Hungarian method)."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """(row, column) of the pairs whose scores have the greatest sum, rows ascending; a pair that scores 0 or
    less is left out. O(rows² × columns)."""
    rows = len(scores)
    if not rows or not scores[0]:
        return []
    width = len(scores[0])
    # A place of its own for every row that is better off without any.
    costs = [[-max(score, 0.0) for score in row] + [0.0] * rows for row in scores]
    columns = width + rows
    by_row, by_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    held, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        held[0] = row
        at = 0
        least = [float("inf")] * (columns + 1)
        used = [False] * (columns + 1)
        while held[at]:
            used[at] = True
            mine, step, following = held[at], float("inf"), 0
            for column in range(1, columns + 1):
                if used[column]:
                    continue
                cost = costs[mine - 1][column - 1] - by_row[mine] - by_column[column]
                if cost < least[column]:
                    least[column], way[column] = cost, at
                if least[column] < step:
                    step, following = least[column], column
            for column in range(columns + 1):
                if used[column]:
                    by_row[held[column]] += step
                    by_column[column] -= step
                else:
                    least[column] -= step
            at = following
        while at:
            held[at] = held[way[at]]
            at = way[at]
    found = [(held[column] - 1, column - 1) for column in range(1, width + 1) if held[column]]
    return sorted((row, column) for row, column in found if scores[row][column] > 0)
