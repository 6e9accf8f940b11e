"""What layout 16 brought: the pin of a lesion on the body map, and what raises a patient's risk."""

_YES_NO = "CHECK ({column} IN ('no', 'yes'))"

# Null where nothing was set or asked, as in every row that was there.
LAYOUT_16: tuple[str, ...] = (
    # Shares of the drawing's width and height, from the left and the top.
    "ALTER TABLE lesion_detail ADD COLUMN pin_x REAL CHECK (pin_x BETWEEN 0 AND 1)",
    "ALTER TABLE lesion_detail ADD COLUMN pin_y REAL CHECK ((pin_x IS NULL) = (pin_y IS NULL) AND pin_y BETWEEN 0 AND 1)",
    *(
        f"ALTER TABLE patient_detail ADD COLUMN {column} TEXT {_YES_NO.format(column=column)}"
        for column in ("own_melanoma", "family_melanoma", "immunosuppressed")
    ),
    "ALTER TABLE patient_detail ADD COLUMN naevi TEXT CHECK (naevi IN ('under 50', '50 to 100', 'over 100'))",
)
