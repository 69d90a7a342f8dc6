"""All of ours that runs beside student code, which can read every byte of it."""
