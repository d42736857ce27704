"""The commands: one module each, found by discovery.

A module is named as its command and has ``command: click.Command``. At the top it imports click and ``cli.state`` only;
everything else is imported when the command runs, so that ``--help`` stays fast.
"""
