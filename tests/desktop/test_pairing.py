"""The window “Conectar WhatsApp” on a real display: read, clicked and typed into, with an engine that is played."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import segno
import zxingcpp

from integrator.desktop.engine import EngineView, NumberView, PairingView, Reach
from integrator.desktop.kit.signs import Kind
from integrator.desktop.loop import UiLoop
from integrator.desktop.pairing import window
from integrator.desktop.pairing.digits_pages import AskPhonePage, TypedPage
from integrator.desktop.pairing.paired_pages import ConfirmPage, PairedPage
from integrator.desktop.pairing.scan_page import ScanPage
from integrator.desktop.pairing.told_page import ToldPage
from integrator.desktop.pairing.window import PairingWindow
from integrator.domain.errors import GatewayError
from integrator.local_address import PanelAway
from integrator.sending.gateway import Code, GatewayState
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.screen import LOOKS, Screen, cut_off

_NOON = datetime(2026, 11, 20, 12, 0)
_SHOP = "5549988590187"
#: As long as WhatsApp's own.
_CODE = "2@" + "kV7/" * 32 + "," + "Zm9+" * 11 + "," + "a1B2" * 11 + ",Qx=="
_SCALES = pytest.mark.parametrize("factor", [1.0, 1.5, 2.0], ids=["100", "150", "200"])
_BOTH = pytest.mark.parametrize(("factor", "dark"), [(1.0, False), (2.0, True)], ids=["100-light", "200-dark"])
_LOOKS = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window looks at its clock, which runs fast here, more often."""
    monkeypatch.setattr(window, "_BEAT_MS", 25)


