"""For the development of pipelines; not deployed."""
