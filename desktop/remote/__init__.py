"""Images in object stores and on remote shares, by the URLs of fsspec; needs the extra `cluster`."""
