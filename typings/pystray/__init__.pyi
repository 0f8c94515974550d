"""What the project uses of pystray: the icon beside the Windows clock and its menu."""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeAlias

from PIL.Image import Image

_Action: TypeAlias = Callable[[Icon, MenuItem], object] | Callable[[Icon], object] | Callable[[], object] | Menu
_Flag: TypeAlias = bool | Callable[[MenuItem], bool]

class MenuItem:
    def __init__(
        self,
        text: str | Callable[[MenuItem], str],
        action: _Action | None,
        checked: Callable[[MenuItem], bool] | None = None,
        radio: bool = False,
        default: _Flag = False,
        visible: _Flag = True,
        enabled: _Flag = True,
    ) -> None: ...
    @property
    def text(self) -> str: ...

class Menu:
    SEPARATOR: ClassVar[MenuItem]
    def __init__(self, *items: MenuItem | Callable[[], Iterable[MenuItem]]) -> None: ...

class Icon:
    HAS_MENU: ClassVar[bool]
    HAS_NOTIFICATION: ClassVar[bool]
    icon: Image | None
    title: str
    menu: Menu | None
    visible: bool
    def __init__(
        self, name: str, icon: Image | None = None, title: str | None = None, menu: Menu | None = None
    ) -> None: ...
    def run(self, setup: Callable[[Icon], object] | None = None) -> None: ...
    def run_detached(self, setup: Callable[[Icon], object] | None = None) -> None: ...
    def stop(self) -> None: ...
    def update_menu(self) -> None: ...
    def notify(self, message: str, title: str | None = None) -> None: ...
    def remove_notification(self) -> None: ...
