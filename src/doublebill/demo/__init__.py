"""A household and its four services, played in memory: what `make demo`, the tests and the benchmarks talk to.

`upstreams` puts the four apps together. Nothing here is a mock: each app keeps its own state, answers over ASGI as the
real service answers over HTTP, and is checked against that service's specification, so that the clients cannot tell.
"""
