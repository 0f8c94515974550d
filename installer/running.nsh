; The program while it runs: asked to end, waited for, opened again.

!define STOPPED_BY_US "ServicoParadoPelaTroca" ; a value of the uninstall key
; Answers of "service status"; integrator/cli/service.py has the same.
!define STATUS_NONE 10
!define STATUS_STOPPED 11

!macro RunningFunctions UN

; Makes the installed files free to be replaced. Pushes the name of one that stays in use, or nothing. A person may try
; as often as they like; nobody sees a silent installation, which tries once.
Function ${UN}FreeFiles
  ${Do}
    Call ${UN}AskToEnd
    Call ${UN}WaitForFiles
    ${If} $R3 == ""
      Push ""
      Return
    ${EndIf}
    !insertmacro Log "${UN}" "Em uso: $R3."
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${TEXT_RETRY}" /SD IDCANCEL IDRETRY +3
    Push "$R3"
    Return
  ${Loop}
FunctionEnd

; The program ends what it is doing with the message in hand, in all sessions, the service too, and answers 0.
Function ${UN}AskToEnd
  ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
!if "${UN}" == ""
  ${OrIf} $Installed == "" ; nobody knows whose program that is
!endif
    Return
  ${EndIf}
  DetailPrint "Encerrando o Integrador..."
  ${If} $WasService == 1
    ; Off, too, so that Windows does not start it again in the middle. It is asked first: a service that still waits for
    ; its configuration hears nobody else. Who switched it off is noted, for the case that we do not live to switch it on.
    WriteRegStr HKLM "${UNINSTALL_KEY}" "${STOPPED_BY_US}" "1"
    System::Call 'advapi32::RegFlushKey(p 0x80000002) i.r0' ; HKEY_LOCAL_MACHINE: on the disk, now
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service stop'
    Pop $0
    !insertmacro Log "${UN}" "Serviço parado: $0."
  ${EndIf}
  nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${PROGRAM}" --quit'
  Pop $0
  !insertmacro Log "${UN}" "Pedido para o programa encerrar: $0."
  ${If} $0 == "0"
    StrCpy $Ended 1
  ${EndIf}
FunctionEnd

; $R3 = the first installed program file that is in use, empty when none is; a process takes a moment to be gone.
Function ${UN}WaitForFiles
  ${For} $9 1 ${TRIES}
    StrCpy $R0 "$INSTDIR\${LIST_NAME}"
    GetFunctionAddress $R1 ${UN}ProbeFile
    Call ${UN}EachListed
    ${If} $R3 == ""
      Return
    ${EndIf}
    Sleep 250
  ${Next}
FunctionEnd

; A callback of EachListed. A program or library that is running cannot be opened for writing.
Function ${UN}ProbeFile
  StrCpy $0 "$R2" 4 -4
  ${If} $0 != ".exe"
  ${AndIf} $0 != ".dll"
  ${AndIf} $0 != ".pyd"
    Return
  ${EndIf}
  ${If} $R2 == "${UNINSTALLER}" ; it may be the one that is running right now
  ${OrIfNot} ${FileExists} "$INSTDIR\$R2"
    Return
  ${EndIf}
  ClearErrors
  FileOpen $0 "$INSTDIR\$R2" a
  ${If} ${Errors}
    StrCpy $R3 "$R2"
    ClearErrors
    Return
  ${EndIf}
  FileClose $0
FunctionEnd

; $WasService = 1, 0, "stopped" when it is installed but somebody switched it off, or "unknown" when the program cannot say
; so and Windows has the task. An update that broke off is nobody: its note counts, even where the program that could be
; asked is missing.
Function ${UN}AskService
  StrCpy $WasService 0
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "${STOPPED_BY_US}"
  ${If} $0 == "1"
    StrCpy $WasService 1
    Return
  ${EndIf}
  Call ${UN}AskProgram
  ${If} $0 == "0"
    StrCpy $WasService 1
  ${ElseIf} $0 == "${STATUS_STOPPED}"
    StrCpy $WasService "stopped"
  ${ElseIf} $0 != "${STATUS_NONE}"
  ${AndIf} ${FileExists} "$SYSDIR\Tasks\${NAME}" ; where Windows keeps it
    StrCpy $WasService "unknown"
    !insertmacro Log "${UN}" "O programa não soube dizer do serviço ($0), e o Windows tem a tarefa."
  ${EndIf}
FunctionEnd

; $0 = what the installed program says of the service: 0 when it is on, ${STATUS_NONE}, ${STATUS_STOPPED}; whatever else
; there is, from "error" and "timeout" to the code of a crash, is no answer.
Function ${UN}AskProgram
  StrCpy $0 "error"
  ${If} ${FileExists} "$INSTDIR\${CONSOLE}"
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service status'
    Pop $0
  ${EndIf}
FunctionEnd

Function ${UN}StartService
  ${If} $WasService == 1
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service start'
    Pop $0
    !insertmacro Log "${UN}" "Serviço iniciado de novo: $0."
    ${If} $0 == "0"
      DeleteRegValue HKLM "${UNINSTALL_KEY}" "${STOPPED_BY_US}"
    ${EndIf}
  ${EndIf}
FunctionEnd

!macroend
!insertmacro RunningFunctions ""
!insertmacro RunningFunctions "un."

; Whether the program's window or tray was there before we asked it to end.
Function TakeStock
  StrCpy $R2 "${PROGRAM}"
  StrCpy $R3 ""
  Call ProbeFile
  ${If} $R3 != ""
    StrCpy $WasRunning 1
  ${EndIf}
FunctionEnd

; An installation that gives up leaves working what it stopped.
Function StartAgain
  Call StartService
  ${If} $WasRunning == 1
  ${AndIf} $Ended == 1
    Call OpenProgram
  ${EndIf}
FunctionEnd
