"""Classification by the workers of a Dask cluster, past one machine; needs the extra `cluster`."""
