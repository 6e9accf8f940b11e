"""The labelled images: their catalogue, what would make figures lie about them, how they are grouped and left out."""
