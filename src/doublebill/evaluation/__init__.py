"""Measuring: how well a preset ranks, on other people's ratings or on the household's own watches.

It runs the product's own ranking and judges it by ``core.metrics``; it changes nothing.
"""