@dataclass
class _Case:
    """The window with its engine; ``at`` is what its clock shows, ``browsed`` what it opened in the browser."""

    screen: Screen
    engine: FakeEngine
    at: datetime = _NOON
    browsed: list[str] = field(default_factory=list)
    closed: list[bool] = field(default_factory=list)
    name: str = ""

    def browse(self, address: str) -> bool:
        self.browsed.append(address)
        return True

    def later(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def pass_time(self, until: Callable[[], object]) -> None:
        """Let the clock run, faster than a real one, until that is so; it stands while the engine is asked."""

        def is_so() -> object:
            if not self.asking:
                self.later(0.1)
            return until()

        self.screen.pump(is_so)

    @property
    def asking(self) -> bool:
        """A thread asks the engine, or will in a moment: those of a window have this name."""
        return any(each.name == "tarefa da janela" for each in threading.enumerate())

    def until(self, page: type) -> None:
        self.screen.pump(lambda: type(self.window.page) is page)

    def shot(self, name: str) -> None:
        self.screen.settle()
        assert cut_off(self.window) == []
        assert self.window.winfo_height() <= self.window.look.px(640)
        assert self.window.winfo_width() <= self.window.look.px(900)
        self.screen.shot(f"pairing-{name}{self.name}", self.window)

    window: PairingWindow = field(init=False)


@contextmanager
def _opened(screen: Screen, engine: FakeEngine, *, factor: float = 1.0, dark: bool = False) -> Iterator[_Case]:
    case = _Case(screen, engine, name=f"-{round(factor * 100)}-{'dark' if dark else 'light'}")
    with screen.application(factor=factor, dark=dark) as root:
        loop = UiLoop(root)
        case.window = PairingWindow(
            root, loop, engine, now=lambda: case.at, browse=case.browse, on_close=lambda: case.closed.append(True)
        )
        case.window.present()
        screen.pump(case.window.winfo_viewable)
        yield case
        if case.window.winfo_exists():
            case.window.close()
        loop.close()


def _number(name: str, state: GatewayState | None, number: str = "", engine: str = "embutido") -> NumberView:
    return NumberView(name, engine, state, number, pairs_by_qr=True, pairs_by_code=True, since=_NOON)


def _waiting(text: str = _CODE, seconds: int = 20, **more: str) -> PairingView:
    return PairingView(GatewayState.NEEDS_PAIRING, code=Code(text, _NOON + timedelta(seconds=seconds)), **more)


def _read(case: _Case) -> list[str]:
    """What a phone's camera reads from the screen."""
    return [found.text for found in zxingcpp.read_barcodes(case.screen.shot("", case.window))]


@_SCALES
@_LOOKS
@pytest.mark.feature("S22")
def test_the_code_on_the_screen_reads_as_the_engine_gave_it(screen: Screen, factor: float, dark: bool) -> None:
    with _opened(screen, FakeEngine(pairing=_waiting()), factor=factor, dark=dark) as case:
        case.until(ScanPage)
        page = case.window.page
        assert isinstance(page, ScanPage)
        screen.pump(lambda: page.code.module)
        assert _read(case) == [_CODE]
        modules = len(segno.make_qr(_CODE, error="l").matrix) + 2 * 4  # four of white on either side
        side = page.code.module * modules
        assert case.window.look.px(240) <= side <= page.code.winfo_width()
        picture = screen.shot("", page.code).convert("RGB")
        left = (picture.width - side) // 2
        assert {picture.getpixel((left + 1 + x, picture.height // 2)) for x in range(4 * page.code.module - 2)} == {
            (255, 255, 255)
        }
        case.shot("qr")


@pytest.mark.feature("S22")
def test_a_code_runs_down_and_the_next_one_takes_its_place(screen: Screen) -> None:
    engine = FakeEngine(pairing=_waiting(seconds=17))
    with _opened(screen, engine) as case:
        case.until(ScanPage)
        page = case.window.page
        assert isinstance(page, ScanPage)
        screen.pump(lambda: page.told["text"] == "Vale por mais 17 segundos. Depois aparece outro sozinho.")
        case.later(16)
        screen.pump(lambda: page.told["text"] == "Vale por mais 1 segundo. Depois aparece outro sozinho.")
        case.later(1)
        screen.pump(lambda: not page.code.module)
        case.shot("entre-codigos")
        engine.pairing = _waiting("O PROXIMO", 60)
        case.pass_time(lambda: page.code.module)
        assert _read(case) == ["O PROXIMO"]


@pytest.mark.feature("S25")
def test_reading_the_code_turns_the_screen_by_itself(screen: Screen) -> None:
    engine = FakeEngine(pairing=PairingView(GatewayState.NEEDS_PAIRING), paired=_waiting(), test_phone="5549988770000")
    with _opened(screen, engine) as case:
        screen.pump(lambda: _read(case) == [_CODE])  # a number without a phone shows its code at once
        assert ("pair", "principal", "") in engine.asked
        engine.answer = EngineView(Reach.RUNNING, numbers=(_number("principal", GatewayState.CONNECTED, _SHOP),))
        engine.pairing = PairingView(GatewayState.CONNECTED, _SHOP, name="Farmácia Central")
        case.pass_time(lambda: isinstance(case.window.page, PairedPage))
        page = case.window.page
        assert isinstance(page, PairedPage)
        screen.pump(lambda: page.phone.value == "(49) 98877-0000")
        case.pass_time(lambda: page.account == "Farmácia Central · desde 20/11/2026 12:00")
        assert page.number == "(49) 98859-0187"
        assert page.facts == "principal · aparelho conectado, neste computador"
        case.shot("conectado")
    assert "unpair" not in {asked[0] for asked in engine.asked}
    assert threading.main_thread().name not in engine.threads


@_BOTH
def test_a_code_to_type_is_asked_for_with_the_keyboard_alone(screen: Screen, factor: float, dark: bool) -> None:
    digits = _waiting(seconds=60, digits="GH5EC9DZ")
    engine = FakeEngine(pairing=_waiting(seconds=60), paired=digits)
    with _opened(screen, engine, factor=factor, dark=dark) as case:
        case.until(ScanPage)
        screen.pump(lambda: case.window.focus_displayof() is not None)
        screen.key("c", "Alt_L")
        case.until(AskPhonePage)
        screen.type("98877")
        screen.key("Return")
        page = case.window.page
        assert isinstance(page, AskPhonePage)
        case.shot("pedir-codigo")
        assert "pair" not in {asked[0] for asked in engine.asked}
        screen.key("l", "Alt_L")
        screen.key("a", "Control_L")
        page.phone.value = ""
        screen.type("49 988770000\n")
        case.until(TypedPage)
        assert ("pair", "principal", "5549988770000") in engine.asked
        typed = case.window.page
        assert isinstance(typed, TypedPage)
        assert typed.digits["text"] == "GH5E-C9DZ"
        screen.key("i", "Alt_L")
        assert case.window.clipboard_get() == "GH5E-C9DZ"
        case.shot("digitar")
        screen.key("q", "Alt_L")
        case.until(ScanPage)
        screen.key("Escape")
        screen.pump(lambda: case.closed == [True])
    assert engine.times("unpair") == 0  # a phone may have read the last code just now


_NAMES = {
    "nome-longo": "Distribuidora de Medicamentos Vale do R…",
    "nome-largo": "W" * 39 + "…",
    "nome-emoji": "Ótica 👓 & Cia ☀️",
    "nome-direita-esquerda": "مطعم النور",
    "nome-desconhecido": "",
}


@LOOKS
@pytest.mark.feature("S25")
def test_the_name_of_the_account_is_shown_with_since_when(screen: Screen, factor: float, dark: bool) -> None:
    engine = FakeEngine(
        EngineView(Reach.RUNNING, numbers=(_number("principal", GatewayState.CONNECTED, _SHOP),)),
        PairingView(GatewayState.CONNECTED, _SHOP),
    )
    with _opened(screen, engine, factor=factor, dark=dark) as case:
        case.until(PairedPage)
        page = case.window.page
        assert isinstance(page, PairedPage)
        for name, told in _NAMES.items():
            engine.pairing = PairingView(GatewayState.CONNECTED, _SHOP, name=told)
            shown = f"{told} · desde 20/11/2026 12:00" if told else "Desde 20/11/2026 12:00"
            case.pass_time(lambda shown=shown: page.account == shown)  # type: ignore[misc]
            case.shot(name)


def test_a_test_leaves_by_the_number_that_is_shown(screen: Screen) -> None:
    pair = tuple(_number(name, GatewayState.CONNECTED, _SHOP) for name in ("principal", "filial"))
    engine = FakeEngine(
        EngineView(Reach.RUNNING, numbers=pair),
        PairingView(GatewayState.CONNECTED, _SHOP, name="Farmácia Central"),
        test_phone="5549988770000",
    )
    with _opened(screen, engine) as case:
        case.until(PairedPage)
        case.window.chooser.rows.selection_set("filial")
        page = case.window.page
        assert isinstance(page, PairedPage)
        screen.pump(lambda: page.facts.startswith("filial"))
        screen.pump(lambda: page.phone.value == "(49) 98877-0000")
        screen.pump(lambda: page.primary is not None and page.primary.instate(["!disabled"]))
        screen.key("e", "Alt_L")
        screen.pump(lambda: case.window.note.kind is Kind.OK)
        assert ("send_test", "(49) 98877-0000", "filial") in engine.asked
        case.shot("teste-de-dois")


def test_letting_go_of_the_phone_is_asked_first_and_then_told(screen: Screen) -> None:
    engine = FakeEngine(pairing=PairingView(GatewayState.CONNECTED, _SHOP))
    with _opened(screen, engine) as case:
        case.until(PairedPage)
        screen.key("d", "Alt_L")
        case.until(ConfirmPage)
        case.shot("desconectar")
        screen.key("Return")  # the focus is on the button that changes nothing
        case.until(PairedPage)
        assert engine.times("unpair") == 0
        screen.key("d", "Alt_L")
        case.until(ConfirmPage)
        screen.key("d", "Alt_L")
        case.until(ToldPage)
        assert engine.times("unpair") == 1
        assert case.window.note.told == "Número desconectado\nNada sai até um celular ser conectado."
        case.shot("desconectado")
        told = case.window.page
        assert isinstance(told, ToldPage)
        assert case.window.focus_get() is told.primary  # Enter connects another one
        looks = engine.times("look")
        case.pass_time(lambda: engine.times("look") > looks + 1)
        assert engine.times("pair") == 0  # whoever disconnected does not want a code at once


def test_a_test_message_goes_to_the_phone_that_was_typed(screen: Screen) -> None:
    engine = FakeEngine(pairing=PairingView(GatewayState.CONNECTED, _SHOP))
    with _opened(screen, engine) as case:
        case.until(PairedPage)
        screen.key("e", "Alt_L")
        page = case.window.page
        assert isinstance(page, PairedPage)
        case.shot("teste-sem-celular")
        assert engine.times("send_test") == 0
        screen.key("c", "Alt_L")
        screen.type("49988770000\n")
        screen.pump(lambda: case.window.note.kind is Kind.OK)
        assert ("send_test", "49988770000", "principal") in engine.asked
        case.shot("teste")
        engine.fails["send_test"] = GatewayError("Não consegui gravar a mensagem. Confira a conexão com o banco.")
        screen.key("e", "Alt_L")
        screen.pump(lambda: case.window.note.kind is Kind.BAD)
        assert "Confira a conexão" in case.window.note.told


_TOLD = {
    "passkey": (GatewayState.PASSKEY, "O celular pede uma chave de acesso"),
    "desatualizado": (GatewayState.OUTDATED, "Programa desatualizado"),
    "sem-autorizacao": (GatewayState.AUTH, "Sem autorização"),
    "desconectado-no-celular": (GatewayState.LOGGED_OUT, "Desconectado"),
    "banido": (GatewayState.BANNED, "Bloqueado pelo WhatsApp até 22/11/2026 08:00"),
    "parado": (GatewayState.STOPPED, "Parado"),
    "sem-conexao": (GatewayState.OFFLINE, "Sem conexão"),
    "conectando": (GatewayState.CONNECTING, "Conectando"),
}


@_BOTH
@pytest.mark.feature("S25")
def test_every_state_says_what_is_wrong_and_what_to_do(screen: Screen, factor: float, dark: bool) -> None:
    engine = FakeEngine()
    with _opened(screen, engine, factor=factor, dark=dark) as case:
        for name, (state, title) in _TOLD.items():
            engine.pairing = PairingView(state)
            until = datetime(2026, 11, 22, 8) if state is GatewayState.BANNED else None
            number = NumberView("principal", "embutido", state, until=until)
            engine.answer = EngineView(Reach.RUNNING, numbers=(number,))
            _told(case, title)
            case.shot(name)
        engine.pairing = PairingView(GatewayState.CONNECTED, "5547999990000")
        engine.answer = EngineView(
            Reach.RUNNING, numbers=(NumberView("principal", "evolution", GatewayState.CONNECTED, expected=_SHOP),)
        )
        case.pass_time(lambda: isinstance(case.window.page, PairedPage))
        page = case.window.page
        assert isinstance(page, PairedPage)
        case.pass_time(lambda: page.wrong.told)
        assert "outro celular, (47) 99999-0000. O configurado é (49) 98859-0187" in page.wrong.told
        case.shot("outro-celular")
        engine.pairing = PairingView(GatewayState.RESTRICTED, _SHOP)
        case.pass_time(lambda: page.number == "(49) 98859-0187")
        case.shot("restrito")


def _told(case: _Case, title: str) -> None:
    def says() -> bool:
        page = case.window.page
        return isinstance(page, ToldPage) and page.message.told.startswith(title)

    case.pass_time(says)


def test_an_engine_that_is_away_is_said_and_asked_for_the_code_when_it_is_back(screen: Screen) -> None:
    engine = FakeEngine(pairing=_waiting(seconds=90))
    running = engine.answer
    with _opened(screen, engine) as case:
        case.until(ScanPage)
        engine.fails["look"] = PanelAway("O painel não respondeu.")
        for reach, title in (
            (Reach.STOPPED, "O Integrador está parado"),
            (Reach.STARTING, "O Integrador está iniciando"),
            (Reach.FORBIDDEN, "Este usuário do Windows não vê o Integrador"),
            (Reach.UNCONFIGURED, "Falta configurar o banco"),
            (Reach.REFUSED, "Há um erro na configuração"),
        ):
            engine.answer = EngineView(reach)
            _told(case, title)
            case.shot(reach.name.lower())
        engine.fails.clear()
        engine.answer = running
        engine.pairing = _waiting("DE VOLTA", 600)
        case.pass_time(lambda: isinstance(case.window.page, ScanPage))
        assert _read(case) == ["DE VOLTA"]


def test_a_number_whose_engine_does_not_answer_says_why(screen: Screen) -> None:
    engine = FakeEngine(fails={"look": GatewayError("O motor do WhatsApp não respondeu. Tente de novo.")})
    with _opened(screen, engine) as case:
        case.until(ToldPage)
        page = case.window.page
        assert isinstance(page, ToldPage)
        screen.pump(lambda: "O motor do WhatsApp não respondeu" in page.message.told)
        case.shot("sem-resposta")


@pytest.mark.feature("S22")
def test_several_numbers_are_listed_with_their_state_and_chosen_with_the_arrows(screen: Screen) -> None:
    numbers = (
        _number("matriz", GatewayState.CONNECTED, _SHOP),
        _number("cobrança da filial de São José", GatewayState.NEEDS_PAIRING),
        _number("oficial", GatewayState.CONNECTED, "554933221100", "oficial"),
        _number("nova", None),
    )
    engine = FakeEngine(answer=EngineView(Reach.RUNNING, numbers=numbers), pairing=_waiting(seconds=600))
    with _opened(screen, engine) as case:
        case.until(ScanPage)
        rows = case.window.chooser.rows
        assert rows.selection() == ("cobrança da filial de São José",)
        assert tuple(rows.item("matriz", "values")) == ("matriz", "✓  Conectado", "(49) 98859-0187")
        assert tuple(rows.item("nova", "values")) == ("nova", "!  Ainda sem notícia", "")
        case.shot("varios")
        rows.focus_set()
        engine.pairing = PairingView(GatewayState.CONNECTED, _SHOP)
        screen.key("Up")
        case.until(PairedPage)
        assert ("look", "matriz") in engine.asked
        screen.key("Down")
        screen.key("Down")
        case.until(ToldPage)
        page = case.window.page
        assert isinstance(page, ToldPage)
        screen.pump(lambda: page.message.told.startswith("Este número usa a API oficial da Meta"))
        assert ("look", "oficial") not in engine.asked
        case.shot("api-oficial")
        screen.key("p", "Alt_L")
        screen.pump(lambda: case.browsed == ["http://127.0.0.1:8710/whatsapp"])


@pytest.mark.feature("S24")
def test_the_whole_how_to_is_one_click_away(screen: Screen) -> None:
    with _opened(screen, FakeEngine(pairing=_waiting())) as case:
        case.until(ScanPage)
        page = case.window.page
        assert isinstance(page, ScanPage)
        screen.pump(lambda: page.code.module)
        screen.click(page.more)
        screen.pump(lambda: case.browsed == ["http://127.0.0.1:8710/whatsapp/como-conectar"])


def test_an_answer_that_comes_after_closing_is_dropped(screen: Screen, caplog: pytest.LogCaptureFixture) -> None:
    may_go, gone = threading.Event(), threading.Event()

    def slow(name: str) -> None:
        if name == "look":
            may_go.wait(30)
            gone.set()

    engine = FakeEngine(pairing=_waiting(), meanwhile=slow)
    with _opened(screen, engine) as case:
        screen.pump(lambda: ("look", "principal") in engine.asked)
        case.window.close()
        may_go.set()
        gone.wait(30)
        screen.pump()
        assert case.closed == [True]
        assert engine.times("pair") == 0
    assert "defect" not in caplog.text


def test_nothing_is_asked_while_the_window_cannot_be_seen(screen: Screen) -> None:
    engine = FakeEngine(pairing=_waiting(seconds=600))
    with _opened(screen, engine) as case:
        case.until(ScanPage)
        case.window.iconify()
        screen.pump(lambda: not case.window.winfo_viewable() and not case.asking)
        asked = len(engine.asked)
        case.later(10)
        case.window.after(600, lambda: case.closed.append(False))
        screen.pump(lambda: case.closed)
        assert len(engine.asked) == asked
        case.window.present()
        screen.pump(lambda: len(engine.asked) > asked)
