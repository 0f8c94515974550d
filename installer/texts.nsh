; What people read, and the exit codes that say the same to scripts (docs/instalar.md has the table).

!define EXIT_OK 0
!define EXIT_WINDOWS 3
!define EXIT_ADMINISTRATOR 4
!define EXIT_ANOTHER 5
!define EXIT_SWITCH 6
!define EXIT_IN_USE 7
!define EXIT_SPACE 8
!define EXIT_FILES 9
!define EXIT_OLDER 10
!define EXIT_RESERVATIONS 11

!define LINE "$\r$\n"

!define TEXT_WINDOWS "O Integrador precisa do Windows 10 ou do Windows Server 2016, de 64 bits, ou de versões mais novas. \
Este Windows é mais antigo.${LINE}${LINE}Instale em outro computador da loja: o Integrador não precisa estar no servidor do banco."
!define TEXT_ADMINISTRATOR "A instalação precisa de um administrador deste computador.${LINE}${LINE}\
Clique no instalador com o botão direito e escolha Executar como administrador."
!define TEXT_ANOTHER "Outra instalação ou desinstalação do Integrador está em andamento neste computador.${LINE}${LINE}\
Termine a outra e tente de novo."
!define TEXT_DATA_LINK "A pasta de dados, ${DATA}, é um atalho para outra pasta, e quem o criou pode não ser um administrador.\
${LINE}${LINE}Apague o atalho (o que está na outra pasta fica) e tente de novo. Nada foi instalado."
!define TEXT_DATA_IN_USE "A pasta de dados, ${DATA}, é de $DataOwner e está em uso.${LINE}${LINE}\
Feche os programas dessa pessoa e tente de novo; se é ela quem usa o Integrador, informe /USUARIO=$DataOwner. Nada foi instalado."
!define TEXT_NOT_OURS "A pasta $INSTDIR já tem arquivos, e eles não são do Integrador.${LINE}${LINE}Escolha uma pasta nova ou vazia."
!define TEXT_ROOT "O Integrador precisa de uma pasta própria: não pode ser instalado na raiz do disco.${LINE}${LINE}\
Escolha uma pasta, como C:\Program Files\Integrador."
!define TEXT_DISK "O Integrador precisa ficar em um disco deste computador: uma pasta da rede ou um disco removível pode faltar quando o \
Windows inicia.${LINE}${LINE}Escolha uma pasta, como C:\Program Files\Integrador."
!define TEXT_LONG "O caminho desta pasta é comprido demais para os arquivos do Integrador.${LINE}${LINE}Escolha uma pasta de nome mais curto."
!define TEXT_IN_USE "O Integrador ainda está em uso e não foi possível encerrá-lo.${LINE}${LINE}\
Feche-o em todas as sessões deste computador (ícone ao lado do relógio, Sair) e tente de novo. Nada foi mudado."
!define TEXT_IN_USE_PHONES "O Integrador ainda está em uso e não foi possível encerrá-lo.${LINE}${LINE}\
Feche-o em todas as sessões deste computador (ícone ao lado do relógio, Sair) e tente de novo. Os celulares já foram \
desconectados; o programa e os dados continuam como estavam."
!define TEXT_ASTRAY "Não foi possível trocar os arquivos do Integrador, e $Astray não voltou ao lugar: outro programa está usando esse \
arquivo.${LINE}${LINE}Reinicie o computador e rode este instalador de novo: ele termina a troca. Até lá o Integrador não envia."
!define TEXT_NOT_REPLACED "Não foi possível trocar os arquivos do Integrador: outro programa está usando um deles.${LINE}${LINE}\
A versão que estava instalada continua no lugar. Feche os outros programas, reinicie o computador se preciso, e tente de novo."
!define TEXT_RESERVATIONS "O Integrador foi instalado, mas:"
!define TEXT_NO_LIST "Não encontrei a lista dos arquivos instalados em $INSTDIR.${LINE}${LINE}\
Instale esta versão de novo por cima e depois desinstale."

!define TEXT_WELCOME_TITLE "Integrador ${VERSION}"
!define TEXT_WELCOME_NEW "O Integrador envia por WhatsApp as mensagens que o seu ERP deixa na fila: avisos de débito, boletos e documentos.${LINE}${LINE}\
A instalação leva um minuto. Depois, informe a conexão com o banco do ERP e conecte o celular da loja.${LINE}${LINE}Clique em Próximo para continuar."
!define TEXT_WELCOME_OVER "A versão $Installed está instalada neste computador e será trocada por esta.${LINE}${LINE}\
A configuração, o histórico e o celular conectado continuam como estão. O Integrador é encerrado durante a troca e volta a enviar depois dela.\
${LINE}${LINE}Clique em Próximo para continuar."
!define TEXT_FINISH_TITLE "Pronto"
!define TEXT_FINISH "O Integrador está instalado. O ícone dele fica ao lado do relógio; se não aparecer, clique na \
setinha que há ali."
!define TEXT_FINISH_FIRST "Na primeira vez, ele pede a conexão com o banco do ERP."
!define TEXT_OPTIONS_TITLE "Opções"
!define TEXT_OPTIONS_SUBTITLE "Na dúvida, deixe como está e clique em Instalar."
!define TEXT_ERASE "&Apagar também os dados"
!define TEXT_RETRY "O Integrador ainda está em uso.${LINE}${LINE}\
Feche-o em todas as sessões deste computador (ícone ao lado do relógio, Sair) e clique em Repetir. Cancelar deixa tudo como estava."
