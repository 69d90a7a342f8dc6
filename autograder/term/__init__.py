"""The rules of one class: due dates, lateness, groups, attempts, weights."""
