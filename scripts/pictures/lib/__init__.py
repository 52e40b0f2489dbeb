"""Labelled pictures of digits, made from MNIST and from fonts, to choose
settings by, to train on and to measure with; scripts/pictures/make_pictures.py writes
them."""
