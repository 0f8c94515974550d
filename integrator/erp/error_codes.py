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

_IO_ERROR = 335544344
#: What the server's messages say of a file that it could not write, of one that another process holds (both never
#: translated), and of a full disk (in the words of the server's system).
_WRITING = ("error while trying to write to file", "error while trying to create file")
_BUSY = "already opened with engine instance"
_FULL = ("no space left", "not enough space", "espaço insuficiente", "espaço em disco")


@dataclass(frozen=True, slots=True)
class Code:
    """One error code: ``message`` is for people and says what to do.

    ``gone``: the attachment is of no further use. ``locked``: another transaction was there first.
    """

    name: str
    remedy: Remedy
    message: str
    gone: bool = False
    locked: bool = False


_LOST = (
    "Não consegui falar com o servidor do banco de dados. Confira se ele está ligado e se a rede responde; o "
    "integrador tenta de novo sozinho."
)
_SILENT = (
    "O servidor do banco de dados parou de responder, e a conexão foi desfeita. Nada se perde: o integrador tenta de "
    "novo sozinho. Se continuar, veja se o servidor está sobrecarregado ou reinicie o serviço do Firebird."
)
_CANCELLED = (
    "O servidor do banco de dados interrompeu a operação. O integrador tenta de novo sozinho; se continuar, veja com "
    "quem cuida do servidor quem a interrompeu."
)
_MAINTENANCE = "O banco de dados está em manutenção. O integrador volta sozinho quando ele for liberado."
_LOCKED = "Outra operação está usando este registro. Tente de novo em instantes."
_IN_USE = (
    "O banco de dados, ou uma tabela dele, está em uso exclusivo de outro programa, como uma restauração ou uma "
    "atualização. O integrador tenta de novo sozinho."
)
_LOGIN = (
    "O banco de dados não aceitou o usuário ou a senha. Confira [banco] usuario na configuração e guarde "
    "a senha certa com: integrator senha"
)
_NO_FILE = (
    "Não encontrei o arquivo do banco de dados no servidor, ou o servidor não pode abri-lo. Confira [banco] "
    "caminho na configuração."
)
_ALIAS = "O servidor não conhece este nome de banco. Confira [banco] caminho na configuração: o arquivo ou o apelido."
_DISK = (
    "O servidor não conseguiu gravar no banco de dados: o disco do servidor está cheio ou com defeito. Nada se perdeu; "
    "libere espaço nesse disco, e o integrador continua sozinho."
)
_TEMPORARY = (
    "O servidor do banco ficou sem espaço para arquivos temporários. Libere espaço no disco do servidor; o integrador "
    "tenta de novo sozinho."
)
_GRANT = (
    "O usuário do banco não tem permissão para as tabelas do integrador. Instale as tabelas com o SYSDBA ou "
    "conceda as permissões do contrato."
)
_DAMAGED = (
    "O arquivo do banco de dados está danificado ou não é um banco do Firebird. Chame quem cuida do servidor: ele "
    "precisa ser reparado ou restaurado de um backup."
)
_READ_ONLY = (
    "O banco de dados está em modo somente leitura, e o integrador precisa gravar nele. Peça a quem cuida do servidor "
    "que o passe para leitura e gravação."
)
_VERSION = (
    "Este arquivo foi feito por outra versão do Firebird, que o servidor não abre. Confira [banco] servidor e porta: "
    "pode haver dois Firebird no mesmo computador."
)
_ENCRYPTION = (
    "O servidor e este computador não combinam na criptografia da conexão (WireCrypt) ou no tipo de login "
    "(AuthServer). Use a biblioteca fbclient da versão do servidor ou ajuste o firebird.conf dele."
)
_CROWDED = (
    "O servidor do banco chegou ao limite de conexões ou de memória. O integrador tenta de novo sozinho; se "
    "continuar, feche programas que usam o banco ou aumente o limite."
)
_CLIENT = (
    "A instalação do Firebird neste computador ou no servidor está incompleta: falta um arquivo dela. Reinstale a "
    "biblioteca fbclient ou o servidor."
)
_FULL_DATABASE = (
    "O banco de dados chegou a um limite do Firebird e não aceita mais gravações. Quem cuida do servidor precisa fazer "
    "um backup e restaurá-lo."
)
_CHARSET = "O banco de dados recusou um texto que não cabe na codificação da coluna. Veja o registro e chame o suporte."
_UNEXPECTED = "O banco de dados respondeu com um erro inesperado. Veja o registro e chame o suporte."
_STALE_TABLES = (
    "Uma tabela ou coluna que o integrador usa não existe neste banco, ou mudou. Se o ERP foi atualizado, confira as "
    "tabelas com: integrator schema check"
)

