"""Background and scheduled jobs, kept in the service's own PostgreSQL and run by workers.

A job is deferred in the transaction of the request, so it is there if that commits and not if it
does not. It is run at least once: a worker may be killed after the work and before it could say
so. So a task must do no harm when it is run twice.
"""
