"""Firebird's error codes (GDSCODE): what each means to a shop, who mends it, and what it is in the one tree of errors.

Source: measured (docs/architecture.md) and the messages of the client library; the names are for our own log.
Unknown codes are taken for defects of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from integrator.domain.errors import (
    DatabaseRefused,
    DatabaseUnavailable,
    ErpDatabaseError,
    Remedy,
    RowLocked,
)
from integrator.domain.fault import Fault
from integrator.erp.fault_messages import MESSAGES

_IO_ERROR = 335544344
#: What the server's messages say of a file that it could not write, of one that another process holds (both never
#: translated), and of a full disk (in the words of the server's system).
_WRITING = ("error while trying to write to file", "error while trying to create file")
_BUSY = "already opened with engine instance"
_FULL = ("no space left", "not enough space", "espaço insuficiente", "espaço em disco")


@dataclass(frozen=True, slots=True)
class Code:
    """One error code. ``gone``: the attachment is of no further use. ``locked``: another transaction came first."""

    name: str
    remedy: Remedy
    fault: Fault
    gone: bool = False
    locked: bool = False

    @property
    def message(self) -> str:
        """For people: what happened and what to do."""
        return MESSAGES[self.fault]


_RETRY, _WAIT, _ASK, _BUG = Remedy.RETRY, Remedy.WAIT, Remedy.ASK, Remedy.BUG

#: Every code that has a meaning of its own here.
CODES: Mapping[int, Code] = MappingProxyType(
    {
        # The connection is gone or cannot be made.
        335544721: Code("network_error", _RETRY, Fault.LOST, gone=True),
        335544722: Code("net_connect_err", _RETRY, Fault.LOST, gone=True),
        335544726: Code("net_read_err", _RETRY, Fault.LOST, gone=True),
        335544727: Code("net_write_err", _RETRY, Fault.LOST, gone=True),
        335544648: Code("conn_lost", _RETRY, Fault.LOST, gone=True),
        335544741: Code("lost_db_connection", _RETRY, Fault.LOST, gone=True),
        335544856: Code("att_shutdown", _RETRY, Fault.LOST, gone=True),
        335544324: Code("bad_db_handle", _RETRY, Fault.LOST, gone=True),
        335544421: Code("connect_reject", _RETRY, Fault.NO_HANDSHAKE, gone=True),
        335544706: Code("host_unknown", _RETRY, Fault.LOST, gone=True),
        335544794: Code("cancelled", _RETRY, Fault.CANCELLED),
        # Somebody works on the database.
        335544528: Code("shutdown", _WAIT, Fault.MAINTENANCE, gone=True),
        335544506: Code("shutinprog", _WAIT, Fault.MAINTENANCE, gone=True),
        335544557: Code("shutfail", _WAIT, Fault.MAINTENANCE, gone=True),
        335544560: Code("shutwarn", _WAIT, Fault.MAINTENANCE, gone=True),
        335545105: Code("map_down", _WAIT, Fault.MAINTENANCE, gone=True),
        335544453: Code("obj_in_use", _RETRY, Fault.IN_USE),
        335545107: Code("other_instance", _RETRY, Fault.IN_USE, gone=True),
        335544984: Code("instance_conflict", _RETRY, Fault.IN_USE, gone=True),
        # Another transaction was there first.
        335544336: Code("deadlock", _RETRY, Fault.LOCKED, locked=True),
        335544345: Code("lock_conflict", _RETRY, Fault.LOCKED, locked=True),
        335544451: Code("update_conflict", _RETRY, Fault.LOCKED, locked=True),
        335544475: Code("relation_lock", _RETRY, Fault.LOCKED, locked=True),
        335544476: Code("record_lock", _RETRY, Fault.LOCKED, locked=True),
        335544510: Code("lock_timeout", _RETRY, Fault.LOCKED, locked=True),
        335545096: Code("read_conflict", _RETRY, Fault.LOCKED, locked=True),
        # The server is short of something.
        335544744: Code("max_att_exceeded", _RETRY, Fault.CROWDED, gone=True),
        335544430: Code("virmemexh", _RETRY, Fault.CROWDED),
        335544691: Code("cache_too_small", _RETRY, Fault.CROWDED, gone=True),
        335544676: Code("sort_mem_err", _RETRY, Fault.CROWDED),
        335544761: Code("too_many_handles", _RETRY, Fault.CROWDED, gone=True),
        335544931: Code("montabexh", _RETRY, Fault.CROWDED),
        335544985: Code("out_of_temp_space", _RETRY, Fault.TEMPORARY),
        335544737: Code("io_write_err", _RETRY, Fault.DISK),
        # Only a person can mend it: login, file, grant.
        335544472: Code("login", _ASK, Fault.LOGIN, gone=True),
        335545106: Code("login_error", _ASK, Fault.LOGIN, gone=True),
        335544745: Code("login_same_as_role_name", _ASK, Fault.LOGIN, gone=True),
        335544653: Code("psw_attach", _ASK, Fault.INCOMPLETE, gone=True),
        335544654: Code("psw_start_trans", _ASK, Fault.INCOMPLETE, gone=True),
        335544936: Code("psw_db_error", _ASK, Fault.INCOMPLETE, gone=True),
        335545029: Code("installation_incomplete", _ASK, Fault.INCOMPLETE, gone=True),
        335545004: Code("pman_module_bad", _ASK, Fault.INCOMPLETE, gone=True),
        335545053: Code("miss_config", _ASK, Fault.INCOMPLETE, gone=True),
        335545077: Code("misconfigured", _ASK, Fault.INCOMPLETE, gone=True),
        335545064: Code("wirecrypt_incompatible", _ASK, Fault.ENCRYPTION, gone=True),
        335545065: Code("miss_wirecrypt", _ASK, Fault.ENCRYPTION, gone=True),
        335545066: Code("wirecrypt_key", _ASK, Fault.ENCRYPTION, gone=True),
        335545067: Code("wirecrypt_plugin", _ASK, Fault.ENCRYPTION, gone=True),
        335544375: Code("unavailable", _ASK, Fault.NO_ALIAS, gone=True),
        335544972: Code("bad_conn_str", _ASK, Fault.NO_ALIAS, gone=True),
        335544732: Code("unsupported_network_drive", _ASK, Fault.NO_FILE, gone=True),
        335544734: Code("io_open_err", _ASK, Fault.NO_FILE, gone=True),
        _IO_ERROR: Code("io_error", _ASK, Fault.NO_FILE, gone=True),
        335544323: Code("bad_db_format", _ASK, Fault.DAMAGED, gone=True),
        335544335: Code("db_corrupt", _ASK, Fault.DAMAGED, gone=True),
        335544346: Code("bad_system_table", _ASK, Fault.DAMAGED, gone=True),
        335544404: Code("page_type_err", _ASK, Fault.DAMAGED, gone=True),
        335544405: Code("bad_checksum", _ASK, Fault.DAMAGED, gone=True),
        335544649: Code("bad_checksum2", _ASK, Fault.DAMAGED, gone=True),
        335544333: Code("bug_check", _ASK, Fault.DAMAGED, gone=True),
        335544379: Code("wrong_ods", _ASK, Fault.OTHER_VERSION, gone=True),
        335544394: Code("bad_ods", _ASK, Fault.OTHER_VERSION, gone=True),
        335544765: Code("read_only_database", _ASK, Fault.READ_ONLY),
        335544864: Code("tra_num_exc", _ASK, Fault.FULL, gone=True),
        335544352: Code("no_priv", _ASK, Fault.GRANT),
        335544553: Code("no_grant_option", _ASK, Fault.GRANT),
        335544788: Code("adm_task_denied", _ASK, Fault.GRANT),
        335545094: Code("miss_prvlg", _ASK, Fault.GRANT),
        335544395: Code("relnotdef", _ASK, Fault.TABLES_CHANGED),
        335544396: Code("fldnotdef", _ASK, Fault.TABLES_CHANGED),
        335544580: Code("dsql_relation_err", _ASK, Fault.TABLES_CHANGED),
        335544581: Code("dsql_procedure_err", _ASK, Fault.TABLES_CHANGED),
        335544511: Code("prcnotdef", _ASK, Fault.TABLES_CHANGED),
        # Defects: of ours, or of what the ERP's triggers do with our rows.
        335544361: Code("read_only_trans", _BUG, Fault.UNEXPECTED),
        335544321: Code("arith_except", _BUG, Fault.UNEXPECTED),
        335544334: Code("convert_error", _BUG, Fault.UNEXPECTED),
        335544779: Code("exception_integer_overflow", _BUG, Fault.UNEXPECTED),
        335544914: Code("string_truncation", _BUG, Fault.UNEXPECTED),
        335544347: Code("not_valid", _BUG, Fault.UNEXPECTED),
        335544349: Code("no_dup", _BUG, Fault.UNEXPECTED),
        335544665: Code("unique_key_violation", _BUG, Fault.UNEXPECTED),
        335544466: Code("foreign_key", _BUG, Fault.UNEXPECTED),
        335544558: Code("check_constraint", _BUG, Fault.UNEXPECTED),
        335544351: Code("no_meta_update", _BUG, Fault.UNEXPECTED),
        335544569: Code("dsql_error", _BUG, Fault.UNEXPECTED),
        335544565: Code("transliteration_failed", _BUG, Fault.CHARSET),
        335544849: Code("malformed_string", _BUG, Fault.CHARSET),
    }
)

_UNKNOWN = Code("unknown", _BUG, Fault.UNEXPECTED)
_NO_NETWORK = Code("system", _RETRY, Fault.LOST, gone=True)
_NO_ROOM = Code("io_error", _RETRY, Fault.DISK)
_OTHER_PROCESS = Code("io_error", _RETRY, Fault.IN_USE, gone=True)


def gds_code(error: BaseException) -> int:
    """The Firebird error code (GDSCODE) of a driver's exception, or 0."""
    code = error.args[-1] if error.args else 0
    return code if isinstance(code, int) and code > 1_000_000 else 0


