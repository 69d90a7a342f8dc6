"""nbgrader's side: entries, feedback pages, the formgrader, marks given by hand."""
