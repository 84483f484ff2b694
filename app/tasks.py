"""What happens in the background. Every task may run twice and still do its work once."""
