"""What a fault of the database says at the command line, in the panel and in the log: what happened and what to do.

The window of the connection has words of its own (``desktop/connection/wording.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from integrator.domain.fault import Fault

#: By fault; the first sentence is what happened.
MESSAGES: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.LOST: (
            "Não consegui falar com o servidor do banco de dados. Confira se ele está ligado e se a rede responde; o "
            "integrador tenta de novo sozinho."
        ),
        Fault.NO_HANDSHAKE: (
            "O servidor do banco de dados atende na porta, mas não respondeu como um Firebird. Nada se perde: o "
            "integrador tenta de novo sozinho. Se continuar, reinicie o serviço do Firebird; em uma instalação nova, "
            "confira [banco] porta na configuração."
        ),
        Fault.SILENT: (
            "O servidor do banco de dados parou de responder, e a conexão foi desfeita. Nada se perde: o integrador "
            "tenta de novo sozinho. Se continuar, veja se o servidor está sobrecarregado ou reinicie o serviço do "
            "Firebird."
        ),
        Fault.CANCELLED: (
            "O servidor do banco de dados interrompeu a operação. O integrador tenta de novo sozinho; se continuar, "
            "veja com quem cuida do servidor quem a interrompeu."
        ),
        Fault.MAINTENANCE: "O banco de dados está em manutenção. O integrador volta sozinho quando ele for liberado.",
        Fault.LOCKED: "Outra operação está usando este registro. Tente de novo em instantes.",
        Fault.IN_USE: (
            "O banco de dados, ou uma tabela dele, está em uso exclusivo de outro programa, como uma restauração ou "
            "uma atualização. O integrador tenta de novo sozinho."
        ),
        Fault.LOGIN: (
            "O banco de dados não aceitou o usuário ou a senha. Confira [banco] usuario na configuração e guarde a "
            "senha certa com: integrator senha"
        ),
        Fault.NO_FILE: (
            "Não encontrei o arquivo do banco de dados no servidor, ou o servidor não pode abri-lo. Confira [banco] "
            "caminho na configuração."
        ),
        Fault.NO_ALIAS: (
            "O servidor não conhece este nome de banco. Confira [banco] caminho na configuração: o arquivo ou o "
            "apelido."
        ),
        Fault.DISK: (
            "O servidor não conseguiu gravar no banco de dados: o disco do servidor está cheio ou com defeito. Nada se "
            "perdeu; libere espaço nesse disco, e o integrador continua sozinho."
        ),
        Fault.TEMPORARY: (
            "O servidor do banco ficou sem espaço para arquivos temporários. Libere espaço no disco do servidor; o "
            "integrador tenta de novo sozinho."
        ),
        Fault.GRANT: (
            "O usuário do banco não tem permissão para as tabelas do integrador. Instale as tabelas com o SYSDBA ou "
            "conceda as permissões do contrato."
        ),
        Fault.DAMAGED: (
            "O arquivo do banco de dados está danificado ou não é um banco do Firebird. Chame quem cuida do servidor: "
            "ele precisa ser reparado ou restaurado de um backup."
        ),
        Fault.READ_ONLY: (
            "O banco de dados está em modo somente leitura, e o integrador precisa gravar nele. Peça a quem cuida do "
            "servidor que o passe para leitura e gravação."
        ),
        Fault.OTHER_VERSION: (
            "Este arquivo foi feito por outra versão do Firebird, que o servidor não abre. Confira [banco] servidor e "
            "porta: pode haver dois Firebird no mesmo computador."
        ),
        Fault.ENCRYPTION: (
            "O servidor e este computador não combinam na criptografia da conexão (WireCrypt) ou no tipo de login "
            "(AuthServer). Use a biblioteca fbclient da versão do servidor ou ajuste o firebird.conf dele."
        ),
        Fault.CROWDED: (
            "O servidor do banco chegou ao limite de conexões ou de memória. O integrador tenta de novo sozinho; se "
            "continuar, feche programas que usam o banco ou aumente o limite."
        ),
        Fault.INCOMPLETE: (
            "A instalação do Firebird neste computador ou no servidor está incompleta: falta um arquivo dela. "
            "Reinstale a biblioteca fbclient ou o servidor."
        ),
        Fault.FULL: (
            "O banco de dados chegou a um limite do Firebird e não aceita mais gravações. Quem cuida do servidor "
            "precisa fazer um backup e restaurá-lo."
        ),
        Fault.CHARSET: (
            "O banco de dados recusou um texto que não cabe na codificação da coluna. Veja o registro e chame o "
            "suporte."
        ),
        Fault.UNEXPECTED: "O banco de dados respondeu com um erro inesperado. Veja o registro e chame o suporte.",
        Fault.TABLES_CHANGED: (
            "Uma tabela ou coluna que o integrador usa não existe neste banco, ou mudou. Se o ERP foi atualizado, "
            "confira as tabelas com: integrator schema check"
        ),
    }
)
