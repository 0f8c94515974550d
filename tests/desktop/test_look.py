"""What the icon beside the clock shows and tells of every state of the engine."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from integrator.desktop.engine import EngineView, NumberView, Reach, ShopView
from integrator.desktop.look import TOOLTIP_LIMIT, look
from integrator.desktop.menu import Actions, Item, Pause, Separator, menu
from integrator.desktop.moments import moment
from integrator.desktop.news import Notice, Notices
from integrator.desktop.sign import Sign
from integrator.desktop.troubles import troubles
from integrator.sending.gateway import GatewayState

NOW = datetime(2026, 11, 20, 7, 30)  # a Friday
NUMBER = NumberView("principal", "embutido", GatewayState.CONNECTED, number="5549988590187")
STOP = "5 envios seguidos sem sucesso"
SHOP = ShopView("matriz", "fora do horário de envio", next_send=datetime(2026, 11, 20, 8), pending=42, awaiting=0)
RUNNING = EngineView(Reach.RUNNING, (SHOP,), (NUMBER,))


def _shop(**changes: object) -> EngineView:
    return replace(RUNNING, shops=(replace(SHOP, **changes),))  # type: ignore[arg-type]


def _number(state: GatewayState | None, **changes: object) -> EngineView:
    return replace(RUNNING, numbers=(replace(NUMBER, state=state, **changes),))  # type: ignore[arg-type]


def test_an_idle_engine_says_when_the_next_message_leaves_and_how_many_wait() -> None:
    shown = look(RUNNING, NOW)
    assert shown.sign is Sign.IDLE
    assert shown.tooltip == "Integrador · próximo envio 08:00 · 42 na fila"
    assert shown.status == "Próximo envio 08:00 · 42 na fila"
    assert shown.running
    assert (shown.paused, shown.unpaused, shown.stopped) == ((), ("matriz",), False)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 20, 8), "08:00"),
        (datetime(2026, 11, 21, 8), "amanhã 08:00"),
        (datetime(2026, 11, 23, 8), "seg 23/11 08:00"),
    ],
)
def test_another_day_is_named(at: datetime, words: str) -> None:
    assert moment(at, NOW) == words
    assert f"próximo envio {words} ·" in look(_shop(next_send=at), NOW).tooltip


@pytest.mark.parametrize(
    ("view", "sign", "tooltip"),
    [
        (EngineView(Reach.UNCONFIGURED), Sign.DISCONNECTED, "falta configurar o banco"),
        (EngineView(Reach.REFUSED, problem="A porta 99999 não existe."), Sign.ERROR, "configuração com erro"),
        (EngineView(Reach.FORBIDDEN), Sign.ERROR, "sem permissão"),
        (EngineView(Reach.STOPPED), Sign.ERROR, "o envio está parado"),
        (EngineView(Reach.STARTING), Sign.IDLE, "iniciando"),
        (_number(None), Sign.IDLE, "próximo envio 08:00 · 42 na fila"),
        (_number(GatewayState.CONNECTING), Sign.IDLE, "próximo envio 08:00 · 42 na fila"),
        (_number(GatewayState.NEEDS_PAIRING), Sign.DISCONNECTED, "nenhum celular conectado"),
        (_number(GatewayState.LOGGED_OUT), Sign.DISCONNECTED, "número desconectado"),
        (_number(GatewayState.PASSKEY), Sign.DISCONNECTED, "o celular pede uma chave de acesso"),
        (_number(GatewayState.OFFLINE), Sign.DISCONNECTED, "WhatsApp sem conexão"),
        (_number(GatewayState.RESTRICTED), Sign.ERROR, "número com restrição do WhatsApp"),
        (_number(GatewayState.BANNED), Sign.ERROR, "número bloqueado pelo WhatsApp"),
        (_number(GatewayState.OUTDATED), Sign.ERROR, "programa desatualizado"),
        (_number(GatewayState.AUTH), Sign.ERROR, "número sem autorização"),
        (_number(GatewayState.STOPPED), Sign.ERROR, "WhatsApp parado"),
        (
            _number(GatewayState.CONNECTED, expected="5549999990000"),
            Sign.ERROR,
            "está conectado outro celular · próximo envio 08:00 · 42 na fila",
        ),
        (_shop(problem="O servidor SRV01 não responde."), Sign.ERROR, "o envio encontrou um problema · 42 na fila"),
        (_shop(asks="Outro computador já envia."), Sign.PAUSED, "este computador só simula · 42 na fila"),
        (_shop(paused_until=datetime.max), Sign.PAUSED, "pausado até alguém retomar · 42 na fila"),
        (_shop(paused_until=NOW + timedelta(minutes=30)), Sign.PAUSED, "pausado até 08:00 · 42 na fila"),
        (_shop(paused_until=datetime(2026, 11, 21)), Sign.PAUSED, "pausado até amanhã · 42 na fila"),
        (_shop(paused_until=NOW - timedelta(minutes=1)), Sign.IDLE, "próximo envio 08:00 · 42 na fila"),
        (_shop(text="fila vazia", next_send=None, pending=0), Sign.IDLE, "fila vazia"),
        (_shop(text="enviando"), Sign.SENDING, "enviando · 42 na fila"),
        (_shop(awaiting=12), Sign.IDLE, "próximo envio 08:00 · 42 na fila · 12 aguardam confirmação"),
        (_shop(next_send=NOW), Sign.IDLE, "próximo envio em instantes · 42 na fila"),
        (_shop(text="limite de hoje atingido", next_send=None), Sign.PAUSED, "limite de hoje atingido · 42 na fila"),
        (
            _number(GatewayState.CONNECTED, stopped_why=STOP),
            Sign.ERROR,
            "o envio parou por proteção: veja em WhatsApp · próximo envio 08:00 · 42 na fila",
        ),
        (_shop(text="iniciando", next_send=None, pending=None), Sign.IDLE, "iniciando"),
    ],
)
def test_every_state_has_its_sign_and_its_words(view: EngineView, sign: Sign, tooltip: str) -> None:
    shown = look(view, NOW)
    assert shown.tooltip.startswith(f"Integrador · {tooltip}")
    assert shown.sign is sign


def test_every_state_of_a_number_that_needs_somebody_has_words() -> None:
    calm = {GatewayState.CONNECTED, GatewayState.CONNECTING}
    for state in GatewayState:
        assert bool(troubles(_number(state))) is (state not in calm)


def test_the_worst_of_several_wins_and_the_words_say_which() -> None:
    second = replace(NUMBER, instance="loja2", state=GatewayState.LOGGED_OUT)
    branch = replace(SHOP, name="filial", problem="O servidor não responde.", pending=3)
    shown = look(EngineView(Reach.RUNNING, (SHOP, branch), (NUMBER, second)), NOW)
    assert shown.sign is Sign.ERROR
    assert shown.tooltip == (
        "Integrador · o envio encontrou um problema (filial) · número desconectado (loja2) · "
        "próximo envio 08:00 · 45 na fila"
    )
    assert shown.status.startswith("O servidor não responde. (filial) · número desconectado (loja2)")


def test_one_paused_database_of_two_is_named() -> None:
    branch = replace(SHOP, name="filial", paused_until=datetime.max)
    shown = look(EngineView(Reach.RUNNING, (SHOP, branch), (NUMBER,)), NOW)
    assert shown.tooltip == "Integrador · pausado até alguém retomar (filial) · próximo envio 08:00 · 84 na fila"
    both = tuple(replace(each, paused_until=datetime.max) for each in (SHOP, branch))
    assert look(EngineView(Reach.RUNNING, both, (NUMBER,)), NOW).tooltip.count("pausado") == 1


def test_what_the_protection_stopped_is_named_with_what_to_do() -> None:
    sales = replace(NUMBER, instance="vendas", stopped_at=NOW, stopped_why=STOP)
    shown = look(replace(RUNNING, numbers=(NUMBER, sales)), NOW)
    assert shown.sign is Sign.ERROR
    assert shown.stopped
    assert shown.status == (
        "O envio parou por proteção (vendas): veja em WhatsApp, no painel · próximo envio 08:00 · 42 na fila"
    )
    (trouble,) = troubles(replace(RUNNING, numbers=(NUMBER, sales)))
    assert trouble.title == "A proteção parou o número (vendas)"
    assert trouble.text.startswith(f"{STOP}. Nada sai por ele até alguém retomar.")


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("vendas: enviando · cobranca: fila vazia", Sign.SENDING),
        ("vendas: fila vazia · cobranca: iniciando", Sign.IDLE),
        ("vendas: limite atingido · cobranca: limite atingido hoje", Sign.PAUSED),
    ],
)
def test_with_several_numbers_the_engine_tells_of_each(text: str, sign: Sign) -> None:
    assert look(_shop(text=text, next_send=None), NOW).sign is sign


def test_a_tooltip_is_never_longer_than_windows_shows() -> None:
    shops = tuple(replace(SHOP, name=f"Loja do bairro {each}", problem="x" * 300) for each in range(5))
    shown = look(EngineView(Reach.RUNNING, shops, (NUMBER,)), NOW)
    assert len(shown.tooltip) <= TOOLTIP_LIMIT
    assert len(shown.status) <= 110
    assert shown.tooltip.endswith(")")
    assert look(EngineView(Reach.REFUSED, problem="y" * 300), NOW).status.endswith("…")


def _news(notices: Notices, view: EngineView, after_s: float) -> list[str]:
    return [each.title for each in notices.news(view, NOW + timedelta(seconds=after_s))]


def test_messages_that_begin_to_wait_are_told_together_once_no_more_come() -> None:
    notices = Notices()
    assert _news(notices, RUNNING, 0) == []
    assert _news(notices, _shop(awaiting=3), 5) == []
    assert _news(notices, _shop(awaiting=12), 10) == []
    told = notices.news(_shop(awaiting=12), NOW + timedelta(seconds=90))
    assert told == (
        Notice("12 mensagens aguardam sua confirmação", "Só saem depois do seu sim. Abra o painel para conferir."),
    )
    assert _news(notices, _shop(awaiting=12), 100) == []
    assert _news(notices, _shop(awaiting=4), 120) == []
    assert _news(notices, _shop(awaiting=5), 121) == []
    assert _news(notices, _shop(awaiting=5), 200) == ["5 mensagens aguardam sua confirmação"]


def test_a_closing_of_some_minutes_is_told_once_though_its_messages_are_counted_each_minute() -> None:
    notices, told = Notices(), list[str]()
    for second in range(0, 360, 5):
        counted = min(second // 65, 3) * 40
        told += _news(notices, _shop(awaiting=counted), second)
    assert told == ["120 mensagens aguardam sua confirmação"]


def test_what_waited_before_the_program_began_is_not_news() -> None:
    notices = Notices()
    assert _news(notices, _shop(awaiting=12), 0) == []
    assert _news(notices, _shop(awaiting=12), 60) == []


def test_a_database_that_was_away_does_not_make_its_messages_news() -> None:
    notices = Notices()
    _news(notices, _shop(awaiting=12), 0)
    assert _news(notices, _shop(awaiting=None), 10) == []
    assert _news(notices, _shop(awaiting=12), 60) == []
    assert _news(notices, _shop(awaiting=12), 120) == []


def test_uncertain_messages_are_told() -> None:
    notices = Notices()
    _news(notices, _shop(uncertain=0), 0)
    _news(notices, _shop(uncertain=1), 10)
    assert _news(notices, _shop(uncertain=1), 90) == ["1 mensagem incerta"]


def test_a_number_that_the_protection_stopped_is_told_once() -> None:
    notices, stopped = Notices(), _number(GatewayState.CONNECTED, stopped_why=STOP)
    assert _news(notices, RUNNING, 0) == []
    assert _news(notices, stopped, 5) == ["A proteção parou o número"]
    assert [each for after in range(10, 3600, 60) for each in _news(notices, stopped, after)] == []


def test_a_clock_that_is_set_back_delays_no_news_and_repeats_none() -> None:
    notices, away = Notices(), _number(GatewayState.LOGGED_OUT)
    refused = EngineView(Reach.REFUSED, problem="A porta 99999 não existe.")
    _news(notices, RUNNING, 0)
    assert _news(notices, refused, 5) == ["Configuração com erro"]
    _news(notices, away, 10)
    assert [_news(notices, away, after) for after in (-3600, -3590, -3565)] == [[], [], ["Nenhum número conectado"]]
    assert _news(notices, refused, -3560) == []
    _news(notices, _shop(uncertain=0), -3550)
    _news(notices, _shop(uncertain=1), -3540)
    assert _news(notices, _shop(uncertain=1), -7200) == []
    assert _news(notices, _shop(uncertain=1), -7110) == ["1 mensagem incerta"]


def test_what_a_sleep_of_the_computer_broke_has_its_time_to_mend() -> None:
    notices, offline = Notices(), _number(GatewayState.OFFLINE)
    _news(notices, RUNNING, 0)
    assert _news(notices, offline, 10) == []
    assert _news(notices, offline, 8 * 3600) == []
    assert _news(notices, RUNNING, 8 * 3600 + 15) == []


def test_a_simulation_that_was_there_before_the_program_began_is_not_told_when_the_engine_comes_up() -> None:
    notices, simulates = Notices(), _shop(asks="Outro computador já envia.")
    starting = _shop(text="iniciando", pending=None, next_send=None)
    views = (EngineView(Reach.STARTING), starting, simulates, simulates)
    assert [_news(notices, view, 5 * at) for at, view in enumerate(views)] == [[], [], [], []]
    assert _news(notices, RUNNING, 20) == []
    assert _news(notices, simulates, 2000) == [], "it was there a moment before"


def test_a_disconnected_number_is_told_once_while_it_stays() -> None:
    notices, away = Notices(), _number(GatewayState.LOGGED_OUT)
    assert _news(notices, RUNNING, 0) == []
    assert _news(notices, away, 10) == []
    assert _news(notices, away, 45) == ["Nenhum número conectado"]
    assert [each for after in range(60, 3600, 60) for each in _news(notices, away, after)] == []


def test_a_connection_that_comes_back_by_itself_is_not_told() -> None:
    notices = Notices()
    assert _news(notices, RUNNING, 0) == []
    assert _news(notices, _number(GatewayState.OFFLINE), 10) == []
    assert _news(notices, RUNNING, 100) == []
    assert _news(notices, _number(GatewayState.OFFLINE), 110) == []
    assert _news(notices, _number(GatewayState.OFFLINE), 200) == []
    assert _news(notices, _number(GatewayState.OFFLINE), 240) == ["WhatsApp: sem conexão"]


def test_a_database_that_comes_and_goes_is_told_once_until_it_stayed_well() -> None:
    notices, away = Notices(), _shop(problem="O servidor SRV01 não responde.")
    assert _news(notices, away, 0) == []
    assert _news(notices, away, 130) == ["O envio encontrou um problema"]
    assert [
        each for after in range(140, 700, 20) for each in _news(notices, (RUNNING, away)[after % 40 > 0], after)
    ] == []
    assert _news(notices, RUNNING, 2000) == []
    _news(notices, away, 2010)
    assert _news(notices, away, 2140) == ["O envio encontrou um problema"]


def test_an_error_at_the_first_look_is_told_and_a_simulation_is_not() -> None:
    assert _news(Notices(), EngineView(Reach.REFUSED, problem="A porta 99999 não existe."), 0) == [
        "Configuração com erro"
    ]
    assert _news(Notices(), EngineView(Reach.UNCONFIGURED), 0) == []
    notices, simulates = Notices(), _shop(asks="Outro computador já envia.")
    assert _news(notices, simulates, 0) == []
    assert _news(notices, simulates, 600) == []


def test_no_notice_has_an_exclamation_mark_or_the_number_of_a_customer() -> None:
    views = [*(_number(state) for state in GatewayState), *(EngineView(reach) for reach in Reach)]
    for each in (trouble for view in views for trouble in troubles(view)):
        assert "!" not in each.title + each.text + each.short
        assert each.title[0].isupper()
        assert each.text.endswith(".")


def _actions(done: list[str]) -> Actions:
    names = ("open_panel", "connect_whatsapp", "connect_database", "open_log", "open_history", "open_numbers")
    more = ("send_test", "toggle_autostart", "about", "leave")
    plain = {name: (lambda name=name: done.append(name)) for name in (*names, *more)}
    return Actions(
        **plain,
        pause=lambda pause, shops: done.append(" ".join([pause.name, *shops])),
        resume=lambda shops: done.append(" ".join(["resume", *shops])),
        send_now=lambda shops: done.append(" ".join(["send_now", *shops])),
    )


def _labels(entries: tuple[object, ...]) -> list[str]:
    return [each.label if isinstance(each, Item) else "—" for each in entries if isinstance(each, Item | Separator)]


def test_the_menu_has_its_lines_in_order() -> None:
    lines = menu(look(RUNNING, NOW), _actions([]), autostart=True, windows=True)
    assert _labels(lines) == [
        "Próximo envio 08:00 · 42 na fila",
        "Abrir painel",
        "—",
        "Conectar WhatsApp…",
        "Conexão com o banco…",
        "Registro…",
        "Histórico…",
        "—",
        "Pausar",
        "Enviar agora",
        "Enviar teste…",
        "—",
        "Iniciar com o Windows",
        "Sobre",
        "Sair",
    ]
    items = {each.label: each for each in lines if isinstance(each, Item)}
    assert [each.label for each in items.values() if each.default] == ["Abrir painel"]
    assert items["Iniciar com o Windows"].checked is True
    assert not items["Próximo envio 08:00 · 42 na fila"].enabled
    assert _labels(items["Pausar"].submenu) == ["Por 30 minutos", "Até amanhã", "Até alguém retomar"]


def test_every_line_does_what_it_says() -> None:
    done: list[str] = []
    lines = [each for each in menu(look(RUNNING, NOW), _actions(done), autostart=False) if isinstance(each, Item)]
    for each in (*lines, *(below for line in lines for below in line.submenu)):
        if each.action is not None:
            each.action()
    assert done == [
        "open_panel", "connect_whatsapp", "connect_database", "open_log", "open_history", "send_now", "send_test",
        "toggle_autostart", "about", "leave", "HALF_HOUR", "TODAY", "UNTIL_RESUMED",
    ]  # fmt: skip


def test_a_paused_engine_offers_to_resume_and_not_to_send() -> None:
    done: list[str] = []
    lines = menu(look(_shop(paused_until=datetime.max), NOW), _actions(done), autostart=False)
    items = {each.label: each for each in lines if isinstance(each, Item)}
    assert "Pausar" not in items
    assert not items["Enviar agora"].enabled
    resume = items["Retomar envio"].action
    assert resume is not None
    resume()
    assert done == ["resume"]


def test_with_one_database_of_two_paused_both_ways_are_offered_and_say_for_which() -> None:
    done: list[str] = []
    branch = replace(SHOP, name="filial", paused_until=datetime.max)
    view = replace(RUNNING, shops=(SHOP, branch))
    lines = menu(look(view, NOW), _actions(done), autostart=False)
    items = {each.label: each for each in lines if isinstance(each, Item)}
    assert [each for each in items if each.startswith(("Pausar", "Retomar"))] == [
        "Pausar (matriz)",
        "Retomar envio (filial)",
    ]
    for each in (items["Pausar (matriz)"].submenu[0], items["Retomar envio (filial)"], items["Enviar agora (matriz)"]):
        assert each.action is not None
        each.action()
    assert done == ["HALF_HOUR matriz", "resume filial", "send_now matriz"]
    more = tuple(replace(SHOP, name=name) for name in ("norte", "sul"))
    labels = _labels(menu(look(replace(view, shops=(*more, branch)), NOW), _actions(done), autostart=False))
    assert "Pausar (2 bancos)" in labels
    both = replace(view, shops=(branch, replace(branch, name="norte")))
    assert "Retomar envio" in _labels(menu(look(both, NOW), _actions(done), autostart=False))


def test_a_number_that_the_protection_stopped_has_a_line_that_leads_to_it() -> None:
    done: list[str] = []
    view = _number(GatewayState.CONNECTED, stopped_why=STOP)
    lines = [each for each in menu(look(view, NOW), _actions(done), autostart=False) if isinstance(each, Item)]
    assert [each.label for each in lines if each.advised] == ["Ver o número parado"]
    assert [each.label for each in lines if each.default] == ["Abrir painel"]
    action = lines[2].action
    assert action is not None
    action()
    assert done == ["open_numbers"]


def test_without_an_engine_only_what_needs_none_can_be_chosen() -> None:
    lines = menu(look(EngineView(Reach.STOPPED), NOW), _actions([]), autostart=False, windows=False)
    assert [each.label for each in lines if isinstance(each, Item) and each.enabled] == [
        "Abrir painel", "Conexão com o banco…", "Registro…", "Iniciar com a sessão", "Sobre", "Sair",
    ]  # fmt: skip


def test_a_pause_ends_when_it_says() -> None:
    assert Pause.HALF_HOUR.until(NOW) == datetime(2026, 11, 20, 8)
    assert Pause.TODAY.until(NOW) == datetime(2026, 11, 21)
    assert Pause.UNTIL_RESUMED.until(NOW) is None
