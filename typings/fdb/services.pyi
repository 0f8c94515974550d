"""What the project uses of Firebird's services: backup, restore and shutdown, in tests of what ERPs do."""

from collections.abc import Sequence

SHUT_LEGACY: int
SHUT_NORMAL: int
SHUT_MULTI: int
SHUT_SINGLE: int
SHUT_FULL: int
SHUT_FORCE: int
SHUT_DENY_NEW_TRANSACTIONS: int
SHUT_DENY_NEW_ATTACHMENTS: int

class Connection:
    def backup(
        self,
        source_database: str,
        dest_filenames: str | Sequence[str],
        dest_file_sizes: Sequence[int] = (),
        *,
        metadata_only: int = 0,
        collect_garbage: int = 1,
        no_db_triggers: int = 0,
    ) -> None: ...
    def restore(
        self,
        source_filenames: str | Sequence[str],
        dest_filenames: str | Sequence[str],
        dest_file_pages: Sequence[int] = (),
        page_size: int | None = None,
        cache_buffers: int | None = None,
        *,
        replace: int = 0,
        no_db_triggers: int = 0,
    ) -> None: ...
    def shutdown(self, database: str, shutdown_mode: int, shutdown_method: int, timeout: int) -> None: ...
    def bring_online(self, database: str, online_mode: int = ...) -> None: ...
    def sweep(self, database: str) -> None: ...
    def set_write_mode(self, database: str, mode: int) -> None: ...
    def get_server_version(self) -> str: ...
    def isrunning(self) -> bool: ...
    def wait(self) -> None: ...
    def readlines(self) -> list[str]: ...
    def close(self) -> None: ...

def connect(host: str = "service_mgr", user: str | None = None, password: str | None = None) -> Connection: ...
