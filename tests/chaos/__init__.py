"""What may go wrong around a site and a build, done on purpose and many times."""
