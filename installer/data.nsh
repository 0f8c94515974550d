; The data folder, %ProgramData%\Integrador, and config.toml in it.

; Adds a sentence to what did not work but does not undo the installation.
!macro Reserve TEXT
  !insertmacro Log "" "${TEXT}"
  StrCpy $Reservations "$Reservations${LINE}- ${TEXT}"
!macroend

; Only on a first installation: later the folder has whoever was let in since. $R3 = a folder of somebody else's that is in
; use and cannot be renamed, or empty.
Function PrepareData
  StrCpy $R3 ""
  ${If} $Installed != ""
    Return
  ${EndIf}
  Call FindPerson
  ${If} $DataOwner != ""
  ${AndIf} $DataOwner != $Person
    Call ReplaceData
    ${If} $R3 != ""
      Return
    ${EndIf}
  ${EndIf}
  StrCpy $R2 "${DATA}"
  StrCpy $R1 ""
  ${If} $Person == ""
    !insertmacro Reserve "não sei quem usa este computador: só um administrador abre o Integrador. Para dar o acesso a alguém: \
icacls $\"${DATA}$\" /grant $\"DOMINIO\nome:(OI)(CI)M$\""
  ${Else}
    StrCpy $R1 '"$Person:(OI)(CI)M"'
  ${EndIf}
  Call Close
  !insertmacro Log "" "Pasta de dados só para o sistema, os administradores e: $Person."
  ${If} $0 != "0"
    !insertmacro Reserve "a pasta de dados ficou com as permissões comuns do Windows; $Person pode não existir (icacls: $0)."
  ${EndIf}
FunctionEnd

; Another user's folder is renamed, with all that is in it, and a new one made. $R3 = a folder that cannot be renamed.
Function ReplaceData
  StrCpy $R3 ""
  StrCpy $R7 "${DATA} (de outro usuário)"
  ${For} $R8 2 99
    ${IfNot} ${FileExists} "$R7"
      ${Break}
    ${EndIf}
    StrCpy $R7 "${DATA} (de outro usuário $R8)"
  ${Next}
  ClearErrors
  Rename "${DATA}" "$R7"
  ${If} ${Errors}
    StrCpy $R3 "${DATA}"
    Return
  ${EndIf}
  Call MakeData
  !insertmacro Reserve "${DATA} já existia e era de $DataOwner, que pode mudar o que está nela. Ela agora é $R7, e a nova começa vazia."
FunctionEnd

; A folder outside Program Files is everybody's to write to, and a service that starts a file from it would start anybody's.
Function ProtectProgram
  StrLen $0 "$PROGRAMFILES64\"
  StrCpy $1 "$INSTDIR" $0
  ${If} $1 == "$PROGRAMFILES64\"
  ${OrIf} $Installed != ""
    Return
  ${EndIf}
  CreateDirectory "$INSTDIR"
  StrCpy $R2 "$INSTDIR"
  StrCpy $R1 '"*S-1-5-32-545:(OI)(CI)RX"' ; users may read and run
  Call Close
  !insertmacro Log "" "Pasta do programa só para leitura: $0."
FunctionEnd

; Leaves folder $R2 to SYSTEM and the administrators, whatever their language, and to whom $R1 names. $0 = icacls' answer.
Function Close
  nsExec::Exec /TIMEOUT=60000 '"$SYSDIR\icacls.exe" "$R2" /setowner "*S-1-5-32-544"'
  Pop $0
  nsExec::Exec /TIMEOUT=60000 '"$SYSDIR\icacls.exe" "$R2" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" \
"*S-1-5-32-544:(OI)(CI)F" $R1'
  Pop $0
FunctionEnd

; Writes config.toml with what the switches gave, if there is none yet. What was configured once is never overwritten.
Function WriteConfiguration
  ${If} "$Server$Port$Database$DatabaseUser" == ""
    Return
  ${EndIf}
  ${If} ${FileExists} "${DATA}\config.toml"
    !insertmacro Log "" "config.toml já existe e não foi mudado: as opções do banco não foram usadas."
    Return
  ${EndIf}
  ; Values stand between single quotes, where TOML takes everything as it is: CheckText has refused quotes in them.
  StrCpy $0 "[banco]$\n"
  ${If} $Server != ""
    StrCpy $0 "$0servidor = '$Server'$\n"
  ${EndIf}
  ${If} $Port != ""
    StrCpy $0 "$0porta = $Port$\n"
  ${EndIf}
  ${If} $Database != ""
    StrCpy $0 "$0caminho = '$Database'$\n"
  ${EndIf}
  ${If} $DatabaseUser != ""
    StrCpy $0 "$0usuario = '$DatabaseUser'$\n"
  ${EndIf}
  CreateDirectory "${DATA}"
  ClearErrors
  FileOpen $1 "${DATA}\config.toml.novo" w
  ${IfNot} ${Errors}
    Call WriteUtf8
    FileClose $1
    Rename "${DATA}\config.toml.novo" "${DATA}\config.toml" ; whole or not at all
  ${EndIf}
  ${If} ${Errors}
    !insertmacro Reserve "a configuração não pôde ser gravada em ${DATA}; informe a conexão pela janela do programa."
  ${Else}
    !insertmacro Log "" "config.toml gravado."
  ${EndIf}
FunctionEnd
