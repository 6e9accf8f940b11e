"""Exchange with other programs: folders of images with a table, HL7 FHIR, DICOM, and the files of practice systems (GDT)."""
