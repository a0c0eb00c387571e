"""Background and scheduled jobs, kept in PostgreSQL: no broker besides the database.

A job that is deferred in a transaction is there when that commits, and not at all when it does not.
Workers (`manage.py worker`, any number of them) take the jobs; procrastinate does the work. A job
runs at least once: when its worker dies, another begins it anew, so a task must bear repetition.
"""
