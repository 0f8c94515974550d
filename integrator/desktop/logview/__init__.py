"""The log viewer: a day's records as they come, filtered, copied, written to a file, and the bundle for the support.

The file is indexed and searched on a thread of its own (``follower``); Tk's thread reads the few records that are on
the screen (``view``, ``row_list``). Nobody here writes to the log's folder.
"""
