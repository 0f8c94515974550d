"""What the project uses of pystray's calls of Windows."""

WM_RBUTTONUP: int
