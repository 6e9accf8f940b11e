"""An image on the screen: zoom, overlay, regions, rulers, filters, comparison."""
