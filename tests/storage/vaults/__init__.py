"""One vault of every format that was ever released; every later version opens them all."""