def code_of(error: Exception) -> Code:
    """What is known about a driver's exception."""
    number = gds_code(error)
    if number == _IO_ERROR:
        return _io_error(str(error.args[0]).lower())
    if number == 0 and isinstance(error, OSError):
        return _NO_NETWORK
    return CODES.get(number, _UNKNOWN)


def _io_error(text: str) -> Code:
    """One code for whatever happens to a file: only the text tells a missing file from a full disk."""
    if any(sign in text for sign in (*_WRITING, *_FULL)):
        return _NO_ROOM
    return _OTHER_PROCESS if _BUSY in text else CODES[_IO_ERROR]


def connection_lost(error: Exception) -> bool:
    """Whether the attachment is gone (as opposed to the statement having failed)."""
    return isinstance(error, OSError) or code_of(error).gone


def is_conflict(error: Exception) -> bool:
    """Whether another transaction holds the row: worth another try."""
    return code_of(error).locked


def translate(error: Exception) -> ErpDatabaseError:
    """The driver's exception as one of ours, with the Portuguese sentence for the person."""
    code = code_of(error)
    detail = _detail(error)
    if code.locked:
        return RowLocked(code.message, detail=detail, fault=code.fault)
    match code.remedy:
        case Remedy.RETRY | Remedy.WAIT:
            return DatabaseUnavailable(code.message, detail=detail, fault=code.fault, remedy=code.remedy)
        case Remedy.ASK:
            return DatabaseRefused(code.message, detail=detail, fault=code.fault)
        case Remedy.BUG:
            return ErpDatabaseError(code.message, detail=detail, fault=code.fault)


def silent(error: Exception) -> DatabaseUnavailable:
    """The server did not answer within our patience; ``error`` is what the cut connection then said."""
    return DatabaseUnavailable(MESSAGES[Fault.SILENT], detail=_detail(error), fault=Fault.SILENT)


def _detail(error: Exception) -> str:
    return f"gdscode={gds_code(error)} {type(error).__name__}: {str(error.args[0] if error.args else error)!r}"
