"""What single products do their own way."""
