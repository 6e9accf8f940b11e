"""What is counted where a model is judged, in the singular and in the plural."""

from desktop.core.marking import tr
from desktop.core.sentence import Counted

IMAGES = Counted(tr("{count} image"), tr("{count} images"))
LESIONS = Counted(tr("{count} lesion"), tr("{count} lesions"))
MELANOMAS = Counted(tr("{count} melanoma"), tr("{count} melanomas"))
NAEVI = Counted(tr("{count} naevus"), tr("{count} naevi"))
OTHERS = Counted(tr("{count} other"), tr("{count} others"))
OTHER_LESIONS = Counted(tr("{count} other lesion"), tr("{count} other lesions"))
SUCH_LESIONS = Counted(tr("{count} such lesion"), tr("{count} such lesions"))
