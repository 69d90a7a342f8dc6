"""What learners get: an archive, a wheel, a site, and no answer in any of them."""
