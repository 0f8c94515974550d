; What Windows knows of the program: uninstall entry, Start menu, start with Windows, and the service.

; What is asked by neither switch nor page: as it is, and on a first installation as it suits this Windows.
Function DefaultChoices
  StrCpy $WasService 0
  ${If} $Installed != "" ; else nobody knows whose programs lie in that folder: they are not started
    Call AskService
  ${EndIf}
  StrCpy $0 1
  StrCpy $1 0
  ${If} $Installed != ""
    ${If} $WasService != 0
      StrCpy $1 1
    ${EndIf}
    ReadRegStr $2 HKLM "${RUN_KEY}" "${NAME}"
    ${If} $2 == ""
      StrCpy $0 0
    ${EndIf}
  ${ElseIf} ${IsServerOS}
    StrCpy $1 1
  ${EndIf}
  ${If} $WantAutostart == ""
    StrCpy $WantAutostart $0
  ${EndIf}
  ${If} $WantService == ""
    StrCpy $WantService $1
  ${EndIf}
FunctionEnd

Function Register
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoRepair" 1
  ${If} $WantAutostart == 1
    WriteRegStr HKLM "${RUN_KEY}" "${NAME}" '"$INSTDIR\${PROGRAM}" --autostart'
  ${Else}
    DeleteRegValue HKLM "${RUN_KEY}" "${NAME}"
  ${EndIf}
  SetOutPath "$INSTDIR" ; where shortcuts start
  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\${PROGRAM}" "" "" "" SW_SHOWNORMAL "" "Mensagens do seu ERP por WhatsApp"
  CreateShortcut "$SMPROGRAMS\${NAME}\Desinstalar.lnk" "$INSTDIR\${UNINSTALLER}"
  SetOutPath "$TEMP"
FunctionEnd

; An update installs the service anew, because what it starts may have changed. One that somebody stopped stays stopped:
; where the old program could not say whether somebody did, the new one can. If it cannot either, the service is installed.
Function ArrangeService
  ${If} $WantService == 1
    ${If} $WasService == "unknown"
      Call AskProgram
      ${If} $0 == "${STATUS_STOPPED}"
        StrCpy $WasService "stopped"
      ${EndIf}
    ${EndIf}
    ${If} $WasService == "stopped"
      !insertmacro Log "" "O serviço estava parado e continua parado."
      Return
    ${EndIf}
    DetailPrint "Instalando o serviço..."
    Call FindPerson
    StrCpy $1 ""
    ${If} $Person != ""
      StrCpy $1 ' --usuario "$Person"'
    ${EndIf}
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service install$1'
    Pop $0
    !insertmacro Log "" "Serviço instalado: $0."
    ${If} $0 == "0"
      DeleteRegValue HKLM "${UNINSTALL_KEY}" "${STOPPED_BY_US}"
    ${Else}
      !insertmacro Reserve "o serviço não pôde ser instalado ou iniciado. Abra o Prompt de Comando como administrador e rode: \
$\"$INSTDIR\${CONSOLE}$\" service install"
    ${EndIf}
  ${ElseIf} $WasService != 0
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service remove'
    Pop $0
    !insertmacro Log "" "Serviço removido: $0."
    DeleteRegValue HKLM "${UNINSTALL_KEY}" "${STOPPED_BY_US}"
    ${If} $0 != "0"
      !insertmacro Reserve "o serviço não pôde ser removido. Abra o Prompt de Comando como administrador e rode: \
$\"$INSTDIR\${CONSOLE}$\" service remove"
    ${EndIf}
  ${EndIf}
FunctionEnd
