"""What layout 22 brought: the year of a patient's birth, from which the age at each visit follows."""

LAYOUT_22: tuple[str, ...] = (
    "ALTER TABLE patient_detail ADD COLUMN birth_year INTEGER CHECK (birth_year BETWEEN 1850 AND 2200)",
)