_RETRY, _WAIT, _ASK, _BUG = Remedy.RETRY, Remedy.WAIT, Remedy.ASK, Remedy.BUG

#: Every code that has a meaning of its own here.
CODES: Mapping[int, Code] = MappingProxyType(
    {
        # The connection is gone or cannot be made.
        335544721: Code("network_error", _RETRY, _LOST, gone=True),
        335544722: Code("net_connect_err", _RETRY, _LOST, gone=True),
        335544726: Code("net_read_err", _RETRY, _LOST, gone=True),
        335544727: Code("net_write_err", _RETRY, _LOST, gone=True),
        335544648: Code("conn_lost", _RETRY, _LOST, gone=True),
        335544741: Code("lost_db_connection", _RETRY, _LOST, gone=True),
        335544856: Code("att_shutdown", _RETRY, _LOST, gone=True),
        335544324: Code("bad_db_handle", _RETRY, _LOST, gone=True),
        335544421: Code("connect_reject", _RETRY, _SILENT, gone=True),
        335544706: Code("host_unknown", _RETRY, _LOST, gone=True),
        335544794: Code("cancelled", _RETRY, _CANCELLED),
        # Somebody works on the database.
        335544528: Code("shutdown", _WAIT, _MAINTENANCE, gone=True),
        335544506: Code("shutinprog", _WAIT, _MAINTENANCE, gone=True),
        335544557: Code("shutfail", _WAIT, _MAINTENANCE, gone=True),
        335544560: Code("shutwarn", _WAIT, _MAINTENANCE, gone=True),
        335545105: Code("map_down", _WAIT, _MAINTENANCE, gone=True),
        335544453: Code("obj_in_use", _RETRY, _IN_USE),
        335545107: Code("other_instance", _RETRY, _IN_USE, gone=True),
        335544984: Code("instance_conflict", _RETRY, _IN_USE, gone=True),
        # Another transaction was there first.
        335544336: Code("deadlock", _RETRY, _LOCKED, locked=True),
        335544345: Code("lock_conflict", _RETRY, _LOCKED, locked=True),
        335544451: Code("update_conflict", _RETRY, _LOCKED, locked=True),
        335544475: Code("relation_lock", _RETRY, _LOCKED, locked=True),
        335544476: Code("record_lock", _RETRY, _LOCKED, locked=True),
        335544510: Code("lock_timeout", _RETRY, _LOCKED, locked=True),
        335545096: Code("read_conflict", _RETRY, _LOCKED, locked=True),
        # The server is short of something.
        335544744: Code("max_att_exceeded", _RETRY, _CROWDED, gone=True),
        335544430: Code("virmemexh", _RETRY, _CROWDED),
        335544691: Code("cache_too_small", _RETRY, _CROWDED, gone=True),
        335544676: Code("sort_mem_err", _RETRY, _CROWDED),
        335544761: Code("too_many_handles", _RETRY, _CROWDED, gone=True),
        335544931: Code("montabexh", _RETRY, _CROWDED),
        335544985: Code("out_of_temp_space", _RETRY, _TEMPORARY),
        335544737: Code("io_write_err", _RETRY, _DISK),
        # Only a person can mend it: login, file, grant.
        335544472: Code("login", _ASK, _LOGIN, gone=True),
        335545106: Code("login_error", _ASK, _LOGIN, gone=True),
        335544745: Code("login_same_as_role_name", _ASK, _LOGIN, gone=True),
        335544653: Code("psw_attach", _ASK, _CLIENT, gone=True),
        335544654: Code("psw_start_trans", _ASK, _CLIENT, gone=True),
        335544936: Code("psw_db_error", _ASK, _CLIENT, gone=True),
        335545029: Code("installation_incomplete", _ASK, _CLIENT, gone=True),
        335545004: Code("pman_module_bad", _ASK, _CLIENT, gone=True),
        335545053: Code("miss_config", _ASK, _CLIENT, gone=True),
        335545077: Code("misconfigured", _ASK, _CLIENT, gone=True),
        335545064: Code("wirecrypt_incompatible", _ASK, _ENCRYPTION, gone=True),
        335545065: Code("miss_wirecrypt", _ASK, _ENCRYPTION, gone=True),
        335545066: Code("wirecrypt_key", _ASK, _ENCRYPTION, gone=True),
        335545067: Code("wirecrypt_plugin", _ASK, _ENCRYPTION, gone=True),
        335544375: Code("unavailable", _ASK, _ALIAS, gone=True),
        335544972: Code("bad_conn_str", _ASK, _ALIAS, gone=True),
        335544732: Code("unsupported_network_drive", _ASK, _NO_FILE, gone=True),
        335544734: Code("io_open_err", _ASK, _NO_FILE, gone=True),
        _IO_ERROR: Code("io_error", _ASK, _NO_FILE, gone=True),
        335544323: Code("bad_db_format", _ASK, _DAMAGED, gone=True),
        335544335: Code("db_corrupt", _ASK, _DAMAGED, gone=True),
        335544346: Code("bad_system_table", _ASK, _DAMAGED, gone=True),
        335544404: Code("page_type_err", _ASK, _DAMAGED, gone=True),
        335544405: Code("bad_checksum", _ASK, _DAMAGED, gone=True),
        335544649: Code("bad_checksum2", _ASK, _DAMAGED, gone=True),
        335544333: Code("bug_check", _ASK, _DAMAGED, gone=True),
        335544379: Code("wrong_ods", _ASK, _VERSION, gone=True),
        335544394: Code("bad_ods", _ASK, _VERSION, gone=True),
        335544765: Code("read_only_database", _ASK, _READ_ONLY),
        335544864: Code("tra_num_exc", _ASK, _FULL_DATABASE, gone=True),
        335544352: Code("no_priv", _ASK, _GRANT),
        335544553: Code("no_grant_option", _ASK, _GRANT),
        335544788: Code("adm_task_denied", _ASK, _GRANT),
        335545094: Code("miss_prvlg", _ASK, _GRANT),
        335544395: Code("relnotdef", _ASK, _STALE_TABLES),
        335544396: Code("fldnotdef", _ASK, _STALE_TABLES),
        335544580: Code("dsql_relation_err", _ASK, _STALE_TABLES),
        335544581: Code("dsql_procedure_err", _ASK, _STALE_TABLES),
        335544511: Code("prcnotdef", _ASK, _STALE_TABLES),
        # Defects: of ours, or of what the ERP's triggers do with our rows.
        335544361: Code("read_only_trans", _BUG, _UNEXPECTED),
        335544321: Code("arith_except", _BUG, _UNEXPECTED),
        335544334: Code("convert_error", _BUG, _UNEXPECTED),
        335544779: Code("exception_integer_overflow", _BUG, _UNEXPECTED),
        335544914: Code("string_truncation", _BUG, _UNEXPECTED),
        335544347: Code("not_valid", _BUG, _UNEXPECTED),
        335544349: Code("no_dup", _BUG, _UNEXPECTED),
        335544665: Code("unique_key_violation", _BUG, _UNEXPECTED),
        335544466: Code("foreign_key", _BUG, _UNEXPECTED),
        335544558: Code("check_constraint", _BUG, _UNEXPECTED),
        335544351: Code("no_meta_update", _BUG, _UNEXPECTED),
        335544569: Code("dsql_error", _BUG, _UNEXPECTED),
        335544565: Code("transliteration_failed", _BUG, _CHARSET),
        335544849: Code("malformed_string", _BUG, _CHARSET),
    }
)

_UNKNOWN = Code("unknown", _BUG, _UNEXPECTED)
_NO_NETWORK = Code("system", _RETRY, _LOST, gone=True)
_NO_ROOM = Code("io_error", _RETRY, _DISK)
_OTHER_PROCESS = Code("io_error", _RETRY, _IN_USE, gone=True)


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
        return RowLocked(code.message, detail=detail)
    match code.remedy:
        case Remedy.RETRY | Remedy.WAIT:
            return DatabaseUnavailable(code.message, detail=detail, remedy=code.remedy)
        case Remedy.ASK:
            return DatabaseRefused(code.message, detail=detail)
        case Remedy.BUG:
            return ErpDatabaseError(code.message, detail=detail)


def silent(error: Exception) -> DatabaseUnavailable:
    """The server did not answer within our patience; ``error`` is what the cut connection then said."""
    return DatabaseUnavailable(_SILENT, detail=_detail(error))


def _detail(error: Exception) -> str:
    return f"gdscode={gds_code(error)} {type(error).__name__}: {str(error.args[0] if error.args else error)!r}"
