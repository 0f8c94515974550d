; The command line: /SERVIDOR= /BANCO= /PORTA= and the others of docs/instalar.md. What is not known is refused, because a
; mistyped switch would leave a shop without its server and nobody would know. There is none for the password: anybody can
; read the command lines of a machine, and deployment tools keep them.

!macro WrongSwitch WHY
  StrCpy $R9 "${WHY}"
  Call RefuseSwitch
!macroend

Function RefuseSwitch
  !insertmacro Refuse "" ${EXIT_SWITCH} "Opção não aceita: $R0. $R9${LINE}${LINE}Nada foi instalado."
FunctionEnd

; Both /BANCO="C:\Meus Dados\X.FDB" and "/BANCO=C:\Meus Dados\X.FDB" are understood, as Windows itself splits them. NSIS
; has already taken /D= and what follows it away.
Function ReadSwitches
  StrCpy $WantOpen 1
  StrLen $0 "$CMDLINE"
  IntOp $1 ${NSIS_MAX_STRLEN} - 1
  ${If} $0 >= $1 ; NSIS has cut it off there, in the middle of a value maybe
    StrCpy $R0 "..."
    !insertmacro WrongSwitch "A linha de comando é comprida demais."
  ${EndIf}
  StrCpy $0 "$CMDLINE"
  System::Call 'shell32::CommandLineToArgvW(w r0, *i .r1) p.r2'
  StrCpy $3 1 ; the first one is the installer's own path
  ${While} $3 < $1
    IntOp $4 $3 * ${NSIS_PTR_SIZE}
    IntPtrOp $4 $2 + $4
    System::Call '*$4(w .R0)'
    Call ReadSwitch
    IntOp $3 $3 + 1
  ${EndWhile}
  System::Call 'kernel32::LocalFree(p r2)'
  Call ReadFolder
FunctionEnd

; NSIS itself reads /D=, and takes its default in silence for what it does not like: a network that is away, for one.
Function ReadFolder
  System::Call 'kernel32::GetCommandLineW() p.r0'
  System::Call 'shlwapi::StrStrW(p r0, w " /D=") p.r1'
  ${If} $1 P= 0
    Return
  ${EndIf}
  System::Call 'kernel32::lstrcpynW(w .R0, p r1, i ${NSIS_MAX_STRLEN})'
  StrCpy $R0 "$R0" "" 1
  StrLen $1 "$INSTDIR"
  StrCpy $2 "$R0" $1 3
  ${If} $2 != $INSTDIR
    !insertmacro WrongSwitch "Informe uma pasta de um disco deste computador, sem aspas, como /D=C:\Programas da Loja\Integrador."
  ${EndIf}
FunctionEnd

; $R0 = one argument. Splits it in $R1, before the first "=", and $R2, after it.
Function ReadSwitch
  StrCpy $R1 "$R0"
  StrCpy $R2 ""
  StrLen $R4 "$R0"
  ${For} $R3 0 $R4
    StrCpy $R5 "$R0" 1 $R3
    ${If} $R5 == "="
      StrCpy $R1 "$R0" $R3
      IntOp $R3 $R3 + 1
      StrCpy $R2 "$R0" "" $R3
      ${Break}
    ${EndIf}
  ${Next}
  ${Switch} $R1
    ${Case} "/S"
      SetSilent silent ; NSIS itself takes no small letter
      ${Break}
    ${Case} "/NCRC"
      ${Break}
    ${Case} "/SERVIDOR"
      Call CheckText
      StrCpy $Server $R2
      ${Break}
    ${Case} "/BANCO"
      Call CheckText
      StrCpy $Database $R2
      ${Break}
    ${Case} "/USUARIO_BANCO"
      Call CheckText
      StrCpy $DatabaseUser $R2
      ${Break}
    ${Case} "/USUARIO"
      Call CheckText
      StrCpy $Person $R2
      ${Break}
    ${Case} "/PORTA"
      Call CheckPort
      StrCpy $Port $R2
      ${Break}
    ${Case} "/SERVICO"
      Call CheckFlag
      StrCpy $WantService $R2
      ${Break}
    ${Case} "/AUTOSTART"
      Call CheckFlag
      StrCpy $WantAutostart $R2
      ${Break}
    ${Case} "/VERSAOANTERIOR"
      Call CheckFlag
      StrCpy $AllowOlder $R2
      ${Break}
    ${Case} "/SEMABRIR"
      StrCpy $WantOpen 0
      ${Break}
    ${Default}
      ${If} $R1 == "/SENHA"
        StrCpy $R0 "/SENHA" ; what was typed after it is not to be written anywhere
        !insertmacro WrongSwitch "A senha não vai na linha de comando, que outros podem ler. Depois de instalar, informe-a na \
janela da conexão ou com integrator-cli senha."
      ${EndIf}
      !insertmacro WrongSwitch "Ela não existe. As que existem estão em docs/instalar.md."
  ${EndSwitch}
FunctionEnd

; The value must fit between TOML's single quotes as it is: no quotes, no control characters, and not be empty.
Function CheckText
  ${If} $R2 == ""
    !insertmacro WrongSwitch "Falta o valor depois do sinal de igual."
  ${EndIf}
  StrLen $R4 "$R2"
  IntOp $R4 $R4 - 1
  ${For} $R3 0 $R4
    StrCpy $R5 "$R2" 1 $R3
    System::Call '*(&w1 R5) p.R6'
    System::Call '*$R6(&i2 .R7)'
    System::Free $R6
    IntOp $R7 $R7 & 0xFFFF
    ${If} $R7 < 32
    ${OrIf} $R7 = 34
    ${OrIf} $R7 = 39
    ${OrIf} $R7 = 127
      !insertmacro WrongSwitch "O valor não pode ter aspas nem caracteres de controle."
    ${EndIf}
  ${Next}
FunctionEnd

Function CheckPort
  StrLen $R4 "$R2"
  IntOp $R5 $R2 + 0
  ${If} $R5 < 1
  ${OrIf} $R5 > 65535
  ${OrIf} $R5 != $R2 ; letters after the digits
  ${OrIf} $R4 > 5
    !insertmacro WrongSwitch "A porta é um número de 1 a 65535; a do Firebird costuma ser 3050."
  ${EndIf}
FunctionEnd

Function CheckFlag
  ${If} $R2 != "0"
  ${AndIf} $R2 != "1"
    !insertmacro WrongSwitch "O valor é 1 (sim) ou 0 (não)."
  ${EndIf}
FunctionEnd
