"""The part of each batch that one process of several feeds to its devices."""

from dataclasses import dataclass

from desktop.core.errors import UsageError


@dataclass(frozen=True)
class Share:
    """The share of process `index` of `count`, which have `devices` devices in all, the same number each."""

    index: int = 0
    count: int = 1
    devices: int = 1

    def refuse_uneven(self, batch_size: int) -> None:
        """Refuse devices that cannot share a step evenly.

        Raises:
            UsageError: they cannot.
        """
        if self.devices % self.count or not self.divides(batch_size):
            raise UsageError(
                "{devices} devices in {processes} processes cannot share a step of {images} images evenly. Give each process "
                "the same number of devices, and all together a number that divides --batch-size.",
                devices=self.devices,
                processes=self.count,
                images=batch_size,
            )

    def divides(self, images: int) -> bool:
        """Tell whether a batch can be divided evenly among the devices."""
        return images % self.devices == 0

    def own(self, images: int) -> slice:
        """Return the images that this process feeds of a batch.

        Every device computes the whole of a batch that cannot be divided evenly, the last of an epoch: padding would change
        the statistics of normalisations.
        """
        if not self.divides(images):
            return slice(0, images)
        size = images // self.count
        return slice(self.index * size, (self.index + 1) * size)


WHOLE = Share()
"""The share of the only process, with one device."""
