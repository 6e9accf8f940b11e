"""Why an answer was withheld, in the words that exported files have."""

from desktop.core.inference.judgement import Abstention

WITHHELD = {
    Abstention.DAMAGED: "the image file is damaged",
    Abstention.QUALITY: "the image quality is too poor",
    Abstention.NOVELTY: "the image is unlike those on which the model was tested",
    Abstention.UNCERTAIN: "too uncertain for one diagnosis; this does not mean benign",
}
"""At most 64 characters each, as a code of DICOM may have."""
