"""DICOM over the network, with programs whose addresses were typed; needs the extra `network`."""
