"""What is wrong, and what to do about it in this window: by fault, with the names that were typed.

Words without a fault are fit for every surface and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from integrator.desktop.connection.wire import Request
from integrator.domain.errors import IntegratorError
from integrator.domain.fault import Fault
from integrator.erp.client import ClientChoice
from integrator.secrets import Source
from integrator.support.finding import Finding, from_error


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong and what to do. ``text`` empty: as the check said it.

    Both may name ``{server}``, ``{port}``, ``{path}``, ``{user}`` and ``{library}``.
    """

    text: str
    fix: str


_OFFERED = "Salve a conexão: em seguida o Integrador oferece instalá-las."
_LIBRARY = "Escolha outra no campo Biblioteca cliente, ou deixe-o vazio: o Integrador procura a do sistema."
_WHOLE_PATH = (
    "Confira o campo Banco: o caminho inteiro como o próprio servidor o vê, por exemplo D:\\S4\\DADOS.FDB, ou o "
    "apelido. O caminho de uma pasta da rede não serve."
)
_SUPPORT = "Na janela Registro, gere o pacote de suporte e envie-o ao suporte."
_NO_ALIAS = Said("O servidor {server} não conhece o apelido “{path}”, nem um arquivo com esse nome.", _WHOLE_PATH)
_NO_PASSWORD = Said(
    "Nenhuma senha foi digitada nem está guardada. Tentei a padrão do Firebird, e o servidor {server} não a aceitou "
    "para o usuário {user}.",
    "Digite no campo Senha a senha que esse usuário tem no Firebird.",
)
_FIXED_PASSWORD = Said(
    "O servidor {server} não aceitou o usuário {user} com a senha que vem de uma variável de ambiente.",
    "Confira o campo Usuário, ou peça a quem cuida deste computador que corrija essa variável, cujo nome começa com "
    "INTEGRATOR_SENHA.",
)
_FIXED = (
    "Isso não se muda nesta janela, porque a senha vem de uma variável de ambiente, cujo nome começa com "
    "INTEGRATOR_SENHA. Peça a quem cuida deste computador que a tire de lá."
)
#: Mended by a new password.
_OF_PASSWORD = frozenset({Fault.ADMINISTRATOR, Fault.OTHER_GRANTS, Fault.FACTORY_PASSWORD})

