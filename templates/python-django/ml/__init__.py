"""Predictions by a model that is trained here: /api/predictions.

`manage.py train` trains a model, evaluates it and puts it into the model store as a new version;
every process serves the store's current version, and takes up a new one by itself.
"""
