"""A class's marks, or a chapter, in the formats of other systems."""
