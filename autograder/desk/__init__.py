"""The learner's desk: progress, the start page, JupyterLab, what is installed."""
