"""What dciodvfy says of a file, without what is meant."""

from scripts.check_dicom import notes

SAID = """Warning - </StudyTime(0008,0030)> - Missing attribute or value that would be needed to build DICOMDIR
DermoscopicPhotographyImage
Warning - </Modality(0008,0060)[1]> - Unrecognized defined term = <DMS>
Error - </Laterality(0020,0060)> - Missing attribute for Type 2C Conditional - Module=<GeneralSeries>
Warning - </PatientName(0010,0010)[1]> - Value dubious for this VR [PN] = <P-1> - Retired Person Name form
Warning - </CodingSchemeIdentificationSequence[1]/CodingSchemeUID(0008,010c)[1]> - Unrecognized defined term = <2.25.1>
Error - </CodeMeaning(0008,0104)> - Missing attribute for Type 1 Required of <99LESIONLENS>
"""


def test_errors_and_what_is_not_meant_are_left() -> None:
    assert [line.split(" - ")[:2] for line in notes(SAID)] == [
        ["Error", "</Laterality(0020,0060)>"],
        ["Warning", "</PatientName(0010,0010)[1]>"],
        ["Error", "</CodeMeaning(0008,0104)>"],
    ]
