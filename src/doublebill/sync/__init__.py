"""Moving: the steps that bring history, titles and vectors from the upstreams into the store."""
