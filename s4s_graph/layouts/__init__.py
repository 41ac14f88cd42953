"""Tables of configurations as others lay them out, read by a file that says what each column is."""
