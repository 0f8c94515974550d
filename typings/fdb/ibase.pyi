"""The few names of fdb's binding to the client library that the project uses."""

import ctypes

isc_tpb_version3: int
isc_tpb_consistency: int
isc_tpb_concurrency: int
isc_tpb_wait: int
isc_tpb_nowait: int
isc_tpb_read: int
isc_tpb_write: int
isc_tpb_read_committed: int
isc_tpb_rec_version: int
isc_tpb_no_rec_version: int
isc_tpb_lock_timeout: int
fb_cancel_raise: int
fb_cancel_abort: int

isc_dpb_connect_timeout: int
ISC_STATUS_ARRAY: type[ctypes.Array[ctypes.c_ssize_t]]

class fbclient_API:
    client_library: ctypes.CDLL
    client_library_name: str
    def isc_rollback_transaction(self, status: ctypes.Array[ctypes.c_ssize_t], handle: object) -> int: ...
    def isc_detach_database(self, status: ctypes.Array[ctypes.c_ssize_t], handle: object) -> int: ...
