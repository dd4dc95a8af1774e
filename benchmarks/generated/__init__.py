"""A world of any size for the benchmarks: made-up titles, a household that watched them, and services that play it.

Everything follows from the numbers it is made with, so two runs measure the same work.
"""
