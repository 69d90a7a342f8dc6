"""From what a learning management system gives to ``grading/submitted``."""