#: All of them: a new fault needs words here, too.
WORDS: Mapping[Fault, Said] = MappingProxyType(
    {
        Fault.LIBRARY_UNFIT: Said("", _LIBRARY),
        Fault.LIBRARY_MISSING: Said(
            "Este computador não tem uma biblioteca do Firebird que sirva.",
            "Instale nele o cliente do Firebird de 64 bits, ou escolha a biblioteca no campo Biblioteca cliente.",
        ),
        Fault.LIBRARY_BROKEN: Said("Não consegui carregar a biblioteca do Firebird{library}.", _LIBRARY),
        Fault.LIBRARY_UNSAFE: Said(
            "O serviço não usa a biblioteca{library}: nessa pasta não são só os administradores que gravam.",
            "Deixe o campo Biblioteca cliente vazio, porque o Integrador traz a sua.",
        ),
        Fault.HOST_UNKNOWN: Said(
            "A rede não conhece o servidor “{server}”.",
            "Confira o nome no campo Servidor, ou escreva nele o endereço IP do servidor.",
        ),
        Fault.PORT_CLOSED: Said(
            "O servidor {server} respondeu, mas não há Firebird na porta {port}.",
            "Confira o campo Porta, em geral 3050, e se o serviço do Firebird está iniciado no servidor.",
        ),
        Fault.NO_ROUTE: Said(
            "Não há caminho de rede até o servidor {server}.",
            "Confira o campo Servidor, o cabo, o Wi-Fi ou a VPN deste computador, e se os dois estão na mesma rede.",
        ),
        Fault.NO_ANSWER: Said(
            "O servidor {server} não respondeu na porta {port}: ele está desligado, ou um firewall bloqueia a porta.",
            "Confira os campos Servidor e Porta. Se estão certos, ligue o servidor, ou libere nele, no firewall do "
            "Windows, a entrada TCP da porta {port}.",
        ),
        Fault.LOST: Said(
            "Não consegui falar com o Firebird do servidor {server}, na porta {port}.",
            "Confira os campos Servidor e Porta, e se o servidor está ligado e na rede; então tente de novo.",
        ),
        Fault.NO_HANDSHAKE: Said(
            "O que atende no servidor {server}, porta {port}, não respondeu como um Firebird.",
            "Confira no campo Porta a porta do Firebird, em geral 3050. Se for essa mesma, reinicie o serviço do "
            "Firebird no servidor.",
        ),
        Fault.SILENT: Said(
            "O Firebird do servidor {server} não respondeu a tempo.",
            "Veja se o servidor está sobrecarregado, ou reinicie nele o serviço do Firebird, e tente de novo.",
        ),
        Fault.CANCELLED: Said(
            "O servidor {server} interrompeu a operação.",
            "Tente de novo; se continuar, veja com quem cuida do servidor quem a interrompeu.",
        ),
        Fault.CROWDED: Said(
            "O Firebird do servidor {server} chegou ao limite de conexões ou de memória.",
            "Feche programas que usam o banco, ou peça a quem cuida do servidor que aumente o limite.",
        ),
        Fault.TEMPORARY: Said(
            "O servidor {server} ficou sem espaço para arquivos temporários.",
            "Libere espaço no disco do servidor e tente de novo.",
        ),
        Fault.ENCRYPTION: Said(
            "O servidor {server} e este computador não combinam na criptografia da conexão ou no tipo de login.",
            "Escolha no campo Biblioteca cliente a da mesma versão do Firebird do servidor, ou peça a quem cuida dele "
            "que ajuste WireCrypt e AuthServer no firebird.conf.",
        ),
        Fault.INCOMPLETE: Said(
            "Falta um arquivo da instalação do Firebird neste computador ou no servidor {server}.",
            "Reinstale o Firebird onde faltar, ou escolha outra biblioteca no campo Biblioteca cliente.",
        ),
        Fault.LOGIN: Said(
            "O servidor {server} não aceitou o usuário {user} com esta senha.",
            "Confira o campo Usuário e digite no campo Senha a senha que ele tem no Firebird.",
        ),
        Fault.NO_FILE: Said("O servidor {server} não encontrou o banco {path}, ou não pode abri-lo.", _WHOLE_PATH),
        Fault.NO_ALIAS: Said("O servidor {server} não conhece o banco {path}.", _WHOLE_PATH),
        Fault.NETWORK_FOLDER: Said(
            "", "Escreva no campo Servidor o nome desse computador e, no campo Banco, o caminho do arquivo dentro dele."
        ),
        Fault.MAINTENANCE: Said("O banco {path} está em manutenção.", "Espere que seja liberado e tente de novo."),
        Fault.IN_USE: Said(
            "O banco {path}, ou uma tabela dele, está em uso exclusivo de outro programa.",
            "Espere que a restauração ou a atualização termine e tente de novo.",
        ),
        Fault.LOCKED: Said("Outra operação está usando o banco {path}.", "Tente de novo em instantes."),
        Fault.DISK: Said(
            "O servidor {server} não conseguiu gravar no banco: o disco dele está cheio ou com defeito.",
            "Libere espaço nesse disco e tente de novo.",
        ),
        Fault.DAMAGED: Said(
            "O arquivo {path} não é um banco do Firebird, ou está danificado.",
            "Confira o campo Banco. Se o arquivo é esse, quem cuida do servidor precisa repará-lo ou restaurá-lo de "
            "um backup.",
        ),
        Fault.READ_ONLY: Said(
            "O banco {path} está aberto só para leitura, e a fila não pode ser gravada.",
            "Peça ao suporte do ERP que o passe para leitura e gravação.",
        ),
        Fault.OTHER_VERSION: Said(
            "O banco {path} foi feito por outra versão do Firebird, que o servidor {server} não abre.",
            "Confira os campos Servidor e Porta: pode haver dois Firebird no mesmo computador.",
        ),
        Fault.FULL: Said(
            "O banco {path} chegou a um limite do Firebird e não aceita mais gravações.",
            "Quem cuida do servidor precisa fazer um backup e restaurá-lo.",
        ),
        Fault.GRANT: Said(
            "O usuário {user} não tem permissão para isso no banco {path}.",
            "Use o SYSDBA ou o dono do banco para instalar as tabelas; depois o Integrador oferece criar o usuário "
            "WAGATE, que só vê as próprias.",
        ),
        Fault.TABLES_ABSENT: Said("", _OFFERED),
        Fault.TABLES_PARTIAL: Said("", "Salve a conexão: em seguida o Integrador oferece completá-las."),
        Fault.TABLES_OLD: Said("", "Salve a conexão: em seguida o Integrador oferece atualizá-las."),
        Fault.TABLES_NEW: Said("", "Atualize o Integrador neste computador."),
        Fault.TABLES_BUSY: Said("", "Feche o ERP, ou espere o fim do fechamento, e instale de novo."),
        Fault.TABLES_CHANGED: Said(
            "Uma tabela ou coluna que o Integrador usa não existe no banco {path}, ou mudou.",
            "Salve a conexão e teste de novo; se o ERP foi atualizado, avise o suporte.",
        ),
        Fault.OWN_GRANTS: Said("", "Salve a conexão e complete as tabelas com o SYSDBA ou o dono do banco."),
        Fault.OTHER_GRANTS: Said(
            "",
            "Use o usuário WAGATE, que as recebe com as tabelas: salve a conexão com o SYSDBA, e o Integrador "
            "oferece criá-lo.",
        ),
        Fault.ADMINISTRATOR: Said(
            "",
            "Salve a conexão: em seguida o Integrador oferece criar o usuário WAGATE, que só vê as próprias tabelas.",
        ),
        Fault.FACTORY_PASSWORD: Said("", "Troque a senha no servidor e digite a nova aqui."),
        Fault.LATE: Said("", "Confira o campo Servidor, e se o servidor e a rede respondem, e tente de novo."),
        Fault.CHARSET: Said("O banco {path} recusou um texto que não cabe na codificação da coluna.", _SUPPORT),
        Fault.UNEXPECTED: Said("", _SUPPORT),
    }
)


