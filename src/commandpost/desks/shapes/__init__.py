"""What desks of one shape share."""
