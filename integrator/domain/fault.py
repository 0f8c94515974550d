"""What can be wrong with a connection, apart from the words for it.

The command line's words travel with an error or a finding. A surface where other things are to be done, such as a
window, goes by the fault and has words of its own.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """One thing that somebody mends, or waits for, in one way."""

    # The way to the server.
    LIBRARY_UNFIT = "the configured client library cannot be loaded"
    LIBRARY_MISSING = "no client library was found"
    LIBRARY_BROKEN = "the client library has the right width and does not load"
    LIBRARY_UNSAFE = "others than administrators can write where a service's library lies"
    HOST_UNKNOWN = "the network does not know the name"
    PORT_CLOSED = "the computer answers that nobody listens"
    NO_ROUTE = "no way through the network"
    NO_ANSWER = "the computer, or a firewall, keeps silent"
    # The server.
    LOST = "the connection broke or was never made"
    NO_HANDSHAKE = "somebody listens, and does not answer as a Firebird"
    SILENT = "the server stopped answering"
    CANCELLED = "somebody cancelled the statement"
    CROWDED = "too many attachments, or too little memory"
    TEMPORARY = "no room for temporary files"
    ENCRYPTION = "client and server agree on no encryption or login"
    INCOMPLETE = "an installation of Firebird lacks a file"
    # The database.
    LOGIN = "user or password refused"
    NO_FILE = "no such file, or one that the server cannot open"
    NO_ALIAS = "no such alias"
    NETWORK_FOLDER = "the file lies in a folder of another computer"
    MAINTENANCE = "shut down by somebody"
    IN_USE = "another program has it, or a table of it, for itself"
    LOCKED = "another transaction was first"
    DISK = "the disk is full or broken"
    DAMAGED = "damaged, or no database"
    READ_ONLY = "not to be written to"
    OTHER_VERSION = "made by another version of Firebird"
    FULL = "a limit of Firebird was reached"
    # What is in it.
    GRANT = "the user may not"
    TABLES_ABSENT = "our tables are not there"
    TABLES_PARTIAL = "some of our tables, or of the rights on them, are missing"
    TABLES_OLD = "our tables are of an older version"
    TABLES_NEW = "our tables are of a newer version"
    TABLES_BUSY = "a table of ours could not be made while others use it"
    TABLES_CHANGED = "a table or column is not what it was"
    OWN_GRANTS = "our own user lacks rights"
    OTHER_GRANTS = "the ERP's user lacks rights on our tables"
    # Who enters.
    ADMINISTRATOR = "the administrator is used for everyday work"
    FACTORY_PASSWORD = "everybody knows the password"
    # The program.
    LATE = "a question was not answered in time"
    CHARSET = "a text does not fit the column's charset"
    UNEXPECTED = "a defect"
