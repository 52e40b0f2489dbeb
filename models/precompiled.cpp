// Only the precompiled header of digitorch_pch is wanted; a target needs a file.
