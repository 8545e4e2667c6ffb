"""The shell's own commands: `opened` on an open vault, `unopened` before there is one."""