def in_window(finding: Finding, request: Request) -> Finding:
    """A finding of the doctor as it is said in this window of what was typed."""
    if finding.fault is None or not finding.fix:
        return finding
    said = _said(finding.fault, request)
    names = _names(request)
    text = said.text.format_map(names) or finding.text
    return replace(finding, text=text, fix=said.fix.format_map(names))


def error_in_window(error: IntegratorError, request: Request) -> str:
    """What an error says in this window."""
    if error.fault is None:
        return error.message
    said, names = _said(error.fault, request), _names(request)
    return f"{said.text.format_map(names) or from_error(error).text} {said.fix.format_map(names)}"


def library_in_window(choice: ClientChoice) -> str:
    """Which library is used and why, or what is wrong with the one in the field."""
    match choice.fault:
        case None:
            return choice.why
        case Fault.LIBRARY_UNFIT:
            reason = "; ".join(objection for _, objection in choice.rejected)
            return f"Esta biblioteca não serve: {reason}. Escolha outra ou deixe o campo vazio."
        case _:
            said = WORDS[choice.fault]
            return f"{said.text} {said.fix}"


def _said(fault: Fault, request: Request) -> Said:
    if fault is Fault.LOGIN and request.source is Source.FACTORY:
        return _NO_PASSWORD
    if request.source is Source.ENVIRONMENT and fault is Fault.LOGIN:
        return _FIXED_PASSWORD
    if request.source is Source.ENVIRONMENT and fault in _OF_PASSWORD:
        return Said("", _FIXED)
    if fault in {Fault.NO_FILE, Fault.NO_ALIAS} and not any(sign in request.path for sign in "\\/:"):
        return _NO_ALIAS
    return WORDS[fault]


def _names(request: Request) -> dict[str, str]:
    return {
        "server": request.server,
        "port": str(request.port),
        "path": request.path,
        "user": request.user,
        "library": f" em {request.client}" if request.client else "",
    }
