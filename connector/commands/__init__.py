"""The commands, one file each; what several share stands in `common`."""
