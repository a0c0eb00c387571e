"""What was asked for, and how often; the migrations of `accounts` are for changes of users."""
